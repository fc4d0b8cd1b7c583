"""Which districts of *My districts* are shown, and in which order: its filters, its sorts, its search, its stages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop

from resets import risks
from resets.board import Entry
from resets.models import Status
from resets.policy import Policy


@dataclass(frozen=True)
class Filter:
    """A chip: its name in the address, its words, and whether an entry belongs to it."""

    key: str
    label: str
    holds: Callable[[Entry], bool]
    stays: bool = False


FILTERS = (
    Filter("", gettext_noop("All"), lambda entry: True, stays=True),
    Filter("at-risk", gettext_noop("At risk"), lambda entry: entry.is_at_risk, stays=True),
    Filter("held", gettext_noop("Held"), lambda entry: entry.status == Status.HELD),
    Filter("running", gettext_noop("Running or due"), lambda entry: entry.is_running),
    Filter("asked", gettext_noop("Waits for your answer"), lambda entry: entry.is_asking),
    Filter("held-records", gettext_noop("Records hold"), lambda entry: entry.hold is not None),
    Filter("answered", gettext_noop("Answered"), lambda entry: entry.is_of_season and entry.is_answered),
    Filter("no-answer", gettext_noop("No answer"), lambda entry: entry.is_of_season and entry.is_silent, stays=True),
    Filter("default", gettext_noop("On the default"), lambda entry: entry.is_of_season and entry.is_on_default),
    Filter(
        "no-rostering-start",
        gettext_noop("Rostering start missing"),
        lambda entry: entry.is_ahead and not entry.calendar.rostering_starts,
    ),
    Filter(
        "no-session-dates",
        gettext_noop("Session dates missing"),
        lambda entry: entry.is_ahead and entry.calendar.sessions_unknown,
    ),
    Filter("unread", gettext_noop("Nobody gets letters"), lambda entry: entry.is_unread and not entry.is_over),
    Filter("no-proof", gettext_noop("No export proof"), lambda entry: entry.lacks_proof),
    Filter("reset", gettext_noop("Reset"), lambda entry: entry.is_of_season and entry.is_reset),
    Filter("waiting", gettext_noop("Waiting for rostering"), lambda entry: entry.is_waiting, stays=True),
    Filter("data-ready", gettext_noop("Its data is ready"), lambda entry: entry.is_ready),
    Filter(
        "not-rostered", gettext_noop("Not rostered, school near"), lambda entry: risks.NOT_ROSTERED in entry.risk_keys
    ),
    Filter("sync-stuck", gettext_noop("First sync stuck"), lambda entry: risks.SYNC_STUCK in entry.risk_keys),
    Filter("roster-on-hold", gettext_noop("Roster on hold"), lambda entry: entry.has_roster_on_hold),
    Filter("no-date", gettext_noop("No reset date"), lambda entry: entry.reset is None),
    Filter("earlier", gettext_noop("Of an earlier season"), lambda entry: entry.earlier is not None),
)
KEYS = {each.key: each for each in FILTERS}
NUMBERED = {"answered", "default", "reset"}
"""Filters that a season number shows; as a chip they stand only while they are chosen."""


@dataclass(frozen=True)
class Sort:
    """An order of the list. `falls`: the first press puts the most first. `-` before its key turns it round."""

    label: str
    by: Callable[[Entry], Any]
    falls: bool = False


SORTS = {
    "": Sort(gettext_noop("At risk, then date"), lambda entry: (stage_of(entry), entry.day or date.max)),
    "name": Sort(gettext_noop("Name"), lambda entry: entry.district.name.casefold()),
    "schools": Sort(gettext_noop("Schools"), lambda entry: entry.district.counts.schools, falls=True),
    "students": Sort(gettext_noop("Students"), lambda entry: entry.district.counts.students, falls=True),
    "date": Sort(gettext_noop("Reset date"), lambda entry: entry.day or date.max),
    "session": Sort(gettext_noop("Session ends"), lambda entry: entry.session_ends or date.min),
    "rostering": Sort(gettext_noop("Rostering start"), lambda entry: entry.calendar.rostering_starts or date.min),
    "answer": Sort(gettext_noop("Answer"), lambda entry: (not entry.is_asking, not entry.is_silent, entry.is_answered)),
}
"""Dates that are missing stand first, as somebody has to ask for them."""

ORDERS = {key for name in SORTS for key in (name, f"-{name}") if key != "-"}

AT_RISK, HELD, RUNNING, EARLIER, DEFAULT, LATER, WAITING, OVER, DATELESS = range(9)


def stage_of(entry: Entry) -> int:
    """What needs a person first, then what is coming by date, then what is over."""
    if entry.is_at_risk:
        return AT_RISK
    if entry.reset is None or entry.rules is None:
        return DATELESS
    if entry.is_running:
        return RUNNING
    if entry.is_reset:
        return WAITING if entry.is_waiting else OVER
    return HELD if entry.status == Status.HELD else _beside_default(entry.reset.date, entry.rules)


def _beside_default(day: date, rules: Policy) -> int:
    if day in rules.default_dates:
        return DEFAULT
    return EARLIER if day < rules.default_dates[0] else LATER


def search(all_of_them: Iterable[Entry], words: str) -> list[Entry]:
    """Entries whose name, site code or CSM's name holds the words."""
    wanted = words.casefold().split()
    return [entry for entry in all_of_them if all(word in _searched(entry) for word in wanted)]


def _searched(entry: Entry) -> str:
    return f"{entry.district.name} {entry.district.site_code} {entry.district.csm or ''}".casefold()


def arranged(found: Iterable[Entry], *, show: str, sort: str) -> list[Entry]:
    """Entries of one filter in one order; a key of KEYS and one of ORDERS. What is alike stands by its name."""
    order = SORTS[sort.removeprefix("-")]
    named = sorted(filter(KEYS[show].holds, found), key=SORTS["name"].by)
    return sorted(named, key=order.by, reverse=order.falls is not sort.startswith("-"))
