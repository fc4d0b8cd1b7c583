"""When a district's night comes, in its own zone."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districts import nights
from districts.models import RosterSource
from districts.nights import next_night
from tests.people import Cast

ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Adak",
    "Pacific/Honolulu",
    "Pacific/Pago_Pago",
    "Pacific/Guam",
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "after", "night"),
    [
        ("America/Los_Angeles", "2027-04-06T08:29", "2027-04-06T09:30"),
        ("America/Los_Angeles", "2027-04-06T09:30", "2027-04-07T09:30"),
        ("America/New_York", "2027-04-06T08:29", "2027-04-07T06:30"),
        ("Pacific/Guam", "2027-04-06T08:29", "2027-04-06T16:30"),
        ("Pacific/Pago_Pago", "2027-04-06T13:31", "2027-04-07T13:30"),
        ("America/Los_Angeles", "2027-03-14T08:00", "2027-03-14T10:30"),  # 2:30 AM is not there: 3:30 AM PDT
        ("America/Los_Angeles", "2027-03-14T10:30", "2027-03-15T09:30"),
    ],
)
def test_half_past_two_is_meant_on_the_districts_clock(zone: str, after: str, night: str) -> None:
    assert next_night(zone=zone, hour=2, minute=30, after=utc(after)) == utc(night)


def test_an_hour_that_comes_twice_is_meant_once() -> None:
    first = next_night(zone="America/Los_Angeles", hour=1, minute=30, after=utc("2027-11-07T01:00"))
    assert first == utc("2027-11-07T08:30")  # 1:30 AM PDT, an hour before 1:30 AM PST
    assert next_night(zone="America/Los_Angeles", hour=1, minute=30, after=first) == utc("2027-11-08T09:30")


@given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    hours=st.integers(0, 30 * 366 * 24),
)
def test_every_day_has_one_night(zone: str, hour: int, minute: int, hours: int) -> None:
    after = utc("2024-01-01T00:15") + timedelta(hours=hours)
    night = next_night(zone=zone, hour=hour, minute=minute, after=after)
    following = next_night(zone=zone, hour=hour, minute=minute, after=night)
    assert timedelta() < night - after <= timedelta(hours=25)
    assert timedelta(hours=23) <= following - night <= timedelta(hours=25)


def test_thousands_of_one_hour_do_not_start_together(cast: Cast) -> None:
    minutes = Counter(
        next_night(zone="America/Chicago", hour=2, minute=number % 60, after=utc("2027-04-06T12:00"))
        for number in range(1, 3001)
    )
    assert (len(minutes), max(minutes.values())) == (60, 50)
    assert RosterSource.objects.get(pk=cast.lakeside.pk).sync_minute == cast.lakeside.pk % 60


def test_a_district_that_uploads_has_no_night(cast: Cast) -> None:
    source = RosterSource.objects.select_related("district").get(pk=cast.lakeside.pk)
    source.due_from = utc("2027-04-06T09:00")
    nights.schedule(source, at=utc("2027-04-06T08:00"))
    source.refresh_from_db()
    assert source.due_from is None
