"""`manage.py make_sample --districts N --students N --seed S PATH`: sample rosters and activity as files."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from districts.roster.years import ending_of, name_of
from districts.sample.making import make


class Command(BaseCommand):
    help = (
        "Writes sample districts: for each a folder with district.json, rosters/YYYY-MM-DD.zip of this school year and "
        "of the next, and activity.ndjson.gz. The same arguments write the same bytes."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a folder, made if it is not there")
        parser.add_argument("--districts", type=_count, default=12)
        parser.add_argument("--students", type=_count, default=3000, help="in all districts together")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--school-year", type=_school_year, default="2026-27", help="the one that ends")
        parser.add_argument("--until", type=date.fromisoformat, help="last day of activity; June 4 of that year")

    def handle(self, **options: Any) -> None:
        ending = ending_of(options["school_year"])
        until = options["until"] or date(ending, 6, 4)
        if not date(ending - 1, 8, 16) <= until <= date(ending, 7, 31):
            raise CommandError("--until is a day of the school year, August 16 to July 31.")
        for line in make(
            folder=options["path"],
            districts=options["districts"],
            students=options["students"],
            seed=options["seed"],
            school_year=options["school_year"],
            until=until,
        ):
            self.stdout.write(line)


def _count(value: str) -> int:
    if not value.isdigit() or int(value) < 1:
        raise ArgumentTypeError("a whole number from 1 up")
    return int(value)


def _school_year(value: str) -> str:
    if not re.fullmatch(r"20\d{2}-\d{2}", value) or name_of(ending_of(value)) != value:
        raise ArgumentTypeError("a school year such as 2026-27")
    return value
