"""A CSM's season in a real browser, from its opening by a lead: letters, a date, the reset, rostering, the summary."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.faults.conftest import wait_for
from tests.journeys.conftest import Portal, furnish, serving
from tests.journeys.looking import assert_accessible
from tests.journeys.test_axe import LAKESIDE, sign_in
from tests.journeys.test_main_job import A_MINUTE, choose

pytestmark = [pytest.mark.browser, pytest.mark.processes]


@pytest.fixture(scope="module")
def portal(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Districts, people and rosters, and no season yet; on the servers that the sample keeps running."""
    portal = Portal(tmp_path_factory.mktemp("season"))
    furnish(portal, portal.sample, "--unopened")
    with serving(portal):
        yield portal


def test_a_csm_s_season_from_its_opening_to_the_summary(page: Page, portal: Portal) -> None:
    portal.start_worker()
    sign_in(page, "maya@vendor.example")
    open_the_season(page)
    page.context.clear_cookies()
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


def open_the_season(page: Page) -> None:
    """From the rules of 2023, moved to the year; what it would do is told first."""
    page.goto("/policy/")
    page.get_by_label("Year of the resets").fill("2027")
    page.get_by_role("button", name="Draft it").click()
    expect(page.get_by_text("The season of 2026-27 is drafted.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Open 2026-27").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Open the season of 2026-27")
    assert_accessible(page)
    page.get_by_label("Type the school year").fill("2026-27")
    page.get_by_role("button", name="Open the season").click()
    expect(page.get_by_text("The season of 2026-27 is open. 2 resets got their default date.")).to_be_visible()


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
