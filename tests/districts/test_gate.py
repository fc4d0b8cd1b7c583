"""The pause, asked by every writer inside its own transaction."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from time import monotonic, sleep

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import IntegrityError

from districts import gate
from districts.models import District, Gate
from tests.people import Cast

MIDNIGHT = datetime(2027, 7, 28, 7, tzinfo=UTC)  # in Los Angeles


def writes(district_id: int) -> bool:
    try:
        with gate.writing(district_id):
            return True
    except gate.Paused:
        return False


def set_gate(cast: Cast, **fields: object) -> None:
    Gate.objects.filter(pk=cast.lakeside.pk).update(**fields)


@pytest.mark.parametrize(("at", "may_write"), [("2027-07-28T06:59:59Z", True), ("2027-07-28T07:00:00Z", False)])
def test_writers_pause_at_midnight_in_the_districts_zone(cast: Cast, at: str, may_write: bool) -> None:
    set_gate(cast, pauses_on=date(2027, 7, 28))
    with time_machine.travel(at, tick=False):
        assert writes(cast.lakeside.pk) is may_write


def test_a_run_shuts_writers_out_whatever_the_date_says(cast: Cast) -> None:
    set_gate(cast, is_shut=True)
    assert not writes(cast.lakeside.pk)


def test_writers_of_other_districts_go_on(cast: Cast) -> None:
    set_gate(cast, is_shut=True)
    assert writes(cast.quarry.pk)


def test_writers_write_again_after_the_declaration(cast: Cast) -> None:
    set_gate(cast, pauses_on=date(2027, 7, 28), resumed_at=MIDNIGHT, resumed_by="Carmen Ortiz")
    with time_machine.travel("2027-08-12T12:00:00Z", tick=False):
        assert writes(cast.lakeside.pk)


def test_it_says_since_when_and_until_what(cast: Cast) -> None:
    set_gate(cast, pauses_on=date(2027, 7, 28), is_shut=True)
    with pytest.raises(gate.Paused, match="paused since Wed, July 28, 2027, until rostering is complete"):
        gate.ask(cast.lakeside.pk)


def test_work_of_an_older_generation_is_refused(cast: Cast) -> None:
    set_gate(cast, resets=1)
    with pytest.raises(gate.Outdated), gate.writing(cast.lakeside.pk, resets=0):
        pass


def test_the_database_refuses_a_shut_gate_that_is_resumed(cast: Cast) -> None:
    with pytest.raises(IntegrityError):
        set_gate(cast, is_shut=True, resumed_at=MIDNIGHT, resumed_by="Carmen Ortiz")


def test_the_database_refuses_a_resumption_by_nobody(cast: Cast) -> None:
    with pytest.raises(IntegrityError):
        set_gate(cast, resumed_at=MIDNIGHT)


@pytest.fixture
def other_connection() -> Iterator[threading.Event]:
    """A session of its own that takes district 7's lock, as a run does, once asked; set when it has it."""
    taken = threading.Event()

    def run() -> None:
        with transaction.atomic():
            gate.lock(7, shared=False)
            taken.set()
        connection.close()

    thread = threading.Thread(target=run)
    taken.start = thread.start  # type: ignore[attr-defined]
    yield taken
    thread.join()


def test_a_run_waits_for_a_writer_in_flight(db: None, other_connection: threading.Event) -> None:
    with transaction.atomic():
        sid = transaction.savepoint()
        gate.lock(7, shared=True)
        other_connection.start()  # type: ignore[attr-defined]
        sleep(0.2)
        assert not other_connection.is_set()
        transaction.savepoint_rollback(sid)  # lets the advisory lock go
        start = monotonic()
        assert other_connection.wait(5)
        assert monotonic() - start < 2


def test_a_writer_holds_its_districts_lock_until_it_has_written(cast: Cast) -> None:
    with gate.writing(cast.lakeside.pk), connection.cursor() as cursor:
        cursor.execute(
            "SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'"
            " AND (classid, objid) = (%s, %s)",
            [gate.LOCKS, cast.lakeside.pk],
        )
        assert cursor.fetchall() == [("ShareLock",)]


def move_zone(cast: Cast) -> None:
    District.objects.filter(pk=cast.lakeside.pk).update(zone="Pacific/Guam")


@pytest.mark.parametrize("pending", [{"pauses_on": date(2027, 7, 28)}, {"is_shut": True}])
def test_a_zone_stays_while_a_reset_is_pending(cast: Cast, pending: dict[str, object]) -> None:
    set_gate(cast, **pending)
    with pytest.raises(IntegrityError, match="a reset is pending"):
        move_zone(cast)


def test_a_zone_may_change_before_there_is_a_date_and_after_the_declaration(cast: Cast) -> None:
    move_zone(cast)
    set_gate(cast, pauses_on=date(2027, 7, 28), resumed_at=MIDNIGHT, resumed_by="Carmen Ortiz")
    District.objects.filter(pk=cast.lakeside.pk).update(zone="America/Adak")


def test_all_else_of_a_district_may_change_while_a_reset_is_pending(cast: Cast) -> None:
    set_gate(cast, pauses_on=date(2027, 7, 28))
    cast.lakeside.name = "Lakeside Unified Schools"
    cast.lakeside.save()
