"""Secrets of sources: encrypted at rest, under keys that can be changed."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from pytest_django import Settings

from districts.models import RosterSource
from districts.sources import secrets
from districts.sources.errors import SourceError
from tests.people import Cast

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def source(cast: Cast, settings: Settings) -> RosterSource:
    """Lakeside's source, whose secret was encrypted with the old key."""
    settings.SECRETS_KEYS = [OLD]
    RosterSource.objects.filter(district=cast.lakeside).update(secret=secrets.encrypt("open-sesame"))
    return RosterSource.objects.get(district=cast.lakeside)


def test_a_stored_secret_is_not_readable(source: RosterSource) -> None:
    assert "sesame" not in source.secret
    assert secrets.decrypt(source.secret) == "open-sesame"


def test_no_secret_stays_none(settings: Settings) -> None:
    assert (secrets.encrypt(""), secrets.decrypt("")) == ("", "")


def test_the_first_key_encrypts_and_all_decrypt(source: RosterSource, settings: Settings) -> None:
    settings.SECRETS_KEYS = [NEW, f" {OLD}"]
    assert secrets.decrypt(source.secret) == "open-sesame"
    fresh = secrets.encrypt("another")
    settings.SECRETS_KEYS = [NEW]
    assert secrets.decrypt(fresh) == "another"


def test_a_secret_of_a_lost_key_says_its_cure(source: RosterSource, settings: Settings) -> None:
    settings.SECRETS_KEYS = [NEW]
    with pytest.raises(SourceError, match="Enter the password or key again") as told:
        secrets.decrypt(source.secret)
    assert not told.value.can_retry


def test_rotating_lets_the_old_key_go(
    source: RosterSource, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SECRETS_KEYS = [NEW, OLD]
    call_command("rotate_secrets")
    settings.SECRETS_KEYS = [NEW]
    source.refresh_from_db()
    assert secrets.decrypt(source.secret) == "open-sesame"
    assert capsys.readouterr().out == "1 secret is encrypted with the first of SECRETS_KEYS.\n"


def test_rotating_names_the_districts_whose_key_is_lost(source: RosterSource, settings: Settings) -> None:
    settings.SECRETS_KEYS = [NEW]
    with pytest.raises(CommandError, match="reads the secret of 0620810"):
        call_command("rotate_secrets")
    assert RosterSource.objects.get(pk=source.pk).secret == source.secret
