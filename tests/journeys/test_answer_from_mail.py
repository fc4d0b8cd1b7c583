"""A district admin answers from her mail, without signing in: another day, a question; her CSM agrees in one press."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.faults.conftest import wait_for
from tests.journeys.conftest import Portal
from tests.journeys.looking import assert_accessible, assert_printable
from tests.journeys.test_axe import LAKESIDE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.processes]

ADMIN = "dana@lakeside.example"
STANDS = re.compile("will be reset on Wed, July 28")


def test_a_district_admin_answers_from_her_mail(page: Page, portal: Portal) -> None:
    portal.start_worker()
    link = open_the_letter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(STANDS)
    assert_accessible(page)
    assert_printable(page)
    ask_for_another_day(page)
    ask_a_question(page)
    agree_as_her_csm(page)
    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_text("Sat, July 31, 2027 is agreed")).to_be_visible()
    assert_accessible(page)


def open_the_letter(page: Page) -> str:
    """The opening letter as the demo's mail shows it, and where its link leads."""
    wait_for(lambda: has_come(page), "The opening letter comes")
    page.get_by_role("link", name="The end of your school year").first.click()
    assert_accessible(page)
    page.frame_locator("iframe").get_by_role("link", name="Answer without signing in").click()
    page.wait_for_url("**/r/**")
    return page.url


def has_come(page: Page) -> bool:
    page.goto(f"/mail/?q={ADMIN}")
    return page.get_by_role("link", name="The end of your school year").count() > 0


def ask_for_another_day(page: Page) -> None:
    page.get_by_role("link", name="Choose a day").click()
    page.locator('button[data-day="2027-07-31"]').click()
    button = page.get_by_role("button", name="Ask for Sat, July 31")
    expect(button).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Your name").fill("Ray Okafor")
    page.get_by_label("Why this day?").fill("Summer session ends on July 30.")
    button.click()
    expect(page.get_by_text("Ray Okafor (by the link sent to Dana Whitfield) asked for Sat, July 31")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(STANDS)


def ask_a_question(page: Page) -> None:
    page.locator("#ask_name").fill("Ray Okafor")
    page.get_by_label("Your question").fill("Is the summer school in it?")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_text("Sent, not answered yet")).to_be_visible()
    assert_accessible(page)


def agree_as_her_csm(page: Page) -> None:
    sign_in(page, "carmen@vendor.example")
    expect(page.get_by_text("Asks for July 31").first).to_be_visible()
    page.goto(f"{LAKESIDE}answer/")
    expect(page.get_by_text("Is the summer school in it?")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Set Sat, July 31").click()
    expect(page.get_by_text("Sat, July 31").first).to_be_visible()
    page.goto(f"{LAKESIDE}answer/")
    page.get_by_label("Your answer").fill("It is: both schools of it are reset together.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("gets your answer as a letter")).to_be_visible()
