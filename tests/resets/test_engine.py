"""The run of a reset, step by step."""

import json
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from districts import gate, shards
from districts.models import (
    Classroom,
    DistrictCounts,
    Educator,
    EducatorRole,
    Gate,
    PointsBalance,
    RosterSync,
    School,
    Student,
)
from resetportal import clock
from resets import engine, holds, services
from resets.models import HeldFor, LedgerEntry, Reset, ResetEvent, SchoolReset, Season, Status
from tests.people import Cast, make_student

pytestmark = pytest.mark.usefixtures("night")


def run(reset: Reset) -> Reset:
    engine.run(reset.pk, worker="w1")
    reset.refresh_from_db()
    return reset


def step(reset: Reset) -> Reset:
    engine.advance(reset.pk, worker="w1", at=clock.now())
    reset.refresh_from_db()
    return reset


def test_it_completes_a_due_reset(reset: Reset) -> None:
    assert run(reset).status == Status.COMPLETED, reset.held_why + reset.last_error


def test_nothing_is_left_of_the_students(reset: Reset) -> None:
    before = shards.count(reset.district_id)
    assert all(before.values())
    run(reset)
    assert not any(shards.count(reset.district_id).values())


def test_it_keeps_educators_and_schools(reset: Reset, cast: Cast) -> None:
    run(reset)
    assert Educator.objects.filter(district=cast.lakeside).count() == 2
    assert EducatorRole.objects.filter(school__district=cast.lakeside).count() == 2
    assert School.objects.filter(district=cast.lakeside).count() == 2


def test_it_touches_no_other_district(reset: Reset, cast: Cast) -> None:
    before = shards.count(cast.quarry.pk)
    run(reset)
    assert shards.count(cast.quarry.pk) == before


def test_every_school_is_counted_before_and_after(reset: Reset) -> None:
    run(reset)
    parts = list(SchoolReset.objects.filter(reset=reset))
    assert [part.name for part in parts] == ["School 1", "School 2", "Students without a school"]
    assert [part.before["student"] for part in parts] == [1, 1, 1]
    assert [part.before["classroom"] for part in parts] == [1, 1, 0]
    assert all(part.before == part.acted for part in parts)
    assert {part.rows_left for part in parts} == {0}
    assert {part.step for part in parts} == {SchoolReset.Step.VERIFIED}


def test_it_pauses_syncs_until_rostering_is_complete(reset: Reset, cast: Cast) -> None:
    run(reset)
    with pytest.raises(gate.Paused), gate.writing(reset.district_id):
        pass
    services.declare_rostering_complete(reset=reset, by=cast.carmen, at=clock.now())
    with gate.writing(reset.district_id):
        make_student(cast.lakeside, None, "new")


def test_work_begun_before_the_reset_is_outdated_after_it(reset: Reset, cast: Cast) -> None:
    seen = Gate.objects.get(pk=reset.district_id).resets
    run(reset)
    services.declare_rostering_complete(reset=reset, by=cast.carmen, at=clock.now())
    with pytest.raises(gate.Outdated), gate.writing(reset.district_id, resets=seen):
        pass


def test_the_numbers_of_the_district_are_zero(reset: Reset) -> None:
    run(reset)
    counts = DistrictCounts.objects.get(pk=reset.district_id)
    assert (counts.students, counts.classrooms, counts.minutes, counts.lessons) == (0, 0, 0, 0)
    assert (counts.schools, counts.educators) == (2, 2)


def test_the_ledger_stands_in_a_file_too(reset: Reset, ledger: Path) -> None:
    run(reset)
    line = json.loads(ledger.read_text())
    assert line == json.loads(LedgerEntry.objects.get(reset=reset).line)
    assert (line["site_code"], line["rows"]["student"]) == ("0620810", 3)


def test_the_history_tells_the_run(reset: Reset) -> None:
    run(reset)
    kinds = list(ResetEvent.objects.filter(reset_id=reset.pk).order_by("id").values_list("kind", flat=True))
    assert kinds == ["opened", "started", "counted", "destroyed", "verified", "completed"]


def test_it_does_nothing_before_its_hour(reset: Reset, june: object) -> None:
    june.move_to("2027-07-28T07:59:59Z")  # type: ignore[attr-defined]
    assert run(reset).status == Status.SCHEDULED
    assert engine.tick(at=clock.now(), worker="w1") != [reset.pk]


def test_the_tick_wakes_what_is_due(reset: Reset) -> None:
    assert reset.pk in engine.tick(at=clock.now(), worker="w1")


def test_a_second_worker_finds_nothing_to_do(reset: Reset) -> None:
    step(reset)
    Reset.objects.filter(pk=reset.pk).update(claimed_until="2999-01-01T00:00:00Z")
    assert not engine.advance(reset.pk, worker="w2", at=clock.now())


def test_a_run_whose_worker_died_is_woken(reset: Reset) -> None:
    step(reset)
    Reset.objects.filter(pk=reset.pk).update(claimed_until="2001-01-01T00:00:00Z")
    assert reset.pk in engine.waiting(at=clock.now())


def test_a_count_that_changed_holds_the_run(reset: Reset, cast: Cast) -> None:
    step(reset), step(reset)
    make_student(cast.lakeside, None, "late")
    step(reset)
    assert (reset.status, reset.held_for) == (Status.HELD, HeldFor.COUNTS)
    assert reset.held_why == "The count of student accounts changed between two reads: 3 and 4. Nothing was deleted."
    assert Student.objects.of(cast.lakeside).count() == 4


def test_rows_left_behind_hold_the_run(reset: Reset, cast: Cast) -> None:
    step(reset), step(reset), step(reset)
    assert reset.status == Status.VERIFYING
    make_student(cast.lakeside, None, "left")
    step(reset)
    assert (reset.status, reset.held_for) == (Status.HELD, HeldFor.VERIFICATION)
    assert reset.held_why == "The reset ran, but does not add up. Student accounts: 1 left."


def test_an_educator_gone_after_the_destroying_commit_holds_the_run(reset: Reset, cast: Cast) -> None:
    step(reset), step(reset), step(reset)
    EducatorRole.objects.filter(school__district=cast.lakeside).delete()
    step(reset)
    assert reset.held_for == HeldFor.VERIFICATION


def test_a_records_hold_holds_the_run(reset: Reset, cast: Cast) -> None:
    holds.place(district=cast.lakeside, by=cast.dana, at=clock.now(), reason="A request to inspect is open.")
    assert run(reset).held_for == HeldFor.RECORDS
    assert Student.objects.of(cast.lakeside).count() == 3


def test_a_records_hold_placed_after_the_count_holds_the_run(reset: Reset, cast: Cast) -> None:
    step(reset), step(reset)
    holds.place(district=cast.lakeside, by=cast.dana, at=clock.now(), reason="A request to inspect is open.")
    step(reset)
    assert (reset.held_for, reset.held_from) == (HeldFor.RECORDS, Status.DESTROYING)
    assert Student.objects.of(cast.lakeside).count() == 3


@pytest.mark.parametrize(("day", "year"), [("2027-08-09", "2026-27"), ("2027-06-30", "2027-28")])
def test_a_roster_of_the_new_year_holds_the_run(reset: Reset, cast: Cast, day: str, year: str) -> None:
    RosterSync.objects.create(
        district=cast.lakeside,
        finished_at=clock.now(),
        finished_by="nightly sync",
        local_day=day,
        outcome=RosterSync.Outcome.APPLIED,
        school_year=year,
    )
    assert run(reset).held_for == HeldFor.NEW_YEAR
    services.release(reset=reset, by=cast.maya, at=clock.now(), reason="Carmen spoke with Dana.")
    assert run(reset).status == Status.COMPLETED


def test_a_missing_leaf_holds_the_run(reset: Reset) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {shards.leaf(PointsBalance, reset.district_id)}")
    assert run(reset).held_for == HeldFor.SHARD


def test_a_run_that_keeps_failing_is_held(reset: Reset, settings: Settings) -> None:
    settings.FAILPOINTS = "destroy.before_commit=raise"
    for _ in range(settings.MAX_ATTEMPTS + 2):
        Reset.objects.filter(pk=reset.pk).update(claimed_until=None)
        run(reset)
    assert (reset.status, reset.held_for, reset.held_from) == (
        Status.HELD,
        HeldFor.ATTEMPTS,
        Status.DESTROYING,
    )
    assert Student.objects.of(reset.district_id).count() == 3


def test_a_retried_run_counts_again(reset: Reset, cast: Cast) -> None:
    step(reset), step(reset)
    make_student(cast.lakeside, None, "late")
    step(reset)
    services.retry(reset=reset, by=cast.ellis, at=clock.now(), reason="The writer was a script; it is gone.")
    assert run(reset).status == Status.COMPLETED
    assert reset.schools.get(school=None).before["student"] == 2


def test_a_stopped_run_loses_its_claim(reset: Reset, cast: Cast) -> None:
    step(reset)
    services.stop(reset=reset, by=cast.carmen, at=clock.now(), reason="The district called.")
    assert run(reset).status == Status.HELD


def test_a_season_may_resume_syncs_at_the_reset(reset: Reset, season: Season) -> None:
    season.policy = season.policy | {"resumes_on": "reset_complete"}
    season.save()
    run(reset)
    assert Gate.objects.get(pk=reset.district_id).resumed_at is not None


def test_classrooms_of_a_reset_district_are_gone_for_its_readers(reset: Reset, cast: Cast) -> None:
    run(reset)
    assert not Classroom.objects.of(cast.lakeside).exists()
