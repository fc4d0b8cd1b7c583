"""A roster of changes: what it does not speak of stands as the district holds it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from districts.models import (
    Classroom,
    ClassroomTeacher,
    District,
    Educator,
    Enrollment,
    Gate,
    RosterSource,
    RosterSync,
    Student,
)
from districts.rostering import import_roster
from districts.services import create_district
from tests.districts.roster.files import RosterFiles

good = RosterFiles()
AT = datetime(2027, 4, 5, 9, tzinfo=UTC)
NOW = "2027-04-05T02:00:00Z"
HEADS = {name: str(text).split("\n", 1)[0] for name, text in good.files.items()}


@pytest.fixture
def district(db: None) -> District:
    district = create_district(name="Fresh Unified", site_code="0699990", zone="America/Los_Angeles")
    RosterSource.objects.filter(district=district).update(kind="rest", removal_percent=100)
    return district


@pytest.fixture
def load(district: District, tmp_path: Path) -> Any:
    def load(files: RosterFiles) -> RosterSync:
        path = files.zip(tmp_path / "roster.zip")
        return import_roster(district=district, path=path, by="the nightly roster sync", at=AT).sync

    return load


def delta(**files: list[str]) -> RosterFiles:
    """A roster of changes: each row begins with its id, then its status."""
    listed = ("orgs", "classes", "users", "enrollments")
    modes = [f"file.{name},{'delta' if name in files else 'absent'}" for name in listed]
    manifest = ["propertyName,value", "manifest.version,1.0", "oneroster.version,1.1", *modes]
    tables = {f"{name}.csv": [HEADS[f"{name}.csv"], *map(_dated, rows)] for name, rows in files.items()}
    texts = {name: "\n".join(lines) + "\n" for name, lines in {"manifest.csv": manifest, **tables}.items()}
    return RosterFiles(dict(texts))


def _dated(row: str) -> str:
    key, status, rest = row.split(",", 2)
    return f"{key},{status},{NOW},{rest}"


def names(model: Any, district: District) -> set[str]:
    return set(model.objects.of(district).values_list("sourced_id", flat=True))


def test_only_what_it_speaks_of_changes(load: Any, district: District) -> None:
    load(good)
    sync = load(delta(users=["s1,active,true,north,student,ann,,Anne,Canary,Q,00017,,,,,03,"]))
    assert (sync.outcome, sync.mode, sync.message) == ("applied", "changes", "")
    assert Student.objects.of(district).get(sourced_id="s1").first_name == "Anne"
    assert sync.counts["student"] == {"added": 0, "changed": 1, "removed": 0, "unchanged": 2}
    assert [sync.counts[kind]["removed"] for kind in sync.counts] == [0] * len(sync.counts)


def test_a_student_who_is_deleted_is_deactivated(load: Any, district: District) -> None:
    load(good)
    sync = load(delta(users=["s2,tobedeleted,true,,student,ben,,Ben,Canary,,,,,,,,"]))
    assert sync.counts["student"]["removed"] == 1
    assert Student.objects.of(district).get(sourced_id="s2").is_deactivated


def test_accounts_that_were_deactivated_before_do_not_count_again(load: Any, district: District) -> None:
    load(good)
    load(delta(users=["s2,tobedeleted,true,,student,ben,,Ben,Canary,,,,,,,,"]))
    sync = load(delta(users=["s1,active,true,north,student,ann,,Anne,Canary,Q,00017,,,,,03,"]))
    assert sync.counts["student"] == {"added": 0, "changed": 1, "removed": 0, "unchanged": 1}
    assert Student.objects.of(district).get(sourced_id="s2").is_deactivated


def test_a_new_student_joins_a_class_that_is_there(load: Any, district: District) -> None:
    load(good)
    sync = load(
        delta(
            users=["s9,active,true,north,student,new,,Nia,Canary,,,,,,,03,"],
            enrollments=["n9,active,c1,north,s9,student,,,"],
        )
    )
    assert sync.outcome == "applied", sync.message
    assert Enrollment.objects.of(district).filter(sourced_id="n9").count() == 1
    assert Enrollment.objects.of(district).count() == 4


def test_an_enrollment_ends_by_its_id(load: Any, district: District) -> None:
    load(good)
    load(delta(enrollments=["n3,tobedeleted,c1,north,s1,student,,,"]))
    assert names(Enrollment, district) == {"n4", "n5"}
    assert ClassroomTeacher.objects.of(district).count() == 2


def test_a_class_that_is_deleted_takes_its_memberships_along(load: Any, district: District) -> None:
    load(good)
    load(delta(classes=["c1,tobedeleted,Math 3-A,03,m,M3A,scheduled,,north,t,,,"]))
    assert names(Classroom, district) == {"c2"}
    assert names(Enrollment, district) == {"n4"}
    assert Student.objects.of(district).filter(is_deactivated=False).count() == 3


def test_a_teacher_who_is_deleted_is_deactivated_and_others_stay(load: Any, district: District) -> None:
    load(good)
    load(delta(users=["e1,tobedeleted,true,north,teacher,tea,,Tom,Teach,,,,,,,,"]))
    active = Educator.objects.filter(district=district, deactivated_at=None)
    assert set(active.values_list("sourced_id", flat=True)) == {"a1", "e2"}


def test_the_same_changes_twice_change_nothing_more(load: Any, district: District) -> None:
    load(good)
    change = delta(users=["s1,active,true,north,student,ann,,Anne,Canary,Q,00017,,,,,03,"])
    load(change)
    again = load(change.adding("users.csv", f"s3,active,{NOW},true,d,student,cy,,Cy,Canary,,00019,,,,,KG,"))
    assert again.outcome == "unchanged", again.message


def test_without_a_full_roster_before_it_it_is_refused(load: Any) -> None:
    sync = load(delta(users=["s1,active,true,north,student,ann,,Anne,Canary,Q,00017,,,,,03,"]))
    assert (sync.outcome, "Send a full (bulk) roster first." in sync.message) == ("refused", True)


def test_a_student_who_is_deleted_leaves_the_classes(load: Any, district: District) -> None:
    load(good)
    load(delta(users=["s1,tobedeleted,true,,student,ann,,Ann,Canary,,,,,,,,"]))
    assert names(Enrollment, district) == {"n4", "n5"}


def test_a_teacher_who_is_deleted_leaves_the_classes(load: Any, district: District) -> None:
    load(good)
    load(delta(users=["e1,tobedeleted,true,north,teacher,tea,,Tom,Teach,,,,,,,,"]))
    assert names(ClassroomTeacher, district) == {"n2"}


def test_changes_are_of_the_year_of_the_full_roster_that_they_change(load: Any, district: District) -> None:
    Gate.objects.filter(pk=district.pk).update(
        resets=1, closed_year="2025-26", last_reset_at=AT, last_reset_by="the nightly run"
    )
    load(good)
    sync = load(delta(users=["s1,active,true,north,student,ann,,Anne,Canary,Q,00017,,,,,03,"]))
    assert (sync.outcome, sync.school_year) == ("applied", "2026-27"), sync.message
