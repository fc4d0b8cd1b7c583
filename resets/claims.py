"""Who works on a reset: leases by the database's clock, and a fencing number so that only the last owner writes."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

from districts import gate, leases, shards
from resets import history
from resets.models import WORKING, Reset, Status

STEPS_IN_WORDS = {
    Status.SCHEDULED: "Beginning",
    Status.COUNTING: "Counting",
    Status.DESTROYING: "Deleting",
    Status.VERIFYING: "Counting again",
}
DATABASE_NOW = models.Func(function="clock_timestamp", output_field=models.DateTimeField())


class LostClaim(Exception):
    """Somebody else has taken this run over, or a person changed it: whoever sees this stops and writes nothing."""


@dataclass(frozen=True)
class Claim:
    """One worker's right to do one step of one reset."""

    reset_id: int
    district_id: int
    number: int
    status: str
    worker: str
    attempt: int = 1

    @property
    def by(self) -> str:
        return f"the nightly run ({self.worker})"


def unclaimed() -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lt=DATABASE_NOW)


@transaction.atomic
def take(reset_id: int, *, worker: str, at: datetime) -> Claim | None:
    """The next step of a reset for `worker`, or None: nothing to do, not due at `at`, or somebody is on it."""
    waiting = Q(status__in=WORKING) | Q(status=Status.SCHEDULED, due_from__lte=at)
    rows = Reset.objects.filter(waiting & unclaimed(), pk=reset_id).select_for_update(skip_locked=True, of=("self",))
    reset = rows.first()
    if reset is None:
        return None
    lease = timedelta(seconds=settings.LEASE_SECONDS)
    _tell_retry(reset, worker, at)
    rows.update(claim=F("claim") + 1, attempts=F("attempts") + 1, claimed_until=DATABASE_NOW + lease)
    return Claim(reset.pk, reset.district_id, reset.claim + 1, reset.status, worker, reset.attempts + 1)


@contextmanager
def owned(claim: Claim) -> Iterator[Reset]:
    """A transaction with the district locked for writers and the reset's row for everybody, if still ours.

    Waits at most LOCK_TIMEOUT_MS for each lock. Raises LostClaim.
    """
    with transaction.atomic():
        shards.limit_lock_waits()
        gate.lock(claim.district_id, shared=False)
        reset = Reset.objects.select_for_update(of=("self",)).filter(pk=claim.reset_id).first()
        if reset is None or (reset.claim, reset.status) != (claim.number, claim.status):
            raise LostClaim
        yield reset


@contextmanager
def kept(claim: Claim) -> Iterator[None]:
    """Keeps the claim for as long as the block lasts: a step that writes a file may last longer than a lease."""
    lease = timedelta(seconds=settings.LEASE_SECONDS)
    with leases.kept(lambda: _mine(claim).update(claimed_until=DATABASE_NOW + lease), lease=lease):
        yield


def release(claim: Claim) -> None:
    """Gives the step back without having tried it."""
    _mine(claim).update(claimed_until=None, waiting_since=None, attempts=F("attempts") - 1)


def wait_for_locks(claim: Claim) -> None:
    """Tries again after a pause with jitter; a lock that was not granted is no attempt."""
    pause = timedelta(seconds=random.uniform(0.2, 1.5) * settings.LOCK_TIMEOUT_MS / 1000)  # noqa: S311 (jitter)
    _mine(claim).filter(waiting_since=None).update(waiting_since=DATABASE_NOW)
    _mine(claim).update(attempts=F("attempts") - 1, claimed_until=DATABASE_NOW + pause)


def out_of_patience(claim: Claim) -> bool:
    """Whether this step has waited for locks longer than LOCK_PATIENCE_SECONDS in all."""
    patience = timedelta(seconds=settings.LOCK_PATIENCE_SECONDS)
    return _mine(claim).filter(waiting_since__lt=DATABASE_NOW - patience).exists()


def failed(claim: Claim, error: str) -> None:
    """Notes a failed attempt and pauses before the next. `error` is its kind, never its text."""
    pause = timedelta(seconds=min(2, settings.LEASE_SECONDS))
    _mine(claim).update(last_error=error[:200], waiting_since=None, claimed_until=DATABASE_NOW + pause)


def _tell_retry(reset: Reset, worker: str, at: datetime) -> None:
    """A step that failed, or whose worker died, is done once more: the certificate says so. A wait is no failure."""
    if reset.attempts and reset.waiting_since is None:
        words = {"step": STEPS_IN_WORDS[Status(reset.status)], "attempt": reset.attempts + 1}
        error = reset.last_error or "the end of its worker"
        history.record("tried_again", reset=reset, by=f"the nightly run ({worker})", at=at, error=error, **words)


def _mine(claim: Claim) -> models.QuerySet[Reset]:
    return Reset.objects.filter(pk=claim.reset_id, claim=claim.number, status=claim.status)
