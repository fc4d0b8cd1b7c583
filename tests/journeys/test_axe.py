"""Axe finds nothing on the pages that the main job does not pass, light and dark, wide and narrow."""

import pytest
from playwright.sync_api import Page, expect

from resetportal.demo_people import PASSWORD
from tests.journeys.looking import assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.processes]

LAKESIDE = "/districts/0620810/"
CEDAR = "/districts/4812730/"
PAGES = {
    "carmen@vendor.example": [
        f"{LAKESIDE}preview/",
        f"{LAKESIDE}dates/",
        f"{LAKESIDE}rosters/source/",
        f"{LAKESIDE}exports/",
        f"{LAKESIDE}educators/",
        "/tonight/",
    ],
    "maya@vendor.example": [
        f"{CEDAR}rosters/",
        f"{CEDAR}rosters/?outcome=on_hold",
        "/policy/",
        "/tonight/?date=2027-07-28",
        "/tonight/pause/?date=2027-07-28",
    ],
    "ellis@vendor.example": ["/districts/", "/accounts/reauthenticate/"],
    "dana@lakeside.example": [
        LAKESIDE,
        f"{LAKESIDE}ask/",
        f"{LAKESIDE}date/",
        f"{LAKESIDE}rosters/",
        f"{LAKESIDE}exports/",
        f"{LAKESIDE}reports/",
        f"{LAKESIDE}educators/",
        f"{LAKESIDE}educators/?show=all",
        "/certificates/RP-2027-0001/",
        "/certificates/keys/",
    ],
}
A_TELEPHONE = {"width": 390, "height": 844}


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("banner")).to_contain_text("your account")


@pytest.mark.parametrize("email", PAGES)
def test_axe_finds_nothing(page: Page, email: str) -> None:
    sign_in(page, email)
    for address in PAGES[email]:
        page.goto(address)
        assert_accessible(page)


@pytest.mark.parametrize("email", PAGES)
def test_nothing_runs_over_the_edge_of_a_telephone(page: Page, email: str) -> None:
    page.set_viewport_size(A_TELEPHONE)  # type: ignore[arg-type]
    sign_in(page, email)
    for address in PAGES[email]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= A_TELEPHONE["width"], address
        assert_accessible(page)


def test_axe_finds_nothing_on_a_stop_and_what_follows_it(page: Page) -> None:
    sign_in(page, "maya@vendor.example")
    page.get_by_role("link", name="Cedar Valley ISD").first.click()
    page.get_by_role("link", name="See the reset").click()
    page.get_by_role("link", name="Stop the reset").click()
    expect(page.get_by_role("button", name="Stop the reset")).to_be_disabled()
    assert_accessible(page)
    page.get_by_label("Why?").fill("The district called.")
    page.get_by_label("Type the district’s name").fill("Cedar Valley ISD")
    page.get_by_role("button", name="Stop the reset").click()
    expect(page.get_by_text("Held since")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Retry the reset").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Retry the reset of Cedar Valley ISD")
    assert_accessible(page)
    page.get_by_label("Why?").fill("It was a mistake.")
    page.get_by_role("button", name="Retry the reset").click()
    expect(page.get_by_text("goes on: every precondition is asked again")).to_be_visible()
