"""Reading a district as one whole, while no run can delete it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from districts import gate, shards
from districts.models import Gate


class Interrupted(Exception):
    """The district's reset has begun, or is over: what was read of it is not the whole any more."""

    def __init__(self) -> None:
        super().__init__("The reset began before it was finished, so it would not have been whole.")


@contextmanager
def whole(district_id: int, *, generation: int, is_run: bool = False) -> Iterator[None]:
    """A transaction in which no run deletes this district; keep it short. Inside it one statement is one moment.

    `generation`: the gate's number of resets when the work was asked for. `is_run`: asked by the run itself, which has
    shut the gate. Raises Interrupted. TRUNCATE is not MVCC-safe, hence the locks before the first row is read.
    """
    with transaction.atomic():
        shards.limit_lock_waits()
        gate.lock(district_id, shared=True)
        ask(district_id, generation=generation, is_run=is_run)
        shards.lock(district_id, "ACCESS SHARE")
        yield


def ask(district_id: int, *, generation: int, is_run: bool = False) -> None:
    """Raises Interrupted once a run has begun, or another generation of data is there."""
    found = Gate.objects.get(pk=district_id)
    if found.resets != generation or found.is_shut != is_run:
        raise Interrupted
