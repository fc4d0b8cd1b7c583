"""When a letter of the sequence is due in one district, in its own zone and outside its quiet hours."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from resets.models import LetterStep, Reset, Season

MORNING, EVENING = 8, 18  # hours of a working day in the district's zone; outside them it is left in peace
LATE = 3  # working days for which a letter is still news; later than that it is not sent any more
DONE = timedelta(days=60)  # what became of a district's data is told it however late the portal comes back
WaitsFor = LetterStep.WaitsFor
DAY = timedelta(days=1)


class Window(NamedTuple):
    """From when a letter may go, and when it has become old news."""

    begins: datetime
    ends: datetime


def day_of(step: LetterStep, reset: Reset, season: Season) -> date | None:
    """The day on which a step is due, a date in the district's zone; None while what it waits for has no day.

    Before a day it waits for, a weekend moves it to the Friday; after it, to the Monday.
    """
    begins = _begins(step, reset, season)
    if begins is None:
        return None
    day = begins + step.days * DAY
    if day.weekday() < 5:
        return day
    return day - DAY * (day.weekday() - 4) if step.days < 0 else day + DAY * (7 - day.weekday())


def _begins(step: LetterStep, reset: Reset, season: Season) -> date | None:
    zone = ZoneInfo(reset.district.zone)
    if step.waits_for == WaitsFor.OPENING:
        opened = reset.added_at or season.opened_at
        return opened.astimezone(zone).date() if opened else None
    if step.waits_for == WaitsFor.COMPLETED:
        return reset.completed_at.astimezone(zone).date() if reset.completed_at else None
    return reset.date


def window(step: LetterStep, reset: Reset, season: Season) -> Window | None:
    """When a step's letter may go to a district; what is said before the reset is not said on its day."""
    day, zone = day_of(step, reset, season), reset.district.zone
    if day is None:
        return None
    ends = due_from(day, zone) + DONE if step.waits_for == WaitsFor.COMPLETED else _evening(day, zone)
    if step.days < 0 and step.waits_for in (WaitsFor.RESET, WaitsFor.DEFAULT):
        ends = min(ends, datetime.combine(reset.date, time(), ZoneInfo(zone)))
    return Window(due_from(day, zone), ends)


def of_a_letter_by_hand(zone: str, written_at: datetime) -> Window:
    """The same for a letter that waits for nothing but the district's morning."""
    begins = next_open(zone, written_at)
    return Window(begins, _evening(clock_day(zone, begins), zone))


def clock_day(zone: str, at: datetime) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _evening(day: date, zone: str) -> datetime:
    """The end of the last working day on which a letter of a day is still news."""
    left = LATE
    while left:
        day += DAY
        left -= day.weekday() < 5
    return datetime.combine(day, time(EVENING), ZoneInfo(zone))


def due_from(day: date, zone: str) -> datetime:
    """The morning of a day in a zone."""
    return datetime.combine(day, time(MORNING), ZoneInfo(zone))


def is_quiet(zone: str, at: datetime) -> bool:
    """Whether a district is left in peace: outside working hours, and at the weekend."""
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday() >= 5 or not MORNING <= local.hour < EVENING


def next_open(zone: str, at: datetime) -> datetime:
    """`at`, or the next morning on which letters go."""
    local = at.astimezone(ZoneInfo(zone))
    if not is_quiet(zone, at):
        return at
    day = local.date() if local.hour < MORNING else local.date() + DAY
    while day.weekday() >= 5:
        day += DAY
    return due_from(day, zone)
