"""A whole portal of its own, and a real browser that a person could sit at."""

import os
import shutil
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from resetportal import embedded, processes
from tests.faults.conftest import Installation, copy_database, fresh_database, wait_for
from tests.slots import own

INSTANCE = own("journeys")
TEMPLATE = "furnished"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip


def executable() -> str:
    """The machine's own browser. Without one the test is skipped, except where CI insists."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("No chromium was found, and CI insists on one: apt install chromium")
    if found is None:
        pytest.skip("No chromium was found on this machine: apt install chromium")
    return found


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(f"http://{address}/healthz", timeout=2).close()
    except (urllib.error.URLError, OSError):
        return False
    return True


class Portal(Installation):
    """An installation that serves its pages, too."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, INSTANCE)
        self.sample = folder / "sample"
        self.host = free_address()
        self.address = self.family.environment["BASE_URL"] = f"http://{self.host}"
        self.family.environment["EMAIL_BACKEND"] = "resetportal.demo_mail.ByTheDemosClock"
        self.family.environment["MAIL_FOLDER"] = str(folder / "mail")

    def start_web(self) -> None:
        self.family.start("web", processes.web(self.host))
        wait_for(lambda: answers(self.host), "The portal answers")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of an installation that is furnished once; its database is a template that journeys begin with."""
    executable()
    folder = tmp_path_factory.mktemp("sample")
    embedded.start(INSTANCE)
    furnished = Portal(folder)
    try:
        furnish(furnished, furnished.sample)
        copy_database(furnished, furnished.database, TEMPLATE)
        yield folder
    finally:
        embedded.stop(INSTANCE)


@pytest.fixture(scope="module")
def portal(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A demo of the module's own, since clocks and districts do not go back: two sample districts, web and beat."""
    folder = tmp_path_factory.mktemp("journey")
    shutil.copytree(sample, folder, dirs_exist_ok=True)
    portal = Portal(folder)
    copy_database(portal, TEMPLATE, portal.database)
    portal.redis.flushall()
    with serving(portal):
        yield portal


@contextmanager
def serving(portal: Portal) -> Iterator[None]:
    """Web and beat run, and whatever a test starts beside them is ended with them."""
    try:
        portal.start_beat()
        portal.start_web()
        yield
    finally:
        portal.family.stop()


def furnish(installation: Portal, files: Path, *options: str) -> None:
    """A fresh database with the demo's people, and sample districts through the real importers."""
    fresh_database(installation)
    installation.redis.flushall()
    installation.command("manage.py", "migrate", "--verbosity", "0")
    installation.command("manage.py", "createcachetable")
    few = ("--districts", "2", "--students", "80", "--files", str(files))
    installation.command("manage.py", "seed_demo", *few, *options)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for a file of journeys: its event loop ends with it, which Django refuses to work beside."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, portal: Portal) -> Iterator[Page]:
    """A window on the portal, signed out; whatever the page itself gets wrong fails the test."""
    context = browser.new_context(base_url=portal.address, viewport={"width": 1360, "height": 1000})
    context.set_default_timeout(15_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("response", lambda answer: wrong.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
    yield page
    context.close()
    assert wrong == []
