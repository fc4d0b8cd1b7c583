"""Many districts at once in a real browser: a date that one of them refuses, then a letter to both."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looking import assert_accessible, assert_printable
from tests.journeys.test_axe import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_a_lead_sets_a_date_for_many_and_writes_to_those_that_refuse_it(page: Page) -> None:
    sign_in(page, "maya@vendor.example")
    page.goto("/districts/")
    choose_all(page)
    preview_a_date(page, "2027-07-31")
    do_what_can_be_done(page)
    see_it_in_the_list(page)
    write_to_the_refused(page)
    write_to_both(page)


def choose_all(page: Page) -> None:
    """The box of the head ticks both; one is taken back and ticked again by keyboard."""
    page.get_by_label("Choose all districts of this page").check()
    said = page.locator("[data-chosen]")
    expect(said).to_have_text("2 selected")
    box = page.get_by_label("Choose Lakeside Unified")
    box.focus()
    page.keyboard.press("Space")
    expect(said).to_have_text("1 selected")
    page.keyboard.press("Space")
    expect(said).to_have_text("2 selected")
    assert_accessible(page)


def preview_a_date(page: Page, day: str) -> None:
    page.get_by_role("button", name="Set a date").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set a date for many districts")
    assert_accessible(page)
    page.get_by_label("Reset date").fill(day)
    page.get_by_role("button", name="Preview this date").click()
    expect(page.get_by_role("heading", name="Set Sat, July 31 for 2 districts")).to_be_visible()
    assert_accessible(page)


def do_what_can_be_done(page: Page) -> None:
    refused = page.locator(".bulk-lines li", has_text="Cedar Valley")
    expect(refused).to_contain_text("Refused")
    expect(refused).to_contain_text("Rostering starts")
    page.get_by_role("button", name="Set the date of 1 district").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sat, July 31, 2027 set for 1 district")
    expect(page.get_by_label(re.compile("Choose Cedar Valley"))).to_be_checked()
    assert_accessible(page)
    assert_printable(page)


def see_it_in_the_list(page: Page) -> None:
    receipt = page.url
    page.goto("/districts/")
    row = page.locator("tbody.district", has_text="Lakeside Unified")
    expect(row).to_contain_text("Sat, July 31")
    expect(row).to_contain_text("chosen")
    page.goto(receipt)


def write_to_the_refused(page: Page) -> None:
    """Nobody there gets letters yet, which the preview says instead of a button."""
    page.get_by_role("button", name="Write to them").click()
    preview_a_letter(page)
    expect(page.locator(".bulk-lines li", has_text="Cedar Valley")).to_contain_text("Nobody there gets letters.")
    expect(page.get_by_role("button", name=re.compile("^Write to"))).to_have_count(0)


def write_to_both(page: Page) -> None:
    page.goto("/districts/")
    page.get_by_label("Choose all districts of this page").check()
    page.get_by_role("button", name="Write to them").click()
    preview_a_letter(page)
    expect(page.get_by_text("Your reset is on Sat, July 31, 2027.")).to_be_visible()
    page.get_by_role("button", name="Write to 1 district").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("to 1 district")


def preview_a_letter(page: Page) -> None:
    page.get_by_label("Subject").fill("The reset of {district}")
    page.get_by_label("Letter", exact=True).fill("Your reset is on {reset_date}.")
    page.get_by_role("button", name="Preview this letter").click()
    assert_accessible(page)
