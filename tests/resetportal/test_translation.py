"""Every text can be said in another language: a catalogue answers for a page's words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import trans_real

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@pytest.fixture
def german() -> Iterator[None]:
    """A language with one more answer in its catalogue, as a .mo file in locale/ gives it."""
    catalogue = trans_real.translation("de")._catalog._catalogs[0]  # type: ignore[attr-defined]
    catalogue["There is nothing here"] = "Hier ist nichts"
    with translation.override("de"):
        yield
    del catalogue["There is nothing here"]


def test_a_page_is_said_in_the_reader_s_language(german: None) -> None:
    assert "Hier ist nichts" in render_to_string("404.html")


def test_what_no_catalogue_answers_is_said_in_english() -> None:
    with translation.override("de"):
        assert "There is nothing here" in render_to_string("404.html")


def test_no_mark_of_a_text_stands_in_a_text() -> None:
    """A `_(` that was cut in two is no error to a template: it is shown."""
    cut = [
        f"{place.relative_to(TEMPLATES)}: {found[0]}"
        for place in TEMPLATES.rglob("*.html")
        for found in re.finditer(r'_\(\(?"\)|\w\._\(|_\("[^"]*_\(', place.read_text())
    ]
    assert cut == []
