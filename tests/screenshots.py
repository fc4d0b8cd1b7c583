"""make screenshots: pictures of every page of a running demo, light and dark, wide and narrow, in screenshots/.

Start `make demo` first. DEMO_URL names another address than http://127.0.0.1:8000.
"""

import os
import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from resetportal.demo_people import PASSWORD
from tests.journeys.conftest import QUIET, executable

ADDRESS = os.environ.get("DEMO_URL", "http://127.0.0.1:8000")
FOLDER = Path(__file__).resolve().parent.parent / "screenshots"
THEMES = ("light", "dark")
WIDTHS = {"wide": 1360, "narrow": 390}
LAKESIDE = "/districts/0620810/"
CEDAR = "/districts/4812730/"
PAGES = {
    "": {
        "sign-in": "/accounts/login/",
        "password-reset": "/accounts/password/reset/",
        "check": "/certificates/RP-2027-0001/",
    },
    "carmen@vendor.example": {
        "my-districts": "/districts/",
        "district": LAKESIDE,
        "choose-date": f"{LAKESIDE}date/",
        "choose-date-with-reason": f"{LAKESIDE}date/?day=2027-08-03",
        "preview": f"{LAKESIDE}preview/",
        "dates": f"{LAKESIDE}dates/",
        "rosters": f"{LAKESIDE}rosters/",
        "roster-source": f"{LAKESIDE}rosters/source/",
        "exports": f"{LAKESIDE}exports/",
        "educators": f"{LAKESIDE}educators/",
        "reset": "the reset",
        "certificate": "the certificate",
        "tonight": "/tonight/",
        "letters": "/letters/",
        "season": "/season/",
        "after": "/season/after/",
        "records-hold": f"{LAKESIDE}hold/",
        "answer": f"{LAKESIDE}answer/",
        "letters-to-come": "/letters/?show=coming",
        "letters-of-district": f"{LAKESIDE}letters/",
        "letter": f"{LAKESIDE}letters/5/",
        "letter-by-hand": f"{LAKESIDE}letters/write/",
    },
    "maya@vendor.example": {
        "lead-districts": "/districts/",
        "lead-tonight": "/tonight/",
        "policy": "/policy/",
        "lead-letters": "/letters/",
        "lead-letter": "/letters/steps/2/",
        "people": "/people/",
        "season-summary": "/season/summary/",
        "invite": "/people/invite/",
        "roster-on-hold": f"{CEDAR}rosters/",
    },
    "dana@lakeside.example": {
        "admin-home": LAKESIDE,
        "admin-ask": f"{LAKESIDE}ask/",
        "admin-rosters": f"{LAKESIDE}rosters/",
        "admin-exports": f"{LAKESIDE}exports/",
        "admin-reports": f"{LAKESIDE}reports/",
        "admin-educators": f"{LAKESIDE}educators/?show=all",
    },
}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(QUIET))
        for picture in pictures(browser):
            sys.stdout.write(f"{picture.relative_to(FOLDER.parent)}\n")
        browser.close()


def pictures(browser: Browser) -> Iterator[Path]:
    """Every page for every person who sees it, in every theme and width."""
    for (email, pages), theme, (width, pixels) in product(PAGES.items(), THEMES, WIDTHS.items()):
        context = browser.new_context(base_url=ADDRESS, viewport={"width": pixels, "height": 900})
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        sign_in(page, email)
        for name, address in pages.items():
            path = FOLDER / f"{name}-{theme}-{width}.png"
            if visit(page, address):
                page.screenshot(path=path, full_page=True)
                yield path
        context.close()


def sign_in(page: Page, email: str) -> None:
    if email:
        page.goto("/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.goto("/")  # leaves the greeting behind


def visit(page: Page, address: str) -> bool:
    """Opens an address, or follows a link of Lakeside's page; False when it has none, as before the reset."""
    if not address.startswith("the "):
        page.goto(address)
        return True
    page.goto(LAKESIDE)
    link = page.get_by_role("link", name=re.compile(address.removeprefix("the "), re.IGNORECASE))
    if link.count():
        link.first.click()
        return True
    return False


if __name__ == "__main__":
    try:
        main()
    except Error as error:
        sys.exit(f"{ADDRESS}: {error.message.splitlines()[0]}. Start `make demo` first, or set DEMO_URL.")
