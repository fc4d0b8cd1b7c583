"""What axe finds on a page, in both themes."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"resultTypes": ["violations"], "preload": False}


def assert_accessible(page: Page) -> None:
    """Fails with what axe says about the page as it stands, light or dark."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{page.url}, {theme}: {found.generate_report()}"
    page.emulate_media(color_scheme="light")
