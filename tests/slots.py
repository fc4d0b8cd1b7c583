"""Slots for test runs: each run holds one by a lock on a file, and names its databases and servers after it."""

import fcntl
import os
from itertools import count
from typing import IO

from resetportal import embedded

SLOT = "RESETPORTAL_TEST_SLOT"
"""The number of the run's slot, which its xdist workers inherit."""


def take_slot() -> tuple[int, IO[str]]:
    """The first free slot and its lock, which ends with this process.

    A killed run's leftovers are used again.
    """
    folder = embedded.home() / "test"
    folder.mkdir(exist_ok=True)
    for number in count(1):
        lock = (folder / f"run-{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return number, lock
    raise AssertionError("count never ends")


def hold_slot() -> IO[str] | None:
    """Has this run hold a slot, and its xdist workers inherit it; before any folder's conftest names its servers."""
    if SLOT in os.environ:
        return None
    number, lock = take_slot()
    os.environ[SLOT] = str(number)
    return lock


def own(name: str) -> str:
    """An embedded instance that no other run in this checkout has, nor another xdist worker of this one."""
    return "-".join([name, os.environ.get(SLOT, "alone"), *filter(None, [os.environ.get("PYTEST_XDIST_WORKER")])])
