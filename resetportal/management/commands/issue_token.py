"""`manage.py issue_token NAME [--days N]`: a token for the learning platform, printed once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from resetportal import tokens


class Command(BaseCommand):
    help = "Prints a new token of the learning platform. It is kept as a hash alone, so it cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="Whose it is, such as platform-2027.")
        parser.add_argument("--days", type=int, default=365, help=f"It expires after so many; 1 to {tokens.MOST_DAYS}.")

    def handle(self, **options: Any) -> None:
        if not 1 <= options["days"] <= tokens.MOST_DAYS:
            raise CommandError(f"A token is good for 1 to {tokens.MOST_DAYS} days.")
        try:
            token, expires = tokens.issue(options["name"], days=options["days"])
        except tokens.NameRefused as refused:
            raise CommandError(str(refused)) from None
        self.stderr.write(f"The token of {options['name']}, good until {expires:%Y-%m-%d %H:%M} UTC. Keep it now.")
        self.stdout.write(token)
