"""The rules' sentences, days and hours follow the reader's language; in English both tongues say the same."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from resets.policy import already_started, spoken
from resets.policy.speech import English
from resets.policy.words import days, listed
from resets.tongue import ReadersTongue


@pytest.fixture
def german() -> Iterator[None]:
    catalogue = trans_real.translation("de")._catalog._catalogs[0]  # type: ignore[attr-defined]
    catalogue["The reset has started. Its date can no longer be changed."] = "Es hat begonnen."
    with translation.override("de"):
        yield
    del catalogue["The reset has started. Its date can no longer be changed."]


def test_a_rule_speaks_the_reader_s_language(german: None) -> None:
    assert already_started().sentence == "Es hat begonnen."


def test_a_rule_s_days_are_said_in_the_reader_s_language(german: None) -> None:
    assert spoken(date(2027, 7, 27)) == "Di, 27. Juli 2027"
    assert spoken(date(2027, 7, 27), 2027) == "Di, 27. Juli"


def test_in_english_both_tongues_say_every_day_and_hour_alike() -> None:
    ours, readers = English(), ReadersTongue()
    for gap in range(366):
        day = date(2028, 1, 1) + timedelta(days=gap)
        for weekday, year in ((True, True), (True, False), (False, True), (False, False)):
            assert ours.day(day, weekday=weekday, year=year) == readers.day(day, weekday=weekday, year=year)
    assert [ours.clock_hour(hour) for hour in range(24)] == [readers.clock_hour(hour) for hour in range(24)]


def test_counts_and_lists_are_english_where_no_catalogue_answers() -> None:
    assert (days(1), days(3), listed(["a", "b", "c"])) == ("1 day", "3 days", "a, b and c")
