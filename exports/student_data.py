"""The Student Data Export: one spreadsheet with all students of a district and product, and what they did.

A district is read by one statement in one transaction, which ends before the spreadsheet is written: a reset that comes
waits for seconds at most.
"""

import tempfile
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO

from districts.models import DistrictCounts, Product
from exports import about, columns, reading, student_rows, writers
from exports.about import Sheet
from exports.made import Made, Progress
from exports.models import ExportFile
from exports.student_rows import Cell, Span
from resetportal import clock

EVERY = 500  # rows between two words of progress
_LONGEST_NAME = 80  # letters of a district's name in a file's name


def make(wanted: ExportFile, *, desk: Path, progress: Progress, most_rows: int = writers.MOST_ROWS) -> Made:
    """Writes the spreadsheet that is wanted onto the desk. `most_rows`: of a sheet, its header included.

    Raises Interrupted when a reset has begun, OSError when there is no room, and what `progress` raises.
    """
    with tempfile.TemporaryFile(dir=desk) as file:
        sheet = _read(wanted, file)
        rows = _watched(sheet, student_rows.read(file, sheet.columns), progress)
        path = desk / f"export.{wanted.format}"
        if wanted.format == ExportFile.Format.CSV:
            writers.write_csv(path, sheet.columns, rows)
        else:
            told = partial(about.facts, sheet, writers.sheets(sheet.count, most=most_rows))
            writers.write_xlsx(path, sheet.columns, rows, count=sheet.count, about=told, most=most_rows)
    return Made(path, name(wanted, sheet.span), sheet.count, sheet.span.through, sheet.version, sheet.as_of)


def name(wanted: ExportFile, span: Span) -> str:
    """What a person finds the file by, in letters that every machine takes in a file's name."""
    environment = wanted.get_learning_environment_display() if wanted.learning_environment else ""
    product = f"{Product(wanted.product).label} {environment}".strip()
    days = f"from {span.since} through {span.through}" if span.since else f"through {span.through}"
    whose = _safe(wanted.district.name)[:_LONGEST_NAME].strip(" .") or wanted.district.site_code
    return f"{whose} - {product} - Student Data Export {wanted.school_year} {days}.{wanted.format}"


def _read(wanted: ExportFile, file: IO[bytes]) -> Sheet:
    """Reads the district into `file`. The row of its numbers is locked, so no batch of the feed is under way."""
    district = wanted.district
    with reading.whole(district.pk, generation=wanted.generation, is_run=wanted.is_last):
        counts = DistrictCounts.objects.select_for_update().get(pk=district.pk)
        as_of = clock.now()
        span = Span(wanted.since, _through(wanted, as_of), district.zone)
        is_math = wanted.product == Product.IMAGINE_MATH
        operations = {} if is_math else student_rows.operations_of(district.pk)
        sheet = columns.of(wanted.product, operations=operations)
        count = student_rows.copy(
            file,
            district=district,
            product=wanted.product,
            environment=wanted.learning_environment,
            columns=sheet,
            operations=operations,
            span=span,
        )
    version = counts.math_version if is_math else counts.facts_version
    return Sheet(wanted, sheet, span, as_of, version, count)


def _through(wanted: ExportFile, at: datetime) -> date:
    """The last day that is in it: never the current one, except in a last export, when nobody can write any more."""
    today = clock.local_date(wanted.district.zone, at)
    last = today if wanted.is_last else today - timedelta(days=1)
    return min(wanted.until, last) if wanted.until else last


def _watched(sheet: Sheet, rows: Iterator[tuple[list[Cell], bool]], progress: Progress) -> Iterator[list[Cell]]:
    """The rows as they are taken; those of deactivated accounts are counted."""
    progress(0, sheet.count)
    for number, (cells, is_deactivated) in enumerate(rows, start=1):
        sheet.deactivated += is_deactivated
        if number % EVERY == 0:
            progress(number, sheet.count)
        yield cells
    progress(sheet.count, sheet.count)


def _safe(text: str) -> str:
    """A text without what a file's name cannot hold or hide: letters and marks of any script, digits, a few signs."""
    kept = (each if each in " -_.,()&'" or unicodedata.category(each)[0] in "LMN" else " " for each in text)
    return " ".join("".join(kept).split())
