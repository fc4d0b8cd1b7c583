"""The Season page as its templates take it: the heat map, the day listed below it, each CSM's days, the forecast."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts import moments
from districts.models import District, DistrictCounts
from exports.columns import Column, Kind
from resets import board, board_rows, board_scan, season_calendar
from resets.board import Entry
from resets.forecast import Pace
from resets.models import Season, Status
from resets.season_calendar import NO_CSM, Load, Outlook

ON_A_PAGE = 20
SHOWN = {"": "", "at-risk": "at-risk", "held": "held", "no-answer": "no-answer"}
Row = dict[str, Any]


@dataclass(frozen=True)
class SeasonPage:
    """One person's look at a season. `asked` is the address's own; what it names and is not there does nothing."""

    season: Season
    visible: QuerySet[District]
    asked: QueryDict
    role: str
    at: datetime

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
        if asked and asked.year == self.season.rules.year:
            return asked
        ahead = [day for day in self.counts if day >= self.today]
        return min(ahead, default=self.season.rules.default_dates[-1])

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
        """Every district with a date that this person sees, whatever the filters."""
        return [entry for entry in board_scan.scan(self.visible, self.season, at=self.at) if entry.reset]

    @cached_property
    def at_risk(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_at_risk]

    @cached_property
    def of_day(self) -> list[Entry]:
        """The day's districts, those that need a person first."""
        found = [entry for entry in self.entries if entry.day == self.day and self._is_chosen(entry)]
        return sorted(found, key=lambda entry: (not entry.is_at_risk, not _is_held(entry), entry.district.name))

    def _is_chosen(self, entry: Entry) -> bool:
        return self.csm in ("", self.csm_of[entry.district.pk]) and self.zone in ("", entry.district.zone)

    @cached_property
    def listed(self) -> list[Entry]:
        """The day's districts of the chosen chip."""
        return [entry for entry in self.of_day if board.KEYS[self.show].holds(entry)]

    @property
    def movable(self) -> list[str]:
        """Site codes of those listed that can still be moved."""
        return [entry.district.site_code for entry in self.listed if entry.is_ahead]

    @cached_property
    def pace(self) -> Pace | None:
        return season_calendar.pace(self.season, before=self.today)

    @cached_property
    def outlook(self) -> Outlook:
        """The night of the day listed: of all CSMs' districts, which share it."""
        hours = season_calendar.hours_of(self.season, [self.day])[self.day]
        return season_calendar.outlook(self.day, hours.values(), self.pace)

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


def _is_held(entry: Entry) -> bool:
    return entry.status == Status.HELD


def context(page: SeasonPage) -> Row:
    """All that the page shows; as many queries for ten districts as for thousands."""
    shown = Paginator(page.listed, ON_A_PAGE).get_page(page.asked.get("page"))
    return {
        "season": page.season,
        "rules": page.season.rules,
        "numbers": numbers(page),
        "months": season_calendar.months(page.counts, page.season.rules, today=page.today, listed=page.day),
        "keeps": board_rows.address(page.asked, day="", show="")[1:],
        "day": page.day,
        "size": size(page),
        "chips": chips(page),
        "rows": [row(entry) for entry in shown],
        "page": shown,
        "query": page.address()[1:],
        "of_list": {"day": page.day.isoformat(), "show": page.show, "csm": page.csm, "zone": page.zone},
        "movable": len(page.movable),
        "filters": filters(page),
        "groups": groups(page),
        "group_title": _("By zone") if _by_zone(page) else _("By CSM"),
        "group_head": _("Zone") if _by_zone(page) else _("CSM"),
        "forecast": forecast_words(page.outlook, page.pace, zone=page.own_zone, places=page.season.runs_at_once),
        "is_past": page.day < page.today,
        "own_zone": page.own_zone,
        "today": page.today,
        "is_own": page.role == "csm",
        "is_lead": page.role == "csm_lead",
    }


def numbers(page: SeasonPage) -> dict[str, int]:
    """The season in four numbers: all, reset, on the day listed, and after it."""
    return {
        "total": sum(page.counts.values()),
        "completed": sum(each.completed for each in page.loads),
        "on_day": page.counts[page.day],
        "later": sum(count for day, count in page.counts.items() if day > page.day),
    }


def size(page: SeasonPage) -> dict[str, int]:
    """What the districts of the day listed hold, in one query."""
    districts = season_calendar.narrowed(page.visible, csm=page.csm, zone=page.zone)
    of_day = districts.filter(resets__season=page.season, resets__date=page.day)
    held = DistrictCounts.objects.filter(district__in=of_day).aggregate(
        schools=Sum("schools"), students=Sum("students")
    )
    return {name: value or 0 for name, value in held.items()}


def chips(page: SeasonPage) -> list[Row]:
    """The day's filters, each an address."""
    labels = {"": _("All"), "at-risk": _("At risk"), "held": _("Held"), "no-answer": _("No answer")}
    day = page.day.isoformat()
    return [
        {
            "label": labels[key],
            "count": sum(board.KEYS[key].holds(entry) for entry in page.of_day),
            "url": page.address(day=day, show=key),
            "here": key == page.show,
        }
        for key in SHOWN
    ]


def row(entry: Entry) -> Row:
    """One district of the day listed."""
    kind, word = state(entry)
    zone = entry.district.zone
    return {
        "name": entry.district.name,
        "site_code": entry.district.site_code,
        "url": reverse("resets:district", args=[entry.district.site_code]),
        "csm": str(entry.district.csm or _("No CSM")),
        "students": entry.district.counts.students,
        "kind": kind,
        "word": word,
        "zone": moments.zone_abbreviation(entry.reset.due_from.astimezone(ZoneInfo(zone))) if entry.reset else "",
        "is_movable": entry.is_ahead,
    }


def state(entry: Entry) -> tuple[str, str]:
    """Where a district stands, what needs a person first: a kind of state and a word."""
    cases = (
        (entry.is_at_risk, "risk", _("At risk")),
        (_is_held(entry), "held", _("Held")),
        (entry.is_running, "now", _("Running or due")),
        (entry.is_reset, "done", _("Reset")),
        (entry.is_silent, "wait", _("No answer")),
    )
    return next(((kind, word) for holds, kind, word in cases if holds), ("done", _("Answered")))


def filters(page: SeasonPage) -> list[Row]:
    """Menus of the address: by CSM where there are several, by zone where there are several."""
    zones = {each.zone: moments.zone_name(each.zone) for each in sorted(page.everything, key=lambda each: each.zone)}
    csms = {} if page.role == "csm" else page.csms
    menus = (("csm", _("CSM"), _("All CSMs"), csms, page.csm), ("zone", _("Zone"), _("All zones"), zones, page.zone))
    return [
        {"label": label, "said": names.get(here, all_of_them), "links": _links(page, key, names, all_of_them, here)}
        for key, label, all_of_them, names, here in menus
        if len(names) > 1 or here
    ]


def _links(page: SeasonPage, key: str, names: dict[str, str], all_of_them: str, here: str) -> list[Row]:
    both = {"": all_of_them} | names
    return [{"label": name, "url": page.address(**{key: value}), "here": value == here} for value, name in both.items()]


def _by_zone(page: SeasonPage) -> bool:
    return page.role == "csm"


def groups(page: SeasonPage) -> list[Row]:
    """A row a CSM, or a zone on a CSM's own page: its districts, those at risk, those of the day, its days drawn."""
    by_zone = _by_zone(page)
    names = {each.zone: moments.zone_name(each.zone) for each in page.everything} if by_zone else page.csms
    risky = Counter(entry.district.zone if by_zone else page.csm_of[entry.district.pk] for entry in page.at_risk)
    days: dict[str, Counter[date]] = {key: Counter() for key in names}
    for each in page.everything:
        days[each.zone if by_zone else each.csm_key][each.day] += each.resets
    most = max((max(counts.values(), default=0) for counts in days.values()), default=0)
    return [_group(page, key, name, days[key], risky[key], most) for key, name in names.items()]


def _group(page: SeasonPage, key: str, name: str, counts: Counter[date], risky: int, most: int) -> Row:
    every = [each.day for each in page.everything]
    asked = "zone" if _by_zone(page) else "csm"
    return {
        "name": name,
        "url": page.address(**{asked: key}),
        "here": key in (page.csm, page.zone),
        "districts": sum(counts.values()),
        "at_risk": risky,
        "on_day": counts[page.day],
        "drawn": season_calendar.bars(counts, min(every), max(every), most=most, listed=page.day),
    }


def forecast_words(outlook: Outlook, pace: Pace | None, *, zone: str, places: int) -> str:
    """A night ahead in sentences, or why nobody can tell."""
    if outlook.begins is None:
        return _("No reset is set for this day.")
    resets = ngettext("%(count)s reset of all CSMs", "%(count)s resets of all CSMs", outlook.resets)
    said = _("%(resets)s, the first at %(begins)s.") % {
        "resets": resets % {"count": season_calendar.number(outlook.resets)},
        "begins": moments.moment(outlook.begins, zone),
    }
    if pace is None or outlook.ends is None or outlook.latest is None:
        return f"{said} {_('How long the night takes is not measured yet: no night gone by had a completed reset.')}"
    return f"{said} {_ends(outlook.ends, outlook.latest, zone)} {season_calendar.pace_words(pace, places=places)}"


def _ends(ends: datetime, latest: datetime, zone: str) -> str:
    if (latest - ends).total_seconds() < 60:
        return _("The last is done about %(ends)s.") % {"ends": moments.moment(ends, zone)}
    said = _("The last is done about %(ends)s; at the slowest pace measured, %(latest)s.")
    return said % {"ends": moments.moment(ends, zone), "latest": moments.moment(latest, zone)}


COLUMNS = (
    Column("Site code", Kind.ID, "The district's number."),
    Column("District", Kind.TEXT, "Its name.", 30),
    Column("CSM", Kind.TEXT, "Who looks after it.", 20),
    Column("Zone", Kind.TEXT, "Its time zone, in which its reset starts.", 20),
    Column("Reset date", Kind.DATE, "In its zone."),
    Column("Default or chosen", Kind.TEXT, "Whether it kept the season's default."),
    Column("State", Kind.TEXT, "Where it stands, what needs a person first.", 16),
    Column("Schools", Kind.NUMBER, "How many are reset, all together."),
    Column("Students", Kind.NUMBER, "How many it has now."),
    Column("Session ends", Kind.DATE, "The later of school year and summer session; empty while one is missing."),
    Column("Rostering starts", Kind.DATE, "Of the new school year."),
    Column("At risk because", Kind.TEXT, "Each reason, with the way out.", 80),
)


def sheet(page: SeasonPage) -> list[Sequence[Any]]:
    """The season's districts of the chosen CSM and zone by date, as rows of COLUMNS."""
    districts = season_calendar.narrowed(page.visible, csm=page.csm, zone=page.zone)
    found = [entry for entry in board.entries(districts, page.season, at=page.at) if entry.reset]
    return [_cells(entry) for entry in sorted(found, key=lambda entry: (entry.day or date.max, entry.district.name))]


def _cells(entry: Entry) -> Sequence[Any]:
    district, dates = entry.district, entry.calendar
    return (
        district.site_code,
        district.name,
        str(district.csm or ""),
        district.zone,
        entry.day,
        _("default") if entry.is_on_default else _("chosen"),
        state(entry)[1],
        district.counts.schools,
        district.counts.students,
        None if dates.sessions_unknown else max(end for _name, end in dates.session_ends),
        dates.rostering_starts,
        " ".join(risk.sentence for risk in entry.risks()),
    )


def about(page: SeasonPage) -> list[tuple[str, object]]:
    """What was asked for, for the sheet that tells about the list."""
    return [
        ("Season", str(page.season)),
        ("CSM", page.csms.get(page.csm, "All that you see") if page.csm else "All that you see"),
        ("Zone", moments.zone_name(page.zone) if page.zone else "All"),
    ]
