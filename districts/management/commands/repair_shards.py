"""manage.py repair_shards: gives every district the tables, gate and numbers that it must have."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from districts import shards
from districts.models import District, DistrictCounts, Gate


class Command(BaseCommand):
    help = "Makes what a district lacks: leaf tables (empty), its gate, its numbers. Deletes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        made = [self.repair(district) for district in District.objects.all()]
        self.stdout.write(f"{sum(made)} repaired." if any(made) else "Nothing to repair.")

    def repair(self, district: District) -> bool:
        """Whether something was missing. Raises CommandError where other rows refer to what is lost."""
        absent = shards.missing([district.pk])
        _, new_gate = Gate.objects.get_or_create(district=district, defaults={"is_shut": True})
        _, new_counts = DistrictCounts.objects.get_or_create(district=district)
        try:
            shards.create(district.pk)
        except IntegrityError:
            lost = ", ".join(sorted(absent))
            raise CommandError(
                f"{district.site_code}: rows of other tables refer to what stood in {lost}. Restore it from a backup."
            ) from None
        if new_gate:
            self.stdout.write(
                f"{district.site_code}: its gate is made shut. Set it right by its resets before it syncs."
            )
        if absent or new_gate or new_counts:
            self.stdout.write(f"{district.site_code}: {', '.join(sorted(absent)) or 'gate or numbers'} made.")
        return bool(absent or new_gate or new_counts)
