"""How the rules say dates, counts and lists: a CSM's words, never a format code."""

from collections.abc import Sequence
from datetime import date

from .speech import gettext as _
from .speech import gettext_noop, ngettext, tongue

_SPELLED = (
    gettext_noop("no days"),
    "",
    gettext_noop("two days"),
    gettext_noop("three days"),
    gettext_noop("four days"),
    gettext_noop("five days"),
    gettext_noop("six days"),
    gettext_noop("seven days"),
    gettext_noop("eight days"),
    gettext_noop("nine days"),
)


def spoken(day: date, year: int | None = None) -> str:
    """`Tue, July 27` inside `year`, `Tue, July 27, 2027` outside it or when no year is given."""
    return tongue().day(day, weekday=True, year=day.year != year)


def month_day(day: date, year: int | None = None) -> str:
    """`July 27` inside `year`, `July 27, 2027` otherwise."""
    return tongue().day(day, weekday=False, year=day.year != year)


def span(first: date, last: date, year: int) -> str:
    """`Sat, July 31` for one day, `June 1 to July 26` for more."""
    if first == last:
        return spoken(first, year)
    return _("{first} to {last}").format(first=month_day(first, year), last=month_day(last, year))


def days(count: int) -> str:
    """`1 day`, `3 days`."""
    return ngettext("{count} day", "{count} days", count).format(count=count)


def spelled_days(count: int) -> str:
    """`two days`, and from ten on `12 days`: for a sentence in which the number is not the point."""
    return days(count) if count == 1 or count >= len(_SPELLED) else _(_SPELLED[count])


def apart(event: date, reset: date) -> str:
    """Where `event` lies, seen from the reset: `the day after the reset`, `two days before the reset`."""
    gap = (event - reset).days
    if gap == 0:
        return _("the day of the reset")
    if abs(gap) == 1:
        return _("the day after the reset") if gap > 0 else _("the day before the reset")
    said = _("{days} after the reset") if gap > 0 else _("{days} before the reset")
    return said.format(days=spelled_days(abs(gap)))


def listed(items: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`; with "or" instead of "and" where `last` says so."""
    if len(items) < 2:
        return "".join(items)
    said = _("{items} or {last}") if last == "or" else _("{items} and {last}")
    return said.format(items=", ".join(items[:-1]), last=items[-1])


def clock_hour(hour: int) -> str:
    """`1:00 AM` for 1, `12:00 AM` for 0: an hour of the day in the district's zone."""
    return tongue().clock_hour(hour)


def sentences(*parts: str) -> str:
    """The parts that say something, one after the other."""
    return " ".join(part for part in parts if part)
