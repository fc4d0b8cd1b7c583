"""The rosters that came, what each reading of one did, and what a closed year's rosters had come to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from districts.models.organisations import District, School
from districts.models.pairs import both_or_neither, when, who


class RosterFile(models.Model):
    """A roster that came, as a zip under ROSTER_FILES until it ends; then only this row stays, which names nobody.

    Waiting: for a worker, to be rehearsed or applied. Rehearsed and on hold: for a person.
    """

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Being read")
        REHEARSED = "rehearsed", gettext_lazy("Rehearsed")
        ON_HOLD = "on_hold", gettext_lazy("On hold")
        APPLIED = "applied", gettext_lazy("Applied")
        REFUSED = "refused", gettext_lazy("Refused")
        DISCARDED = "discarded", gettext_lazy("Discarded")
        VOIDED = "voided", gettext_lazy("Voided")
        EXPIRED = "expired", gettext_lazy("Expired")

    class Wish(models.TextChoices):
        REHEARSE = "rehearse", gettext_lazy("Rehearse")
        APPLY = "apply", gettext_lazy("Apply")

    OPEN = (State.WAITING, State.REHEARSED, State.ON_HOLD)

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="roster_files")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    wish = models.CharField(max_length=10, choices=Wish, default=Wish.APPLY)
    stored = models.CharField(max_length=80, unique=True, help_text="Its name under ROSTER_FILES.")
    source_name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    as_of = models.DateTimeField(null=True, blank=True, help_text="Of when the roster is, if that can be told.")
    reaches = models.DateTimeField(null=True, blank=True, help_text="REST: once applied, changes are asked for since.")
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=200)
    generation = models.PositiveIntegerField(default=0, help_text="The gate's number of resets when it came.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Of workers, to read it.")
    approved_at = when()
    approved_by = who()
    ended_at = when()
    ended_by = who()
    why = models.TextField(blank=True, help_text="Why it was approved, discarded or voided.")

    class Meta:
        ordering = ("-received_at", "-id")
        constraints = (
            both_or_neither("approved"),
            both_or_neither("ended"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "rehearsed", "on_hold"), ended_at__isnull=True)
                | ~Q(state__in=("waiting", "rehearsed", "on_hold")) & Q(ended_at__isnull=False),
                name="a_roster_that_ended_says_when",
            ),
            models.UniqueConstraint(
                fields=("district",),
                condition=Q(state="on_hold"),
                name="one_roster_on_hold_a_district",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_name} of {self.district}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class RosterSync(models.Model):
    """One reading of one roster: what it did, or why it did nothing. Holds counts, never a name."""

    class Outcome(models.TextChoices):
        APPLIED = "applied", gettext_lazy("Applied")
        UNCHANGED = "unchanged", gettext_lazy("Nothing new")
        REFUSED = "refused", gettext_lazy("Refused")
        PAUSED = "paused", gettext_lazy("Paused")
        ON_HOLD = "on_hold", gettext_lazy("On hold")
        REHEARSED = "rehearsed", gettext_lazy("Rehearsed")
        UNREACHED = "unreached", gettext_lazy("Source not reached")

    class Mode(models.TextChoices):
        FULL = "full", gettext_lazy("Full roster")
        CHANGES = "changes", gettext_lazy("Changes only")

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="roster_syncs")
    file = models.ForeignKey(RosterFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="syncs")
    finished_at = models.DateTimeField()
    finished_by = models.CharField(max_length=200)
    local_day = models.DateField(help_text="The day in the district's zone.")
    outcome = models.CharField(max_length=20, choices=Outcome)
    mode = models.CharField(max_length=10, choices=Mode, blank=True)
    school_year = models.CharField(max_length=7, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    source_name = models.CharField(max_length=255, blank=True)
    as_of = models.DateTimeField(null=True, blank=True, help_text="Of when the roster is, if that can be told.")
    counts = models.JSONField(default=dict, help_text="By kind: added, changed, removed, unchanged.")
    message = models.TextField(blank=True)
    concerns = models.JSONField(default=list, help_text="Why a person looks first: sentences without any name.")
    warnings = models.JSONField(default=list, help_text="What was met and accepted: sentences without any name.")
    generation = models.PositiveIntegerField(default=0, help_text="The gate's number of resets at that time.")

    class Meta:
        ordering = ("-finished_at", "-id")
        indexes = (models.Index(fields=("district", "-finished_at"), name="syncs_of_a_district"),)

    def __str__(self) -> str:
        return f"{self.district}, {self.local_day}: {self.outcome}"


class YearCount(models.Model):
    """Students of one school and grade in a school year that was closed: what the new year's roster is held against.

    `school` is None for students without one.
    """

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="year_counts")
    school_year = models.CharField(max_length=7)
    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="+")
    grade_level = models.CharField(max_length=10, blank=True)
    students = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("district", "school_year", "school", "grade_level"),
                nulls_distinct=False,
                name="a_count_once_a_school_and_grade",
            ),
        )

    def __str__(self) -> str:
        return f"{self.district} {self.school_year}: {self.students} students"
