"""A district's shard: the leaf tables that hold its student data. Made, counted, destroyed and dropped whole.

Every function works on the leaves by their own names, so that no statement can reach another district's rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

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

MODELS: tuple[type[ShardModel], ...] = (
    Student,
    Classroom,
    ClassroomTeacher,
    Enrollment,
    PathwayAssignment,
    LessonResult,
    BenchmarkResult,
    DailyUsage,
    PointsEntry,
    PointsBalance,
    Avatar,
    FactsTest,
    FactsProgress,
)

IDENTIFYING = {
    Student: (
        "sourced_id",
        "first_name",
        "last_name",
        "username",
        "student_information_number",
        "alt_student_information_number",
    ),
    Avatar: ("parts",),
    Classroom: ("sourced_id", "name", "code"),
    ClassroomTeacher: ("sourced_id",),
    Enrollment: ("sourced_id",),
}


class ShardError(Exception):
    """A district's leaves are not the set that its models ask for; the message names the leaf."""


def parent(model: type[models.Model]) -> str:
    """The partitioned table of a model."""
    return model._meta.db_table


def leaf(model: type[models.Model], district_id: int) -> str:
    """The table of one district's rows of a model, such as districts_student_d7."""
    return f"{parent(model)}_d{int(district_id)}"


def leaves(district_id: int) -> list[str]:
    """All leaves of a district, by name: the order in which they are locked."""
    return sorted(leaf(model, district_id) for model in MODELS)


def create(district_id: int) -> None:
    """Makes those of a district's leaves and foreign keys that are not there.

    Each leaf is made apart and then attached, so that readers of other districts are never shut out. Waits at
    most LOCK_TIMEOUT_MS for each parent.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        limit_lock_waits()
        absent = missing([district_id])
        for model in MODELS:
            if leaf(model, district_id) in absent:
                _create_leaf(cursor, model, district_id)
        for key in _absent_keys(cursor, district_id):
            cursor.execute(key.statement())


def count(district_id: int) -> dict[str, int]:
    """Rows by kind (a model's label in lower case) over every leaf found in the catalog, one statement a leaf."""
    with connection.cursor() as cursor:
        found = _attached(cursor, district_id)
        absent = set(leaves(district_id)) - set(found)
        if absent:
            raise ShardError(f"The table {min(absent)} is missing. Restore it with: manage.py repair_shards.")
        return {kind_of(name): _rows(cursor, name) for name in found}


def destroy(district_id: int) -> None:
    """Empties every leaf of a district in the caller's transaction: TRUNCATE, flat in the number of rows."""
    with connection.cursor() as cursor:
        names = sql.SQL(", ").join(map(sql.Identifier, leaves(district_id)))
        cursor.execute(sql.SQL("TRUNCATE ONLY {}").format(names))


def drop(district_id: int) -> None:
    """Removes a district's leaves with all that they hold."""
    with transaction.atomic(), connection.cursor() as cursor:
        limit_lock_waits()
        for name in reversed(_in_model_order(district_id)):
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(name)))


def lock(district_id: int, mode: str = "ACCESS EXCLUSIVE") -> None:
    """Locks every leaf, by name order, in the caller's transaction. Waits at most LOCK_TIMEOUT_MS for each."""
    with connection.cursor() as cursor:
        limit_lock_waits()
        for name in leaves(district_id):
            cursor.execute(sql.SQL("LOCK TABLE {} IN " + mode + " MODE").format(sql.Identifier(name)))


def limit_lock_waits() -> None:
    """Gives up on a lock after LOCK_TIMEOUT_MS, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{settings.LOCK_TIMEOUT_MS}ms"])


def missing(district_ids: Iterable[int]) -> set[str]:
    """Names of leaves that the districts should have and do not."""
    wanted = [name for pk in district_ids for name in leaves(pk)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relispartition AND relname = ANY(%s)", [wanted])
        return set(wanted) - {name for (name,) in cursor.fetchall()}


def kind_of(name: str) -> str:
    """The kind of rows that a leaf holds: its model's name, such as student for districts_student_d7."""
    return name.removeprefix("districts_").rpartition("_d")[0]


KINDS: tuple[str, ...] = tuple(model._meta.model_name or "" for model in MODELS)


def _in_model_order(district_id: int) -> list[str]:
    return [leaf(model, district_id) for model in MODELS]


def _create_leaf(cursor: CursorWrapper, model: type[ShardModel], district_id: int) -> None:
    name, above = sql.Identifier(leaf(model, district_id)), sql.Identifier(parent(model))
    cursor.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(name, above))
    for column in IDENTIFYING.get(model, ()):
        cursor.execute(sql.SQL("ALTER TABLE {} ALTER {} SET STATISTICS 0").format(name, sql.Identifier(column)))
    cursor.execute(
        sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN ({})").format(above, name, sql.Literal(district_id))
    )


@dataclass(frozen=True)
class _Key:
    """A foreign key, leaf to leaf, for one relation inside the shard."""

    leaf: str
    column: str
    target: str

    @property
    def name(self) -> str:
        return f"{self.leaf}_{self.column}_same_shard"

    def statement(self) -> sql.Composable:
        return sql.SQL(
            "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY (district_id, {}) REFERENCES {} (district_id, id)"
        ).format(*map(sql.Identifier, (self.leaf, self.name, self.column, self.target)))


def _keys(district_id: int) -> Iterable[_Key]:
    for model in MODELS:
        for field in model._meta.get_fields():
            if type(field) is models.ForeignObject:
                column, target = field.from_fields[1], leaf(field.related_model, district_id)
                yield _Key(leaf(model, district_id), column, target)


def _absent_keys(cursor: CursorWrapper, district_id: int) -> list[_Key]:
    keys = list(_keys(district_id))
    cursor.execute("SELECT conname FROM pg_constraint WHERE conname = ANY(%s)", [[key.name for key in keys]])
    there = {name for (name,) in cursor.fetchall()}
    return [key for key in keys if key.name not in there]


def _attached(cursor: CursorWrapper, district_id: int) -> list[str]:
    """Leaves of a district as the catalog knows them, whatever this code believes."""
    cursor.execute(
        """
        SELECT leaf.relname FROM pg_inherits
        JOIN pg_class leaf ON leaf.oid = inhrelid JOIN pg_class above ON above.oid = inhparent
        WHERE above.relkind = 'p' AND leaf.relkind = 'r'
          AND pg_get_expr(leaf.relpartbound, leaf.oid) = format('FOR VALUES IN (%%L)', %s::text)
        ORDER BY leaf.relname
        """,
        [str(district_id)],
    )
    return [name for (name,) in cursor.fetchall()]


def _rows(cursor: CursorWrapper, name: str) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM ONLY {}").format(sql.Identifier(name)))
    return int(cursor.fetchone()[0])
