"""The rules beside the choice of a day: who sets it, one school alone, a started run, the new year."""

import re
from datetime import date

from .model import Calendar, Finding, Level
from .season import Policy
from .speech import gettext as _
from .words import sentences, spoken


def may_set(role: str, *, policy: Policy, csm: str = "the district's CSM") -> Finding | None:
    """Why a person of `role` may not set a reset date (W9); None: may. `csm` is whom to ask instead."""
    if role in policy.setters:
        return None
    sentence = _("A different date goes through the CSM: ask {csm}, or a CSM lead in her place.").format(csm=csm)
    return Finding("W9", Level.REFUSE, sentence, gist=sentence)


def one_school() -> Finding:
    """Why one school is never reset alone (W7)."""
    sentence = _("All resets occur at the district level: a district's schools are reset together, never one alone.")
    return Finding("W7", Level.REFUSE, sentence, gist=sentence)


def already_started() -> Finding:
    """Why the date of a reset that has started cannot be changed (W10)."""
    sentence = _("The reset has started. Its date can no longer be changed.")
    return Finding("W10", Level.REFUSE, sentence, gist=sentence)


def new_year(
    roster_applied_on: date | None, roster_school_year: str | None, *, policy: Policy, calendar: Calendar
) -> Finding | None:
    """Why a roster and this season's reset must not meet without a person (W11); None: they may.

    `roster_applied_on` is the local date on which a roster was applied, or would be; `roster_school_year`
    the year that it is of, `2027-28`, when known. The one function answers for a sync that waits for the
    reset and for a run that finds the roster there. Raises ValueError for a school year it cannot read.
    """
    if roster_school_year is not None and first_year(roster_school_year) > first_year(policy.school_year):
        said = _("The roster is of {roster_year}, and this reset ends {year}.")
        sentence = said.format(roster_year=roster_school_year, year=policy.school_year)
        return _new_students(sentence, _applied(roster_applied_on))
    starts = calendar.rostering_starts
    if starts is None or roster_applied_on is None or roster_applied_on < starts:
        return None
    sentence = _("The roster of {day} comes on or after the start of rostering, {start}.").format(
        day=spoken(roster_applied_on, policy.year), start=spoken(starts, policy.year)
    )
    return _new_students(sentence, (*_applied(roster_applied_on), ("rostering starts", starts)))


def first_year(school_year: str) -> int:
    """2026 for `2026-27` and `2026-2027`. Raises ValueError for anything else."""
    found = re.fullmatch(r"([0-9]{4})-(?:[0-9]{2})?([0-9]{2})", school_year)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise ValueError(_("{year!r} is no school year: write one such as 2026-27.").format(year=school_year))
    return int(found[1])


def _applied(day: date | None) -> tuple[tuple[str, date], ...]:
    return () if day is None else (("roster applied", day),)


def _new_students(sentence: str, dates: tuple[tuple[str, date], ...]) -> Finding:
    harm = _("A reset never deletes the new year's students: a person decides.")
    return Finding("W11", Level.REFUSE, sentences(sentence, harm), dates, gist=harm)
