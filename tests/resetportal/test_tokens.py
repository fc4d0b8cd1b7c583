"""Tokens of the learning platform: shown once, kept as a hash, ending when they should."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from districts.models import District
from resetportal import tokens
from resetportal.models import Role, User
from tests.people import Cast


def send(client: Client, token: str) -> int:
    """What an empty batch gets: 400 where the token is good."""
    headers = {"Authorization": f"Bearer {token}"}
    return int(client.post("/api/v1/activity/", {}, content_type="application/json", headers=headers).status_code)


@pytest.fixture
def token(cast: Cast) -> str:
    return tokens.issue("platform-2027", days=1)[0]


def test_it_is_printed_once_and_alone(cast: Cast, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("issue_token", "platform-2027", "--days", "90")
    printed = capsys.readouterr()
    assert printed.out.startswith("rp_")
    assert send(client, printed.out.strip()) == 400
    assert printed.out.strip() not in printed.err


def test_nothing_of_it_is_kept_but_a_hash_and_its_first_letters(token: str) -> None:
    kept = AuthToken.objects.get()
    assert token not in {kept.digest, kept.token_key}
    assert token.startswith(kept.token_key)


def test_an_expired_token_is_refused(token: str, client: Client) -> None:
    AuthToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert send(client, token) == 401


def test_a_revoked_token_is_refused(token: str, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("revoke_token", "platform-2027")
    assert capsys.readouterr().out == "Tokens of platform-2027 are refused from now on; 1 ended.\n"
    assert send(client, token) == 401


def test_a_name_can_be_used_again_after_it_was_revoked(token: str, client: Client) -> None:
    tokens.revoke("platform-2027")
    assert send(client, tokens.issue("platform-2027", days=1)[0]) == 400


def test_a_second_token_leaves_the_first_in_use(token: str, client: Client) -> None:
    other, _ = tokens.issue("platform-2028", days=1)
    tokens.revoke("platform-2028")
    assert (send(client, token), send(client, other)) == (400, 401)


@pytest.mark.parametrize(
    "garbage", ["", "rp_", "a b", "\xff" * 64, "x" * 5000, "rp_" + "0" * 64, "r\x00" * 32, "é" * 64]
)
def test_what_is_no_token_is_refused(token: str, client: Client, garbage: str) -> None:
    assert send(client, garbage) == 401


@pytest.mark.parametrize("name", ["", "Platform", "a--b", "a" * 41, "a@b", "a\n"])
def test_a_name_that_will_not_do_is_refused(db: None, name: str) -> None:
    with pytest.raises(CommandError, match="Name a token"):
        call_command("issue_token", name)


@pytest.mark.parametrize("days", [0, 731])
def test_a_token_ends_within_two_years(db: None, days: int) -> None:
    with pytest.raises(CommandError, match="1 to 730 days"):
        call_command("issue_token", "platform", days=days)


def test_a_name_that_was_never_issued_cannot_be_revoked(db: None) -> None:
    with pytest.raises(CommandError, match="No token was ever issued"):
        call_command("revoke_token", "platform")


def test_its_holder_sees_no_district_and_is_nobody_of_the_vendors(token: str) -> None:
    holder = User.objects.get(role=Role.PLATFORM)
    assert not District.objects.visible_to(holder).exists()
    assert not holder.is_vendor


def test_its_holder_cannot_have_a_password(token: str) -> None:
    holder = User.objects.get(role=Role.PLATFORM)
    holder.set_password("a summer of resets")
    with pytest.raises(ValidationError, match="tokens, no password"):
        holder.full_clean()


def test_its_holder_cannot_sign_in(token: str) -> None:
    assert authenticate(None, email="platform-2027@platform.invalid", password="!") is None


def test_a_token_opens_nothing_but_the_feed(token: str, client: Client) -> None:
    assert client.get("/api/v1/districts/", headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_nobody_issues_tokens_on_a_page() -> None:
    assert AuthToken not in admin.site._registry
