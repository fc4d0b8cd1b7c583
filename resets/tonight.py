"""The page of a night: which night it is, its numbers, what is held, runs or has just ended, and its waves by zone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Count, IntegerField, Q, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from districts.moments import clock_time, moment, zone_name
from districts.quantities import numbers
from resets import forecast, nights
from resets.forecast import Run
from resets.models import WORKING, Reset, ResetQuerySet, SchoolReset, Season, Status
from resets.nights import Standing

AHEAD, BEHIND = timedelta(hours=12), timedelta(hours=18)
LISTED = 8
WHOLE_NIGHT = frozenset({"csm_lead", "engineer"})

STUDENTS = Sum(Cast(KeyTextTransform("student", "schools__before"), IntegerField()))
_PARTS = Count("schools")
_REACHED = {
    Status.COUNTING: Count("schools", filter=~Q(schools__step=SchoolReset.Step.WAITING)),
    Status.VERIFYING: Count("schools", filter=Q(schools__step=SchoolReset.Step.VERIFIED)),
}


@dataclass(frozen=True)
class Tonight:
    """One night as a person may see it at `at`. `rows`: her resets; `runs`: all of the night, for its rate."""

    day: date
    at: datetime
    season: Season
    standing: Standing
    runs: list[Run]
    rows: ResetQuerySet
    sees_all: bool

    @cached_property
    def mine(self) -> list[Run]:
        return [run for run in self.runs if run.is_mine]

    @cached_property
    def zone(self) -> str:
        """The zone of most of her districts that night: times on the page are read in it."""
        return Counter(sorted(run.zone for run in self.mine)).most_common(1)[0][0]

    @cached_property
    def counts(self) -> Counter[str]:
        """Her resets by how they stand: completed, running, held, due."""
        return Counter(_part(run.status) for run in self.mine)

    @property
    def is_over(self) -> bool:
        """Whether nothing of the night is left to run."""
        return not (self.counts["due"] or self.counts["running"])

    @property
    def every_seconds(self) -> int:
        """How often the page looks again: often while something runs or is due, seldom while hours pass."""
        due = any(run.status == Status.SCHEDULED and run.due_from <= self.at for run in self.mine)
        return 2 if due or self.counts["running"] else 20

    @cached_property
    def rate(self) -> float | None:
        return forecast.rate(self.runs)

    @property
    def numbers(self) -> list[dict[str, Any]]:
        total, done = len(self.mine), self.counts["completed"]
        share = round(100 * done / total)
        completed = {"label": _("Completed"), "value": f"{done:,}", "of": total, "detail": _("Counted and verified")}
        return [completed | {"share": share}, self._first_wave(), self._held(), self._done_by(), self._rate()]

    @property
    def waves(self) -> list[dict[str, Any]]:
        """Her districts by the instant at which they start, in the form that the board draws."""
        runs = sorted(self.mine, key=lambda run: run.due_from)
        return [_wave(starts_at, list(wave)) for starts_at, wave in groupby(runs, key=lambda run: run.due_from)]

    @cached_property
    def held(self) -> list[dict[str, Any]]:
        rows = self.rows.filter(status=Status.HELD).select_related("district__csm").order_by("held_at")
        return [_held(reset) for reset in rows]

    @cached_property
    def running(self) -> list[dict[str, Any]]:
        rows = self.rows.filter(status__in=WORKING).select_related("district").order_by("started_at")
        annotated = rows.annotate(students=STUDENTS, parts=_PARTS, counted=_REACHED[Status.COUNTING])
        return [_running(reset, self.at) for reset in annotated.annotate(verified=_REACHED[Status.VERIFYING])]

    @cached_property
    def completed(self) -> list[dict[str, Any]]:
        rows = self.rows.filter(status=Status.COMPLETED).select_related("district").order_by("-completed_at", "-pk")
        return [_completed(reset, self.zone) for reset in rows.annotate(students=STUDENTS)[:LISTED]]

    def _first_wave(self) -> dict[str, Any]:
        limit = min(self.season.first_wave, self.standing.total)
        done = min(self.standing.completed, limit)
        return {
            "label": _("First wave"),
            "value": _("{done:,} of {limit:,} verified").format(done=done, limit=limit),
            "detail": self._rest(),
        }

    def _rest(self) -> str:
        """What the first wave means for the rest of the night."""
        ended = sorted(run.completed_at for run in self.runs if run.completed_at)
        if self.standing.total <= self.season.first_wave:
            return _("The whole night is no larger")
        if self.standing.is_wave_through and ended:
            released = ended[min(self.season.first_wave, len(ended)) - 1]
            return _("The rest may run since {released}").format(released=clock_time(released, self.zone, seconds=True))
        return _("The rest waits until it is through")

    def _held(self) -> dict[str, Any]:
        failed, budget = self.standing.failed, self.season.held_budget
        number = {"label": _("Held"), "value": f"{self.counts['held']:,}"}
        if not self.sees_all:
            return number | {"detail": _("Needs a person")}
        detail = (
            _("The night stops by itself at {budget}").format(budget=budget)
            if failed < budget
            else _("The night has stopped by itself")
        )
        expected = self.standing.held - failed
        return number | {
            "held": failed,
            "limit": budget,
            "detail": detail + (_("; {expected} expected").format(expected=expected) * bool(expected)),
        }

    def _done_by(self) -> dict[str, Any]:
        if self.is_over:
            ended = [run.completed_at for run in self.mine if run.completed_at]
            return {
                "label": _("Done"),
                "value": clock_time(max(ended), self.zone) if ended else "–",
                "detail": _("Nothing left"),
            }
        last = max((run for run in self.mine if _part(run.status) in {"due", "running"}), key=lambda run: run.due_from)
        detail = _("{zone} is last, from {due_from}").format(
            zone=zone_name(last.zone), due_from=clock_time(last.due_from, self.zone)
        )
        moment = forecast.done_by(self.runs, at=self.at)
        if moment is None:
            return {
                "label": _("Done by"),
                "value": "–",
                "detail": _("No rate measured yet. {detail}").format(detail=detail),
            }
        return {"label": _("Done by"), "value": clock_time(moment, self.zone), "detail": detail}

    def _rate(self) -> dict[str, Any]:
        if self.rate is None:
            return {"label": _("Resets a second"), "value": "–", "detail": _("No rate measured yet")}
        measured = sum(run.completed_at is not None for run in self.runs)
        return {
            "label": _("Resets a second"),
            "value": f"{self.rate:.1f}",
            "detail": _("Measured tonight, over {measured:,}").format(measured=measured),
        }


def night_of(rows: ResetQuerySet, *, at: datetime) -> date | None:
    """The night that it is at `at`: one whose resets are due or run, else one that begins soon or has just ended."""
    begun = rows.filter(Q(status=Status.SCHEDULED, due_from__lte=at) | Q(status__in=WORKING))
    soon = rows.filter(due_from__gt=at, due_from__lte=at + AHEAD).order_by("date")
    over = rows.filter(due_from__lte=at, due_from__gt=at - BEHIND)
    for found in (begun.order_by("-date"), soon, over.order_by("-date")):
        if day := found.values_list("date", flat=True).first():
            return day
    return None


def next_night(rows: ResetQuerySet, *, after: date) -> tuple[date, int] | None:
    """The next date with resets still to run, and how many."""
    later = rows.filter(status=Status.SCHEDULED, date__gt=after).order_by("date")
    return later.values_list("date").annotate(number=Count("pk")).first()


def read(user: Any, day: date, *, at: datetime) -> Tonight | None:
    """The night of `day` for a person; None when she has no reset that night."""
    season = Season.objects.filter(resets__date=day).order_by("-school_year").first()
    if season is None:
        return None
    rows = Reset.objects.visible_to(user).filter(season=season, date=day)
    runs = _runs(season, day, set(rows.values_list("pk", flat=True)))
    if not any(run.is_mine for run in runs):
        return None
    standing = nights.standing(season, day)
    return Tonight(day, at, season, standing, runs, rows, sees_all=user.role in WHOLE_NIGHT)


def pause_in_words(tonight: Tonight) -> str:
    """Who paused the night, since when and why; an empty string while it is not."""
    night = tonight.standing.night
    if night is None or night.paused_at is None:
        return ""
    return _("{paused_by} paused the night on {paused_at}: “{paused_why}”.").format(
        paused_by=night.paused_by, paused_at=moment(night.paused_at, tonight.zone), paused_why=night.paused_why
    )


def _runs(season: Season, day: date, mine: set[int]) -> list[Run]:
    rows = season.resets.filter(date=day).order_by("due_from", "pk")
    fields = rows.values_list("pk", "status", "district__zone", "due_from", "started_at", "completed_at")
    return [Run(*row, is_mine=row[0] in mine) for row in fields]


def _part(status: str) -> str:
    if status in WORKING:
        return "running"
    return "due" if status == Status.SCHEDULED else status


def _wave(starts_at: datetime, runs: list[Run]) -> dict[str, Any]:
    zones = list(dict.fromkeys(run.zone for run in runs))
    counts = Counter(_part(run.status) for run in runs)
    return {
        "name": _listed(zone_name(zone) for zone in zones),
        "abbreviation": _listed(_letters(starts_at, zone) for zone in zones),
        "starts_at": starts_at,
    } | {part: counts[part] for part in ("completed", "running", "held", "due")}


def _letters(at: datetime, zone: str) -> str:
    return clock_time(at, zone).split(" ", 2)[2]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _held(reset: Reset) -> dict[str, Any]:
    district = reset.district
    stage = _("Before counting") if reset.held_from == Status.SCHEDULED else str(Status(reset.held_from).label)
    about = [district.site_code, str(district.csm or _("No CSM")), stage]
    return {
        "name": district.name,
        "about": " · ".join(about),
        "why": reset.held_why,
        "todo": reset.held_cure,
        "url": reset.get_absolute_url(),
    }


def _running(reset: Any, at: datetime) -> dict[str, Any]:
    reached = {Status.COUNTING: reset.counted, Status.VERIFYING: reset.verified}.get(reset.status)
    return {
        "name": reset.district.name,
        "url": reset.get_absolute_url(),
        "status": reset.status,
        "share": round(100 * reached / reset.parts) if reached is not None and reset.parts else 0,
        "schools": _("one transaction") if reached is None else _reached(reached, reset.parts),
        "students": reset.students,
        "length": at - (reset.started_at or at),
    }


def _reached(number: int, parts: int) -> str:
    return _("{number} of {all}").format(number=numbers(number), all=numbers(parts))


def _completed(reset: Any, zone: str) -> dict[str, Any]:
    return {
        "name": reset.district.name,
        "url": reset.get_absolute_url(),
        "status": reset.status,
        "students": reset.students,
        "length": reset.completed_at - reset.started_at,
        "when": clock_time(reset.completed_at, zone, seconds=True),
    }
