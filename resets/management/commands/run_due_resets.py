"""manage.py run_due_resets: what the nightly job does, by hand, without Redis."""

from argparse import ArgumentParser
from datetime import datetime
from time import sleep
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from resetportal import clock
from resets import engine, policy
from resets.models import Reset, Status


class Command(BaseCommand):
    help = "Runs the resets that are due, and those whose worker is gone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", help="A time with its offset, such as 2027-07-28T08:00:00+00:00; now if not given.")
        parser.add_argument("--drain", action="store_true", help="Go on until nothing is due or running.")
        parser.add_argument("--school", help="Refused (W7): schools are reset with their district.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["school"]:
            raise CommandError(f"W7: {policy.one_school().sentence}")
        at = moment(options["at"])
        done = self.drain(at) if options["drain"] else self.once(at)
        self.stdout.write(summary(done))

    def once(self, at: datetime) -> set[int]:
        ids = engine.tick(at=at, worker="run_due_resets")
        for reset_id in ids:
            engine.run(reset_id, worker="run_due_resets", at=at)
        return set(ids)

    def drain(self, at: datetime) -> set[int]:
        done: set[int] = set()
        while True:
            ids = self.once(at)
            done |= ids
            if not ids and not engine.is_unfinished(at=at):
                return done
            if not ids:
                sleep(0.2)  # another worker holds the lease of what is still running


def moment(given: str | None) -> datetime:
    """The time to run for. Outside the demo no reset runs before its time, so it may not lie ahead."""
    if given is None:
        return clock.now()
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise CommandError(f"--at {given} is no time. Write one such as 2027-07-28T08:00:00+00:00.") from None
    if at.tzinfo is None:
        raise CommandError(f"--at {given} has no offset. Write one such as 2027-07-28T08:00:00+00:00.")
    if at > clock.now() and not settings.DEMO:
        raise CommandError(f"--at {given} lies ahead. A reset never runs before its time (W10).")
    return at


def summary(ids: set[int]) -> str:
    """What became of the resets that were looked at, in a sentence."""
    states = list(Reset.objects.filter(pk__in=ids).values_list("status", flat=True))
    completed, held = states.count(Status.COMPLETED), states.count(Status.HELD)
    return f"{completed} completed, {held} held, {len(states) - completed - held} still to do."
