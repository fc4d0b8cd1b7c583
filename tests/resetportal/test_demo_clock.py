"""The demo's clock buttons: they move the clock for everybody, in the demo alone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from resetportal import clock
from resets import opening, seasons
from tests.people import Cast

JUNE_7 = datetime(2027, 6, 7, 16, 0, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)
URL = "/demo/clock/"


@pytest.fixture
def carmens(client: Client, cast: Cast, settings: Settings) -> Client:
    """Carmen's browser in a demo whose clock stands at June 7."""
    settings.DEMO = True
    clock.move_to(JUNE_7)
    client.force_login(cast.carmen)
    return client


@pytest.mark.parametrize(("move", "by"), [("hour", timedelta(hours=1)), ("day", timedelta(days=1))])
def test_it_moves_on(carmens: Client, move: str, by: timedelta) -> None:
    answer = carmens.post(URL, {"move": move, "next": "/readyz"})
    assert (answer.status_code, answer["Location"]) == (302, "/readyz")
    assert abs(clock.now() - JUNE_7 - by) < A_MINUTE


def test_it_goes_to_the_next_reset_night(carmens: Client, cast: Cast) -> None:
    season = opening.draft_season(policy=seasons.starting_policy(2027), by=cast.maya, at=JUNE_7, source="2023")
    opening.open_season(season=season, by=cast.maya, at=JUNE_7)
    carmens.post(URL, {"move": "reset_night"})
    due = season.resets.get(district=cast.lakeside).due_from
    assert due <= clock.now() < due + 2 * A_MINUTE


def test_it_stays_when_no_reset_of_hers_is_to_come(carmens: Client) -> None:
    carmens.post(URL, {"move": "reset_night"})
    assert abs(clock.now() - JUNE_7) < A_MINUTE


def test_it_refuses_another_move(carmens: Client) -> None:
    assert carmens.post(URL, {"move": "year"}).status_code == 400


def test_it_returns_to_no_page_elsewhere(carmens: Client) -> None:
    assert carmens.post(URL, {"move": "day", "next": "https://elsewhere.example/"})["Location"] == "/"


def test_looking_at_it_moves_nothing(carmens: Client) -> None:
    assert carmens.get(URL).status_code == 405


def test_somebody_signed_out_cannot_move_it(carmens: Client) -> None:
    carmens.logout()
    assert carmens.post(URL, {"move": "day"})["Location"].startswith("/accounts/login/")
    assert abs(clock.now() - JUNE_7) < A_MINUTE


def test_outside_the_demo_there_is_no_such_address(client: Client, cast: Cast) -> None:
    client.force_login(cast.carmen)
    assert client.post(URL, {"move": "day"}).status_code == 404
