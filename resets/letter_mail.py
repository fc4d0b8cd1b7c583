"""One letter to one person as mail: in the CSM's name, text and HTML, one thread a district."""

import smtplib
import traceback
from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from resets import replies
from resets.models import Delivery, Letter


class NotTaken(Exception):
    """The mail server has not got it, so that it can be sent again."""


class NoServer(NotTaken):
    """It does not answer at all; the message is the kind of the error."""


class Later(NotTaken):
    """It does not take this mail now."""


class Refused(Exception):
    """It will never take this mail; the message says why."""


class Unsure(Exception):
    """The connection ended while the text was sent: it may have taken the mail, or not."""


def send(delivery: Delivery, letter: Letter) -> None:
    """Hands one mail to the mail server. Raises NoServer, Later, Refused, Unsure."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:
        raise NoServer(type(error).__name__) from None
    try:
        made = mail(delivery, letter)
        made.connection = connection
        made.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise _of(*next(iter(error.recipients.values()), (550, b""))) from None
    except smtplib.SMTPSenderRefused:  # nothing is wrong with this letter
        raise Later from None
    except smtplib.SMTPResponseException as error:
        raise _of(error.smtp_code, error.smtp_error) from None
    except (smtplib.SMTPNotSupportedError, ValueError):
        raise Refused(_("The address cannot be written as mail.")) from None
    except OSError as error:  # SMTPException and a time-out included; what the server said last is not known
        raise (Unsure() if _had_begun(error) else NoServer(type(error).__name__)) from None
    finally:
        connection.close()


def _had_begun(error: OSError) -> bool:
    """Whether the text was on its way, in smtplib's `data`: what ended before has certainly not arrived."""
    return any(frame.name == "data" for frame in traceback.extract_tb(error.__traceback__))


def _of(code: int, words: bytes | str) -> Exception:
    """An answer of the mail server: 4 and two digits is not now, 5 is never."""
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return Later() if 400 <= code < 500 else Refused(one_line(f"Refused: {code} {said}"))


def mail(delivery: Delivery, letter: Letter) -> EmailMultiAlternatives:
    """What is sent. `letter` has its fields filled in, and its district with its CSM."""
    csm, writer = letter.district.csm, writer_of(letter)
    context = {
        "letter": letter,
        "district": letter.district,
        "name": delivery.name,
        "paragraphs": letter.body.replace("\r\n", "\n").split("\n\n"),
        "csm": writer,
        "reply_link": replies.link(delivery) if letter.asks else "",
    }
    made = EmailMultiAlternatives(
        subject=letter.subject,
        body=render_to_string("emails/letter.txt", context),
        from_email=formataddr((sender(letter), parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        reply_to=[formataddr((one_line(str(one)), one.email)) for one in dict.fromkeys((writer, csm)) if one],
        to=[formataddr((one_line(delivery.name), delivery.address))],
        headers=_headers(delivery, letter),
    )
    made.attach_alternative(render_to_string("emails/letter.html", context), "text/html")
    return made


def _headers(delivery: Delivery, letter: Letter) -> dict[str, str]:
    """The thread begins with a message that nobody got: districts' notices name the same one."""
    thread = f"<district-{letter.district_id}@{_host()}>"
    return {"Message-ID": message_id(delivery), "References": thread, "In-Reply-To": thread}


def message_id(delivery: Delivery) -> str:
    """What a bounce names."""
    return f"<letter-{delivery.pk}@{_host()}>"


def _host() -> str:
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def writer_of(letter: Letter) -> Any:
    """Who signs a letter: a lead who wrote it by hand, while she signs in; else the CSM of the district by now."""
    writer = letter.writer
    return writer if writer and writer.role == "csm_lead" and writer.is_active else letter.district.csm


def sender(letter: Letter) -> str:
    """In whose name a letter goes."""
    return one_line(str(writer_of(letter) or _("Reset Portal")))


def one_line(words: str) -> str:
    """Words as a header takes them: a line break in one is refused by every mail program."""
    return " ".join(words.split())
