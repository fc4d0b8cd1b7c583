"""No cell of a spreadsheet is a formula, and every name comes back as it was, whoever reads it."""

import csv
import errno
import os
import re
import resource
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from exports import making, writers
from exports.columns import BOOL, DATE, ID, NUMBER, SHARE, TEXT, Column
from tests.exports.names import DANGEROUS, ODD

COLUMNS = (
    Column("first_name", TEXT, "A name.", 20),
    Column("student_information_number", ID, "A number."),
    Column("is_active", BOOL, "True or False."),
    Column("minutes", NUMBER, "Minutes."),
    Column("rate", SHARE, "A share."),
    Column("day", DATE, "A day."),
)
# What a roster can hold. The two code points left out are no characters, by Unicode.
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff"), min_size=1, max_size=300)


def write(path: Path, names: Sequence[str | None], **more: Any) -> Path:
    rows = [[name, "00123", "True", 7, 0.5, date(2027, 5, 4)] for name in names]
    writers.write_xlsx(path, COLUMNS, rows, count=len(rows), about=lambda: [("District", "=1+1")], **more)
    return path


def briefly() -> list[tuple[str, object]]:
    return [("District", "Lakeside Unified")]


def by_openpyxl(path: Path) -> list[Any]:
    """First cells, as openpyxl reads them. It leaves Excel's _xHHHH_ as it stands: its own `unescape` reads that."""
    sheet = openpyxl.load_workbook(path)["Students"]
    return [unescape(name or "") for (name,) in sheet.iter_rows(min_row=2, max_col=1, values_only=True)]


def by_calamine(path: Path) -> list[Any]:
    """First cells, as calamine reads them. It decodes _xHHHH_ by itself."""
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name("Students")
    return [row[0] for row in sheet.to_python()[1:]]


def xml_of(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name).decode() for name in zipped.namelist()}


def from_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_names_come_back_equal_by_two_readers(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", DANGEROUS + ODD)
    assert by_openpyxl(path) == DANGEROUS + ODD
    assert by_calamine(path) == DANGEROUS + ODD


@settings(max_examples=40, deadline=None)
@given(names=st.lists(NAMES, min_size=1, max_size=20))
def test_any_name_comes_back_equal(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    path = write(tmp_path_factory.mktemp("any") / "a.xlsx", names)
    assert by_openpyxl(path) == by_calamine(path) == names


def test_two_code_points_that_no_name_has_are_decoded_by_one_reader_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", ["\ufffe", "\uffff"])
    assert by_openpyxl(path) == ["\ufffe", "\uffff"]
    assert by_calamine(path) == ["_xFFFE_", "_xFFFF_"]


@pytest.mark.parametrize("name", DANGEROUS)
def test_no_cell_is_a_formula(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "a.xlsx", [name])
    for part, xml in xml_of(path).items():
        assert not re.search(r"<f[ />]|<hyperlink|ddeLink|externalLink", xml), part
    assert openpyxl.load_workbook(path)["Students"]["A2"].data_type == "s"
    assert openpyxl.load_workbook(path)["About"]["B2"].data_type == "s"


def test_the_search_for_formulas_finds_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    book.save(tmp_path / "a.xlsx")
    assert any(re.search(r"<f[ />]", xml) for xml in xml_of(tmp_path / "a.xlsx").values())


def test_numbers_dates_and_ids_are_what_they_look_like(tmp_path: Path) -> None:
    cells = openpyxl.load_workbook(write(tmp_path / "a.xlsx", ["Noor"]))["Students"][2]
    assert [(cell.data_type, cell.number_format) for cell in cells] == [
        ("s", "General"),
        ("s", "@"),
        ("s", "General"),
        ("n", "#,##0"),
        ("n", "0%"),
        ("d", "yyyy-mm-dd"),
    ]
    assert [cell.value for cell in cells[1:5]] == ["00123", "True", 7, 0.5]
    assert cells[5].value.date() == date(2027, 5, 4)


def test_formats_do_not_hang_on_the_first_row(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[None] * 6, ["Noor", "1", "False", 12, 1.0, date(2027, 5, 4)], ["Ada", *[None] * 5]]
    writers.write_xlsx(tmp_path / "a.xlsx", COLUMNS, rows, count=3, about=briefly)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Students"]
    assert [cell.data_type for cell in sheet[3]] == ["s", "s", "s", "n", "n", "d"]
    assert [cell.value for cell in sheet[4]] == ["Ada", *[None] * 5]


def test_the_header_is_frozen_filterable_and_wide_enough(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write(tmp_path / "a.xlsx", ["Noor", "Ada"]))["Students"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", "A1:F3")
    for cell, column in zip(sheet[1], COLUMNS, strict=True):
        assert (cell.value, cell.font.bold) == (column.name, True)
        assert sheet.column_dimensions[cell.column_letter].width > len(column.name) + 3


def test_ids_have_no_green_corners(tmp_path: Path) -> None:
    xml = xml_of(write(tmp_path / "a.xlsx", ["Noor", "Ada"]))["xl/worksheets/sheet1.xml"]
    assert '<ignoredError sqref="B2:B3" numberStoredAsText="1"/>' in xml


@pytest.mark.parametrize(("rows", "number"), [(0, 1), (1, 1), (9, 1), (10, 2), (18, 2), (19, 3)])
def test_rows_take_as_many_sheets_as_they_need(rows: int, number: int) -> None:
    assert len(writers.sheets(rows, most=10)) == number


def test_a_sheet_holds_what_excel_holds() -> None:
    assert (len(writers.sheets(1_048_575)), len(writers.sheets(1_048_576))) == (1, 2)


def test_every_row_is_in_one_of_the_sheets(tmp_path: Path) -> None:
    names = [f"Noor {number}" for number in range(25)]
    book = openpyxl.load_workbook(write(tmp_path / "a.xlsx", names, most=10))
    assert book.sheetnames == ["Students", "Students 2", "Students 3", "About"]
    found = [row[0] for name in book.sheetnames[:3] for row in book[name].iter_rows(min_row=2, values_only=True)]
    assert found == names
    assert [book[name].freeze_panes for name in book.sheetnames] == ["C2", "C2", "C2", None]


def test_a_csv_gives_every_name_back_without_its_guard(tmp_path: Path) -> None:
    rows = [[name, "00123", "True", -7, 0.5, date(2027, 5, 4)] for name in DANGEROUS + ODD]
    writers.write_csv(tmp_path / "a.csv", COLUMNS, rows)
    header, *found = from_csv(tmp_path / "a.csv")
    assert header == [column.name for column in COLUMNS]
    assert [writers.plain(row[0]) for row in found] == DANGEROUS + ODD
    assert found[0][1:] == ["00123", "True", "-7", "0.5", "2027-05-04"]


@given(name=st.text())
def test_a_guard_can_always_be_taken_away(name: str) -> None:
    assert writers.plain(writers.guarded(name)) == name


@pytest.mark.parametrize("name", [name for name in DANGEROUS if name != "{=1}"])
def test_a_csv_guards_what_begins_like_a_formula(name: str) -> None:
    assert writers.guarded(name) == f"'{name}"


@pytest.mark.parametrize("name", ["Noor", "O'Brien", "Ana-María", "a=b", "00123", "3+", "", "{=1}"])
def test_a_csv_leaves_everything_else_as_it_is(name: str) -> None:
    assert writers.guarded(name) == name


def test_a_csv_begins_with_the_mark_that_excel_knows(tmp_path: Path) -> None:
    writers.write_csv(tmp_path / "a.csv", COLUMNS, [["Zoë", None, "True", 1, None, None]])
    assert (tmp_path / "a.csv").read_bytes() == (
        b"\xef\xbb\xbf"
        b'"first_name","student_information_number","is_active","minutes","rate","day"\r\n"Zo\xc3\xab","","True",1,"",""\r\n'
    )


def test_what_the_rows_raise_is_raised_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        writers.write_xlsx(tmp_path / "a.xlsx", COLUMNS, broken(), count=1, about=briefly)


def broken() -> Iterator[list[Any]]:
    yield ["Noor"] + [None] * 5
    raise ZeroDivisionError


@pytest.mark.parametrize("write_it", [writers.write_csv, partial(writers.write_xlsx, count=9_000, about=briefly)])
def test_a_full_disk_is_an_error_with_its_number(tmp_path: Path, write_it: Callable[..., None]) -> None:
    rows = ([os.urandom(40).hex(), "1", "True", 1, None, None] for _ in range(9_000))
    with files_of_at_most(200_000), pytest.raises(OSError, match=r"File too large|could not be written") as full:
        write_it(tmp_path / "a.file", COLUMNS, rows)
    assert making.is_full(full.value)


def test_a_disk_that_is_full_at_the_end_is_one_too() -> None:
    with pytest.raises(OSError, match="could not be written") as full:
        write(Path("/dev/full"), ["Noor"])
    assert full.value.errno == errno.ENOSPC


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """A disk that takes no more of any file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_passes_through_other_folders_has_no_name_there(tmp_path: Path) -> None:
    before, meanwhile = open_files(), set()

    def rows() -> Iterator[list[Any]]:
        for number in range(2_000):
            yield [f"Noor {number}", "1", "True", 1, None, None]
        meanwhile.update(open_files() - before)

    writers.write_xlsx(tmp_path / "a.xlsx", COLUMNS, rows(), count=2_000, about=briefly)
    passed = {name for name in meanwhile if name.startswith(tempfile.gettempdir())}
    assert passed
    assert all(name.endswith("(deleted)") for name in passed)


def open_files() -> set[str]:
    return {os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}
