"""The Season page as its templates take it: the heat map, the day listed below it, each CSM's days, the forecast."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Sum
from django.utils.translation import gettext as _

from districts import moments
from districts.models import DistrictCounts
from resets import board_order, board_rows, season_calendar, season_nights, season_rows
from resets.models import Season
from resets.season_look import SHOWN, SeasonPage

ON_A_PAGE = 20
Row = dict[str, Any]


def context(page: SeasonPage) -> Row:
    """All that the page shows; as many queries for ten districts as for thousands."""
    shown = Paginator(page.listed, ON_A_PAGE).get_page(page.asked.get("page"))
    return {
        "season": page.season,
        "season_key": page.key,
        "rules": page.season.rules,
        "numbers": numbers(page),
        "months": season_calendar.months(page.counts, page.season.rules, today=page.today, listed=page.day),
        "keeps": board_rows.address(page.asked, day="", show="")[1:],
        "day": page.day,
        "no_day": page.is_no_day(page.asked.get("day", "")),
        "size": size(page),
        "chips": chips(page),
        "rows": [season_rows.row(entry, is_now=page.is_now) for entry in shown],
        "page": shown,
        "query": page.address()[1:],
        "of_list": {
            "day": page.day.isoformat(),
            "show": page.show,
            "csm": page.csm,
            "zone": page.zone,
            "season": page.key,
        },
        "movable": len(page.movable),
        "filters": filters(page),
        "groups": groups(page),
        "span": page.span,
        "group_title": _("By zone") if _by_zone(page) else _("By CSM"),
        "group_head": _("Zone") if _by_zone(page) else _("CSM"),
        "forecast": _forecast(page),
        "is_past": page.day < page.today,
        "own_zone": page.own_zone,
        "today": page.today,
        "is_own": page.role == "csm",
        "is_lead": page.role == "csm_lead",
    }


def _forecast(page: SeasonPage) -> str:
    places = page.season.runs_at_once
    return season_nights.forecast_words(page.outlook, page.pace, zone=page.own_zone, places=places)


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
            "count": sum(board_order.KEYS[key].holds(entry) for entry in page.of_day),
            "url": page.address(day=day, show=key),
            "here": key == page.show,
        }
        for key in SHOWN
    ]


def filters(page: SeasonPage) -> list[Row]:
    """Menus of the address: by season, CSM and zone, each where there are several."""
    zones = zone_names(sorted({each.zone for each in page.everything}))
    csms = {} if page.role == "csm" else page.csms
    menus = (("csm", _("CSM"), _("All CSMs"), csms, page.csm), ("zone", _("Zone"), _("All zones"), zones, page.zone))
    found = [
        {"label": label, "said": names.get(here, all_of_them), "links": _links(page, key, names, all_of_them, here)}
        for key, label, all_of_them, names, here in menus
        if len(names) > 1 or here
    ]
    return [*seasons(page), *found]


def seasons(page: SeasonPage) -> list[Row]:
    """The menu of the seasons that were opened, the newest first. A day or a chip of one is none of another."""
    opened = list(Season.objects.filter(opened_at__isnull=False).order_by("-school_year"))
    if len(opened) < 2:
        return []
    names = ["", *map(str, opened[1:])]  # the newest stands without its name: a saved link stays with the season now
    links = [
        {"label": str(each), "url": page.address(season=name, day="", show=""), "here": each == page.season}
        for each, name in zip(opened, names, strict=True)
    ]
    return [{"label": _("Season"), "said": str(page.season), "links": links}]


def _links(page: SeasonPage, key: str, names: dict[str, str], all_of_them: str, here: str) -> list[Row]:
    both = {"": all_of_them} | names
    return [{"label": name, "url": page.address(**{key: value}), "here": value == here} for value, name in both.items()]


def zone_names(zones: Iterable[str]) -> dict[str, str]:
    """Zones as people call them; two of one name are told apart by their cities, `Eastern (Detroit)`."""
    named = {zone: moments.zone_name(zone) for zone in zones}
    twice = Counter(named.values())
    return {zone: f"{name} ({_city(zone)})" if twice[name] > 1 else name for zone, name in named.items()}


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _by_zone(page: SeasonPage) -> bool:
    return page.role == "csm"


def groups(page: SeasonPage) -> list[Row]:
    """A row a CSM, or a zone on a CSM's own page: its districts, those at risk, those of the day, its days drawn."""
    by_zone = _by_zone(page)
    names = zone_names(dict.fromkeys(each.zone for each in page.everything)) if by_zone else page.csms
    risky = Counter(entry.district.zone if by_zone else page.csm_of[entry.district.pk] for entry in page.at_risk)
    days: dict[str, Counter[date]] = {key: Counter() for key in names}
    for each in page.everything:
        days[each.zone if by_zone else each.csm_key][each.day] += each.resets
    most = max((max(counts.values(), default=0) for counts in days.values()), default=0)
    return [_group(page, key, name, days[key], risky[key], most) for key, name in names.items()]


def _group(page: SeasonPage, key: str, name: str, counts: Counter[date], risky: int, most: int) -> Row:
    first, last = page.span
    asked = "zone" if _by_zone(page) else "csm"
    return {
        "name": name,
        "url": page.address(**{asked: key}),
        "here": key in (page.csm, page.zone),
        "districts": sum(counts.values()),
        "at_risk": risky,
        "on_day": counts[page.day],
        "drawn": season_calendar.bars(counts, first, last, most=most, listed=page.day),
    }
