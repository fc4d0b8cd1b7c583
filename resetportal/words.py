"""Dates, times and numbers as the pages say them, by the reader's language; times are shown in a named zone."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from districts.moments import (
    brief_day,
    clock_time,
    full_hour,
    moment,
    month_day,
    spoken_day,
    zone_abbreviation,
    zone_name,
)
from districts.moments import day as spoken
from districts.quantities import counted, numbers

__all__ = [
    "brief_day",
    "clock_time",
    "counted",
    "day_range",
    "elapsed",
    "full_hour",
    "moment",
    "month_day",
    "numbers",
    "share",
    "spoken",
    "spoken_day",
    "zone_abbreviation",
    "zone_name",
]


def day_range(first: date, last: date) -> str:
    """A run of days, ends included: `June 1 to July 26`; one day is spoken in full."""
    if first == last:
        return spoken_day(first)
    return _("{first} to {last}").format(first=month_day(first), last=month_day(last))


def elapsed(length: timedelta | float) -> str:
    """How long something took: `0:41`, `1:02:03`. A number is seconds."""
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    minutes, seconds = divmod(max(seconds, 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def share(part: float, whole: float) -> str:
    """A part of a whole as per cent for a drawing, 0 to 100, `82.3`; 0 of an empty whole."""
    return f"{min(max(part / whole, 0), 1) * 100:.1f}" if whole else "0"
