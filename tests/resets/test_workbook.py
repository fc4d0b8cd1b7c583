"""A list as a spreadsheet: what is written stays a text, whatever it begins with."""

from datetime import UTC, datetime
from io import BytesIO

import openpyxl

from exports.columns import Column, Kind
from resets import workbook

COLUMNS = (Column("district", Kind.TEXT, "Its name.", 30), Column("schools", Kind.NUMBER, "How many."))


def download(*rows: tuple[str, int]) -> openpyxl.Workbook:
    at = datetime(2027, 6, 1, 16, tzinfo=UTC)
    answer = workbook.answer(
        "list.xlsx", "Districts", COLUMNS, rows, about=[("Filter", "All")], by="Carmen Ortiz", at=at
    )
    assert answer["Content-Disposition"] == 'attachment; filename="list.xlsx"'
    return openpyxl.load_workbook(BytesIO(answer.content))


def test_it_holds_the_rows_and_says_what_was_asked_for() -> None:
    book = download(("Lakeside Unified", 14), ("Quarry Hill", 2))
    assert book.sheetnames == ["Districts", "About"]
    assert list(book["Districts"].values) == [
        ("district", "schools"), ("Lakeside Unified", 14), ("Quarry Hill", 2),
    ]  # fmt: skip
    told = dict(list(book["About"].values)[1:])
    assert told["Filter"] == "All"
    assert told["Downloaded"] == "Tue, June 1, 2027, 4:00 PM UTC"
    assert told["By"] == "Carmen Ortiz"
    assert told["schools"] == "How many."


def test_a_text_is_never_a_formula() -> None:
    cell = download(("=HYPERLINK(1)", 1))["Districts"]["A2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_an_empty_list_has_its_header() -> None:
    assert next(iter(download()["Districts"].values)) == ("district", "schools")


def test_headings_that_a_language_says_alike_keep_their_columns() -> None:
    at, alike = datetime(2027, 6, 1, 16, tzinfo=UTC), [Column("Offen", Kind.NUMBER, "") for _ in range(3)]
    made = workbook.answer("list.xlsx", "About", alike, [(1, 2, 3)], about=[], by="Carmen Ortiz", at=at)
    book = openpyxl.load_workbook(BytesIO(made.content))
    assert list(book["About"].values) == [("Offen", "Offen 2", "Offen 3"), (1, 2, 3)]
    assert book.sheetnames == ["About", "About 2"]


def test_a_sheet_has_a_name_that_excel_takes_however_long_a_language_says_it() -> None:
    at = datetime(2027, 6, 1, 16, tzinfo=UTC)
    made = workbook.answer("list.xlsx", "n" * 40, COLUMNS, [], about=[], by="Carmen Ortiz", at=at)
    assert openpyxl.load_workbook(BytesIO(made.content)).sheetnames == ["n" * 31, "About"]
