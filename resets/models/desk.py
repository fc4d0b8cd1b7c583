"""What a CSM keeps beside her districts: notes, views of a list, receipts of what was done to many at once."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from districts.models import District
from districts.models.pairs import both_or_neither, when, who


class DistrictNote(models.Model):
    """A CSM's note about a district. Removed ones leave the page and stay in the table's history of who and when."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(help_text="Never name a student here.")
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=200)
    removed_at = when()
    removed_by = who()

    class Meta:
        ordering = ("-written_at", "-id")
        constraints = (both_or_neither("removed"),)

    def __str__(self) -> str:
        return f"note on {self.district}"


class SavedView(models.Model):
    """A list's filters, words and order under a name, of one person."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=400, blank=True, help_text="The list's address after its question mark.")

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("person", "name"), name="a_view_has_one_name_a_person"),)

    def __str__(self) -> str:
        return self.name


class Receipt(models.Model):
    """What was done to many districts at once: a line a district with what became of it. Never changed."""

    class Kind(models.TextChoices):
        DATE = "date", gettext_lazy("A date was set")
        LETTER = "letter", gettext_lazy("A letter was written")
        CSM = "csm", gettext_lazy("Districts were reassigned")

    token = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the preview: pressed twice is once.")
    kind = models.CharField(max_length=10, choices=Kind)
    done_at = models.DateTimeField()
    done_by = models.CharField(max_length=200)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=200, help_text="Such as the date, or the CSM's name.")
    reason = models.TextField(blank=True)
    lines = models.JSONField(default=list, help_text="A dict a district: site_code, name, outcome, sentence.")

    class Meta:
        ordering = ("-done_at", "-id")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what}"
