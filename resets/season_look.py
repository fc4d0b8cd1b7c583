"""One person's look at a season: what the address asks for, and the districts and counts that answer it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from districts import moments
from districts.models import District
from resets import board_order, board_rows, board_scan, season_calendar, season_nights
from resets.board import Entry
from resets.forecast import Pace
from resets.models import Season, Status
from resets.season_calendar import NO_CSM, Load
from resets.season_nights import Outlook

SHOWN = {"": "", "at-risk": "at-risk", "held": "held", "no-answer": "no-answer"}


@dataclass(frozen=True)
class SeasonPage:
    """One person's look at a season. `asked` is the address's own; what it names and is not there does nothing.

    `is_now`: it is the season that is looked after now, so that its dates can still be moved.
    """

    season: Season
    visible: QuerySet[District]
    asked: QueryDict
    role: str
    at: datetime
    is_now: bool = True

    @property
    def key(self) -> str:
        """The season as an address names it; "" for the one looked after now."""
        return "" if self.is_now else self.season.school_year

    @cached_property
    def everything(self) -> list[Load]:
        return season_calendar.loads(self.season, self.visible)

    @cached_property
    def csm(self) -> str:
        """The CSM of the filter, as her number; "" for all."""
        return _known(self.asked.get("csm"), {each.csm_key for each in self.everything})

    @cached_property
    def zone(self) -> str:
        return _known(self.asked.get("zone"), {each.zone for each in self.everything})

    @cached_property
    def loads(self) -> list[Load]:
        return season_calendar.chosen(self.everything, csm=self.csm, zone=self.zone)

    @cached_property
    def counts(self) -> Counter[date]:
        return season_calendar.by_day(self.loads)

    @cached_property
    def span(self) -> tuple[date, date]:
        """The days that every CSM's or zone's row is drawn on."""
        return season_calendar.span({each.day for each in self.everything}, self.season.rules)

    @cached_property
    def own_zone(self) -> str:
        """The zone of most of these districts: the page says its times, and which day is today, in it."""
        return season_calendar.zone_of(self.loads, "America/Los_Angeles")

    @cached_property
    def today(self) -> date:
        return season_calendar.today_in(self.own_zone, self.at)

    @cached_property
    def day(self) -> date:
        """The day listed: the one asked for, else the next with a reset, else the season's last default."""
        asked = day_of(self.asked.get("day"))
        if asked and not self.is_no_day(self.asked.get("day", "")):
            return asked
        ahead = [day for day in self.counts if day >= self.today]
        return min(ahead, default=self.season.rules.default_dates[-1])

    def is_no_day(self, value: str) -> str:
        """Why a date of the address is no day of this season; empty for one that is, and where none is asked for."""
        asked = day_of(value)
        if not value or (asked and asked.year == self.season.rules.year):
            return ""
        if asked is None:
            return _("The address names no date of the calendar.")
        known = {"day": moments.day(asked), "year": self.season.rules.year}
        return _("%(day)s is no day of this season: its resets are in %(year)s.") % known

    @cached_property
    def show(self) -> str:
        return SHOWN.get(self.asked.get("show", ""), "")

    @cached_property
    def csms(self) -> dict[str, str]:
        """Names of the CSMs who have a district with a reset, by number, in their order."""
        numbers = {each.csm for each in self.everything if each.csm}
        named = get_user_model().objects.filter(pk__in=numbers).order_by("name").values_list("pk", "name")
        found = {str(pk): name for pk, name in named}
        return found | ({NO_CSM: _("No CSM")} if any(each.csm is None for each in self.everything) else {})

    @cached_property
    def csm_of(self) -> dict[int, str]:
        """The CSM of each district, by number."""
        return {pk: str(csm or NO_CSM) for pk, csm in self.visible.order_by().values_list("pk", "csm")}

    @cached_property
    def entries(self) -> list[Entry]:
        """Every district with a date in the season that this person sees, whatever the filters."""
        return [entry for entry in board_scan.scan(self.visible, self.season, at=self.at) if entry.is_of_season]

    @cached_property
    def at_risk(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_at_risk]

    @cached_property
    def of_day(self) -> list[Entry]:
        """The day's districts, those that need a person first."""
        found = [entry for entry in self.entries if entry.day == self.day and self._is_chosen(entry)]
        return sorted(found, key=lambda entry: (not entry.is_at_risk, not is_held(entry), entry.district.name))

    def _is_chosen(self, entry: Entry) -> bool:
        return self.csm in ("", self.csm_of[entry.district.pk]) and self.zone in ("", entry.district.zone)

    @cached_property
    def listed(self) -> list[Entry]:
        """The day's districts of the chosen chip."""
        return [entry for entry in self.of_day if board_order.KEYS[self.show].holds(entry)]

    @property
    def movable(self) -> list[str]:
        """Site codes of those listed that can still be moved."""
        return [entry.district.site_code for entry in self.listed if entry.is_ahead and self.is_now]

    @cached_property
    def pace(self) -> Pace | None:
        return season_nights.pace(self.season, before=self.today)

    @cached_property
    def outlook(self) -> Outlook:
        """The night of the day listed: of all CSMs' districts, which share it."""
        hours = season_nights.hours_of(self.season, [self.day])[self.day]
        return season_nights.outlook(self.day, hours.values(), self.pace)

    def address(self, **changed: str) -> str:
        return board_rows.address(self.asked, **changed)


def day_of(value: str | None) -> date | None:
    """A date of an address; None for what is none."""
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None


def _known(value: str | None, keys: Iterable[str]) -> str:
    return value if value and value in keys else ""


def is_held(entry: Entry) -> bool:
    """Whether its reset waits for a person."""
    return entry.status == Status.HELD
