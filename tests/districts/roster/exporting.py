"""A district's shard as OneRoster 1.2 CSV: what an import of it must find unchanged."""

import csv
import io
from collections.abc import Iterable, Sequence

from districts.models import Classroom, ClassroomTeacher, District, Educator, EducatorRole, Enrollment, School, Student
from tests.districts.roster.files import GOOD, GOOD_1_2, RosterFiles

DISTRICT = "the district"


def exported(district: District) -> RosterFiles:
    """Everything that a roster can say of a district, with the sessions of the good roster."""
    people, rooms = list(Student.objects.of(district)), list(Classroom.objects.of(district))
    staff = list(Educator.objects.filter(district=district))
    schools = {school.pk: school for school in School.objects.filter(district=district)}
    ids = {key: school.sourced_id for key, school in schools.items()}
    return RosterFiles(
        {
            "manifest.csv": GOOD_1_2["manifest.csv"].replace("file.courses,bulk", "file.courses,absent"),
            "academicSessions.csv": GOOD["academicSessions.csv"],
            "orgs.csv": _file("orgs", _orgs(schools.values())),
            "classes.csv": _file("classes", (_classroom(room, ids) for room in rooms)),
            "users.csv": _file("users", [*map(_student, people), *map(_educator, staff)]),
            "roles.csv": _file("roles", [*_roles_of_students(people, ids), *_roles_of_staff(district, ids)]),
            "enrollments.csv": _file("enrollments", _memberships(district, rooms, people, staff)),
        }
    )


def written(header: str, rows: Iterable[Sequence[str]]) -> str:
    """A CSV file with all of its values quoted, so that none of them can be taken for anything else."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue()


def _file(name: str, rows: Iterable[Sequence[str]]) -> str:
    header = GOOD_1_2[f"{name}.csv"].split("\n", 1)[0]
    return written(header, ([row[0], "", "", *row[1:]] for row in rows))


def _orgs(schools: Iterable[School]) -> list[list[str]]:
    listed = [[school.sourced_id, school.name, "school", school.identifier, DISTRICT] for school in schools]
    return [[DISTRICT, "", "district", "", ""], *listed]


def _classroom(room: Classroom, schools: dict[int, str]) -> list[str]:
    grades = ",".join(map(_code, filter(None, room.grade_levels.split(","))))
    school = schools.get(room.school_id or 0, DISTRICT)
    return [room.sourced_id, room.name, grades, "", room.code, "scheduled", "", school, "", "", "", ""]


def _code(grade: str) -> str:
    return {"K": "KG"}.get(grade, grade.zfill(2) if grade.isdecimal() else grade)


def _student(one: Student) -> list[str]:
    names = [one.first_name, one.last_name, "", one.student_information_number]
    enabled = "false" if one.is_deactivated else "true"
    return [one.sourced_id, enabled, one.username, "", *names, *[""] * 4, _code(one.grade_level), *[""] * 8]


def _educator(one: Educator) -> list[str]:
    names = [one.first_name, one.last_name, "", "", one.email]
    return [one.sourced_id, "false" if one.deactivated_at else "true", one.username, "", *names, *[""] * 12]


def _roles_of_students(people: Iterable[Student], schools: dict[int, str]) -> Iterable[list[str]]:
    for one in people:
        school = schools.get(one.school_id or 0, DISTRICT)
        yield [f"student {one.id}", one.sourced_id, "primary", "student", "", "", school, ""]


def _roles_of_staff(district: District, schools: dict[int, str]) -> Iterable[list[str]]:
    for role in EducatorRole.objects.filter(educator__district=district).select_related("educator"):
        school = schools.get(role.school_id or 0, DISTRICT)
        yield [f"role {role.pk}", role.educator.sourced_id, "primary", role.role, "", "", school, ""]


def _memberships(
    district: District, rooms: list[Classroom], people: list[Student], staff: list[Educator]
) -> Iterable[list[str]]:
    room_of = {room.id: room.sourced_id for room in rooms}
    person_of = {one.id: one.sourced_id for one in people}
    educator_of = {one.pk: one.sourced_id for one in staff}
    for each in Enrollment.objects.of(district):
        user = person_of[each.student_id]
        yield [each.sourced_id, room_of[each.classroom_id], "", user, "student", "", "", ""]
    for taught in ClassroomTeacher.objects.of(district):
        primary = "true" if taught.is_primary else "false"
        user = educator_of[taught.educator_id]
        yield [taught.sourced_id, room_of[taught.classroom_id], "", user, "teacher", primary, "", ""]
