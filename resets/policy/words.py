"""How the rules say dates, counts and lists: a CSM's words, never a format code."""

from collections.abc import Sequence
from datetime import date

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def spoken(day: date, year: int | None = None) -> str:
    """`Tue, July 27` inside `year`, `Tue, July 27, 2027` outside it or when no year is given.

    The names are English whatever the process's locale is.
    """
    return f"{_WEEKDAYS[day.weekday()]}, {month_day(day, year)}"


def month_day(day: date, year: int | None = None) -> str:
    """`July 27` inside `year`, `July 27, 2027` otherwise."""
    short = f"{_MONTHS[day.month - 1]} {day.day}"
    return short if day.year == year else f"{short}, {day.year:04d}"


def span(first: date, last: date, year: int) -> str:
    """`Sat, July 31` for one day, `June 1 to July 26` for more."""
    if first == last:
        return spoken(first, year)
    return f"{month_day(first, year)} to {month_day(last, year)}"


def days(count: int) -> str:
    """`1 day`, `3 days`."""
    return "1 day" if count == 1 else f"{count} days"


def spelled_days(count: int) -> str:
    """`two days`, and from ten on `12 days`: for a sentence in which the number is not the point."""
    return days(count) if count == 1 or count >= len(_SMALL) else f"{_SMALL[count]} days"


def apart(event: date, reset: date) -> str:
    """Where `event` lies, seen from the reset: `the day after the reset`, `two days before the reset`."""
    gap = (event - reset).days
    if gap == 0:
        return "the day of the reset"
    side = "after" if gap > 0 else "before"
    return f"the day {side} the reset" if abs(gap) == 1 else f"{spelled_days(abs(gap))} {side} the reset"


def listed(items: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def clock_hour(hour: int) -> str:
    """`1:00 AM` for 1, `12:00 AM` for 0: an hour of the day in the district's zone."""
    return f"{(hour - 1) % 12 + 1}:00 {'AM' if hour < 12 else 'PM'}"


def sentences(*parts: str) -> str:
    """The parts that say something, one after the other."""
    return " ".join(part for part in parts if part)
