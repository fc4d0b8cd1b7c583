"""A roster into a district, as a difference: staged by COPY, merged by one statement a kind, counted.

Schools and educators are shared tables, so what vanished from the roster is looked for with the district named.
Users who vanish are deactivated; classrooms and memberships follow the roster.
"""

from collections.abc import Callable, Mapping, Sized
from datetime import datetime

from psycopg2 import sql

from districts import shards
from districts.copying import scrubbed, stage
from districts.models import Classroom, ClassroomTeacher, Educator, EducatorRole, Enrollment, School, Student
from districts.roster import records
from districts.roster.merging import Changes, Target, merge, run
from districts.roster.records import Roster

Counts = dict[str, Changes]


def apply(roster: Roster, *, district_id: int, by: str, at: datetime) -> Counts:
    """Brings a district to what a roster says, inside the caller's transaction (see `districts.gate.writing`).

    Answers the changes by kind. Raises a DatabaseError without any row in its text.
    """
    with scrubbed():
        _stage(roster)
        counts = {name: step(district_id, len(rows(roster))) for name, (step, rows) in _STEPS.items()}
        counts["classroom"].removed = _remove_classrooms(district_id)
        counts["educator"] = _educators(district_id, by=by, at=at, counts=counts["educator"])
        return counts


def _stage(roster: Roster) -> None:
    for name, kind, rows in (
        ("school", records.School, roster.schools),
        ("educator", records.Educator, roster.educators),
        ("role", records.EducatorRole, roster.roles),
        ("student", records.Student, roster.students),
        ("classroom", records.Classroom, roster.classrooms),
        ("teacher", records.Teacher, roster.teachers),
        ("enrollment", records.Enrollment, roster.enrollments),
    ):
        stage(f"staged_{name}", kind._fields, rows)
    for name, column in (("educator", "sourced_id"), ("role", "educator"), ("classroom", "sourced_id")):
        run(sql.SQL("CREATE INDEX ON {} ({})").format(sql.Identifier(f"staged_{name}"), sql.Identifier(column)))


def _query(text: str, district_id: int) -> sql.Composed:
    """A query over staged rows, with the district's own tables to resolve sourced ids by."""
    return sql.SQL(text).format(
        district=sql.Literal(district_id),
        students=sql.Identifier(shards.leaf(Student, district_id)),
        classrooms=sql.Identifier(shards.leaf(Classroom, district_id)),
        teachers=sql.Identifier(shards.leaf(ClassroomTeacher, district_id)),
        enrollments=sql.Identifier(shards.leaf(Enrollment, district_id)),
    )


def _schools(district_id: int, staged: int) -> Changes:
    target = Target(School._meta.db_table, district_id, ("sourced_id",), ("name", "identifier"), {})
    return merge(target, _query("SELECT sourced_id, name, identifier FROM staged_school", district_id), staged)


def _people(district_id: int, staged: int) -> Changes:
    columns = ("first_name", "last_name", "username", "email")
    target = Target(Educator._meta.db_table, district_id, ("sourced_id",), columns, {})
    source = _query(f"SELECT sourced_id, {', '.join(columns)} FROM staged_educator", district_id)  # noqa: S608
    return merge(target, source, staged)


def _educators(district_id: int, *, by: str, at: datetime, counts: Changes) -> Changes:
    """Deactivates educators who are not in the roster, or not enabled by it, and takes back those who are."""
    counts.removed = run(_query(_DEACTIVATE, district_id), by=by, at=at)
    run(_query(_REACTIVATE, district_id))
    return counts


_ACTIVE = """
    SELECT FROM staged_educator s WHERE s.sourced_id = e.sourced_id AND s.is_active::boolean
"""
_DEACTIVATE = f"""
    UPDATE districts_educator e SET deactivated_at = %(at)s, deactivated_by = %(by)s
    WHERE e.district_id = {{district}} AND e.deactivated_at IS NULL AND NOT EXISTS ({_ACTIVE})
"""  # noqa: S608 (no value in it)
_REACTIVATE = f"""
    UPDATE districts_educator e SET deactivated_at = NULL, deactivated_by = NULL
    WHERE e.district_id = {{district}} AND e.deactivated_at IS NOT NULL AND EXISTS ({_ACTIVE})
"""  # noqa: S608


def _roles(district_id: int, staged: int) -> Changes:
    """Memberships of the roster's educators. Those of educators who left stay, as their accounts do."""
    removed = run(_query(_OLD_ROLES, district_id))
    added = run(_query(_NEW_ROLES, district_id))
    return Changes(added, 0, removed, staged - added)


_RESOLVED_ROLES = """
    SELECT e.id AS educator_id, school.id AS school_id, s.role
    FROM staged_role s JOIN districts_educator e ON e.district_id = {district} AND e.sourced_id = s.educator
    LEFT JOIN districts_school school ON school.district_id = {district} AND school.sourced_id = s.school
"""
_OLD_ROLES = f"""
    DELETE FROM {EducatorRole._meta.db_table} r USING districts_educator e
    WHERE e.id = r.educator_id AND e.district_id = {{district}}
      AND EXISTS (SELECT FROM staged_educator s WHERE s.sourced_id = e.sourced_id)
      AND NOT EXISTS (
        SELECT FROM ({_RESOLVED_ROLES}) AS wanted
        WHERE wanted.educator_id = r.educator_id AND wanted.role = r.role
          AND wanted.school_id IS NOT DISTINCT FROM r.school_id)
"""  # noqa: S608
_NEW_ROLES = f"""
    INSERT INTO {EducatorRole._meta.db_table} (educator_id, school_id, role) {_RESOLVED_ROLES} ON CONFLICT DO NOTHING
"""

_STUDENT = (
    "school_id",
    "first_name",
    "last_name",
    "username",
    "student_information_number",
    "grade_level",
    "learning_environment",
    "is_deactivated",
)


def _students(district_id: int, staged: int) -> Changes:
    constants = {"alt_student_information_number": "''", "is_ell": "false", "is_iep": "false"}
    target = Target(shards.leaf(Student, district_id), district_id, ("sourced_id",), _STUDENT, constants)
    gone = "AND NOT t.is_deactivated THEN UPDATE SET is_deactivated = true"
    return merge(target, _query(_STAGED_STUDENTS, district_id), staged, gone)


_STAGED_STUDENTS = """
    SELECT s.sourced_id, school.id AS school_id, s.first_name, s.last_name, s.username,
      s.number AS student_information_number, s.grade AS grade_level, s.environment AS learning_environment,
      NOT s.is_active::boolean AS is_deactivated
    FROM staged_student s
    LEFT JOIN districts_school school ON school.district_id = {district} AND school.sourced_id = s.school
"""


def _classrooms(district_id: int, staged: int) -> Changes:
    columns = ("school_id", "name", "code", "grade_levels")
    target = Target(shards.leaf(Classroom, district_id), district_id, ("sourced_id",), columns, {})
    return merge(target, _query(_STAGED_CLASSROOMS, district_id), staged)


_STAGED_CLASSROOMS = """
    SELECT s.sourced_id, school.id AS school_id, s.name, s.code, s.grades AS grade_levels FROM staged_classroom s
    LEFT JOIN districts_school school ON school.district_id = {district} AND school.sourced_id = s.school
"""


def _remove_classrooms(district_id: int) -> int:
    """After the memberships: those of a classroom that left are gone by then."""
    return run(
        _query(
            "DELETE FROM ONLY {classrooms} c WHERE NOT EXISTS "
            "(SELECT FROM staged_classroom s WHERE s.sourced_id = c.sourced_id)",
            district_id,
        )
    )


def _teachers(district_id: int, staged: int) -> Changes:
    key, columns = ("classroom_id", "educator_id"), ("sourced_id", "is_primary")
    target = Target(shards.leaf(ClassroomTeacher, district_id), district_id, key, columns, {})
    return merge(target, _query(_STAGED_TEACHERS, district_id), staged, "THEN DELETE")


_STAGED_TEACHERS = """
    SELECT c.id AS classroom_id, e.id AS educator_id, s.sourced_id, s.is_primary::boolean AS is_primary
    FROM staged_teacher s JOIN ONLY {classrooms} c ON c.sourced_id = s.classroom
    JOIN districts_educator e ON e.district_id = {district} AND e.sourced_id = s.educator
"""


def _enrollments(district_id: int, staged: int) -> Changes:
    key = ("classroom_id", "student_id")
    target = Target(shards.leaf(Enrollment, district_id), district_id, key, ("sourced_id",), {})
    return merge(target, _query(_STAGED_ENROLLMENTS, district_id), staged, "THEN DELETE")


_STAGED_ENROLLMENTS = """
    SELECT c.id AS classroom_id, st.id AS student_id, s.sourced_id
    FROM staged_enrollment s JOIN ONLY {classrooms} c ON c.sourced_id = s.classroom
    JOIN ONLY {students} st ON st.sourced_id = s.student
"""

_STEPS: Mapping[str, tuple[Callable[[int, int], Changes], Callable[[Roster], Sized]]] = {
    "school": (_schools, lambda roster: roster.schools),
    "educator": (_people, lambda roster: roster.educators),
    "educatorrole": (_roles, lambda roster: roster.roles),
    "student": (_students, lambda roster: roster.students),
    "classroom": (_classrooms, lambda roster: roster.classrooms),
    "classroomteacher": (_teachers, lambda roster: roster.teachers),
    "enrollment": (_enrollments, lambda roster: roster.enrollments),
}
