"""A CSM's season in a real browser: letters go out, a date is set, the reset runs, rostering ends, the lead sums up."""

import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.faults.conftest import wait_for
from tests.journeys.conftest import Portal
from tests.journeys.looking import assert_accessible
from tests.journeys.test_axe import LAKESIDE, sign_in
from tests.journeys.test_main_job import A_MINUTE, choose

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_a_csm_s_season_from_its_opening_to_the_summary(page: Page, portal: Portal) -> None:
    portal.start_worker()
    sign_in(page, "carmen@vendor.example")
    see_the_opening_letter(page)
    page.goto(LAKESIDE)
    choose(page, "2027-07-31", "Set Sat, July 31")
    see_it_in_the_calendar(page)
    let_the_night_come(page)
    declare_rostering_complete(page)
    page.context.clear_cookies()
    sign_in(page, "maya@vendor.example")
    sum_up(page)


def see_the_opening_letter(page: Page) -> None:
    """The log of letters has it, in Lakeside's row."""

    def has_gone() -> bool:
        page.goto("/letters/?q=Lakeside")
        return "Dana Whitfield" in page.locator("main").inner_text()

    wait_for(has_gone, "The opening letter goes")
    assert_accessible(page)


def see_it_in_the_calendar(page: Page) -> None:
    page.goto("/season/")
    page.get_by_role("link", name="July 31").first.click()
    expect(page.locator("main").get_by_role("link", name="Lakeside Unified")).to_be_visible()
    assert_accessible(page)


def let_the_night_come(page: Page) -> None:
    page.goto(LAKESIDE)
    page.get_by_role("button", name="to reset night").click()
    expect(page.get_by_label("Demo clock")).to_contain_text("Sat, July 31, 2027")
    page.get_by_role("link", name="See the reset").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lakeside Unified is reset", timeout=2 * A_MINUTE)


def declare_rostering_complete(page: Page) -> None:
    page.goto("/season/after/")
    row = page.get_by_role("row").filter(has_text="Lakeside Unified")
    expect(row).to_be_visible()
    assert_accessible(page)
    row.get_by_role("link", name="Rostering is complete").click()
    page.get_by_role("button", name="Turn the syncs on").click()
    expect(page.get_by_text("Rostering of Lakeside Unified is complete.")).to_be_visible()


def sum_up(page: Page) -> None:
    page.goto("/season/summary/")
    expect(page.get_by_role("row").filter(has_text="Carmen Ortiz")).to_be_visible()
    assert_accessible(page)
    with page.expect_download() as taking:
        page.get_by_role("link", name="Download").click()
    sheet = load_workbook(io.BytesIO(taking.value.path().read_bytes())).worksheets[0]
    rows = [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert any("Carmen Ortiz" in row for row in rows)
    assert not any("first_name" in " ".join(row).casefold() for row in rows)
