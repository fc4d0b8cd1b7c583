"""Which letters of the season's sequence have come due, and where: their rows, once a date whatever is restarted."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from resets import letter_days, letters
from resets.models import Hold, Letter, LetterStep, Reset, Season

AGAIN = timedelta(minutes=10)  # until a letter is looked at again that waits for something else
NEAR = timedelta(days=10)  # a weekend before or after a day, and the working days for which it is news
WaitsFor = LetterStep.WaitsFor


def plan(step: LetterStep, season: Season, *, by: str, at: datetime) -> None:
    """Makes the rows of one step that have come due, in one statement; those made before are brought to their day."""
    due = [reset for reset in _near(step, season, at) if _is_due(step, reset, season, at)]
    if not due:
        return
    fields = {**letters.words_of(step), "season": season, "due_from": at, "written_at": at, "written_by": by}
    rows = (Letter(district=reset.district, step=step, **fields) for reset in due)
    Letter.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    moved = Letter.objects.filter(step=step, district__in=[reset.district_id for reset in due], attempts=0)
    moved.filter(sent_at=None, stopped_at=None, due_from__gt=at + AGAIN).update(due_from=at)


def _near(step: LetterStep, season: Season, at: datetime) -> Iterable[Reset]:
    """Resets for which a step may be due about now, and has neither gone nor been stopped for their date."""
    settled = Letter.objects.filter(letters.settled(OuterRef("date")), step=step, district=OuterRef("district"))
    held = Hold.objects.filter(district=OuterRef("district"), ended_at=None)
    rows = season.resets.filter(~Exists(settled)).select_related("district").annotate(is_on_hold=Exists(held))
    earliest, latest = at - timedelta(days=step.days) - NEAR, at - timedelta(days=step.days) + NEAR
    if step.waits_for == WaitsFor.COMPLETED:
        return rows.filter(completed_at__range=(earliest - letter_days.DONE, latest))
    if step.waits_for == WaitsFor.OPENING:
        is_near = season.opened_at is not None and earliest <= season.opened_at <= latest
        came_later = Q(added_at__range=(earliest, latest))
        return rows.filter(came_later | Q(added_at=None)) if is_near else rows.filter(came_later)
    return rows.filter(date__range=(earliest.date(), latest.date()))


def _is_due(step: LetterStep, reset: Any, season: Season, at: datetime) -> bool:
    window = letter_days.window(step, reset, season)
    if window is None or letters.is_kept_back(step, reset, is_on_hold=reset.is_on_hold):
        return False
    return window.begins <= at < window.ends
