"""A roster in a real browser: uploaded and rehearsed by its district's admin, approved with a reason."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from resetportal.demo_rosters import without
from tests.journeys.conftest import Portal
from tests.journeys.looking import assert_accessible
from tests.journeys.test_axe import LAKESIDE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.processes]

A_MINUTE = 60_000


def test_a_district_uploads_rehearses_and_approves_a_roster(page: Page, portal: Portal, tmp_path: Path) -> None:
    sign_in(page, "dana@lakeside.example")
    page.get_by_role("link", name="Rosters", exact=True).first.click()
    upload(page, b"Not a zip.", "notes.zip", tmp_path)
    expect(page.get_by_text("This is not a zip.")).to_be_visible()
    assert_accessible(page)
    upload(page, lacking_some(portal, tmp_path), "june.zip", tmp_path)
    expect(page.get_by_role("heading", name="A roster is being read")).to_be_visible()
    assert_accessible(page)
    page.evaluate("window.isStillTheSamePage = true")
    portal.start_worker()
    see_what_would_change(page)
    approve(page)
    see_the_night(page)


def lacking_some(portal: Portal, folder: Path) -> bytes:
    """The district's own roster without every third student."""
    rosters = portal.sample / "0620810" / "rosters"
    return without(min(rosters.glob("*.zip")), folder / "without.zip", every=3).read_bytes()


def upload(page: Page, content: bytes, name: str, folder: Path) -> None:
    path = folder / name
    path.write_bytes(content)
    assert (name == "june.zip") == zipfile.is_zipfile(path)
    page.get_by_label("OneRoster zip").set_input_files(path)
    page.get_by_role("button", name="Upload the roster").click()


def see_what_would_change(page: Page) -> None:
    """The page says so by itself, with names, since it is the district's own admin who looks."""
    expect(page.get_by_role("heading", name="A roster was rehearsed")).to_be_visible(timeout=A_MINUTE)
    assert page.evaluate("window.isStillTheSamePage")
    expect(page.get_by_text(re.compile("student accounts would be deactivated"))).to_be_visible()
    expect(page.get_by_role("columnheader", name="Who or what")).to_be_visible()
    assert_accessible(page)


def approve(page: Page) -> None:
    page.get_by_role("link", name="Apply it all the same").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Apply the roster to Lakeside Unified")
    assert_accessible(page)
    page.get_by_label("Why?").fill("They moved away.")
    page.get_by_role("button", name="Apply the roster").click()


def see_the_night(page: Page) -> None:
    night = page.locator(".nights tbody tr").first
    expect(night).to_contain_text("Applied", timeout=A_MINUTE)
    expect(night).to_contain_text("Dana Whitfield approved it: They moved away.")
    page.goto(LAKESIDE)
    assert_accessible(page)
