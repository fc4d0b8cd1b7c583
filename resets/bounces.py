"""Letters that did not reach somebody: refused at once by the mail server, or told of later by a bounce."""

import re
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from typing import NamedTuple

from django.db import transaction

from districts import notices
from resets import history, letter_mail
from resets.models import Delivery, Letter, LetterStep, Reset

BY = "the mail server"
_NUMBER = re.compile(r"<letter-([0-9]{1,18})@[^<>\s]+>")


class NotABounce(ValueError):
    """No delivery report (RFC 3464), or one of a message that is none of our letters."""


class Bounce(NamedTuple):
    """What a report says of a letter: that it failed for good, or only that it is late."""

    message_id: str
    failed: bool
    why: str


@transaction.atomic
def note(*, delivery: Delivery, why: str, at: datetime) -> bool:
    """Notes that a letter did not reach somebody, once; answers whether that was new."""
    mine = Delivery.objects.filter(pk=delivery.pk, bounced_at=None)
    if not mine.update(bounced_at=at, bounced_by=BY, bounced_why=why[:200]):
        return False
    letter = delivery.letter
    if tells_of_the_pause(letter) and letter.for_date:
        notices.not_told(letter.district, letter.for_date, address=delivery.address, at=at)
    reset = Reset.objects.filter(season=letter.season, district=letter.district).select_related("district").first()
    if reset:
        history.record("letter_bounced", reset=reset, by=BY, at=at, subject=letter.subject, to=delivery.name)
    return True


def tells_of_the_pause(letter: Letter) -> bool:
    """Whether a letter says what the portal's notice of the day before says."""
    step = letter.step
    return step is not None and (step.waits_for, step.days) == (LetterStep.WaitsFor.RESET, -1)


def take(raw: bytes, *, at: datetime) -> Delivery | None:
    """Notes what a delivery report says; None for one that says nothing final. Raises NotABounce."""
    bounce = read(raw)
    number = _NUMBER.fullmatch(bounce.message_id)
    rows = Delivery.objects.select_related("letter__district", "letter__season")
    delivery = rows.filter(pk=int(number[1])).first() if number else None
    if delivery is None or letter_mail.message_id(delivery) != bounce.message_id:
        raise NotABounce("The report is about a message that is none of our letters.")
    if not bounce.failed:
        return None
    note(delivery=delivery, why=bounce.why, at=at)
    return delivery


def read(raw: bytes) -> Bounce:
    """A delivery report. Raises NotABounce, for whatever cannot be parsed too: anybody may send one."""
    try:
        return _read(raw)
    except NotABounce:
        raise
    except (LookupError, ValueError, TypeError, AttributeError, NameError, RecursionError) as error:
        raise NotABounce(f"This report cannot be read ({type(error).__name__}).") from None


def _read(raw: bytes) -> Bounce:
    message = message_from_bytes(raw)  # its headers as they stand: Python's newer policy breaks on odd ones
    report = _part(message, "message/delivery-status")
    if message.get_content_type() != "multipart/report" or report is None:
        raise NotABounce("This is no delivery report: its type is not multipart/report.")
    recipients = [block for block in _blocks(report) if block.get("Action")]
    failed = next((block for block in recipients if _word(block, "Action").lower() == "failed"), None)
    return Bounce(_message_id(message), failed is not None, _why(failed) if failed else "")


def _blocks(report: Message) -> list[Message]:
    parts = report.get_payload()
    return [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []


def _message_id(message: Message) -> str:
    """Of the message that came back: whole, or its headers alone."""
    whole = _part(message, "message/rfc822")
    if whole is not None and (inner := _blocks(whole)):
        return _word(inner[0], "Message-ID")
    headers = _part(message, "text/rfc822-headers")
    text = headers.get_payload(decode=True) if headers is not None else b""
    return _word(message_from_bytes(text if isinstance(text, bytes) else b""), "Message-ID")


def _part(message: Message, kind: str) -> Message | None:
    return next((part for part in message.walk() if part.get_content_type() == kind), None)


def _why(block: Message) -> str:
    """The other server's own words where it gave some, such as `550 5.1.1 no such user`."""
    words = _word(block, "Diagnostic-Code").partition(";")[2] or f"Status {_word(block, 'Status')}"
    return letter_mail.one_line(words)


def _word(message: Message, name: str) -> str:
    return letter_mail.one_line(str(message.get(name, "")))
