"""Ticks, workers and rosters that wait: whoever wakes, the work is done once."""

from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
import time_machine
from django.db import OperationalError
from pytest_django import Settings

from districts import incoming, nightly, tasks, turns
from districts.models import RosterFile, RosterSource, RosterSync
from tests.districts.nightly.conftest import MINUTE, NIGHT, good, state
from tests.people import Cast


def test_the_tick_wakes_one_worker_a_free_place(source: RosterSource, cast: Cast, settings: Settings) -> None:
    RosterSource.objects.filter(district=cast.quarry).update(kind="folder", due_from=NIGHT)
    assert nightly.tick(at=NIGHT) == 1
    settings.ROSTERS_AT_ONCE = 3
    assert nightly.tick(at=NIGHT) == 2
    assert nightly.tick(at=NIGHT - timedelta(hours=1)) == 0


def test_the_tick_wakes_nobody_while_all_places_are_taken(source: RosterSource) -> None:
    assert turns.take(nightly.due(at=NIGHT))
    assert nightly.tick(at=NIGHT) == 0


def test_two_ticks_at_once_and_a_doubled_message_are_one_sync(
    source: RosterSource, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.move_to(NIGHT)
    sent: list[int] = []
    monkeypatch.setattr(tasks.sync_rosters, "delay", lambda: sent.append(1))
    tasks.sync_due_rosters()
    tasks.sync_due_rosters()
    for _ in range(3):
        tasks.sync_rosters()
    assert sent == [1, 1]
    assert RosterSync.objects.count() == 1


def test_a_worker_lets_other_messages_come_first_after_a_while(
    source: RosterSource, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.move_to(NIGHT)
    sent: list[int] = []
    monkeypatch.setattr(tasks.sync_rosters, "delay", lambda: sent.append(1))
    with patch("districts.nightly.monotonic", side_effect=[0, 181]):
        tasks.sync_rosters()
    assert sent == [1]
    assert not RosterSync.objects.exists()


def waiting(source: RosterSource, tmp_path: Path, at: datetime) -> RosterFile:
    path = good.zip(tmp_path / "upload.zip")
    return incoming.receive(district=source.district, content=path, name="upload.zip", by="Dana Whitfield", at=at)


def test_a_roster_that_was_sent_is_read(source: RosterSource, tmp_path: Path) -> None:
    file = waiting(source, tmp_path, NIGHT - MINUTE)
    tasks.take_roster(file.pk)
    tasks.take_roster(file.pk)
    assert RosterSync.objects.get().file == file
    assert (state(source).claimed_until, state(source).attempts) == (None, 0)


def test_a_roster_waits_while_its_district_is_read(source: RosterSource, tmp_path: Path) -> None:
    file = waiting(source, tmp_path, NIGHT)
    assert turns.take(nightly.due(at=NIGHT))
    assert nightly.take_file(file.pk, at=NIGHT) is None
    assert RosterFile.objects.get().state == "waiting"


def test_a_roster_whose_message_was_lost_is_read_before_the_night(
    source: RosterSource, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    waiting(source, tmp_path, NIGHT - timedelta(minutes=3))
    clock.move_to(NIGHT)
    nightly.work()
    assert RosterSync.objects.order_by("pk")[0].source_name == "upload.zip"


def test_a_roster_that_meets_a_busy_database_keeps_no_district_from_its_night(
    source: RosterSource, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    waiting(source, tmp_path, NIGHT - timedelta(minutes=3))
    clock.move_to(NIGHT)
    with patch("districts.nightly.take", side_effect=OperationalError("busy")):
        nightly.work()
    assert RosterSync.objects.get().source_name == "2027-04-05.zip"


def test_a_roster_that_ends_each_worker_is_refused(source: RosterSource, tmp_path: Path) -> None:
    file = waiting(source, tmp_path, NIGHT)
    RosterFile.objects.update(attempts=nightly.ATTEMPTS)
    assert nightly.take_file(file.pk, at=NIGHT) is None
    assert RosterFile.objects.get().state == "refused"
    assert state(source).attempts == 0


def test_the_nights_failures_are_not_those_of_what_somebody_sent(source: RosterSource, tmp_path: Path) -> None:
    file = waiting(source, tmp_path, NIGHT)
    RosterSource.objects.filter(pk=source.pk).update(attempts=nightly.ATTEMPTS)
    assert nightly.take_file(file.pk, at=NIGHT) is not None
    assert state(source).attempts == nightly.ATTEMPTS
