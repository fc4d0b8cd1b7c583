"""Lists as spreadsheets in a language that marks every text: their headings, and their words."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from tests.people import Cast
from tests.resets.views.marked import BEGIN, END, marked  # noqa: F401  (a fixture)
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


def test_every_list_says_its_headings_in_the_readers_language(lists: dict[str, Workbook]) -> None:
    assert len(lists) > 12
    for address, book in lists.items():
        first, about = book.worksheets
        heads = [first.title, about.title, *next(first.values), *(row[0] for row in about.values)]
        assert (address, [head for head in heads if head and not is_marked(head)]) == (address, [])
        assert len(heads) > 12
