"""manage.py add_person: an account for somebody of the vendor, or for a district's admin."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from districts.models import District
from resetportal.models import MACHINES, Role, User
from resets import typed


class Command(BaseCommand):
    help = "Adds a person who signs in: an engineer, a CSM lead, a CSM (with her districts) or a district admin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("role", choices=[role for role in Role.values if role not in MACHINES])
        parser.add_argument("--district", action="append", default=[], metavar="SITE_CODE", help="May be repeated.")

    def handle(self, *args: Any, **options: Any) -> None:
        districts = [self.district(site_code) for site_code in options["district"]]
        person = User(email=options["email"].lower(), name=options["name"], role=options["role"])
        if not typed.is_line(person.name):
            raise CommandError("A name is one line, without letters that nobody sees.")
        self.check_role(person, districts)
        self.set_password(person)
        person.save()
        if person.role == Role.CSM:
            District.objects.filter(pk__in=[district.pk for district in districts]).update(csm=person)
        self.stdout.write(f"{person.name} can sign in as {person.email}.")

    def district(self, site_code: str) -> District:
        try:
            return District.objects.get(site_code=site_code)
        except District.DoesNotExist:
            raise CommandError(f"No district has the site code {site_code}.") from None

    def check_role(self, person: User, districts: list[District]) -> None:
        if person.role == Role.DISTRICT_ADMIN:
            if len(districts) != 1:
                raise CommandError("A district admin belongs to one district: name it with --district.")
            person.district = districts[0]
        elif districts and person.role != Role.CSM:
            raise CommandError("Only a CSM looks after districts, and only a district admin belongs to one.")
        person.is_superuser = person.role == Role.ENGINEER

    def set_password(self, person: User) -> None:
        password = getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password, person)
            person.set_password(password)
            person.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
