"""`manage.py import_roster PATH --district SITE_CODE [--dry-run]`: one roster by hand."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from districts.models import District
from districts.rostering import Imported, Outcome, import_roster
from districts.services import create_district
from resetportal import clock

BY = "manage.py import_roster"
WORDS = {
    "school": "schools",
    "educator": "educators",
    "educatorrole": "roles of educators",
    "student": "students",
    "classroom": "classrooms",
    "classroomteacher": "teachers of classrooms",
    "enrollment": "students in classrooms",
}


class Command(BaseCommand):
    help = "Reads a OneRoster 1.1 CSV zip or folder into a district."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a zip, or a folder of CSV files")
        parser.add_argument("--district", required=True, metavar="SITE_CODE")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--create", metavar="NAME", help="make the district with this name if it is missing")
        parser.add_argument("--zone", default="America/Chicago", help="its time zone, with --create")

    def handle(self, **options: Any) -> None:
        done = import_roster(
            district=_district(options), path=options["path"], by=BY, at=clock.now(), dry_run=options["dry_run"]
        )
        for warning in done.warnings:
            self.stderr.write(f"  {warning}")
        if not done.is_done:
            raise CommandError(f"{Outcome(done.sync.outcome).label}. {done.sync.message}", returncode=2)
        self.stdout.write(_report(done, options["dry_run"]))


def _district(options: dict[str, Any]) -> District:
    site_code, name = options["district"], options["create"]
    district = District.objects.filter(site_code=site_code).first()
    if district or not (name and not options["dry_run"]):
        return district or _missing(site_code)
    try:
        return create_district(name=name, site_code=site_code, zone=options["zone"])
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None


def _missing(site_code: str) -> District:
    raise CommandError(f"There is no district with the site code {site_code}. Make it with --create NAME --zone ZONE.")


def _report(done: Imported, dry_run: bool) -> str:
    sync = done.sync
    year = f" of {sync.school_year}" if sync.school_year else ""
    head = f"{sync.district}: roster{year}. {Outcome(sync.outcome).label}. {sync.message}".rstrip()
    rows = [f"  {WORDS[kind]}: {_spelled(counts)}" for kind, counts in sync.counts.items()]
    tail = ["Nothing was written: this was a rehearsal."] if dry_run else []
    return "\n".join([head, *rows, *tail])


def _spelled(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {action}" for action, number in counts.items())
