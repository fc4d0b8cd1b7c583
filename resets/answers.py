"""What a district told its CSM about its date. A date that a CSM set alone is no answer of the district."""

from typing import Any

from django.utils.translation import gettext as _

from resets import policy
from resets.models import Answer, Reset

Pair = tuple[str, str]
DISTRICTS = "district_admin"


def is_given(reset: Any) -> bool:
    """Whether the district has answered: it kept the default, asked for a day, or agreed on one."""
    return bool(reset.answer != Answer.NONE)


def is_awaited(reset: Any) -> bool:
    """No answer yet, while one would still count."""
    return bool(reset.is_editable) and not is_given(reset)


def by_a_date(reset: Reset, by: Any) -> Answer:
    """What a date that is set says of the answer: agreed on, if the district spoke of it or set it itself."""
    return Answer.AGREED if is_given(reset) or by.role == DISTRICTS else Answer.NONE


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
