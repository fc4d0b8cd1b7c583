"""What Celery wakes up: each task calls one service."""

from celery import shared_task

from districts import nightly, notices
from resetportal import clock


@shared_task(name="districts.tasks.sync_due_rosters")
def sync_due_rosters() -> None:
    """Every minute: the nightly roster syncs that are due."""
    nightly.sync_due(at=clock.now())


@shared_task(name="districts.tasks.send_notices")
def send_notices() -> None:
    """Every minute: the messages that are due."""
    notices.tell(at=clock.now())
