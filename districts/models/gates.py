"""The gate that shuts a district's writers out, from its reset date until its rostering is complete."""

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
