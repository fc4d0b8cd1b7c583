"""A roster into a district, as a difference: staged by COPY, merged by one statement a kind, counted and listed.

Schools and educators are shared tables, so what vanished from the roster is looked for with the district named.
Users who vanish are deactivated; classrooms and memberships follow the roster.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import connection
from psycopg2 import sql

from districts import shards
from districts.copying import scrubbed, stage
from districts.models import Classroom, ClassroomTeacher, Educator, EducatorRole, Enrollment, School, Student
from districts.roster import changes, completing, records
from districts.roster.merging import Changes, Listing, Target, listed, merge, run
from districts.roster.records import Roster

Counts = dict[str, Changes]


def apply(roster: Roster, *, district_id: int, by: str, at: datetime) -> Counts:
    """Brings a district to what a roster says, inside the caller's transaction (see `districts.gate.writing`).

    Answers the changes by kind and leaves their list behind (`districts.roster.changes`) until the transaction ends.
    A roster of changes only is completed first by what the district holds. A district without students lists none:
    everything is new. Raises a DatabaseError without any row in its text.
    """
    with scrubbed():
        changes.begin()
        _stage(roster)
        completing.complete(roster, district_id)
        is_listed = not _is_empty(district_id)
        counts = {"school": _schools(district_id), "educator": _educators(district_id, by, at)}
        counts |= {kind: step(district_id, is_listed) for kind, step in _STEPS.items()}
        counts["classroom"].removed = _remove_classrooms(district_id)
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


def _is_empty(district_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_query("SELECT NOT EXISTS (SELECT FROM ONLY {students})", district_id))
        return bool(cursor.fetchone()[0])


def _staged(name: str) -> int:
    """How many rows are staged, those included that completed a roster of changes."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(f"staged_{name}")))
        return int(cursor.fetchone()[0])


def _query(text: str, district_id: int, **values: object) -> sql.Composed:
    """A query over staged rows, with the district's own tables to resolve sourced ids by, and values by name."""
    return sql.SQL(text).format(
        **{name: sql.Literal(value) for name, value in values.items()},
        district=sql.Literal(district_id),
        students=sql.Identifier(shards.leaf(Student, district_id)),
        classrooms=sql.Identifier(shards.leaf(Classroom, district_id)),
        teachers=sql.Identifier(shards.leaf(ClassroomTeacher, district_id)),
        enrollments=sql.Identifier(shards.leaf(Enrollment, district_id)),
    )


_PERSON = "{r}.first_name || ' ' || {r}.last_name"


def _schools(district_id: int) -> Changes:
    listing = Listing(label="{r}.name", school="{r}.id")
    columns = ("name", "identifier")
    target = Target("school", School._meta.db_table, district_id, ("sourced_id",), columns, listing=listing)
    source = _query("SELECT sourced_id, name, identifier FROM staged_school", district_id)
    return merge(target, source, _staged("school"))


def _educators(district_id: int, by: str, at: datetime) -> Changes:
    """Accounts of educators: a roster deactivates whom it newly leaves out or disables, and takes back whom it newly
    has. Where it says of somebody what the one before said, what a person decided meanwhile stands.
    """
    columns = ("first_name", "last_name", "username", "email", "deactivated_at", "left_roster_on")
    target = Target(
        "educator",
        Educator._meta.db_table,
        district_id,
        ("sourced_id",),
        columns,
        follow=("joined_on", "deactivated_by", "kept_at", "kept_by", "review_year"),
        listing=Listing(label=_PERSON),
        leaves="old.deactivated_at IS NULL AND new.deactivated_at IS NOT NULL",
    )
    counts = merge(target, _query(_STAGED_EDUCATORS, district_id, by=by, at=at), _staged("educator"))
    run(_query(_LOST_BEFORE, district_id, at=at))
    counts.removed += listed(_query(_LOST_EDUCATORS, district_id, by=by, at=at), "educator", "removed")
    return counts


_LOCAL_DAY = "({at} AT TIME ZONE (SELECT zone FROM districts_district WHERE id = {district}))::date"
_STAGED_EDUCATORS = f"""
    SELECT s.sourced_id, s.first_name, s.last_name, s.username, s.email,
      CASE WHEN NOT is_there THEN coalesce(e.left_roster_on, {_LOCAL_DAY}) END AS left_roster_on,
      CASE WHEN leaves THEN {{at}} WHEN NOT returns THEN e.deactivated_at END AS deactivated_at,
      CASE WHEN leaves THEN {{by}} WHEN NOT returns THEN e.deactivated_by END AS deactivated_by,
      CASE WHEN NOT leaves THEN e.kept_at END AS kept_at,
      CASE WHEN NOT leaves THEN e.kept_by END AS kept_by,
      CASE WHEN leaves OR returns OR e.id IS NULL THEN '' ELSE e.review_year END AS review_year,
      CASE WHEN e.id IS NOT NULL THEN e.joined_on
        WHEN EXISTS (SELECT FROM districts_educator WHERE district_id = {{district}}) THEN {_LOCAL_DAY} END AS joined_on
    FROM staged_educator s
    LEFT JOIN districts_educator e ON e.district_id = {{district}} AND e.sourced_id = s.sourced_id
    CROSS JOIN LATERAL (SELECT s.is_active::boolean AS is_there) AS said
    CROSS JOIN LATERAL (SELECT
      NOT is_there AND e.left_roster_on IS NULL AND e.deactivated_at IS NULL AS leaves,
      is_there AND e.left_roster_on IS NOT NULL AND e.deactivated_at IS NOT NULL AS returns) AS news
"""  # noqa: S608 (no value in it)
_LOST_BEFORE = f"""
    UPDATE districts_educator e SET left_roster_on = {_LOCAL_DAY}
    WHERE e.district_id = {{district}} AND e.left_roster_on IS NULL AND e.deactivated_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM staged_educator s WHERE s.sourced_id = e.sourced_id)
"""  # noqa: S608 (no value in it)
_LOST_EDUCATORS = f"""
    UPDATE districts_educator e SET left_roster_on = {_LOCAL_DAY},
      deactivated_at = {{at}}, deactivated_by = {{by}}, kept_at = NULL, kept_by = NULL, review_year = ''
    WHERE e.district_id = {{district}} AND e.left_roster_on IS NULL AND e.deactivated_at IS NULL
      AND NOT EXISTS (SELECT FROM staged_educator s WHERE s.sourced_id = e.sourced_id)
    RETURNING e.sourced_id, e.first_name || ' ' || e.last_name AS label, NULL::bigint AS school_id
"""  # noqa: S608 (no value in it)


def _roles(district_id: int, is_listed: bool) -> Changes:
    """Memberships of the roster's educators. Those of educators who left stay, as their accounts do."""
    removed = listed(_query(_OLD_ROLES, district_id), "educatorrole", "removed")
    added = listed(_query(_NEW_ROLES, district_id), "educatorrole", "added")
    return Changes(added, 0, removed, _staged("role") - added)


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
    RETURNING e.sourced_id, e.first_name || ' ' || e.last_name || ', ' || r.role AS label, r.school_id
"""  # noqa: S608
_NEW_ROLES = f"""
    INSERT INTO {EducatorRole._meta.db_table} AS r (educator_id, school_id, role) {_RESOLVED_ROLES}
    ON CONFLICT DO NOTHING RETURNING
      (SELECT e.sourced_id FROM districts_educator e WHERE e.id = r.educator_id) AS sourced_id,
      (SELECT e.first_name || ' ' || e.last_name FROM districts_educator e WHERE e.id = r.educator_id)
        || ', ' || r.role AS label, r.school_id
"""  # noqa: S608

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


def _students(district_id: int, is_listed: bool) -> Changes:
    target = Target(
        "student",
        shards.leaf(Student, district_id),
        district_id,
        ("sourced_id",),
        _STUDENT,
        constants={"alt_student_information_number": "''", "is_ell": "false", "is_iep": "false"},
        listing=Listing(label=_PERSON, school="{r}.school_id") if is_listed else None,
        leaves="new.is_deactivated AND NOT old.is_deactivated",
    )
    gone = "AND NOT t.is_deactivated THEN UPDATE SET is_deactivated = true"
    return merge(target, _query(_STAGED_STUDENTS, district_id), _staged("student"), gone)


_STAGED_STUDENTS = """
    SELECT s.sourced_id, school.id AS school_id, s.first_name, s.last_name, s.username,
      s.number AS student_information_number, s.grade AS grade_level, s.environment AS learning_environment,
      NOT s.is_active::boolean AS is_deactivated
    FROM staged_student s
    LEFT JOIN districts_school school ON school.district_id = {district} AND school.sourced_id = s.school
"""


def _classrooms(district_id: int, is_listed: bool) -> Changes:
    columns = ("school_id", "name", "code", "grade_levels")
    listing = Listing(label="{r}.name", school="{r}.school_id") if is_listed else None
    table = shards.leaf(Classroom, district_id)
    target = Target("classroom", table, district_id, ("sourced_id",), columns, listing=listing)
    return merge(target, _query(_STAGED_CLASSROOMS, district_id), _staged("classroom"))


_STAGED_CLASSROOMS = """
    SELECT s.sourced_id, school.id AS school_id, s.name, s.code, s.grades AS grade_levels FROM staged_classroom s
    LEFT JOIN districts_school school ON school.district_id = {district} AND school.sourced_id = s.school
"""


def _remove_classrooms(district_id: int) -> int:
    """After the memberships: those of a classroom that left are gone by then."""
    statement = """
        DELETE FROM ONLY {classrooms} c
        WHERE NOT EXISTS (SELECT FROM staged_classroom s WHERE s.sourced_id = c.sourced_id)
        RETURNING c.sourced_id, c.name AS label, c.school_id
    """
    return listed(_query(statement, district_id), "classroom", "removed")


def _member(district_id: int, people: str, column: str) -> Listing:
    """A membership as it reads in the list: the person, and the classroom."""
    rooms = shards.leaf(Classroom, district_id)
    person = f"(SELECT p.first_name || ' ' || p.last_name FROM ONLY {people} p WHERE p.id = {{r}}.{column})"  # noqa: S608
    room = f"(SELECT c.name FROM ONLY {rooms} c WHERE c.id = {{r}}.classroom_id)"  # noqa: S608
    school = f"(SELECT c.school_id FROM ONLY {rooms} c WHERE c.id = {{r}}.classroom_id)"  # noqa: S608
    return Listing(label=f"{person} || ', ' || {room}", school=school)


def _teachers(district_id: int, is_listed: bool) -> Changes:
    target = Target(
        "classroomteacher",
        shards.leaf(ClassroomTeacher, district_id),
        district_id,
        ("classroom_id", "educator_id"),
        ("sourced_id", "is_primary"),
        listing=_member(district_id, Educator._meta.db_table, "educator_id") if is_listed else None,
    )
    return merge(target, _query(_STAGED_TEACHERS, district_id), _staged("teacher"), "THEN DELETE")


_STAGED_TEACHERS = """
    SELECT c.id AS classroom_id, e.id AS educator_id, s.sourced_id, s.is_primary::boolean AS is_primary
    FROM staged_teacher s JOIN ONLY {classrooms} c ON c.sourced_id = s.classroom
    JOIN districts_educator e ON e.district_id = {district} AND e.sourced_id = s.educator
"""


def _enrollments(district_id: int, is_listed: bool) -> Changes:
    target = Target(
        "enrollment",
        shards.leaf(Enrollment, district_id),
        district_id,
        ("classroom_id", "student_id"),
        ("sourced_id",),
        listing=_member(district_id, shards.leaf(Student, district_id), "student_id") if is_listed else None,
    )
    return merge(target, _query(_STAGED_ENROLLMENTS, district_id), _staged("enrollment"), "THEN DELETE")


_STAGED_ENROLLMENTS = """
    SELECT c.id AS classroom_id, st.id AS student_id, s.sourced_id
    FROM staged_enrollment s JOIN ONLY {classrooms} c ON c.sourced_id = s.classroom
    JOIN ONLY {students} st ON st.sourced_id = s.student
"""

_STEPS: Mapping[str, Callable[[int, bool], Changes]] = {
    "educatorrole": _roles,
    "student": _students,
    "classroom": _classrooms,
    "classroomteacher": _teachers,
    "enrollment": _enrollments,
}
