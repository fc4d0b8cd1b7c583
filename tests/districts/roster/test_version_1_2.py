"""OneRoster 1.2: roles in a file of their own, several to a person, and words that vendors add."""

from pathlib import Path

import pytest

from districts.roster.records import EducatorRole
from tests.districts.roster.files import GOOD_1_2, RosterFiles
from tests.districts.roster.test_reading import good, read, refusal

newer = RosterFiles(dict(GOOD_1_2))


def test_it_reads_the_same_people_as_1_1(tmp_path: Path) -> None:
    one, two = read(good, tmp_path)[0], read(newer, tmp_path)[0]
    assert two.students == one.students
    assert two.educators == one.educators
    assert (two.enrollments, two.teachers, two.relatives) == (one.enrollments, one.teachers, 1)


def test_roles_stand_where_they_are_held_the_primary_first(tmp_path: Path) -> None:
    assert read(newer, tmp_path)[0].roles == [
        EducatorRole("a1", "", "districtAdministrator"),
        EducatorRole("e1", "north", "teacher"),
        EducatorRole("e2", "south", "teacher"),
        EducatorRole("e2", "north", "teacher"),
    ]


def test_an_educator_teaches_at_two_schools_and_is_principal_at_a_third(tmp_path: Path) -> None:
    files = newer.adding("orgs.csv", "west,,,West,school,003,d").adding(
        "roles.csv", "r9,,,e2,primary,principal,,,west,"
    )
    found = [role for role in read(files, tmp_path)[0].roles if role.educator == "e2"]
    assert [(role.school, role.role) for role in found] == [
        ("south", "teacher"),
        ("west", "principal"),
        ("north", "teacher"),
    ]


def test_a_parent_who_teaches_is_an_educator(tmp_path: Path) -> None:
    files = newer.adding("roles.csv", "r9,,,p1,secondary,teacher,,,north,")
    roster, _ = read(files, tmp_path)
    assert ("p1", roster.relatives) == (roster.educators[-1].sourced_id, 0)
    assert [role for role in roster.roles if role.educator == "p1"] == [EducatorRole("p1", "north", "teacher")]


@pytest.mark.parametrize(
    ("kind", "of_student", "is_student"),
    [("secondary", "primary", True), ("primary", "primary", True), ("primary", "secondary", False)],
)
def test_a_student_who_is_an_aide_is_what_is_primary_else_a_student(
    kind: str, of_student: str, is_student: bool, tmp_path: Path
) -> None:
    files = newer.replacing("roles.csv", "s2,primary", f"s2,{of_student}").adding(
        "roles.csv", f"r9,,,s2,{kind},aide,,,north,"
    )
    roster, warnings = read(files, tmp_path)
    assert ("s2" in [student.sourced_id for student in roster.students]) is is_student
    assert ("s2" in [role.educator for role in roster.roles]) is not is_student
    assert "users.csv, column sourcedId: The user is a student and an educator" in warnings


def test_the_primary_org_is_a_students_school(tmp_path: Path) -> None:
    files = newer.adding("roles.csv", "r9,,,s1,primary,student,,,south,")
    assert read(files, tmp_path)[0].students[0].school == "north"
    other = files.replacing("users.csv", "north,she", "south,she")
    assert read(other, tmp_path)[0].students[0].school == "south"


def test_a_user_without_a_role_is_skipped_and_needs_a_person(tmp_path: Path) -> None:
    files = newer.replacing("roles.csv", "r6,,,s2,", "r6,,,s1,")
    roster, warnings = read(files, tmp_path)
    assert [student.sourced_id for student in roster.students] == ["s1", "s3"]
    assert "The user has no role in roles.csv; the row was skipped. (line 6)" in warnings
    assert "users.csv, line 6, column sourcedId: It refers to a row that roles.csv does not have" in roster.concerns[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "warning"),
    [
        ("classes.csv", "scheduled", "ext:lab", ""),
        ("orgs.csv", "Mathematics,department", "Mathematics,ext:team", ""),
        ("academicSessions.csv", "Spring,term", "Spring,ext:block", ""),
        (
            "enrollments.csv",
            "c2,south,e2,teacher",
            "c2,south,e2,ext:coach",
            "column role: A membership of the vendor's",
        ),
        (
            "roles.csv",
            "e2,secondary,teacher",
            "e2,secondary,ext:coach",
            "column role: A role of the vendor's own (ext:)",
        ),
        ("roles.csv", "e2,secondary,teacher", "e2,Secondary,teacher", "column roleType: “secondary” is written"),
    ],
)
def test_words_of_a_vendors_own_are_accepted(file: str, old: str, new: str, warning: str, tmp_path: Path) -> None:
    roster, warnings = read(newer.replacing(file, old, new), tmp_path)
    assert len(roster.students) == 3
    assert warning in warnings
    assert "ext:coach" not in repr(roster)


def test_1_1_has_no_words_of_a_vendors_own(tmp_path: Path) -> None:
    said = refusal(good.replacing("classes.csv", "scheduled", "ext:lab"), tmp_path)
    assert "classes.csv, line 2, column classType: The word is none of OneRoster 1.1's." in said


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("manifest.csv", "file.roles,bulk\n", ""), "manifest.csv: It does not list roles.csv, which is needed."),
        (("manifest.csv", "roles,bulk", "roles,delta"), "One of users.csv and roles.csv is full and the other is not."),
        (("roles.csv", "primary,guardian", "main,guardian"), "roles.csv, line 9, column roleType: The word is none of"),
        (("roles.csv", ",guardian", ",uncle"), "roles.csv, line 9, column role: The word is none of OneRoster 1.2's."),
        (("roles.csv", "roleType,", "kind,"), "roles.csv, line 1, column roleType: The column is missing."),
    ],
)
def test_it_refuses_what_1_2_does_not_know(change: tuple[str, str, str], expected: str, tmp_path: Path) -> None:
    assert expected in refusal(newer.replacing(*change), tmp_path)


def test_preferred_names_and_pronouns_are_not_read(tmp_path: Path) -> None:
    roster, warnings = read(newer, tmp_path)
    assert not [each for each in ("Annie", "she", "Secret1", "555-0100") if each in repr(roster) + warnings]
