"""Whose turn it is to be read: one roster of a district at a time, and so many districts in all.

Told by rows: a lease by the database's clock, and a number that fences off whoever had the turn before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Case, F, Q, Value, When

from districts import gate, leases
from districts.models import Gate, RosterSource

DATABASE_NOW = models.Func(function="clock_timestamp", output_field=models.DateTimeField())
LEASE = timedelta(minutes=15)  # how long a worker that went silent keeps a district from others
PLACES = (0x5E5E8, 0)  # the advisory lock under which places are counted and taken


class Lost(gate.Outdated):
    """Another worker took this turn over, or the district was reset since it began: nothing of it may be written."""


@dataclass(frozen=True)
class Turn:
    """One worker's right to read one district's roster, of the generation that began with so many `resets`."""

    district_id: int
    number: int
    attempt: int
    due_from: datetime | None
    resets: int


_current: ContextVar[Turn | None] = ContextVar("the turn that this worker has", default=None)


@transaction.atomic
def take(candidates: models.QuerySet[RosterSource], *, is_capped: bool = True) -> Turn | None:
    """The turn of the first of these districts that nobody has; None when there is no such, or no place.

    `is_capped`: counts for ROSTERS_AT_ONCE, so that workers stay free for resets.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", PLACES)
    if is_capped and not free_places():
        return None
    source = candidates.filter(free()).select_for_update(skip_locked=True, of=("self",)).first()
    if source is None:
        return None
    RosterSource.objects.filter(pk=source.pk).update(
        claim=F("claim") + 1, attempts=F("attempts") + 1, claimed_until=DATABASE_NOW + LEASE
    )
    resets = Gate.objects.values_list("resets", flat=True).get(pk=source.pk)
    return Turn(source.pk, source.claim + 1, source.attempts + 1, source.due_from, resets)


@contextmanager
def kept(turn: Turn) -> Iterator[None]:
    """Keeps a turn for as long as the block lasts, however long a server takes to answer.

    A worker that dies or stands still keeps nothing: its lease ends.
    """
    token = _current.set(turn)
    try:
        with leases.kept(lambda: renew(turn), lease=LEASE):
            yield
    finally:
        _current.reset(token)


def check(district_id: int) -> None:
    """Asked in the transaction that writes a roster. Raises Lost when this worker's turn is not its own any more.

    Whoever reads a roster without a turn, such as a command, is not asked.
    """
    turn = _current.get()
    if turn is None or turn.district_id != district_id:
        return
    is_mine = _mine(turn).exists()
    if not is_mine or Gate.objects.values_list("resets", flat=True).get(pk=district_id) != turn.resets:
        raise Lost(
            "Another worker took over, or the district was reset, after this roster was fetched. Fetch it again."
        )


def give_back(turn: Turn, *, attempts: int, due_from: datetime | None = None) -> bool:
    """Ends a turn; answers whether it was still one's own. `due_from`: when the district is fetched next.

    A due moment that somebody else set meanwhile, such as a resumption, stays.
    """
    fields: dict[str, object] = {"claimed_until": None, "attempts": attempts}
    if due_from is not None:
        as_it_was = Q(due_from=turn.due_from) if turn.due_from else Q(due_from=None)
        fields["due_from"] = Case(When(as_it_was, then=Value(due_from)), default=F("due_from"))
    return _mine(turn).update(**fields) == 1


def renew(turn: Turn) -> None:
    _mine(turn).filter(claimed_until__isnull=False).update(claimed_until=DATABASE_NOW + LEASE)


def free_places() -> int:
    """How many more districts may be read at once."""
    most: int = settings.ROSTERS_AT_ONCE
    return max(0, most - RosterSource.objects.filter(~free()).count())


def free() -> Q:
    """Of sources: nobody reads this district's roster now."""
    return Q(claimed_until=None) | Q(claimed_until__lte=DATABASE_NOW)


def _mine(turn: Turn) -> models.QuerySet[RosterSource]:
    return RosterSource.objects.filter(pk=turn.district_id, claim=turn.number)
