"""The review of a district's educators in a season: what a person decides about some of them, and that it was told."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from districts import educators
from districts.models import District
from resetportal import clock
from resets import history
from resets.dates import school_year_of
from resets.models import Reset
from resets.opening import season_now

VERBS: Final = {
    "keep": educators.keep,
    "deactivate": educators.deactivate,
    "reactivate": educators.reactivate,
}


def school_year_now(district: District, *, at: datetime) -> str:
    """The school year whose review is under way: that of the season, or where none was opened of the day."""
    season = season_now()
    return season.school_year if season else school_year_of(clock.local_date(district.zone, at))


@transaction.atomic
def decide(verb: str, *, district: District, ids: Collection[int], by: Any, at: datetime) -> int:
    """Keeps, deactivates or reactivates educators of the district. Answers how many changed.

    The history tells of it, in numbers, when it was about many, or when nobody is left to look at; of a single one
    the account itself says who and when.
    """
    year = school_year_now(district, at=at)
    changed = VERBS[verb](district=district, ids=ids, school_year=year, by=str(by), at=at)
    if changed:
        _tell(district, year, is_many=changed > 1, by=by, at=at)
    return changed


def _tell(district: District, year: str, *, is_many: bool, by: Any, at: datetime) -> None:
    reset = Reset.objects.filter(district=district, season__school_year=year).select_related("district").first()
    if reset is None:
        return
    now = educators.reviewed(district, year, at=at)
    if is_many or not now.to_look:
        history.record("educators_reviewed", reset=reset, by=by, at=at, kept=now.kept, deactivated=now.deactivated)
