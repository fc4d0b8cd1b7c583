"""Every district of a list at a glance: enough to count, search, filter and sort thousands in one cheap pass.

An entry of a scan answers what `board.Entry` answers about states and risks, from one row of values instead of a dozen
models; it tells no sentence. What a page shows is fetched in full afterwards, for its own rows alone.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import accumulate, chain
from typing import Any, NamedTuple

from django.db.models import FilteredRelation, Q, QuerySet

from districts.models import District, RosterFile
from exports import proof
from resetportal import clock
from resets import earlier
from resets.board import Beside, Entry, entry_of
from resets.dates import school_year_of
from resets.models import Reset, Season
from resets.policy import Calendar

Day = date  # within a class that has a date of its own


class _District(NamedTuple):
    pk: int
    name: str
    site_code: str
    zone: str
    run_hour: int
    uses_imagine_math: bool
    uses_math_facts: bool
    csm: str | None
    counts: "_Counts"
    gate: "_Gate"
    rosters_on_hold: tuple[int, ...]


class _Counts(NamedTuple):
    schools: int
    students: int
    accounts: int
    math_last_on: date | None
    facts_last_on: date | None
    math_version: int
    facts_version: int


@dataclass
class _Gate:
    pauses_on: date | None
    is_shut: bool
    resumed_at: datetime | None
    last_reset_at: datetime | None
    district: Any = None


@dataclass(slots=True)
class _Reset:
    date: Day
    is_default: bool
    due_from: datetime
    answer: str
    asked_for: Day | None
    status: str
    destroyed_at: datetime | None
    last_export_chosen_at: datetime | None
    data_ready_at: datetime | None

    is_working = Reset.is_working
    is_destroyed = Reset.is_destroyed
    is_editable = Reset.is_editable


_DATES = {
    "school_year_ends": "ends_on",
    "has_summer_session": "has_summer_session",
    "summer_session_ends": "summer_ends_on",
    "rostering_starts": "rostering_starts_on",
    "first_day": "first_day_on",
}
_TABLES = (
    (*_District._fields[:7], "csm__name"),
    tuple(f"counts__{name}" for name in _Counts._fields),
    tuple(f"gate__{name}" for name in ("pauses_on", "is_shut", "resumed_at", "last_reset_at")),
    tuple(f"of_year__{name}" for name in _DATES.values()),
    tuple(f"of_season__{field.name}" for field in fields(_Reset)),
)
_ENDS = tuple(accumulate(map(len, _TABLES)))
_PARTS = tuple(slice(end - len(names), end) for names, end in zip(_TABLES, _ENDS, strict=True))


def scan(districts: QuerySet[District], season: Season | None, *, at: datetime) -> list[Entry]:
    """An entry a district, in the order of their names; seven queries, and more for those of an earlier season."""
    return earlier.instead(_of_season(districts, season, at), season, lambda rows, one: _of_season(rows, one, at))


def _of_season(districts: QuerySet[District], season: Season | None, at: datetime) -> list[Entry]:
    year = season.school_year if season else school_year_of(at.date())
    rows = districts.annotate(
        of_year=FilteredRelation("school_years", condition=Q(school_years__name=year)),
        of_season=FilteredRelation("resets", condition=Q(resets__season=season)),
    ).values_list(*chain.from_iterable(_TABLES))
    on_hold = set(RosterFile.objects.filter(state=RosterFile.State.ON_HOLD).values_list("district", flat=True))
    read = [_read(row, on_hold) for row in rows.order_by("name", "site_code")]
    chosen = {district.pk for district, reset, _ in read if reset and reset.last_export_chosen_at}
    ids = districts.order_by().values("pk")  # thousands of numbers would cost more than the subquery
    proofs = proof.untold([district for district, *_ in read], ids=ids, at=at, last_chosen=chosen)
    beside, rules = Beside.of(ids, season, proofs), season.rules if season else None
    return [entry_of(district, reset, rules, calendar, at, beside) for district, reset, calendar in read]


def _read(row: tuple[Any, ...], on_hold: set[int]) -> tuple[_District, _Reset | None, Calendar]:
    organisation, counts, gated, dates, run = (row[part] for part in _PARTS)
    key, *_, zone, run_hour = organisation[:5]
    gate, reset = _Gate(*gated), _Reset(*run)
    held = (key,) if key in on_hold else ()
    beside: Any = (_Counts(*counts), gate, held)
    district = gate.district = _District(*organisation, *beside)
    last = gate.last_reset_at and clock.local_date(zone, gate.last_reset_at)
    told: dict[str, Any] = dict(zip(_DATES, dates, strict=True))
    return district, reset if reset.status else None, Calendar(zone, run_hour, last_reset_on=last, **told)
