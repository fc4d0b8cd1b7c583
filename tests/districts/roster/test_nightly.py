"""The drop folder: once a night, in each district's own zone, told by rows."""

import logging
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections

from districts import nightly
from districts.models import Gate, RosterSource, RosterSync, Student
from districts.rostering import import_roster
from districts.tasks import sync_due_rosters
from tests.districts.roster.files import RosterFiles
from tests.people import Cast

good = RosterFiles()
NIGHT = datetime(2027, 4, 6, 9, 0, tzinfo=UTC)  # 2 AM in Los Angeles
NEXT = datetime(2027, 4, 7, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """These rosters hold other children than the cast's districts do; what holds them has tests of its own."""
    monkeypatch.setattr("districts.rostering.safeguards.concerns", lambda *_, **__: [])


@pytest.fixture
def source(cast: Cast, tmp_path: Path) -> RosterSource:
    """Lakeside's folder with a roster of April 5."""
    good.zip(tmp_path / "2027-04-05.zip")
    RosterSource.objects.filter(district=cast.lakeside).update(kind="folder", folder=str(tmp_path), sync_hour=2)
    return RosterSource.objects.get(district=cast.lakeside)


def outcomes(at: datetime) -> list[str]:
    return [sync.outcome for sync in nightly.sync_due(at=at)]


def test_a_night_has_one_sync(source: RosterSource) -> None:
    assert outcomes(datetime(2027, 4, 6, 8, 59, tzinfo=UTC)) == []
    assert outcomes(NIGHT) == ["applied"]
    assert outcomes(NIGHT.replace(hour=20)) == []
    assert outcomes(NEXT) == ["unchanged"]


def test_a_scheduler_that_was_away_catches_up(source: RosterSource) -> None:
    assert outcomes(datetime(2027, 4, 7, 6, 30, tzinfo=UTC)) == ["applied"]  # half past 11 PM of the 6th


def test_it_takes_the_newest_roster_whose_day_has_come(source: RosterSource, tmp_path: Path) -> None:
    for name in ("2027-04-06.zip", "2027-04-07.zip", "2027-04-31.zip", "roster.zip", "2027-04-06.zip.part"):
        good.zip(tmp_path / name)
    newest = nightly.newest(tmp_path, date(2027, 4, 6))
    assert newest is not None
    assert newest.name == "2027-04-06.zip"


def test_the_day_is_that_of_the_districts_zone(source: RosterSource, tmp_path: Path) -> None:
    good.zip(tmp_path / "2027-04-07.zip")
    sync = nightly.sync_one(source, at=datetime(2027, 4, 7, 6, 59, tzinfo=UTC))
    assert (sync.source_name, sync.local_day) == ("2027-04-05.zip", date(2027, 4, 6))


def test_a_paused_district_says_so_once_a_night(source: RosterSource) -> None:
    Gate.objects.filter(pk=source.pk).update(is_shut=True)
    assert outcomes(NIGHT) == ["paused"]
    assert outcomes(NIGHT.replace(hour=15)) == []
    assert outcomes(NEXT) == ["paused"]


def test_syncs_that_are_on_again_begin_at_once(source: RosterSource) -> None:
    Gate.objects.filter(pk=source.pk).update(is_shut=True)
    assert outcomes(NIGHT) == ["paused"]
    resumed = NIGHT.replace(hour=17)
    Gate.objects.filter(pk=source.pk).update(is_shut=False, resumed_at=resumed, resumed_by="Carmen Ortiz")
    assert outcomes(resumed.replace(minute=1)) == ["applied"]
    assert outcomes(resumed.replace(minute=2)) == []


def test_an_empty_folder_is_told_once_a_night(source: RosterSource, tmp_path: Path) -> None:
    (tmp_path / "2027-04-05.zip").unlink()
    assert outcomes(NIGHT) == ["refused"]
    assert outcomes(NIGHT.replace(minute=1)) == []
    assert "No roster has come" in RosterSync.objects.get(district=source.district).message


def test_a_missing_folder_is_told_too(source: RosterSource) -> None:
    RosterSource.objects.update(folder="/nowhere")
    assert outcomes(NIGHT) == ["refused"]


def test_a_sync_that_another_process_has_is_left_to_it(source: RosterSource) -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [nightly.CLAIMS, source.pk])
        assert outcomes(NIGHT) == []
    finally:
        other.close()
    assert outcomes(NIGHT) == ["applied"]


def test_a_busy_database_is_tried_again_next_minute(source: RosterSource) -> None:
    with patch("districts.nightly.import_roster", side_effect=OperationalError("busy")):
        assert outcomes(NIGHT) == []
    assert outcomes(NIGHT.replace(minute=1)) == ["applied"]


def test_one_district_that_fails_does_not_keep_others_from_theirs(
    source: RosterSource, cast: Cast, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    RosterSource.objects.filter(district=cast.quarry).update(kind="folder", folder=str(tmp_path), sync_hour=2)
    real = import_roster

    def poisoned(**options: object) -> object:
        if options["district"] == cast.lakeside:
            raise RuntimeError("Ann Canary")
        return real(**options)  # type: ignore[arg-type]

    with patch("districts.nightly.import_roster", poisoned), caplog.at_level(logging.DEBUG):
        assert outcomes(NIGHT) == ["refused", "applied"]
    told = caplog.text + RosterSync.objects.get(district=cast.lakeside).message
    assert "RuntimeError" in told
    assert "Canary" not in told


def test_the_task_syncs_what_is_due_now(source: RosterSource) -> None:
    with patch("districts.tasks.clock.now", return_value=NIGHT):
        sync_due_rosters()
    assert Student.objects.of(source.district).filter(sourced_id="s1").exists()


def test_by_hand_one_district_is_synced_whether_it_is_due_or_not(
    source: RosterSource, capsys: pytest.CaptureFixture[str]
) -> None:
    with time_machine.travel(NIGHT, tick=False):
        call_command("sync_rosters", district="0620810", at=NIGHT)
        call_command("sync_rosters", district="0620810", at=NIGHT)
    out = capsys.readouterr().out
    assert "Lakeside Unified, 2027-04-06: Applied." in out
    assert "Lakeside Unified, 2027-04-06: Nothing new." in out


def test_by_hand_what_is_due_is_synced(source: RosterSource, capsys: pytest.CaptureFixture[str]) -> None:
    with time_machine.travel("2027-04-06T02:00:00-07:00", tick=False) as clock:
        call_command("sync_rosters", "--at", "2027-04-06T02:00:00-07:00")
        clock.move_to("2027-04-06T02:01:00-07:00")
        call_command("sync_rosters", "--at", "2027-04-06T02:01:00-07:00")
    assert capsys.readouterr().out == "Lakeside Unified, 2027-04-06: Applied.\nNo district is due.\n"


def test_by_hand_nothing_is_read_before_its_time(source: RosterSource) -> None:
    with time_machine.travel(NIGHT, tick=False), pytest.raises(CommandError, match="lies ahead"):
        call_command("sync_rosters", at=NIGHT + timedelta(minutes=1))


def test_a_sync_is_dated_by_the_clock_whatever_moment_was_meant(source: RosterSource) -> None:
    with time_machine.travel(NIGHT + timedelta(days=3), tick=False):
        call_command("sync_rosters", district="0620810", at=NIGHT)
    assert RosterSync.objects.get().local_day == date(2027, 4, 9)


def test_one_batch_at_a_time_leaves_a_worker_to_the_resets(source: RosterSource) -> None:
    taken, done = threading.Event(), threading.Event()

    def other_batch() -> None:
        with nightly._claimed(nightly.EVERY_DISTRICT):
            taken.set()
            done.wait(30)
        connection.close()

    thread = threading.Thread(target=other_batch)
    thread.start()
    taken.wait(5)
    assert nightly.sync_due(at=NIGHT) == []
    done.set()
    thread.join()
    assert nightly.sync_due(at=NIGHT)


def test_by_hand_a_moment_needs_its_offset(source: RosterSource) -> None:
    with pytest.raises(CommandError, match="needs an offset"):
        call_command("sync_rosters", "--at", "2027-04-06T02:00:00")


def test_by_hand_a_district_needs_a_folder(cast: Cast) -> None:
    with pytest.raises(CommandError, match="No district with the site code 0620810 has a folder"):
        call_command("sync_rosters", district="0620810")
