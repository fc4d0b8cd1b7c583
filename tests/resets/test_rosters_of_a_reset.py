"""What a reset does with rosters: those that wait are voided, their files go, the year is kept as counts."""

import io

import pytest

from districts import holding, incoming
from districts.models import RosterFile, RosterSource, YearCount
from resetportal import clock
from resets import engine, services
from resets.models import HeldFor, Reset, Status
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("night")
State = RosterFile.State


@pytest.fixture
def waiting(reset: Reset) -> RosterFile:
    """A roster of the new year that came in June and is on hold."""
    file = incoming.receive(
        district=reset.district, content=io.BytesIO(b"PK"), name="new.zip", by="Dana", at=clock.now()
    )
    file.state = State.ON_HOLD
    file.save()
    return file


def run(reset: Reset) -> Reset:
    engine.run(reset.pk, worker="w1")
    reset.refresh_from_db()
    return reset


def test_a_roster_that_waits_is_voided(reset: Reset, waiting: RosterFile) -> None:
    assert run(reset).status == Status.COMPLETED
    waiting.refresh_from_db()
    assert (waiting.state, waiting.why) == (State.VOIDED, "The district was reset.")


def test_a_roster_held_in_june_is_not_approved_in_august(reset: Reset, waiting: RosterFile, cast: Cast) -> None:
    services.declare_rostering_complete(reset=run(reset), by=cast.carmen, at=clock.now())
    with pytest.raises(holding.NotPossible, match="voided already"):
        holding.approve(file=waiting, by=cast.dana, at=clock.now(), why="It is ours.")


def test_no_file_of_its_rosters_is_left(reset: Reset, waiting: RosterFile) -> None:
    incoming.changes_path(waiting).write_text("[]")
    run(reset)
    assert incoming.found(reset.district_id) == []


def test_another_districts_roster_stays(reset: Reset, cast: Cast) -> None:
    other = incoming.receive(district=cast.quarry, content=io.BytesIO(b"PK"), name="q.zip", by="Omar", at=clock.now())
    run(reset)
    other.refresh_from_db()
    assert (other.state, incoming.path(other).exists()) == (State.WAITING, True)


def test_a_file_that_cannot_be_removed_holds_the_verification(
    reset: Reset, waiting: RosterFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "remove", lambda _: None)
    incoming.path(waiting).with_name("left.zip").write_bytes(b"PK")
    assert run(reset).held_for == HeldFor.VERIFICATION
    assert "Roster files: " in reset.held_why


def test_the_year_is_kept_as_counts_by_school_and_grade(reset: Reset) -> None:
    run(reset)
    kept = YearCount.objects.filter(district=reset.district).values_list(
        "school_year", "school__name", "grade_level", "students"
    )
    assert sorted(kept, key=str) == [
        ("2026-27", "School 1", "4", 1),
        ("2026-27", "School 2", "4", 1),
        ("2026-27", None, "4", 1),
    ]


def test_how_far_the_source_was_read_is_forgotten(reset: Reset) -> None:
    RosterSource.objects.filter(pk=reset.district_id).update(changed_from=clock.now())
    run(reset)
    assert RosterSource.objects.get(pk=reset.district_id).changed_from is None


def test_after_the_declaration_the_source_is_fetched_at_once(reset: Reset, cast: Cast) -> None:
    RosterSource.objects.filter(pk=reset.district_id).update(kind="folder", due_from=None, attempts=3)
    services.declare_rostering_complete(reset=run(reset), by=cast.carmen, at=clock.now())
    source = RosterSource.objects.get(pk=reset.district_id)
    assert (source.due_from, source.attempts) == (clock.now(), 0)


def test_nobody_fetches_what_is_uploaded(reset: Reset, cast: Cast) -> None:
    services.declare_rostering_complete(reset=run(reset), by=cast.carmen, at=clock.now())
    assert RosterSource.objects.get(pk=reset.district_id).due_from is None
