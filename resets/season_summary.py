"""A season in numbers, CSM by CSM, for the lead: counted by the database, with no student in it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models import Count as CountOf
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from exports.columns import Column, Kind
from resets.models import Answer, Reset, ResetEvent, Season, Status
from resets.models.resets import WAITS_FOR_ROSTERING
from resets.season_calendar import LocalDay
from resets.season_look import SeasonPage
from resets.season_page import seasons

DAY = timedelta(days=1)


class Median(Aggregate):
    """The middle of some lengths of time; those that are null are left out."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


_LATE = Q(ran_on__gt=F("date")) | Q(ran_on=None, date__lt=F("today"))  # as `run_days` has it
NUMBERS = {
    "districts": CountOf("pk"),
    "answered": CountOf("pk", filter=~Q(answer=Answer.NONE)),
    "default": CountOf("pk", filter=Q(is_default=True)),
    "chosen": CountOf("pk", filter=Q(is_default=False)),
    "completed": CountOf("pk", filter=Q(status=Status.COMPLETED)),
    "late": CountOf("pk", filter=_LATE),
    "held": CountOf("pk", filter=Q(was_held=True)),
    "waiting": CountOf("pk", filter=WAITS_FOR_ROSTERING),
    "median": Median("gap"),
    "longest": Max("gap"),
}


def _rows(season: Season, at: datetime) -> QuerySet[Reset]:
    """The season's resets with what is counted of them."""
    held = ResetEvent.objects.filter(reset_id=OuterRef("pk"), kind="held")
    return (
        Reset.objects.filter(season=season)
        .order_by()
        .annotate(
            was_held=Exists(held),
            ran_on=LocalDay(F("district__zone"), F("destroyed_at")),
            today=LocalDay(F("district__zone"), Cast(Value(at), DateTimeField())),
            gap=ExpressionWrapper(F("rostering_completed_at") - F("completed_at"), output_field=DurationField()),
        )
    )


def by_csm(season: Season, *, at: datetime) -> list[dict[str, Any]]:
    """A row a CSM in the order of their names, districts without one last; one query."""
    found = _rows(season, at).values("district__csm", "district__csm__name").annotate(**NUMBERS)
    ordered = sorted(found, key=lambda one: (one["district__csm"] is None, one["district__csm__name"] or ""))
    return [_told(one, one["district__csm__name"] or _("No CSM"), one["district__csm"]) for one in ordered]


def total(season: Season, *, at: datetime) -> dict[str, Any]:
    """The same of all: its median is of all districts, not of medians."""
    return _told(_rows(season, at).aggregate(**NUMBERS), _("All"), None)


def _told(found: Mapping[str, Any], name: str, csm: int | None) -> dict[str, Any]:
    kept = {key: value for key, value in found.items() if key in NUMBERS}
    gaps = {key: _days(found[key]) for key in ("median", "longest")}
    rostered = kept["completed"] - kept["waiting"]
    return kept | gaps | {"name": name, "csm": str(csm or "none"), "rostered": rostered}


def _days(length: timedelta | None) -> float | None:
    """A length in days, to a tenth."""
    return None if length is None else round(length / DAY, 1)


def context(page: SeasonPage) -> dict[str, Any]:
    """What the page shows."""
    season, at = page.season, page.at
    return {
        "season": season,
        "season_key": page.key,
        "menus": seasons(page),
        "rows": by_csm(season, at=at),
        "total": total(season, at=at),
        "is_lead": True,
        "last_default": _last(season),
    }


def _last(season: Season) -> date:
    return season.rules.default_dates[-1]


def columns() -> tuple[Column, ...]:
    """What the spreadsheet's columns are, in the reader's language."""
    return (
        Column(_("CSM"), Kind.TEXT, _("Who looks after the districts now; All in the last row."), 24),
        Column(_("Districts"), Kind.NUMBER, _("With a reset in this season.")),
        Column(_("Answered"), Kind.NUMBER, _("Kept the default, asked for another day, or agreed on one.")),
        Column(_("Default"), Kind.NUMBER, _("On the season's default date.")),
        Column(_("Chosen"), Kind.NUMBER, _("On a date of their own.")),
        Column(_("Reset"), Kind.NUMBER, _("Completed: counted again, and no student data left.")),
        Column(_("Late"), Kind.NUMBER, _("Run on a later day than planned, or its day is past and it has not run.")),
        Column(_("Held"), Kind.NUMBER, _("Held for a person at least once, whether or not they are now.")),
        Column(_("Rostered"), Kind.NUMBER, _("Reset, and syncs are on again.")),
        Column(_("Waiting"), Kind.NUMBER, _("Reset, and syncs are still paused.")),
        Column(_("Gap, median days"), Kind.TEXT, _("From reset to rostering complete, of those that said so.")),
        Column(_("Gap, longest days"), Kind.TEXT, _("The longest of the same.")),
    )


KEYS = (
    "name",
    "districts",
    "answered",
    "default",
    "chosen",
    "completed",
    "late",
    "held",
    "rostered",
    "waiting",
    "median",
    "longest",
)


def sheet(season: Season, *, at: datetime) -> list[Sequence[Any]]:
    """The rows of the page and their total, as rows of `columns`."""
    return [[one[key] for key in KEYS] for one in (*by_csm(season, at=at), total(season, at=at))]
