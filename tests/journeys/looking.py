"""What axe finds on a page, in both themes; and what a page is like on paper."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"resultTypes": ["violations"], "preload": False}
PAPER = {"width": 688, "height": 1000}
"""What A4 leaves between the margins of print.css, in CSS pixels; Letter leaves more."""
FRAME = (
    ".top-bar, .demo-strip, .actions, .bulk-bar, .chips, .find, main button, main summary,"
    "main :is(input:not([type=hidden]), textarea, select)"
)
NOT_FOR_PAPER = f"""[...document.querySelectorAll('{FRAME}')].filter((one) => one.checkVisibility())
.map((one) => one.outerHTML.slice(0, 90))"""
TABLES = "[...document.querySelectorAll('main table')].filter((one) => one.checkVisibility())"
CUT = f"""{TABLES}.filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
|| getComputedStyle(one).display !== 'table').map((one) => one.className)"""
HEADLESS = f"""{TABLES}.filter((one) => one.tHead && getComputedStyle(one.tHead).display !== 'table-header-group')
.map((one) => one.className)"""
GROUND = "getComputedStyle(document.body.parentElement).backgroundColor"


def assert_accessible(page: Page) -> None:
    """Fails with what axe says about the page as it stands, light or dark."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{page.url}, {theme}: {found.generate_report()}"
    page.emulate_media(color_scheme="light")


def assert_printable(page: Page) -> None:
    """Fails unless the page as it stands, on paper, is whole, light and nothing but itself, also for who reads dark."""
    before = page.viewport_size
    page.set_viewport_size(PAPER)  # type: ignore[arg-type]
    page.emulate_media(media="print", color_scheme="dark")
    for wrong in (NOT_FOR_PAPER, CUT, HEADLESS):
        found = page.evaluate(wrong)
        assert found == [], f"{page.url}: {found}"
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"], page.url
    assert page.evaluate(GROUND) == "rgb(255, 255, 255)", page.url
    page.emulate_media(media="screen", color_scheme="light")
    page.set_viewport_size(before)  # type: ignore[arg-type]
