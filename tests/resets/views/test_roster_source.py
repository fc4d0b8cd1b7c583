"""Where a district's rosters come from: who sets it, what is refused, and a secret that is never seen again."""

from typing import Any

import pytest
from django.test import Client

from districts.models import RosterSource
from districts.sources import fetching, secrets
from districts.sources.errors import SourceError
from resets.models import Reset
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.views.reading import text, words

PAGE = "/districts/0620810/rosters/source/"
SECRET = "correct-horse-battery"
COMMON = {"sync_hour": "2", "removal_percent": "10", "school_percent": "25", "school_students": "20"}
SFTP = COMMON | {
    "kind": "sftp",
    "sftp_address": "sftp.lakeside.example:2222",
    "sftp_username": "portal",
    "sftp_secret": SECRET,
    "sftp_folder": "/outgoing",
}
REST = COMMON | {
    "kind": "rest",
    "rest_address": "https://sis.lakeside.example/ims/oneroster/v1p1",
    "rest_token_address": "https://sis.lakeside.example/token",
    "rest_version": "1.1",
    "rest_signing": "oauth2",
    "rest_username": "portal",
    "rest_secret": SECRET,
    "rest_page_size": "500",
}


@pytest.fixture
def carmen(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.carmen)
    return client


def source(cast: Cast) -> RosterSource:
    return RosterSource.objects.get(district=cast.lakeside)


def errors(client: Client, data: dict[str, str]) -> dict[str, list[str]]:
    """What a refused form says, by field."""
    answer: Any = client.post(PAGE, data)
    assert answer.status_code == 422
    return dict(answer.context["form"].errors)


def test_it_is_saved_with_who_and_when_and_gets_its_night(carmen: Client, cast: Cast) -> None:
    assert carmen.post(PAGE, SFTP).status_code == 302
    saved = source(cast)
    assert (saved.kind, saved.address, saved.set_by, saved.set_at) == (
        "sftp",
        SFTP["sftp_address"],
        "Carmen Ortiz",
        JUNE_1,
    )
    assert saved.due_from is not None
    assert saved.due_from > JUNE_1


def test_its_secret_is_encrypted_and_never_shown_again(carmen: Client, cast: Cast) -> None:
    carmen.post(PAGE, SFTP)
    saved = source(cast)
    assert secrets.decrypt(saved.secret) == SECRET
    assert SECRET not in saved.secret
    content = carmen.get(PAGE).content.decode()
    assert SECRET not in content
    assert saved.secret not in content
    assert "Its secret is set, and never shown again. Last set by Carmen Ortiz, Tue, June 1, 2027" in text(
        content.encode()
    )


def test_a_secret_is_not_shown_beside_another_fields_refusal(carmen: Client) -> None:
    for refused in (SFTP | {"sftp_address": "a b"}, REST | {"rest_address": "http://sis.lakeside.example"}):
        answer = carmen.post(PAGE, refused)
        assert answer.status_code == 422
        assert SECRET not in answer.content.decode()
        assert "Enter it again: a secret is never sent back to the browser." in text(answer.content)


def test_left_blank_it_is_kept(carmen: Client, cast: Cast) -> None:
    carmen.post(PAGE, SFTP)
    before = source(cast).secret
    assert carmen.post(PAGE, SFTP | {"sftp_secret": "", "sftp_folder": "/other", "sync_hour": "3"}).status_code == 302
    assert (source(cast).secret, source(cast).folder, source(cast).sync_hour) == (before, "/other", 3)


@pytest.mark.parametrize("moved", [{"sftp_address": "sftp.elsewhere.example"}, {"sftp_username": "another"}], ids=str)
def test_another_place_wants_the_secret_again(carmen: Client, cast: Cast, moved: dict[str, str]) -> None:
    carmen.post(PAGE, SFTP)
    said = errors(carmen, SFTP | {"sftp_secret": ""} | moved)
    assert "Enter the secret again" in said["sftp_secret"][0]
    assert source(cast).address == SFTP["sftp_address"]


def test_a_token_address_elsewhere_wants_the_secret_again(carmen: Client, cast: Cast) -> None:
    carmen.post(PAGE, REST)
    elsewhere = {"rest_secret": "", "rest_token_address": "https://elsewhere.example/token"}
    assert "rest_secret" in errors(carmen, REST | elsewhere)
    assert source(cast).token_address == REST["rest_token_address"]


def test_uploads_need_no_secret_and_keep_none(carmen: Client, cast: Cast) -> None:
    carmen.post(PAGE, SFTP)
    carmen.post(PAGE, COMMON | {"kind": "upload"})
    saved = source(cast)
    assert (saved.kind, saved.secret, saved.address, saved.due_from) == ("upload", "", "", None)


@pytest.mark.parametrize(
    "address",
    ["http://sis.example/", "sis.example", "https://", "https://u:p@sis.example/", "https://sis.example/?a", "file:///etc",
     "https://sis.example/#a", "https://a b/", "https://sis.example:0/"],
)  # fmt: skip
def test_a_server_is_asked_over_https_alone(carmen: Client, address: str) -> None:
    assert "https://" in errors(carmen, REST | {"rest_address": address})["rest_address"][0]


@pytest.mark.parametrize(
    "address", ["sftp://sftp.example", "a b", "host/path", "host:99999", "user@host", "-x", "host:"]
)
def test_an_sftp_server_is_a_name_and_a_port(carmen: Client, address: str) -> None:
    assert "Write the server’s name alone" in errors(carmen, SFTP | {"sftp_address": address})["sftp_address"][0]


def test_thresholds_are_shares(carmen: Client, cast: Cast) -> None:
    assert "removal_percent" in errors(carmen, SFTP | {"removal_percent": "101"})
    carmen.post(PAGE, SFTP | {"removal_percent": "30", "school_students": "5"})
    assert (source(cast).removal_percent, source(cast).school_students) == (30, 5)


def test_a_folder_of_this_server_is_named_by_an_engineer_alone(client: Client, cast: Cast, reset: Reset) -> None:
    folder = COMMON | {"kind": "folder", "folder_folder": "/etc"}
    client.force_login(cast.carmen)
    assert "kind" in errors(client, folder)
    client.force_login(cast.ellis)
    assert client.post(PAGE, folder | {"folder_folder": "/srv/rosters/lakeside"}).status_code == 302
    client.force_login(cast.maya)
    assert "folder_folder" in errors(client, folder)
    assert source(cast).folder == "/srv/rosters/lakeside"


def test_the_districts_admin_reads_it_and_sets_nothing(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.carmen)
    client.post(PAGE, SFTP)
    said = words(client, cast.dana, PAGE)
    assert "sftp.lakeside.example:2222, folder /outgoing" in said
    assert "More than 10% would be removed" in said
    answer = client.post(PAGE, SFTP)
    assert answer.status_code == 403
    assert "whose word the portal takes" in text(answer.content)


def test_a_source_is_tried_and_says_how_it_went(carmen: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    carmen.post(PAGE, SFTP)
    monkeypatch.setattr(fetching, "look", lambda source, at: "Its newest roster is 2027-06-01.zip.")
    assert "Its newest roster is 2027-06-01.zip." in text(carmen.post(f"{PAGE}try/", follow=True).content)


@pytest.mark.parametrize(
    ("error", "said"),
    [(SourceError("sftp.lakeside.example does not answer.", True), "does not answer."),
     (RuntimeError("portal:hunter2"), "The source could not be tried (RuntimeError).")],
    ids=["foreseen", "not foreseen"],
)  # fmt: skip
def test_a_source_that_fails_breaks_no_page(
    carmen: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def look(source: RosterSource, *, at: object) -> str:
        raise error

    carmen.post(PAGE, SFTP)
    monkeypatch.setattr(fetching, "look", look)
    answer = text(carmen.post(f"{PAGE}try/", follow=True).content)
    assert said in answer
    assert "hunter2" not in answer
