"""Seasons, their nights, and the mark of the scheduler that looks for due resets."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from districts.models.pairs import both_or_neither, when, who
from resets.policy import Policy


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
                violation_error_message=gettext_lazy(
                    "At least one run at once, one in the first wave, one held before it stops."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.school_year

    @property
    def rules(self) -> Policy:
        return Policy.from_data(self.policy)


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


class Tick(models.Model):
    """When the scheduler last looked for due resets; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ticked_at = models.DateTimeField(help_text="By the database's clock.")
    ticked_by = models.CharField(max_length=200)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="there_is_one_tick"),)

    def __str__(self) -> str:
        return f"tick at {self.ticked_at}"
