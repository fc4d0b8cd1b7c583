"""A night that many districts share: how many run at once, the first wave, the error budget, and the pause.

A night is one local date of a season. Asked by the tick (how many to wake) and again by each run as it begins.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Q

from resets.models import EXPECTED_HOLDS, WORKING, Night, Reset, Season, Status

LOCK = 0x41CE  # first key of the lock that lets one run begin at a time


@dataclass(frozen=True)
class Standing:
    """The numbers of one night: resets by where they stand, and the limits of its season."""

    due: int
    running: int
    completed: int
    held: int
    failed: int
    elsewhere: int
    season: Season
    night: Night | None

    @property
    def total(self) -> int:
        return self.due + self.running + self.completed + self.held

    @property
    def is_paused(self) -> bool:
        return bool(self.night and self.night.paused_at)

    @property
    def is_stopped(self) -> bool:
        """The error budget is spent: nothing new begins until a lead renews it."""
        return self.failed >= self.season.held_budget

    @property
    def is_wave_through(self) -> bool:
        """Whether the first wave has verified, so that the rest may start."""
        return self.completed >= min(self.season.first_wave, self.total - self.held)

    @property
    def places(self) -> int:
        """How many more may begin now."""
        if self.is_paused or self.is_stopped:
            return 0
        free = self.season.runs_at_once - self.running - self.elsewhere
        if not self.is_wave_through:
            free = min(free, self.season.first_wave - self.completed - self.running)
        return max(free, 0)


def standing(season: Season, day: date) -> Standing:
    """The night of `day`, counted from rows in two queries."""
    night = Night.objects.filter(season=season, date=day).first()
    unexpected = Q(status=Status.HELD) & ~Q(held_for__in=EXPECTED_HOLDS)
    if night and night.budget_renewed_at:
        unexpected &= Q(held_at__gt=night.budget_renewed_at)
    tonight = Q(season=season, date=day)
    numbers = Reset.objects.aggregate(
        due=Count("pk", filter=tonight & Q(status=Status.SCHEDULED)),
        running=Count("pk", filter=tonight & Q(status__in=WORKING)),
        completed=Count("pk", filter=tonight & Q(status=Status.COMPLETED)),
        held=Count("pk", filter=tonight & Q(status=Status.HELD)),
        failed=Count("pk", filter=tonight & unexpected),
        elsewhere=Count("pk", filter=~tonight & Q(status__in=WORKING)),
    )
    return Standing(**numbers, season=season, night=night)


def may_begin(reset: Reset) -> bool:
    """Whether this run may begin now. Takes the night's lock until the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, reset.season_id])
    return standing(reset.season, reset.date).places > 0
