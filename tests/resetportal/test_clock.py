"""The clock: real outside the demo, movable inside it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import Settings

from resetportal import clock

JULY_27 = datetime(2027, 7, 27, 23, 0, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


def test_it_tells_the_real_time_in_utc() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < A_MINUTE
    assert clock.now().utcoffset() == timedelta()


def test_it_cannot_be_moved_outside_the_demo() -> None:
    with pytest.raises(clock.ClockCannotMove, match="DEMO=True"):
        clock.move_to(JULY_27)


@pytest.mark.django_db
def test_the_demo_can_move_it_to_a_moment(settings: Settings) -> None:
    settings.DEMO = True
    clock.move_to(JULY_27)
    assert abs(clock.now() - JULY_27) < A_MINUTE


@pytest.mark.django_db
def test_the_demo_can_move_it_on_and_back(settings: Settings) -> None:
    settings.DEMO = True
    clock.move_to(JULY_27)
    for day in (JULY_27 + timedelta(days=2), JULY_27 + timedelta(days=1)):
        clock.move_to(day)
        assert abs(clock.now() - day) < A_MINUTE


@pytest.mark.django_db
def test_a_moved_clock_is_ignored_outside_the_demo(settings: Settings) -> None:
    settings.DEMO = True
    clock.move_to(JULY_27)
    settings.DEMO = False
    assert abs(clock.now() - datetime.now(UTC)) < A_MINUTE


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Pacific/Guam", date(2027, 7, 28)),
        ("America/New_York", date(2027, 7, 27)),
        ("UTC", date(2027, 7, 27)),
    ],
)
def test_a_date_is_the_zones_own(zone: str, day: date) -> None:
    assert clock.local_date(zone, JULY_27) == day
