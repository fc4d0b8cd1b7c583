"""Staged events into a district's leaves, one statement a kind. An event that is there already changes nothing."""

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg2 import sql

from districts import shards
from districts.activity.counters import Stored, Use
from districts.activity.events import KINDS, SIGN_IN
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
    Product,
    Student,
)
from districts.partitioning import ShardModel

STAGED = "staged_event"
COLUMNS = ("line", "kind", "event_id", "person", "happened", "data")

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

_PLACE = f"""
    CREATE TEMPORARY TABLE placed_event ON COMMIT DROP AS
    SELECT e.line::bigint AS line, e.kind, e.event_id::uuid AS event_id, e.happened::timestamptz AS happened,
      e.data::jsonb AS data, st.id AS student_id, st.learning_environment
    FROM staged_event e LEFT JOIN ONLY {{students}} st ON st.district_id = {{district}} AND st.sourced_id = e.person
    WHERE e.kind <> '{SIGN_IN}'
"""  # noqa: S608 (no value in it)
_FROM = """
    FROM (SELECT * FROM placed_event WHERE kind = {kind} AND student_id IS NOT NULL) e
    CROSS JOIN LATERAL jsonb_to_record(e.data) AS d({fields})
"""
_PATHWAY = """
    LEFT JOIN districts_pathway p
      ON p.code = d.pathway AND (p.district_id IS NULL OR p.district_id = {district})
"""
_HEAD = "{district}, e.student_id, e.event_id"
_NEW = "INSERT INTO {table} (district_id, student_id, event_id, "
_ONCE = " ON CONFLICT (district_id, event_id) DO NOTHING"
_NEWEST = "(max(happened) AT TIME ZONE {zone})::date"

_LESSONS = f"""{_NEW} pathway_id, lesson, title, level, passed, minutes, happened)
    SELECT {_HEAD}, p.id, d.lesson, coalesce(d.title, ''), d.level, d.passed, d.minutes, e.happened
    {_FROM} {_PATHWAY} {_ONCE}"""
_BENCHMARKS = f"""{_NEW} number, quantile, performance_level, grade_level_result, minutes, status, happened)
    SELECT {_HEAD}, d.number, coalesce(d.quantile, ''), coalesce(d.performance_level, ''),
      coalesce(d.grade_level_result, ''), d.minutes, d.status, e.happened
    {_FROM} {_ONCE}"""
_USAGE = f"""WITH new AS (
    {_NEW} day, product, learning_environment, school_minutes, home_minutes)
    SELECT {_HEAD}, d.day, d.product, coalesce(d.learning_environment, e.learning_environment),
      d.school_minutes, d.home_minutes
    {_FROM} {_ONCE} RETURNING student_id, day, product, school_minutes + home_minutes AS minutes
), each AS (
    SELECT student_id, count(*) AS rows, sum(minutes) AS minutes,
      max(day) FILTER (WHERE product = 'imagine_math') AS math, max(day) FILTER (WHERE product = 'math_facts') AS facts
    FROM new GROUP BY student_id
) SELECT coalesce(sum(rows), 0), coalesce(sum(minutes), 0), max(math), max(facts),
  count(*) FILTER (WHERE minutes > 0 AND (
    SELECT true FROM ONLY {{table}} u WHERE u.district_id = {{district}} AND u.student_id = each.student_id
      AND (u.school_minutes > 0 OR u.home_minutes > 0) LIMIT 1) IS NULL)
FROM each"""  # noqa: S608 (no value in it; the rows before are seen here, not the new ones)
_POINTS = f"""WITH new AS (
    {_NEW} currency, amount, cause, happened)
    SELECT {_HEAD}, d.currency, d.amount, coalesce(d.cause, ''), e.happened
    {_FROM} {_ONCE} RETURNING student_id, currency, amount, happened
), kept AS (
    INSERT INTO {{balances}} AS b (district_id, student_id, currency, earned, to_spend)
    SELECT {{district}}, student_id, currency, sum(greatest(amount, 0)), sum(amount)
    FROM new GROUP BY student_id, currency
    ON CONFLICT (district_id, student_id, currency) DO UPDATE
      SET earned = b.earned + excluded.earned, to_spend = b.to_spend + excluded.to_spend
) SELECT count(*), {_NEWEST} FROM new"""  # noqa: S608 (no value in it)
_AVATARS = (
    """INSERT INTO {table} AS t (district_id, student_id, event_id, parts, happened)
    SELECT DISTINCT ON (e.student_id) {district}, e.student_id, e.event_id, d.parts, e.happened
    """
    + f"""{_FROM} ORDER BY e.student_id, e.happened DESC, e.line DESC
    ON CONFLICT (district_id, student_id) DO UPDATE
      SET event_id = excluded.event_id, parts = excluded.parts, happened = excluded.happened
      WHERE t.happened < excluded.happened"""  # noqa: S608
)
_PATHWAYS = f"""{_NEW} pathway_id, assigned_on)
    SELECT {_HEAD}, p.id, d.assigned_on {_FROM} {_PATHWAY} {_ONCE}"""
_FACTS_TESTS = f"""{_NEW} kind, operation, score, happened)
    SELECT {_HEAD}, d.test, d.operation, d.score, e.happened
    {_FROM} {_ONCE}"""
_FACTS = (
    """INSERT INTO {table} AS t (district_id, student_id, event_id, operation, fact, passed, happened)
    SELECT DISTINCT ON (e.student_id, d.operation, d.fact)
      {district}, e.student_id, e.event_id, d.operation, d.fact, d.passed, e.happened
    """
    + f"""{_FROM}
    ORDER BY e.student_id, d.operation, d.fact, e.happened DESC, e.line DESC
    ON CONFLICT (district_id, student_id, operation, fact) DO UPDATE
      SET event_id = excluded.event_id, passed = excluded.passed, happened = excluded.happened
      WHERE t.happened < excluded.happened"""  # noqa: S608
)

_SIGN_INS = f"""
    UPDATE districts_educator t SET last_sign_in_on = last.day FROM (
      SELECT e.person, max((e.happened::timestamptz AT TIME ZONE d.zone)::date) AS day
      FROM staged_event e JOIN districts_district d ON d.id = {{district}} WHERE e.kind = '{SIGN_IN}' GROUP BY 1
    ) last
    WHERE t.district_id = {{district}} AND t.sourced_id = last.person
      AND (t.last_sign_in_on IS NULL OR t.last_sign_in_on < last.day)
"""  # noqa: S608 (no value in it)
_STRANGERS = "SELECT line FROM placed_event WHERE student_id IS NULL"
_STRANGE_EDUCATORS = f"""
    UNION ALL SELECT e.line::bigint FROM staged_event e WHERE e.kind = '{SIGN_IN}' AND NOT EXISTS (
      SELECT FROM districts_educator t WHERE t.district_id = {{district}} AND t.sourced_id = e.person)
"""  # noqa: S608 (no value in it)


def _told(statement: str, column: str = "happened", newest: str = _NEWEST) -> str:
    """A statement that answers how many rows are new or changed, and the newest day among them."""
    return f"WITH new AS ({statement} RETURNING {column}) SELECT count(*), {newest} FROM new"  # noqa: S608 (no value in it)


_STATEMENTS: Mapping[str, str] = {
    "lesson": _told(_LESSONS),
    "benchmark": _told(_BENCHMARKS),
    "points": _POINTS,
    "avatar": _told(_AVATARS),
    "pathway": _told(_PATHWAYS, "assigned_on", "max(assigned_on)"),
    "facts_test": _told(_FACTS_TESTS),
    "facts_progress": _told(_FACTS),
}
_OF_FACTS = {"facts_test", "facts_progress"}
_FIELDS: Mapping[str, str] = {
    "lesson": "lesson text, title text, pathway text, level text, passed boolean, minutes int",
    "benchmark": "number int, status text, quantile text, performance_level text, grade_level_result text, minutes int",
    "usage": "day date, product text, learning_environment text, school_minutes int, home_minutes int",
    "points": "currency text, amount int, cause text",
    "avatar": "parts jsonb",
    "pathway": "pathway text, assigned_on date",
    "facts_test": "test text, operation text, score int",
    "facts_progress": "operation text, fact text, passed boolean",
}

_CUSTOM = """
    INSERT INTO districts_pathway (district_id, code, name, learning_environment, lessons)
    SELECT DISTINCT ON (d.pathway) {district}, d.pathway, d.name, d.learning_environment, 0
    FROM placed_event e
    CROSS JOIN LATERAL jsonb_to_record(e.data) AS d(pathway text, name text, learning_environment text)
    WHERE e.kind = 'pathway' AND starts_with(d.pathway, 'custom:') ORDER BY d.pathway, e.line
    ON CONFLICT (district_id, code) DO NOTHING
"""


def store(district_id: int, kinds: Set[str], *, zone: str) -> Stored:
    """Stores what is staged, events of `kinds` alone, in the caller's transaction. `zone`: the district's."""
    with _placed(district_id):
        if "pathway" in kinds:
            _run(_CUSTOM, district_id, "pathway")
        use = _use(district_id) if "usage" in kinds else Use()
        new = dict.fromkeys(KINDS, 0) | {"usage": use.rows}
        days = [pair for pair in ((Product.IMAGINE_MATH, use.math), (Product.MATH_FACTS, use.facts)) if pair[1]]
        for kind, statement in _STATEMENTS.items():
            if kind in kinds:
                _, [(new[kind], day)] = _run(statement, district_id, kind, zone)
                days += [(_product(kind), day)] * bool(new[kind])
        if SIGN_IN in kinds:
            new[SIGN_IN], _ = _run(_SIGN_INS, district_id)
        return Stored(new, use, _strangers(district_id, kinds), days)


def _product(kind: str) -> Product:
    return Product.MATH_FACTS if kind in _OF_FACTS else Product.IMAGINE_MATH


@contextmanager
def _placed(district_id: int) -> Iterator[None]:
    """The staged events with their students, looked up once, in a temporary table that ends here or with a failure."""
    _run("DROP TABLE IF EXISTS pg_temp.placed_event", district_id)
    _run(_PLACE, district_id)
    yield
    _run("DROP TABLE placed_event", district_id)


def _use(district_id: int) -> Use:
    """Stores days of use. Whether a student used anything before is looked up by index: statistics may not be there."""
    _run("SET LOCAL enable_seqscan = off", district_id)
    _, [(rows, minutes, math, facts, students)] = _run(_USAGE, district_id, "usage")
    _run("SET LOCAL enable_seqscan = on", district_id)
    return Use(int(rows), int(minutes), int(students), math, facts)


def _strangers(district_id: int, kinds: Set[str]) -> list[int]:
    """Places of events whose student or educator the district does not have, in order."""
    question = _STRANGERS + (_STRANGE_EDUCATORS if SIGN_IN in kinds else "")
    _, found = _run(f"{question} ORDER BY 1", district_id)
    return [line for (line,) in found]


def _run(
    statement: str, district_id: int, kind: str = "lesson", zone: str = "UTC"
) -> tuple[int, list[tuple[Any, ...]]]:
    """Rows that a statement touched, and those that it answers."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(statement).format(
                table=sql.Identifier(shards.leaf(_TABLES[kind], district_id)),
                balances=sql.Identifier(shards.leaf(PointsBalance, district_id)),
                students=sql.Identifier(shards.leaf(Student, district_id)),
                district=sql.Literal(district_id),
                kind=sql.Literal(kind),
                zone=sql.Literal(zone),
                fields=sql.SQL(_FIELDS[kind]),
            )
        )
        return int(cursor.rowcount), cursor.fetchall() if cursor.description else []
