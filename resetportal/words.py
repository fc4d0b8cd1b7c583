"""Dates, times and numbers as the pages say them; times are shown in a named zone."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_SHORT_MONTHS: Final = (
    "Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec",
)  # fmt: skip
_ZONES: Final = {
    "America/New_York": "Eastern",
    "America/Detroit": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Boise": "Mountain",
    "America/Phoenix": "Arizona",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "Pacific/Guam": "Guam",
    "Pacific/Pago_Pago": "Samoa",
    "America/Puerto_Rico": "Atlantic",
    "UTC": "UTC",
}


def spoken(day: date) -> str:
    """A date with its weekday and year: `Tue, July 27, 2027`."""
    return f"{spoken_day(day)}, {day.year}"


def spoken_day(day: date) -> str:
    """A date of a year that the page has named: `Tue, July 27`."""
    return f"{day:%a, %B} {day.day}"


def brief_day(day: date) -> str:
    """A date for a narrow column, long months cut: `Mon, Aug 9`."""
    return f"{day:%a}, {_SHORT_MONTHS[day.month - 1]} {day.day}"


def month_day(day: date) -> str:
    """A date without its weekday: `August 3`."""
    return f"{day:%B} {day.day}"


def day_range(first: date, last: date) -> str:
    """A run of days, ends included: `June 1 to July 26`; one day is spoken in full."""
    return spoken_day(first) if first == last else f"{month_day(first)} to {month_day(last)}"


def clock_time(at: datetime, zone: str, *, seconds: bool = False, named: bool = True) -> str:
    """A moment's time of day on a zone's clock, with the zone unless it stands close by: `1:00 AM PDT`."""
    local = at.astimezone(ZoneInfo(zone))
    exact = f":{local:%S}" if seconds else ""
    letters = f" {zone_abbreviation(local)}" if named else ""
    return f"{local.hour % 12 or 12}:{local:%M}{exact} {local:%p}{letters}"


def moment(at: datetime, zone: str) -> str:
    """A moment in full on a zone's clock: `Tue, July 27, 2027, 4:12 PM PDT`. `at` is aware."""
    return f"{spoken(at.astimezone(ZoneInfo(zone)).date())}, {clock_time(at, zone)}"


def zone_abbreviation(local: datetime) -> str:
    """The letters of the moment's zone, `PDT`; `UTC+5:30` where the zone has none."""
    name = local.tzname() or "UTC"
    if name[0] not in "+-":
        return name
    return f"UTC{name[:3]}:{name[3:]}" if len(name) > 3 else f"UTC{name}"


def zone_name(zone: str) -> str:
    """An IANA zone as people call it: `Pacific`; its city where we know no better name."""
    return _ZONES.get(zone) or zone.rsplit("/", 1)[-1].replace("_", " ")


def elapsed(length: timedelta | float) -> str:
    """How long something took: `0:41`, `1:02:03`. A number is seconds."""
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    minutes, seconds = divmod(max(seconds, 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def numbers(value: int | float | None) -> str:
    """A number with separators, `9,412`; a dash for one that is not known yet."""
    return "–" if value is None else f"{value:,}"


def counted(value: int, singular: str, plural: str = "") -> str:
    """A number and its noun in step: `1 school`, `14 schools`."""
    return f"{value:,} {singular if value == 1 else plural or singular + 's'}"


def share(part: float, whole: float) -> str:
    """A part of a whole as per cent for a drawing, 0 to 100, `82.3`; 0 of an empty whole."""
    return f"{min(max(part / whole, 0), 1) * 100:.1f}" if whole else "0"
