"""What Celery wakes up: each task calls one service."""

import socket

from celery import shared_task

from exports import files, making
from resetportal import clock


@shared_task(name="exports.tasks.tick")
def tick() -> None:
    """Every minute: wakes a worker for each file that waits."""
    for file_id in making.waiting():
        make.delay(file_id)


@shared_task(name="exports.tasks.make")
def make(file_id: int) -> None:
    """Makes one file, then wakes a worker for the next. A second copy finds nothing to do."""
    making.make(file_id, worker=socket.gethostname())
    tick.delay()


@shared_task(name="exports.tasks.sweep")
def sweep() -> None:
    """Every few minutes: ends files whose hours are over, and removes what a crash left."""
    files.sweep(at=clock.now())
