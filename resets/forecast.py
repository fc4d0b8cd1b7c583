"""When a night will be done, judged by what was measured: in this same night, or ahead of it in nights gone by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from statistics import median

from resets.models import WORKING, Status

SHORTEST = timedelta(seconds=1)  # starts and ends are noted by step: less than a second measures nothing
REPAIRED = timedelta(hours=6)  # a run of so long waited for a person, and measures her


@dataclass(frozen=True)
class Run:
    """What the forecast reads of one reset; times are aware. `is_mine`: whether the reader may know of it."""

    pk: int
    status: str
    zone: str
    due_from: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None
    is_mine: bool = True


def rate(runs: Iterable[Run]) -> float | None:
    """Resets completed a second, over the time in which any of them was running; None before the first is."""
    spans = sorted((run.started_at, run.completed_at) for run in runs if run.started_at and run.completed_at)
    if not spans:
        return None
    busy, until = timedelta(), spans[0][0]
    for start, end in spans:
        busy += max(end - max(start, until), timedelta())
        until = max(until, end)
    return len(spans) / max(busy, SHORTEST).total_seconds()


def done_by(runs: Sequence[Run], *, at: datetime) -> datetime | None:
    """When the last of the reader's resets that have an hour to come is completed; None without a rate, or a reset.

    Resets run in the order of their hours, at the rate measured, and never before their hour.
    """
    speed = rate(runs)
    last = max((run.due_from for run in runs if run.is_mine and _is_ahead(run)), default=None)
    if speed is None or last is None:
        return None
    moment = at
    for due_from, wave in groupby(sorted(_ahead(runs), key=_hour), key=_hour):
        if due_from > last:
            break
        moment = max(moment, due_from) + timedelta(seconds=len(list(wave)) / speed)
    return moment


def _ahead(runs: Iterable[Run]) -> list[Run]:
    return [run for run in runs if _is_ahead(run)]


def _is_ahead(run: Run) -> bool:
    return run.status == Status.SCHEDULED or run.status in WORKING


def _hour(run: Run) -> datetime:
    return run.due_from


@dataclass(frozen=True)
class Pace:
    """Resets a second of the nights from `first` to `last`. `is_full`: each had resets enough to fill its places."""

    speeds: tuple[float, ...]
    first: date
    last: date
    is_full: bool

    @property
    def middle(self) -> float:
        return median(self.speeds)

    @property
    def slowest(self) -> float:
        return min(self.speeds)


def pace(nights: Mapping[date, Sequence[Run]], *, places: int) -> Pace | None:
    """What nights gone by were measured at; None while none was.

    A night of fewer resets than may run side by side tells little of a full one: it counts only where no other does.
    """
    whole = {day: [run for run in runs if _is_whole(run)] for day, runs in nights.items()}
    full = {day: runs for day, runs in whole.items() if len(runs) >= places}
    speeds = {day: speed for day, runs in (full or whole).items() if (speed := rate(runs)) is not None}
    return Pace(tuple(speeds.values()), min(speeds), max(speeds), bool(full)) if speeds else None


def ends(hours: Iterable[datetime], speed: float) -> datetime | None:
    """When the last of so many resets is done at a rate: in the order of their hours, and never before them."""
    moment: datetime | None = None
    for hour, wave in groupby(sorted(hours)):
        moment = max(moment or hour, hour) + timedelta(seconds=len(list(wave)) / speed)
    return moment


def _is_whole(run: Run) -> bool:
    return bool(run.started_at and run.completed_at and run.completed_at - run.started_at <= REPAIRED)
