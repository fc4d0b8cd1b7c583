"""Many rows into the database at once, by COPY, without a row of them ever standing in an error's text."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection
from psycopg2 import Error, sql

CHUNK = 1 << 16


@contextmanager
def scrubbed() -> Iterator[None]:
    """Raises what the database raises without its text, which prints whole rows; the SQLSTATE stays."""
    try:
        yield
    except DatabaseError as error:
        code = getattr(error.__cause__, "pgcode", None) or "no code"
        raise type(error)(f"The database did not take these rows (SQLSTATE {code}).") from None


def stage(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, lasts: bool = False) -> None:
    """A temporary table of text columns with the rows. It ends with the transaction, or if it `lasts` with `drop`.

    Nothing in it is ever sampled for the planner: samples outlive tables. What `rows` raises is raised as it is.
    """
    fields = [sql.Identifier(column) for column in columns]
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(sql.Identifier(name)))
        created = sql.SQL("CREATE TEMPORARY TABLE {} ({})" + ("" if lasts else " ON COMMIT DROP"))
        cursor.execute(created.format(sql.Identifier(name), _joined("{} text NOT NULL", fields)))
        cursor.execute(
            sql.SQL("ALTER TABLE {} {}").format(sql.Identifier(name), _joined("ALTER {} SET STATISTICS 0", fields))
        )
        copy = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(sql.Identifier(name), _joined("{}", fields))
        lines = _Lines(rows)
        try:
            cursor.copy_expert(copy.as_string(cursor.connection), lines)
        except Error:
            if lines.failure is not None:
                raise lines.failure from None
            raise


def drop(name: str) -> None:
    """Ends a temporary table that lasts, if it is there."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(sql.Identifier(name)))


def _joined(template: str, fields: Iterable[sql.Identifier]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(template).format(field) for field in fields)


class _Lines:
    """Rows as the text file that COPY reads, made while it reads. Every value is quoted, so none is a NULL."""

    def __init__(self, rows: Iterable[Sequence[object]]) -> None:
        self.rows = iter(rows)
        self.buffer = io.StringIO()
        self.writer: Any = csv.writer(self.buffer, quoting=csv.QUOTE_ALL, lineterminator="\n")

    failure: Exception | None = None

    def read(self, size: int = CHUNK) -> str:
        try:
            return self._chunk()
        except Exception as failure:
            self.failure = failure
            raise

    def _chunk(self) -> str:
        self.buffer.seek(0)
        self.buffer.truncate()
        for row in self.rows:
            self.writer.writerow(row)
            if self.buffer.tell() >= CHUNK:
                break
        return self.buffer.getvalue()
