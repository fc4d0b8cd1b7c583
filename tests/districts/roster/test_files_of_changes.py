"""Rosters of changes (delta): what they say is done, and what they do not speak of stands."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from districts.models import Classroom, ClassroomTeacher, District, Educator, EducatorRole, Enrollment, School, Student
from districts.roster import archive, completing, oneroster, sync
from districts.roster.problems import RosterRefused, Warnings
from districts.roster.records import Roster
from districts.services import create_district
from tests.districts.roster.files import GOOD_1_2, MODIFIED, RosterFiles, gone

good, newer = RosterFiles(), RosterFiles(dict(GOOD_1_2))
AT = datetime(2027, 4, 5, 9, tzinfo=UTC)
ANN = "s1,,,true,{org},student,ann,,Anna,Canary,Q,00017,,,555-0100,p1,04,Secret1"
Take = Callable[[RosterFiles], Roster]


@pytest.fixture
def district(db: None) -> District:
    return create_district(name="Fresh Unified", site_code="0699990", zone="America/Los_Angeles")


@pytest.fixture
def take(district: District, tmp_path: Path) -> Take:
    """Reads a roster against what the district holds and applies it."""

    def take(files: RosterFiles) -> Roster:
        warnings = Warnings()
        with archive.opened(files.zip(tmp_path / "roster.zip"), warnings) as opened:
            roster = oneroster.read(opened, warnings, lambda: completing.known(district.pk))
        sync.apply(roster, district_id=district.pk, by="Ellis Park", at=AT)
        return roster

    return take


def members(district: District) -> set[tuple[str, str]]:
    """Classrooms with their students, by sourced id."""
    rooms = {room.id: room.sourced_id for room in Classroom.objects.of(district)}
    people = {student.id: student.sourced_id for student in Student.objects.of(district)}
    return {(rooms[each.classroom_id], people[each.student_id]) for each in Enrollment.objects.of(district)}


def student(district: District, key: str) -> Student:
    return Student.objects.of(district).select_related("school").get(sourced_id=key)


def roles(district: District, key: str) -> set[tuple[str, str]]:
    found = EducatorRole.objects.filter(educator__district=district, educator__sourced_id=key)
    return {(role.school.sourced_id if role.school else "", role.role) for role in found}


def test_what_is_not_spoken_of_stands(take: Take, district: District) -> None:
    take(good)
    before = members(district)
    roster = take(good.changes(users=[ANN.format(org="north")]))
    assert (roster.mode, roster.concerns) == ("changes", [])
    assert student(district, "s1").first_name == "Anna"
    assert not Student.objects.of(district).filter(is_deactivated=True).exists()
    assert (members(district), Educator.objects.filter(district=district, deactivated_at=None).count()) == (before, 3)


def test_a_transfer_is_a_change(take: Take, district: District) -> None:
    take(good)
    take(
        good.changes(
            users=[ANN.format(org="south")],
            enrollments=[gone("n3", "c1,north,s1,student,,,"), "n9,,,c2,south,s1,student,,,"],
        )
    )
    ann = student(district, "s1")
    assert ann.school is not None
    assert ann.school.sourced_id == "south"
    assert members(district) == {("c2", "s1"), ("c2", "s2"), ("c1", "s3")}


def test_a_deleted_user_is_deactivated(take: Take, district: District) -> None:
    take(good)
    take(good.changes(users=[gone("s1", ",,,,,,,,,,,,,,"), gone("e1", ",,,,,,,,,,,,,,")]))
    assert student(district, "s1").is_deactivated
    assert Educator.objects.get(district=district, sourced_id="e1").deactivated_at == AT
    assert not student(district, "s2").is_deactivated


def test_a_deleted_class_goes_with_its_memberships(take: Take, district: District) -> None:
    take(good)
    take(good.changes(classes=[gone("c1", ",,,,,,,,,,")]))
    assert members(district) == {("c2", "s2")}
    assert ClassroomTeacher.objects.of(district).count() == 1


def test_a_full_file_of_users_goes_with_changes_of_enrollments(take: Take, district: District) -> None:
    take(good)
    changes = good.changes(enrollments=["n9,,,c2,south,s3,student,,,"])
    users = good.replacing("users.csv", "s2,", "s4,").files["users.csv"]
    both = changes.holding("users.csv", users).adding("manifest.csv", "file.users,bulk")
    assert take(both).partial == {"school", "classroom", "teacher", "enrollment"}
    assert student(district, "s2").is_deactivated
    assert not student(district, "s4").is_deactivated
    assert ("c2", "s3") in members(district)


def test_a_full_file_of_users_is_all_that_its_enrollments_may_refer_to(take: Take) -> None:
    take(good)
    changes = good.changes(enrollments=["n9,,,c1,north,s2,student,,,"])
    both = changes.holding("users.csv", good.replacing("users.csv", "s2,", "s4,").files["users.csv"])
    roster = take(both.adding("manifest.csv", "file.users,bulk"))
    assert "column userSourcedId: It refers to a row that neither users.csv" in roster.concerns[0]


def test_a_class_that_nobody_knows_needs_a_person(take: Take, district: District) -> None:
    take(good)
    before = members(district)
    roster = take(good.changes(enrollments=["n9,,,c99,north,s1,student,,,"]))
    assert roster.concerns == [
        "enrollments.csv, line 2, column classSourcedId: It refers to a row that neither classes.csv nor the district "
        "has, as do 1 of 1 rows; more than 1% is too many. Send classes.csv and enrollments.csv of the same export."
    ]
    assert members(district) == before


def test_orgs_that_are_not_kept_do_not_move_anybody(take: Take, district: District) -> None:
    take(good)
    admin = "a1,,,true,d,administrator,adm,,Adah,Chief,,A1,,,,,,"
    room = "c2,,,Math 9-B,09,m,M9A,homeroom,,math,t,,,"
    roster = take(good.changes(users=[ANN.format(org="d"), admin], classes=[room]))
    assert roster.concerns == []
    assert (student(district, "s1").school_id, roles(district, "a1")) == (
        School.objects.get(district=district, sourced_id="north").pk,
        {("", "administrator")},
    )
    assert Classroom.objects.of(district).get(sourced_id="c2").school_id is not None


def test_a_student_who_becomes_an_educator_leaves_the_students(take: Take, district: District) -> None:
    take(good)
    take(good.changes(users=["s1,,,true,north,aide,ann,,Ann,Canary,,,,,,,,"]))
    assert student(district, "s1").is_deactivated
    assert roles(district, "s1") == {("north", "aide")}


def test_a_new_school_and_class_come_with_their_people(take: Take, district: District) -> None:
    take(good)
    changes = good.changes(
        orgs=["west,,,West,school,003,d"],
        classes=["c9,,,Math 5,05,m,M5,scheduled,,west,t,,,"],
        users=["s9,,,true,west,student,zed,,Zed,Canary,,,,,,,05,"],
        enrollments=["n9,,,c9,west,s9,student,,,"],
    )
    assert take(changes).concerns == []
    assert student(district, "s9").school == School.objects.get(district=district, sourced_id="west")
    assert ("c9", "s9") in members(district)


def test_changed_roles_of_1_2_move_people_who_are_not_in_users(take: Take, district: District) -> None:
    take(newer)
    south = ["r9,,,s1,primary,student,,,south,", gone("r5", "s1,primary,student,,,north,")]
    take(newer.changes(roles=[*south, gone("r3", "e2,secondary,teacher,,,north,"), "r10,,,e1,secondary,aide,,,south,"]))
    school = student(district, "s1").school
    assert school is not None
    assert school.sourced_id == "south"
    assert roles(district, "e2") == {("south", "teacher")}
    assert roles(district, "e1") == {("north", "teacher"), ("south", "aide")}


def test_changed_users_of_1_2_keep_their_roles(take: Take, district: District) -> None:
    take(newer)
    ada = "a1,,,true,adm,,Adah,Chief,,A1,,,,,,,,,,,,d,"
    ann = "s1,,,true,ann,,Anna,Canary,Q,00017,,,,,03,,,,,,,,"
    assert take(newer.changes(users=[ada, ann])).concerns == []
    assert roles(district, "a1") == {("", "districtAdministrator")}
    assert (student(district, "s1").first_name, student(district, "s1").is_deactivated) == ("Anna", False)
    assert student(district, "s1").school is not None


def test_roles_of_somebody_unknown_are_skipped(take: Take, district: District) -> None:
    take(newer)
    take(newer.changes(roles=["r9,,,x9,primary,teacher,,,north,"]))
    assert roles(district, "x9") == set()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (f"n9,,{MODIFIED},c1,north,s1,student,,,", "enrollments.csv, line 3, column status: It is blank"),
        ("n9,active,,c1,north,s1,student,,,", "enrollments.csv, line 3, column dateLastModified: It is blank"),
        (f"n9,deleted,{MODIFIED},c1,north,s1,student,,,", "line 3, column status: The status is none of OneRoster's."),
    ],
)
def test_it_refuses_rows_that_do_not_say_what_changed(take: Take, row: str, expected: str) -> None:
    changes = good.changes(enrollments=["n8,,,c1,north,s1,student,,,"])
    with pytest.raises(RosterRefused) as refused:
        take(changes.adding("enrollments.csv", row))
    assert expected in str(refused.value)


def test_it_asks_what_the_district_holds_of_changes_only(tmp_path: Path) -> None:
    def ask() -> Any:
        raise AssertionError("it asked")

    warnings = Warnings()
    with archive.opened(good.zip(tmp_path / "roster.zip"), warnings) as opened:
        assert oneroster.read(opened, warnings, ask).mode == "full"


def test_absent_files_need_no_warning_in_a_roster_of_changes(take: Take, tmp_path: Path) -> None:
    warnings = Warnings()
    with archive.opened(good.changes(users=[ANN.format(org="north")]).zip(tmp_path / "x.zip"), warnings) as opened:
        roster = oneroster.read(opened, warnings)
    assert not [each for each in warnings.sentences() if "manifest.csv" in each]
    assert roster.partial == {"school", "educator", "role", "student", "classroom", "teacher", "enrollment"}


def test_another_districts_ids_mean_nothing_here(take: Take, district: District) -> None:
    take(good)
    other = create_district(name="Other Unified", site_code="0699980", zone="America/Denver")
    known = completing.known(other.pk)
    assert (known.schools, known.classrooms, known.people) == (frozenset(), {}, {})
    assert not [*known.students_of({"s1"}), *known.roles_of({"e1"})]
