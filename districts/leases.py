"""Leases that are kept for as long as work goes on, however long that is. Who dies or stands still keeps nothing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.db import DatabaseError, connection

LONGEST = timedelta(hours=3)  # work that lasts longer is not kept any more


@contextmanager
def kept(renew: Callable[[], object], *, lease: timedelta) -> Iterator[None]:
    """Calls `renew` three times a `lease` while the block lasts, in a thread with a connection of its own."""
    done = threading.Event()
    thread = threading.Thread(target=_keep, args=(renew, lease, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _keep(renew: Callable[[], object], lease: timedelta, done: threading.Event) -> None:
    for _ in range(LONGEST // (lease / 3)):
        if done.wait(lease.total_seconds() / 3):
            return
        with suppress(DatabaseError):
            renew()
        connection.close()
