"""make screenshots: pictures of every page of a running demo, light and dark, wide and narrow, in screenshots/.

Start `make demo` first. DEMO_URL names another address than http://127.0.0.1:8000. What exists only after a reset
(progress, certificate, resumption) is pictured once the demo's clock has been moved past it, by NIGHT=1 or by hand.
"""

import os
import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.journeys.conftest import QUIET, executable
from tests.pictured import AFTER_THE_NIGHT, LAKESIDE, PAGES, By, Pages, Way

ADDRESS = os.environ.get("DEMO_URL", "http://127.0.0.1:8000")
FOLDER = Path(__file__).resolve().parent.parent / "screenshots"
PASSWORD = "fresh-start-2027"
"""As resetportal/demo_people.py says, which needs settings that a picture does not."""
THEMES = ("light", "dark")
WIDTHS = {"wide": 1360, "narrow": 390}
A_RUN = 180_000
"""Milliseconds that a demo's night takes at most."""


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(QUIET))
        for picture in every_picture(browser):
            sys.stdout.write(f"{picture.relative_to(FOLDER.parent)}\n")
        browser.close()


def every_picture(browser: Browser) -> Iterator[Path]:
    """As the demo stands; with NIGHT also after a reset, for which the demo's clock moves on."""
    yield from pictures(browser, PAGES)
    if os.environ.get("NIGHT"):
        let_the_night_pass(browser)
    yield from pictures(browser, AFTER_THE_NIGHT)


def pictures(browser: Browser, cast: Pages) -> Iterator[Path]:
    """Every page for every person who sees it, in every theme and width."""
    for (email, pages), theme, (width, pixels) in product(cast.items(), THEMES, WIDTHS.items()):
        context = browser.new_context(base_url=ADDRESS, viewport={"width": pixels, "height": 900})
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        sign_in(page, email)
        for name, way in pages.items():
            path = FOLDER / f"{name}-{theme}-{width}.png"
            if visit(page, way):
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


def visit(page: Page, way: Way) -> bool:
    """Opens an address and follows links and buttons from it by their names; False where one is missing."""
    by = By(way, ()) if isinstance(way, str) else way
    page.goto(by.start)
    return all(follow(page, name) for name in by.follow)


def follow(page: Page, name: str) -> bool:
    """Presses what has the name, also within a letter's frame; a name that begins with # is a tick to set."""
    if name.startswith("#"):
        page.locator(name.removeprefix("#")).first.check()
        return True
    wanted = re.compile(name, re.IGNORECASE)
    for place in (page.locator("main"), page.frame_locator("main iframe").locator("body")):
        for role in ("link", "button"):
            found = place.get_by_role(role, name=wanted)
            if found.count():
                found.first.click()
                page.wait_for_load_state()
                return True
    return False


def let_the_night_pass(browser: Browser) -> None:
    """Moves the demo's clock to Lakeside's reset and waits until it is completed."""
    page = browser.new_context(base_url=ADDRESS).new_page()
    sign_in(page, "carmen@vendor.example")
    page.goto(LAKESIDE)
    page.get_by_role("button", name="to reset night").click()
    page.goto(LAKESIDE)
    page.get_by_role("link", name=re.compile("the reset")).first.click()
    page.get_by_role("link", name=re.compile("certificate", re.IGNORECASE)).first.wait_for(timeout=A_RUN)
    page.context.close()


if __name__ == "__main__":
    try:
        main()
    except Error as error:
        sys.exit(f"{ADDRESS}: {error.message.splitlines()[0]}. Start `make demo` first, or set DEMO_URL.")
