"""The pause: one question that every writer of student data asks, inside its own transaction.

A writer holds its district's lock shared while it writes; a run takes it exclusively. The question is a statement of
its own after the lock, under READ COMMITTED, with the time read there and then.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from districts import moments
from districts.models import Gate
from resetportal import clock

LOCKS = 0x5E5E7  # the first key of this project's advisory locks; the second is the district's id


class Paused(Exception):
    """The district's writers are shut out; the message says since when and until what.

    `since`: the local date of the pause, None where a run began without one.
    """

    def __init__(self, sentence: str, since: date | None = None) -> None:
        super().__init__(sentence)
        self.since = since


class Outdated(Exception):
    """The district was reset after this work had begun, so its data is of a closed year."""


@contextmanager
def writing(district_id: int, *, resets: int | None = None) -> Iterator[Gate]:
    """A transaction in which student data of one district may be written.

    `resets`: the gate's number when the caller began to fetch; another number now raises Outdated.
    Raises Paused while the district is paused.
    """
    with transaction.atomic():
        lock(district_id, shared=True)
        gate = ask(district_id)
        if resets is not None and gate.resets != resets:
            raise Outdated(_("The district was reset after this roster was read. Fetch it again."))
        yield gate


def ask(district_id: int) -> Gate:
    """The gate of a district that is not paused, read now. Raises Paused."""
    gate = Gate.objects.select_related("district").get(pk=district_id)
    if is_paused(gate, at=clock.now()):
        raise Paused(sentence(gate), gate.pauses_on)
    return gate


def is_paused(gate: Gate, *, at: datetime) -> bool:
    """Whether writers are shut out: from 00:00 of the reset date in the district's zone, or once a run began."""
    if gate.resumed_at is not None:
        return False
    return gate.is_shut or has_come(gate, at=at)


def has_come(gate: Gate, *, at: datetime) -> bool:
    """Whether the reset date has begun in the district's zone."""
    return gate.pauses_on is not None and clock.local_date(gate.district.zone, at) >= gate.pauses_on


def sentence(gate: Gate) -> str:
    """Why nothing is written, in words."""
    said = _("Syncs of {district} are paused while its reset runs, until rostering is complete.")
    if gate.pauses_on:
        said = _("Syncs of {district} are paused since {day}, until rostering is complete.")
    return said.format(district=gate.district, day=spoken(gate.pauses_on) if gate.pauses_on else "")


def spoken(day: date) -> str:
    return moments.day(day)


def lock(district_id: int, *, shared: bool) -> None:
    """The district's lock, held until the transaction ends. Exclusive: waits for every writer in flight."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [LOCKS, district_id])
