"""The list of what a roster changes: gathered while it is applied, kept in a file until the next sync or reset.

The one place outside of a shard where a student's name stands for a while; who may see it is the pages' matter.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.db import connection
from psycopg2 import sql

LIST = "roster_change"
COLUMNS = ("kind", "action", "sourced_id", "label", "what")
PAGE = 25  # rows of a page: the nights below it stay within reach


class Change(NamedTuple):
    """One row that a roster added, changed or removed. `what`: the columns that changed; `school`: where it was."""

    kind: str
    action: str
    sourced_id: str
    label: str
    school: str
    what: list[str]


class Same(NamedTuple):
    """What many changes have in common."""

    kind: str
    action: str
    school: str
    what: tuple[str, ...]


@dataclass
class Listed:
    """One page of a list, and how many rows it has in all by kind and action."""

    rows: list[Change] = field(default_factory=list)
    totals: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: int = 0

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // PAGE))


def begin() -> None:
    """An empty list for the transaction. Nothing in it is ever sampled for the planner."""
    fields = [sql.Identifier(column) for column in COLUMNS]
    parts = {
        "list": sql.Identifier(LIST),
        "fields": sql.SQL(", ").join(sql.SQL("{} text NOT NULL").format(field) for field in fields),
        "unsampled": sql.SQL(", ").join(sql.SQL("ALTER {} SET STATISTICS 0").format(field) for field in fields),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(_BEGIN).format(**parts))


_BEGIN = """
    DROP TABLE IF EXISTS pg_temp.{list};
    CREATE TEMPORARY TABLE {list} ({fields}, school_id bigint) ON COMMIT DROP;
    ALTER TABLE {list} {unsampled}
"""


def write(path: Path) -> None:
    """Writes the transaction's list to a file of JSON lines that its owner alone can read; whole, or not at all."""
    fresh = path.with_suffix(".writing")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file, connection.cursor() as cursor, connection.wrap_database_errors:
            cursor.copy_expert(_COPY, file)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


_COPY = f"""
    COPY (
        SELECT json_build_array(c.kind, c.action, c.sourced_id, c.label, coalesce(s.name, ''), c.what)::text
        FROM {LIST} c LEFT JOIN districts_school s ON s.id = c.school_id
        ORDER BY c.kind, c.action, s.name, c.label, c.sourced_id
    ) TO STDOUT (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')
"""  # noqa: S608 (no value in it; neither sign can stand in JSON unescaped)


def read(path: Path, *, kind: str = "", action: str = "", page: int = 1) -> Listed:
    """One page of a list, filtered by kind and action; empty when the list has ended. Memory: one page."""
    listed = Listed()
    for change in _lines(path):
        listed.totals[change.kind, change.action] += 1
        if kind in ("", change.kind) and action in ("", change.action):
            if (page - 1) * PAGE <= listed.found < page * PAGE:
                listed.rows.append(change)
            listed.found += 1
    return listed


def summed(path: Path, *, kind: str = "", action: str = "") -> Counter[Same]:
    """How many rows of a list say the same but for whom they are about; what may be seen without seeing a name.

    Memory: a row for each school, kind and set of changed columns.
    """
    chosen = (each for each in _lines(path) if kind in ("", each.kind) and action in ("", each.action))
    return Counter(Same(each.kind, each.action, each.school, tuple(each.what)) for each in chosen)


def removed_by_school() -> dict[int | None, int]:
    """Students that the transaction's list removes, by the school where they were."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT school_id, count(*) FROM {LIST} WHERE kind = 'student' AND action = 'removed' GROUP BY 1"  # noqa: S608
        )
        return dict(cursor.fetchall())


def _lines(path: Path) -> Iterator[Change]:
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                kind, action, sourced_id, label, school, what = json.loads(line)
                yield Change(kind, action, sourced_id, label, school, [each for each in what.split(",") if each])
    except FileNotFoundError:
        return
