"""What a certificate says of the run: what ran it, and what went wrong on the way."""

from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q

from districts.moments import clock_time
from resetportal import clock
from resets.models import HeldFor, Hold, Reset, ResetEvent
from resets.policy import spoken

STEPS: Final = ("started", "counted", "destroyed", "verified", "completed")
TROUBLE: Final = {
    "hold_placed": "{by} put the district on a records hold.",
    "hold_placed_until": "{by} put the district on a records hold until {to}.",
    "hold_extended": "{by} extended the records hold to {to}.",
    "hold_ended": "{by} ended the records hold.",
    "held": "The run was held: {held_for}.",
    "retried": "{by} had the run tried again.",
    "released": "{by} released the run, although a roster of the new year had come before it.",
    "tried_again": "{step} was tried again, attempt {attempt}. The one before ended by {error}.",
}
"""Events of the history that are told, by whom and when. Their reasons are not: they are free text, where somebody may
have been named."""
PLACED: Final = frozenset({"hold_placed", "hold_placed_until"})


def moment(at: datetime, zone: str) -> dict[str, str]:
    """A moment in UTC to the second, and in words on the zone's clock."""
    words = f"{spoken(clock.local_date(zone, at))}, {clock_time(at, zone, seconds=True)}"
    return {"utc": f"{at:%Y-%m-%dT%H:%M:%SZ}", "words": words}


def ran(reset: Reset) -> dict[str, Any]:
    """The steps of the run that completed, each with its moment and worker."""
    steps = {}
    for step in STEPS:
        at, by = getattr(reset, f"{step}_at"), getattr(reset, f"{step}_by")
        steps[step] = {**moment(at, reset.district.zone), "by": by}
    return steps


def trouble(reset: Reset) -> list[dict[str, Any]]:
    """Failures, holds and retries since the reset was planned, oldest first; empty when there was none."""
    events = ResetEvent.objects.filter(reset_id=reset.pk, kind__in=TROUBLE).order_by("id")
    told = [
        {"kind": event.kind, "by": event.by, "what": _told(event), **moment(event.at, reset.district.zone)}
        for event in events
    ]
    return _older_hold(reset, told) + told


def _older_hold(reset: Reset, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records hold that was placed before this reset was planned and ended while it waited: not in its history."""
    first = next((each["kind"] for each in told if "hold_" in each["kind"]), "")
    if first in PLACED or not first:
        return []
    holds = Hold.objects.filter(district=reset.district_id).order_by("placed_at")
    hold = holds.filter(Q(ended_at=None) | Q(ended_at__gte=_planned_at(reset))).first()
    if hold is None:
        return []
    what = TROUBLE["hold_placed"].format(by=hold.placed_by)
    placed = moment(hold.placed_at, reset.district.zone)
    return [{"kind": "hold_placed", "by": hold.placed_by, "what": what, **placed}]


def _planned_at(reset: Reset) -> datetime:
    oldest = ResetEvent.objects.filter(reset_id=reset.pk).order_by("id").first()
    return oldest.at if oldest else reset.date_set_at


def _told(event: ResetEvent) -> str:
    known = {key: str(event.detail.get(key, "")) for key in ("step", "attempt", "error")}
    known["to"] = spoken(date.fromisoformat(event.detail["to"])) if event.detail.get("to") else ""
    reason = str(HeldFor(event.detail["held_for"]).label) if event.detail.get("held_for") else "a person had to look"
    return TROUBLE[event.kind].format(by=event.by, held_for=reason[0].lower() + reason[1:], **known)
