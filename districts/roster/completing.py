"""A roster of changes made whole: what it does not speak of stands as the district holds it.

So one mechanism applies full rosters and changes alike.
"""

from collections.abc import Collection
from typing import Any

from django.db import connection
from psycopg2 import sql

from districts import shards
from districts.copying import stage
from districts.models import Classroom, ClassroomTeacher, Enrollment, Student
from districts.roster import records
from districts.roster.merging import run
from districts.roster.records import Known, Roster


def complete(roster: Roster, district_id: int) -> None:
    """Adds to the staged rows of each partial kind those that the district holds and the roster does not delete.

    Accounts that a roster deactivated stay so without being added: they would count as unchanged ones.
    """
    for kind in _ORDER:
        if kind in roster.partial:
            stage(GONE, ("sourced_id",), ((each,) for each in roster.gone.get(kind, ())))
            run(_composed(_HELD[kind], district_id))


GONE = "staged_gone"
_ORDER = ("school", "role", "educator", "student", "classroom", "teacher", "enrollment")
_HELD = {
    "school": """
        INSERT INTO staged_school SELECT t.sourced_id, t.name, t.identifier FROM districts_school t
        WHERE t.district_id = {district} AND NOT EXISTS (SELECT FROM staged_school s WHERE s.sourced_id = t.sourced_id)
    """,
    "role": """
        INSERT INTO staged_role SELECT e.sourced_id, coalesce(school.sourced_id, ''), t.role
        FROM districts_educatorrole t JOIN districts_educator e ON e.id = t.educator_id
        LEFT JOIN districts_school school ON school.id = t.school_id
        WHERE e.district_id = {district} AND e.left_roster_on IS NULL
          AND NOT EXISTS (SELECT FROM staged_gone g WHERE g.sourced_id = e.sourced_id)
          AND NOT EXISTS (SELECT FROM staged_role s WHERE s.educator = e.sourced_id)
    """,
    "educator": """
        INSERT INTO staged_educator
        SELECT t.sourced_id, t.first_name, t.last_name, t.username, t.email, 'true'
        FROM districts_educator t
        WHERE t.district_id = {district} AND t.left_roster_on IS NULL
          AND NOT EXISTS (SELECT FROM staged_gone g WHERE g.sourced_id = t.sourced_id)
          AND NOT EXISTS (SELECT FROM staged_educator s WHERE s.sourced_id = t.sourced_id)
    """,
    "student": """
        INSERT INTO staged_student
        SELECT t.sourced_id, coalesce(school.sourced_id, ''), t.first_name, t.last_name, t.username,
          t.student_information_number, t.grade_level, t.learning_environment, 'true'
        FROM ONLY {students} t LEFT JOIN districts_school school ON school.id = t.school_id
        WHERE NOT t.is_deactivated AND NOT EXISTS (SELECT FROM staged_gone g WHERE g.sourced_id = t.sourced_id)
          AND NOT EXISTS (SELECT FROM staged_student s WHERE s.sourced_id = t.sourced_id)
    """,
    "classroom": """
        INSERT INTO staged_classroom
        SELECT t.sourced_id, coalesce(school.sourced_id, ''), t.name, t.code, t.grade_levels
        FROM ONLY {classrooms} t LEFT JOIN districts_school school ON school.id = t.school_id
        WHERE NOT EXISTS (SELECT FROM staged_gone g WHERE g.sourced_id = t.sourced_id)
          AND NOT EXISTS (SELECT FROM staged_classroom s WHERE s.sourced_id = t.sourced_id)
    """,
    "teacher": """
        INSERT INTO staged_teacher SELECT c.sourced_id, e.sourced_id, t.sourced_id, t.is_primary::text
        FROM ONLY {teachers} t JOIN ONLY {classrooms} c ON c.id = t.classroom_id
        JOIN districts_educator e ON e.id = t.educator_id
        WHERE NOT EXISTS (SELECT FROM staged_gone g WHERE g.sourced_id = t.sourced_id)
          AND EXISTS (SELECT FROM staged_classroom s WHERE s.sourced_id = c.sourced_id)
          AND EXISTS (SELECT FROM staged_educator s WHERE s.sourced_id = e.sourced_id)
          AND NOT EXISTS (SELECT FROM staged_teacher s WHERE s.sourced_id = t.sourced_id)
          AND NOT EXISTS (SELECT FROM staged_teacher s WHERE (s.classroom, s.educator) = (c.sourced_id, e.sourced_id))
    """,
    "enrollment": """
        INSERT INTO staged_enrollment SELECT c.sourced_id, st.sourced_id, t.sourced_id
        FROM ONLY {enrollments} t JOIN ONLY {classrooms} c ON c.id = t.classroom_id
        JOIN ONLY {students} st ON st.id = t.student_id
        WHERE NOT EXISTS (SELECT FROM staged_gone g WHERE g.sourced_id = t.sourced_id)
          AND EXISTS (SELECT FROM staged_classroom s WHERE s.sourced_id = c.sourced_id)
          AND EXISTS (SELECT FROM staged_student s WHERE s.sourced_id = st.sourced_id)
          AND NOT EXISTS (SELECT FROM staged_enrollment s WHERE s.sourced_id = t.sourced_id)
          AND NOT EXISTS (
            SELECT FROM staged_enrollment s WHERE (s.classroom, s.student) = (c.sourced_id, st.sourced_id))
    """,
}


def _fetched(query: str, district_id: int, ids: Collection[str] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_composed(query, district_id), {"ids": list(ids)} if ids else None)
        return list(cursor.fetchall())


def _composed(statement: str, district_id: int) -> sql.Composed:
    return sql.SQL(statement).format(
        district=sql.Literal(district_id),
        students=sql.Identifier(shards.leaf(Student, district_id)),
        classrooms=sql.Identifier(shards.leaf(Classroom, district_id)),
        teachers=sql.Identifier(shards.leaf(ClassroomTeacher, district_id)),
        enrollments=sql.Identifier(shards.leaf(Enrollment, district_id)),
    )


def known(district_id: int) -> Known:
    """What the district holds, for the references of a roster of changes."""
    schools, classrooms, students, educators = (_fetched(each, district_id) for each in _KNOWN)
    people = {key: "educator" for (key,) in educators} | {key: "student" for (key,) in students}
    return Known(
        frozenset(key for (key,) in schools),
        dict(classrooms),
        people,
        lambda ids: [records.Student(*row) for row in _fetched(_STUDENTS, district_id, ids)] if ids else [],
        lambda ids: [records.EducatorRole(*row) for row in _fetched(_ROLES, district_id, ids)] if ids else [],
    )


_STUDENTS = """
    SELECT t.sourced_id, coalesce(school.sourced_id, ''), t.first_name, t.last_name, t.username,
      t.student_information_number, t.grade_level, t.learning_environment, NOT t.is_deactivated
    FROM ONLY {students} t LEFT JOIN districts_school school ON school.id = t.school_id
    WHERE t.sourced_id = ANY(%(ids)s)
"""
_ROLES = """
    SELECT e.sourced_id, coalesce(school.sourced_id, ''), t.role
    FROM districts_educatorrole t JOIN districts_educator e ON e.id = t.educator_id
    LEFT JOIN districts_school school ON school.id = t.school_id
    WHERE e.district_id = {district} AND e.sourced_id = ANY(%(ids)s)
"""
_KNOWN = (
    "SELECT sourced_id FROM districts_school WHERE district_id = {district}",
    "SELECT c.sourced_id, coalesce(s.sourced_id, '') FROM ONLY {classrooms} c "
    "LEFT JOIN districts_school s ON s.id = c.school_id",
    "SELECT sourced_id FROM ONLY {students}",
    "SELECT sourced_id FROM districts_educator WHERE district_id = {district}",
)
