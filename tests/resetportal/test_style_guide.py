"""The style guide shows every component, and no template needs what the content security policy forbids."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory

from resetportal.style_guide import style_guide

TEMPLATES = settings.ROOT / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
SHEETS = sorted((TEMPLATES.parent / "resetportal/static/resetportal/css").glob("*.css"))
INLINE = re.compile(r"""\sstyle=|\son[a-z]+=["']|<style|href=["']javascript:""")


@pytest.fixture(scope="module")
def guide() -> str:
    return style_guide(RequestFactory().get("/style/")).content.decode()


def test_it_names_every_component(guide: str) -> None:
    of_the_frame = {"logo", "top_bar", "demo_strip", "person_menu", "crumbs"}
    parts = {page.stem for page in (TEMPLATES / "components").glob("*.html")} - of_the_frame
    assert [part for part in parts if not re.search(rf"\b{part}\b", guide)] == []


def test_no_two_elements_share_an_id(guide: str) -> None:
    ids = Counter(re.findall(r'\sid="([^"]+)"', guide))
    assert [name for name, count in ids.items() if count > 1] == []


def test_nothing_in_it_is_styled_or_scripted_inline(guide: str) -> None:
    assert INLINE.findall(guide) == []


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.parent.name != "emails"], ids=lambda page: str(page.relative_to(TEMPLATES))
)
def test_no_template_is_styled_or_scripted_inline(page: Path) -> None:
    assert INLINE.findall(page.read_text(encoding="utf-8")) == []


def test_every_token_that_the_sheets_use_is_defined() -> None:
    text = "".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
    used, defined = set(re.findall(r"var\((--[\w-]+)", text)), set(re.findall(r"(--[\w-]+)\s*:", text))
    assert used - defined == set()


def test_colours_stand_in_the_tokens_alone() -> None:
    others = {
        sheet.name: sheet.read_text(encoding="utf-8")
        for sheet in SHEETS
        if sheet.name not in ("tokens.css", "print.css")
    }
    found = {name: re.findall(r"#[0-9a-f]{3,8}\b", text) for name, text in others.items()}
    assert {name: colours for name, colours in found.items() if colours} == {}
