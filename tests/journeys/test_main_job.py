"""The main job in a real browser: a CSM picks a day, the night comes, the district is reset, the new year begins."""

import re

import pytest
from playwright.sync_api import Page, expect

from resetportal.demo_people import PASSWORD
from tests.journeys.conftest import Portal
from tests.journeys.looking import assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.processes]

A_MINUTE = 60_000


def test_a_csm_resets_a_district_and_the_next_roster_brings_new_accounts(page: Page, portal: Portal) -> None:
    sign_in(page, "carmen@vendor.example")
    open_district(page, "Lakeside Unified")
    students = number_of(page, "Students")
    assert students > 0
    choose(page, "2027-07-31", "Set Sat, July 31")
    open_reset(page)
    go_to_reset_night(page)
    watch_it_complete(page, portal)
    look_at_the_night(page)
    assert_only_students_are_gone(page)
    wait_for_the_new_roster(page)
    declare_rostering_complete(page)
    assert_new_accounts_come(page)


def sign_in(page: Page, email: str) -> None:
    page.goto("/")
    assert_accessible(page)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("My districts")
    assert_accessible(page)


def open_district(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    assert_accessible(page)


def number_of(page: Page, label: str) -> int:
    """A number of the key facts on a district's page."""
    words = page.locator("dl.facts dt", has_text=re.compile(f"^{label}$")).locator("+ dd").inner_text()
    return int(words.split()[0].replace(",", ""))


def choose(page: Page, day: str, button: str) -> None:
    page.get_by_role("link", name="Change date").click()
    page.locator(f'button[data-day="{day}"]').click()
    expect(page.get_by_role("button", name=button)).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("The reset is set for")).to_be_visible()
    assert_accessible(page)


def open_reset(page: Page) -> None:
    page.get_by_role("link", name="See the reset").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reset of Lakeside Unified")
    assert_accessible(page)


def go_to_reset_night(page: Page) -> None:
    page.get_by_role("button", name="to reset night").click()
    expect(page.get_by_label("Demo clock")).to_contain_text("Sat, July 31, 2027, 1:0")


def watch_it_complete(page: Page, portal: Portal) -> None:
    """The page says so by itself: it is not loaded again between "due" and "is reset"."""
    expect(page.locator("#reset-waits")).to_contain_text("Due since 1:00 AM PDT.")
    assert_accessible(page)
    page.evaluate("window.isStillTheSamePage = true")
    portal.start_worker()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lakeside Unified is reset", timeout=A_MINUTE)
    assert page.evaluate("window.isStillTheSamePage")
    assert_accessible(page)


def look_at_the_night(page: Page) -> None:
    page.get_by_role("link", name="Tonight").first.click()
    expect(page.get_by_role("region", name="Completed resets")).to_contain_text("Lakeside Unified")
    assert_accessible(page)
    page.get_by_role("region", name="Completed resets").get_by_role("link", name="Lakeside Unified").click()


def assert_only_students_are_gone(page: Page) -> None:
    expect(page.locator("#reset-done")).to_contain_text("an independent count found 0 left")
    expect(page.locator(".kept-rows")).to_contain_text(re.compile(r"Educator accounts\s+[1-9][0-9]*\s+Unchanged"))
    expect(page.locator(".kept-rows")).to_contain_text(re.compile(r"Schools and district\s+[2-9]\s+Unchanged"))
    expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    page.get_by_role("link", name="Lakeside Unified").first.click()
    assert (number_of(page, "Students"), number_of(page, "Classrooms")) == (0, 0)
    assert number_of(page, "Schools") > 0
    assert number_of(page, "Educators") > 0
    assert_accessible(page)


def wait_for_the_new_roster(page: Page) -> None:
    """Until August 12, a day after the new year's roster has come to the district's folder; nothing is imported."""
    for _ in range(12):
        page.get_by_role("button", name="1 day").click()
    expect(page.get_by_label("Demo clock")).to_contain_text("Thu, August 12, 2027")
    assert number_of(page, "Students") == 0


def declare_rostering_complete(page: Page) -> None:
    page.get_by_role("link", name="Rostering is complete").click()
    expect(page.get_by_text("The next full roster makes a completely new account for each student")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Turn the syncs on").click()
    expect(page.get_by_text("Rostering of Lakeside Unified is complete. Syncs are on again.")).to_be_visible()
    assert_accessible(page)


def assert_new_accounts_come(page: Page) -> None:
    for _ in range(60):
        if number_of(page, "Students") > 0:
            break
        page.wait_for_timeout(500)
        page.reload()
    assert number_of(page, "Students") > 0
    assert number_of(page, "Classrooms") > 0
    assert_accessible(page)
