"""A language whose catalogue marks every text, and what of a page stands outside of its marks."""

import gc
import re
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from html.parser import HTMLParser

import pytest
from django.utils.translation import trans_real

BEGIN, END = "⟦", "⟧"
PLACEHOLDER = re.compile(r"(\{[^{}]*\}|%\(\w+\)[sd])")
SAID = {"aria-label", "aria-description", "aria-valuetext", "alt", "title", "placeholder", "abbr", "data-label"}
UNSAID = re.compile(r'<(script|style|code|pre|article(?= class="(?:sheet|card report)\b))\b.*?</\1>', re.DOTALL)
"""Commands, which are typed as they stand, and what has one text for everybody: a certificate, a printed report."""
DATA = re.compile(
    "|".join(
        (
            # The cast, their roles' bearers, and what is theirs.
            r"\b(Carmen Ortiz|Omar Haddad|Maya Lindqvist|Ellis Park|Dana Whitfield|Dana|Luis Park|CO|OH|ML|EP|DW|LP)\b",
            r"\b(Lakeside Unified|Quarry Hill|School \d|Room \d|Toni Teacher \d|Noor|Canary-Whitcombe)\b",
            r"\b(Ada Chief|Tom Teach|Tia Teach|North Elementary|South High|Math \d-A|north|south)\b",
            r"[A-Z][a-z]+ Canary|\b\w+\.(csv|zip)\b|, (teacher|administrator)$|: demographics$",  # OneRoster's words
            r" - Student Data Export [-\d]+ through [-\d]+\.csv$|\bYear-round\.|^Hello$|^Dear\b",
            r"\b2024-shaped\b|^Grade 4$",  # a policy's name, a pathway's
            r"^Tue, July 20, 2027\b",  # what was done to many districts is kept as it was said
            # Products, formats, addresses, and the fields of letters.
            r"\b(Imagine Math Facts|Imagine Math|PreK-2|Reset Portal|CSV|PDF|XLSX|KB|MB)\b|\bOneRoster 1\.\d\b",
            r"\bOAuth (1\.0a signature|2 client credentials)|https?://\S+|\b[a-z.]+@[a-z.]+\b|\{[a-z_]+\}",
            r"\b[0-9a-f]{8,64}\b",
            # Zones as the clock says them, and holidays by their names.
            r"\b(UTC|PDT|EDT)\b|\b(America|Pacific)/[A-Za-z_]+|\b(Juneteenth National )?Independence Day|\(observed\)",
            r"\bRP-\d{4}-\d{4}\b",
        )
    )
)


def mark(text: str) -> str:
    """`⟦Kept by ⟧{person}⟦.⟧`: what is put into a sentence has marks of its own, or is data."""
    return BEGIN + PLACEHOLDER.sub(rf"{END}\1{BEGIN}", text.split(chr(4))[-1]) + END


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Marks what is asked of a catalogue, before anything of the test is stored: what a season's opening writes too."""
    catalogue = trans_real.DjangoTranslation
    monkeypatch.setattr(catalogue, "gettext", lambda self, text: mark(text))
    monkeypatch.setattr(catalogue, "ngettext", lambda self, one, many, count: mark(one if count == 1 else many))
    _forget()
    yield
    _forget()


def _forget() -> None:
    """Days, numbers and marks are kept by language, and this one has no name of its own."""
    for each in gc.get_objects():
        if type(each) is _lru_cache_wrapper and (each.__module__ or "").startswith(("resetportal", "districts.")):
            each.cache_clear()


class _Texts(HTMLParser):
    """What a page says, a line an element and an attribute: also what only a screen reader says."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_button = tag == "input" and ("type", "submit") in attrs
        self.said += [text or "" for name, text in attrs if name in SAID or (is_button and name == "value")]
        self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.said.append("\n")

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def left_in_english(page: str) -> set[str]:
    """What stands outside of the marks and is not data, a line an element."""
    reader = _Texts()
    reader.feed(UNSAID.sub("\n", page))
    rest, depth = [], 0
    for part in re.split(r"([⟦⟧\n])", "".join(reader.said)):
        depth += (part == BEGIN) - (part == END)
        rest.append(part if part == "\n" else " " if part in (BEGIN, END) or depth else part)
    lines = (" ".join(line.split()) for line in "".join(rest).split("\n"))
    return {line for line in lines if re.search(r"[A-Za-z]{2}", DATA.sub(" ", line))}
