"""A server and a database of a benchmark's own: made for it, removed after it, whatever happens in between."""

import fcntl
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks.settings import SERVER
from resetportal import embedded


@contextmanager
def own_database() -> Iterator[None]:
    """The portal's tables in an empty database: on a server started for it, or on that of DATABASE_URL.

    The account must be a superuser's: rows are loaded with triggers off.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by a signal"))
    server = _own_server() if settings.EMBEDDED else nullcontext()
    with server, _database(f"benchmark_{os.getpid()}"), TemporaryDirectory() as folder:
        settings.LEDGER_PATH = str(Path(folder) / "ledger.jsonl")
        settings.ROSTER_FILES = str(Path(folder) / "rosters")
        call_command("migrate", verbosity=0)
        yield


def describe() -> str:
    """The machine and what the figures depend on most, in a line."""
    gib = psutil.virtual_memory().total / 2**30
    shown = ", ".join(f"{name} {setting(name)}" for name in ("fsync", "synchronous_commit", "shared_buffers"))
    load = psutil.getloadavg()[0]
    machine = f"{os.cpu_count()} cores, {gib:.0f} GiB, load {load:.1f} at the start"
    return f"PostgreSQL {setting('server_version')} ({shown}); {machine}"


def setting(name: str) -> str:
    """A setting of the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


@contextmanager
def _own_server() -> Iterator[None]:
    """One benchmark at a time; what a killed one left behind is removed first."""
    with (embedded.home() / f"{SERVER}.running").open("w") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("Another benchmark runs on this machine. Wait for it to end.") from None
        _remove_server()
        embedded.start(SERVER)
        try:
            yield
        finally:
            _remove_server()


def _remove_server() -> None:
    embedded.stop(SERVER)
    shutil.rmtree(embedded.home() / SERVER)


@contextmanager
def _database(name: str) -> Iterator[None]:
    usual = connection.settings_dict["NAME"]
    _execute(f'CREATE DATABASE "{name}"')
    _connect_to(name)
    try:
        yield
    finally:
        _connect_to(usual)
        _execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
