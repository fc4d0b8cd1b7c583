"""Where a district's rosters come from, what each sync did, and the gate that shuts its writers out."""

from django.db import models
from django.db.models import Q

from districts.models.organisations import District
from districts.models.pairs import both_or_neither, when, who


class Gate(models.Model):
    """What the pause needs to be asked, one row a district; written by `resets`, read by every writer.

    Paused: the reset date has come (in the district's zone) or a run has begun, and the policy's resuming
    event has not happened since.
    """

    district = models.OneToOneField(District, on_delete=models.CASCADE, primary_key=True, related_name="gate")
    pauses_on = models.DateField(null=True, blank=True)
    is_shut = models.BooleanField(default=False, help_text="A run of this district has begun.")
    resumed_at = when()
    resumed_by = who()
    resets = models.PositiveIntegerField(default=0, help_text="Completed destructions, the generation of data.")
    last_reset_at = when()
    last_reset_by = who()
    closed_year = models.CharField(max_length=7, blank=True, help_text="The last school year that was reset.")

    class Meta:
        constraints = (
            both_or_neither("resumed"),
            both_or_neither("last_reset"),
            models.CheckConstraint(
                condition=Q(is_shut=False) | Q(resumed_at__isnull=True),
                name="a_shut_gate_is_not_resumed",
            ),
        )

    def __str__(self) -> str:
        return f"gate of {self.district}"


class RosterSource(models.Model):
    """The folder in which a district's roster zips arrive, one a day, named by the day: 2027-08-12.zip."""

    district = models.OneToOneField(District, on_delete=models.CASCADE, primary_key=True, related_name="roster_source")
    folder = models.CharField(max_length=500)
    sync_hour = models.PositiveSmallIntegerField(default=2)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(sync_hour__lte=23), name="a_sync_hour_is_an_hour_of_the_day"),
        )

    def __str__(self) -> str:
        return f"rosters of {self.district}"


class RosterSync(models.Model):
    """One reading of one roster: what it did, or why it did nothing. Holds counts, never a name."""

    class Outcome(models.TextChoices):
        APPLIED = "applied", "Applied"
        UNCHANGED = "unchanged", "Nothing new"
        REFUSED = "refused", "Refused"
        PAUSED = "paused", "Paused"
        ON_HOLD = "on_hold", "On hold"

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="roster_syncs")
    finished_at = models.DateTimeField()
    finished_by = models.CharField(max_length=200)
    local_day = models.DateField(help_text="The day in the district's zone.")
    outcome = models.CharField(max_length=20, choices=Outcome)
    school_year = models.CharField(max_length=7, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    source_name = models.CharField(max_length=255, blank=True)
    counts = models.JSONField(default=dict, help_text="By kind: added, changed, removed, unchanged.")
    message = models.TextField(blank=True)
    generation = models.PositiveIntegerField(default=0, help_text="The gate's number of resets at that time.")

    class Meta:
        ordering = ("-finished_at", "-id")
        indexes = (models.Index(fields=("district", "-finished_at"), name="syncs_of_a_district"),)

    def __str__(self) -> str:
        return f"{self.district}, {self.local_day}: {self.outcome}"
