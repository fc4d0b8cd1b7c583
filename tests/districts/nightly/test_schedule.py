"""The nightly schedule: once a night at each district's hour, told by rows."""

import logging
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import OperationalError

from districts import nightly, nights
from districts.models import Gate, Notice, RosterSource, RosterSync, Student
from districts.rostering import import_roster
from districts.sources import fetching
from districts.sources.errors import SourceError
from districts.sources.fetched import Fetched
from tests.districts.nightly.conftest import MINUTE, NEXT, NIGHT, Served, down, good, state
from tests.people import Cast


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
