"""On paper: no frame, no buttons, tables whole, and light also for who reads in the dark. And stillness, if asked."""

from io import BytesIO

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.journeys.looking import assert_printable
from tests.journeys.test_axe import LAKESIDE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.processes]

PRINTED = (
    "/districts/",
    "/letters/",
    "/season/",
    "/season/summary/",
    LAKESIDE,
    f"{LAKESIDE}preview/",
    f"{LAKESIDE}educators/",
)
MOVING = """[...document.querySelectorAll('*')].filter((one) => {
  const style = getComputedStyle(one);
  return style.animationName !== 'none' || (style.transitionProperty !== 'none'
    && style.transitionDuration.split(',').some((one) => parseFloat(one) > 0));
}).length"""


def test_what_is_printed_is_whole_and_nothing_but_the_page(page: Page) -> None:
    sign_in(page, "maya@vendor.example")
    for address in PRINTED:
        page.goto(address)
        assert_printable(page)


def test_the_printed_list_tells_every_district_and_no_demo(page: Page) -> None:
    sign_in(page, "maya@vendor.example")
    page.goto("/districts/")
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(format="A4"))).pages)
    assert "Lakeside Unified" in text
    assert "Cedar Valley ISD" in text
    assert "Demo clock" not in text


def test_nothing_moves_for_who_asks_for_stillness(page: Page) -> None:
    sign_in(page, "maya@vendor.example")
    page.emulate_media(reduced_motion="reduce")
    for address in ("/districts/", "/letters/", "/tonight/?date=2027-07-28", LAKESIDE):
        page.goto(address)
        assert page.evaluate(MOVING) == 0, address
