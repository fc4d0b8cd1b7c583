"""Whose turn it is: leases by the database's clock, and numbers that fence off whoever went silent."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from time import sleep

import pytest
from django.db import connection
from django.db.models import QuerySet
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from districts import gate, shards, turns
from districts.models import Gate, RosterSource
from districts.services import create_district
from districts.turns import Turn
from tests.people import Cast


@pytest.fixture
def lakeside(cast: Cast) -> QuerySet[RosterSource]:
    return RosterSource.objects.filter(pk=cast.lakeside.pk)


@pytest.fixture
def quarry(cast: Cast) -> QuerySet[RosterSource]:
    return RosterSource.objects.filter(pk=cast.quarry.pk)


def take(candidates: QuerySet[RosterSource]) -> Turn:
    turn = turns.take(candidates)
    assert turn
    return turn


def go_silent(candidates: QuerySet[RosterSource]) -> None:
    """The worker's lease ends."""
    candidates.update(claimed_until=turns.DATABASE_NOW - timedelta(seconds=1))


def test_a_district_has_one_turn_at_a_time(lakeside: QuerySet[RosterSource], settings: Settings) -> None:
    settings.ROSTERS_AT_ONCE = 5
    assert turns.take(lakeside)
    assert turns.take(lakeside) is None


def test_so_many_districts_are_read_at_once(
    lakeside: QuerySet[RosterSource], quarry: QuerySet[RosterSource], settings: Settings
) -> None:
    first = take(lakeside)
    assert turns.take(quarry) is None
    settings.ROSTERS_AT_ONCE = 2
    assert turns.take(quarry)
    settings.ROSTERS_AT_ONCE = 1
    turns.give_back(first, attempts=0)
    assert turns.free_places() == 0


def test_a_sync_by_hand_needs_no_place(lakeside: QuerySet[RosterSource], quarry: QuerySet[RosterSource]) -> None:
    take(lakeside)
    assert turns.take(quarry, is_capped=False)


def test_a_silent_workers_turn_is_taken_over(lakeside: QuerySet[RosterSource]) -> None:
    first = take(lakeside)
    go_silent(lakeside)
    second = take(lakeside)
    assert (second.number, second.attempt) == (first.number + 1, 2)


def test_who_was_taken_over_gives_nothing_back(lakeside: QuerySet[RosterSource]) -> None:
    first = take(lakeside)
    go_silent(lakeside)
    take(lakeside)
    assert not turns.give_back(first, attempts=0)
    turns.renew(first)
    assert turns.take(lakeside) is None


def test_who_was_taken_over_writes_nothing(lakeside: QuerySet[RosterSource], cast: Cast) -> None:
    with turns.kept(take(lakeside)):
        turns.check(cast.lakeside.pk)
        go_silent(lakeside)
        take(lakeside)
        with pytest.raises(turns.Lost):
            turns.check(cast.lakeside.pk)


def test_a_turn_from_before_a_reset_writes_nothing(lakeside: QuerySet[RosterSource], cast: Cast) -> None:
    with turns.kept(take(lakeside)):
        Gate.objects.filter(pk=cast.lakeside.pk).update(resets=1)
        with pytest.raises(gate.Outdated):
            turns.check(cast.lakeside.pk)


def test_who_has_no_turn_is_not_asked(cast: Cast) -> None:
    turns.check(cast.lakeside.pk)


def test_a_turn_that_was_given_back_is_not_kept(lakeside: QuerySet[RosterSource]) -> None:
    turn = take(lakeside)
    turns.give_back(turn, attempts=0)
    turns.renew(turn)
    assert turns.take(lakeside)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[QuerySet[RosterSource]]:
    """Sources of four districts that other connections see; they are removed again."""
    with django_db_blocker.unblock():
        made = [create_district(name=f"Busy {number}", site_code=f"069997{number}") for number in range(4)]
        yield RosterSource.objects.filter(district__in=made).order_by("pk")
        for district in made:
            shards.drop(district.pk)
            district.delete()


def in_threads(number: int, work: Callable[[], Turn | None]) -> list[Turn]:
    """What `number` workers get that ask at the same moment."""
    barrier, found = threading.Barrier(number), []

    def run() -> None:
        barrier.wait(10)
        found.append(work())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [turn for turn in found if turn]


def test_of_many_workers_at_once_each_place_has_one(committed: QuerySet[RosterSource], settings: Settings) -> None:
    settings.ROSTERS_AT_ONCE = 3
    found = in_threads(12, lambda: turns.take(committed.all()))
    assert len({turn.district_id for turn in found}) == len(found) == 3


def test_a_turn_is_kept_while_a_server_is_slow(
    committed: QuerySet[RosterSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "LEASE", timedelta(seconds=0.6))
    with turns.kept(take(committed.all())):
        sleep(1.5)
        assert RosterSource.objects.filter(pk__in=committed, claimed_until__gt=turns.DATABASE_NOW).count() == 1
