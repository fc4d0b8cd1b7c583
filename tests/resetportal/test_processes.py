"""Web, worker and beat as real processes: they work, drain, come back and leave nothing behind."""

import os
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import environ
import psutil
import psycopg2
import pytest
import redis

from resetportal import demo, embedded, processes
from resetportal.embedded import broker, places
from tests import slots

pytestmark = pytest.mark.processes

INSTANCE = slots.own("processes")


def eventually(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait until `true()` holds. Fails the test when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.1)


class Portal:
    """An installation that ticks every second."""

    def __init__(self, folder: Path) -> None:
        own = embedded.environment(INSTANCE)
        self.redis = redis.Redis.from_url(own["REDIS_URL"])
        self.database = environ.Env.db_url_config(own["DATABASE_URL"])
        values = {"RESETPORTAL_SERVERS": INSTANCE, "DJANGO_SETTINGS_MODULE": "resetportal.settings"}
        self.family = processes.Family(folder, values | {"TICK_SECONDS": "1", "LEASE_SECONDS": "3", "DEBUG": "False"})
        self.port = demo.free_port()

    def start(self, *names: str) -> None:
        for name in names:
            self.family.start(name, demo.commands(self.port)[name])

    def ask(self, question: str) -> datetime | None:
        """The first value that the database answers with."""
        connection = psycopg2.connect(
            host=self.database["HOST"], user=self.database["USER"], dbname=self.database["NAME"]
        )
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone()
        connection.close()
        return row[0] if row else None

    def goes_on(self) -> None:
        """A tick comes after this moment."""
        asked = self.ask("SELECT clock_timestamp()")
        assert asked
        eventually(lambda: (last := self.ask("SELECT ticked_at FROM resets_tick")) and last > asked)

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).close()
        except OSError:
            return False
        return True


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The instance's servers and tables; beat is asked for nothing else."""
    embedded.start(INSTANCE)
    once = Portal(tmp_path_factory.mktemp("migrate")).family
    once.start("migrate", ["django", "migrate", "--verbosity", "0"])
    eventually(lambda: once.ended() == ["migrate"])
    once.stop()
    yield
    embedded.stop(INSTANCE)


@pytest.fixture
def portal(migrated: None, tmp_path: Path) -> Iterator[Portal]:
    embedded.start(INSTANCE)
    running = Portal(tmp_path)
    yield running
    running.family.stop()


def test_beat_and_a_worker_look_for_what_is_due(portal: Portal) -> None:
    portal.start("worker", "beat")
    portal.goes_on()


def test_a_flushed_redis_stops_nothing(portal: Portal) -> None:
    portal.start("worker", "beat")
    portal.goes_on()
    portal.redis.flushall()
    portal.goes_on()


def test_a_redis_that_is_gone_for_a_while_stops_nothing_for_long(portal: Portal) -> None:
    portal.start("worker", "beat")
    portal.goes_on()
    with places.locked(INSTANCE):
        broker.stop(INSTANCE)
    time.sleep(3)
    embedded.start(INSTANCE)
    portal.goes_on()
    assert portal.family.ended() == []


def test_a_killed_worker_and_a_killed_beat_can_be_started_again(portal: Portal) -> None:
    portal.start("worker", "beat")
    portal.goes_on()
    portal.family.kill("worker")
    portal.family.kill("beat")
    portal.start("worker", "beat")
    portal.goes_on()


def test_web_answers_without_a_broker(portal: Portal) -> None:
    with places.locked(INSTANCE):
        broker.stop(INSTANCE)
    portal.start("web")
    eventually(portal.answers)


def test_all_of_them_drain_within_ten_seconds(portal: Portal) -> None:
    portal.start("web", "worker", "beat")
    portal.goes_on()
    eventually(portal.answers)
    begun = time.monotonic()
    portal.family.stop()
    assert time.monotonic() - begun < 10


def test_what_a_killed_parent_left_is_found_and_ended(portal: Portal) -> None:
    portal.start("worker")
    leader = psutil.Process(portal.family.pid("worker"))
    eventually(leader.children)
    others = leader.children(recursive=True)
    found_later = processes.Family(portal.family.folder, {})
    assert found_later.stop() == ["worker"]
    assert not leader.is_running() or leader.status() == psutil.STATUS_ZOMBIE
    assert not psutil.wait_procs(others, timeout=5)[1]


def test_a_process_that_took_a_childs_number_is_left_alone(portal: Portal) -> None:
    portal.family._write({"worker": (os.getpid(), psutil.Process().create_time() - 60)})
    assert portal.family.ended() == ["worker"]
    portal.family.stop()  # would end this test run
