"""Seasons, resets with their schools, and the history that outlives both."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from districts.models import District, School
from resets.policy import Policy

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from resetportal.models import User


def both_or_neither(stem: str) -> models.CheckConstraint:
    """Who and when belong together: `<stem>_at` and `<stem>_by` are both set or both null."""
    at, by = f"{stem}_at__isnull", f"{stem}_by__isnull"
    return models.CheckConstraint(
        condition=Q(**{at: True, by: True}) | Q(**{at: False, by: False}),
        name=f"%(class)s_{stem}_at_and_by",
    )


def who() -> "models.CharField[str | None, str | None]":
    """A person or a job, by the name it had then."""
    return models.CharField(max_length=200, null=True, blank=True)


def when() -> "models.DateTimeField[datetime | str | None, datetime | None]":
    return models.DateTimeField(null=True, blank=True)


class Season(models.Model):
    """One year's resets and the policy that rules them."""

    school_year = models.CharField(max_length=7, unique=True, help_text="The year that ends, such as 2026-27.")
    policy = models.JSONField(help_text="resets.policy.Policy as data.")
    opened_at = when()
    opened_by = who()
    runs_at_once = models.PositiveSmallIntegerField(default=8)
    first_wave = models.PositiveSmallIntegerField(default=10)
    held_budget = models.PositiveSmallIntegerField(default=5)

    class Meta:
        ordering = ("-school_year",)
        constraints = (
            both_or_neither("opened"),
            models.CheckConstraint(
                condition=Q(runs_at_once__gte=1, first_wave__gte=1, held_budget__gte=1),
                name="a_night_lets_something_run",
                violation_error_message="At least one run at once, one in the first wave, one held before it stops.",
            ),
        )

    def __str__(self) -> str:
        return self.school_year

    @property
    def rules(self) -> Policy:
        return Policy.from_data(self.policy)


class Status(models.TextChoices):
    SCHEDULED = "scheduled", "Scheduled"
    COUNTING = "counting", "Counting"
    DESTROYING = "destroying", "Destroying"
    VERIFYING = "verifying", "Verifying"
    COMPLETED = "completed", "Completed"
    HELD = "held", "Held"


WORKING = (Status.COUNTING, Status.DESTROYING, Status.VERIFYING)


class Answer(models.TextChoices):
    NONE = "none", "None yet"
    KEEPS = "keeps", "Keeps the default"
    ASKS = "asks", "Asks for another day"
    AGREED = "agreed", "Agreed on the date"


class HeldFor(models.TextChoices):
    """Why a reset waits for a person. The first four are expected and spend no error budget."""

    RECORDS = "records", "A records hold"
    STOPPED = "stopped", "Stopped by a person"
    EXPORT = "export", "Waiting for an export"
    NEW_YEAR = "new_year", "A roster of the new year came before the reset"
    SHARD = "shard", "The district's tables are not as they must be"
    COUNTS = "counts", "The counts did not add up"
    VERIFICATION = "verification", "The verification did not add up"
    ATTEMPTS = "attempts", "Too many attempts"
    LOCKS = "locks", "Somebody kept the data locked"


EXPECTED_HOLDS = (HeldFor.RECORDS, HeldFor.STOPPED, HeldFor.EXPORT, HeldFor.NEW_YEAR)


class ResetQuerySet(models.QuerySet["Reset"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Resets of the districts that a person may know of."""
        return self.filter(district__in=District.objects.visible_to(user))

    def due(self, *, at: datetime) -> Self:
        """Scheduled resets whose hour has come. A reset without a date (due_from NULL) is never due."""
        return self.filter(status=Status.SCHEDULED, due_from__lte=at)

    def working(self) -> Self:
        return self.filter(status__in=WORKING)


class Reset(models.Model):
    """The end of one school year in one district: all of its schools at once (W7)."""

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="resets")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="resets")
    date = models.DateField(help_text="In the district's time zone.")
    is_default = models.BooleanField(default=True, help_text="The season's default, not chosen.")
    date_set_at = models.DateTimeField()
    date_set_by = models.CharField(max_length=200)
    reason = models.TextField(blank=True, help_text="Why this date, where a rule asks.")
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
                violation_error_message="This district already has its reset of the season.",
            ),
            *(
                both_or_neither(stem)
                for stem in (
                    "answered",
                    "held",
                    "new_year_released",
                    "started",
                    "counted",
                    "destroyed",
                    "verified",
                    "completed",
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
                violation_error_message="Rostering can be declared complete only after the reset is completed.",
            ),
            models.CheckConstraint(
                condition=Q(due_from__gt=F("date_set_at")),
                name="no_date_is_stored_in_the_past",
                violation_error_message="The date has passed (W10, W2).",
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


class SchoolReset(models.Model):
    """One school's part of a reset, or that of the students without a school (school is NULL)."""

    class Step(models.TextChoices):
        WAITING = "waiting", "Waiting"
        COUNTED = "counted", "Counted"
        RESET = "reset", "Reset"
        VERIFIED = "verified", "Verified"

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
    """A season's own history: drafted, changed, opened. Only ever added to (a trigger refuses anything else)."""

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
    ends_on = models.DateField(null=True, blank=True)
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=200)
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


class Night(models.Model):
    """One local date of a season on which resets run: what people did to it. Its numbers are counted."""

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="nights")
    date = models.DateField()
    paused_at = when()
    paused_by = who()
    paused_why = models.TextField(blank=True)
    budget_renewed_at = when()
    budget_renewed_by = who()

    class Meta:
        ordering = ("date",)
        constraints = (
            models.UniqueConstraint(fields=("season", "date"), name="a_night_once_a_season"),
            both_or_neither("paused"),
            both_or_neither("budget_renewed"),
        )

    def __str__(self) -> str:
        return f"night of {self.date}"


class LedgerEntry(models.Model):
    """What was destroyed, written by the destroying transaction; its line is kept outside the database too."""

    reset = models.OneToOneField(Reset, on_delete=models.PROTECT, related_name="ledger_entry")
    line = models.TextField(help_text="The JSON line, exactly as appended to the ledger file.")

    class Meta:
        verbose_name_plural = "ledger entries"

    def __str__(self) -> str:
        return f"ledger entry of {self.reset}"


class Tick(models.Model):
    """When the scheduler last looked for due resets; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ticked_at = models.DateTimeField(help_text="By the database's clock.")
    ticked_by = models.CharField(max_length=200)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="there_is_one_tick"),)

    def __str__(self) -> str:
        return f"tick at {self.ticked_at}"
