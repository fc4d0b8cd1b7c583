"""What the page of one reset shows: its phases, its schools, what is kept, the pause, and what happened."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from districts import gate
from districts.moments import clock_time
from districts.quantities import numbers
from resets import counting, history, permitted, policy
from resets.calendars import calendar_of
from resets.models import HeldFor, Reset, ResetEvent, SchoolReset, Status
from resets.policy import spoken

EVENTS = 40  # the newest; a run has about six
SOON = timedelta(minutes=10)

RUN = (Status.COUNTING, Status.DESTROYING, Status.VERIFYING, Status.COMPLETED)

KEPT = (
    (gettext_noop("Educator accounts"), ("educator",)),
    (gettext_noop("Memberships and roles"), ("educatorrole",)),
    (gettext_noop("Schools and district"), ("school", "district")),
    (gettext_noop("Pathway definitions"), ("pathway",)),
)


@dataclass(frozen=True)
class Progress:
    """One reset as rows tell it at `at`; times are aware, `zone` is the district's."""

    reset: Reset
    at: datetime
    zone: str
    elapsed: timedelta | None
    phases: list[dict[str, Any]]
    schools: list[dict[str, Any]]
    total: dict[str, Any]
    kept: list[dict[str, Any]]
    syncs: dict[str, Any]
    events: list[dict[str, Any]]
    offers: list[str]

    @property
    def largest(self) -> int:
        """Rows of the largest school, the length of a whole bar."""
        return max((school["rows"] or 0 for school in self.schools), default=0)

    @property
    def elapsed_label(self) -> str:
        """What the length of the run is: how long it has run, took, or ran until it was held."""
        return {Status.COMPLETED: _("Took"), Status.HELD: _("Held after")}.get(Status(self.reset.status), _("Elapsed"))

    @property
    def is_live(self) -> bool:
        """Whether the page looks again by itself: a run is on, or begins within minutes."""
        scheduled = self.reset.status == Status.SCHEDULED
        return self.reset.is_working or (scheduled and self.reset.due_from <= self.at + SOON)

    @property
    def waits(self) -> str:
        """Why a reset whose hour has come has not begun yet, or an empty string."""
        due = self.reset.status == Status.SCHEDULED and self.reset.due_from <= self.at
        return _("Its hour has come: it begins as soon as the night has a place for it.") if due else ""


def read(reset: Reset, *, role: str, at: datetime) -> Progress:
    """The page of `reset` for a person of `role`. A constant number of queries, whatever the district's size."""
    parts = list(reset.schools.all())
    events = ResetEvent.objects.filter(reset_id=reset.pk)[:EVENTS]
    return Progress(
        reset=reset,
        at=at,
        zone=reset.district.zone,
        elapsed=_elapsed(reset, at),
        phases=[_phase(reset, parts, status) for status in RUN],
        schools=[_school(reset, part) for part in parts],
        total=_total(reset, parts),
        kept=_kept(reset),
        syncs=_syncs(reset, at),
        events=[_event(event, reset.district.zone, role) for event in events],
        offers=permitted.offers(reset, role),
    )


def _elapsed(reset: Reset, at: datetime) -> timedelta | None:
    if reset.started_at is None:
        return None
    until: datetime = reset.completed_at or reset.held_at or at
    length: timedelta = until - reset.started_at
    return length


def _phase(reset: Reset, parts: list[SchoolReset], status: Status) -> dict[str, Any]:
    kind = _phase_kind(reset, status)
    phase = {"name": str(status.label), "kind": kind, "share": _share(parts, status, kind), "text": ""}
    return phase | _PHASE_WORDS[status](reset, parts, kind)


def _phase_kind(reset: Reset, status: Status) -> str:
    stage = RUN.index(Status(reset.stage)) if reset.stage in RUN else -1
    here = RUN.index(status)
    if here < stage or reset.status == Status.COMPLETED:
        return "done"
    if here > stage:
        return "next"
    return "held" if reset.status == Status.HELD else "now"


def _share(parts: list[SchoolReset], status: Status, kind: str) -> int:
    if kind == "done" or kind == "next":
        return 100 if kind == "done" else 0
    return round(100 * _reached(parts, _STEP_OF[status]) / len(parts)) if parts else 0


_STEP_OF = {
    Status.COUNTING: SchoolReset.Step.COUNTED,
    Status.DESTROYING: SchoolReset.Step.RESET,
    Status.VERIFYING: SchoolReset.Step.VERIFIED,
}
_STEPS = SchoolReset.Step.values


def _reached(parts: list[SchoolReset], step: str) -> int:
    """How many schools have come to a step, or past it."""
    return sum(_STEPS.index(part.step) >= _STEPS.index(step) for part in parts)


def _counting(reset: Reset, parts: list[SchoolReset], kind: str) -> dict[str, Any]:
    if kind == "next":
        return {"text": _("Every kind of row, by school. The list of schools is frozen first.")}
    said = (
        _("{done} of {parts} counted. The list of schools is frozen.") if parts else _("The list of schools is frozen.")
    )
    return {"text": said.format(done=_reached(parts, SchoolReset.Step.COUNTED), parts=len(parts))}


def _destroying(reset: Reset, parts: list[SchoolReset], kind: str) -> dict[str, Any]:
    if kind == "done" and reset.destroying_seconds is not None:
        return {"text": _committed(reset, reset.destroying_seconds)}
    return {"text": _("One transaction for all schools at once. Until it commits, nothing is deleted.")}


def _committed(reset: Reset, seconds: float) -> str:
    length = number_format(seconds, 2)
    if not reset.destroyed_at:
        return _("One transaction, {seconds} s. All schools at once.").format(seconds=length)
    at = clock_time(reset.destroyed_at, reset.district.zone, seconds=True)
    return _("One transaction, {seconds} s, at {time}. All schools at once.").format(seconds=length, time=at)


def _verifying(reset: Reset, parts: list[SchoolReset], kind: str) -> dict[str, Any]:
    if kind == "next":
        return {"text": _("Everything is counted again, by a count that does not trust the first.")}
    done = _reached(parts, SchoolReset.Step.VERIFIED)
    return {
        "text": _("{done} of {parts} counted again, by a count that does not trust the first.").format(
            done=done, parts=len(parts)
        )
    }


def _completed(reset: Reset, parts: list[SchoolReset], kind: str) -> dict[str, Any]:
    if reset.rostering_completed_at:
        return {"text": _("Rostering is complete, and syncs are on again.")}
    if reset.season.rules.resumes_on == "rostering_complete":
        return {"text": _("Syncs stay paused until rostering is complete.")}
    return {"text": _("Syncs stay paused until the reset is completed.")}


_PHASE_WORDS = {
    Status.COUNTING: _counting,
    Status.DESTROYING: _destroying,
    Status.VERIFYING: _verifying,
    Status.COMPLETED: _completed,
}


def _until(reset: Reset) -> str:
    """The policy's resuming event, in words."""
    by_rostering = reset.season.rules.resumes_on == "rostering_complete"
    return _("rostering is complete") if by_rostering else _("the reset is completed")


def _school(reset: Reset, part: SchoolReset) -> dict[str, Any]:
    counted = part.step != SchoolReset.Step.WAITING
    kind, word = _school_state(reset, part)
    return {
        "name": part.name if part.school_id else _(part.name),
        "students": part.before.get("student", 0) if counted else None,
        "classrooms": part.before.get("classroom", 0) if counted else None,
        "rows": part.rows_before if counted else None,
        "left": part.rows_left,
        "counted_again": part.rows_before if part.step == SchoolReset.Step.VERIFIED else 0,
        "kind": kind,
        "word": word,
    }


def _school_state(reset: Reset, part: SchoolReset) -> tuple[str, str]:
    if part.step == SchoolReset.Step.VERIFIED:
        return "done", _("Verified")
    if reset.status == Status.HELD:
        return "held", _("Deleted, not verified") if part.step == SchoolReset.Step.RESET else _("Nothing deleted")
    if part.step == SchoolReset.Step.RESET:
        return "now", _("Counting again")
    if part.step == SchoolReset.Step.COUNTED:
        return "allowed", _("Counted")
    return ("now", _("Counting")) if reset.status == Status.COUNTING else ("next", _("Waiting"))


def _total(reset: Reset, parts: list[SchoolReset]) -> dict[str, Any]:
    counted = reset.counted_at is not None
    verified = [part.rows_left for part in parts if part.rows_left is not None]
    return {
        "name": reset.district.name,
        "students": sum(part.before.get("student", 0) for part in parts) if counted else None,
        "classrooms": sum(part.before.get("classroom", 0) for part in parts) if counted else None,
        "rows": sum(part.rows_before for part in parts) if counted else None,
        "left_words": numbers(sum(verified)) if verified else "–",
    }


def _kept(reset: Reset) -> list[dict[str, Any]]:
    """What the destroying commit kept, and whether it was there when it was counted again."""
    if not reset.kept:
        return []
    missing = _missing(reset)
    return [_kept_row(reset, label, kinds, missing) for label, kinds in KEPT]


def _kept_row(reset: Reset, label: str, kinds: tuple[str, ...], missing: dict[str, int]) -> dict[str, Any]:
    gone = sum(missing.get(kind, 0) for kind in kinds)
    kind, word = ("done", _("Unchanged")) if reset.verified_at else ("now", _("Being compared"))
    if reset.status == Status.HELD:
        kind, word = (
            ("held", _("{number} missing").format(number=numbers(gone))) if gone else ("quiet", _("Still there"))
        )
    return {"label": _(label), "number": sum(len(reset.kept.get(k, ())) for k in kinds), "kind": kind, "word": word}


def _missing(reset: Reset) -> dict[str, int]:
    if reset.held_for != HeldFor.VERIFICATION:
        return {}
    return counting.lost(reset.kept, counting.kept(reset.district))


def _syncs(reset: Reset, at: datetime) -> dict[str, Any]:
    """The pause, from the gate: `since` and `pauses` are moments, `rostering_starts` a date in the zone."""
    calendar = calendar_of(reset.district, reset.season.school_year)
    of = reset.district.gate
    pauses = policy.pauses_at(of.pauses_on, calendar) if of.pauses_on else None
    begun = [moment for moment in (pauses, reset.started_at if of.is_shut else None) if moment]
    return {
        "is_paused": gate.is_paused(of, at=at),
        "since": min(begun, default=None),
        "pauses": pauses,
        "until": _until(reset),
        "resumed_at": of.resumed_at,
        "resumed_by": of.resumed_by,
        "rostering_starts": calendar.rostering_starts,
    }


def _event(event: ResetEvent, zone: str, role: str) -> dict[str, Any]:
    day = spoken(event.at.astimezone(ZoneInfo(zone)).date())
    return {
        "text": history.sentence(event, role),
        "quote": history.quote(event, role),
        "when": f"{day}, {clock_time(event.at, zone, seconds=True)}",
        "is_reset": event.kind == "destroyed",
    }


def at_stake(reset: Reset) -> dict[str, list[tuple[str, int]]]:
    """What a run would delete and keep if it went on now: pairs of a kind in words and its number of rows."""
    counts = counting.by_kind(counting.by_school(reset.district_id, ()))
    kept = {kind: len(ids) for kind, ids in counting.kept(reset.district).items()}
    return {
        "deleted": [(history.words_of(kind).capitalize(), number) for kind, number in counts.items()],
        "kept": [(_(label), sum(kept[kind] for kind in kinds)) for label, kinds in KEPT],
    }
