"""An installation of its own for faults: PostgreSQL, Redis, a Celery worker and beat, all real and all killable."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import environ
import psycopg2
import psycopg2.extensions
import pytest
import redis

from resetportal import embedded, processes
from tests.faults.oracle import Oracle
from tests.slots import own

INSTANCE = own("faults")
KILLS = int(os.environ.get("KILLS", "5"))  # at random moments, besides those at named points
DISTRICTS = 17 + KILLS


class Installation:
    """One demo installation, whose tick is a second and whose lease is three."""

    def __init__(self, folder: Path, instance: str = INSTANCE) -> None:
        servers = embedded.environment(instance)
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "resetportal.settings",
            "RESETPORTAL_SERVERS": instance,
            "LEDGER_PATH": str(folder / "ledger.jsonl"),
            "ROSTER_FILES": str(folder / "rosters"),
            "EXPORT_FILES": str(folder / "exports"),
            "DEMO": "True",
            "TICK_SECONDS": "1",
            "LEASE_SECONDS": "3",
        }
        self.redis = redis.from_url(servers["REDIS_URL"])
        database = environ.Env.db_url_config(servers["DATABASE_URL"])
        self.server = {"host": database["HOST"], "user": database["USER"]}
        self.database = database["NAME"]
        self.family = processes.Family(folder, self.environment)

    def command(self, *words: str) -> None:
        """Runs one of the project's own programs to its end."""
        subprocess.run([sys.executable, *words], env={**os.environ, **self.environment}, check=True)

    def start_worker(self, failpoints: str = "") -> None:
        self.family.environment["FAILPOINTS"] = failpoints
        self.family.start("worker", [*processes.worker(), "--loglevel", "WARNING"])

    def start_beat(self) -> None:
        self.family.start("beat", processes.beat())

    def kill(self, name: str) -> None:
        """SIGKILL for the process and its children: no handler runs, nothing is put away."""
        self.family.kill(name)


def wait_for(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Waits until something is so, or fails saying what was not."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what}: not after {seconds} s"
        time.sleep(0.05)


def fresh_database(installation: Installation) -> None:
    """An empty one in the place of what an earlier run left, whoever is still connected."""
    copy_database(installation, "template0", installation.database)


def copy_database(installation: Installation, name: str, to: str) -> None:
    """Puts a copy of one database in the place of another."""
    connection = psycopg2.connect(**installation.server, dbname="template1")
    connection.autocommit = True
    name, to = (psycopg2.extensions.quote_ident(one, connection) for one in (name, to))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {to} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {to} TEMPLATE {name}")
    connection.close()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Freshly migrated and seeded; beat runs, a worker does not yet."""
    embedded.start(INSTANCE)
    installation = Installation(tmp_path_factory.mktemp("faults"))
    fresh_database(installation)
    installation.command("manage.py", "migrate", "--verbosity", "0")
    installation.command("-m", "tests.faults.seed", str(DISTRICTS))
    installation.redis.flushall()
    installation.start_beat()
    yield installation
    installation.family.stop()
    embedded.stop(INSTANCE)


@pytest.fixture(scope="module")
def oracle(installation: Installation) -> Oracle:
    return Oracle(psycopg2.connect(**installation.server, dbname=installation.database))
