"""Staged events into a district's leaves, one statement a kind. An event that is there already changes nothing."""

from collections.abc import Mapping

from django.db import connection
from psycopg2 import sql

from districts import shards
from districts.models import (
    Avatar,
    BenchmarkResult,
    DailyUsage,
    FactsProgress,
    FactsTest,
    LessonResult,
    PathwayAssignment,
    PointsBalance,
    PointsEntry,
    Student,
)
from districts.partitioning import ShardModel

STAGED = "staged_event"
COLUMNS = ("line", "kind", "event_id", "student", "happened", "data")

_TABLES: Mapping[str, type[ShardModel]] = {
    "lesson": LessonResult,
    "benchmark": BenchmarkResult,
    "usage": DailyUsage,
    "points": PointsEntry,
    "avatar": Avatar,
    "pathway": PathwayAssignment,
    "facts_test": FactsTest,
    "facts_progress": FactsProgress,
}

_FROM = """
    FROM staged_event e JOIN ONLY {students} st ON st.sourced_id = e.student
    CROSS JOIN LATERAL jsonb_to_record(e.data::jsonb) AS d({fields})
"""
_PATHWAY = """
    LEFT JOIN districts_pathway p
      ON p.code = d.pathway AND (p.district_id IS NULL OR p.district_id = {district})
"""
_HEAD = "{district}, st.id, e.event_id::uuid"
_NEW = "INSERT INTO {table} (district_id, student_id, event_id, "
_ONCE = " ON CONFLICT (district_id, event_id) DO NOTHING"

_LESSONS = f"""{_NEW} pathway_id, lesson, title, level, passed, minutes, happened)
    SELECT {_HEAD}, p.id, d.lesson, coalesce(d.title, ''), d.level, d.passed, d.minutes, e.happened::timestamptz
    {_FROM} {_PATHWAY} WHERE e.kind = 'lesson' {_ONCE}"""
_BENCHMARKS = f"""{_NEW} number, quantile, performance_level, grade_level_result, minutes, status, happened)
    SELECT {_HEAD}, d.number, coalesce(d.quantile, ''), coalesce(d.performance_level, ''),
      coalesce(d.grade_level_result, ''), d.minutes, d.status, e.happened::timestamptz
    {_FROM} WHERE e.kind = 'benchmark' {_ONCE}"""
_USAGE = f"""{_NEW} day, product, learning_environment, school_minutes, home_minutes)
    SELECT {_HEAD}, d.day, d.product, coalesce(d.learning_environment, st.learning_environment),
      d.school_minutes, d.home_minutes {_FROM} WHERE e.kind = 'usage' {_ONCE}"""
_POINTS = f"""WITH new AS (
    {_NEW} currency, amount, cause, happened)
    SELECT {_HEAD}, d.currency, d.amount, coalesce(d.cause, ''), e.happened::timestamptz
    {_FROM} WHERE e.kind = 'points' {_ONCE} RETURNING student_id, currency, amount
), kept AS (
    INSERT INTO {{balances}} AS b (district_id, student_id, currency, earned, to_spend)
    SELECT {{district}}, student_id, currency, sum(greatest(amount, 0)), sum(amount)
    FROM new GROUP BY student_id, currency
    ON CONFLICT (district_id, student_id, currency) DO UPDATE
      SET earned = b.earned + excluded.earned, to_spend = b.to_spend + excluded.to_spend
) SELECT FROM new"""  # noqa: S608 (no value in it)
_AVATARS = (
    """INSERT INTO {table} AS t (district_id, student_id, event_id, parts, happened)
    SELECT DISTINCT ON (st.id) {district}, st.id, e.event_id::uuid, d.parts, e.happened::timestamptz
    """
    + f"""{_FROM} WHERE e.kind = 'avatar' ORDER BY st.id, e.happened::timestamptz DESC, e.line::bigint DESC
    ON CONFLICT (district_id, student_id) DO UPDATE
      SET event_id = excluded.event_id, parts = excluded.parts, happened = excluded.happened
      WHERE t.happened < excluded.happened"""  # noqa: S608
)
_PATHWAYS = f"""{_NEW} pathway_id, assigned_on)
    SELECT {_HEAD}, p.id, d.assigned_on {_FROM} {_PATHWAY} WHERE e.kind = 'pathway' {_ONCE}"""
_FACTS_TESTS = f"""{_NEW} kind, operation, score, happened)
    SELECT {_HEAD}, d.test, d.operation, d.score, e.happened::timestamptz
    {_FROM} WHERE e.kind = 'facts_test' {_ONCE}"""
_FACTS = (
    """INSERT INTO {table} AS t (district_id, student_id, event_id, operation, fact, passed, happened)
    SELECT DISTINCT ON (st.id, d.operation, d.fact)
      {district}, st.id, e.event_id::uuid, d.operation, d.fact, d.passed, e.happened::timestamptz
    """
    + f"""{_FROM} WHERE e.kind = 'facts_progress'
    ORDER BY st.id, d.operation, d.fact, e.happened::timestamptz DESC, e.line::bigint DESC
    ON CONFLICT (district_id, student_id, operation, fact) DO UPDATE
      SET event_id = excluded.event_id, passed = excluded.passed, happened = excluded.happened
      WHERE t.happened < excluded.happened"""  # noqa: S608
)

_STATEMENTS: Mapping[str, tuple[str, str]] = {
    "lesson": (_LESSONS, "lesson text, title text, pathway text, level text, passed boolean, minutes int"),
    "benchmark": (
        _BENCHMARKS,
        "number int, status text, quantile text, performance_level text, grade_level_result text, minutes int",
    ),
    "usage": (
        _USAGE,
        "day date, product text, learning_environment text, school_minutes int, home_minutes int",
    ),
    "points": (_POINTS, "currency text, amount int, cause text"),
    "avatar": (_AVATARS, "parts jsonb"),
    "pathway": (_PATHWAYS, "pathway text, assigned_on date"),
    "facts_test": (_FACTS_TESTS, "test text, operation text, score int"),
    "facts_progress": (_FACTS, "operation text, fact text, passed boolean"),
}

_CUSTOM = """
    INSERT INTO districts_pathway (district_id, code, name, learning_environment, lessons)
    SELECT DISTINCT ON (d.pathway) {district}, d.pathway, d.name, d.learning_environment, 0
    FROM staged_event e
    CROSS JOIN LATERAL jsonb_to_record(e.data::jsonb) AS d(pathway text, name text, learning_environment text)
    WHERE e.kind = 'pathway' AND starts_with(d.pathway, 'custom:') ORDER BY d.pathway, e.line::bigint
    ON CONFLICT (district_id, code) DO NOTHING
"""


def store(district_id: int) -> dict[str, int]:
    """New rows by kind of event, from what is staged, in the caller's transaction."""
    _run(_CUSTOM, district_id, PathwayAssignment, "")
    return {
        kind: _run(statement, district_id, _TABLES[kind], fields) for kind, (statement, fields) in _STATEMENTS.items()
    }


def strangers(district_id: int) -> list[int]:
    """Lines of events whose student the district does not have, in order."""
    query = """
        SELECT e.line::bigint FROM staged_event e
        WHERE NOT EXISTS (SELECT FROM ONLY {students} st WHERE st.sourced_id = e.student) ORDER BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(query).format(students=sql.Identifier(shards.leaf(Student, district_id))))
        return [line for (line,) in cursor.fetchall()]


def _run(statement: str, district_id: int, model: type[ShardModel], fields: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(statement).format(
                table=sql.Identifier(shards.leaf(model, district_id)),
                balances=sql.Identifier(shards.leaf(PointsBalance, district_id)),
                students=sql.Identifier(shards.leaf(Student, district_id)),
                district=sql.Literal(district_id),
                fields=sql.SQL(fields),
            )
        )
        return int(cursor.rowcount)
