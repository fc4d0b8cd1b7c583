"""Slots for test runs: each run holds one by a lock on a file, and names its databases after it."""

import fcntl
from itertools import count
from typing import IO

from resetportal import embedded


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
