"""When a reset date begins: in the district's zone, through every change of the clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resets.policy import Calendar, pauses_at, starts_at
from resets.policy.times import day_after, today_in

ZONES = [
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "America/Adak", "Pacific/Honolulu", "Pacific/Guam", "Pacific/Pago_Pago",
]  # fmt: skip
# Clocks that change at midnight, and one that skipped a day.
ABROAD = ["America/Havana", "Asia/Beirut", "Africa/Cairo", "America/Asuncion", "Pacific/Apia"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hour", "day", "starts"),
    [
        ("America/New_York", 1, "2027-07-28", "2027-07-28 05:00"),
        ("Pacific/Pago_Pago", 0, "2027-07-28", "2027-07-28 11:00"),
        ("Pacific/Guam", 0, "2027-07-28", "2027-07-27 14:00"),
        ("America/New_York", 2, "2027-03-14", "2027-03-14 07:00"),  # 2:00 does not exist: 3:00 EDT
        ("America/New_York", 1, "2027-11-07", "2027-11-07 05:00"),  # 1:00 occurs twice: the first
        ("America/Havana", 0, "2027-03-14", "2027-03-14 05:00"),  # midnight does not exist: 1:00
    ],
)
def test_a_run_begins_at_the_run_hour_of_its_local_date(zone: str, hour: int, day: str, starts: str) -> None:
    assert starts_at(date.fromisoformat(day), Calendar(zone, run_hour=hour)) == at(starts)


def test_syncs_pause_at_local_midnight_whatever_the_run_hour() -> None:
    calendar = Calendar("America/Los_Angeles", run_hour=5)
    assert pauses_at(date(2027, 8, 3), calendar) == at("2027-08-03 07:00")


def test_a_day_that_a_zone_skipped_begins_with_the_next() -> None:
    skipped = starts_at(date(2011, 12, 30), Calendar("Pacific/Apia", run_hour=0))
    assert skipped.astimezone(ZoneInfo("Pacific/Apia")).date() == date(2011, 12, 31)


@settings(deadline=None)
@given(
    zone=st.sampled_from(ZONES + ABROAD),
    hour=st.integers(0, 23),
    day=st.dates(date(2012, 1, 1), date(2041, 12, 31)),
)
def test_a_run_never_begins_before_its_local_date_nor_on_the_next(zone: str, hour: int, day: date) -> None:
    calendar = Calendar(zone, run_hour=hour)
    starts = starts_at(day, calendar)
    local = starts.astimezone(ZoneInfo(zone))
    assert local.date() == day
    assert local.hour in (hour, hour + 1)
    assert starts.tzinfo is UTC
    assert pauses_at(day, calendar) <= starts


@settings(deadline=None)
@given(zone=st.sampled_from(ZONES), day=st.dates(date(2012, 1, 1), date(2041, 12, 31)))
def test_syncs_pause_at_the_first_instant_of_the_local_date(zone: str, day: date) -> None:
    pauses = pauses_at(day, Calendar(zone))
    assert today_in(zone, pauses) == day
    assert today_in(zone, pauses - timedelta(microseconds=1)) == day - timedelta(days=1)


@pytest.mark.parametrize("zone", ["Pacific/Guam", "America/New_York"])
@pytest.mark.parametrize("hour", [0, 23])
def test_the_first_and_the_last_date_do_not_overflow(zone: str, hour: int) -> None:
    calendar = Calendar(zone, run_hour=hour)
    assert starts_at(date.min, calendar).year == 1
    assert starts_at(date.max, calendar).year == 9999
    assert starts_at(date.max, calendar).tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^The rules need a time with its zone; this one has none\.$"):
        today_in("UTC", at("2027-07-28 01:00").replace(tzinfo=None))


def test_the_day_after_the_last_is_the_last() -> None:
    assert day_after(date.max) == date.max
    assert day_after(date(2027, 12, 31)) == date(2028, 1, 1)
    assert day_after(date(2027, 7, 28), 31) == date(2027, 8, 28)


@pytest.mark.parametrize("hour", [-1, 24])
def test_a_run_hour_is_one_of_the_day(hour: int) -> None:
    with pytest.raises(ValueError, match=f"^A run hour is 0 to 23, not {hour}.$"):
        Calendar("UTC", run_hour=hour)


def test_the_run_hour_is_one_in_the_morning_unless_told() -> None:
    assert Calendar("UTC").run_hour == 1
