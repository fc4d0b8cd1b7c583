"""The other side: the same roster, read by the same reader, written with bulk_create(update_conflicts=True)."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db import models, transaction

from districts.models import Classroom, ClassroomTeacher, Educator, EducatorRole, Enrollment, School, Student
from districts.roster import archive, oneroster
from districts.roster.problems import Warnings
from districts.roster.records import Roster

BATCH = 5_000
Ids = dict[str, int]


def import_roster(district_id: int, path: Path) -> None:
    """Reads the zip at `path` and brings the district to it, row by row in batches, in one transaction."""
    warnings = Warnings()
    with archive.opened(path, warnings) as opened:
        roster = oneroster.read(opened, warnings)
    with transaction.atomic():
        _write(district_id, roster)


def _write(district_id: int, roster: Roster) -> None:
    _put(School, ("district", "sourced_id"), ("name", "identifier"), _schools(district_id, roster))
    schools: Ids = dict(School.objects.filter(district=district_id).values_list("sourced_id", "pk"))
    people = ("first_name", "last_name", "username", "email")
    _put(Educator, ("district", "sourced_id"), people, _educators(district_id, roster))
    educators: Ids = dict(Educator.objects.filter(district=district_id).values_list("sourced_id", "pk"))
    roles = (EducatorRole(educator_id=educators[e], school_id=schools.get(s), role=r) for e, s, r in roster.roles)
    EducatorRole.objects.bulk_create(roles, BATCH, ignore_conflicts=True)
    _put(Student, KEY, STUDENT, _students(district_id, roster, schools))
    students: Ids = dict(Student.objects.of(district_id).values_list("sourced_id", "id"))
    _put(Classroom, KEY, ("school", "name", "code", "grade_levels"), _classrooms(district_id, roster, schools))
    rooms: Ids = dict(Classroom.objects.of(district_id).values_list("sourced_id", "id"))
    member = ("district_id", "classroom_id")
    _put(
        ClassroomTeacher,
        (*member, "educator"),
        ("sourced_id", "is_primary"),
        _teachers(district_id, roster, rooms, educators),
    )
    _put(Enrollment, (*member, "student_id"), ("sourced_id",), _enrollments(district_id, roster, rooms, students))


KEY = ("district_id", "sourced_id")
STUDENT = (
    *("school", "first_name", "last_name", "username", "student_information_number", "grade_level"),
    *("learning_environment", "is_deactivated"),
)


def _put(model: type[models.Model], unique: Sequence[str], fields: Sequence[str], rows: Iterable[Any]) -> None:
    model._default_manager.bulk_create(
        rows, BATCH, update_conflicts=True, unique_fields=list(unique), update_fields=list(fields)
    )


def _schools(district_id: int, roster: Roster) -> Iterator[School]:
    return (School(district_id=district_id, sourced_id=k, name=n, identifier=i) for k, n, i in roster.schools)


def _educators(district_id: int, roster: Roster) -> Iterator[Educator]:
    for each in roster.educators:
        fields = {"first_name": each.first_name, "last_name": each.last_name, "username": each.username}
        yield Educator(district_id=district_id, sourced_id=each.sourced_id, email=each.email, **fields)


def _students(district_id: int, roster: Roster, schools: Ids) -> Iterator[Student]:
    for each in roster.students:
        yield Student(
            district_id=district_id,
            sourced_id=each.sourced_id,
            school_id=schools.get(each.school),
            first_name=each.first_name,
            last_name=each.last_name,
            username=each.username,
            student_information_number=each.number,
            grade_level=each.grade,
            learning_environment=each.environment,
            is_deactivated=not each.is_active,
        )


def _classrooms(district_id: int, roster: Roster, schools: Ids) -> Iterator[Classroom]:
    for key, school, name, code, grades in roster.classrooms:
        fields = {"name": name, "code": code, "grade_levels": grades}
        yield Classroom(district_id=district_id, sourced_id=key, school_id=schools.get(school), **fields)


def _teachers(district_id: int, roster: Roster, rooms: Ids, educators: Ids) -> Iterator[ClassroomTeacher]:
    for room, educator, key, is_primary in roster.teachers:
        ids = {"classroom_id": rooms[room], "educator_id": educators[educator]}
        yield ClassroomTeacher(district_id=district_id, sourced_id=key, is_primary=is_primary, **ids)


def _enrollments(district_id: int, roster: Roster, rooms: Ids, students: Ids) -> Iterator[Enrollment]:
    for room, student, key in roster.enrollments:
        ids = {"classroom_id": rooms[room], "student_id": students[student]}
        yield Enrollment(district_id=district_id, sourced_id=key, **ids)
