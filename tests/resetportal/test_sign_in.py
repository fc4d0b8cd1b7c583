"""Signing in: e-mail and password, limits that hold without Redis, nobody signs up, nothing is kept by the browser."""

from datetime import UTC, date, datetime

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from resetportal import clock
from tests.people import PASSWORD, Cast

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _no_limit_is_reached_yet(db: None, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    cache.clear()


def sign_in(client: Client, email: str, password: str) -> bool:
    client.post(LOGIN, {"login": email, "password": password})
    return "_auth_user_id" in client.session


def test_an_e_mail_and_a_password_are_enough(client: Client, cast: Cast) -> None:
    assert sign_in(client, "Carmen@Vendor.example", PASSWORD)


def test_the_last_sign_in_is_noted_by_the_portals_clock(client: Client, cast: Cast, settings: Settings) -> None:
    settings.DEMO = True
    clock.move_to(datetime(2027, 6, 7, 16, tzinfo=UTC))
    sign_in(client, cast.carmen.email, PASSWORD)
    cast.carmen.refresh_from_db()
    assert cast.carmen.last_login is not None
    assert cast.carmen.last_login.date() == date(2027, 6, 7)


def test_a_wrong_password_is_not(client: Client, cast: Cast) -> None:
    assert not sign_in(client, cast.carmen.email, "a winter of resets")


def test_somebody_disabled_is_refused_at_the_next_request(client: Client, cast: Cast) -> None:
    client.force_login(cast.carmen)
    cast.carmen.is_active = False
    cast.carmen.save()
    assert client.get("/accounts/password/change/").status_code == 302


def test_guessing_ends_after_five_tries_even_with_the_right_password(client: Client, cast: Cast) -> None:
    for _ in range(5):
        sign_in(client, cast.carmen.email, "a winter of resets")
    assert not sign_in(client, cast.carmen.email, PASSWORD)
    assert sign_in(client, cast.omar.email, PASSWORD)


def test_a_stranger_gets_the_same_answer_as_a_wrong_password(client: Client, cast: Cast) -> None:
    known = client.post(LOGIN, {"login": cast.carmen.email, "password": "a winter of resets"})
    unknown = client.post(LOGIN, {"login": "sam@vendor.example", "password": "a winter of resets"})
    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].errors == unknown.context["form"].errors


def test_nobody_signs_up(client: Client) -> None:
    fields = {"email": "sam@vendor.example", "password1": "a summer of Sam", "password2": "a summer of Sam"}
    client.post("/accounts/signup/", fields)
    assert not sign_in(client, "sam@vendor.example", "a summer of Sam")


def test_no_signed_in_page_is_kept(client: Client, cast: Cast) -> None:
    client.force_login(cast.carmen)
    assert client.get("/accounts/password/change/")["Cache-Control"] == "no-store"


def test_pages_run_no_script_and_no_style_but_their_own(client: Client) -> None:
    policy = client.get(LOGIN)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("pressed", ["action_add", "action_remove", "action_primary"])
def test_nobody_changes_an_address_of_their_own(client: Client, cast: Cast, pressed: str) -> None:
    client.force_login(cast.dana)
    answer = client.post("/accounts/email/", {"email": "dana@elsewhere.example", pressed: ""})
    assert answer.status_code == 405
    assert not EmailAddress.objects.filter(email="dana@elsewhere.example").exists()
