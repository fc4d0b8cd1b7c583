"""What a district keeps, in a real browser: its export and reports before the reset, its certificate after it."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Download, Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import Portal
from tests.journeys.looking import assert_accessible, assert_printable
from tests.journeys.test_axe import LAKESIDE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.processes]

A_MINUTE = 60_000
EXPORTS = f"{LAKESIDE}exports/"


def test_a_district_keeps_its_year_and_can_prove_what_became_of_it(
    page: Page, portal: Portal, browser: Browser
) -> None:
    portal.start_worker()
    sign_in(page, "dana@lakeside.example")
    students = keep_the_year(page)
    hand_out_reports(page)
    choose_a_last_export(page)
    sign_out(page)
    see_as_a_csm_that_it_exists(page)
    run_the_reset(page)
    number, digest = look_at_the_certificate(page)
    check_it_as_a_stranger(browser, portal, number, digest)
    sign_out(page)
    sign_in(page, "dana@lakeside.example")
    assert take_the_last_export(page) == students


def keep_the_year(page: Page) -> int:
    """Makes and downloads the export of Imagine Math; answers how many students it has."""
    page.get_by_role("link", name="Export", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your Student Data Export")
    assert_accessible(page)
    page.get_by_role("button", name="Make the export").click()
    link = page.locator("#files a[download]").first
    expect(link).to_be_visible(timeout=A_MINUTE)
    assert_accessible(page)
    sheets = load_workbook(io.BytesIO(take(page, link.click)))
    assert sheets.sheetnames == ["Students", "About"]
    page.reload()
    expect(page.locator("#files")).to_contain_text("Dana Whitfield")
    assert_accessible(page)
    return int(sheets["Students"].max_row) - 1


def hand_out_reports(page: Page) -> None:
    """A zip with a PDF a classroom, by teacher; then the page says what is printed."""
    page.get_by_role("link", name="Progress reports").first.click()
    assert_accessible(page)
    page.get_by_role("button", name="Make the zip").click()
    link = page.locator("#files a[download]").first
    expect(link).to_be_visible(timeout=2 * A_MINUTE)
    zipped = zipfile.ZipFile(io.BytesIO(take(page, link.click)))
    names = [name for name in zipped.namelist() if name.endswith(".pdf")]
    assert len(names) > 1
    assert "Lakeside Unified" in PdfReader(io.BytesIO(zipped.read(names[0]))).pages[0].extract_text()
    page.reload()
    expect(page.get_by_text(re.compile("with students downloaded"))).not_to_have_text(re.compile("^0 of"))
    assert_accessible(page)


def choose_a_last_export(page: Page) -> None:
    page.goto(EXPORTS)
    page.locator("#last button").click()
    expect(page.locator("#last")).to_contain_text("Chosen")
    assert_accessible(page)


def see_as_a_csm_that_it_exists(page: Page) -> None:
    sign_in(page, "carmen@vendor.example")
    page.goto(EXPORTS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Exports of Lakeside Unified")
    expect(page.locator("#files")).to_contain_text("Imagine Math")
    expect(page.locator("a[download]")).to_have_count(0)
    assert_accessible(page)
    assert page.request.get(f"{LAKESIDE}reports/").status == 403


def run_the_reset(page: Page) -> None:
    page.goto(LAKESIDE)
    page.get_by_role("link", name="See the reset").click()
    page.get_by_role("button", name="to reset night").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lakeside Unified is reset", timeout=2 * A_MINUTE)


def look_at_the_certificate(page: Page) -> tuple[str, str]:
    """The sheet, its PDF and the signed document; answers the number and the digest."""
    page.get_by_role("link", name=re.compile("ertificate")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Certificate of data reset")
    assert_accessible(page)
    assert_printable(page)
    address = page.url.rstrip("/")
    signed = json.loads(page.request.get(f"{address}.json").body())
    pdf = PdfReader(io.BytesIO(page.request.get(f"{address}.pdf").body()))
    number = str(json.loads(signed["text"])["number"])
    assert number in pdf.pages[0].extract_text()
    return number, str(signed["digest"])


def check_it_as_a_stranger(browser: Browser, portal: Portal, number: str, digest: str) -> None:
    """Somebody without an account holds the certificate; a digest that was changed is told."""
    stranger = browser.new_context(base_url=portal.address).new_page()
    stranger.goto(f"/certificates/{number}/?digest={digest}")
    expect(stranger.locator("main")).to_contain_text("Genuine")
    expect(stranger.locator("main")).to_contain_text("Lakeside Unified")
    assert_accessible(stranger)
    changed = f"{'0' if digest[0] != '0' else '1'}{digest[1:]}"
    stranger.goto(f"/certificates/{number}/?digest={changed}")
    expect(stranger.locator("main")).not_to_contain_text("Lakeside Unified")
    assert_accessible(stranger)
    stranger.context.close()


def take_the_last_export(page: Page) -> int:
    page.goto(EXPORTS)
    assert_accessible(page)
    link = page.locator("#files a[download]", has_text="Imagine Math").filter(has_not_text="Facts").first
    return int(load_workbook(io.BytesIO(take(page, link.click)))["Students"].max_row) - 1


def take(page: Page, press: "object") -> bytes:
    """What a press downloads."""
    with page.expect_download() as coming:
        press()  # type: ignore[operator]
    taken: Download = coming.value
    return Path(taken.path()).read_bytes()


def sign_out(page: Page) -> None:
    page.context.clear_cookies()
