"""Batches over HTTP: checked whole, stored once, refused with words that a program can tell apart."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from pytest_django import Settings

from districts import gate, shards
from districts.activity import sending
from districts.models import DailyUsage, District, DistrictCounts, Gate, PointsEntry
from resetportal import tokens
from tests.districts.activity import feeds
from tests.districts.activity.feeds import event
from tests.people import Cast

PATH = "/api/v1/activity/"
LAKESIDE = "0620810"
RESET_AT = datetime(2027, 7, 28, 8, 5, tzinfo=UTC)

Post = Callable[..., Any]


@pytest.fixture
def post(cast: Cast, client: Client) -> Post:
    """Sends a body with the platform's token."""
    headers = {"Authorization": f"Bearer {tokens.issue('platform', days=1)[0]}"}

    def post(body: bytes, **more: str) -> Any:
        return client.post(PATH, body, content_type="application/json", headers=headers | more)

    return post


@pytest.fixture
def send(post: Post) -> Post:
    """Sends events of Lakeside, or of another district."""

    def send(*events: Any, district: object = LAKESIDE) -> Any:
        return post(json.dumps({"district": district, "events": events}).encode())

    return send


def problem(answer: Any, status: int, kind: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = dict(answer.json())
    assert (found["status"], found["type"]) == (status, f"urn:resetportal:problem:{kind}")
    return found


def reset(district: District) -> None:
    """As a completed reset leaves the gate, with rostering complete."""
    Gate.objects.filter(pk=district.pk).update(
        is_shut=False, resumed_at=RESET_AT, resumed_by="Carmen", last_reset_at=RESET_AT, last_reset_by="a run", resets=1
    )


def test_it_stores_a_batch_and_says_what_is_new(send: Post, cast: Cast) -> None:
    answer = send(*(event(kind, number) for number, kind in enumerate(feeds.KINDS)))
    assert answer.status_code == 200
    assert answer.json() == {
        "district": LAKESIDE,
        "events": 9,
        "stored": dict.fromkeys(feeds.KINDS, 1),
        "unchanged": 0,
        "closed_year": {"count": 0, "events": []},
        "unknown_student": {"count": 0, "events": []},
    }
    assert DailyUsage.objects.of(cast.lakeside).filter(day=date(2027, 3, 2)).count() == 1


def test_a_batch_sent_again_changes_nothing(send: Post, cast: Cast) -> None:
    send(event("points"), event("usage", 2))
    before = shards.count(cast.lakeside.pk)
    again = send(event("points"), event("usage", 2)).json()
    assert (again["unchanged"], sum(again["stored"].values())) == (2, 0)
    assert shards.count(cast.lakeside.pk) == before


def test_events_of_unknown_students_are_listed_by_index_and_id(send: Post) -> None:
    answer = send(event("usage"), event("usage", 2, student="nobody")).json()
    assert answer["unknown_student"] == {
        "count": 1,
        "events": [{"index": 1, "event_id": event("usage", 2)["event_id"]}],
    }


def test_one_malformed_event_refuses_the_batch_with_its_index_field_and_cure(send: Post, cast: Cast) -> None:
    before = shards.count(cast.lakeside.pk)
    found = problem(send(event("usage"), event("lesson", minutes=-31)), 400, "malformed")
    assert (found["index"], found["field"]) == (1, "minutes")
    assert found["detail"] == "Event 1, field minutes: Write 0 to 1,440. Nothing was stored."
    assert shards.count(cast.lakeside.pk) == before


def test_a_refusal_repeats_no_value(send: Post) -> None:
    wrong = event("lesson", student="Canary\0", title="Canary")
    assert b"Canary" not in send(wrong).content


def test_a_pathway_that_is_not_there_is_told_by_index(send: Post) -> None:
    found = problem(send(event("usage"), event("lesson", pathway="custom:nowhere")), 400, "malformed")
    assert (found["index"], found["field"]) == (1, "pathway")


def test_an_unknown_district_is_not_found(send: Post) -> None:
    assert send(event("usage"), district="0000000").status_code == 404


@pytest.mark.parametrize("district", ["", "a\0", 17, None, ["0620810"], "x" * 21])
def test_what_is_no_site_code_is_refused(send: Post, district: object) -> None:
    assert problem(send(event("usage"), district=district), 400, "malformed")["field"] == "district"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b"{", "body"),
        (b"\xff", "body"),
        (b"[" * 100_000, "body"),
        (b'{"district": "0620810"}', "body"),
        (b'{"district": "0620810", "events": [], "school": 1}', "body"),
        (b'{"district": "0620810", "district": "0620810", "events": []}', "body"),
        (b'{"district": "0620810", "events": [NaN]}', "body"),
        (b'{"district": "0620810", "events": []}', "events"),
        (b'{"district": "0620810", "events": {}}', "events"),
        (b'{"district": "0620810", "events": [17]}', "event"),
    ],
)
def test_a_body_that_is_no_batch_is_refused(post: Post, body: bytes, field: str) -> None:
    assert problem(post(body), 400, "malformed")["field"] == field


def test_ten_thousand_events_are_a_batch_and_one_more_is_not(send: Post) -> None:
    events = [event("points", number) for number in range(10_001)]
    assert send(*events[1:]).json()["stored"]["points"] == 10_000
    problem(send(*events), 413, "too-many")


def test_a_packed_batch_is_read(post: Post) -> None:
    body = json.dumps({"district": LAKESIDE, "events": [event("usage")]}).encode()
    assert post(gzip.compress(body), **{"Content-Encoding": "gzip"}).status_code == 200


PACKED = gzip.compress(b"{}", mtime=0)


@pytest.mark.parametrize("body", [b"nothing", PACKED[:-4], PACKED + b"more", b""], ids=["none", "cut", "more", "empty"])
def test_a_damaged_gzip_is_refused(post: Post, body: bytes) -> None:
    assert post(body, **{"Content-Encoding": "gzip"}).status_code == 400


def test_an_encoding_that_it_cannot_read_is_refused(post: Post) -> None:
    problem(post(b"{}", **{"Content-Encoding": "br"}), 415, "encoding")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(post: Post) -> None:
    with patch.object(sending, "_unpacked", side_effect=AssertionError("It was read.")):
        problem(post(b" " * (sending.BYTES + 1)), 413, "too-large")


def test_a_body_that_unpacks_to_too_much_is_refused(post: Post) -> None:
    problem(post(gzip.compress(b" " * (sending.BYTES + 1)), **{"Content-Encoding": "gzip"}), 413, "too-large")


def test_a_paused_district_is_told_since_when_and_until_what(send: Post, cast: Cast) -> None:
    Gate.objects.filter(pk=cast.lakeside.pk).update(is_shut=True, pauses_on=date(2026, 7, 28))
    before = shards.count(cast.lakeside.pk)
    found = problem(send(event("usage")), 409, "paused")
    assert (found["title"], found["since"], found["until"]) == ("Paused", "2026-07-28", "rostering is complete")
    assert "Tue, July 28, 2026" in found["detail"]
    assert shards.count(cast.lakeside.pk) == before


def test_a_district_paused_by_a_run_without_a_date_says_so(send: Post, cast: Cast) -> None:
    Gate.objects.filter(pk=cast.lakeside.pk).update(is_shut=True)
    assert problem(send(event("usage")), 409, "paused")["since"] is None


@pytest.mark.parametrize(("change", "kind"), [({"is_shut": True}, "paused"), ({"resets": 1}, "outdated")])
def test_a_pause_or_reset_while_a_batch_is_read_refuses_it(
    send: Post, cast: Cast, change: dict[str, Any], kind: str
) -> None:
    def meanwhile(*args: Any, **options: Any) -> Any:
        Gate.objects.filter(pk=cast.lakeside.pk).update(**change)
        return writing(*args, **options)

    writing = gate.writing
    before = shards.count(cast.lakeside.pk)
    with patch("districts.activity.importing.gate.writing", meanwhile):
        problem(send(event("usage")), 409, kind)
    assert shards.count(cast.lakeside.pk) == before


def test_a_batch_refused_in_the_pause_is_of_a_closed_year_after_rostering(send: Post, cast: Cast) -> None:
    last_year = [event("usage"), event("points", 2)]
    Gate.objects.filter(pk=cast.lakeside.pk).update(is_shut=True)
    problem(send(*last_year), 409, "paused")
    reset(cast.lakeside)
    before = shards.count(cast.lakeside.pk)
    for _ in range(2):
        answer = send(*last_year, event("usage", 3, happened="2027-09-01T10:00:00Z", day="2027-09-01"))
        assert answer.status_code == 200
        listed = [{"index": index, "event_id": each["event_id"]} for index, each in enumerate(last_year)]
        assert answer.json()["closed_year"] == {"count": 2, "events": listed}
    assert shards.count(cast.lakeside.pk) == before | {"dailyusage": before["dailyusage"] + 1}
    assert DistrictCounts.objects.get(pk=cast.lakeside.pk).refused_events == 4


def test_balances_that_no_number_can_hold_refuse_the_batch(send: Post, cast: Cast) -> None:
    before = PointsEntry.objects.of(cast.lakeside).count()
    problem(send(*(event("points", number, amount=1_000_000) for number in range(2200))), 400, "balance")
    assert PointsEntry.objects.of(cast.lakeside).count() == before


def test_it_is_signed_with_a_token_alone(client: Client, cast: Cast) -> None:
    body = json.dumps({"district": LAKESIDE, "events": [event("usage")]})
    answer = client.post(PATH, body, content_type="application/json")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    client.force_login(cast.ellis)
    assert client.post(PATH, body, content_type="application/json").status_code == 403


def test_it_takes_no_form(client: Client, cast: Cast) -> None:
    headers = {"Authorization": f"Bearer {tokens.issue('platform', days=1)[0]}"}
    assert client.post(PATH, {"district": LAKESIDE}, headers=headers).status_code == 415


def test_too_many_batches_a_minute_are_told_when_to_come_again(send: Post, settings: Settings) -> None:
    settings.ACTIVITY_RATE = "2/min"
    assert [send(event("usage")).status_code for _ in range(2)] == [200, 200]
    answer = send(event("usage"))
    assert (answer.status_code, 0 < int(answer.headers["Retry-After"]) <= 60) == (429, True)
