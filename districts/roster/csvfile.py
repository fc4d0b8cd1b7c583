"""One CSV file of a roster, read strictly: every line is one whole record, or the roster is refused with the place.

OneRoster forbids line breaks inside a field, so a quote that is not closed is found on its own line, and no student
after it is swallowed.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from typing import IO

from django.utils.translation import gettext as _

from districts.roster.problems import Place, RosterRefused, Warnings

BOM = b"\xef\xbb\xbf"
LINE_BYTES = 100_000
ROWS = 5_000_000
OLD_NAMES = {
    "grades": ("grade",),
    "termSourcedIds": ("termSourcedId",),
    "orgSourcedIds": ("orgSourcedId",),
    "schoolYear": ("schoolYearId",),
}

FIELD = re.compile(r'(?:"(?:[^"]|"")*"|[^",][^,]*|)(?:,|$)')

Row = tuple[int, list[str]]


def rows(
    file: IO[bytes], name: str, columns: Sequence[str], warnings: Warnings, optional: Sequence[str] = ()
) -> Iterator[Row]:
    """Line number and the values of `columns`, for every data row. Raises RosterRefused at the first fault.

    `optional`: columns whose values come after those, "" where the file has no such column. Other columns are checked
    for their form and never handed on.
    """
    records = _records(file, name, warnings)
    header = next(records, (0, []))[1]
    at = _positions(header, name, columns)
    at += [header.index(column) if column in header else len(header) for column in optional]
    number, width = 1, len(header)
    for number, values in records:
        if len(values) != width:
            raise _wrong_width(name, number, len(values), width)
        values.append("")
        yield number, [values[position] for position in at]
    if number == 1:
        raise RosterRefused(
            Place(name),
            _("There are no rows under the header."),
            _("Send the whole file; an empty one deletes nothing."),
        )


def _records(file: IO[bytes], name: str, warnings: Warnings) -> Iterator[Row]:
    header: list[str] = []
    for number, line in _lines(file, name, warnings):
        if number > ROWS:
            raise RosterRefused(
                Place(name, number),
                _("There are more than {rows:,} rows.").format(rows=ROWS),
                _("Send one district's rows."),
            )
        values = _values(line, name, number, header)
        header = header or values
        yield number, values


def _values(line: str, name: str, number: int, header: list[str]) -> list[str]:
    """The values of one line. A fault is told with the column in which its field begins."""
    try:
        return next(csv.reader((line,), strict=True))
    except csv.Error:
        raise RosterRefused(
            Place(name, number, _first_wrong(line, header)),
            _("A quotation mark is not closed on its line, or stands where none may."),
            _("Quote the whole value and double each quotation mark inside it; no value may hold a line break."),
        ) from None


def _first_wrong(line: str, header: list[str]) -> str:
    """The column of the first field that is not well formed."""
    at = 0
    for column in header:
        whole = FIELD.match(line, at)
        if not whole:
            return column
        at = whole.end()
    return ""


def _lines(file: IO[bytes], name: str, warnings: Warnings) -> Iterator[tuple[int, str]]:
    """Numbered lines without their ends, decoded. One kind of line end a file; a blank line only at its end."""
    number, ending, blank = 0, b"", 0
    while raw := file.readline(LINE_BYTES):
        number += 1
        if number == 1 and raw.startswith(BOM):
            warnings.add(Place(name), _("A byte order mark stands before the header."))
            raw = raw.removeprefix(BOM)
        text, end = _split(raw, name, number)
        if blank or (end and ending and end != ending):
            raise _wrong_line(name, number, blank)
        ending = ending or end
        if text:
            yield number, _decoded(text, name, number)
        else:
            blank = number
    if blank:
        warnings.add(Place(name, blank), _("The last line is blank."))


def _split(raw: bytes, name: str, number: int) -> tuple[bytes, bytes]:
    """A line and its end: CRLF, LF, or none on the last."""
    if raw.endswith(b"\r\n"):
        return raw[:-2], b"\r\n"
    if raw.endswith(b"\n"):
        return raw[:-1], b"\n"
    if len(raw) >= LINE_BYTES:
        raise RosterRefused(
            Place(name, number),
            _("The line has more than {line_bytes:,} bytes.").format(line_bytes=LINE_BYTES),
            _("End each record with a line break."),
        )
    return raw, b""


def _decoded(line: bytes, name: str, number: int) -> str:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RosterRefused(
            Place(name, number),
            _("Byte {value} of the line is not UTF-8.").format(value=error.start + 1),
            _("Save the file as UTF-8."),
        ) from None
    for control in ("\0", "\r"):
        if control in text:
            byte = len(text[: text.index(control)].encode()) + 1
            kind = "NUL" if control == "\0" else "a carriage return"
            raise RosterRefused(
                Place(name, number),
                _("Byte {byte} of the line is {kind}.").format(byte=byte, kind=kind),
                _("Export the file again, as plain CSV."),
            )
    return text


def _positions(header: list[str], name: str, columns: Sequence[str]) -> list[int]:
    """Where the columns stand. Header names are case-sensitive and unique."""
    if "sourcedId" in columns and "sourcedId" not in header:
        raise RosterRefused(
            Place(name, 1, "sourcedId"),
            _("The header row is missing, or this column of it."),
            _("Begin with the names."),
        )
    seen: set[str] = set()
    for position, column in enumerate(header):
        if column in seen:
            raise RosterRefused(
                Place(name, 1, f"number {position + 1}"),
                _("A column's name stands twice."),
                _("Name each column once."),
            )
        seen.add(column)
    return [_position(header, name, column) for column in columns]


def _position(header: list[str], name: str, column: str) -> int:
    if column in header:
        return header.index(column)
    known = [other for other in (column.lower(), column.upper(), *OLD_NAMES.get(column, ())) if other in header]
    said = _("The column is missing. “{other}” is there instead.") if known else _("The column is missing.")
    raise RosterRefused(
        Place(name, 1, column),
        said.format(other=known[0] if known else ""),
        _("Name it “{column}”, as OneRoster does.").format(column=column),
    )


def _wrong_width(name: str, number: int, found: int, wanted: int) -> RosterRefused:
    return RosterRefused(
        Place(name, number),
        _("The row has {found} values and the header {wanted}.").format(found=found, wanted=wanted),
        _("Check its commas and quotes."),
    )


def _wrong_line(name: str, number: int, blank: int) -> RosterRefused:
    if blank:
        return RosterRefused(Place(name, blank), _("A blank line stands between rows."), _("Remove it."))
    return RosterRefused(
        Place(name, number),
        _("Line ends are mixed: CRLF and LF."),
        _("Export the file again, with one kind of line end."),
    )
