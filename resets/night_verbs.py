"""A night, paused by a person and let go on: nothing new begins in between, what runs goes on to its end."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from resets import history, nights
from resets.models import Night, Reset, Season, Status
from resets.services import NotPossible, said


@transaction.atomic
def pause(*, season: Season, day: date, by: Any, at: datetime, reason: str) -> Night:
    """Lets nothing new begin on a night; what runs goes on to its end. Raises NotPossible."""
    said(reason)
    night, _ = Night.objects.select_for_update().get_or_create(season=season, date=day)
    if night.paused_at:
        raise NotPossible(gettext("{paused_by} has paused the night already.").format(paused_by=night.paused_by))
    night.paused_at, night.paused_by, night.paused_why = at, str(by), reason
    night.save()
    history.record_many("night_paused", _waiting(season, day), by=by, at=at, reason=reason)
    return night


@transaction.atomic
def resume(*, season: Season, day: date, by: Any, at: datetime, reason: str) -> Night:
    """Ends the pause of a night, and gives it a new error budget if the old one was spent. Raises NotPossible."""
    said(reason)
    night, _ = Night.objects.select_for_update().get_or_create(season=season, date=day)
    is_spent = nights.standing(season, day).is_stopped
    if not (night.paused_at or is_spent):
        raise NotPossible(gettext("The night is not paused."))
    night.paused_at, night.paused_by, night.paused_why = None, None, ""
    if is_spent:
        night.budget_renewed_at, night.budget_renewed_by = at, str(by)
    night.save()
    history.record_many("night_resumed", _waiting(season, day), by=by, at=at, reason=reason)
    return night


def _waiting(season: Season, day: date) -> list[Reset]:
    return list(season.resets.filter(date=day, status=Status.SCHEDULED).select_related("district"))
