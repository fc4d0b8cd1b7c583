"""A district's reset of a season, and each school's part of it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from districts.models import District, School
from districts.models.pairs import both_or_neither, when, who
from resets.models.seasons import Season
from resets.models.states import WORKING, Answer, HeldFor, Status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from resetportal.models import User


Day = date  # within a class that has a date of its own
WAITS_FOR_ROSTERING = Q(status=Status.COMPLETED, district__gate__resumed_at=None, district__gate__pauses_on=F("date"))
"""Completed, and its district's gate still serves it: a gate that a later reset has taken over says nothing of it."""


class ResetQuerySet(models.QuerySet["Reset"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Resets of the districts that a person may know of."""
        return self.filter(district__in=District.objects.visible_to(user))

    def due(self, *, at: datetime) -> Self:
        """Scheduled resets whose hour has come. A reset without a date (due_from NULL) is never due."""
        return self.filter(status=Status.SCHEDULED, due_from__lte=at)

    def working(self) -> Self:
        return self.filter(status__in=WORKING)

    def unfinished_before(self, season: Season) -> Self:
        """Those of earlier seasons that their districts are not through with: not completed, or not rostered since."""
        is_earlier = Q(season__school_year__lt=season.school_year)
        return self.filter(is_earlier & (~Q(status=Status.COMPLETED) | WAITS_FOR_ROSTERING))


class Reset(models.Model):
    """The end of one school year in one district: all of its schools at once (W7)."""

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="resets")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="resets")
    date = models.DateField(help_text="In the district's time zone.")
    is_default = models.BooleanField(default=True, help_text="The season's default, not chosen.")
    date_set_at = models.DateTimeField()
    date_set_by = models.CharField(max_length=200)
    reason = models.TextField(blank=True, help_text="Why this date, where a rule asks.")
    added_at = when()  # to a season that was open
    added_by = who()
    due_from = models.DateTimeField(help_text="UTC: the date at the district's run hour in its zone.")
    version = models.PositiveIntegerField(default=1, help_text="Counts changes; a stale form is refused.")

    answer = models.CharField(max_length=10, choices=Answer, default=Answer.NONE)
    answered_at = when()
    answered_by = who()
    asked_for = models.DateField(null=True, blank=True)
    asked_why = models.TextField(blank=True)

    status = models.CharField(max_length=12, choices=Status, default=Status.SCHEDULED)
    held_from = models.CharField(max_length=12, choices=Status, blank=True)
    held_for = models.CharField(max_length=14, choices=HeldFor, blank=True)
    held_why = models.TextField(blank=True)
    held_cure = models.TextField(blank=True)
    held_at = when()
    held_by = who()
    new_year_released_at = when()
    new_year_released_by = who()

    attempts = models.PositiveSmallIntegerField(default=0, help_text="Claims of the present step.")
    last_error = models.CharField(max_length=200, blank=True, help_text="Its kind alone: never a row's values.")
    claim = models.PositiveIntegerField(default=0, help_text="Fencing number: only its last owner may write.")
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="By the database's clock.")
    waiting_since = models.DateTimeField(
        null=True, blank=True, help_text="First lock that was not granted, by the database's clock."
    )

    started_at = when()
    started_by = who()
    counted_at = when()
    counted_by = who()
    destroyed_at = when()
    destroyed_by = who()
    verified_at = when()
    verified_by = who()
    completed_at = when()
    completed_by = who()
    last_export_chosen_at = when()
    last_export_chosen_by = who()
    data_ready_at = when()
    data_ready_by = who()
    rostering_completed_at = when()
    rostering_completed_by = who()
    kept = models.JSONField(default=dict, help_text="By kind: ids retained, as of the destroying commit.")
    destroying_seconds = models.FloatField(null=True, blank=True)

    objects: ClassVar[ResetQuerySet] = ResetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("date", "district__name")
        constraints = (
            models.UniqueConstraint(
                fields=("season", "district"),
                name="one_reset_a_district_and_season",
                violation_error_message=gettext_lazy("This district already has its reset of the season."),
            ),
            *(
                both_or_neither(stem)
                for stem in (
                    "added",
                    "answered",
                    "held",
                    "new_year_released",
                    "started",
                    "counted",
                    "destroyed",
                    "verified",
                    "completed",
                    "last_export_chosen",
                    "data_ready",
                    "rostering_completed",
                )
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="reset_status_is_known"),
            models.CheckConstraint(
                condition=Q(status=Status.HELD, held_at__isnull=False) & ~Q(held_for="") & ~Q(held_why="")
                | ~Q(status=Status.HELD) & Q(held_at__isnull=True, held_for="", held_why="", held_from=""),
                name="a_held_reset_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.COMPLETED) | Q(verified_at__isnull=False),
                name="completed_means_verified",
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True) | Q(destroyed_at__isnull=False),
                name="verified_means_destroyed",
            ),
            models.CheckConstraint(
                condition=Q(rostering_completed_at__isnull=True) | Q(status=Status.COMPLETED),
                name="rostering_is_complete_only_after_the_reset",
                violation_error_message=gettext_lazy(
                    "Rostering can be declared complete only after the reset is completed."
                ),
            ),
            models.CheckConstraint(
                condition=Q(data_ready_at__isnull=True) | Q(status=Status.COMPLETED),
                name="data_is_ready_only_after_the_reset",
                violation_error_message=gettext_lazy("New data can be ready only after the reset is completed."),
            ),
            models.CheckConstraint(
                condition=Q(due_from__gt=F("date_set_at")),
                name="no_date_is_stored_in_the_past",
                violation_error_message=gettext_lazy("The date has passed (W10, W2)."),
            ),
        )
        indexes = (models.Index(fields=("due_from",), name="unfinished_resets", condition=~Q(status=Status.COMPLETED)),)

    def __str__(self) -> str:
        return f"{self.district}, {self.season}"

    def get_absolute_url(self) -> str:
        return reverse("resets:reset", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.status in WORKING

    @property
    def stage(self) -> str:
        """Where the run stands or stood: for a held reset, the state it was held from."""
        return self.held_from if self.status == Status.HELD else self.status

    @property
    def is_destroyed(self) -> bool:
        return self.destroyed_at is not None

    @property
    def is_editable(self) -> bool:
        """Whether the date can still be changed (W10): before the run, or while it is held with nothing deleted."""
        return self.status == Status.SCHEDULED or (self.status == Status.HELD and not self.is_destroyed)

    def stands_on(self, day: Day) -> bool:
        """Whether there is nothing to set: a held reset goes on by its date, also by the one that it has."""
        return self.date == day and self.status == Status.SCHEDULED


class SchoolReset(models.Model):
    """One school's part of a reset, or that of the students without a school (school is NULL)."""

    class Step(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting")
        COUNTED = "counted", gettext_lazy("Counted")
        RESET = "reset", gettext_lazy("Reset")
        VERIFIED = "verified", gettext_lazy("Verified")

    reset = models.ForeignKey(Reset, on_delete=models.CASCADE, related_name="schools")
    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    step = models.CharField(max_length=10, choices=Step, default=Step.WAITING)
    before = models.JSONField(default=dict, help_text="Rows by kind, counted before.")
    acted = models.JSONField(default=dict, help_text="Rows by kind, counted again under the lock and deleted.")
    left = models.JSONField(default=dict, help_text="Rows by kind, counted after, independently.")
    rows_before = models.PositiveBigIntegerField(default=0)
    rows_left = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("reset", "school"), nulls_distinct=False, name="a_school_once_in_a_reset"),
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.step}"
