"""`manage.py import_activity PATH --district SITE_CODE`: one file of the learning platform's feed by hand."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from districts.activity.feed import FeedRefused
from districts.activity.importing import Taken, import_activity
from districts.gate import Outdated, Paused
from districts.models import District

LISTED = 20


class Command(BaseCommand):
    help = "Reads the learning platform's feed (newline-delimited JSON, plain or .gz) into a district."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--district", required=True, metavar="SITE_CODE")

    def handle(self, **options: Any) -> None:
        district = District.objects.filter(site_code=options["district"]).first()
        if district is None:
            raise CommandError(f"There is no district with the site code {options['district']}.")
        try:
            taken = import_activity(district=district, path=options["path"])
        except (FeedRefused, Paused, Outdated) as refused:
            raise CommandError(f"Nothing was imported. {refused}", returncode=2) from None
        self.stdout.write(f"{district}: {_report(taken)}")
        if taken.refused == taken.events:
            raise CommandError("Nothing was imported. Every event was refused; the reasons stand above.", returncode=2)


def _report(taken: Taken) -> str:
    new = ", ".join(f"{number:,} {kind}" for kind, number in taken.new.items() if number) or "nothing new"
    return "\n".join(
        [
            f"{taken.events:,} events read; stored: {new}.",
            *_lines("of unknown students, not stored", taken.strangers),
            *_lines("refused: closed year", taken.closed),
        ]
    )


def _lines(what: str, lines: list[int]) -> list[str]:
    if not lines:
        return []
    shown = ", ".join(f"{line:,}" for line in lines[:LISTED]) + (", …" if len(lines) > LISTED else "")
    return [f"  {len(lines):,} events {what} (lines {shown})"]
