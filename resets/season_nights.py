"""Reset nights ahead: when they begin, when they would be done at the pace measured, and what that rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts import moments
from resets import forecast
from resets.forecast import Pace, Run
from resets.models import Reset, Season, Status
from resets.policy import spoken
from resets.season_calendar import number

NIGHTS = 10
"""How many nights gone by a pace is measured in, the last ones."""


def pace(season: Season, *, before: date) -> Pace | None:
    """What the last nights before a day were measured at, whosever districts they were; two queries."""
    done = Reset.objects.filter(status=Status.COMPLETED, started_at__isnull=False, date__lt=before)
    days = list(done.order_by("-date").values_list("date", flat=True).distinct()[:NIGHTS])
    rows = done.filter(date__in=days).order_by("date")
    fields = rows.values_list("date", "pk", "status", "district__zone", "due_from", "started_at", "completed_at")
    nights = {day: [Run(*row[1:]) for row in night] for day, night in groupby(fields, key=lambda row: row[0])}
    return forecast.pace(nights, places=season.runs_at_once)


def hours_of(season: Season, days: Sequence[date]) -> dict[date, dict[int, datetime]]:
    """When each reset of some days may begin, by district, of all CSMs: they share the night. One query."""
    found: dict[date, dict[int, datetime]] = {day: {} for day in days}
    rows = Reset.objects.filter(season=season, date__in=days).values_list("date", "district", "due_from")
    for day, district, due_from in rows.order_by():
        found[day][district] = due_from
    return found


@dataclass(frozen=True)
class Outlook:
    """A reset night ahead: how many run, when the first may begin, and when the last is done at a measured pace."""

    day: date
    resets: int
    begins: datetime | None
    ends: datetime | None
    latest: datetime | None

    @property
    def length(self) -> timedelta | None:
        return self.ends - self.begins if self.begins and self.ends else None


def outlook(day: date, hours: Iterable[datetime], found: Pace | None) -> Outlook:
    """A night at the middle pace measured, and at the slowest; without a pace it has no end."""
    starts = list(hours)
    begins = min(starts, default=None)
    if found is None or begins is None:
        return Outlook(day, len(starts), begins, None, None)
    ends, latest = (forecast.ends(starts, speed) for speed in (found.middle, found.slowest))
    return Outlook(day, len(starts), begins, ends, latest)


def pace_words(pace: Pace, *, places: int) -> str:
    """What a forecast rests on."""
    nights = len(pace.speeds)
    said = ngettext(
        "Measured: %(rate)s resets an hour, in %(nights)s night, %(first)s.",
        "Measured: %(rate)s resets an hour, the middle of %(nights)s nights, %(first)s to %(last)s.",
        nights,
    )
    facts = {"rate": number(round(pace.middle * 3600)), "nights": nights}
    told = said % (facts | {"first": spoken(pace.first), "last": spoken(pace.last)})
    thin = _("Each had fewer resets than run side by side (%(places)s), so a full night may go faster.")
    return told if pace.is_full else f"{told} {thin % {'places': places}}"


def forecast_words(outlook: Outlook, pace: Pace | None, *, zone: str, places: int) -> str:
    """A night ahead in sentences, or why nobody can tell."""
    if outlook.begins is None:
        return _("No reset is set for this day.")
    resets = ngettext("%(count)s reset of all CSMs", "%(count)s resets of all CSMs", outlook.resets)
    said = _("%(resets)s, the first at %(begins)s.") % {
        "resets": resets % {"count": number(outlook.resets)},
        "begins": moments.moment(outlook.begins, zone),
    }
    if pace is None or outlook.ends is None or outlook.latest is None:
        unknown = _("How long the night takes is not measured yet: no night gone by had a completed reset.")
        return f"{said} {unknown}"
    return f"{said} {_ends(outlook.ends, outlook.latest, zone)} {pace_words(pace, places=places)}"


def _ends(ends: datetime, latest: datetime, zone: str) -> str:
    if (latest - ends).total_seconds() < 60:
        return _("The last is done about %(ends)s.") % {"ends": moments.moment(ends, zone)}
    said = _("The last is done about %(ends)s; at the slowest pace measured, %(latest)s.")
    return said % {"ends": moments.moment(ends, zone), "latest": moments.moment(latest, zone)}
