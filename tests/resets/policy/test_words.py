"""How dates, counts and lists are said."""

from datetime import date

import pytest

from resets.policy import month_day, spoken
from resets.policy.words import apart, clock_hour, days, listed, sentences, span, spelled_days

TUESDAY = date(2027, 7, 27)


def test_a_date_of_the_seasons_year_goes_without_it() -> None:
    assert spoken(TUESDAY, 2027) == "Tue, July 27"
    assert month_day(TUESDAY, 2027) == "July 27"


def test_any_other_date_has_its_year() -> None:
    assert spoken(TUESDAY, 2026) == spoken(TUESDAY) == "Tue, July 27, 2027"
    assert month_day(TUESDAY) == "July 27, 2027"
    assert spoken(date.min) == "Mon, January 1, 0001"


def test_every_month_and_weekday_has_its_name() -> None:
    said = [spoken(date(2027, month, month), 2027) for month in range(1, 13)]
    assert said == [
        "Fri, January 1", "Tue, February 2", "Wed, March 3", "Sun, April 4", "Wed, May 5", "Sun, June 6",
        "Wed, July 7", "Sun, August 8", "Thu, September 9", "Sun, October 10", "Thu, November 11",
        "Sun, December 12",
    ]  # fmt: skip
    assert [spoken(date(2027, 7, 24 + each), 2027)[:3] for each in range(3)] == ["Sat", "Sun", "Mon"]


def test_a_span_of_one_day_is_that_day() -> None:
    assert span(TUESDAY, TUESDAY, 2027) == "Tue, July 27"
    assert span(TUESDAY, date(2027, 8, 1), 2027) == "July 27 to August 1"
    assert span(TUESDAY, date(2028, 1, 1), 2027) == "July 27 to January 1, 2028"


@pytest.mark.parametrize(("count", "said"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (18, "18 days")])
def test_a_count_of_days(count: int, said: str) -> None:
    assert days(count) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "no days"), (1, "1 day"), (2, "two days"), (9, "nine days"), (10, "10 days")]
)
def test_a_small_count_is_spelled(count: int, said: str) -> None:
    assert spelled_days(count) == said


def test_the_small_numbers_by_name() -> None:
    assert [spelled_days(each).split()[0] for each in range(2, 10)] == [
        "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (27, "the day of the reset"),
        (28, "the day after the reset"),
        (26, "the day before the reset"),
        (29, "two days after the reset"),
        (25, "two days before the reset"),
        (10, "17 days before the reset"),
    ],
)
def test_how_an_event_lies_from_the_reset(number: int, said: str) -> None:
    assert apart(date(2027, 7, number), TUESDAY) == said


def test_a_list_has_its_word_before_the_last() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"], "or") == "a, b or c"


@pytest.mark.parametrize(
    ("hour", "said"),
    [(0, "12:00 AM"), (1, "1:00 AM"), (11, "11:00 AM"), (12, "12:00 PM"), (13, "1:00 PM"), (23, "11:00 PM")],
)
def test_an_hour_of_the_day(hour: int, said: str) -> None:
    assert clock_hour(hour) == said


def test_what_says_nothing_leaves_no_gap() -> None:
    assert sentences("One.", "", "Two.") == "One. Two."
