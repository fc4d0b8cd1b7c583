"""What was said to a district by mail, so that the same thing is never said twice."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from districts.models.organisations import District
from districts.models.pairs import both_or_neither, when, who


class Notice(models.Model):
    """One message about one thing to one district, whatever is restarted. Its words name no student.

    `about`: what makes it one of its kind, such as the reset date or the number of a roster. Not sent: it waits for
    `due_from`, with `attempts` behind it.
    """

    class Kind(models.TextChoices):
        PAUSE_TOMORROW = "pause_tomorrow", gettext_lazy("Syncs pause tomorrow")
        PAUSED = "paused", gettext_lazy("Syncs are paused")
        RESUMED = "resumed", gettext_lazy("Syncs are on again")
        ROSTER_ON_HOLD = "roster_on_hold", gettext_lazy("A roster is on hold")
        SOURCE_DOWN = "source_down", gettext_lazy("The source does not answer")
        EXPORT_READY = "export_ready", gettext_lazy("An export is ready")
        EXPORT_FAILED = "export_failed", gettext_lazy("An export was not made")
        DATA_READY = "data_ready", gettext_lazy("The district's data is ready")
        RECORDS_HOLD = "records_hold", gettext_lazy("A records hold began, lasts longer or has ended")

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    about = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    due_from = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    told = models.JSONField(default=dict, blank=True, help_text="Who has heard it: address and who told them.")
    sent_at = when()
    sent_by = who()

    class Meta:
        ordering = ("-due_from", "-id")
        constraints = (
            both_or_neither("sent"),
            models.UniqueConstraint(fields=("district", "kind", "about"), name="a_notice_is_given_once"),
        )
        indexes = (models.Index(fields=("due_from",), condition=Q(sent_at=None), name="notices_to_send"),)

    def __str__(self) -> str:
        return f"{self.district}: {self.kind} {self.about}"
