"""What the rules do not ask but a district would want to know of a day: advice, which blocks nothing."""

from datetime import date, timedelta

from .case import Case
from .model import ASSISTED, Finding, Level
from .speech import gettext as _
from .speech import ngettext
from .words import apart, sentences, spelled_days, spoken

SIGN_IN_AFTER = {ASSISTED: 14}
"""Days from a reset until students can sign in again, by rostering method: assisted districts wait two weeks."""
ROSTER_TAKES = 3
"""The same for all other methods, and from the start of rostering: a roster is sent, looked at, applied at night."""


def too_near_school(case: Case, day: date) -> Finding | None:
    """Whether students would find no accounts on their first day of school after a reset on `day`."""
    begins = case.calendar.first_day
    if begins is None or begins - day >= timedelta(days=_wait(case)):
        return None
    gist = _("Advised against: too near the first day of school, {day}.").format(day=_say(case, begins))
    said = _("School begins {day}, {apart}.").format(day=_say(case, begins), apart=apart(begins, day))
    return Finding(
        "", Level.ADVISE, sentences(said, _why(case)), (("reset", day), ("first day of school", begins)), None, gist
    )


def of_other_products(case: Case, day: date) -> tuple[Finding, ...]:
    """How `day` lies to the days on which the vendor's other products are reset in this district."""
    return tuple(_of_product(case, day, product, other) for product, other in case.calendar.other_resets)


def rostering_gap(case: Case) -> str:
    """Advice that no reset date can heed: rostering itself starts too near the first day. Empty: it does not."""
    starts, begins = case.calendar.rostering_starts, case.calendar.first_day
    if starts is None or begins is None or begins - starts >= timedelta(days=ROSTER_TAKES):
        return ""
    takes = _(
        "A new roster takes about {days}, so new accounts may not be there in time, whatever day the reset is on."
    ).format(days=spelled_days(ROSTER_TAKES))
    return sentences(_how_soon(_say(case, starts), (begins - starts).days), takes)


def _how_soon(start: str, gap: int) -> str:
    if gap <= 0:
        return _("Rostering starts {day}, on the first day of school.").format(day=start)
    return ngettext(
        "Rostering starts {day}, {count} day before the first day of school.",
        "Rostering starts {day}, {count} days before the first day of school.",
        gap,
    ).format(day=start, count=gap)


def _wait(case: Case) -> int:
    return SIGN_IN_AFTER.get(case.calendar.rostering, ROSTER_TAKES)


def _why(case: Case) -> str:
    if case.calendar.rostering == ASSISTED:
        return _("Rostering is assisted: students cannot sign in for about two weeks after a reset.")
    said = _("New accounts take about {days} after a reset, and would not be there.")
    return said.format(days=spelled_days(ROSTER_TAKES))


def _of_product(case: Case, day: date, product: str, other: date) -> Finding:
    """Its gist is empty on any other day, so that the same in words speaks of the one day alone."""
    said = _("{product} is reset {day}, {apart}.")
    said = said.format(product=product, day=_say(case, other), apart=apart(other, day))
    gist = _("{product} is reset on the same day.").format(product=product) if day == other else ""
    return Finding("", Level.ADVISE, gist or said, (("reset", day), (product, other)), other, gist)


def _say(case: Case, day: date) -> str:
    return spoken(day, case.policy.year)
