"""The first page of each role, and the one way to sign in."""

import pytest
from django.test import Client

from tests.people import PASSWORD, Cast


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("carmen", "/districts/"),
        ("maya", "/districts/"),
        ("ellis", "/tonight/"),
        ("dana", "/districts/0620810/"),
    ],
)
def test_everybody_starts_on_their_own_page(client: Client, cast: Cast, who: str, page: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get("/").headers["Location"] == page


def test_the_admin_pages_have_no_sign_in_of_their_own(client: Client, cast: Cast) -> None:
    sent = {"username": cast.ellis.email, "password": PASSWORD}
    answer = client.post("/admin/login/?next=/admin/", sent)
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert client.get("/admin/").status_code == 302


def test_the_admin_pages_tell_a_csm_that_they_are_not_hers(client: Client, cast: Cast) -> None:
    client.force_login(cast.carmen)
    assert client.get("/admin/login/").status_code == 403
