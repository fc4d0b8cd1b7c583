"""What if these districts moved to that day: the verdict on each, and the nights before and after. Saves nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from districts import moments
from districts.models import District, SchoolYear
from resets import permitted, policy, season_calendar, season_nights
from resets.calendars import calendar_of
from resets.forecast import Pace
from resets.models import HeldFor, Hold, Reset, Season
from resets.policy import Judgement, Verdict
from resets.season_nights import Outlook

MOST = 200
"""Districts at once: each is judged by every rule."""


@dataclass(frozen=True)
class Line:
    """One district, and what the rules say of the day. `judgement` is None where `obstacle` says why it cannot move."""

    reset: Reset
    to: date
    judgement: Judgement | None
    obstacle: str = ""

    @property
    def moves(self) -> bool:
        """Whether it would be there afterwards, with a reason or without."""
        return self.judgement is not None and not self.judgement.refused and not self.is_there

    @property
    def is_there(self) -> bool:
        """Whether nothing is to be moved, as the change of many has it too."""
        return self.reset.stands_on(self.to)

    @property
    def needs_reason(self) -> bool:
        return self.moves and self.judgement is not None and self.judgement.needs_reason

    @property
    def verdict(self) -> str:
        return self.judgement.verdict if self.judgement else Verdict.REFUSED

    @property
    def sentence(self) -> str:
        if self.is_there:
            return _("It has this day already.")
        return self.judgement.sentence if self.judgement else self.obstacle


@dataclass(frozen=True)
class Night:
    """One night before and after the move."""

    before: Outlook
    after: Outlook

    @property
    def day(self) -> date:
        return self.before.day


@dataclass(frozen=True)
class WhatIf:
    """The districts of the address moved to its day, as far as the rules let them."""

    season: Season
    resets: list[Reset]
    to: date
    role: str
    at: datetime
    zone: str

    @cached_property
    def lines(self) -> list[Line]:
        """Refused ones first, then those that need a reason, then by name."""
        found = [self._line(reset) for reset in self.resets]
        return sorted(found, key=lambda line: (line.moves, not line.needs_reason, line.reset.district.name))

    def _line(self, reset: Reset) -> Line:
        obstacle = permitted.obstacle_to("choose", reset)
        if obstacle or (reset.held_for == HeldFor.RECORDS and reset.is_on_hold):  # type: ignore[attr-defined]  # annotated
            return Line(reset, self.to, None, obstacle or str(permitted.ON_HOLD))
        dates = calendar_of(reset.district, self.season.school_year)
        role = self.role if self.role in permitted.WHO["choose"] else "csm"  # an engineer asks as a CSM would be told
        judged = policy.judge(self.to, policy=self.season.rules, calendar=dates, now=self.at, role=role)
        return Line(reset, self.to, judged)

    @cached_property
    def moving(self) -> list[Line]:
        return [line for line in self.lines if line.moves]

    @cached_property
    def pace(self) -> Pace | None:
        return season_nights.pace(self.season, before=season_calendar.today_in(self.zone, self.at))

    @cached_property
    def nights(self) -> list[Night]:
        """The day moved to, then the days moved from, of all CSMs' districts: they share each night."""
        days = [self.to, *sorted({line.reset.date for line in self.moving})]
        hours = season_nights.hours_of(self.season, days)
        return [self._night(day, hours[day]) for day in days]

    def _night(self, day: date, hours: dict[int, datetime]) -> Night:
        moving = {line.reset.district_id for line in self.moving}
        stay = [hour for district, hour in hours.items() if district not in moving]
        come = [policy.starts_at(day, self._dates(line)) for line in self.moving] if day == self.to else []
        before, after = (season_nights.outlook(day, some, self.pace) for some in (hours.values(), [*stay, *come]))
        return Night(before, after)

    def _dates(self, line: Line) -> policy.Calendar:
        return calendar_of(line.reset.district, self.season.school_year)


def of(season: Season, visible: QuerySet[District], codes: Iterable[str]) -> list[Reset]:
    """The resets of districts that a person sees, by site code, and what the rules read; at most MOST, 3 queries."""
    wanted = [code for code in dict.fromkeys(codes) if "\x00" not in code][:MOST]
    rows = Reset.objects.filter(season=season, district__in=visible, district__site_code__in=wanted)
    years = Prefetch("district__school_years", SchoolYear.objects.filter(name=season.school_year))
    held = Exists(Hold.objects.filter(district=OuterRef("district"), ended_at=None))
    rows = rows.select_related("district__gate", "district__csm").annotate(is_on_hold=held)
    found = list(rows.prefetch_related(years, "district__holds"))
    for reset in found:
        reset.season = season
    return found


def without_date(season: Season, visible: QuerySet[District], codes: Iterable[str], *, found: int) -> list[District]:
    """Those of the address that have no date to move; asks only where some of them have no line."""
    wanted = [code for code in dict.fromkeys(codes) if "\x00" not in code][:MOST]
    if found == len(wanted):
        return []
    return list(visible.filter(site_code__in=wanted).exclude(resets__season=season).order_by("name"))


def address(codes: Sequence[str]) -> str:
    """The page for so many districts, before a day is chosen; those that are too many are counted in `more`."""
    more = [("more", str(len(codes) - MOST))] if len(codes) > MOST else []
    return f"{reverse('resets:what_if')}?{urlencode([*(('d', code) for code in codes[:MOST]), *more])}"


def count_of(text: str | None) -> int:
    """A number of an address; 0 for what is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0


def context(page: WhatIf) -> dict[str, Any]:
    """What the page shows."""
    return {
        "to": page.to,
        "lines": page.lines,
        "moving": len(page.moving),
        "with_reason": sum(line.needs_reason for line in page.moving),
        "staying": len(page.lines) - len(page.moving),
        "nights": [_night_words(night, page.zone) for night in page.nights],
        "measured": _measured(page),
        "zone": page.zone,
        "bulk_url": _bulk_url(page.moving, page.to) if page.role in permitted.WHO["choose"] else "",
    }


def _night_words(night: Night, zone: str) -> dict[str, Any]:
    return {
        "day": night.day,
        "before": night.before.resets,
        "after": night.after.resets,
        "ends_before": _end(night.before, zone),
        "ends_after": _end(night.after, zone),
    }


def _end(outlook: Outlook, zone: str) -> str:
    if outlook.begins is None:
        return _("No reset runs")
    if outlook.ends is None:
        return _("Not measured yet")
    return _("Done about %(ends)s") % {"ends": moments.moment(outlook.ends, zone)}


def _measured(page: WhatIf) -> str:
    if page.pace is None:
        return _("How long a night takes is not measured yet: no night gone by had a completed reset.")
    return season_nights.pace_words(page.pace, places=page.season.runs_at_once)


def _bulk_url(moving: Sequence[Line], to: date) -> str:
    """The page that sets the date of many, with these districts and this day filled in."""
    try:
        page = reverse("resets:bulk_date")
    except NoReverseMatch:
        return ""
    codes = [("d", line.reset.district.site_code) for line in moving]
    return f"{page}?{urlencode([*codes, ('day', to.isoformat())])}"
