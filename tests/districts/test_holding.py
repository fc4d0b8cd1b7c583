"""A roster that waits for a person: on hold with its reasons, approved or discarded by somebody who says why."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import OperationalError

from districts import holding, incoming, rostering
from districts.models import District, Gate, Notice, RosterFile, RosterSource, RosterSync, Student
from districts.roster import changes
from districts.services import create_district
from districts.sources.setting import set_source
from tests.districts.roster.files import RosterFiles

good = RosterFiles()
AT = datetime(2027, 4, 5, 9, tzinfo=UTC)
State = RosterFile.State
BY = "Dana Whitfield"


@pytest.fixture
def district(db: None) -> District:
    """A district that has had a roster of fifty students."""
    return create_district(name="Fresh Unified", site_code="0699990", zone="America/Los_Angeles")


@pytest.fixture
def come(district: District, tmp_path: Path) -> Any:
    """A roster comes by night."""

    def come(files: RosterFiles) -> RosterSync:
        path = files.zip(tmp_path / "roster.zip")
        return rostering.import_roster(district=district, path=path, by="the nightly roster sync", at=AT).sync

    return come


@pytest.fixture
def held(come: Any) -> RosterFile:
    """A roster on hold: it has lost forty of its forty-three students."""
    come(good.with_students(40))
    come(good)
    return RosterFile.objects.get(state=State.ON_HOLD)


def active(district: District) -> int:
    return Student.objects.of(district).filter(is_deactivated=False).count()


def take(file: RosterFile) -> RosterSync:
    done = rostering.take(file.pk, at=AT)
    assert done is not None
    file.refresh_from_db()
    return done


def test_nothing_of_it_is_applied(held: RosterFile, district: District) -> None:
    sync = held.syncs.get()
    assert (sync.outcome, active(district)) == ("on_hold", 43)
    assert "40 of 43" in sync.message
    assert sync.counts["student"]["removed"] == 40


def test_its_list_of_changes_waits_beside_it(held: RosterFile) -> None:
    listed = list(changes.read(incoming.changes_path(held), kind="student", action="removed").rows)
    assert len(listed) > 0
    assert incoming.path(held).exists()


def test_the_same_roster_the_next_night_is_the_same_hold(held: RosterFile, come: Any) -> None:
    assert come(good).outcome == "on_hold"
    assert RosterFile.objects.filter(state=State.ON_HOLD).get() == held
    assert Notice.objects.filter(kind=Notice.Kind.ROSTER_ON_HOLD).count() == 1


def test_a_newer_roster_takes_its_place(held: RosterFile, come: Any) -> None:
    assert come(good.with_students(39)).outcome == "applied"
    held.refresh_from_db()
    assert (held.state, held.why) == (State.VOIDED, "A newer roster was applied.")


def test_an_approved_one_is_not_lost_to_a_night_with_nothing_new(held: RosterFile, come: Any) -> None:
    file = holding.approve(file=held, by=BY, at=AT, why="A school closed.")
    assert come(good.with_students(40)).outcome == "unchanged"
    assert take(file).outcome == "applied"


def test_an_approved_one_is_judged_anew_after_a_newer_one(held: RosterFile, come: Any, district: District) -> None:
    file = holding.approve(file=held, by=BY, at=AT, why="A school closed.")
    assert come(good.with_students(45)).outcome == "applied"
    assert take(file).outcome == "on_hold"
    assert (active(district), file.approved_by) == (48, None)


def test_approved_with_a_reason_it_is_applied(held: RosterFile, district: District) -> None:
    file = holding.approve(file=held, by=BY, at=AT, why="A school closed.")
    assert file.state == State.WAITING
    assert take(file).outcome == "applied"
    assert (active(district), file.state, file.approved_by, file.why) == (3, State.APPLIED, BY, "A school closed.")


def test_without_a_reason_it_is_not_approved(held: RosterFile) -> None:
    with pytest.raises(holding.ReasonMissing):
        holding.approve(file=held, by=BY, at=AT, why="  ")


def test_discarded_it_is_not_taken_again(held: RosterFile, come: Any, district: District) -> None:
    holding.discard(file=held, by=BY, at=AT, why="It lacks two schools.")
    again = come(good)
    assert (again.outcome, active(district)) == ("refused", 43)
    assert again.message == "Dana Whitfield discarded this roster: It lacks two schools."


def test_what_has_ended_is_not_approved(held: RosterFile) -> None:
    holding.discard(file=held, by=BY, at=AT, why="It lacks two schools.")
    with pytest.raises(holding.NotPossible, match="discarded already by Dana Whitfield"):
        holding.approve(file=held, by=BY, at=AT, why="Yes.")


def test_during_the_pause_it_is_not_approved(held: RosterFile, district: District) -> None:
    Gate.objects.filter(pk=district.pk).update(pauses_on=date(2027, 4, 6))
    with time_machine.travel(datetime(2027, 4, 6, 12, tzinfo=UTC)), pytest.raises(holding.NotPossible, match="paused"):
        holding.approve(file=held, by=BY, at=AT, why="Yes.")


def test_a_pause_that_came_after_the_approval_is_kept(held: RosterFile, district: District) -> None:
    file = holding.approve(file=held, by=BY, at=AT, why="A school closed.")
    Gate.objects.filter(pk=district.pk).update(pauses_on=date(2020, 1, 1))
    assert take(file).outcome == "paused"
    assert (active(district), file.state) == (43, State.VOIDED)


def test_a_roster_held_before_a_reset_is_not_written_after_it(held: RosterFile, district: District) -> None:
    file = holding.approve(file=held, by=BY, at=AT, why="A school closed.")
    Gate.objects.filter(pk=district.pk).update(resets=1)
    assert take(file).outcome == "refused"
    assert active(district) == 43


def test_w11_is_approved_by_nobody_before_the_reset(come: Any, district: District) -> None:
    come(good)
    come(good.of_year(2028))
    file = RosterFile.objects.get(state=State.ON_HOLD)
    with pytest.raises(holding.NotPossible, match="W11"):
        holding.approve(file=file, by=BY, at=AT, why="We want it.")


def test_an_upload_is_rehearsed_and_then_applied(district: District, tmp_path: Path) -> None:
    path = good.zip(tmp_path / "r.zip")
    wish = RosterFile.Wish.REHEARSE
    file = incoming.receive(district=district, content=path, name="r.zip", by=BY, at=AT, wish=wish)
    assert (take(file).outcome, active(district), file.state) == ("rehearsed", 0, State.REHEARSED)
    assert take(holding.approve(file=file, by=BY, at=AT)).outcome == "applied"
    assert active(district) == 3


def test_a_rehearsal_during_the_pause_says_what_would_change(district: District, tmp_path: Path) -> None:
    Gate.objects.filter(pk=district.pk).update(pauses_on=date(2027, 4, 1), is_shut=True)
    path = good.zip(tmp_path / "r.zip")
    wish = RosterFile.Wish.REHEARSE
    file = incoming.receive(district=district, content=path, name="r.zip", by=BY, at=AT, wish=wish)
    assert take(file).counts["student"]["added"] == 3
    assert not Student.objects.of(district).exists()


def _unforeseen(*_: Any, **__: Any) -> None:
    raise KeyError("Canary")


def test_an_import_that_nobody_foresaw_ends_and_is_not_read_for_ever(
    district: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = incoming.receive(district=district, content=good.zip(tmp_path / "r.zip"), name="r.zip", by=BY, at=AT)
    monkeypatch.setattr("districts.roster.sync.apply", _unforeseen)
    assert take(file).outcome == "refused"
    assert (file.state, "Canary" in file.why, "KeyError" in file.why) == (State.REFUSED, False, True)


def test_thresholds_are_the_districts_own(come: Any, district: District) -> None:
    RosterSource.objects.filter(pk=district.pk).update(removal_percent=100, school_percent=100)
    come(good.with_students(40))
    assert come(good).outcome == "applied"


def test_an_approval_covers_only_what_was_seen(come: Any, district: District) -> None:
    """W11 holds a roster before it is compared: whoever approves it later has not seen what it would remove."""
    come(good.with_students(40))
    Gate.objects.filter(pk=district.pk).update(pauses_on=date(2027, 7, 28))
    district.school_years.create(name="2026-27", rostering_starts_on=date(2027, 4, 1))
    assert come(good).concerns[0].startswith("W11")
    Gate.objects.filter(pk=district.pk).update(pauses_on=None)
    file = holding.approve(file=RosterFile.objects.get(state=State.ON_HOLD), by=BY, at=AT, why="The reset is off.")
    assert (take(file).outcome, active(district)) == ("on_hold", 43)


def test_a_roster_that_a_reset_voids_while_it_is_read_stays_voided(
    held: RosterFile, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = rostering._read

    def read(record: Any) -> None:
        reading(record)
        incoming.void(district.pk, by="the nightly run", at=AT)

    monkeypatch.setattr(rostering, "_read", read)
    assert take(holding.rehearse(file=held, by=BY, at=AT)).outcome == "rehearsed"
    held.refresh_from_db()
    assert held.state == State.VOIDED


def test_the_last_server_says_nothing_of_how_far_the_next_was_read(come: Any, district: District) -> None:
    source = RosterSource.objects.get(pk=district.pk)
    come(good.with_students(40))
    come(good)
    file = RosterFile.objects.get(state=State.ON_HOLD)
    RosterFile.objects.filter(pk=file.pk).update(reaches=AT)
    set_source(source=source, way={"kind": "rest", "address": "https://new.example"}, secret="x", by=BY, at=AT)
    take(holding.approve(file=file, by=BY, at=AT, why="A school closed."))
    source.refresh_from_db()
    assert source.changed_from is None


def test_a_busy_database_leaves_no_copy_behind(come: Any, district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise OperationalError("temporary file size exceeds temp_file_limit")

    monkeypatch.setattr("districts.roster.sync.apply", busy)
    with pytest.raises(OperationalError):
        come(good)
    file = RosterFile.objects.get()
    assert (file.state, incoming.path(file).exists()) == (State.VOIDED, False)
