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


UNSAID = re.compile(
    r"{#.*?#}|{% *comment.*?endcomment *%}|{% *blocktranslate\b.*?{% *endblocktranslate *%}"
    r"|{% *block page_class *%}.*?{% *endblock[^%]*%}|<(script|style|code|pre)\b.*?</\1>|Reset Portal",
    re.DOTALL,
)
"""What is no text, what is marked, and the product's name."""
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
SAID = re.compile(r'\b(?:aria-label|abbr|alt|data-label|placeholder|title)="([^"]*)"')
IN_TAGS = re.compile(
    r"""\|pluralize|\|add:" |\|default:["'][A-Z]|\b(?:title|text|submit|label|lead|cancel|foot)="[^"]"""
    r"""|{% *(?:note|state) "[a-z]+" "[^"]"""
)
"""A text that a tag is given without a mark, and a plural of its own making."""


def unmarked(template: str) -> list[str]:
    """Texts of a template that no tag asks of the catalogue: between elements and in what is read aloud."""
    rest = UNSAID.sub(" ", template)
    tags, rest = TAG.findall(rest), TAG.sub("·", rest)
    texts = [*SAID.findall(rest), *re.sub(r"<[^>]*>", "\n", rest).splitlines()]
    left = [text.strip() for text in texts if re.search("[A-Za-z]{2}", re.sub(r"&[a-z]+;", "", text))]
    return left + [tag for tag in tags if IN_TAGS.search(tag)]


@pytest.mark.parametrize("name", sorted(str(each.relative_to(TEMPLATES)) for each in TEMPLATES.rglob("*.html")))
def test_no_text_of_a_template_stands_outside_its_marks(name: str) -> None:
    """Also in the states of a page that no test shows."""
    if name == "style_guide.html":  # for those who write pages
        return
    assert unmarked((TEMPLATES / name).read_text()) == []
