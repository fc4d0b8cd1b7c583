"""manage.py records_hold: puts a district on a records hold, or ends it, where nobody reaches the page."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from districts.models import District
from resetportal import clock
from resets import holds, services
from resets.models import Hold


class Command(BaseCommand):
    help = "A held district is not reset (34 CFR 99.10(e)). Never name a student in the reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("district", metavar="SITE_CODE")
        parser.add_argument("--by", required=True, help="Who asks for it, such as “Carmen Ortiz”.")
        parser.add_argument("--reason", default="", help="Why it begins, or why it ends.")
        parser.add_argument("--end", action="store_true", help="Ends it; the CSM then chooses the date again.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            district = District.objects.get(site_code=options["district"])
        except District.DoesNotExist:
            raise CommandError(f"No district has the site code {options['district']}.") from None
        verb = self.end if options["end"] else self.place
        self.stdout.write(verb(district, options["by"], options["reason"]))

    def place(self, district: District, by: str, reason: str) -> str:
        try:
            holds.place(district=district, by=by, at=clock.now(), reason=reason)
        except services.NotPossible as error:
            raise CommandError(str(error)) from None
        return f"{district} is on a records hold: it is not reset until the hold is ended."

    def end(self, district: District, by: str, reason: str) -> str:
        held = Hold.objects.filter(district=district, ended_at=None).first()
        if held is None:
            raise CommandError(f"{district} is on no records hold.")
        try:
            holds.end(held=held, by=by, at=clock.now(), reason=reason)
        except services.NotPossible as error:
            raise CommandError(str(error)) from None
        return f"The records hold of {district} is ended. A reset that it stopped waits for a new date."
