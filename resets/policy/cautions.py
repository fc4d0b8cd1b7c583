"""What the rules do not ask but a district would want to know of a day: advice, which blocks nothing."""

from datetime import date, timedelta

from .case import Case
from .model import ASSISTED, Finding, Level
from .words import apart, days, spelled_days, spoken

SIGN_IN_AFTER = {ASSISTED: 14}
"""Days from a reset until students can sign in again, by rostering method: assisted districts wait two weeks."""
ROSTER_TAKES = 3
"""The same for all other methods, and from the start of rostering: a roster is sent, looked at, applied at night."""


def too_near_school(case: Case, day: date) -> Finding | None:
    """Whether students would find no accounts on their first day of school after a reset on `day`."""
    begins = case.calendar.first_day
    if begins is None or begins - day >= timedelta(days=_wait(case)):
        return None
    gist = f"Advised against: too near the first day of school, {_say(case, begins)}."
    said = f"School begins {_say(case, begins)}, {apart(begins, day)}. {_why(case)}"
    return Finding("", Level.ADVISE, said, (("reset", day), ("first day of school", begins)), None, gist)


def of_other_products(case: Case, day: date) -> tuple[Finding, ...]:
    """How `day` lies to the days on which the vendor's other products are reset in this district."""
    return tuple(_of_product(case, day, product, other) for product, other in case.calendar.other_resets)


def rostering_gap(case: Case) -> str:
    """Advice that no reset date can heed: rostering itself starts too near the first day. Empty: it does not."""
    starts, begins = case.calendar.rostering_starts, case.calendar.first_day
    if starts is None or begins is None or begins - starts >= timedelta(days=ROSTER_TAKES):
        return ""
    gap = f"{days((begins - starts).days)} before" if begins > starts else "on"
    return (
        f"Rostering starts {_say(case, starts)}, {gap} the first day of school. A new roster takes about "
        f"{spelled_days(ROSTER_TAKES)}, so new accounts may not be there in time, whatever day the reset is on."
    )


def _wait(case: Case) -> int:
    return SIGN_IN_AFTER.get(case.calendar.rostering, ROSTER_TAKES)


def _why(case: Case) -> str:
    if case.calendar.rostering == ASSISTED:
        return "Rostering is assisted: students cannot sign in for about two weeks after a reset."
    return f"New accounts take about {spelled_days(ROSTER_TAKES)} after a reset, and would not be there."


def _of_product(case: Case, day: date, product: str, other: date) -> Finding:
    """Its gist is empty on any other day, so that the same in words speaks of the one day alone."""
    said = f"{product} is reset {_say(case, other)}, {apart(other, day)}."
    gist = f"{product} is reset on the same day." if day == other else ""
    return Finding("", Level.ADVISE, gist or said, (("reset", day), (product, other)), other, gist)


def _say(case: Case, day: date) -> str:
    return spoken(day, case.policy.year)
