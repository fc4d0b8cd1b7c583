"""A language whose catalogue marks every text: what a page says outside the marks cannot be translated."""

import gc
import re
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from html import unescape

import pytest
from django.test import Client
from django.utils.translation import trans_real

from resets.models import Reset
from tests.people import Cast

LAKESIDE = "/districts/0620810/"
PAGES = (
    ("carmen", "/districts/"),
    ("carmen", LAKESIDE),
    ("carmen", f"{LAKESIDE}date/"),
    ("carmen", f"{LAKESIDE}dates/"),
    ("carmen", f"{LAKESIDE}hold/"),
    ("carmen", "/season/"),
    ("dana", f"{LAKESIDE}ask/"),
)
DATA = re.compile(
    # Names: of people and their roles in an installation, products, holidays, zones, the district, letters as written.
    r"@|Carmen Ortiz|Dana|Imagine Math|\(observed\)|America/|Lakeside Unified|^The (day|week) before$"
    # Not yet of the catalogue: one step of the checklist, a level of the grid, and what is joined in templates.
    r"|^Change the password$|^Preview what is deleted$|^None of 2 schools|^Allowed with a reason$|^2 educators, 3 org"
    r"|^\d+ of \d+ done|^Around the end of school year|^One-time assisted$|^After the reset$|^Nothing to do$"
    r"|^Not known yet$|^No export proof$|^Waiting for rostering$|^Your district and its schools$|^See what is deleted$"
)


@pytest.fixture
def marked(reset: Reset, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Marks what is asked of a catalogue; asks for the reset first, whose stored words are not under test."""
    catalogue = trans_real.DjangoTranslation
    monkeypatch.setattr(catalogue, "gettext", lambda self, text: f"⟦{text.split(chr(4))[-1]}⟧")
    monkeypatch.setattr(catalogue, "ngettext", lambda self, one, many, count: f"⟦{one if count == 1 else many}⟧")
    _forget()
    yield
    _forget()


def _forget() -> None:
    """Days, numbers and marks are kept by language, and this one has no name of its own."""
    for each in gc.get_objects():
        if type(each) is _lru_cache_wrapper and (each.__module__ or "").startswith(
            ("resetportal", "districts.moments")
        ):
            each.cache_clear()


def unmarked(page: str) -> list[str]:
    """What stands outside the marks in more than two words, a line an element."""
    body = page[page.index("<body") :]
    text = re.sub(r"<(script|style|svg).*?</\1>", "", body, flags=re.DOTALL)
    text, depth, rest = unescape(re.sub(r"<[^>]*>", "\n", text)), 0, ""
    for sign in text:
        depth += (sign == "⟦") - (sign == "⟧")
        rest += sign if not depth and sign != "⟧" else ""
    lines = (" ".join(line.split()) for line in rest.splitlines())
    return sorted({line for line in lines if len(re.findall(r"[A-Za-z]{2,}", line)) > 2})


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize(("who", "page"), PAGES)
def test_every_sentence_of_a_page_is_asked_of_the_catalogue(client: Client, cast: Cast, who: str, page: str) -> None:
    client.force_login(getattr(cast, who))
    answer = client.get(page)
    assert answer.status_code == 200
    assert [line for line in unmarked(answer.content.decode()) if not DATA.search(line)] == []
