"""When a night will be done."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from resets.forecast import Run, done_by, ends, pace, rate

ONE = datetime(2027, 7, 28, 5, tzinfo=UTC)


def ran(start: float, end: float) -> Run:
    """A run completed between two seconds of the night."""
    begun, ended = ONE + timedelta(seconds=start), ONE + timedelta(seconds=end)
    return Run(0, "completed", "America/New_York", ONE, begun, ended)


def due(hours: int = 0, is_mine: bool = True) -> Run:
    return Run(0, "scheduled", "America/New_York", ONE + timedelta(hours=hours), is_mine=is_mine)


def test_nothing_is_measured_before_the_first_is_completed() -> None:
    assert rate([due(), Run(0, "verifying", "America/New_York", ONE, ONE)]) is None
    assert done_by([due()], at=ONE) is None


def test_the_rate_counts_the_time_in_which_something_ran() -> None:
    assert rate([ran(0, 10), ran(100, 110)]) == 0.1


def test_runs_side_by_side_count_their_time_once() -> None:
    assert rate([ran(0, 10), ran(0, 10), ran(5, 20), ran(18, 20)]) == 0.2


def test_less_than_a_second_measures_a_second() -> None:
    assert rate([ran(0, 0), ran(0, 0.1)]) == 2


def test_what_is_due_takes_its_time_at_the_rate_measured() -> None:
    assert done_by([ran(0, 10), due(), due(), due()], at=ONE + timedelta(seconds=10)) == ONE + timedelta(seconds=40)


def test_no_wave_is_done_before_its_hour() -> None:
    assert done_by([ran(0, 10), due(), due(3)], at=ONE) == ONE + timedelta(hours=3, seconds=10)


def test_a_wave_that_waits_for_an_earlier_one_is_done_after_it() -> None:
    slow = [ran(0, 1800), due(), due(), due(), due(1)]
    assert done_by(slow, at=ONE) == ONE + timedelta(hours=2)


def test_a_csm_waits_for_other_peoples_districts_but_not_for_later_ones() -> None:
    runs = [ran(0, 10), due(0, is_mine=False), due(), due(4, is_mine=False)]
    assert done_by(runs, at=ONE) == ONE + timedelta(seconds=20)


def test_when_nothing_is_left_there_is_nothing_to_forecast() -> None:
    assert done_by([ran(0, 10), due(1, is_mine=False)], at=ONE) is None


@given(st.lists(st.integers(0, 12), min_size=1), st.integers(1, 600), st.integers(0, 12))
def test_it_never_promises_an_hour_before_the_last_one(hours: list[int], seconds: int, now: int) -> None:
    at = ONE + timedelta(hours=now)
    moment = done_by([ran(0, seconds), *map(due, hours)], at=at)
    assert moment is not None
    assert moment > max(at, ONE + timedelta(hours=max(hours)))


def night_of(*lengths: float) -> list[Run]:
    """A night of runs one after another, by their lengths in seconds."""
    starts = [sum(lengths[:number]) for number in range(len(lengths))]
    return [ran(start, start + length) for start, length in zip(starts, lengths, strict=True)]


def test_nights_without_a_completed_run_have_no_pace() -> None:
    assert pace({}, places=2) is None
    assert pace({ONE.date(): [due()]}, places=2) is None


def test_the_pace_is_the_middle_of_full_nights() -> None:
    days = [ONE.date() + timedelta(days=gap) for gap in range(3)]
    found = pace(dict(zip(days, (night_of(each, each) for each in (10, 20, 50)), strict=True)), places=2)
    assert found is not None
    assert (found.middle, found.slowest, found.first, found.last, found.is_full) == (1 / 20, 1 / 50, *days[0:3:2], True)


def test_a_thin_night_counts_only_where_no_full_one_does() -> None:
    thin, full = ONE.date(), ONE.date() + timedelta(days=1)
    both = pace({thin: night_of(1), full: night_of(10, 10)}, places=2)
    alone = pace({thin: night_of(1)}, places=2)
    assert both is not None
    assert alone is not None
    assert (both.speeds, both.is_full) == ((0.1,), True)
    assert (alone.speeds, alone.is_full) == ((1.0,), False)


def test_a_run_that_waited_for_a_person_measures_no_night() -> None:
    assert pace({ONE.date(): night_of(7 * 3600)}, places=1) is None


def test_a_night_ahead_ends_by_the_hours_and_the_rate() -> None:
    hours = [ONE, ONE, ONE + timedelta(hours=1)]
    assert ends([], 1) is None
    assert ends(hours, 0.1) == ONE + timedelta(hours=1, seconds=10)
    assert ends(hours, 1 / 3600) == ONE + timedelta(hours=3)
