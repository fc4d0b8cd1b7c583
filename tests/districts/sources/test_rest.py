"""Whole rosters from a OneRoster REST server of another make: each oddity of vendors, and what is said of refusals."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from districts.roster.records import EducatorRole, Roster
from districts.sources import rest, web
from districts.sources.errors import SourceError
from districts.sources.fetched import Fetched
from tests.districts.roster.files import RosterFiles
from tests.districts.sources.rest_servers import SECRET, read, records, serving, source, texts

AT = datetime(2027, 1, 10, 8, tzinfo=UTC)
NAMES = ("Canary", "Ann", SECRET, "s3cr3t", "token-")

Fetch = Callable[..., Fetched]


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "PAUSE", 0.001)


@pytest.fixture
def fetch(tmp_path: Path) -> Iterator[Fetch]:
    """Fetches everything from a server with these oddities, by a source with these settings."""
    with ExitStack() as stack:

        def fetch(settings: dict[str, Any] | None = None, **more: Any) -> Fetched:
            address = stack.enter_context(serving(tmp_path, **(settings or {})))
            folder = tmp_path / f"roster{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            return rest.fetch(source(address, **more), folder, at=AT, full=True)

        yield fetch


@pytest.fixture
def good(tmp_path: Path) -> Roster:
    """What the same roster is as a vendor's own zip."""
    return read(RosterFiles().zip(tmp_path / "good.zip"))


ODDITIES: dict[str, dict[str, Any]] = {
    "as the specification says": {"total": True, "link": True},
    "no paging headers": {},
    "a total only": {"total": True},
    "links only": {"link": True},
    "a clamped limit": {"clamp": 2},
    "a clamped limit with a total": {"clamp": 2, "total": True},
    "a clamped limit with links": {"clamp": 1, "link": True},
    "a limit that is refused": {"refuses_limits_above": 100},
    "all at once, whatever is asked for": {"no_paging": True},
    "an error past the end": {"refuses_past_the_end": 400},
    "404 past the end of a clamped limit": {"refuses_past_the_end": 404, "clamp": 3, "total": True},
    "429 in plain text": {"busy": 3},
    "503 now and then": {"fails": 3},
    "tokens for two requests": {"token_requests": 2},
    "credentials in the body": {"credentials_in_body": True},
    "answers that break off": {"truncates": 2},
    "no courses": {"lacking": ["courses"]},
    "slow answers": {"slow": 0.05},
}


@pytest.mark.parametrize("oddity", ODDITIES)
def test_it_fetches_the_whole_roster(oddity: str, fetch: Fetch, good: Roster) -> None:
    assert read(fetch(ODDITIES[oddity]).path) == good


@pytest.mark.parametrize("oddity", ["no paging headers", "a clamped limit with links"])
def test_it_fetches_the_same_from_a_1_2_server(oddity: str, fetch: Fetch, good: Roster) -> None:
    assert read(fetch({**ODDITIES[oddity], "version": "1.2"}, version="1.2").path) == good


@pytest.mark.parametrize("own_wrappers", [False, True])
def test_students_and_teachers_stand_in_for_users(own_wrappers: bool, fetch: Fetch) -> None:
    held = records()
    users = held.pop("users")
    held["students"] = [user for user in users if user["role"] == "student"]
    held["teachers"] = [user for user in users if user["role"] == "teacher"]
    held["schools"], held["terms"] = held.pop("orgs"), held.pop("academicSessions")
    roster = read(fetch({"records": held, "own_wrappers": own_wrappers}).path)
    assert [student.sourced_id for student in roster.students] == ["s1", "s2", "s3"]
    assert [educator.sourced_id for educator in roster.educators] == ["e1", "e2"]
    assert roster.sessions


def test_an_educator_of_several_roles_keeps_them(fetch: Fetch) -> None:
    held = records("1.2")
    roles = [("primary", "principal", "north"), ("secondary", "teacher", "south")]
    educator = next(user for user in held["users"] if user["sourcedId"] == "e2")
    educator["roles"] = [{"roleType": kind, "role": role, "org": {"sourcedId": org}} for kind, role, org in roles]
    roster = read(fetch({"version": "1.2", "records": held}, version="1.2").path)
    assert EducatorRole("e2", "north", "principal") in roster.roles
    assert EducatorRole("e2", "south", "teacher") in roster.roles


@pytest.mark.parametrize("method", ["HMAC-SHA256", "HMAC-SHA1"])
def test_it_signs_requests(method: str, fetch: Fetch, good: Roster) -> None:
    assert read(fetch({"oauth1": method, "clamp": 2}, signing="oauth1").path) == good


@pytest.mark.parametrize("root", ["", "/ims/oneroster/v1p1", "/ims/oneroster/v1p1/"])
def test_the_base_address_is_the_root_or_that_of_the_collections(root: str, tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        assert rest.fetch(source(address + root, token_address=f"{address}/oauth/token"), tmp_path, at=AT, full=True)


def test_a_scope_that_the_server_wants_is_asked_for(fetch: Fetch, good: Roster) -> None:
    scope = "https://purl.imsglobal.org/spec/or/v1p1/scope/roster.readonly"
    assert read(fetch({"scope": scope}, scopes=f" {scope} ").path) == good


def test_equal_answers_make_equal_bytes(fetch: Fetch) -> None:
    assert fetch().path.read_bytes() == fetch({"clamp": 2, "total": True}).path.read_bytes()


def test_nothing_is_left_but_the_zip(fetch: Fetch) -> None:
    fetched = fetch()
    assert [path.name for path in fetched.path.parent.iterdir()] == [fetched.path.name]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_passwords_telephones_and_relatives_are_not_written(version: str, fetch: Fetch) -> None:
    written = texts(fetch({"version": version}, version=version))
    for unwanted in ("Secret1", "555-0100", "FED", "they", "Pam", "pam", "sis.example"):
        assert unwanted not in "".join(written.values())


def test_rows_that_are_deleted_are_left_out_of_a_full_roster(fetch: Fetch) -> None:
    held = records()
    held["users"][4]["status"], held["users"][5]["status"] = "tobedeleted", "inactive"
    written = texts(fetch({"records": held}))["users.csv"]
    assert "\r\ns1,,," in written
    assert "s2," not in written
    assert "s3," not in written


def test_a_line_break_in_a_value_becomes_a_blank(fetch: Fetch) -> None:
    held = records()
    held["classes"][0]["title"] = "Math\r\n3-A"
    assert read(fetch({"records": held}).path).classrooms[0].name == "Math  3-A"


def test_a_record_that_comes_twice_is_taken_once(fetch: Fetch, good: Roster) -> None:
    assert read(fetch({"shifts": True, "clamp": 2}).path) == good


REFUSALS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "another state on each page": ({"shifts": True, "clamp": 2, "changes_twins": True}, {}, "gave 3 times"),
    "another number on each page": ({"shifts": True, "clamp": 2, "total": True}, {}, "gave 3 times another number"),
    "fewer records than it said": ({"total": True, "total_more": 1}, {}, "gave 3 times another number of records"),
    "offsets that are not heeded": ({"no_offset": True, "clamp": 2}, {}, "gives the same page of"),
    "a collection that is forbidden": ({"forbidden": ["users"]}, {}, "refuses users (403, forbidden). Ask"),
    "a collection that is needed": ({"lacking": ["enrollments"]}, {}, "has no enrollments (404). Check the base"),
    "a scope that is not asked for": ({"scope": "roster"}, {}, "does not accept the scopes (invalid_scope)"),
    "another version": ({"version": "1.2"}, {}, "refuses orgs (404, unknownobject). Check the base address"),
    "another client": ({}, {"username": "x"}, "refuses the client's id and secret (401)"),
    "another signature": ({"oauth1": "HMAC-SHA1"}, {"username": "x", "signing": "oauth1"}, "refuses orgs (401, un"),
    "answers that are no JSON": ({"body": "<html>Ann Canary"}, {}, "with something else than JSON"),
    "NaN": ({"body": '{"orgs": [{"sourcedId": NaN}]}'}, {}, "with something else than JSON"),
    "a name twice": ({"body": '{"orgs": [], "orgs": []}'}, {}, "with something else than JSON"),
    "brackets without end": ({"body": "[" * 200_000}, {}, "with something else than JSON"),
    "another wrapper": ({"body": '{"Ann Canary": []}'}, {}, "without a list called"),
    "a server that stays busy": ({"busy": 1000}, {}, "The portal tried 5 times"),
    "a redirection elsewhere": ({"redirects_to": "http://127.0.0.2:9/"}, {}, "redirects to another server"),
    "a redirection in a circle": ({"redirects_to": "/"}, {}, "redirects in a circle"),
}


@pytest.mark.parametrize("fault", REFUSALS)
def test_it_says_what_to_do_and_names_nobody(fault: str, fetch: Fetch, caplog: pytest.LogCaptureFixture) -> None:
    settings, more, sentence = REFUSALS[fault]
    with caplog.at_level(logging.DEBUG), pytest.raises(SourceError) as refused:
        fetch(settings, **more)
    assert sentence in refused.value.sentence
    assert not [name for name in NAMES if name in refused.value.sentence + caplog.text]


@pytest.mark.parametrize(
    ("field", "value"),
    [("orgs", [{"sourcedId": "a,b"}]), ("givenName", ["Ann"]), ("sourcedId", {}), ("familyName", "Canary \ud800")],
)
def test_a_record_of_another_shape_is_refused_by_its_number(field: str, value: object, fetch: Fetch) -> None:
    held = records()
    held["users"][3][field] = value
    with pytest.raises(SourceError, match="Record 4 of the server's users: ") as refused:
        fetch({"records": held})
    assert not [name for name in NAMES if name in refused.value.sentence]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://sis.example.org", "begins with http, which anybody can listen to"),
        ("ftp://sis.example.org", "is no web address"),
        ("sis.example.org", "is no web address"),
        ("https://me:secret@sis.example.org", "holds more than an address"),
        ("https://sis.example.org/?x=1", "holds more than an address"),
        ("https://sis.example.org/ims/oneroster/rostering/v1p2", "Set the version to 1.2"),
    ],
)
def test_an_address_that_secrets_may_not_go_to_is_refused(address: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=sentence):
        rest.fetch(source(address), tmp_path, at=AT, full=True)


def test_the_token_address_is_as_safe_as_the_base(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="The token address begins with http"):
        rest.fetch(source("https://sis.example.org", token_address="http://x.example"), tmp_path, at=AT, full=True)


def test_a_server_that_is_down_is_tried_again_later(tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        pass
    with pytest.raises(SourceError, match="cannot be reached") as refused:
        rest.fetch(source(address), tmp_path, at=AT, full=True)
    assert refused.value.can_retry


def test_a_silent_server_is_not_waited_for(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "TIMEOUT", 0.05)
    with pytest.raises(SourceError, match="did not answer in time"):
        fetch({"slow": 1})


def test_an_answer_has_its_largest_size(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "ANSWER_BYTES", 1000)
    with pytest.raises(SourceError, match="Set a smaller page size"):
        fetch()


def test_all_answers_have_their_largest_size(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "FETCH_BYTES", 2000)
    with pytest.raises(SourceError, match="one district only"):
        fetch()


def test_it_looks_without_fetching(tmp_path: Path) -> None:
    with serving(tmp_path, total=True) as address:
        seen = rest.look(source(address), at=AT)
    assert seen == "127.0.0.1 answers as OneRoster 1.1. It has 4 organizations. Changes can be asked for."
