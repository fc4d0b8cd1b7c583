"""`manage.py sync_rosters [--district SITE_CODE] [--at TIME]`: the nightly roster syncs by hand."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from districts import nightly
from districts.management.commands.import_roster import WORDS
from districts.models import RosterSource, RosterSync
from districts.moments import moment
from resetportal import clock

BY = "manage.py sync_rosters"
CHANGES = ("added", "changed", "removed")


class Command(BaseCommand):
    help = "Syncs the districts whose hour has come, or one district at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--district", metavar="SITE_CODE", help="this one, whether it is due or not")
        parser.add_argument("--at", type=datetime.fromisoformat, help="a moment with its offset, instead of now")

    def handle(self, **options: Any) -> None:
        at = options["at"] or clock.now()
        if at.tzinfo is None:
            raise CommandError("--at needs an offset, such as 2027-07-28T02:00:00-07:00.")
        if at > clock.now() and not settings.DEMO:
            raise CommandError("--at lies ahead. No roster is read before its time.")
        said = False
        for line in [_one(options["district"], at)] if options["district"] else _due(at):
            self.stdout.write(line)
            said = True
        if not said:
            self.stdout.write("No district is due.")


def _due(at: datetime) -> Iterator[str]:
    while served := nightly.sync_next(at=at):
        yield _words(served.sync) if served.sync else _waiting(served)


def _one(site_code: str, at: datetime) -> str:
    source = RosterSource.objects.select_related("district").filter(district__site_code=site_code).first()
    if source is None:
        raise CommandError(f"There is no district with the site code {site_code}.")
    try:
        return _words(nightly.sync_one(source, at=at, by=BY))
    except nightly.NotPossible as reason:
        raise CommandError(str(reason)) from None


def _waiting(served: nightly.Served) -> str:
    again = f" It is tried again from {moment(served.again_at, served.district.zone)}." if served.again_at else ""
    return f"{served.district}: {served.reason}{again}"


def _words(sync: RosterSync) -> str:
    """A sync and its differences, in words."""
    head = f"{sync.district}, {sync.local_day}: {RosterSync.Outcome(sync.outcome).label}. {sync.message}".rstrip()
    return " ".join([head, *(f"{WORDS[kind].capitalize()}: {said}." for kind, said in _differences(sync))])


def _differences(sync: RosterSync) -> Iterator[tuple[str, str]]:
    for kind, counts in sync.counts.items():
        said = [f"{counts[how]:,} {how}" for how in CHANGES if counts.get(how)]
        if said:
            yield kind, ", ".join(said)
