"""A language whose catalogue marks every text, and what of a page stands outside of its marks."""

import gc
import re
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from html import unescape
from html.parser import HTMLParser

import pytest
from django.utils.translation import trans_real

BEGIN, END = "⟦", "⟧"
PLACEHOLDER = re.compile(r"(\{[^{}]*\}|%\(\w+\)[sd]|%[sd]|%%)")
SAID = {"aria-label", "alt", "title", "placeholder", "aria-description", "aria-valuetext", "aria-roledescription"}
UNSEEN = {"script", "style"}
DATA = re.compile(
    "|".join(
        (
            # People, districts and what is theirs, as the cast has them.
            r"Carmen Ortiz|Omar Haddad|Maya Lindqvist|Ellis Park|Dana Whitfield|Luis Park|Toni Teacher \d|CO\b|Ray Ito",
            r"Lakeside Unified|Quarry Hill|School \d|Room \d|Canary-Whitcombe|Noor|\b[a-z.]+@[a-z]+\.example",
            # Products, file formats, keys, addresses and numbers of objects.
            r"Reset Portal|Imagine Math Facts|Imagine Math|THINK Points|PreK-2|CSV|PDF|XLSX|RP-\d{4}-\d{4}|\b[0-9a-f]{16,}\b",
            # Days, hours, zones.
            r"\b(AM|PM|UTC|PDT|PST|EDT|EST)\b|(America|Pacific)/[A-Za-z_/]+|New York",
        )
    )
)


def mark(text: str) -> str:
    """`⟦Kept by ⟧{person}⟦.⟧`: what is put into a sentence has to be marked by itself, or to be data."""
    return BEGIN + PLACEHOLDER.sub(rf"{END}\1{BEGIN}", text.split(chr(4))[-1]) + END


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Marks what is asked of a catalogue from here on: what was stored before is data."""
    catalogue = trans_real.DjangoTranslation
    monkeypatch.setattr(catalogue, "gettext", lambda self, text: mark(text))
    monkeypatch.setattr(catalogue, "ngettext", lambda self, one, many, count: mark(one if count == 1 else many))
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


class _Texts(HTMLParser):
    """What a page says, an element and an attribute each: also what only a screen reader says."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN
        self.texts += [f"{BEGIN}{END}"] + [text for name, text in attrs if text and _is_said(tag, name, attrs)]

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.texts += data.splitlines()


def _is_said(tag: str, name: str, attrs: list[tuple[str, str | None]]) -> bool:
    return name in SAID or (tag == "input" and name == "value" and ("type", "submit") in attrs)


def left_in_english(page: str) -> list[str]:
    """What stands outside of the marks and is not data, a line an element."""
    reader = _Texts()
    reader.feed(page)
    lines = (_outside(line) for line in "\n".join(reader.texts).splitlines())
    return sorted({line for line in _outside("\n".join(reader.texts)).splitlines() if _says(line)})


def _outside(text: str) -> str:
    depth, rest = 0, ""
    for sign in text:
        depth += (sign == BEGIN) - (sign == END)
        rest += sign if sign == "\n" or (not depth and sign != END) else ""
    return "\n".join(" ".join(line.split()) for line in rest.splitlines())


def _says(line: str) -> bool:
    return bool(re.search(r"[A-Za-z]{2,}", DATA.sub(" ", line)))
