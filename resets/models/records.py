"""What outlives a reset or stops it: history, ledger and records holds."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from districts.models import District
from districts.models.pairs import both_or_neither, when, who
from resets.models.resets import Reset
from resets.models.seasons import Season


class ResetEvent(models.Model):
    """History: only ever added to (a trigger refuses anything else). Ids and names of organisations as text."""

    reset_id = models.BigIntegerField()
    district_id = models.BigIntegerField()
    district_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("reset_id", "-at"), name="events_of_a_reset"),
            models.Index(fields=("district_id", "-at"), name="events_of_a_district"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.district_name}"


class SeasonEvent(models.Model):
    """A season's own history: drafted, opened, its rules and letters changed. A trigger lets it only be added to."""

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.kind} of {self.season}"


class Hold(models.Model):
    """A records hold: while it is open its district is not reset (a parent's request to inspect, a dispute)."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="holds")
    reason = models.TextField(help_text="Never name a student here.")
    extended_why = models.TextField(blank=True, help_text="Of the last extension. Never name a student here.")
    ends_on = models.DateField(null=True, blank=True)
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=200)
    of_vendor = models.BooleanField(default=False, help_text="Somebody of the vendor placed it, so the vendor ends it.")
    ended_at = when()
    ended_by = who()

    class Meta:
        ordering = ("-placed_at",)
        constraints = (
            both_or_neither("ended"),
            models.UniqueConstraint(
                fields=("district",), condition=Q(ended_at__isnull=True), name="one_open_hold_a_district"
            ),
        )

    def __str__(self) -> str:
        return f"hold on {self.district}"

    @property
    def why(self) -> str:
        """Why it was placed, and why it was extended last; the reasons between stand in the history."""
        if not self.extended_why:
            return self.reason
        return _("{reason} Extended: {extended}").format(reason=self.reason, extended=self.extended_why)


class LedgerEntry(models.Model):
    """What was destroyed, written by the destroying transaction; its line is kept outside the database too."""

    reset = models.OneToOneField(Reset, on_delete=models.PROTECT, related_name="ledger_entry")
    line = models.TextField(help_text="The JSON line, exactly as appended to the ledger file.")

    class Meta:
        verbose_name_plural = "ledger entries"

    def __str__(self) -> str:
        return f"ledger entry of {self.reset}"
