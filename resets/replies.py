"""Answers by the link of a letter, without signing in: signed, for one letter to one person, and they expire."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from resetportal import clock
from resets import history, letters, permitted, services
from resets.models import Answer, Delivery, Question, Reset
from resets.policy import spoken
from resets.services import NotPossible

SALT = "resets.replies"
LASTS = timedelta(days=60)
MOST_OPEN = 10
"""Questions of a district that may wait at once: whoever holds a link does not fill its history."""
MOST_A_DAY = 5
"""Questions by one link within a day: answered ones make room for others, so a loop would go on for ever."""
DAY = timedelta(days=1)
ANSWERS = UUID("5f1d6a52-2b8e-4f7c-9a43-6a1f3c0d9e11")
"""The family of tokens of letters that answer: each is written once."""


class Invalid(Exception):
    """No link of ours, or one that was changed."""


class Expired(Exception):
    """A link of ours that answers nothing any more; the message says why."""


@dataclass(frozen=True)
class ByLink:
    """Somebody who answers by a link: the name that they gave, and to whom the letter went."""

    name: str
    sent_to: str
    role: str = "district_admin"

    def __str__(self) -> str:
        """As it stands in the history and on the CSM's list: never as if somebody had signed in."""
        whose = (
            _("by a letter’s link")
            if self.name == self.sent_to
            else _("by the link sent to {sent_to}").format(sent_to=self.sent_to)
        )
        return f"{self.name[:80]} ({whose[:115]})"


def link(delivery: Delivery) -> str:
    """The address by which one person answers one letter."""
    return f"{settings.BASE_URL}/r/{signing.dumps(delivery.pk, salt=SALT)}/"


def read(token: str, *, at: datetime) -> Delivery:
    """The letter that a link belongs to, with its district and season. Raises Invalid, Expired."""
    try:
        number = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Invalid from None
    rows = Delivery.objects.select_related(
        "person", "letter__district__gate", "letter__district__csm", "letter__season"
    )
    delivery = rows.filter(pk=number).first()
    if delivery is None or delivery.sent_at is None:
        raise Invalid
    if delivery.sent_at + LASTS < at:
        raise Expired(_("This link is older than 60 days. Write to your CSM, or sign in."))
    if why := _why_not_theirs(delivery):
        raise Expired(why)
    return delivery


def _why_not_theirs(delivery: Delivery) -> str:
    """Why whoever got a letter does not answer for the district any more; nothing for an admin or a contact of it.

    A contact that wants no more letters is still one; what went to an address that was wrong is nobody's.
    """
    district, person = delivery.letter.district, delivery.person
    if person is not None:
        is_theirs = person.is_active and person.district_id == district.pk
        return "" if is_theirs else _("Whoever this letter was sent to does not look after the district any more.")
    at_address = {"email__iexact": delivery.address}
    if district.contacts.filter(**at_address).exists() or district.admins.filter(**at_address, is_active=True).exists():
        return ""
    return _(
        "The district has nobody at the address to which this letter went any more. Your CSM can write to you again."
    )


def reset_of(delivery: Delivery) -> Reset:
    """The reset that a letter is about. Raises Expired once it has begun, or where there is none."""
    letter = delivery.letter
    rows = Reset.objects.select_related("season", "district__gate", "district__csm")
    reset = rows.filter(season=letter.season, district=letter.district).first()
    if reset is None:
        raise Expired(_("Your district has no reset date this season. Your CSM will write to you."))
    if not can_be_given(reset):
        raise Expired(_("The reset has begun or is over, so its date cannot be answered any more."))
    return reset


def can_be_given(reset: Reset | None) -> bool:
    """Whether a district has a date that it can still answer: no letter carries a link that answers nothing."""
    return reset is not None and reset.is_editable


def keep(*, delivery: Delivery, day: date, by: ByLink, at: datetime) -> Reset:
    """Keeps the default day, which is the one that was read. Raises Refused, NotPossible, Stale, Expired."""
    return services.keep_default(reset=reset_of(delivery), by=by, at=at, day=day)


@transaction.atomic
def ask_question(
    *, reset: Reset, text: str, by: Any, at: datetime, delivery: Delivery | None = None, token: UUID | None = None
) -> Question:
    """A district asks its CSM something; it counts as no answer, and stands on her list until she answers it.

    `token` is its form's: the same form sent twice is one question; so are the same words while they wait for an
    answer. Raises NotPossible.
    """
    if not text.strip():
        raise NotPossible(_("Write what you would like to know."))
    Reset.objects.select_for_update(of=("self",)).get(pk=reset.pk)  # so that two at once are counted
    if token and (asked := Question.objects.filter(reset=reset, token=token).first()):
        return _same_words(asked, text)
    if waiting := Question.objects.filter(reset=reset, delivery=delivery, text=text, answered_at=None).first():
        return waiting
    _has_room(reset, delivery, at)
    about = {"text": text, "asked_at": at, "asked_by": str(by), "token": token}
    asked = Question.objects.create(reset=reset, delivery=delivery, **about)
    history.record("question_asked", reset=reset, by=by, at=at)
    return asked


def _has_room(reset: Reset, delivery: Delivery | None, at: datetime) -> None:
    """Raises NotPossible where so much was asked that one more would only bury the others."""
    if Question.objects.filter(reset__district=reset.district_id, answered_at=None).count() >= MOST_OPEN:
        raise NotPossible(_("%(count)d questions wait for an answer already. Call your CSM.") % {"count": MOST_OPEN})
    lately = Question.objects.filter(delivery=delivery, asked_at__gt=at - DAY)
    if delivery and lately.count() >= MOST_A_DAY:
        said = _("%(count)d questions came by this link within a day. Ask more tomorrow, or call your CSM.")
        raise NotPossible(said % {"count": MOST_A_DAY})


def _same_words(asked: Question, text: str) -> Question:
    if asked.text != text:
        raise NotPossible(_("This form was sent already, with other words. Open the page again to ask more."))
    return asked


@transaction.atomic
def answer_question(*, question: Question, text: str, by: Any, at: datetime) -> Question:
    """A CSM answers. Raises NotPossible for an empty answer, or a question that somebody answered meanwhile."""
    if not text.strip():
        raise NotPossible(_("Write an answer."))
    question = (
        Question.objects.select_for_update(of=("self",))
        .select_related("reset__district", "reset__season")
        .get(pk=question.pk)
    )
    if question.answered_at:
        raise NotPossible(_("{answered_by} answered it already.").format(answered_by=question.answered_by))
    question.answer, question.answered_at, question.answered_by = text, at, str(by)
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    history.record("question_answered", reset=question.reset, by=by, at=at)
    said = [_quoted(question), text]
    _write(question.reset, _("An answer about your reset"), said, f"question {question.pk}", by=by, at=at)
    return question


def _quoted(question: Question) -> str:
    """What is answered: everybody who gets the district's letters reads it, not only whoever asked."""
    day = clock.local_date(question.reset.district.zone, question.asked_at)
    about = {"who": question.asked_by, "day": spoken(day), "text": question.text.strip()}
    return _("%(who)s asked on %(day)s: “%(text)s”") % about


@transaction.atomic
def decline(*, reset: Reset, why: str, by: Any, at: datetime, asked: date) -> Reset:
    """A CSM answers a request for another day by saying why the date stays. Raises NotPossible.

    `asked`: the day that she read; another request meanwhile is not answered by it.
    """
    if not why.strip():
        raise NotPossible(_("Say why the date stays: the district reads it."))
    rows = Reset.objects.select_for_update(of=("self",)).select_related("season", "district")
    reset = rows.get(pk=reset.pk)
    if obstacle := permitted.obstacle_to("decline", reset):
        raise NotPossible(obstacle)
    if asked != reset.asked_for:
        raise NotPossible(_("The district asks for another day by now. Look again."))
    said = [_("%(who)s asked for %(day)s.") % {"who": reset.answered_by, "day": spoken(asked)}, why]
    reset.answer, reset.asked_for, reset.asked_why = Answer.TOLD, None, ""
    reset.version += 1
    reset.save(update_fields=["answer", "asked_for", "asked_why", "version"])
    history.record("declined", reset=reset, by=by, at=at, to=asked, of=reset.date, reason=why)
    _write(reset, _("The request for another day"), said, f"request {reset.pk} {at.isoformat()}", by=by, at=at)
    return reset


def _write(reset: Reset, subject: str, said: list[str], about: str, *, by: Any, at: datetime) -> None:
    """Has the district's people told as a letter of their CSM; a brace in her words is a brace.

    It ends with what becomes of the reset by the time it goes.
    """
    plain = [words.replace("\r\n", "\n").replace("{", "{{").replace("}", "}}") for words in said]
    letters.write(
        district=reset.district,
        season=reset.season,
        subject=subject,
        body="\n\n".join([*plain, "{reset_state}"] if reset.is_editable else plain),
        asks=reset.is_editable,
        by=by,
        at=at,
        token=uuid5(ANSWERS, about),
    )
