"""What Celery wakes up: each task calls one service."""

from celery import shared_task

from districts import incoming, nightly, notices
from resetportal import clock


@shared_task(name="districts.tasks.sync_due_rosters")
def sync_due_rosters() -> None:
    """Every minute: wakes a worker for each place in which a district can be synced now."""
    for _ in range(nightly.tick(at=clock.now())):
        sync_rosters.delay()


@shared_task(name="districts.tasks.sync_rosters")
def sync_rosters() -> None:
    """Serves what is due for a few minutes, then lets other messages come first. A second copy finds nothing to do."""
    if nightly.work():
        sync_rosters.delay()


@shared_task(name="districts.tasks.take_roster")
def take_roster(file_id: int) -> None:
    """Reads a roster that was sent or approved. One that finds no place is taken up by the tick."""
    nightly.take_file(file_id, at=clock.now())


@shared_task(name="districts.tasks.sweep")
def sweep() -> None:
    """Every hour: ends rosters after seven days, and removes files that nobody needs."""
    incoming.sweep(at=clock.now())


@shared_task(name="districts.tasks.send_notices")
def send_notices() -> None:
    """Every minute: the messages that are due."""
    notices.tell(at=clock.now())
