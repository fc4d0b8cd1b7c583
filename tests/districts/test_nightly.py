"""The nightly schedule: once a night at each district's hour, told by rows."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import OperationalError
from pytest_django import Settings

from districts import incoming, nightly, nights, shards, tasks, turns
from districts.models import Educator, Gate, Notice, RosterFile, RosterSource, RosterSync, Student
from districts.rostering import import_roster
from districts.sources import fetching
from districts.sources.errors import SourceError
from districts.sources.fetched import Fetched
from tests.districts.roster.files import RosterFiles
from tests.people import Cast

good = RosterFiles()
NIGHT = datetime(2027, 4, 6, 9, 0, tzinfo=UTC)  # 2 AM in Los Angeles
NEXT = datetime(2027, 4, 7, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _shelf(settings: Settings, tmp_path: Path) -> None:
    settings.ROSTER_FILES = str(tmp_path / "shelf")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """It is a minute before Lakeside's night."""
    with time_machine.travel(NIGHT - MINUTE, tick=False) as clock:
        yield clock


@pytest.fixture
def source(cast: Cast, tmp_path: Path, clock: time_machine.Traveller) -> RosterSource:
    """Lakeside's folder with a roster of April 5, fetched at two."""
    good.zip(tmp_path / "2027-04-05.zip")
    for district in (cast.lakeside, cast.quarry):  # nobody to miss: else the first roster would be held
        shards.destroy(district.pk)
        Educator.objects.filter(district=district).delete()
    source = RosterSource.objects.select_related("district").get(district=cast.lakeside)
    source.kind, source.folder, source.sync_hour, source.sync_minute = "folder", str(tmp_path), 2, 0
    source.save()
    nights.schedule(source, at=NIGHT - MINUTE)
    return source


@pytest.fixture
def pass_to(clock: time_machine.Traveller) -> Callable[[datetime], list[str]]:
    """Moves the clock and has what is due served: the outcomes, or the reasons to wait."""

    def served(at: datetime) -> list[str]:
        clock.move_to(at)
        found = iter(lambda: nightly.sync_next(at=at), None)
        return [each.sync.outcome if each.sync else each.reason for each in found]

    return served


def down(source: RosterSource, folder: Path, *, at: datetime, full: bool) -> Fetched:
    raise SourceError("sftp.example does not answer.", can_retry=True)


def state(source: RosterSource) -> RosterSource:
    return RosterSource.objects.get(pk=source.pk)


Served = Callable[[datetime], list[str]]


def test_a_night_has_one_sync(source: RosterSource, pass_to: Served) -> None:
    assert pass_to(NIGHT - MINUTE) == []
    assert pass_to(NIGHT) == ["applied"]
    assert pass_to(NIGHT + timedelta(hours=11)) == []
    assert pass_to(NEXT) == ["unchanged"]


def test_a_scheduler_that_was_away_catches_up_once(source: RosterSource, pass_to: Served) -> None:
    assert pass_to(datetime(2027, 4, 9, 6, 30, tzinfo=UTC)) == ["applied"]  # half past 11 PM of the 8th
    assert state(source).due_from == datetime(2027, 4, 9, 9, 0, tzinfo=UTC)


def test_a_clock_moved_far_ahead_or_back_loses_no_night(source: RosterSource, pass_to: Served) -> None:
    ahead = NIGHT + timedelta(days=100)
    assert len(pass_to(ahead)) == 1
    assert state(source).due_from == ahead + timedelta(days=1)
    nightly.tick(at=NIGHT)
    assert state(source).due_from == NEXT


def test_a_fetched_district_without_a_night_is_given_one(source: RosterSource) -> None:
    RosterSource.objects.update(due_from=None)
    nightly.tick(at=NIGHT)
    assert state(source).due_from == NEXT
    assert not RosterSource.objects.exclude(pk=source.pk).exclude(due_from=None).exists()


def test_each_district_has_the_night_of_its_own_zone(source: RosterSource, cast: Cast, pass_to: Served) -> None:
    RosterSource.objects.filter(district=cast.quarry).update(kind="folder", folder=source.folder, sync_minute=0)
    nights.schedule(RosterSource.objects.get(district=cast.quarry), at=NIGHT - timedelta(hours=6))
    assert len(pass_to(NIGHT - timedelta(hours=3))) == 1
    assert RosterSync.objects.get().district == cast.quarry
    assert pass_to(NIGHT) == ["applied"]


def test_who_waited_longest_comes_first(source: RosterSource, cast: Cast, pass_to: Served) -> None:
    RosterSource.objects.filter(district=cast.quarry).update(
        kind="folder", folder="/nowhere", due_from=NIGHT - timedelta(hours=1)
    )
    assert pass_to(NIGHT) == ["refused", "applied"]


def test_a_paused_district_says_so_once_a_night_and_nothing_is_fetched(source: RosterSource, pass_to: Served) -> None:
    Gate.objects.filter(pk=source.pk).update(is_shut=True)
    with patch("districts.nightly.fetching.fetch", side_effect=AssertionError):
        assert pass_to(NIGHT) == ["paused"]
        assert pass_to(NIGHT.replace(hour=15)) == []
        assert pass_to(NEXT) == ["paused"]


def test_a_resumption_while_the_turn_ends_is_not_lost(source: RosterSource, pass_to: Served) -> None:
    Gate.objects.filter(pk=source.pk).update(is_shut=True)

    def resumed(*_: object) -> datetime:
        RosterSource.objects.filter(pk=source.pk).update(due_from=NIGHT + MINUTE)
        return NEXT

    with patch("districts.nightly.nights.after", resumed):
        assert pass_to(NIGHT) == ["paused"]
    Gate.objects.filter(pk=source.pk).update(is_shut=False)
    assert pass_to(NIGHT + MINUTE) == ["applied"]


def test_an_empty_folder_is_told_once_a_night(source: RosterSource, pass_to: Served, tmp_path: Path) -> None:
    (tmp_path / "2027-04-05.zip").unlink()
    assert pass_to(NIGHT) == ["refused"]
    assert pass_to(NIGHT + MINUTE) == []
    assert "No roster has come" in RosterSync.objects.get(district=source.district).message


def test_a_source_that_is_down_is_tried_again_later_and_later(source: RosterSource, pass_to: Served) -> None:
    tried = []
    with patch("districts.nightly.fetching.fetch", down):
        for minute in range(12 * 60):
            tried += [minute for _ in pass_to(NIGHT + minute * MINUTE)]
    assert tried == [0, 5, 20, 65, 185]
    assert RosterSync.objects.get().outcome == "unreached"
    assert (state(source).due_from, state(source).attempts) == (NEXT, 0)


def test_a_source_that_comes_back_has_its_sync_in_the_same_night(source: RosterSource, pass_to: Served) -> None:
    with patch("districts.nightly.fetching.fetch", down):
        assert pass_to(NIGHT) == ["sftp.example does not answer."]
    assert pass_to(NIGHT + 5 * MINUTE) == ["applied"]
    assert state(source).attempts == 0


def test_of_a_source_that_is_down_its_people_are_told_once(source: RosterSource, pass_to: Served) -> None:
    with patch("districts.nightly.fetching.fetch", down):
        for night in range(3):
            RosterSource.objects.filter(pk=source.pk).update(attempts=nightly.ATTEMPTS - 1)
            assert pass_to(NIGHT + timedelta(days=night)) == ["unreached"]
    assert [notice.text for notice in Notice.objects.filter(kind="source_down")] == ["sftp.example does not answer."]


def test_a_wrong_password_is_not_tried_again_in_the_same_night(source: RosterSource, pass_to: Served) -> None:
    with patch("districts.nightly.fetching.fetch", side_effect=SourceError("It refused.", can_retry=False)):
        assert pass_to(NIGHT) == ["refused"]
    assert pass_to(NIGHT + 5 * MINUTE) == []


def test_a_busy_database_is_tried_again_next_minute(source: RosterSource, pass_to: Served) -> None:
    with patch("districts.nightly.import_roster", side_effect=OperationalError("busy")):
        assert pass_to(NIGHT) == ["The database was busy."]
    assert pass_to(NIGHT + MINUTE) == ["applied"]


def test_a_full_disk_is_tried_again(source: RosterSource, pass_to: Served) -> None:
    with patch("districts.nightly.import_roster", side_effect=OSError(28, "a path with Ann Canary")):
        assert pass_to(NIGHT) == ["The portal could not keep the roster: No space left on device."]


def test_a_district_whose_worker_dies_each_time_waits_for_its_next_night(source: RosterSource, pass_to: Served) -> None:
    RosterSource.objects.filter(pk=source.pk).update(attempts=nightly.ATTEMPTS)
    assert pass_to(NIGHT) == ["refused"]
    assert "cut short 5 times" in RosterSync.objects.get().message
    assert (state(source).due_from, state(source).attempts) == (NEXT, 0)


def test_one_district_that_fails_does_not_keep_others_from_theirs(
    source: RosterSource, cast: Cast, pass_to: Served, caplog: pytest.LogCaptureFixture
) -> None:
    later = {"kind": "folder", "folder": source.folder, "due_from": NIGHT}
    RosterSource.objects.filter(district=cast.quarry).update(**later)
    real = import_roster

    def poisoned(**options: object) -> object:
        if options["district"] == cast.lakeside:
            raise RuntimeError("Ann Canary")
        return real(**options)  # type: ignore[arg-type]

    with patch("districts.nightly.import_roster", poisoned), caplog.at_level(logging.DEBUG):
        assert sorted(pass_to(NIGHT)) == ["applied", "refused"]
    told = caplog.text + RosterSync.objects.get(district=cast.lakeside).message
    assert "RuntimeError" in told
    assert "Canary" not in told


def test_a_turn_taken_over_in_a_fetch_writes_nothing(source: RosterSource, pass_to: Served) -> None:
    real = fetching.fetch

    def slow(*args: object, **options: object) -> Fetched:
        RosterSource.objects.filter(pk=source.pk).update(claim=99)
        return real(*args, **options)  # type: ignore[arg-type]

    with patch("districts.nightly.fetching.fetch", slow):
        assert nightly.sync_next(at=NIGHT)
    assert not Student.objects.of(source.district).filter(sourced_id="s1").exists()
    assert (state(source).claim, state(source).due_from) == (99, NIGHT)


def test_a_roster_fetched_before_a_reset_and_written_after_it_is_refused(source: RosterSource, pass_to: Served) -> None:
    real = fetching.fetch

    def over_a_reset(*args: object, **options: object) -> Fetched:
        Gate.objects.filter(pk=source.pk).update(resets=1)
        return real(*args, **options)  # type: ignore[arg-type]

    with patch("districts.nightly.fetching.fetch", over_a_reset):
        assert pass_to(NIGHT) == ["refused"]
    assert not Student.objects.of(source.district).filter(sourced_id="s1").exists()


def test_nothing_that_was_fetched_stays(source: RosterSource, tmp_path: Path) -> None:
    desks: list[Path] = []

    def to_desk(source: RosterSource, folder: Path, *, at: datetime, full: bool) -> Fetched:
        desks.append(folder)
        return Fetched(good.zip(folder / "roster.zip"), "roster.zip")

    with patch("districts.nightly.fetching.fetch", to_desk):
        assert nightly.sync_next(at=NIGHT)
    assert desks[0].is_relative_to(tmp_path / "shelf" / f"d{source.pk}")
    assert not desks[0].exists()


@pytest.fixture
def server(source: RosterSource) -> RosterSource:
    """A REST source that gives changes, with a full roster applied at NIGHT."""
    source.kind, source.takes_changes, source.changed_from = "rest", True, NIGHT
    source.save()
    RosterSync.objects.create(
        district=source.district,
        finished_at=NIGHT,
        finished_by=nightly.BY,
        local_day=date(2027, 4, 6),
        outcome="applied",
        mode="full",
    )
    return source


def test_between_full_rosters_changes_are_asked_for(server: RosterSource) -> None:
    assert not nightly.must_be_full(server, at=NEXT)


def test_a_full_roster_comes_every_seventh_night(server: RosterSource) -> None:
    asked = [nightly.must_be_full(server, at=NIGHT + timedelta(days=night)) for night in (5, 6, 7)]
    assert asked == [False, False, True]


def test_the_first_roster_after_a_reset_is_full(server: RosterSource) -> None:
    Gate.objects.filter(pk=server.pk).update(resets=1)
    assert nightly.must_be_full(server, at=NEXT)


@pytest.mark.parametrize("fields", [{"takes_changes": False}, {"changed_from": None}, {"kind": "sftp"}])
def test_who_gives_no_changes_is_asked_for_everything(server: RosterSource, fields: dict[str, object]) -> None:
    for name, value in fields.items():
        setattr(server, name, value)
    assert nightly.must_be_full(server, at=NEXT)


def test_an_identical_full_roster_counts_as_full(server: RosterSource, tmp_path: Path) -> None:
    got = Fetched(good.zip(tmp_path / "rest.zip"), "rest.zip", reaches=NEXT)
    with patch("districts.nightly.fetching.fetch", return_value=got):
        nightly.sync_next(at=NIGHT)
        RosterSource.objects.filter(pk=server.pk).update(due_from=NIGHT, changed_from=None)
        nightly.sync_next(at=NIGHT)
    newest = RosterSync.objects.filter(district=server.district).first()
    assert newest
    assert (newest.outcome, newest.mode, state(server).changed_from) == ("unchanged", "full", NEXT)


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
    RosterSource.objects.filter(pk=source.pk).update(attempts=nightly.ATTEMPTS)
    assert nightly.take_file(file.pk, at=NIGHT) is None
    assert RosterFile.objects.get().state == "refused"
    assert state(source).attempts == 0


def test_by_hand_one_district_is_synced_whether_it_is_due_or_not(
    source: RosterSource, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("sync_rosters", district="0620810")
    call_command("sync_rosters", district="0620810")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Lakeside Unified, 2027-04-06: Applied. ")
    assert "Students: 3 added." in first
    assert second.startswith("Lakeside Unified, 2027-04-06: Nothing new.")
    assert state(source).due_from == NIGHT


def test_by_hand_what_is_due_is_synced(
    source: RosterSource, clock: time_machine.Traveller, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.move_to(NIGHT + MINUTE)
    call_command("sync_rosters", "--at", "2027-04-06T02:00:00-07:00")
    call_command("sync_rosters", "--at", "2027-04-06T02:01:00-07:00")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Lakeside Unified, 2027-04-06: Applied.")
    assert second == "No district is due."


def test_by_hand_a_source_that_is_down_says_when_it_is_tried_again(
    source: RosterSource, clock: time_machine.Traveller, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.move_to(NIGHT)
    with patch("districts.nightly.fetching.fetch", down):
        call_command("sync_rosters")
    assert "It is tried again from Tue, April 6, 2027, 2:05 AM PDT." in capsys.readouterr().out


def test_by_hand_nothing_is_read_before_its_time(source: RosterSource) -> None:
    with pytest.raises(CommandError, match="lies ahead"):
        call_command("sync_rosters", at=NIGHT + timedelta(minutes=1))


def test_by_hand_a_district_that_is_being_synced_is_left_alone(source: RosterSource) -> None:
    assert turns.take(nightly.due(at=NIGHT))
    with pytest.raises(CommandError, match="is being synced now"):
        call_command("sync_rosters", district="0620810")


def test_a_sync_is_dated_by_the_clock_whatever_moment_was_meant(
    source: RosterSource, clock: time_machine.Traveller
) -> None:
    clock.move_to(NIGHT + timedelta(days=3))
    call_command("sync_rosters", district="0620810", at=NIGHT)
    assert RosterSync.objects.get().local_day == date(2027, 4, 9)


def test_by_hand_a_moment_needs_its_offset(source: RosterSource) -> None:
    with pytest.raises(CommandError, match="needs an offset"):
        call_command("sync_rosters", "--at", "2027-04-06T02:00:00")


@pytest.mark.parametrize(("site_code", "why"), [("0620810", "come by upload"), ("nobody", "no district with the site")])
def test_by_hand_a_district_needs_a_source(cast: Cast, site_code: str, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("sync_rosters", district=site_code)
