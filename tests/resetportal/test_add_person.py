"""An account by hand: the first people of a real installation."""

import io

import pytest
from django.core.management import CommandError, call_command

from resetportal.models import Role, User
from tests.people import Cast


@pytest.fixture(autouse=True)
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a long and odd sentence\n"))


def add(*words: str) -> User:
    call_command("add_person", *words, stdout=io.StringIO())
    return User.objects.get(email=words[0].lower())


def test_a_csm_gets_her_districts(cast: Cast) -> None:
    ruth = add("Ruth@Vendor.example", "Ruth Adeyemi", "csm", "--district", "3609930")
    cast.quarry.refresh_from_db()
    assert (cast.quarry.csm, ruth.role, ruth.is_superuser) == (ruth, Role.CSM, False)
    assert ruth.check_password("a long and odd sentence")


def test_a_district_admin_belongs_to_her_district(cast: Cast) -> None:
    luis = add("luis@lakeside.example", "Luis Park", "district_admin", "--district", "0620810")
    assert luis.district == cast.lakeside


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("x@vendor.example", "X", "district_admin"), "belongs to one district"),
        (("x@vendor.example", "X", "csm_lead", "--district", "0620810"), "Only a CSM looks after"),
        (("x@vendor.example", "X", "csm", "--district", "9999999"), "No district has the site code"),
        (("carmen@vendor.example", "X", "csm"), "already exists"),
        (("no address", "X", "csm"), "valid email"),
    ],
)
def test_it_says_what_is_wrong(cast: Cast, words: tuple[str, ...], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        add(*words)


def test_it_refuses_a_password_that_is_easily_guessed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("password\n"))
    with pytest.raises(CommandError, match="too common"):
        add("x@vendor.example", "X", "csm")


def test_a_name_is_one_line(cast: Cast) -> None:
    with pytest.raises(CommandError, match="one line"):
        add("eve@vendor.example", "Eve\nBcc: a@b.example", "csm")
    assert not User.objects.filter(email="eve@vendor.example").exists()
