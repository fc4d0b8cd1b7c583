"""`manage.py sync_rosters [--district SITE_CODE] [--at TIME]`: the nightly roster syncs by hand."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from districts.models import RosterSource, RosterSync
from districts.nightly import sync_due, sync_one
from resetportal import clock

BY = "manage.py sync_rosters"


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
        syncs = [_one(options["district"], at)] if options["district"] else sync_due(at=at)
        for sync in syncs:
            outcome = RosterSync.Outcome(sync.outcome).label
            self.stdout.write(f"{sync.district}, {sync.local_day}: {outcome}. {sync.message}".rstrip())
        if not syncs:
            self.stdout.write("No district is due.")


def _one(site_code: str, at: datetime) -> RosterSync:
    source = (
        RosterSource.objects.select_related("district").filter(district__site_code=site_code, kind="folder").first()
    )
    if source is None:
        raise CommandError(f"No district with the site code {site_code} has a folder for rosters.")
    return sync_one(source, at=at, by=BY)
