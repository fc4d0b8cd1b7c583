"""The statements that bring tables to what was staged, one a kind: they count what they change, and list it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection
from psycopg2 import sql

from districts.roster.changes import LIST


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
class Listing:
    """How a row reads in the list of changes: SQL over a row called {r}. Without one, a kind is not listed."""

    sourced_id: str = "{r}.sourced_id"
    label: str = "''"
    school: str = "NULL::bigint"


@dataclass(frozen=True)
class Target:
    """Where staged rows go: a table (for student data a leaf, never its parent), the columns by which rows are the
    same, those that follow the roster, and those that a new row has besides (SQL).

    `follow`: columns that are written with those and never compared. `leaves`: SQL over old and new rows for a change
    that counts as a removal, such as a deactivation.
    """

    kind: str
    table: str
    district_id: int
    key: tuple[str, ...]
    columns: tuple[str, ...]
    constants: Mapping[str, str] = field(default_factory=dict)
    follow: tuple[str, ...] = ()
    listing: Listing | None = None
    leaves: str = "false"


def merge(target: Target, source: sql.Composable, staged: int, gone: str = "") -> Changes:
    """Adds and changes rows of `target` by the query `source`, whose columns are the key and the columns.

    `staged`: how many rows the query has.
    `gone`: the action on rows that the source does not have, such as DELETE. Only for a leaf: in a shared table it
    would reach every district.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(_MERGE).format(**_parts(target, source, gone)))
        done = dict(cursor.fetchall())
    added, changed, left = done.get("added", 0), done.get("changed", 0), done.get("left", 0)
    return Changes(added, changed, left + done.get("gone", 0), staged - added - changed - left)


def run(statement: sql.Composable, **values: Any) -> int:
    """Runs one statement and answers its number of rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def listed(statement: sql.Composable, kind: str, action: str, **values: Any) -> int:
    """Runs a statement that returns sourced_id, label and school_id, lists its rows and answers their number."""
    into = sql.SQL(
        "WITH done AS ({}) INSERT INTO {} (kind, action, sourced_id, label, school_id, what) "
        "SELECT {}, {}, sourced_id, label, school_id, '' FROM done"
    ).format(statement, sql.Identifier(LIST), sql.Literal(kind), sql.Literal(action))
    return run(into, **values)


_MERGE = """
    WITH done AS (
        MERGE INTO {table} AS t USING ({source}) AS s ON {same}
        WHEN MATCHED AND ({old}) IS DISTINCT FROM ({new}) THEN UPDATE SET {changes}
        WHEN NOT MATCHED BY TARGET THEN INSERT (district_id, {names}) VALUES ({district}, {values})
        {gone}
        RETURNING CASE WHEN {absent} IS NULL THEN 'gone' WHEN merge_action() = 'INSERT' THEN 'added'
          WHEN {leaves} THEN 'left' ELSE 'changed' END AS action, {shown}
    ), listed AS (
        INSERT INTO {list} (kind, action, sourced_id, label, school_id, what)
        SELECT {kind}, CASE WHEN action IN ('gone', 'left') THEN 'removed' ELSE action END,
          sourced_id, label, school_id, CASE WHEN action = 'changed' THEN what ELSE '' END
        FROM done WHERE {is_listed}
    ) SELECT action, count(*) FROM done GROUP BY action
"""


def _parts(target: Target, source: sql.Composable, gone: str) -> dict[str, sql.Composable]:
    district, kept = sql.Literal(target.district_id), (*target.key, *target.columns, *target.follow)
    constants = target.constants
    return {
        "table": sql.SQL("ONLY {}").format(sql.Identifier(target.table)),
        "source": source,
        "same": _named("t.{0} = s.{0}", target.key, " AND ") + sql.SQL(" AND t.district_id = ") + district,
        "old": _named("t.{0}", target.columns),
        "new": _named("s.{0}", target.columns),
        "changes": _named("{0} = s.{0}", (*target.columns, *target.follow)),
        "names": _named("{0}", (*kept, *constants)),
        "values": sql.SQL(", ").join([_named("s.{0}", kept), *map(sql.SQL, constants.values())]),
        "district": district,
        "gone": sql.SQL(f"WHEN NOT MATCHED BY SOURCE {gone}" if gone else ""),
        "absent": sql.SQL("s.{}").format(sql.Identifier(target.key[0])),
        "leaves": sql.SQL(target.leaves),
        "shown": _shown(target),
        "list": sql.Identifier(LIST),
        "kind": sql.Literal(target.kind),
        "is_listed": sql.SQL("true" if target.listing else "false"),
    }


def _shown(target: Target) -> sql.Composable:
    """The columns by which a changed row is listed; for a kind that is not, none that cost anything."""
    if target.listing is None:
        return sql.SQL("'' AS sourced_id, '' AS label, NULL::bigint AS school_id, '' AS what")
    what = _named("CASE WHEN old.{0} IS DISTINCT FROM new.{0} THEN {0} END", target.columns, quoted_last=True)
    return sql.SQL(", ").join(
        [
            _either(target.listing.sourced_id, "sourced_id"),
            _either(target.listing.label, "label"),
            _either(target.listing.school, "school_id", first="old"),
            sql.SQL("concat_ws(',', {}) AS what").format(what),
        ]
    )


def _either(template: str, name: str, first: str = "new") -> sql.Composable:
    """A value of the row as it is now, or as it was (`first`: which of them counts where there are both)."""
    second = "old" if first == "new" else "new"
    return sql.SQL(f"coalesce({template.format(r=first)}, {template.format(r=second)}) AS {name}")


def _named(template: str, names: Iterable[str], between: str = ", ", *, quoted_last: bool = False) -> sql.Composed:
    """The template for each name; with `quoted_last` its last place holds the name as a text."""
    if quoted_last:
        head, _, tail = template.rpartition("{0}")
        return sql.SQL(between).join(
            sql.SQL(head).format(sql.Identifier(name)) + sql.Literal(name) + sql.SQL(tail) for name in names
        )
    return sql.SQL(between).join(sql.SQL(template).format(sql.Identifier(name)) for name in names)
