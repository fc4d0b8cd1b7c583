"""A season that opens while an earlier one is not over: of three districts one is held, one waits, one is free."""

from datetime import UTC, datetime

import pytest
import time_machine

from districts.models import District, DistrictCounts, Gate, RosterSource
from resets import opening, seasons, services
from resets.models import Reset, Season, Status
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.crowds import put

SPRING = datetime(2028, 5, 2, 16, tzinfo=UTC)


@pytest.fixture
def turned(season: Season, cast: Cast, june: time_machine.Traveller) -> Season:
    """It is May 2028: Lakeside's reset of 2026-27 is held, Quarry Hill was never rostered, 2027-28 is open."""
    services.stop(reset=season.resets.get(district=cast.lakeside), by=cast.carmen, at=JUNE_1, reason="A dispute.")
    reset_but_not_rostered(season.resets.get(district=cast.quarry))
    free = District.objects.create(name="Harbor Point", site_code="0700001", zone="America/Los_Angeles")
    Gate.objects.get_or_create(district=free)
    RosterSource.objects.get_or_create(district=free)
    DistrictCounts.objects.update_or_create(district=free, defaults={"accounts": 10, "students": 10, "schools": 1})
    june.move_to(SPRING)
    following = Season.objects.create(school_year="2027-28", policy=seasons.starting_policy(2028).to_data())
    opening.open_season(season=following, by=cast.maya, at=SPRING)
    return Season.objects.get(pk=following.pk)


def reset_but_not_rostered(reset: Reset) -> None:
    """As the night leaves a district: its gate shut until rostering is complete."""
    put([reset], Status.COMPLETED)
    Gate.objects.filter(pk=reset.district_id).update(
        is_shut=True, closed_year="2026-27", last_reset_at=JUNE_1, last_reset_by="the nightly run"
    )
