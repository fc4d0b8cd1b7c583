"""What every test stands on: servers of its own, a database of its own, and no network."""

import os
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.conf import settings
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker
from pytest_socket import socket_allow_hosts

from resetportal import embedded
from tests import keyed_queries
from tests.slots import SLOT, hold_slot

if TYPE_CHECKING:
    from tests import people


HELD = hold_slot()


def pytest_configure(config: pytest.Config) -> None:
    """Have the embedded servers running."""
    config.pluginmanager.register(keyed_queries, "keyed queries")
    if settings.EMBEDDED:
        embedded.start(settings.EMBEDDED)


def pytest_unconfigure() -> None:
    """Lets the slot go."""
    if HELD:
        HELD.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings_tox_suffix() -> None:
    """Name the test database after the slot, so that several runs at once do not meet."""
    test = settings.DATABASES["default"].setdefault("TEST", {})
    test["NAME"] = f"test_{settings.DATABASES['default']['NAME']}_{os.environ[SLOT]}"


@pytest.fixture(autouse=True)
def no_network() -> None:
    """Only this machine answers: unix sockets, and addresses of the loopback."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def roster_files(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A folder of this test's own for rosters that come: districts have the same numbers in every database."""
    settings.ROSTER_FILES = str(tmp_path_factory.getbasetemp() / f"rosters-{uuid4().hex}")


@pytest.fixture(autouse=True)
def export_files(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same for districts' files."""
    settings.EXPORT_FILES = str(tmp_path_factory.getbasetemp() / f"exports-{uuid4().hex}")
    kept = settings.STORAGES["exports"]
    options = kept["OPTIONS"] | {"location": f"{settings.EXPORT_FILES}/kept"}
    settings.STORAGES = settings.STORAGES | {"exports": kept | {"OPTIONS": options}}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Make the cast once a database: a district's shard is dear to make for every test."""
    from tests import people

    with django_db_blocker.unblock():
        if not people.is_there():
            people.make_cast()


@pytest.fixture
def cast(db: None) -> "people.Cast":
    """Carmen, Omar, Maya, Ellis and Dana, with their districts, as this test finds them."""
    from tests import people

    return people.load_cast()
