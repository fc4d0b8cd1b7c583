"""Lists as spreadsheets in a language that marks every text: their headings, and their words."""

import io
import re
from datetime import date
from html import escape
from itertools import islice
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from districts.models import Product
from resets import letter_fields
from resets.models import LetterStep, Receipt, Reset
from tests.people import Cast
from tests.resets.views.marked import BEGIN, END, left_in_english, mark, marked  # noqa: F401  (a fixture)
from tests.test_access import ALL, path_of, values  # noqa: F401  (a fixture)

LIST = re.compile(r"xlsx/?$|^/season/.*download/$")
ASKED = {
    "resets:tonight_xlsx": ["?date=2027-07-28"],
    "resets:letters_xlsx": ["", "?show=coming", "?show=missed", "?show=hand", "?show=silent", "?q=lakeside&step=1"],
    "resets:educators_xlsx": ["", "?show=all"],
    "resets:districts_file": ["", "?sort=-students&q=lakeside"],
    "resets:rosters_xlsx": ["", "?outcome=rehearsed"],
}


@pytest.fixture
def lists(client: Client, cast: Cast, values: dict[str, Any], marked: None) -> dict[str, Workbook]:  # noqa: F811
    """Every list that a lead can download, by its address."""
    client.force_login(cast.maya)
    paths = {name: path_of(name, values) for name in ALL if name.startswith("resets:")}
    asked = [path + more for name, path in paths.items() if LIST.search(path) for more in ASKED.get(name, [""])]
    return {each: load_workbook(io.BytesIO(client.get(each).content)) for each in asked}


def is_marked(text: object) -> bool:
    return str(text).startswith(BEGIN) and str(text).endswith(END)


def texts_of(book: Workbook) -> list[str]:
    return [str(cell) for sheet in book for row in sheet.values for cell in row if isinstance(cell, str)]


def stored() -> set[str]:
    """What lists repeat as somebody wrote it: the season's letters, a deed's words, words that were searched."""
    steps, resets = LetterStep.objects.all(), list(Reset.objects.select_related("district", "season"))
    subjects = {letter_fields.in_short(step.subject, reset) for step in steps for reset in resets}
    written = {step.name for step in steps} | subjects | set(Receipt.objects.values_list("what", flat=True))
    return {line for text in written for line in left_in_english(escape(text))} | {"lakeside"}


def test_every_list_says_its_headings_in_the_readers_language(lists: dict[str, Workbook]) -> None:
    assert len(lists) > 12
    for address, book in lists.items():
        first, about = book.worksheets
        heads = [first.title, about.title, *next(first.values), *(row[0] for row in about.values)]
        heads = [head for head in heads if head and head not in Product.labels]
        assert (address, [head for head in heads if not is_marked(head)]) == (address, [])
        assert len(heads) > 12


def test_every_list_says_its_cells_in_the_readers_language(lists: dict[str, Workbook]) -> None:
    for address, book in lists.items():
        left = {line for text in texts_of(book) for line in left_in_english(escape(text))}
        assert (address, left - stored()) == (address, set())


def test_days_and_numbers_stay_cells_of_their_kind_in_any_language(lists: dict[str, Workbook]) -> None:
    heads, lakeside = islice(lists["/districts.xlsx"].worksheets[0].values, 2)
    cells = dict(zip(heads, lakeside, strict=True))
    day: Any = cells[mark("Reset date")]
    assert day.date() == date(2027, 7, 28)
    assert cells[mark("Students")] == 3
