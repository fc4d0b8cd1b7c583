"""Wakes a worker for what waits: a roster, a district's file. The row says that it waits: the next tick finds it."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

TAKE = "districts.tasks.take_roster"
MAKE = "exports.tasks.make"


def wake(file_id: int) -> None:
    """Once the transaction is committed, asks a worker to read the roster. Never fails."""
    transaction.on_commit(lambda: _send(file_id))


def wake_to_make(file_id: int) -> None:
    """Once the transaction is committed, asks a worker to make the file of a district. Never fails."""
    transaction.on_commit(lambda: _send(file_id, MAKE))


def _send(file_id: int, task: str = TAKE) -> None:
    try:
        current_app.send_task(task, args=[file_id], retry=False)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("No worker was woken by %s of %s (%s): the next tick does.", task, file_id, type(error).__name__)
