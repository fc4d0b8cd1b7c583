"""The demo's clock, as the strip above the pages moves it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from resetportal import clock
from resets import engine
from resets.models import Reset
from tests.people import Cast
from tests.resets.conftest import (  # noqa: F401  (fixtures)
    JUNE_1,
    RESET_NIGHT,
    june,
    ledger,
    night,
    reset,
    season,
)

pytestmark = pytest.mark.usefixtures("reset")


@pytest.fixture
def demo(settings: Settings, client: Client, cast: Cast) -> Client:
    """Carmen's browser, in the demo."""
    settings.DEMO = True
    client.force_login(cast.carmen)
    return client


def move(client: Client, **data: str) -> tuple[int, datetime]:
    return client.post("/demo/clock/", data).status_code, clock.now()


@pytest.mark.parametrize(("by", "length"), [("hour", timedelta(hours=1)), ("day", timedelta(days=1))])
def test_it_moves_on_by_an_hour_or_a_day(demo: Client, by: str, length: timedelta) -> None:
    assert move(demo, move=by) == (302, JUNE_1 + length)


def test_it_goes_to_a_minute_after_her_next_reset_is_due(demo: Client) -> None:
    assert move(demo, move="reset_night") == (302, datetime.fromisoformat("2027-07-28T08:01:00Z"))


def test_on_a_districts_page_it_goes_to_that_districts_night(demo: Client, cast: Cast) -> None:
    demo.force_login(cast.maya)
    here = f"/districts/{cast.lakeside.site_code}/date/?day=2027-07-31"
    assert move(demo, move="reset_night", next=here) == (302, datetime.fromisoformat("2027-07-28T08:01:00Z"))


def test_on_a_resets_page_it_goes_to_that_night(demo: Client, cast: Cast) -> None:
    demo.force_login(cast.maya)
    here = Reset.objects.get(district=cast.lakeside).get_absolute_url()
    assert move(demo, move="reset_night", next=here) == (302, datetime.fromisoformat("2027-07-28T08:01:00Z"))


def test_a_lead_goes_to_the_earliest_of_all(demo: Client, cast: Cast) -> None:
    demo.force_login(cast.maya)
    assert move(demo, move="reset_night") == (302, datetime.fromisoformat("2027-07-28T05:01:00Z"))


@pytest.mark.usefixtures("night")
def test_it_stays_where_nothing_lies_ahead(demo: Client) -> None:
    answer = demo.post("/demo/clock/", {"move": "reset_night"}, follow=True)
    assert "nothing of the kind lies ahead" in answer.content.decode()
    assert clock.now() == RESET_NIGHT


@pytest.mark.usefixtures("night")
def test_after_the_reset_it_goes_to_the_morning_on_which_rostering_starts(demo: Client, reset: Reset) -> None:  # noqa: F811
    engine.run(reset.pk, worker="w1")
    assert move(demo, move="rostering") == (302, datetime.fromisoformat("2027-08-09T16:00:00Z"))


@pytest.mark.parametrize("by", ["", "week", "-1"])
def test_it_moves_in_no_other_way(demo: Client, by: str) -> None:
    assert move(demo, move=by) == (400, JUNE_1)


def test_it_is_not_moved_by_looking(demo: Client) -> None:
    assert demo.get("/demo/clock/", {"move": "day"}).status_code == 405
    assert clock.now() == JUNE_1


def test_it_goes_back_only_to_a_page_of_the_portal(demo: Client) -> None:
    for given, reached in (("/tonight/", "/tonight/"), ("https://elsewhere.example/", "/")):
        answer = demo.post("/demo/clock/", {"move": "hour", "next": given})
        assert answer.headers["Location"] == reached


def test_signed_out_it_is_not_moved(demo: Client) -> None:
    demo.logout()
    assert move(demo, move="day") == (302, JUNE_1)


@pytest.mark.parametrize("method", ["get", "post"])
def test_outside_the_demo_it_does_not_exist(client: Client, cast: Cast, method: str) -> None:
    client.force_login(cast.ellis)
    assert getattr(client, method)("/demo/clock/", {"move": "day"}).status_code == 404


def test_every_page_of_the_demo_shows_it_in_the_zone_of_the_page(demo: Client, cast: Cast, reset: Reset) -> None:  # noqa: F811
    assert "Tue, June 1, 2027, 9:00 AM PDT" in demo.get(reset.get_absolute_url()).content.decode()
    demo.force_login(cast.omar)
    other = Reset.objects.get(district=cast.quarry)
    assert "Tue, June 1, 2027, 12:00 PM EDT" in demo.get(other.get_absolute_url()).content.decode()
