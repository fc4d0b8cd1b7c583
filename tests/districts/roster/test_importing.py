"""A roster into its district: as a difference, in one transaction, behind the gate."""

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DataError, connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from districts import gate, shards
from districts.copying import scrubbed, stage
from districts.models import (
    Classroom,
    ClassroomTeacher,
    District,
    DistrictCounts,
    Educator,
    EducatorRole,
    Enrollment,
    Gate,
    RosterSource,
    RosterSync,
    School,
    Student,
)
from districts.roster import sync as roster_sync
from districts.rostering import Imported, import_roster
from districts.services import create_district
from tests.districts.roster.files import GOOD, RosterFiles
from tests.people import Cast

good = RosterFiles()
AT = datetime(2027, 4, 5, 9, tzinfo=UTC)
CANARIES = ("Canary", "Ann", "Secret1", "555-0100", "Teach")


@pytest.fixture
def district(db: None) -> District:
    district = create_district(name="Fresh Unified", site_code="0699990", zone="America/Los_Angeles")
    RosterSource.objects.filter(district=district).update(removal_percent=100)  # three students are few
    return district


@pytest.fixture
def load(district: District, tmp_path: Path) -> Any:
    """Imports a roster into the fresh district."""

    def load(files: RosterFiles, dry_run: bool = False) -> Imported:
        path = files.zip(tmp_path / "roster.zip")
        return import_roster(district=district, path=path, by="Ellis Park", at=AT, dry_run=dry_run)

    return load


def counts(done: Imported, kind: str) -> tuple[int, int, int, int]:
    found = done.sync.counts[kind]
    return found["added"], found["changed"], found["removed"], found["unchanged"]


def checksums(district_id: int) -> list[Any]:
    """Everything that a roster writes of one district, ordered."""
    with connection.cursor() as cursor:
        return [_checksum(cursor, shards.leaf(model, district_id)) for model in shards.MODELS] + [
            list(model.objects.filter(district=district_id).order_by("pk").values()) for model in (School, Educator)
        ]


def _checksum(cursor: Any, table: str) -> Any:
    cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY id)) FROM ONLY {table} t")
    return cursor.fetchone()


def test_it_brings_everybody_in(load: Any, district: District) -> None:
    done = load(good)
    assert (done.sync.outcome, done.sync.school_year) == ("applied", "2026-27")
    assert {kind: counts(done, kind) for kind in done.sync.counts} == {
        "school": (2, 0, 0, 0),
        "educator": (3, 0, 0, 0),
        "educatorrole": (4, 0, 0, 0),
        "student": (3, 0, 0, 0),
        "classroom": (2, 0, 0, 0),
        "classroomteacher": (2, 0, 0, 0),
        "enrollment": (3, 0, 0, 0),
    }
    ann = Student.objects.of(district).get(sourced_id="s1")
    assert ann.school is not None
    assert (ann.school.name, ann.first_name, ann.grade_level) == ("North Elementary", "Ann", "3")
    assert (ann.student_information_number, ann.is_ell, ann.is_deactivated) == ("00017", False, False)
    assert Classroom.objects.of(district).get(sourced_id="c1").grade_levels == "3,4"
    assert ClassroomTeacher.objects.of(district).filter(is_primary=True).count() == 2


def test_it_keeps_the_districts_numbers(load: Any, district: District) -> None:
    load(good)
    now = DistrictCounts.objects.get(pk=district.pk)
    assert (now.schools, now.educators, now.classrooms, now.students) == (2, 3, 2, 3)


def test_the_same_file_is_known_by_its_digest(load: Any) -> None:
    load(good)
    with patch("districts.roster.oneroster.read", side_effect=AssertionError("it was read")):
        again = load(good)
    assert (again.sync.outcome, again.sync.counts) == ("unchanged", {})
    assert RosterSync.objects.filter(finished_by="Ellis Park").count() == 2


def test_the_same_roster_in_other_bytes_changes_nothing(load: Any, district: District) -> None:
    load(good)
    before = checksums(district.pk)
    again = load(good.holding("readme.txt", "new"))
    assert again.sync.outcome == "unchanged"
    assert counts(again, "student") == (0, 0, 0, 3)
    assert checksums(district.pk) == before


def test_only_what_differs_is_written(load: Any, district: District) -> None:
    load(good)
    with connection.cursor() as cursor:
        leaf = shards.leaf(Student, district.pk)
        cursor.execute(f"SELECT sourced_id, ctid FROM {leaf}")
        before = dict(cursor.fetchall())
        done = load(good.replacing("users.csv", "Ann", "Anna"))
        cursor.execute(f"SELECT sourced_id, ctid FROM {leaf}")
        after = dict(cursor.fetchall())
    assert counts(done, "student") == (0, 1, 0, 2)
    assert {key for key in before if before[key] != after[key]} == {"s1"}


def test_a_student_who_left_is_deactivated_and_comes_back(load: Any, district: District) -> None:
    load(good)
    gone = good.holding("users.csv", GOOD["users.csv"].replace("s2,", "s4,"))
    gone = gone.replacing("enrollments.csv", ",s2,", ",s4,")
    done = load(gone)
    assert counts(done, "student") == (1, 0, 1, 2)
    ben = Student.objects.of(district).get(sourced_id="s2")
    assert ben.is_deactivated
    assert not Enrollment.objects.of(district).filter(student_id=ben.id).exists()
    assert counts(load(good.with_students(1)), "student") == (1, 1, 1, 2)
    assert not Student.objects.of(district).get(sourced_id="s2").is_deactivated


def test_an_educator_who_left_is_deactivated_and_comes_back(load: Any, district: District) -> None:
    load(good)
    gone = good.holding("users.csv", GOOD["users.csv"].replace("e2,", "e3,"))
    assert counts(load(gone.replacing("enrollments.csv", ",e2,", ",e3,")), "educator") == (1, 0, 1, 2)
    tia = Educator.objects.get(district=district, sourced_id="e2")
    assert (tia.deactivated_at, tia.deactivated_by) == (AT, "Ellis Park")
    assert tia.roles.count() == 2
    load(good.with_students(1))
    tia.refresh_from_db()
    assert (tia.deactivated_at, tia.deactivated_by) == (None, None)


def test_roles_follow_the_roster(load: Any, district: District) -> None:
    load(good)
    done = load(good.replacing("users.csv", '"south,north"', "south"))
    assert counts(done, "educatorrole") == (0, 0, 1, 3)
    assert EducatorRole.objects.filter(educator__district=district, educator__sourced_id="e2").count() == 1


def test_classrooms_and_enrollments_follow_the_roster(load: Any, district: District) -> None:
    load(good)
    fewer = good.holding("classes.csv", "\n".join(GOOD["classes.csv"].splitlines()[:2]) + "\n")
    lines = GOOD["enrollments.csv"].splitlines()
    done = load(fewer.holding("enrollments.csv", "\n".join(line for line in lines if ",c2," not in line) + "\n"))
    assert counts(done, "classroom") == (0, 0, 1, 1)
    assert counts(done, "classroomteacher") == (0, 0, 1, 1)
    assert counts(done, "enrollment") == (0, 0, 1, 2)


def test_a_school_that_left_stays(load: Any, district: District) -> None:
    load(good)
    files = good.replacing("orgs.csv", "south,,,South High,school", "west,,,West High,school")
    for file in ("classes.csv", "users.csv", "enrollments.csv", "orgs.csv"):
        files = files.holding(file, str(files.files[file]).replace("south", "west"))
    assert counts(load(files), "school") == (1, 0, 0, 1)
    assert School.objects.filter(district=district).count() == 3


def test_other_districts_are_untouched(load: Any, cast: Cast) -> None:
    before = checksums(cast.lakeside.pk), checksums(cast.quarry.pk)
    load(good)
    load(good.replacing("users.csv", "Ann", "Anna"))
    assert (checksums(cast.lakeside.pk), checksums(cast.quarry.pk)) == before


def test_a_rehearsal_says_the_same_and_writes_nothing(load: Any, district: District) -> None:
    before = checksums(district.pk)
    rehearsed = load(good, dry_run=True)
    assert checksums(district.pk) == before
    assert not RosterSync.objects.filter(district=district).exists()
    assert rehearsed.sync.counts == load(good).sync.counts


def test_a_rehearsal_says_what_would_be_refused(load: Any, district: District) -> None:
    done = load(good.lacking("users.csv"), dry_run=True)
    assert done.sync.outcome == "refused"
    assert not RosterSync.objects.filter(district=district).exists()


def test_a_refused_roster_leaves_the_last_one_as_it_was(load: Any, district: District) -> None:
    load(good)
    before = checksums(district.pk)
    done = load(good.replacing("users.csv", "Ann", '"Ann'))
    assert (done.sync.outcome, done.sync.counts) == ("refused", {})
    assert "users.csv, line 5, column givenName" in RosterSync.objects.get(pk=done.sync.pk).message
    assert checksums(district.pk) == before


def test_what_the_database_refuses_is_told_without_a_row(load: Any, district: District) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {shards.leaf(Student, district.pk)} ADD CHECK (first_name <> 'Ann')")
    done = load(good)
    assert done.sync.outcome == "refused"
    assert done.sync.message == "The database did not take these rows (SQLSTATE 23514)."
    assert not School.objects.filter(district=district).exists()


def test_copy_too_is_told_without_a_row(db: None) -> None:
    with pytest.raises(DataError) as told, scrubbed(), transaction.atomic():
        stage("staged_x", ("a",), [("Canary\0",)])
    assert "Canary" not in str(told.value)


def test_no_name_is_left_outside_of_the_shard(load: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    messages = [load(good), load(good.replacing("users.csv", "Ann", '"Ann')), load(good.lacking("users.csv"))]
    told = caplog.text + repr([(each.warnings, each.sync.message, each.sync.counts) for each in messages])
    assert not [canary for canary in CANARIES if canary in told]


def test_no_sample_of_a_staged_row_can_be_taken(district: District) -> None:
    stage("staged_sample", ("a", "b"), [("Canary", "x")])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged_sample")
        cursor.execute("SELECT count(*) FROM pg_stats WHERE tablename = 'staged_sample'")
        assert cursor.fetchone() == (0,)


def test_a_paused_district_takes_nothing(load: Any, district: District) -> None:
    Gate.objects.filter(pk=district.pk).update(is_shut=True)
    done = load(good)
    assert done.sync.outcome == "paused"
    assert "are paused" in done.sync.message
    assert not Student.objects.of(district).exists()


def test_a_pause_that_begins_while_the_file_is_read_is_kept(load: Any, district: District) -> None:
    from districts.roster import oneroster

    def slow(*args: Any, **kwargs: Any) -> Any:
        Gate.objects.filter(pk=district.pk).update(is_shut=True)
        return oneroster.read(*args, **kwargs)

    with patch("districts.rostering.oneroster", read=slow):
        assert load(good).sync.outcome == "paused"
    assert not Student.objects.of(district).exists()


def test_a_roster_read_before_a_reset_is_not_written_after_it(load: Any, district: District) -> None:
    from districts.roster import oneroster

    def slow(*args: Any, **kwargs: Any) -> Any:
        Gate.objects.filter(pk=district.pk).update(resets=1)
        return oneroster.read(*args, **kwargs)

    with patch("districts.rostering.oneroster", read=slow):
        done = load(good)
    assert (done.sync.outcome, done.sync.message[:26]) == ("refused", "The district was reset aft")
    assert not Student.objects.of(district).exists()


@pytest.mark.parametrize(("day", "outcome"), [(8, "applied"), (9, "on_hold")])
def test_w11_holds_rosters_from_the_rostering_start_on(cast: Cast, tmp_path: Path, day: int, outcome: str) -> None:
    Gate.objects.filter(pk=cast.lakeside.pk).update(pauses_on=date(2099, 1, 1))
    cast.lakeside.school_years.update(name="2098-99")
    at = datetime(2027, 8, day, 20, tzinfo=UTC)
    path = good.zip(tmp_path / "roster.zip")
    with patch("districts.rostering.safeguards.concerns", return_value=[]):  # other children than the cast's
        done = import_roster(district=cast.lakeside, path=path, by="Ellis Park", at=at)
    assert done.sync.outcome == outcome
    assert done.sync.message[:3] == ("W11" if outcome == "on_hold" else "")


def test_w11_holds_a_roster_of_the_next_year_while_this_ones_data_is_there(load: Any, district: District) -> None:
    load(good)
    before = checksums(district.pk)
    done = load(good.of_year(2028))
    assert (done.sync.outcome, done.sync.school_year, done.sync.message[:4]) == ("on_hold", "2027-28", "W11:")
    assert checksums(district.pk) == before


def test_w11_holds_a_roster_of_the_year_after_the_pending_reset(load: Any, district: District) -> None:
    Gate.objects.filter(pk=district.pk).update(pauses_on=date(2098, 7, 28))
    assert load(good.of_year(2098), dry_run=True).sync.outcome == "rehearsed"
    assert load(good.of_year(2099)).sync.outcome == "on_hold"


def after_reset(district: District) -> None:
    reset_at = datetime(2027, 7, 28, 8, tzinfo=UTC)
    Gate.objects.filter(pk=district.pk).update(
        resets=1, closed_year="2026-27", last_reset_at=reset_at, last_reset_by="the nightly run", resumed_at=None
    )


def test_after_a_reset_last_years_children_do_not_come_back(load: Any, district: District) -> None:
    after_reset(district)
    done = load(good)
    assert done.sync.outcome == "refused"
    assert "This roster is of 2026-27, which was reset on Wed, July 28, 2027." in done.sync.message
    assert not Student.objects.of(district).exists()


def test_after_a_reset_the_new_year_comes_in(load: Any, district: District) -> None:
    after_reset(district)
    assert load(good.of_year(2028)).sync.outcome == "applied"


def test_after_a_reset_the_last_digest_is_forgotten(load: Any, district: District) -> None:
    load(good.of_year(2028))
    after_reset(district)
    assert load(good.of_year(2028)).sync.counts != {}


def test_a_roster_without_a_year_comes_with_a_warning_before_and_not_after_a_reset(
    load: Any, district: District
) -> None:
    timeless = good.replacing("manifest.csv", "file.academicSessions,bulk", "file.academicSessions,absent")
    done = load(timeless)
    assert done.sync.outcome == "applied"
    assert "does not say of which school year" in "".join(done.warnings)
    after_reset(district)
    assert "row of type schoolYear" in load(timeless).sync.message


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[District]:
    """A district that other connections see; it is removed again."""
    with django_db_blocker.unblock():
        district = create_district(name="Busy Unified", site_code="0699980")
        yield district
        shards.drop(district.pk)
        for model in (Educator, School):
            model.objects.filter(district=district).delete()
        district.delete()


def test_two_imports_at_once_do_not_collide(committed: District, tmp_path: Path) -> None:
    path, outcomes = good.with_students(300).zip(tmp_path / "roster.zip"), []

    def load() -> None:
        outcomes.append(import_roster(district=committed, path=path, by="Ellis Park", at=AT).sync.outcome)
        connection.close()

    threads = [threading.Thread(target=load) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["applied", "unchanged", "unchanged"]
    assert Student.objects.of(committed).count() == 303


def test_the_merge_is_one_statement_a_kind(load: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(110):
        load(good.with_students(100))
    assert "for row in" not in Path(roster_sync.__file__).read_text()


def test_the_gate_is_asked_by_the_one_who_writes(load: Any) -> None:
    with patch("districts.rostering.gate.writing", wraps=gate.writing) as asked:
        load(good)
    assert asked.call_args.kwargs == {"resets": 0}
