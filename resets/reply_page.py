"""What the page behind a letter's link says: to whom it went, where the date stands, what can be answered."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from districts.moments import clock_time, moment
from resets import admin_page, adviser_page, answers, holds_page
from resets.adviser_page import AdviserPage
from resets.models import Answer, Delivery, Question, Reset
from resets.policy import month_day, spoken


def context(delivery: Delivery, reset: Reset, *, at: datetime) -> dict[str, Any]:
    """The page as it opens; in as many queries whatever the district holds."""
    zone, held = reset.district.zone, _adviser(reset, at).hold
    return {
        "delivery": delivery,
        "district": reset.district,
        "reset": reset,
        "csm": reset.district.csm,
        "demo_zone": zone,
        "title": admin_page.heading(reset, is_on_hold=held is not None),
        "hold_said": holds_page.of_date(reset) if held else "",
        "starts": clock_time(reset.due_from, zone),
        "day": month_day(reset.date, reset.date.year),
        "can_keep": reset.is_default and reset.answer != Answer.KEEPS and reset.status == "scheduled",
        "answered": answered(reset),
        "harm": " ".join(one.gist for one in _adviser(reset, at).risks),
        "recommended": _another_day(reset, at),
        "questions": list(Question.objects.filter(reset=reset, delivery=delivery)[:10]),
    }


def _another_day(reset: Reset, at: datetime) -> date | None:
    """The best day, where it is another one than the day that it has."""
    best = _adviser(reset, at).advice.recommended
    return None if best is None or answers.is_its_day(reset, best) else best


def _adviser(reset: Reset, at: datetime) -> AdviserPage:
    """The adviser as her CSM reads it, who sets the date."""
    return AdviserPage(reset.district, reset.season, reset, "csm", at)


def day_context(reset: Reset, day: date | None, *, at: datetime) -> dict[str, Any]:
    """The adviser for somebody who looks for another day; without one, the best day is looked at."""
    page = _adviser(reset, at)
    looked_at = day or page.first_look
    return adviser_page.context(page, looked_at) | {"is_its_day": answers.is_its_day(reset, looked_at)}


def answered(reset: Reset) -> str:
    """What the district has answered so far, with who and when."""
    if reset.answered_at is None or reset.answer == Answer.NONE:
        return ""
    if reset.answer == Answer.TOLD:
        return answers.declined(reset)
    about = {
        "who": reset.answered_by,
        "day": spoken(reset.date),
        "asked": spoken(reset.asked_for) if reset.asked_for else "",
        "when": moment(reset.answered_at, reset.district.zone),
        "set": moment(reset.date_set_at, reset.district.zone),
    }
    return _SAID[Answer(reset.answer)]() % about


_SAID = {
    Answer.KEEPS: lambda: _("%(who)s keeps %(day)s, on %(when)s."),
    Answer.ASKS: lambda: _("%(who)s asked for %(asked)s, on %(when)s. The answer is still to come."),
    Answer.AGREED: lambda: _("%(day)s is agreed, since %(set)s."),
}
