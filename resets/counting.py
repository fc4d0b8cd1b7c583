"""Counting a district: by school and kind before and after, and the ids of what is kept.

Two counts that share no code: `by_school` asks one grouped query a kind of the leaves that the models name;
`districts.shards.count` asks the catalog which tables there are and counts each.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from psycopg2 import sql

from districts import shards
from districts.models import (
    Classroom,
    ClassroomTeacher,
    District,
    Educator,
    EducatorRole,
    Pathway,
    School,
    Student,
)
from districts.partitioning import ShardModel

Counts = dict[int | None, dict[str, int]]


def by_school(district_id: int, school_ids: Iterable[int]) -> Counts:
    """Rows by school and kind, one query a kind; None holds what has no school, or one not in `school_ids`.

    A row belongs to its student's primary school, a classroom and its teachers to the classroom's.
    """
    counts: Counts = {school_id: dict.fromkeys(shards.KINDS, 0) for school_id in (*school_ids, None)}
    for model, kind in zip(shards.MODELS, shards.KINDS, strict=True):
        for school_id, rows in _grouped(model, district_id):
            counts[school_id if school_id in counts else None][kind] += rows
    return counts


def _grouped(model: type[ShardModel], district_id: int) -> list[tuple[int | None, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_grouping(model, district_id))
        return list(cursor.fetchall())


def _grouping(model: type[ShardModel], district_id: int) -> sql.Composable:
    """One kind's rows by school: counted by owner first, in the index of the column that names it.

    That is less work than a join of every row, and PostgreSQL does it in one process, so that readers of other
    districts keep their cores.
    """
    own = sql.Identifier(shards.leaf(model, district_id))
    if model in (Student, Classroom):
        return sql.SQL("SELECT school_id, count(*) FROM ONLY {} GROUP BY school_id").format(own)
    owner, key = (Classroom, "classroom_id") if model is ClassroomTeacher else (Student, "student_id")
    return sql.SQL(
        "SELECT owner.school_id, sum(part.number)::bigint"
        " FROM (SELECT {key} AS id, count(*) AS number FROM ONLY {own} GROUP BY {key}) part"
        " LEFT JOIN ONLY {owner} owner USING (id) GROUP BY owner.school_id"
    ).format(key=sql.Identifier(key), own=own, owner=sql.Identifier(shards.leaf(owner, district_id)))


def by_kind(counts: Counts) -> dict[str, int]:
    """The district's sums by kind."""
    return {kind: sum(of_school[kind] for of_school in counts.values()) for kind in shards.KINDS}


def differences(first: dict[str, int], second: dict[str, int]) -> list[tuple[str, int, int]]:
    """Kinds whose numbers differ between two counts: (kind, first, second)."""
    kinds = sorted(first.keys() | second.keys())
    return [(k, first.get(k, 0), second.get(k, 0)) for k in kinds if first.get(k, 0) != second.get(k, 0)]


def kept(district: District) -> dict[str, list[int]]:
    """Ids by kind of what a reset keeps: organisations, educators with their roles, pathway definitions."""
    return {kind: list(rows.order_by("pk").values_list("pk", flat=True)) for kind, rows in _kept_rows(district).items()}


def headline(district: District) -> dict[str, int]:
    """The largest numbers of both sides, for a sentence: students and classrooms go, the rest is kept."""
    gone = {"student": Student, "classroom": Classroom}
    numbers = {kind: model.objects.of(district.pk).count() for kind, model in gone.items()}
    return numbers | {kind: rows.count() for kind, rows in _kept_rows(district).items()}


def _kept_rows(district: District) -> dict[str, QuerySet[Any]]:
    return {
        "district": District.objects.filter(pk=district.pk),
        "school": School.objects.filter(district=district).order_by(),
        "educator": Educator.objects.filter(district=district).order_by(),
        "educatorrole": EducatorRole.objects.filter(educator__district=district),
        "pathway": Pathway.objects.filter(Q(district=None) | Q(district=district)).order_by(),
    }


def lost(before: dict[str, list[int]], now: dict[str, list[int]]) -> dict[str, int]:
    """How many of the ids kept at first are not there any more, by kind; empty when all are."""
    missing = {kind: len(set(ids) - set(now.get(kind, ()))) for kind, ids in before.items()}
    return {kind: rows for kind, rows in missing.items() if rows}


def checksums(district: District) -> dict[str, tuple[int, str]]:
    """Rows and a checksum over all columns of what a reset keeps, by kind; computed in the database."""
    found = {}
    with connection.cursor() as cursor:
        for kind, rows in _kept_rows(district).items():
            keys, params = rows.values("pk").query.sql_with_params()
            cursor.execute(
                f"SELECT count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY t.id), ''))"  # noqa: S608 (own names)
                f" FROM {rows.model._meta.db_table} t WHERE t.id IN ({keys})",
                params,
            )
            found[kind] = cursor.fetchone()
    return found
