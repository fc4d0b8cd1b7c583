"""I6: a gate says what its district's reset says, whatever is done to it, in whatever order."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from districts import gate
from districts.models import Gate, RosterSource
from resetportal import clock
from resets import engine, holds, opening, policy, seasons, services
from resets.models import Hold, Reset, ResetEvent, Season, Status
from tests.people import Cast
from tests.resets.conftest import JUNE_1

LATER = datetime(2027, 6, 25, 16, tzinfo=UTC)


def gate_of(reset: Reset) -> tuple[date | None, bool, bool]:
    """What the gate says: the day from which it pauses, whether a run shut it, whether it was resumed."""
    row = Gate.objects.get(pk=reset.district_id)
    return row.pauses_on, row.is_shut, row.resumed_at is not None


def told_by(reset: Reset) -> tuple[date | None, bool, bool]:
    """The same, told by the reset and its history alone."""
    reset.refresh_from_db()
    resumed = ResetEvent.objects.filter(reset_id=reset.pk, kind__in=("resumed", "resumed_by_policy")).exists()
    began = reset.stage != Status.SCHEDULED
    return reset.date, began and not resumed, resumed


def agree(reset: Reset) -> None:
    assert gate_of(reset) == told_by(reset)


def run(reset: Reset) -> None:
    engine.run(reset.pk, worker="w1")


def test_the_gate_agrees_from_the_opening_to_the_new_year(
    reset: Reset, cast: Cast, june: time_machine.Traveller
) -> None:
    agree(reset)
    services.schedule(reset=reset, to=date(2027, 7, 6), by=cast.carmen, at=JUNE_1)
    agree(reset)
    june.move_to(datetime(2027, 7, 6, 8, 5, tzinfo=UTC))
    run(reset)
    assert gate_of(reset) == (date(2027, 7, 6), True, False)
    agree(reset)
    services.declare_rostering_complete(reset=reset, by=cast.carmen, at=clock.now())
    assert gate_of(reset) == (date(2027, 7, 6), False, True)
    agree(reset)


def due_again(reset: Reset) -> tuple[datetime | None, int]:
    """When the district's rosters are fetched next, and the night's failed attempts."""
    source = RosterSource.objects.get(pk=reset.district_id)
    return source.due_from, source.attempts


def test_a_declaration_has_the_source_fetched_at_once_and_nothing_before_it(
    reset: Reset, cast: Cast, night: time_machine.Traveller
) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    RosterSource.objects.filter(pk=reset.district_id).update(kind="sftp", due_from=tomorrow, attempts=3)
    run(reset)
    assert due_again(reset) == (tomorrow, 3)
    services.declare_rostering_complete(reset=reset, by=cast.carmen, at=clock.now())
    assert due_again(reset) == (clock.now(), 0)


def test_a_policy_that_resumes_at_completion_has_the_source_fetched_too(
    reset: Reset, season: Season, night: time_machine.Traveller
) -> None:
    RosterSource.objects.filter(pk=reset.district_id).update(kind="rest", due_from=None, attempts=3)
    season.policy |= {"resumes_on": "reset_complete"}
    season.save()
    run(reset)
    assert due_again(reset) == (clock.now(), 0)


def test_it_opens_again_when_a_held_run_gets_a_new_date(
    reset: Reset, cast: Cast, night: time_machine.Traveller
) -> None:
    engine.advance(reset.pk, worker="w1", at=clock.now())
    services.stop(reset=reset, by=cast.carmen, at=clock.now(), reason="The district called.")
    agree(reset)
    assert gate_of(reset)[1]
    services.schedule(reset=reset, to=reset.date, by=cast.carmen, at=JUNE_1)
    agree(reset)
    assert not gate_of(reset)[1]


def test_it_is_resumed_by_a_policy_that_says_so(reset: Reset, season: Season, night: time_machine.Traveller) -> None:
    season.policy |= {"resumes_on": "reset_complete"}
    season.save()
    run(reset)
    agree(reset)
    assert gate_of(reset)[2]


def test_a_completed_resets_district_is_paused_until_it_is_resumed(
    reset: Reset, cast: Cast, night: time_machine.Traveller
) -> None:
    run(reset)
    night.move_to(datetime(2027, 9, 1, tzinfo=UTC))
    with pytest.raises(gate.Paused):
        gate.ask(reset.district_id)
    services.declare_rostering_complete(reset=reset, by=cast.carmen, at=clock.now())
    assert gate.ask(reset.district_id)


def test_the_next_season_shuts_a_gate_that_the_last_one_resumed(
    reset: Reset, cast: Cast, night: time_machine.Traveller
) -> None:
    run(reset)
    services.declare_rostering_complete(reset=reset, by=cast.carmen, at=clock.now())
    Reset.objects.exclude(pk=reset.pk).delete()
    Gate.objects.exclude(pk=reset.district_id).update(pauses_on=None)
    night.move_to(datetime(2028, 5, 1, tzinfo=UTC))
    following = opening.draft_season(policy=seasons.starting_policy(2028), by=cast.maya, at=clock.now(), source="2023")
    opening.open_season(season=following, by=cast.maya, at=clock.now())
    late = opening.add_district(
        season=following, district=cast.lakeside, to=date(2028, 7, 6), by=cast.carmen, at=clock.now(), reason="Late."
    )
    assert gate_of(late) == (date(2028, 7, 6), False, False)
    night.move_to(datetime(2028, 7, 6, 7, 30, tzinfo=UTC))  # 12:30 AM in Los Angeles
    with pytest.raises(gate.Paused):
        gate.ask(reset.district_id)


@pytest.mark.parametrize("seed", range(8))
def test_the_gate_agrees_after_every_step_of_a_random_life(
    reset: Reset, season: Season, cast: Cast, june: time_machine.Traveller, seed: int
) -> None:
    chance = random.Random(seed)
    verbs = life(reset, season, cast, june, chance)
    for _ in range(30):
        name = chance.choice(list(verbs))
        with suppress(services.Refused, services.NotPossible, services.ReasonMissing):
            verbs[name]()
        assert gate_of(reset) == told_by(reset), name


def life(
    reset: Reset, season: Season, cast: Cast, clock_of_tests: time_machine.Traveller, chance: random.Random
) -> dict[str, Callable[[], object]]:
    """All that can be done to a reset, by name."""

    def who(**more: object) -> dict[str, object]:
        return {"reset": reset, "by": cast.carmen, "at": clock.now()} | more

    def any_day() -> date:
        return date(2027, 6, 15) + timedelta(days=chance.randrange(60))

    def end_hold() -> None:
        for hold in Hold.objects.filter(ended_at=None):
            holds.end(held=hold, by=cast.carmen, at=clock.now())

    def place_hold() -> None:
        if not Hold.objects.filter(ended_at=None).exists():
            holds.place(district=cast.lakeside, by=cast.carmen, at=clock.now(), reason="A parent asked.")

    def move_default() -> None:
        now = Season.objects.get(pk=season.pk)
        days = {"default_dates": [f"2027-07-{chance.randrange(10, 31)}"]}
        after = policy.Policy.from_data(now.policy | days)
        opening.change_policy(season=now, after=after, by=cast.maya, at=clock.now())

    return {
        "schedule": lambda: services.schedule(**who(to=any_day(), reason="So agreed.")),  # type: ignore[arg-type]
        "keep": lambda: services.keep_default(**who()),  # type: ignore[arg-type]
        "stop": lambda: services.stop(**who(reason="Wait.")),  # type: ignore[arg-type]
        "retry": lambda: services.retry(**who(reason="Go on.")),  # type: ignore[arg-type]
        "step": lambda: engine.advance(reset.pk, worker="w1", at=clock.now()),
        "run": lambda: run(reset),
        "resume": lambda: services.declare_rostering_complete(**who()),  # type: ignore[arg-type]
        "days pass": lambda: clock_of_tests.shift(timedelta(days=chance.randrange(1, 20))),
        "place hold": place_hold,
        "end hold": end_hold,
        "move default": move_default,
    }
