"""`manage.py note_bounce < message`: notes a delivery report, as the mail server hands it over, beside its letter."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from resetportal import clock
from resets import bounces

LARGEST = 10 * 1024 * 1024  # bytes: a report that sends a whole message back stays far below


class Command(BaseCommand):
    help = "Reads one delivery report (RFC 3464) and notes that its letter did not reach somebody."

    def handle(self, **options: Any) -> None:
        raw = sys.stdin.buffer.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise CommandError("The message is too large for a delivery report.", returncode=os.EX_DATAERR)
        try:
            delivery = bounces.take(raw, at=clock.now())
        except bounces.NotABounce as error:
            raise CommandError(str(error), returncode=os.EX_DATAERR) from None
        said = "The report says nothing final, so nothing was noted."
        self.stdout.write(f"Noted: the letter did not reach {delivery.name}." if delivery else said)
