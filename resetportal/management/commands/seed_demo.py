"""`manage.py seed_demo`: the demo's season, where there is none yet. For the demo alone."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from resetportal import embedded
from resetportal.demo_season import SeedingFailed, seed


class Command(BaseCommand):
    help = "Makes sample districts, imports them, adds people to sign in as and opens the season. Demo only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--districts", type=int, default=13)
        parser.add_argument("--students", type=int, default=3000, help="in all districts together")
        parser.add_argument("--unopened", action="store_true", help="leave the season to be opened by a lead")
        parser.add_argument("--files", type=Path, help="where the sample's files are, or are made")

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Sample districts belong into a demo. Start it with: make demo, or set DEMO=True.")
        count, students = options["districts"], options["students"]
        folder = options["files"] or embedded.home() / "demo" / f"sample-{count}-{students}"
        try:
            for line in seed(folder, districts=count, students=students, opens=not options["unopened"]):
                self.stdout.write(f"   {line}")
                self.stdout.flush()
        except SeedingFailed as failed:
            raise CommandError(str(failed)) from None
