"""By keyboard alone: from signing in to a scheduled reset, and the focus can be seen at every stop."""

import pytest
from playwright.sync_api import Locator, Page, expect

from resetportal.demo_people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.processes]

MOST_STOPS = 150
FOCUS_IS_SEEN = """() => {
  const style = getComputedStyle(document.activeElement);
  const box = document.activeElement.getBoundingClientRect();
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return (outlined || style.boxShadow !== "none") && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
}"""
WHERE = "() => document.activeElement.outerHTML.slice(0, 120)"


@pytest.fixture(autouse=True)
def no_mouse(page: Page) -> None:
    """Whatever a test presses with a pointer fails it."""
    page.add_init_script(
        """for (const kind of ["mousedown", "pointerdown", "touchstart"])
             addEventListener(kind, () => { throw new Error("a pointer was used"); }, true);"""
    )


def test_a_csm_schedules_a_reset_by_keyboard_alone(page: Page) -> None:
    sign_in(page, "carmen@vendor.example")
    expect(page.get_by_role("heading", level=1)).to_contain_text("My districts")
    find_a_district(page, "Lakeside")
    reach(page, page.get_by_role("link", name="Lakeside Unified").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lakeside Unified")
    reach(page, page.get_by_role("link", name="Change date").first)
    page.keyboard.press("Enter")
    move_to_the_day(page, "2027-07-31")
    choose_it(page)
    expect(page.get_by_role("status").filter(has_text="The reset is set for Sat, July 31")).to_be_visible()


def test_the_first_stop_of_a_page_skips_to_its_content(page: Page) -> None:
    sign_in(page, "carmen@vendor.example")
    page.goto("/districts/0620810/date/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_grid_is_one_stop_and_escape_puts_its_words_away(page: Page) -> None:
    sign_in(page, "carmen@vendor.example")
    page.goto("/districts/0620810/date/?day=2027-07-31")
    chosen = page.locator("#day-2027-07-31")
    reach(page, chosen)
    about = page.locator("#about-2027-07-31")
    expect(about).to_be_visible()
    page.keyboard.press("Escape")
    expect(about).to_be_hidden()
    for key, day in (("ArrowDown", "2027-08-07"), ("PageUp", "2027-07-07"), ("ArrowLeft", "2027-07-06")):
        page.keyboard.press(key)
        expect(page.locator(f"#day-{day}")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[data-day-grid] :focus")).to_have_count(0)


def sign_in(page: Page, email: str) -> None:
    page.goto("/")
    reach(page, page.get_by_label("Email"))
    page.keyboard.type(email)
    reach(page, page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("banner")).to_contain_text("your account")


def find_a_district(page: Page, name: str) -> None:
    """The slash goes to the field that finds, wherever the focus is."""
    page.keyboard.press("/")
    expect(page.locator("[data-find]").first).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def move_to_the_day(page: Page, day: str) -> None:
    """Arrows move by a day inside the grid, from wherever the grid is entered."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Choose a reset date")
    reach(page, page.locator("[data-day-grid] button[tabindex='0']"))
    page.keyboard.press("Home")
    for _ in range(MOST_STOPS):
        if page.evaluate("document.activeElement.dataset.day") == day:
            break
        page.keyboard.press("ArrowRight")
        assert_seen(page)
    expect(page.locator(f"#day-{day}")).to_be_focused()
    page.keyboard.press("Enter")


def choose_it(page: Page) -> None:
    button = page.get_by_role("button", name="Set Sat, July 31")
    expect(button).to_be_visible()
    reach(page, button)
    page.keyboard.press("Enter")


def reach(page: Page, goal: Locator) -> None:
    """Tab until the goal has the focus, which can be seen at every stop on the way."""
    expect(goal).to_be_attached()
    for _ in range(MOST_STOPS):
        if goal.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
        assert_seen(page)
    pytest.fail(f"{goal} was not reached in {MOST_STOPS} stops; the focus is on {page.evaluate(WHERE)}")


def assert_seen(page: Page) -> None:
    if page.evaluate("document.activeElement !== document.body"):
        assert page.evaluate(FOCUS_IS_SEEN), f"the focus is not seen on {page.evaluate(WHERE)}"
