"""Generated rosters: every name comes back as it came, and a district that is exported and imported does not change.

`GENERATED_ROSTERS=10000 pytest tests/districts/roster/test_generated.py` reads 10,000 of them; the suite reads 300.
`APPLIED_ROSTERS` is how many go through the database.
"""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from districts.models import Classroom, District, Educator, School, Student
from districts.roster import archive, oneroster, sync
from districts.roster.problems import Warnings
from districts.roster.records import Educator as Teacher
from districts.roster.records import Roster
from districts.roster.records import Student as Learner
from districts.rostering import import_roster
from districts.services import create_district
from tests.districts.roster.exporting import exported
from tests.districts.roster.files import RosterFiles
from tests.districts.roster.generated import Generated, next_night, rosters

AT = datetime(2027, 4, 5, 9, tzinfo=UTC)
PATIENT = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}
MANY = settings(max_examples=int(os.environ.get("GENERATED_ROSTERS", "300")), **PATIENT)  # type: ignore[arg-type]
APPLIED = settings(max_examples=int(os.environ.get("APPLIED_ROSTERS", "40")), **PATIENT)  # type: ignore[arg-type]
Names = set[tuple[str, str, str]]


@pytest.fixture
def district(db: None) -> District:
    return create_district(name="Fresh Unified", site_code="0699990", zone="America/Los_Angeles")


def read(files: RosterFiles) -> Roster:
    with tempfile.TemporaryDirectory() as folder:
        warnings = Warnings()
        with archive.opened(files.zip(Path(folder) / "roster.zip"), warnings) as opened:
            return oneroster.read(opened, warnings)


def names(roster: Generated) -> Names:
    return {(one.key, one.first, one.last) for one in roster.people}


@MANY
@given(rosters())
def test_every_name_comes_back_as_it_came(roster: Generated) -> None:
    found = read(roster.files())
    people: list[Learner | Teacher] = [*found.students, *found.educators]
    assert {(one.sourced_id, one.first_name, one.last_name) for one in people} == names(roster)
    assert {one.username for one in people} == {one.username for one in roster.people}
    assert {school.sourced_id: school.name for school in found.schools} == roster.schools
    assert {room.sourced_id: (room.name, room.school) for room in found.classrooms} == roster.classes
    assert len(found.enrollments) + len(found.teachers) == len(roster.members)
    assert (found.concerns, "Secret1" in repr(found)) == ([], False)


@APPLIED
@given(rosters())
def test_what_is_exported_and_imported_changes_nothing(district: District, roster: Generated) -> None:
    with transaction.atomic():
        assert taken(district, roster.files()) == {"applied"}
        assert names_of(district) == names(roster)
        follow(district, next_night(roster))
        assert names_of(district) == names(roster)
        assert taken(district, exported(district)) == {"unchanged"}
        transaction.set_rollback(True)


def taken(district: District, files: RosterFiles) -> set[str]:
    """How an import ended, with every kind of which anything was added, changed or removed though it said otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        path = files.zip(Path(folder) / "roster.zip")
        done = import_roster(district=district, path=path, by="Ellis Park", at=AT)
    if done.sync.outcome == "applied":
        return {"applied"}
    moved = {kind for kind, each in done.sync.counts.items() if each["added"] + each["changed"] + each["removed"]}
    return {done.sync.outcome, *moved}


def follow(district: District, roster: Generated) -> None:
    """The next night's roster, past the safeguards: it may empty a school of three children."""
    sync.apply(read(roster.files()), district_id=district.pk, by="Ellis Park", at=AT)
    assert set(School.objects.filter(district=district).values_list("sourced_id", "name")) == set(
        roster.schools.items()
    )
    rooms = {room.sourced_id: room.name for room in Classroom.objects.of(district)}
    assert rooms == {key: title for key, (title, _) in roster.classes.items()}


def names_of(district: District) -> Names:
    people: list[Student | Educator] = [*Student.objects.of(district), *Educator.objects.filter(district=district)]
    return {(one.sourced_id, one.first_name, one.last_name) for one in people}
