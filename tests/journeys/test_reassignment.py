"""A lead gives a district to another CSM, in a real browser: it moves from one list to the other."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Portal
from tests.journeys.looking import assert_accessible
from tests.journeys.test_axe import LAKESIDE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_a_lead_gives_a_district_to_another_csm(page: Page, browser: Browser, portal: Portal) -> None:
    sign_in(page, "maya@vendor.example")
    page.goto("/districts/")
    page.get_by_label("Choose Lakeside Unified").check()
    page.get_by_role("button", name="Reassign").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Give districts to another CSM")
    assert_accessible(page)
    page.get_by_label("New CSM").select_option(label="Omar Haddad")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".bulk-lines li")).to_contain_text("Carmen Ortiz → Omar Haddad")
    assert_accessible(page)
    page.get_by_label("Why?").fill("Carmen is away until August.")
    page.get_by_role("button", name="Give 1 district to Omar Haddad").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 district given to Omar Haddad")
    assert_accessible(page)
    page.goto(LAKESIDE)
    expect(page.get_by_text("Maya Lindqvist gave the district to Omar Haddad.")).to_be_visible()
    assert sees(browser, portal, "omar@vendor.example") == 200
    assert sees(browser, portal, "carmen@vendor.example") == 404


def sees(browser: Browser, portal: Portal, email: str) -> int:
    """What a person of her own window gets at the district's address."""
    with browser.new_context(base_url=portal.address) as context:
        page = context.new_page()
        sign_in(page, email)
        answer = page.goto(LAKESIDE)
        assert answer is not None
        return answer.status
