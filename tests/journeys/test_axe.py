"""Axe finds nothing on the pages that the main job does not pass, light and dark, wide and narrow."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from resetportal.demo_people import PASSWORD
from tests.journeys.conftest import Portal
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
        f"{LAKESIDE}date/",
        f"{LAKESIDE}hold/",
        f"{LAKESIDE}letters/",
        f"{LAKESIDE}letters/write/",
        "/districts/",
        "/letters/",
        "/letters/steps/1/",
        "/season/",
        "/season/after/",
        "/season/?day=2027-07-28",
        "/season/what-if/?d=0620810&to=2027-07-20",
        "/mail/",
        "/tonight/",
        "/accounts/email/",
        f"{LAKESIDE}people/",
    ],
    "maya@vendor.example": [
        f"{CEDAR}rosters/",
        f"{CEDAR}rosters/?outcome=on_hold",
        "/policy/",
        "/districts/",
        "/letters/",
        "/season/",
        "/season/summary/",
        "/people/",
        "/people/invite/",
        "/tonight/?date=2027-07-28",
        "/tonight/pause/?date=2027-07-28",
    ],
    "ellis@vendor.example": ["/districts/", "/accounts/reauthenticate/"],
    "dana@lakeside.example": [
        LAKESIDE,
        f"{LAKESIDE}ask/",
        f"{LAKESIDE}question/",
        f"{LAKESIDE}dates/",
        f"{LAKESIDE}hold/",
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
REFUSED = f"{LAKESIDE}date/"
"""Dana may not set the date: what she is told instead is a page, too."""
A_TELEPHONE = {"width": 320, "height": 640}
"""The narrowest that WCAG asks for: a page of 1,280 pixels at 400 per cent."""


A_LETTER = """
import sys
import django; django.setup()
from districts.models import District
from resetportal import clock
from resetportal.models import User
from resets import replies
from resets.models import Letter, Season
at, district = clock.now(), District.objects.get(site_code="0620810")
letter = Letter.objects.create(
    district=district, season=Season.objects.get(), subject="The year ends", body="Keep the day?", asks=True,
    due_from=at, written_at=at, written_by="Carmen Ortiz", sent_at=at, sent_by="Carmen Ortiz",
)
sent = letter.deliveries.create(
    name="Dana Whitfield", address="dana@lakeside.example", person=User.objects.get(email="dana@lakeside.example"),
    sent_at=at, sent_by="Reset Portal",
)
open(sys.argv[1], "w").write(replies.link(sent))
"""


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("banner")).to_contain_text("your account")


def open_page(page: Page, address: str) -> None:
    """Opens it and insists that it is there: an error page is accessible, too."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok or address == REFUSED, f"{answer.status} {address}"


@pytest.mark.parametrize("email", PAGES)
def test_axe_finds_nothing(page: Page, email: str) -> None:
    sign_in(page, email)
    for address in PAGES[email]:
        open_page(page, address)
        assert_accessible(page)


@pytest.mark.parametrize("email", PAGES)
def test_nothing_runs_over_the_edge_of_a_telephone(page: Page, email: str) -> None:
    page.set_viewport_size(A_TELEPHONE)  # type: ignore[arg-type]
    sign_in(page, email)
    too_wide = []
    for address in PAGES[email]:
        open_page(page, address)
        assert_accessible(page)
        too_wide += [address] if page.evaluate("document.documentElement.scrollWidth") > A_TELEPHONE["width"] else []
    assert too_wide == []


@pytest.mark.parametrize("verb", ["Set a date", "Write to them", "Reassign"])
def test_axe_finds_nothing_on_what_is_done_to_many(page: Page, verb: str) -> None:
    page.set_viewport_size(A_TELEPHONE)  # type: ignore[arg-type]
    sign_in(page, "maya@vendor.example")
    page.goto("/districts/")
    page.locator('input[name="d"]').first.check()
    page.get_by_role("button", name=verb).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Districts")
    assert page.evaluate("document.documentElement.scrollWidth") <= A_TELEPHONE["width"]
    assert_accessible(page)


def test_axe_finds_nothing_on_what_a_letter_leads_to(page: Page, portal: Portal, tmp_path: Path) -> None:
    page.set_viewport_size(A_TELEPHONE)  # type: ignore[arg-type]
    portal.command("-c", A_LETTER, str(tmp_path / "link"))
    link = "/r/" + (tmp_path / "link").read_text().partition("/r/")[2]
    for address in (link, f"{link}day/", f"{link}day/?day=2027-07-31"):
        open_page(page, address)
        assert page.evaluate("document.documentElement.scrollWidth") <= A_TELEPHONE["width"], address
        assert_accessible(page)
    page.goto("/r/not-a-link/")
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
