"""Wakes a worker for a roster that waits. The row says that it waits: without Redis the next tick finds it."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

TAKE = "districts.tasks.take_roster"


def wake(file_id: int) -> None:
    """Once the transaction is committed, asks a worker to read the roster. Never fails."""
    transaction.on_commit(lambda: _send(file_id))


def _send(file_id: int) -> None:
    try:
        current_app.send_task(TAKE, args=[file_id], retry=False)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("No worker was woken for roster %s (%s): the next tick finds it.", file_id, type(error).__name__)
