"""Rows of a made-up district: how many of each kind, and what stands in them, written by the database itself.

Events lie in the order of time, as a feed writes them, so that a student's rows are scattered over the table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, models

from districts.models import (
    Avatar,
    BenchmarkResult,
    Classroom,
    ClassroomTeacher,
    DailyUsage,
    Enrollment,
    FactsProgress,
    FactsTest,
    LessonResult,
    PathwayAssignment,
    PointsBalance,
    PointsEntry,
    Student,
)
from districts.partitioning import ShardModel

IDS_A_DISTRICT = 10_000_000  # rows of different districts share plain tables, so their ids must differ
STUDENTS_A_CLASSROOM = 25
EVENTS_A_STUDENT: dict[type[ShardModel], int] = {
    Enrollment: 1,
    PathwayAssignment: 1,
    LessonResult: 20,
    BenchmarkResult: 3,
    DailyUsage: 25,
    PointsEntry: 11,
    PointsBalance: 1,
    Avatar: 1,
    FactsTest: 2,
    FactsProgress: 4,
}

# Of row `n` of a kind, counted from 0; `turn` is how many rows of that kind its student had before.
_SCHOOL = "CASE WHEN n % 200 = 199 THEN NULL ELSE {schools}[1 + n % cardinality({schools})] END"
_STUDENT = {"student_id": "{base} + n % {students}"}
_EVENT = _STUDENT | {"event_id": "gen_random_uuid()"}
_HAPPENED = {"happened": "timestamptz '2026-09-01 15:00Z' + turn * interval '1 week'"}
_PATHWAY = "{pathways}[1 + n % cardinality({pathways})]"
_ROOM = "{base} + n % {classrooms}"

COLUMNS: dict[type[ShardModel], dict[str, str]] = {
    Student: {
        "sourced_id": "'student-' || n",
        "school_id": _SCHOOL,
        "first_name": "'Noor ' || n % 997",
        "last_name": "'Whitcombe-' || n",
        "username": "'noor.whitcombe' || n",
        "student_information_number": "(1000000 + n)::text",
        "alt_student_information_number": "''",
        "grade_level": "(1 + n % 8)::text",
        "learning_environment": "'three_plus'",
        "is_ell": "n % 9 = 0",
        "is_iep": "n % 8 = 0",
        "is_deactivated": "false",
    },
    Classroom: {
        "sourced_id": "'class-' || n",
        "school_id": "{schools}[1 + n % cardinality({schools})]",
        "name": "'Mathematics ' || n",
        "code": "'M' || n",
        "grade_levels": "(1 + n % 8)::text",
    },
    ClassroomTeacher: {
        "classroom_id": _ROOM,
        "educator_id": "{educators}[1 + n % cardinality({educators})]",
        "sourced_id": "'teaches-' || n",
        "is_primary": "true",
    },
    Enrollment: _STUDENT | {"classroom_id": _ROOM, "sourced_id": "'attends-' || n"},
    PathwayAssignment: _EVENT | {"pathway_id": _PATHWAY, "assigned_on": "date '2026-09-01'"},
    LessonResult: _EVENT
    | _HAPPENED
    | {
        "pathway_id": _PATHWAY,
        "lesson": "'g4-' || turn",
        "title": "'Compare fractions ' || turn",
        "level": "'on_grade'",
        "passed": "n % 3 > 0",
        "minutes": "20 + n % 20",
    },
    BenchmarkResult: _EVENT
    | _HAPPENED
    | {
        "number": "1 + turn",
        "quantile": "(400 + n % 500) || 'Q'",
        "performance_level": "'Proficient'",
        "grade_level_result": "'On grade'",
        "minutes": "30",
        "status": "'completed'",
    },
    DailyUsage: _EVENT
    | {
        "day": "date '2026-09-01' + turn",
        "product": "'imagine_math'",
        "learning_environment": "'three_plus'",
        "school_minutes": "n % 60",
        "home_minutes": "n % 20",
    },
    PointsEntry: _EVENT
    | _HAPPENED
    | {"currency": "'think_points'", "amount": "50 + n % 50", "cause": "'lesson passed'"},
    PointsBalance: _STUDENT | {"currency": "'think_points'", "earned": "600", "to_spend": "n % 600"},
    Avatar: _EVENT | _HAPPENED | {"parts": '\'{{"hair": "curly", "coat": "blue"}}\'::jsonb'},
    FactsTest: _EVENT
    | _HAPPENED
    | {"kind": "CASE turn WHEN 0 THEN 'pre' ELSE 'post' END", "operation": "'multiplication'", "score": "n % 100"},
    FactsProgress: _EVENT
    | _HAPPENED
    | {"operation": "'multiplication'", "fact": "turn + 2 || 'x7'", "passed": "n % 2 = 0"},
}


@dataclass(frozen=True)
class Population:
    """A district to be made up. Its rows' ids begin at `base`; schools, educators and pathways are ids in use."""

    district_id: int
    students: int
    base: int
    schools: Sequence[int]
    educators: Sequence[int]
    pathways: Sequence[int]

    @property
    def classrooms(self) -> int:
        return -(-self.students // STUDENTS_A_CLASSROOM)

    def rows(self, model: type[ShardModel]) -> int:
        """How many rows of a kind the district has."""
        if model in (Classroom, ClassroomTeacher):
            return self.classrooms
        return self.students * EVENTS_A_STUDENT.get(model, 1)


def total(students: int) -> int:
    """Rows of all kinds in a district of so many students."""
    population = Population(0, students, 0, (), (), ())
    return sum(population.rows(model) for model in COLUMNS)


def make(population: Population, tables: Mapping[type[ShardModel], str]) -> None:
    """Writes the district's rows into `tables`, by kind."""
    for model, table in tables.items():
        columns = {"district_id": str(population.district_id), "id": "{base} + n"} | COLUMNS[model]
        values = ", ".join(columns.values()).format(**_words(population))
        _load(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM ("
            f"SELECT n, n / {population.students} AS turn FROM generate_series(0, {population.rows(model) - 1}) n) t"
        )


def copy(model: type[models.Model], source: str, into: str) -> None:
    """Writes the rows of the table `source` into `into`, those columns that `model` has."""
    columns = _columns(model)
    _load(f"INSERT INTO {into} ({columns}) SELECT {columns} FROM {source}")


def mix(model: type[models.Model], sources: Sequence[str], into: str) -> None:
    """Writes the rows of several districts in the order of time, as the students of all of them make them."""
    columns = _columns(model)
    everything = " UNION ALL ".join(f"SELECT {columns} FROM {source}" for source in sources)
    _load(f"INSERT INTO {into} ({columns}) SELECT {columns} FROM ({everything}) t ORDER BY id % {IDS_A_DISTRICT}")


def _columns(model: type[models.Model]) -> str:
    return ", ".join(field.column for field in model._meta.local_concrete_fields if field.column)


def _words(population: Population) -> dict[str, object]:
    lists = {name: getattr(population, name) for name in ("schools", "educators", "pathways")}
    numbers = {name: getattr(population, name) for name in ("students", "classrooms", "base")}
    return numbers | {name: _array(ids) for name, ids in lists.items()}


def _array(ids: Iterable[int]) -> str:
    return f"('{{{','.join(map(str, ids))}}}'::bigint[])"


def _load(statement: str) -> None:
    """Triggers of foreign keys are off meanwhile: the rows are right by the way they are made."""
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '256MB'")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("RESET session_replication_role")
        cursor.execute("RESET work_mem")
