"""What happens in schools: transfers, two schools, renamed schools, merged classes. Nothing of families is stored."""

from typing import Any

import pytest
from django.db import connection

from districts import shards
from districts.models import Classroom, District, Educator, EducatorRole, Enrollment, School
from districts.roster import sync
from districts.services import create_district
from tests.districts.roster.files import GOOD, GOOD_1_2, RosterFiles
from tests.districts.roster.test_files_of_changes import AT, Take, members, roles, student
from tests.districts.roster.test_files_of_changes import district as district
from tests.districts.roster.test_files_of_changes import take as take
from tests.districts.roster.test_generated import read

good, newer = RosterFiles(), RosterFiles(dict(GOOD_1_2))


def school_of(district: District, key: str) -> str:
    school = student(district, key).school
    assert school is not None
    return school.sourced_id


def test_a_transfer_keeps_the_account(take: Take, district: District) -> None:
    take(good)
    before = student(district, "s1").id
    moved = good.replacing("users.csv", "s1,,,true,north", "s1,,,true,south")
    take(moved.replacing("enrollments.csv", "n3,,,c1,north,s1", "n3,,,c2,south,s1"))
    assert (student(district, "s1").id, school_of(district, "s1")) == (before, "south")
    assert members(district) == {("c2", "s1"), ("c2", "s2"), ("c1", "s3")}


def test_a_student_in_two_schools_is_of_the_first_and_learns_in_both(take: Take, district: District) -> None:
    both = good.replacing("users.csv", "s1,,,true,north", 's1,,,true,"south,north"')
    take(both.adding("enrollments.csv", "n9,,,c2,south,s1,student,,,"))
    assert school_of(district, "s1") == "south"
    assert {("c1", "s1"), ("c2", "s1")} <= members(district)


def test_an_educator_of_several_roles_is_one_account(take: Take, district: District) -> None:
    take(newer.adding("roles.csv", "r9,,,e2,secondary,principal,,,north,"))
    assert roles(district, "e2") == {("south", "teacher"), ("north", "teacher"), ("north", "principal")}
    assert Educator.objects.filter(district=district, sourced_id="e2").count() == 1


def test_a_renamed_school_is_the_same_school(take: Take, district: District) -> None:
    take(good)
    before = School.objects.get(district=district, sourced_id="north").pk
    take(good.replacing("orgs.csv", "North Elementary", "Rosa Parks Elementary"))
    after = School.objects.get(district=district, sourced_id="north")
    assert (after.pk, after.name) == (before, "Rosa Parks Elementary")
    assert student(district, "s1").school_id == before


def test_two_classes_that_become_one_keep_their_students(take: Take, district: District) -> None:
    take(good)
    merged = good.holding("classes.csv", "\n".join(GOOD["classes.csv"].splitlines()[:2]) + "\n")
    take(merged.holding("enrollments.csv", GOOD["enrollments.csv"].replace(",c2,", ",c1,")))
    assert [room.sourced_id for room in Classroom.objects.of(district)] == ["c1"]
    assert members(district) == {("c1", "s1"), ("c1", "s2"), ("c1", "s3")}


@pytest.mark.parametrize("files", [good, newer], ids=["1.1", "1.2"])
def test_families_passwords_and_telephones_are_in_no_table(take: Take, district: District, files: RosterFiles) -> None:
    take(files)
    held = everything(district)
    assert "Canary" in held
    assert not [each for each in ("Pam", "pam", "p1", "Secret1", "555-0100", "Annie") if f"'{each}'" in held]


def everything(district: District) -> str:
    """All that the district's tables hold, as text."""
    found: list[Any] = [list(model.objects.filter(district=district).values()) for model in (School, Educator)]
    found.append(list(EducatorRole.objects.filter(educator__district=district).values()))
    with connection.cursor() as cursor:
        for model in shards.MODELS:
            cursor.execute(f"SELECT * FROM ONLY {shards.leaf(model, district.pk)}")
            found.append(cursor.fetchall())
    return repr(found)


def test_the_same_ids_in_another_district_are_other_people(take: Take, district: District) -> None:
    other = create_district(name="Other Unified", site_code="0699980", zone="America/Denver")
    take(good)
    sync.apply(read(good.replacing("users.csv", "Ann", "Other")), district_id=other.pk, by="Ellis Park", at=AT)
    take(good.replacing("users.csv", "Ann", "Anna"))
    assert (student(district, "s1").first_name, student(other, "s1").first_name) == ("Anna", "Other")
    assert Enrollment.objects.of(other).count() == 3
