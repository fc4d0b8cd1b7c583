"""`manage.py revoke_token NAME`: every token of that name is refused from now on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from resetportal import tokens


class Command(BaseCommand):
    help = "Ends every token that was issued under a name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")

    def handle(self, **options: Any) -> None:
        try:
            number = tokens.revoke(options["name"])
        except tokens.NameRefused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"Tokens of {options['name']} are refused from now on; {number} ended.")
