"""The statements that bring tables to what was staged, one a kind, and count what they change."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from psycopg2 import sql


@dataclass
class Changes:
    """Rows of one kind that a roster added, changed, removed (users: deactivated) and left as they were."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def to_data(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True)
class Target:
    """Where staged rows go: a table (for student data a leaf, never its parent), the columns by which rows are the
    same, those that follow the roster, and those that a new row has besides (SQL)."""

    table: str
    district_id: int
    key: tuple[str, ...]
    columns: tuple[str, ...]
    constants: Mapping[str, str]


def merge(target: Target, source: sql.Composable, staged: int, gone: str = "") -> Changes:
    """Adds and changes rows of `target` by the query `source`, whose columns are the key and the columns.

    `staged`: how many rows the query has.
    `gone`: the action on rows that the source does not have, such as DELETE. Only for a leaf: in a shared table it
    would reach every district.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(_MERGE).format(**_parts(target, source, gone)))
        done = dict(cursor.fetchall())
    added, changed = done.get("INSERT", 0), done.get("UPDATE", 0)
    return Changes(added, changed, done.get("gone", 0), staged - added - changed)


def run(statement: sql.Composable, **values: Any) -> int:
    """Runs one statement and answers its number of rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


_MERGE = """
    WITH done AS (
        MERGE INTO {table} AS t USING ({source}) AS s ON {same}
        WHEN MATCHED AND ({old}) IS DISTINCT FROM ({new}) THEN UPDATE SET {changes}
        WHEN NOT MATCHED BY TARGET THEN INSERT (district_id, {names}) VALUES ({district}, {values})
        {gone}
        RETURNING CASE WHEN {absent} IS NULL THEN 'gone' ELSE merge_action() END AS action
    ) SELECT action, count(*) FROM done GROUP BY action
"""


def _parts(target: Target, source: sql.Composable, gone: str) -> dict[str, sql.Composable]:
    district, kept = sql.Literal(target.district_id), (*target.key, *target.columns)
    constants = target.constants
    return {
        "table": sql.SQL("ONLY {}").format(sql.Identifier(target.table)),
        "source": source,
        "same": _listed("t.{0} = s.{0}", target.key, " AND ") + sql.SQL(" AND t.district_id = ") + district,
        "old": _listed("t.{0}", target.columns),
        "new": _listed("s.{0}", target.columns),
        "changes": _listed("{0} = s.{0}", target.columns),
        "names": _listed("{0}", (*kept, *constants)),
        "values": sql.SQL(", ").join([_listed("s.{0}", kept), *map(sql.SQL, constants.values())]),
        "district": district,
        "gone": sql.SQL(f"WHEN NOT MATCHED BY SOURCE {gone}" if gone else ""),
        "absent": sql.SQL("s.{}").format(sql.Identifier(target.key[0])),
    }


def _listed(template: str, names: Iterable[str], between: str = ", ") -> sql.Composed:
    return sql.SQL(between).join(sql.SQL(template).format(sql.Identifier(name)) for name in names)
