"""Writes the gate of `districts` in the transactions that change a reset's date or state.

Held against the resets by a test: a gate says what its district's reset says, always.
"""

from collections.abc import Collection
from datetime import date, datetime

from districts.models import Gate, RosterSource


def pause_from(district_id: int, day: date) -> None:
    """Syncs will pause at 00:00 of `day` in the district's zone; a run that had begun has been taken back."""
    _set(district_id, pauses_on=day, is_shut=False, resumed_at=None, resumed_by=None)


def pause_all_from(district_ids: Collection[int], day: date) -> None:
    """`pause_from` for many districts with the same day, in one statement."""
    fields = {"pauses_on": day, "is_shut": False, "resumed_at": None, "resumed_by": None}
    if Gate.objects.filter(pk__in=district_ids).update(**fields) != len(district_ids):
        raise LookupError("A district has no gate. Make it with: manage.py repair_shards.")


def shut(district_id: int) -> None:
    """A run has begun: nobody writes, whatever the date says."""
    _set(district_id, is_shut=True, resumed_at=None, resumed_by=None)


def count_reset(district_id: int, *, resets: int, closed_year: str, at: datetime, by: str) -> None:
    """The district's data was destroyed; work that began under an older number is outdated."""
    _set(district_id, resets=resets, closed_year=closed_year, last_reset_at=at, last_reset_by=by)


def resume(district_id: int, *, at: datetime, by: str) -> None:
    """The policy's resuming event has happened: writers may write again, and rosters are fetched anew at once."""
    _set(district_id, is_shut=False, resumed_at=at, resumed_by=by)
    fetched = RosterSource.objects.filter(pk=district_id).exclude(kind=RosterSource.Kind.UPLOAD)
    fetched.update(due_from=at, attempts=0)


def _set(district_id: int, **fields: object) -> None:
    if Gate.objects.filter(pk=district_id).update(**fields) != 1:
        raise LookupError(f"District {district_id} has no gate. Make it with: manage.py repair_shards.")
