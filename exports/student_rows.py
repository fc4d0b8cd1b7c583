"""A district's students with what they did, one row each, read by one COPY whose memory does not grow with them."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import TextIOWrapper
from typing import IO
from zoneinfo import ZoneInfo

from django.db import connection
from psycopg2 import sql

from districts import copying
from districts.models import District
from exports import student_sql
from exports.columns import OPERATIONS, Column, Kind

Cell = str | int | float | date | None

LONGEST = 16_000  # letters of a list of names: a cell of Excel takes 32,767 halves of surrogate pairs
MOST_OPERATIONS = 12  # beside the usual ones: they are the platform's own words, and a sheet's width has an end

_SETTINGS = (
    "SET LOCAL work_mem = '64MB'",
    "SET LOCAL jit = off",  # compiling takes longer than it saves
    "SET LOCAL enable_nestloop = off",  # a leaf that was never analyzed looks small, and a loop over it never ends
)
_READ: Mapping[Kind, Callable[[str], Cell]] = {
    Kind.NUMBER: int,
    Kind.SHARE: float,
    Kind.DATE: date.fromisoformat,
}


@dataclass(frozen=True)
class Span:
    """The local days that an export is of; `since` is None from the beginning of the data."""

    since: date | None
    through: date
    zone: str

    def words(self) -> dict[str, sql.Composable]:
        """The span's bounds as the SQL of an export names them."""
        begins = sql.Literal(self._midnight(self.since) if self.since else "-infinity")
        ends = sql.Literal(self._midnight(self.through + timedelta(days=1)))
        return {
            "since": sql.Literal(self.since or date.min),
            "through": sql.Literal(self.through),
            "begins": begins,
            "ends": ends,
            "in_range": sql.SQL("happened >= {} AND happened < {}").format(begins, ends),
            "zone": sql.Literal(self.zone),
        }

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.zone))


def copy(
    file: IO[bytes],
    *,
    district: District,
    product: str,
    environment: str,
    columns: Sequence[Column],
    operations: student_sql.Operations,
    span: Span,
) -> int:
    """Writes every student account's row into `file`, in the caller's transaction. Returns how many there are."""
    words: dict[str, sql.Composable] = {
        "district_name": sql.Literal(district.name),
        "environment": sql.Literal(environment),
        "longest": sql.Literal(LONGEST),
    }
    query = student_sql.statement(district.pk, product, columns, operations, words | span.words())
    with copying.scrubbed(), connection.cursor() as cursor, connection.wrap_database_errors:
        for setting in _SETTINGS:
            cursor.execute(setting)
        cursor.copy_expert(query.as_string(cursor.connection), file)
        return int(cursor.rowcount)


def operations_of(district_id: int) -> dict[str, list[str]]:
    """The operations that get columns, by name, each with the platform's words for it: the usual ones, then others."""
    with connection.cursor() as cursor:
        cursor.execute(student_sql.distinct_operations(district_id))
        said = [word for (word,) in cursor.fetchall()]
    found: dict[str, list[str]] = {name: [name] for name in OPERATIONS}
    for word in said:
        words = found.setdefault(_name_of(word), [])
        words.extend({word} - set(words))
    return dict(list(found.items())[: len(OPERATIONS) + MOST_OPERATIONS])


def read(file: IO[bytes], columns: Sequence[Column]) -> Iterator[tuple[list[Cell], bool]]:
    """The rows of a file that `copy` wrote: a student's cells, and whether the account is deactivated. Closes it."""
    file.seek(0)
    readers = [_READ.get(column.kind, str) for column in columns]
    with TextIOWrapper(file, encoding="utf-8", newline="") as text:
        for *cells, is_deactivated in csv.reader(text):
            yield [to(cell) if cell else None for to, cell in zip(readers, cells, strict=True)], is_deactivated == "1"


def _name_of(word: str) -> str:
    """An operation as a column's name can begin with it."""
    return re.sub(r"\W+", "_", word.lower()).strip("_") or "other"
