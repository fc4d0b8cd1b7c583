"""Rows into files that a spreadsheet opens: XLSX and CSV, at constant memory, and no cell of them is ever a formula."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from rustpy_xlsxwriter import Format, write_worksheets

from exports.columns import Column, Kind

MOST_ROWS = 1_048_576  # of a sheet of Excel, its header included
MOST_OF_A_NAME = 31  # characters, of a sheet of Excel
ABOUT = "About"
STUDENTS = "Students"
Rows = Iterable[Sequence[Any]]
Facts = Iterable[tuple[str, object]]

_WIDTHS = {Kind.NUMBER: 12, Kind.SHARE: 12, Kind.DATE: 12, Kind.BOOL: 10}
_NUMBERS = {Kind.ID: "@", Kind.DATE: "yyyy-mm-dd", Kind.NUMBER: "#,##0", Kind.SHARE: "0%"}
_HEADS = 4  # characters that a header's filter button takes
_OS_ERROR = re.compile(r"(?:os error |code: )(\d+)")
_NOT_WRITTEN = "The spreadsheet could not be written"
_DANGEROUS = re.compile(r"'|[\s\x00-\x1f\u200b\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−]|[\t\r\n]")


def sheets(rows: int, *, most: int = MOST_ROWS) -> list[str]:
    """The names of the sheets that so many rows take; there is always one."""
    number = max(1, -(-rows // (most - 1)))
    return [STUDENTS, *(f"{STUDENTS} {each}" for each in range(2, number + 1))]


def write_xlsx(
    path: Path, columns: Sequence[Column], rows: Rows, *, count: int, about: Callable[[], Facts], most: int = MOST_ROWS
) -> None:
    """A workbook: a sheet of the rows, more where they do not fit in `most` lines, and one that tells about them.

    `about` is asked after the last row was taken. What `rows` raises is raised as it is. Rows pass through a file
    without a name in the machine's folder for temporary files, which ends with this call or with the process.
    """
    names, rest = sheets(count, most=most), iter(rows)
    written = [(name, _records(columns, islice(rest, most - 1))) for name in names]
    with _honest_errors():
        write_worksheets([*written, (ABOUT, _told(about))], str(path), **_looks(columns, names))


def write_list(path: Path, name: str, columns: Sequence[Column], rows: Rows, *, about: Facts) -> None:
    """A workbook of one list of staff's work, without a student in it: a sheet `name`, and one that tells about it.

    Its words are the reader's: headings that a language says alike are told apart, since a row is kept by them.
    """
    columns, name, told = _told_apart(columns), name[:MOST_OF_A_NAME], _("About")
    told = told if told != name else f"{told} 2"
    with _honest_errors():
        both = [(name, _records(columns, rows)), (told, _told(lambda: about, _("About this list")))]
        write_worksheets([*both], str(path), **_looks(columns, [name], told))


def write_csv(path: Path, columns: Sequence[Column], rows: Rows) -> None:
    """A CSV: UTF-8 with the mark by which Excel knows it, every text in quotes, dangerous ones `guarded`."""
    are_text = [column.kind not in (Kind.NUMBER, Kind.SHARE, Kind.DATE) for column in columns]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow([column.name for column in columns])
        for row in rows:
            writer.writerow(
                guarded(cell) if is_text and cell else cell for is_text, cell in zip(are_text, row, strict=True)
            )


def guarded(text: str) -> str:
    """A text as no spreadsheet takes it for a formula: behind an apostrophe if it begins like one, or with one."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def plain(text: str) -> str:
    """The text that was `guarded`: one apostrophe less, where it begins with one."""
    return text.removeprefix("'")


def _records(columns: Sequence[Column], rows: Rows) -> Iterator[dict[str, Any]]:
    """Rows as the writer takes them. Without any, one empty line: the header is made of the first."""
    names, is_empty = [column.name for column in columns], True
    for row in rows:
        is_empty = False
        yield dict(zip(names, row, strict=True))
    if is_empty:
        yield dict.fromkeys(names)


def _told_apart(columns: Sequence[Column]) -> list[Column]:
    found: dict[str, Column] = {}
    for column in columns:
        names = chain([column.name], (f"{column.name} {number}" for number in count(2)))
        name = next(each for each in names if each not in found)
        found[name] = replace(column, name=name)
    return list(found.values())


def _told(about: Callable[[], Facts], head: str = "About this export") -> Iterator[dict[str, object]]:
    for name, value in about():
        yield {head: name, "": value}


def _looks(columns: Sequence[Column], names: Sequence[str], about: str = ABOUT) -> dict[str, Any]:
    """Widths, formats, filters and headers of all sheets."""
    head = Format().set_bold().set_background_color("#E8EEF4").set_border_bottom("thin")
    ids = [column.name for column in columns if column.kind == Kind.ID]
    widths, formats = [_width(column) for column in columns], [_format(column) for column in columns]
    return {
        "freeze_panes": {name: {"row": 1, "col": 2} for name in names},
        "column_widths": dict.fromkeys(names, widths) | {about: [34, 100]},
        "column_formats": dict.fromkeys(names, formats) | {about: [_top().set_bold(), _top().set_text_wrap()]},
        "header_format": dict.fromkeys((*names, about), head),
        "autofilter": dict.fromkeys(names, True),
        "ignore_errors": dict.fromkeys(names, ids),  # no green corners at numbers that are text on purpose
    }


def _top() -> Format:
    return Format().set_align("top").set_align("left")


def _width(column: Column) -> float:
    return max(column.width or _WIDTHS.get(column.kind, 18), len(column.name) + _HEADS)


def _format(column: Column) -> Format:
    number = _NUMBERS.get(column.kind)
    return Format().set_num_format(number) if number else Format()


@contextmanager
def _honest_errors() -> Iterator[None]:
    """Says with its number what the machine refused: the writer's own errors have none, or are no Exception."""
    try:
        yield
    except BaseException as error:
        number = _OS_ERROR.search(str(error))
        if type(error).__name__ == "PanicException":  # the writer's own; no Exception, so that nobody would catch it
            raise OSError(int(number[1]) if number else 0, _NOT_WRITTEN) from None
        if isinstance(error, OSError) and error.errno is None and number:
            raise OSError(int(number[1]), _NOT_WRITTEN) from None
        raise
