"""What a district told its CSM about its date. A date that a CSM set alone is no answer of the district."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from resets import policy
from resets.models import Answer, Reset, ResetEvent, Status

Pair = tuple[str, str]
DISTRICTS = "district_admin"


def is_given(reset: Any) -> bool:
    """Whether the district has answered: it kept the default, asked for a day, or agreed on one."""
    return bool(reset.answer != Answer.NONE)


def is_awaited(reset: Any) -> bool:
    """No answer yet, while one would still count."""
    return bool(reset.is_editable) and not is_given(reset)


def is_its_day(reset: Reset, day: date) -> bool:
    """Whether a reset runs on that day already; one that is held does not, before it is chosen again."""
    return reset.status == Status.SCHEDULED and reset.date == day


def by_a_date(reset: Reset, by: Any, to: date) -> Answer:
    """What a date that is set says of the answer, `reset` as it was: agreed on, if the district asked for it or set it.

    For the day that it had the answer stays; for any other the district has not answered yet.
    """
    if by.role == DISTRICTS or (reset.answer == Answer.ASKS and to == reset.asked_for):
        return Answer.AGREED
    is_spoken_for = reset.date == to and reset.answer != Answer.ASKS
    return Answer(reset.answer) if is_spoken_for else Answer.NONE


def take(reset: Reset, answer: Answer, *, by: Any, at: datetime) -> None:
    """Puts down an answer and whose it is; the caller saves the row."""
    reset.answer, reset.answered_at, reset.answered_by = answer, at, str(by)


def take_a_date(reset: Reset, before: Reset, *, by: Any, at: datetime) -> None:
    """Puts down what a date that was set says of the answer. Who asked for the day has answered, whoever set it."""
    answer = by_a_date(before, by, reset.date)
    if by.role == DISTRICTS:
        take(reset, answer, by=by, at=at)
    reset.answer = answer
    if answer == Answer.NONE:
        reset.answered_at = reset.answered_by = reset.asked_for = None
        reset.asked_why = ""


def has_it(day: date) -> str:
    """Why a day that the reset has is not asked for."""
    return _("{day} is the day that it has: keep it, or ask for another.").format(day=policy.spoken(day))


def declined(reset: Reset) -> str:
    """What its CSM answered a request that she did not give in to: the day that stays, and why."""
    event = ResetEvent.objects.filter(reset_id=reset.pk, kind="declined").first()
    if event is None:
        return _("The request is answered: %(day)s stays.") % {"day": policy.spoken(reset.date)}
    asked = policy.spoken(date.fromisoformat(event.detail["to"]))
    about = {"by": event.by, "asked": asked, "day": policy.spoken(reset.date), "why": event.detail.get("reason", "")}
    return _("%(by)s answered the request for %(asked)s: %(day)s stays. “%(why)s”") % about


def agreed(reset: Reset) -> str:
    """Who asked for the day that was agreed on, and who set it."""
    if reset.answered_by == reset.date_set_by:
        return _("%(who)s set the day.") % {"who": reset.date_set_by}
    return _("%(who)s set the day that %(asked_by)s asked for.") % {
        "who": reset.date_set_by,
        "asked_by": reset.answered_by,
    }


def answer_of(reset: Reset | None) -> Pair:
    """The answer as a kind of state and words, for a list."""
    if reset is None or not (is_given(reset) or reset.is_editable):
        return "quiet", _("None")
    if reset.answer == Answer.ASKS and reset.asked_for:
        return _asking(reset, policy.month_day(reset.asked_for, reset.date.year))
    if not is_given(reset):
        return "wait", unanswered(reset)
    said = {Answer.KEEPS: _("Keeps the default"), Answer.AGREED: _("Agreed"), Answer.TOLD: _("The date stays")}
    return "done", said.get(Answer(reset.answer), _("Answered"))


def _asking(reset: Reset, day: str) -> Pair:
    if reset.is_editable:
        return "asks", _("Asks for %(day)s") % {"day": day}
    return "quiet", _("Asked for %(day)s") % {"day": day}


def unanswered(reset: Reset) -> str:
    """That there is none, and who chose the date without one."""
    if reset.is_default:
        return _("None yet")
    return _("None yet; %(who)s set the date") % {"who": reset.date_set_by}
