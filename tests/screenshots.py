"""make screenshots: pictures of every page of a running demo, light and dark, wide and narrow, in screenshots/.

Start `make demo` first. DEMO_URL names another address than http://127.0.0.1:8000. What exists only after a reset
(progress, certificate, resumption) is pictured once the demo's clock has been moved past it, by NIGHT=1 or by hand.
ONLY="letter* reply" takes the pages of these names alone. NIGHT=1 also changes dates, stops a reset and pauses a
night, for the pages that come of it: what it leaves is a demo to begin anew.
"""

import os
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.journeys.conftest import QUIET, executable
from tests.pictured import AFTER_A_DEED, AFTER_THE_NIGHT, LAKESIDE, PAGES, By, Pages, Way

ADDRESS = os.environ.get("DEMO_URL", "http://127.0.0.1:8000")
FOLDER = Path(__file__).resolve().parent.parent / "screenshots"
PASSWORD = "fresh-start-2027"
"""As resetportal/demo_people.py says, which needs settings that a picture does not."""
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
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
    """As the demo stands; with NIGHT also after deeds and after a reset, for which the demo's clock moves on."""
    yield from pictures(browser, PAGES)
    if os.environ.get("NIGHT"):
        yield from pictures(browser, AFTER_A_DEED)
        let_the_night_pass(browser)
    yield from pictures(browser, AFTER_THE_NIGHT)


def pictures(browser: Browser, cast: Pages) -> Iterator[Path]:
    """Every page for every person who sees it, in every theme and width."""
    for email, pages in cast.items():
        page = browser.new_context(base_url=ADDRESS).new_page()
        sign_in(page, email)
        for name, way in pages.items():
            if is_wanted(name):
                yield from taken(page, name, way)
        page.context.close()


def is_wanted(name: str) -> bool:
    """Whether ONLY, where it is set, has the name among its own."""
    return any(fnmatch(name, wanted) for wanted in os.environ.get("ONLY", "*").split())


def taken(page: Page, name: str, way: Way) -> Iterator[Path]:
    """One page in all four ways. What a deed led to is not done again: it is only opened anew."""
    for turn, (width, pixels) in enumerate(WIDTHS.items()):
        page.set_viewport_size({"width": pixels, "height": 900})
        if turn and isinstance(way, By) and way.is_deed:
            page.reload()
        elif not visit(page, way):
            return
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            path = FOLDER / f"{name}-{theme}-{width}.png"
            page.screenshot(path=path, full_page=True)
            yield path


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
    """Presses what has the name, also within a letter's frame. `#css` is a tick to set, `@field=text` what to write."""
    if name.startswith("#"):
        page.locator(name.removeprefix("#")).first.check()
        return True
    if name.startswith("@"):
        return write(page, *name.removeprefix("@").split("=", 1))
    wanted = re.compile(name, re.IGNORECASE)
    for place in (page.locator("main"), page.frame_locator("main iframe").locator("body")):
        for role in ("link", "button"):
            found = place.get_by_role(role, name=wanted)
            if found.count():
                found.first.click()
                page.wait_for_load_state()
                return True
    return False


def write(page: Page, field: str, text: str) -> bool:
    """Fills a field of the page's last form that has it, or chooses from its list."""
    box = page.locator(f"main :is(input, textarea, select)[name={field}]").last
    if box.evaluate("one => one.tagName") == "SELECT":
        box.select_option(label=text)
    else:
        box.fill(text)
    return True


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
