"""A records hold and its end in a real browser: nothing is reset while it is open, then a new day is chosen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Portal
from tests.journeys.looking import assert_accessible
from tests.journeys.test_axe import LAKESIDE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.processes]

A_MINUTE = 60_000
WHY = "A parent’s request to inspect records is open."


def test_a_held_district_is_not_reset_until_the_hold_has_ended_and_a_day_is_chosen(page: Page, portal: Portal) -> None:
    portal.start_worker()
    sign_in(page, "dana@lakeside.example")
    place_a_hold(page)
    sign_out(page)
    sign_in(page, "carmen@vendor.example")
    see_it_at_risk(page)
    students = number_of(page, "Students")
    let_its_night_come(page)
    assert number_of(page, "Students") == students > 0
    end_the_hold(page)
    choose_a_day_again(page)
    let_it_be_reset(page)
    read_of_it_in_the_certificate(page)


def place_a_hold(page: Page) -> None:
    page.get_by_role("link", name="Place a records hold").click()
    expect(page.get_by_text("It does not end by itself.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Until when?").fill("2020-01-01")
    page.get_by_label("Why?").fill(WHY)
    page.get_by_role("button", name="Place the records hold").click()
    expect(page.get_by_text("has passed. Give today")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Until when?").fill("2027-08-20")
    page.get_by_role("button", name="Place the records hold").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nothing is reset while your records hold is open.")
    assert_accessible(page)


def see_it_at_risk(page: Page) -> None:
    page.goto(LAKESIDE)
    expect(page.get_by_text("At risk. A records hold until Fri, August 20")).to_be_visible()
    expect(page.get_by_role("region", name="Records hold")).to_contain_text(WHY)
    assert_accessible(page)


def let_its_night_come(page: Page) -> None:
    """The worker is there and the date comes: the run is held, and nothing is deleted."""
    page.get_by_role("button", name="to reset night").click()
    until_it_says(page, "Held:")
    expect(page.get_by_text("Nothing was deleted.").first).to_be_visible()
    assert_accessible(page)


def end_the_hold(page: Page) -> None:
    page.get_by_role("link", name="Extend or end the hold").click()
    expect(page.get_by_text("stays held: nothing begins until Carmen Ortiz chooses its date again.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Why is it ended?").fill("The request is closed.")
    page.get_by_role("button", name="End the records hold", exact=True).click()
    expect(page.get_by_text("The records hold of Lakeside Unified is ended.")).to_be_visible()
    expect(page.get_by_text("Held. It was to be reset on")).to_be_visible()


def choose_a_day_again(page: Page) -> None:
    page.get_by_role("link", name="Change date").click()
    page.locator('button[data-day="2027-07-31"]').click()
    page.get_by_role("button", name="Set Sat, July 31").click()
    expect(page.get_by_text("The reset is set for")).to_be_visible()
    assert_accessible(page)


def let_it_be_reset(page: Page) -> None:
    page.goto(LAKESIDE)
    page.get_by_role("button", name="to reset night").click()
    until_it_says(page, "Your certificate|Certificate")
    assert number_of(page, "Students") == 0


def read_of_it_in_the_certificate(page: Page) -> None:
    page.get_by_role("link", name="Certificate").click()
    told = page.get_by_role("region", name="Failures, holds and retries").get_by_role("listitem")
    expect(told.nth(0)).to_contain_text("Dana Whitfield put the district on a records hold until Fri, August 20, 2027.")
    expect(told.nth(1)).to_contain_text("The run was held: a records hold.")
    expect(told.nth(2)).to_contain_text("Carmen Ortiz ended the records hold.")
    expect(page.locator("main")).not_to_contain_text(WHY)
    assert_accessible(page)


def until_it_says(page: Page, words: str) -> None:
    """Looks again until the page of the district says it."""
    for _ in range(A_MINUTE // 500):
        if page.locator("main").get_by_text(re.compile(words)).count():
            return
        page.wait_for_timeout(500)
        page.goto(LAKESIDE)
    pytest.fail(f"{page.url} does not say: {words}")


def number_of(page: Page, label: str) -> int:
    """A number of the key facts on the district's page."""
    words = page.locator("dl.facts dt", has_text=re.compile(f"^{label}$")).locator("+ dd").inner_text()
    return int(words.split()[0].replace(",", ""))


def sign_out(page: Page) -> None:
    page.context.clear_cookies()
