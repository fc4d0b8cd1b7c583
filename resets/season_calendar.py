"""A season's resets counted by day, CSM and zone, and laid out in months from June to September."""

import calendar
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt

from django.db.models import Count, DateField, Func, Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import District
from resetportal import clock
from resets.models import Reset, Season, Status
from resets.policy import Policy, spoken
from resets.policy.workdays import federal_holiday

NO_CSM = "none"
STEPS = (1, 6, 13, 26, 61)
"""The least number of resets of each shade."""
_JUNE, _SEPTEMBER = 6, 9
_WEEKS = calendar.Calendar(firstweekday=calendar.SUNDAY)
_BAR, _HEIGHT = 3, 28


class LocalDay(Func):
    """The date of a moment in a zone that stands in the same row."""

    function = "timezone"
    template = "(%(function)s(%(expressions)s))::date"
    output_field = DateField()


@dataclass(frozen=True)
class Load:
    """How many resets of one CSM's districts in one zone fall on one day, and how many of them are completed."""

    day: date
    csm: int | None
    zone: str
    resets: int
    completed: int

    @property
    def csm_key(self) -> str:
        """The CSM as an address names her."""
        return str(self.csm or NO_CSM)


def number(value: float) -> str:
    """A number with separators, by the reader's language."""
    return str(number_format(value, force_grouping=True))


def loads(season: Season, districts: QuerySet[District]) -> list[Load]:
    """The whole season's, counted by the database in one query."""
    rows = Reset.objects.filter(season=season, district__in=districts).order_by()
    counted = rows.values_list("date", "district__csm", "district__zone").annotate(
        resets=Count("pk"), completed=Count("pk", filter=Q(status=Status.COMPLETED))
    )
    return [Load(*row) for row in counted]


def chosen(found: Iterable[Load], *, csm: str = "", zone: str = "") -> list[Load]:
    """Those of one CSM, of one zone, or both."""
    return [each for each in found if csm in ("", each.csm_key) and zone in ("", each.zone)]


def by_day(found: Iterable[Load]) -> Counter[date]:
    """Resets by their date."""
    counts: Counter[date] = Counter()
    for each in found:
        counts[each.day] += each.resets
    return counts


def narrowed(districts: QuerySet[District], *, csm: str = "", zone: str = "") -> QuerySet[District]:
    """The same choice as `chosen`, of the districts themselves."""
    if csm:
        districts = districts.filter(csm=None) if csm == NO_CSM else districts.filter(csm=int(csm))
    return districts.filter(zone=zone) if zone else districts


@dataclass(frozen=True)
class Cell:
    """A day of the heat map. `level`: 0 for no reset, to 5; `is_closed`: outside the season's window."""

    day: date
    count: int
    is_closed: bool
    holiday: str
    is_default: bool
    is_today: bool
    is_listed: bool

    @property
    def level(self) -> int:
        return sum(self.count >= step for step in STEPS)

    @property
    def name(self) -> str:
        """The day as it is read aloud."""
        resets = ngettext("%(count)s district", "%(count)s districts", self.count)
        said = [f"{spoken(self.day)}: {resets % {'count': number(self.count)}}"]
        said += [_("the default day")] if self.is_default else []
        said += [self.holiday] if self.holiday else []
        said += [_("outside the window")] if self.is_closed else []
        return ", ".join(said + ([_("today")] if self.is_today else []))


@dataclass(frozen=True)
class Month:
    """A month in weeks from Sunday to Saturday; None is a day of another month."""

    first: date
    count: int
    weeks: list[list[Cell | None]]


def months(counts: Mapping[date, int], rules: Policy, *, today: date, listed: date | None) -> list[Month]:
    """June to September of the season's year, and every month before or after that has a reset or opens the window."""
    first, last = _shown(counts, rules)
    return [_month(rules.year, month, counts, rules, today, listed) for month in range(first, last + 1)]


def _shown(days: Iterable[date], rules: Policy) -> tuple[int, int]:
    """The first and the last month of the calendar."""
    months_of = [rules.first_date.month, *(day.month for day in days if day.year == rules.year)]
    return min(_JUNE, *months_of), max(_SEPTEMBER, *months_of)


def span(days: Collection[date], rules: Policy) -> tuple[date, date]:
    """What rows of bars are drawn on: from the window's opening, or an earlier reset, to the calendar's end."""
    last = _shown(days, rules)[1]
    first = min([rules.first_date, *(day for day in days if day.year == rules.year)])
    return first, date(rules.year, last, calendar.monthrange(rules.year, last)[1])


def _month(year: int, month: int, counts: Mapping[date, int], rules: Policy, today: date, listed: date | None) -> Month:
    weeks = [
        [_cell(day, counts.get(day, 0), rules, today, listed) if day.month == month else None for day in week]
        for week in _WEEKS.monthdatescalendar(year, month)
    ]
    return Month(date(year, month, 1), sum(cell.count for week in weeks for cell in week if cell), weeks)


def _cell(day: date, count: int, rules: Policy, today: date, listed: date | None) -> Cell:
    is_open = rules.first_date <= day <= rules.closes_on and rules.runs_on(day)
    holiday = federal_holiday(day) or "" if day.weekday() < calendar.SATURDAY else ""
    return Cell(day, count, not is_open, holiday, day in rules.default_dates, day == today, day == listed)


@dataclass(frozen=True)
class Bar:
    """A day's resets in a small drawing, their height by their square root; `is_listed`: the day listed below."""

    x: int
    y: float
    height: float
    is_listed: bool


@dataclass(frozen=True)
class Bars:
    """A row of bars, one a day, all rows to one scale."""

    width: int
    bars: list[Bar]
    height: int = _HEIGHT
    bar: int = _BAR - 1


def bars(counts: Mapping[date, int], first: date, last: date, *, most: int, listed: date | None) -> Bars:
    """One CSM's or zone's days from `first` to `last`; `most`: the highest bar of all rows."""
    drawn = []
    for day, count in sorted(counts.items()):
        height = round(max((_HEIGHT - 2) * sqrt(count / max(most, 1)), 2), 1)
        drawn.append(Bar((day - first).days * _BAR, round(_HEIGHT - 1 - height, 1), height, day == listed))
    return Bars(((last - first).days + 1) * _BAR, drawn)


def zone_of(found: Iterable[Load], otherwise: str) -> str:
    """The zone of most of the districts, in which a page of many says its times."""
    counts: Counter[str] = Counter()
    for each in found:
        counts[each.zone] += each.resets
    return min(counts, key=lambda zone: (-counts[zone], zone), default=otherwise)


def today_in(zone: str, at: datetime) -> date:
    """The date there."""
    return clock.local_date(zone, at)
