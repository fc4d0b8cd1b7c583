"""The sheet About of a Student Data Export: what it is of, up to which day it goes, and what each column means."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from districts import moments
from districts.gate import spoken
from districts.models import Product
from exports.columns import Column, Kind
from exports.models import ExportFile
from exports.student_rows import Span


@dataclass
class Sheet:
    """What was read of a district: `count` student accounts. `deactivated` is known once all rows were taken."""

    wanted: ExportFile
    columns: Sequence[Column]
    span: Span
    as_of: datetime
    version: int
    count: int
    deactivated: int = 0


def facts(sheet: Sheet, sheets: Sequence[str]) -> Iterator[tuple[str, object]]:
    """Lines of a name and what it is; numbers as numbers. `sheets`: the names of those with students."""
    yield from _whole(sheet)
    if len(sheets) > 1:
        yield "Sheets", f"{', '.join(sheets)}: a sheet holds no more rows, so the list goes on in the next."
    yield "", ""
    yield "Column", "What it holds"
    for column in sheet.columns:
        yield column.name, _meaning(column)


def _whole(sheet: Sheet) -> Iterator[tuple[str, object]]:
    wanted, district = sheet.wanted, sheet.wanted.district
    yield "District", district.name
    yield "Site code", district.site_code
    yield "School year", wanted.school_year
    yield "Product", Product(wanted.product).label
    yield "Learning environment", wanted.get_learning_environment_display() or "PreK-2 and 3+"
    yield "Range", f"{_first(sheet.span)} {spoken(sheet.span.through)}, local days of {district.zone}"
    yield "Goes up to", f"{spoken(sheet.span.through)}. {_current(wanted)}"
    yield "Read", moments.moment(sheet.as_of, district.zone)
    yield "Students", sheet.count
    yield "Of them deactivated", sheet.deactivated
    yield (
        "Rows",
        "One a student account, those that are deactivated included. What students did is counted in the range.",
    )


def _first(span: Span) -> str:
    return f"{spoken(span.since)} to" if span.since else "Year to date: the beginning of the year to"


def _current(wanted: ExportFile) -> str:
    if wanted.is_last:
        return "It was made by the reset itself, so the current day is in it."
    return "It holds previous days only, never the current one."


def _meaning(column: Column) -> str:
    return f"{column.meaning} Text, so that leading zeros stay." if column.kind == Kind.ID else column.meaning
