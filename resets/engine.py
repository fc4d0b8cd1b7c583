"""The run: which resets to wake, and one step of one reset with all that may go wrong.

A worker killed anywhere leaves rows that the next tick takes up.
"""

import logging
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F

from resetportal import clock
from resets import claims, nights
from resets.claims import Claim, LostClaim
from resets.models import HeldFor, Reset, Season, Status, Tick
from resets.preconditions import Obstacle
from resets.steps import STEPS
from resets.transitions import hold

log = logging.getLogger(__name__)

LOCK_NOT_GRANTED = {"55P03", "40P01", "57014", "40001"}  # lock time-out, deadlock, cancelled, serialisation


def tick(*, at: datetime, worker: str) -> list[int]:
    """Marks that the scheduler lives, and says which resets to wake: abandoned runs first, then what is due."""
    Tick.objects.update_or_create(id=1, defaults={"ticked_at": claims.DATABASE_NOW, "ticked_by": worker})
    return waiting(at=at)


def waiting(*, at: datetime) -> list[int]:
    """Ids of resets that need a worker now: runs without one, least recently served first, then due ones."""
    abandoned = Reset.objects.working().filter(claims.unclaimed())
    ids = list(abandoned.order_by(F("claimed_until").asc(nulls_first=True)).values_list("pk", flat=True))
    return ids + _due(at)


def is_unfinished(*, at: datetime) -> bool:
    """Whether something runs, or is due and let in by its night, even if it rests for a moment between two tries."""
    if Reset.objects.working().exists():
        return True
    due = Reset.objects.due(at=at).order_by().values_list("season", "date").distinct()
    return any(nights.standing(Season.objects.get(pk=season), day).places for season, day in due)


def _due(at: datetime) -> list[int]:
    due = Reset.objects.due(at=at).filter(claims.unclaimed())
    ids: list[int] = []
    for season_id, day in due.order_by("date").values_list("season", "date").distinct():
        places = nights.standing(Season.objects.get(pk=season_id), day).places
        of_night = due.filter(season=season_id, date=day).order_by("due_from", "pk")
        ids += of_night.values_list("pk", flat=True)[:places]
    return ids


def run(reset_id: int, *, worker: str, at: datetime | None = None) -> None:
    """Advances one reset as far as it goes now. `at`: the time for what is due; now unless given."""
    while advance(reset_id, worker=worker, at=at or clock.now()):
        pass


def advance(reset_id: int, *, worker: str, at: datetime) -> bool:
    """Does the next step of a reset; True when it was done and another may follow at once."""
    claim = claims.take(reset_id, worker=worker, at=at)
    if claim is None:
        return False
    if claim.attempt > settings.MAX_ATTEMPTS:
        return _exhausted(claim, at)
    try:
        return STEPS[claim.status](claim, at)
    except LostClaim:
        return False
    except OperationalError as error:
        if _sqlstate(error) not in LOCK_NOT_GRANTED:
            return _failed(claim, at, error)
        return _locked(claim, at)
    except Exception as error:
        return _failed(claim, at, error)


def _locked(claim: Claim, at: datetime) -> bool:
    if claims.out_of_patience(claim):
        why = f"Somebody kept the district's data locked for too long. {_state_of(claim)}"
        return _give_up(claim, at, Obstacle(HeldFor.LOCKS, why, "Find who holds the lock, then retry."))
    claims.wait_for_locks(claim)
    return False


def _failed(claim: Claim, at: datetime, error: Exception) -> bool:
    """An attempt that raised. Only the error's kind is kept: its text may hold a row's values."""
    kind = f"{type(error).__name__} {_sqlstate(error)}".strip()
    log.error("reset %s: %s failed: %s", claim.reset_id, claim.status, kind)
    claims.failed(claim, kind)
    return claim.attempt >= settings.MAX_ATTEMPTS and _exhausted(claim, at)


def _exhausted(claim: Claim, at: datetime) -> bool:
    """So many attempts ended by an error, or by the death of their worker, that a person must look."""
    error = Reset.objects.values_list("last_error", flat=True).get(pk=claim.reset_id)
    why = f"{claim.status.capitalize()} failed {settings.MAX_ATTEMPTS} times ({error or 'its worker ended'})."
    cure = "An engineer finds the cause, then retries."
    return _give_up(claim, at, Obstacle(HeldFor.ATTEMPTS, f"{why} {_state_of(claim)}", cure))


def _give_up(claim: Claim, at: datetime, obstacle: Obstacle) -> bool:
    with transaction.atomic():
        reset = Reset.objects.select_for_update(of=("self",)).get(pk=claim.reset_id)
        if (reset.claim, reset.status) == (claim.number, claim.status):
            hold(reset, obstacle, by=claim.by, at=at)
    return False


def _state_of(claim: Claim) -> str:
    if claim.status == Status.VERIFYING:
        return "The data is deleted; the proof is missing."
    return "Nothing was deleted."


def _sqlstate(error: Exception) -> str:
    cause = error.__cause__ if isinstance(error, DatabaseError) else None
    return getattr(cause, "pgcode", None) or ""
