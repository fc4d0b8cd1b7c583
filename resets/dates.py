"""A district's dates around the end of its school year: set by its people, kept in its reset's history."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from districts import services
from districts.models import District
from resets import history
from resets.models import Reset
from resets.policy import school_year_ending, spoken

LABELS = {
    "ends_on": "the school year ends",
    "has_summer_session": "there is a summer session",
    "summer_ends_on": "the summer session ends",
    "rostering_starts_on": "rostering starts",
    "first_day_on": "school begins",
}


@transaction.atomic
def set_dates(
    *,
    district: District,
    school_year: str,
    dates: Mapping[str, date | bool | None],
    by: Any,
    at: datetime,
) -> bool:
    """Sets the dates (see `districts.services.set_dates`) and says so in the history of the year's reset, if any.

    Returns whether anything changed. Raises ValidationError.
    """
    changes = services.set_dates(district=district, school_year=school_year, dates=dates)
    reset = Reset.objects.filter(district=district, season__school_year=school_year).select_related("district").first()
    if changes and reset:
        said = ", ".join(_said(name, after) for name, (_, after) in changes.items())
        history.record("dates_set", reset=reset, by=by, at=at, changes=said)
    return bool(changes)


def first_and_last(school_year: str) -> tuple[date, date]:
    """The days that dates of a school year may lie between: of 2026-27, July 1, 2026 and December 31, 2027."""
    begins = int(school_year[:4])
    return date(begins, 7, 1), date(begins + 1, 12, 31)


def school_year_of(day: date) -> str:
    """The school year whose end a day belongs to, where no season says it: July 2027 is still 2026-27."""
    return school_year_ending(day.year + (day.month > 7))


def _said(name: str, after: date | bool | None) -> str:
    if after is None:
        return f"{LABELS[name]}: not known"
    if isinstance(after, bool):
        return LABELS[name] if after else "there is no summer session"
    return f"{LABELS[name]} {spoken(after)}"
