"""What a change of a reset's state writes besides the state: held with its reasons, schools frozen."""

from datetime import datetime

from django.utils.translation import gettext_noop

from resets import history
from resets.models import Reset, SchoolReset, Status
from resets.preconditions import Obstacle


def move(reset: Reset, status: Status, **fields: object) -> None:
    """Writes the new state; a new state starts with no attempts, and whoever had claimed the old one has lost it."""
    reset.claim += 1
    fields |= {"claim": reset.claim} | {
        "status": status,
        "attempts": 0,
        "last_error": "",
        "claimed_until": None,
        "waiting_since": None,
    }
    for name, value in fields.items():
        setattr(reset, name, value)
    reset.save(update_fields=list(fields))


def hold(reset: Reset, obstacle: Obstacle, *, by: str, at: datetime) -> None:
    """Stops a reset for a person, saying why and what to do. The caller holds the reset's row."""
    stage = reset.stage
    move(
        reset,
        Status.HELD,
        held_from=stage,
        held_for=obstacle.held_for,
        held_why=obstacle.why,
        held_cure=obstacle.cure,
        held_at=at,
        held_by=by,
    )
    history.record("held", reset=reset, by=by, at=at, why=obstacle.why, held_for=obstacle.held_for)


def freeze_schools(reset: Reset) -> None:
    """The list of schools that this reset covers, and one row for students without a school."""
    reset.schools.all().delete()
    parts = [SchoolReset(reset=reset, school=school, name=school.name) for school in reset.district.schools.all()]
    parts.append(SchoolReset(reset=reset, school=None, name=gettext_noop("Students without a school")))
    SchoolReset.objects.bulk_create(parts)


def unhold(reset: Reset, to: Status) -> None:
    """Takes a held reset back into the run, or back to its date."""
    move(reset, to, held_from="", held_for="", held_why="", held_cure="", held_at=None, held_by=None)


def forget_run(reset: Reset) -> None:
    """Takes back what a run that was stopped before it deleted anything left in the row; the history keeps it.

    The caller saves the row. A release of the new year's roster counted for the old date only (W11), and whoever
    had claimed the old date has lost it.
    """
    reset.claim, reset.claimed_until, reset.waiting_since = reset.claim + 1, None, None
    reset.started_at = reset.started_by = reset.counted_at = reset.counted_by = None
    reset.new_year_released_at = reset.new_year_released_by = None
    reset.schools.all().delete()
