"""After the reset: districts without the new year's roster, by days to their first day of school."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import RosterSync, SchoolYear
from districts.moments import moment
from exports.columns import Column, Kind
from resetportal import clock
from resets import board_rows, permitted, run_days, season_calendar, syncs
from resets.models import Reset, Status
from resets.models.resets import WAITS_FOR_ROSTERING
from resets.policy import spoken
from resets.season_look import SeasonPage
from resets.season_page import filters

ON_A_PAGE = 100
NEAR = 14
"""Days to the first day of school from which a district is at risk, as `risks` has it."""
GOOD = (RosterSync.Outcome.APPLIED, RosterSync.Outcome.UNCHANGED)
NOTHING_TOLD = (RosterSync.Outcome.REHEARSED, RosterSync.Outcome.PAUSED)

_IS_OVER = ~Q(district__gate__pauses_on=F("date"))  # its gate serves a later reset by now
_RESUMED = Q(district__gate__resumed_at__isnull=False)
SHOWN: dict[str, Q] = {
    "": WAITS_FOR_ROSTERING,
    "ready": WAITS_FOR_ROSTERING & Q(data_ready_at__isnull=False),
    "no-first-sync": ~_IS_OVER & _RESUMED & Q(first_sync=None),
    "done": _IS_OVER | (_RESUMED & Q(first_sync__isnull=False)),
}


def rows_of(page: SeasonPage) -> QuerySet[Reset]:
    """The season's completed resets of the chosen CSM and zone, with the days and the sync that the list is about.

    Those of earlier seasons that still wait are among them: whoever looks at this one is to turn their syncs on.
    """
    districts = season_calendar.narrowed(page.visible, csm=page.csm, zone=page.zone)
    year = SchoolYear.objects.filter(district=OuterRef("district"), name=OuterRef("season__school_year"))
    since = RosterSync.objects.filter(
        district=OuterRef("district"), finished_at__gte=OuterRef("district__gate__resumed_at")
    )
    told = since.exclude(outcome__in=NOTHING_TOLD).order_by("-finished_at", "-id")
    before = Reset.objects.unfinished_before(page.season).values("pk")
    rows = Reset.objects.filter(Q(season=page.season) | Q(pk__in=before), status=Status.COMPLETED)
    return rows.filter(district__in=districts).annotate(
        first_day=Subquery(year.values("first_day_on")[:1]),
        days_left=F("first_day") - season_calendar.LocalDay(F("district__zone"), Cast(Value(page.at), DateTimeField())),
        first_sync=Subquery(since.filter(outcome__in=GOOD).order_by("finished_at").values("finished_at")[:1]),
        last_outcome=Subquery(told.values("outcome")[:1]),
        is_tried=Exists(told),
    )


def listed(page: SeasonPage) -> QuerySet[Reset]:
    """Those of the chosen chip, the nearest first day of school first, those without one last."""
    rows = rows_of(page).filter(SHOWN[show(page)])
    order = (F("days_left").asc(nulls_last=True), "district__name")
    return rows.select_related("district__gate", "district__csm", "season").order_by(*order)


def show(page: SeasonPage) -> str:
    """The chip of the address; "" for those that wait for rostering."""
    asked = page.asked.get("show", "")
    return asked if asked in SHOWN else ""


def labels() -> dict[str, str]:
    """The chips' words."""
    return {
        "": _("Waiting for rostering"),
        "ready": _("Data ready"),
        "no-first-sync": _("No roster since syncs are on"),
        "done": _("Rostered"),
    }


def label_of(page: SeasonPage) -> str:
    """The words of the chosen chip."""
    return labels()[show(page)]


def context(page: SeasonPage) -> dict[str, Any]:
    """What the page shows, in a constant number of queries."""
    shown = Paginator(listed(page), ON_A_PAGE).get_page(page.asked.get("page"))
    return {
        "season": page.season,
        "season_key": page.key,
        "chips": chips(page),
        "rows": [row(reset, page) for reset in shown],
        "page": shown,
        "query": board_rows.address(page.asked)[1:],
        "menus": filters(page),
        "is_own": page.role == "csm",
        "is_lead": page.role == "csm_lead",
        "here_url": f"{reverse('resets:season_after')}{board_rows.address(page.asked)}",
    }


def chips(page: SeasonPage) -> list[dict[str, Any]]:
    """The list's filters with how many each holds, counted in one query."""
    numbered = {key or "waiting": holds for key, holds in SHOWN.items()}
    counts = rows_of(page).aggregate(
        **{key.replace("-", "_"): Count("pk", filter=holds) for key, holds in numbered.items()}
    )
    here = show(page)
    return [
        {
            "label": label,
            "count": counts[(key or "waiting").replace("-", "_")],
            "url": page.address(show=key),
            "here": key == here,
        }
        for key, label in labels().items()
    ]


def row(reset: Any, page: SeasonPage) -> dict[str, Any]:
    """One district: how long it has, what it waits for, and whether this person may say that rostering is complete."""
    district, today = reset.district, clock.local_date(reset.district.zone, page.at)
    days = run_days.of(reset)
    may = page.role in permitted.WHO["rostering_complete"] and not permitted.obstacle_to("rostering_complete", reset)
    return {
        "name": district.name,
        "site_code": district.site_code,
        "url": reverse("resets:district", args=[district.site_code]),
        "csm": str(district.csm or _("No CSM")),
        "days": days_words(reset.first_day, today),
        "is_near": _is_near(reset, today),
        "first_day": reset.first_day,
        "reset_on": days.day,
        "earlier": "" if reset.season_id == page.season.pk else str(reset.season),
        "planned": days.planned_words(today.year),
        "ready": _ready(reset),
        "sync": sync_words(reset),
        "declare": reverse("resets:rostering_complete", args=[reset.pk]) if may else "",
    }


def _is_near(reset: Any, today: date) -> bool:
    is_over = reset.first_sync is not None or permitted.is_pending_again(reset)
    return not is_over and reset.first_day is not None and (reset.first_day - today).days <= NEAR


def days_words(first_day: date | None, today: date) -> str:
    """How long until school starts: `in 9 days`."""
    if first_day is None:
        return _("First day missing")
    days = (first_day - today).days
    if days == 0:
        return _("today")
    text = ngettext("in %(days)d day", "in %(days)d days", days)
    if days < 0:
        text = ngettext("%(days)d day ago", "%(days)d days ago", -days)
    return text % {"days": abs(days)}


def _ready(reset: Reset) -> tuple[str, str]:
    """Whether the district said that its new data is ready: a kind of state and words."""
    if reset.data_ready_at is None:
        return "quiet", _("Not said yet")
    return "done", _("%(who)s, %(day)s") % {
        "who": reset.data_ready_by,
        "day": spoken(clock.local_date(reset.district.zone, reset.data_ready_at), reset.date.year),
    }


def sync_words(reset: Any) -> tuple[str, str]:
    """The first roster after syncs were turned on again: a kind of state and words."""
    resumed = reset.district.gate.resumed_at
    if permitted.is_pending_again(reset):
        return "quiet", _("Syncs wait for its next reset")
    if resumed is None:
        return "held", _("Syncs paused")
    if reset.first_sync:
        return "done", moment(reset.first_sync, reset.district.zone)
    if reset.is_tried:
        return "wait", _("None yet; the last was: %(outcome)s") % {"outcome": syncs.ended(reset.last_outcome)}
    return "wait", _("None yet, on since %(when)s") % {"when": moment(resumed, reset.district.zone)}


def columns() -> tuple[Column, ...]:
    """What the spreadsheet's columns are, in the reader's language."""
    return (
        Column(_("Site code"), Kind.ID, _("The district's number.")),
        Column(_("District"), Kind.TEXT, _("Its name."), 30),
        Column(_("CSM"), Kind.TEXT, _("Who looks after it."), 20),
        Column(_("First day of school"), Kind.DATE, _("Of the new school year; empty while it is missing.")),
        Column(_("Days to it"), Kind.NUMBER, _("From today in the district's zone; negative once school has started.")),
        Column(_("Planned for"), Kind.DATE, _("The day that its reset had.")),
        Column(_("Run on"), Kind.DATE, _("The day on which its data was deleted.")),
        Column(_("Data ready"), Kind.DATE, _("When the district said that its new data is ready.")),
        Column(_("Rostering complete"), Kind.DATE, _("When its CSM said so.")),
        Column(_("First roster since"), Kind.DATE, _("The first roster after syncs were turned on again.")),
        Column(_("Zone"), Kind.TEXT, _("Its time zone, in which all dates of the row are."), 20),
    )


def sheet(page: SeasonPage) -> list[Sequence[Any]]:
    """The list of the page, whole, as rows of `columns`."""
    return [_cells(reset, page) for reset in listed(page)]


def _cells(reset: Any, page: SeasonPage) -> Sequence[Any]:
    district, zone = reset.district, reset.district.zone
    today = clock.local_date(zone, page.at)
    moments = (reset.data_ready_at, reset.rostering_completed_at, reset.first_sync)
    days = [clock.local_date(zone, at) if at else None for at in moments]
    left = (reset.first_day - today).days if reset.first_day else None
    told = (district.site_code, district.name, str(district.csm or ""), reset.first_day, left)
    return *told, *run_days.of(reset), *days, zone
