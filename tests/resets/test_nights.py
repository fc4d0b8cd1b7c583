"""A night that many districts share."""

from datetime import date, timedelta

import pytest
import time_machine

from resetportal import clock
from resets import engine, night_verbs, nights, services
from resets.models import EXPECTED_HOLDS, HeldFor, Reset, ResetEvent, Season, Status
from tests.people import Cast
from tests.resets.crowds import AN_HOUR_IN, NIGHT, fail, make_crowd, put

pytestmark = pytest.mark.usefixtures("night")


@pytest.fixture
def crowd(season: Season) -> list[Reset]:
    """Twenty due resets: eighteen districts beside Lakeside and Quarry Hill; eight run at once, four go first."""
    Season.objects.filter(pk=season.pk).update(first_wave=4)
    season.refresh_from_db()
    make_crowd(season, 18)
    return list(Reset.objects.order_by("pk"))


def places(season: Season) -> int:
    return nights.standing(season, NIGHT).places


def pass_first_wave(crowd: list[Reset]) -> None:
    put(crowd[:4], Status.COMPLETED)


def test_only_the_first_wave_begins_at_first(season: Season, crowd: list[Reset]) -> None:
    assert places(season) == 4
    assert len(engine.waiting(at=clock.now())) == 4


def test_the_rest_waits_while_the_first_wave_runs(season: Season, crowd: list[Reset]) -> None:
    put(crowd[:3], Status.COMPLETED)
    put(crowd[3:4], Status.VERIFYING)
    assert places(season) == 0


def test_a_verified_first_wave_lets_the_rest_begin(season: Season, crowd: list[Reset]) -> None:
    pass_first_wave(crowd)
    assert nights.standing(season, NIGHT).is_wave_through
    assert places(season) == 8


def test_no_more_run_at_once_than_the_cap(season: Season, crowd: list[Reset]) -> None:
    pass_first_wave(crowd)
    put(crowd[4:10], Status.DESTROYING)
    assert places(season) == 2


def test_runs_of_another_night_count_towards_the_cap(season: Season, crowd: list[Reset]) -> None:
    pass_first_wave(crowd)
    put(make_crowd(season, 3, day=NIGHT - timedelta(days=1)), Status.COUNTING)
    assert places(season) == 5


def test_a_night_smaller_than_the_first_wave_runs_whole(season: Season, reset: Reset) -> None:
    assert places(season) == 8
    assert nights.standing(season, NIGHT).total == 2


def test_a_first_wave_that_is_held_takes_another_in_its_place(season: Season, crowd: list[Reset]) -> None:
    put(crowd[:3], Status.COMPLETED)
    fail(crowd[3:4])
    assert places(season) == 1


def test_a_spent_error_budget_lets_nothing_begin(season: Season, crowd: list[Reset]) -> None:
    pass_first_wave(crowd)
    fail(crowd[4:8])
    assert places(season) == 8
    fail(crowd[8:9])
    assert nights.standing(season, NIGHT).is_stopped
    assert engine.waiting(at=clock.now()) == []


@pytest.mark.parametrize("held_for", EXPECTED_HOLDS)
def test_an_expected_hold_spends_no_error_budget(season: Season, crowd: list[Reset], held_for: HeldFor) -> None:
    pass_first_wave(crowd)
    fail(crowd[4:12], held_for)
    standing = nights.standing(season, NIGHT)
    assert (standing.held, standing.failed, standing.places) == (8, 0, 8)


def test_a_person_renews_a_spent_budget(season: Season, crowd: list[Reset], cast: Cast) -> None:
    pass_first_wave(crowd)
    fail(crowd[4:9])
    later = AN_HOUR_IN + timedelta(minutes=1)
    night_verbs.resume(season=season, day=NIGHT, by=cast.maya, at=later, reason="One cause, and it is gone.")
    assert places(season) == 8
    fail(crowd[9:14], at=later + timedelta(minutes=1))
    assert places(season) == 0


def test_a_paused_night_lets_nothing_begin(season: Season, crowd: list[Reset], cast: Cast) -> None:
    night_verbs.pause(season=season, day=NIGHT, by=cast.ellis, at=clock.now(), reason="A disk is full.")
    assert places(season) == 0
    assert engine.waiting(at=clock.now()) == []


def test_a_paused_night_lets_what_runs_go_on(season: Season, crowd: list[Reset], cast: Cast) -> None:
    put(crowd[:1], Status.COUNTING)
    night_verbs.pause(season=season, day=NIGHT, by=cast.ellis, at=clock.now(), reason="A disk is full.")
    assert engine.waiting(at=clock.now()) == [crowd[0].pk]


def test_a_resumed_night_goes_on(season: Season, crowd: list[Reset], cast: Cast) -> None:
    night_verbs.pause(season=season, day=NIGHT, by=cast.ellis, at=clock.now(), reason="A disk is full.")
    night_verbs.resume(season=season, day=NIGHT, by=cast.ellis, at=clock.now(), reason="It is not any more.")
    assert places(season) == 4


def test_another_night_is_not_paused(season: Season, crowd: list[Reset], cast: Cast) -> None:
    night_verbs.pause(season=season, day=date(2027, 7, 29), by=cast.ellis, at=clock.now(), reason="A disk is full.")
    assert places(season) == 4


def test_a_pause_stands_in_the_history_of_what_waits(season: Season, crowd: list[Reset], cast: Cast) -> None:
    pass_first_wave(crowd)
    night_verbs.pause(season=season, day=NIGHT, by=cast.ellis, at=clock.now(), reason="A disk is full.")
    told = ResetEvent.objects.filter(kind="night_paused")
    assert set(told.values_list("reset_id", flat=True)) == {reset.pk for reset in crowd[4:]}
    assert told[0].detail == {"to": "2027-07-28", "reason": "A disk is full."}


def test_a_night_is_paused_once(season: Season, crowd: list[Reset], cast: Cast) -> None:
    night_verbs.pause(season=season, day=NIGHT, by=cast.ellis, at=clock.now(), reason="A disk is full.")
    with pytest.raises(services.NotPossible, match="Ellis Park has paused the night already"):
        night_verbs.pause(season=season, day=NIGHT, by=cast.maya, at=clock.now(), reason="Me too.")


def test_a_night_that_goes_on_is_not_resumed(season: Season, crowd: list[Reset], cast: Cast) -> None:
    with pytest.raises(services.NotPossible, match="not paused"):
        night_verbs.resume(season=season, day=NIGHT, by=cast.maya, at=clock.now(), reason="To be sure.")


@pytest.mark.parametrize("verb", [night_verbs.pause, night_verbs.resume])
def test_a_night_is_changed_for_a_reason_alone(season: Season, crowd: list[Reset], cast: Cast, verb: object) -> None:
    with pytest.raises(services.NotPossible, match="Say why"):
        verb(season=season, day=NIGHT, by=cast.maya, at=clock.now(), reason=" ")  # type: ignore[operator]


def test_a_run_without_a_place_gives_its_claim_back(
    reset: Reset, season: Season, crowd: list[Reset], cast: Cast, june: time_machine.Traveller
) -> None:
    night_verbs.pause(season=season, day=NIGHT, by=cast.ellis, at=clock.now(), reason="A disk is full.")
    assert not engine.advance(reset.pk, worker="w1", at=clock.now())
    reset.refresh_from_db()
    assert (reset.status, reset.attempts, reset.claimed_until) == (Status.SCHEDULED, 0, None)


def test_the_longest_unserved_run_is_woken_first(season: Season, crowd: list[Reset]) -> None:
    put(crowd[:3], Status.COUNTING)
    for minute, reset in ((2, crowd[0]), (1, crowd[1])):
        Reset.objects.filter(pk=reset.pk).update(claimed_until=f"2001-01-01T00:0{minute}:00Z")
    assert engine.waiting(at=clock.now())[:3] == [crowd[2].pk, crowd[1].pk, crowd[0].pk]
