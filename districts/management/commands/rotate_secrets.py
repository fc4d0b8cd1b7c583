"""`manage.py rotate_secrets`: encrypts what opens districts' sources with the first of SECRETS_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from districts.sources import secrets


class Command(BaseCommand):
    help = "Encrypts the secrets of all roster sources with the first of SECRETS_KEYS, so that older keys can go."

    def handle(self, **options: Any) -> None:
        done, lost = secrets.rotate()
        count = "1 secret is" if done == 1 else f"{done:,} secrets are"
        self.stdout.write(f"{count} encrypted with the first of SECRETS_KEYS.")
        if lost:
            raise CommandError(
                f"None of SECRETS_KEYS reads the secret of {', '.join(lost)}. "
                "Give the key that is missing, or enter these secrets again."
            )
