"""What stands between a reset and a mistake: each guard, looked at while the run is in the middle of a step."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from districts import gate, shards
from districts.models import Educator, Gate, RosterSync, SchoolYear, Student
from resetportal import clock
from resets import claims, engine, holds, night_verbs, nights, services, steps, transitions
from resets import ledger as the_ledger
from resets.models import HeldFor, Hold, LedgerEntry, Reset, SchoolReset, Status
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("night")

At = Callable[[str, Callable[[], object]], None]


@pytest.fixture
def at_point(monkeypatch: pytest.MonkeyPatch) -> At:
    """Does something at one of the engine's named points."""

    def arrange(point: str, act: Callable[[], object]) -> None:
        monkeypatch.setattr(steps, "failpoint", lambda name: act() if name == point else None)

    return arrange


@pytest.fixture
def somebody_writes(reset: Reset) -> Iterator[None]:
    """Another session holds Lakeside's lock, as a writer does, until the test ends."""
    holding, done = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            gate.lock(reset.district_id, shared=True)
            holding.set()
            done.wait(30)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    holding.wait(5)
    yield
    done.set()
    thread.join()


def advance(reset: Reset, steps: int = 1) -> Reset:
    for _ in range(steps):
        engine.advance(reset.pk, worker="w1", at=clock.now())
    reset.refresh_from_db()
    return reset


def ask(statement: str, *values: str | int) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def test_a_run_that_may_not_begin_leaves_nothing_behind(reset: Reset, cast: Cast) -> None:
    holds.place(district=cast.lakeside, by=cast.dana, at=clock.now(), reason="A request to inspect is open.")
    assert advance(reset).held_from == Status.SCHEDULED
    assert not SchoolReset.objects.filter(reset=reset).exists()


def test_a_run_that_begins_shuts_the_gate(reset: Reset) -> None:
    advance(reset)
    assert Gate.objects.get(pk=reset.district_id).is_shut


def test_a_paused_night_lets_nothing_begin(reset: Reset, cast: Cast) -> None:
    night_verbs.pause(season=reset.season, day=reset.date, by=cast.maya, at=clock.now(), reason="The network.")
    assert advance(reset).status == Status.SCHEDULED
    assert (reset.attempts, reset.claimed_until) == (0, None)


def test_a_step_holds_its_districts_lock_alone(reset: Reset, at_point: At) -> None:
    seen: list[tuple[object, ...]] = []
    query = "SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND (classid, objid) = "
    at_point("begin.before_commit", lambda: seen.extend(ask(f"{query}(%s, %s)", gate.LOCKS, reset.district_id)))
    advance(reset)
    assert ("ExclusiveLock",) in seen


def test_a_step_waits_for_a_lock_no_longer_than_its_limit(reset: Reset, at_point: At, settings: Settings) -> None:
    seen: list[tuple[object, ...]] = []
    at_point("begin.before_commit", lambda: seen.extend(ask("SELECT current_setting('lock_timeout')")))
    advance(reset)
    assert seen == [(f"{settings.LOCK_TIMEOUT_MS // 1000}s",)]


def test_the_leaves_are_locked_before_they_are_counted_again(reset: Reset, at_point: At) -> None:
    seen: list[tuple[object, ...]] = []
    query = (
        "SELECT relation::regclass::text FROM pg_locks"
        " WHERE pid = pg_backend_pid() AND mode = 'AccessExclusiveLock' AND relation::regclass::text LIKE %s"
    )
    at_point("destroy.before_truncate", lambda: seen.extend(ask(query, f"%\\_d{reset.district_id}")))
    advance(reset, steps=3)
    assert {name for (name,) in seen} >= set(shards.leaves(reset.district_id))


def test_a_change_of_what_is_kept_undoes_the_destroying(reset: Reset, at_point: At) -> None:
    educators = Educator.objects.filter(district=reset.district_id)
    at_point("destroy.before_truncate", lambda: educators.update(last_name="Changed"))
    advance(reset, steps=3)
    assert (reset.status, reset.last_error) == (Status.DESTROYING, "KeptChanged")
    assert Student.objects.of(reset.district_id).count() == 3


def test_a_worker_that_was_replaced_writes_nothing(reset: Reset, at_point: At) -> None:
    advance(reset)
    at_point("count.after_query", lambda: Reset.objects.filter(pk=reset.pk).update(claim=F("claim") + 1))
    assert advance(reset).status == Status.COUNTING
    assert set(reset.schools.values_list("step", flat=True)) == {SchoolReset.Step.WAITING}


def test_a_reset_stopped_while_it_was_counted_stays_stopped(reset: Reset, cast: Cast, at_point: At) -> None:
    advance(reset)
    at_point(
        "count.after_query",
        lambda: services.stop(reset=reset, by=cast.carmen, at=clock.now(), reason="The district called."),
    )
    assert advance(reset).status == Status.HELD


def test_a_run_whose_workers_keep_dying_is_held(reset: Reset, settings: Settings) -> None:
    advance(reset)
    Reset.objects.filter(pk=reset.pk).update(attempts=settings.MAX_ATTEMPTS)
    assert advance(reset).held_for == HeldFor.ATTEMPTS
    assert reset.held_why == "Counting failed 5 times (its worker ended). Nothing was deleted."


def test_a_success_forgives_earlier_attempts(reset: Reset, settings: Settings) -> None:
    Reset.objects.filter(pk=reset.pk).update(attempts=settings.MAX_ATTEMPTS - 1)
    assert advance(reset).attempts == 0


@pytest.mark.usefixtures("somebody_writes")
def test_a_lock_that_is_not_granted_is_no_attempt(reset: Reset, settings: Settings) -> None:
    settings.LOCK_TIMEOUT_MS = 50
    advance(reset)
    assert (reset.status, reset.attempts) == (Status.SCHEDULED, 0)
    assert reset.waiting_since


@pytest.mark.usefixtures("somebody_writes")
def test_a_lock_that_does_not_go_away_holds_the_run(reset: Reset, settings: Settings) -> None:
    settings.LOCK_TIMEOUT_MS = 50
    Reset.objects.filter(pk=reset.pk).update(waiting_since="2001-01-01T00:00:00Z")
    assert advance(reset).held_for == HeldFor.LOCKS
    assert Student.objects.of(reset.district_id).count() == 3


def test_the_last_rosters_digest_is_forgotten(reset: Reset) -> None:
    sync = RosterSync.objects.create(
        district=reset.district,
        finished_at=clock.now(),
        finished_by="nightly sync",
        local_day="2027-06-01",
        outcome=RosterSync.Outcome.APPLIED,
        digest="f" * 64,
    )
    advance(reset, steps=3)
    sync.refresh_from_db()
    assert sync.digest == ""


def test_a_ledger_that_lies_is_not_believed(reset: Reset, monkeypatch: pytest.MonkeyPatch) -> None:
    advance(reset, steps=3)
    monkeypatch.setattr(the_ledger.os, "pread", lambda *_: b"")  # type: ignore[attr-defined]
    with pytest.raises(the_ledger.LedgerError):
        the_ledger.append(LedgerEntry.objects.get(reset=reset))
    assert advance(reset).status == Status.VERIFYING


def test_a_ledger_that_cannot_be_written_keeps_the_run_unverified(
    reset: Reset, settings: Settings, tmp_path: Path
) -> None:
    advance(reset, steps=3)
    settings.LEDGER_PATH = tmp_path
    assert advance(reset).status == Status.VERIFYING
    assert reset.last_error == "LedgerError"


def test_a_date_moved_between_claim_and_step_is_not_run(
    reset: Reset, cast: Cast, june: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    june.move_to("2027-07-28T08:05:00Z")
    take = claims.take

    def take_and_lose(*args: Any, **options: Any) -> Any:
        claim = take(*args, **options)
        june.move_to("2027-07-27T18:00:00Z")  # she moved it the day before, to a day that is not over
        services.schedule(reset=reset, to=date(2027, 7, 29), by=cast.carmen, at=clock.now(), reason="They asked.")
        june.move_to("2027-07-28T08:05:00Z")
        return claim

    SchoolYear.objects.filter(district=cast.lakeside).update(has_summer_session=True, summer_ends_on="2027-07-28")
    monkeypatch.setattr(claims, "take", take_and_lose)
    assert advance(reset).status == Status.SCHEDULED
    assert reset.date == date(2027, 7, 29)


def test_a_run_that_is_not_due_does_not_begin_even_with_a_claim(reset: Reset) -> None:
    claim = claims.take(reset.pk, worker="w1", at=clock.now())
    assert claim
    Reset.objects.filter(pk=reset.pk).update(due_from=clock.now() + timedelta(hours=1))
    with pytest.raises(claims.LostClaim):
        steps.begin(claim, clock.now())


def test_a_records_hold_waits_for_the_step_in_flight_and_says_that_it_came_too_late(reset: Reset, cast: Cast) -> None:
    advance(reset, steps=3)
    with pytest.raises(services.NotPossible, match="deleted already"):
        holds.place(district=cast.lakeside, by=cast.dana, at=clock.now(), reason="A request is open.")
    assert not Hold.objects.exists()


def test_a_records_hold_locks_the_reset_before_it_is_placed(reset: Reset, cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        holds.place(district=cast.lakeside, by=cast.dana, at=clock.now(), reason="A request is open.")
    locking = next(i for i, query in enumerate(queries) if "FOR UPDATE" in query["sql"])
    placing = next(i for i, query in enumerate(queries) if "INSERT INTO" in query["sql"])
    assert locking < placing


def test_a_reset_stopped_by_a_records_hold_is_retried_once_it_is_ended(reset: Reset, cast: Cast) -> None:
    held = holds.place(district=cast.lakeside, by=cast.dana, at=clock.now(), reason="A request is open.")
    advance(reset)
    holds.end(held=held, by=cast.dana, at=clock.now())
    services.retry(reset=reset, by=cast.carmen, at=clock.now(), reason="The request is closed; Dana agrees.")
    engine.run(reset.pk, worker="w1")
    reset.refresh_from_db()
    assert reset.status == Status.COMPLETED


def test_a_records_hold_stops_a_run_that_has_counted_and_deletes_nothing(reset: Reset, cast: Cast) -> None:
    before = Student.objects.filter(district_id=reset.district_id).count()
    assert advance(reset, steps=2).status == Status.DESTROYING
    held = holds.place(district=cast.lakeside, by=cast.dana, at=clock.now(), reason="A request is open.")
    stopped = advance(reset)
    assert (stopped.status, stopped.held_for, stopped.held_from) == (Status.HELD, HeldFor.RECORDS, Status.DESTROYING)
    assert Student.objects.filter(district_id=reset.district_id).count() == before > 0
    holds.end(held=held, by=cast.dana, at=clock.now())
    again = services.retry(reset=reset, by=cast.carmen, at=clock.now(), reason="The request is closed; Dana agrees.")
    assert again.status == Status.COUNTING  # what was counted may have changed meanwhile


def test_a_records_hold_of_another_district_stops_nothing(reset: Reset, cast: Cast) -> None:
    holds.place(district=cast.quarry, by=cast.maya, at=clock.now(), reason="A request is open.")
    assert advance(reset).status == Status.COUNTING


def test_a_worker_whose_run_was_stopped_has_lost_it(reset: Reset, cast: Cast) -> None:
    advance(reset)
    claim = claims.take(reset.pk, worker="w1", at=clock.now())
    assert claim
    services.stop(reset=reset, by=cast.carmen, at=clock.now(), reason="The district called.")
    with pytest.raises(claims.LostClaim), claims.owned(claim):
        pass


def test_nobody_claims_what_is_held_not_due_or_claimed(reset: Reset, cast: Cast) -> None:
    early = reset.due_from - timedelta(seconds=1)
    assert claims.take(reset.pk, worker="w1", at=early) is None
    assert claims.take(reset.pk, worker="w1", at=clock.now())
    assert claims.take(reset.pk, worker="w2", at=clock.now()) is None
    Reset.objects.filter(pk=reset.pk).update(claimed_until=None)
    services.stop(reset=reset, by=cast.carmen, at=clock.now(), reason="The district called.")
    assert claims.take(reset.pk, worker="w1", at=clock.now()) is None


def test_a_new_date_takes_back_what_an_earlier_run_left(reset: Reset, cast: Cast) -> None:
    advance(reset, steps=2)
    Reset.objects.filter(pk=reset.pk).update(new_year_released_at=clock.now(), new_year_released_by="Maya Lindqvist")
    services.stop(reset=reset, by=cast.carmen, at=clock.now(), reason="The district called.")
    transitions.forget_run(reset)
    assert (reset.started_at, reset.counted_at, reset.new_year_released_at) == (None, None, None)
    assert not reset.schools.exists()


def test_a_roster_of_an_earlier_generation_does_not_hold_the_run(reset: Reset) -> None:
    Gate.objects.filter(pk=reset.district_id).update(resets=1)
    RosterSync.objects.create(
        district=reset.district,
        finished_at=clock.now(),
        finished_by="nightly sync",
        local_day="2027-08-20",
        outcome=RosterSync.Outcome.APPLIED,
        generation=0,
    )
    assert advance(reset).status == Status.COUNTING


def test_a_replaced_worker_cannot_hold_the_run(reset: Reset) -> None:
    advance(reset)
    claim = claims.take(reset.pk, worker="w1", at=clock.now())
    assert claim
    Reset.objects.filter(pk=reset.pk).update(claim=F("claim") + 1)
    engine._exhausted(claim, clock.now())
    reset.refresh_from_db()
    assert reset.status == Status.COUNTING


def test_a_place_in_the_night_is_given_to_one_at_a_time(reset: Reset, at_point: At) -> None:
    seen: list[tuple[object, ...]] = []
    query = "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND (classid, objid) = (%s, %s)"
    at_point("begin.before_commit", lambda: seen.extend(ask(query, nights.LOCK, reset.season_id)))
    advance(reset)
    assert seen == [(1,)]


def test_giving_the_step_back_forgets_the_wait_for_locks(reset: Reset, cast: Cast) -> None:
    Reset.objects.filter(pk=reset.pk).update(waiting_since="2001-01-01T00:00:00Z")
    night_verbs.pause(season=reset.season, day=reset.date, by=cast.maya, at=clock.now(), reason="The network.")
    assert advance(reset).waiting_since is None


def test_a_torn_line_of_the_ledger_does_not_swallow_the_next(reset: Reset, ledger: Path) -> None:
    ledger.write_text('{"torn": ')
    engine.run(reset.pk, worker="w1")
    assert ledger.read_text().splitlines() == ['{"torn": ', LedgerEntry.objects.get(reset=reset).line]
