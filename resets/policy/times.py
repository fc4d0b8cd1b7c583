"""When a reset date begins, as instants: local midnight pauses the syncs, the run hour starts the run."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .model import Calendar


def starts_at(day: date, calendar: Calendar) -> datetime:
    """The instant in UTC when the run of a reset dated `day` begins: the district's run hour on that day.

    A run hour that a change to summer time skips begins an hour later, one that occurs twice begins at
    the first. A day that a zone skipped whole begins with the day after it: never before its own date.
    """
    return _instant(day, calendar.run_hour, calendar.zone)


def pauses_at(day: date, calendar: Calendar) -> datetime:
    """The instant in UTC when the district's syncs pause for a reset dated `day`: its local midnight."""
    return _instant(day, 0, calendar.zone)


def today_in(zone: str, now: datetime) -> date:
    """The date in `zone` at `now`. Raises ValueError for a time without a zone."""
    if now.tzinfo is None:
        raise ValueError("The rules need a time with its zone; this one has none.")
    return now.astimezone(ZoneInfo(zone)).date()


def day_after(day: date, count: int = 1) -> date:
    """`count` days later, or the last day that a date can hold."""
    return day + timedelta(days=min(count, (date.max - day).days))


def _instant(day: date, hour: int, zone: str) -> datetime:
    # fold=0 reads an hour that does not exist with the offset from before the change, hence later.
    local = datetime.combine(day, time(hour), ZoneInfo(zone))
    try:
        return local.astimezone(UTC)
    except OverflowError:
        limit = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
        return limit[0] if day == date.max else limit[1]
