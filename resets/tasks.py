"""Celery only wakes code up: each task takes ids at most, and calls one function of the engine."""

import socket

from celery import shared_task

from resetportal import clock
from resets import correspondence, engine


def worker() -> str:
    """The name under which this process's work stands in the history."""
    return socket.gethostname()


@shared_task(name="resets.tasks.tick")
def tick() -> None:
    """Every minute: wakes a worker for each reset that needs one."""
    for reset_id in engine.tick(at=clock.now(), worker=worker()):
        run.delay(reset_id)


@shared_task(name="resets.tasks.run")
def run(reset_id: int) -> None:
    """Runs one reset as far as it goes, then wakes whatever now has a place. A second copy finds nothing to do."""
    engine.run(reset_id, worker=worker())
    for other_id in engine.waiting(at=clock.now()):
        if other_id != reset_id:
            run.delay(other_id)


@shared_task(name="resets.tasks.send_letters")
def send_letters() -> None:
    """Every minute: the letters that are due."""
    correspondence.tick(at=clock.now())
