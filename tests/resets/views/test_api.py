"""The API: a person's districts and resets, at district level only, with every refusal as problem+json."""

import json
from typing import Any

import pytest
from django.test import Client

from resets import services
from resets.models import Reset
from tests.people import Cast
from tests.resets.conftest import JUNE_1

RESET = "/api/v1/resets/{}/"


@pytest.fixture
def carmen(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.carmen)
    return client


def put(client: Client, reset: Reset, data: object) -> Any:
    return client.put(RESET.format(reset.pk), data, content_type="application/json")


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    return dict(json.loads(answer.content))


def test_it_lists_the_districts_of_the_person(carmen: Client) -> None:
    listed = carmen.get("/api/v1/districts/").json()
    assert [(each["site_code"], each["reset"]["date"]) for each in listed["results"]] == [("0620810", "2027-07-28")]


def test_a_district_has_its_numbers_and_its_reset(carmen: Client, reset: Reset) -> None:
    found = carmen.get("/api/v1/districts/0620810/").json()
    assert (found["schools"], found["students"], found["csm"]) == (2, 3, "Carmen Ortiz")
    assert found["reset"] == {
        "id": reset.pk,
        "date": "2027-07-28",
        "is_default": True,
        "status": "scheduled",
        "version": 1,
    }


@pytest.mark.parametrize("method", ["put", "patch"])
def test_it_sets_a_date(carmen: Client, reset: Reset, method: str) -> None:
    sent = {"date": "2027-07-20", "version": 1}
    answer = getattr(carmen, method)(RESET.format(reset.pk), sent, content_type="application/json").json()
    assert (answer["date"], answer["is_default"], answer["version"]) == ("2027-07-20", False, 2)
    assert answer["date_set_by"] == "Carmen Ortiz"


def test_a_refused_day_answers_with_the_rules_findings(carmen: Client, reset: Reset) -> None:
    found = problem(put(carmen, reset, {"date": "2027-08-09", "version": 1}), 422)
    assert found["rules"] == ["W3", "W4"]
    assert found["findings"][0]["dates"][1] == {"label": "rostering starts", "date": "2027-08-09"}
    assert found["findings"][0]["nearest"] == "2027-07-28"


def test_a_day_that_wants_a_reason_says_so(carmen: Client, reset: Reset) -> None:
    reset.district.school_years.update(has_summer_session=True, summer_ends_on="2027-07-30")
    assert problem(put(carmen, reset, {"date": "2027-07-20", "version": 1}), 422)["rules"] == ["W6"]
    assert put(carmen, reset, {"date": "2027-07-20", "version": 1, "reason": "Asked."}).status_code == 200


def test_a_stale_version_overwrites_nothing(carmen: Client, cast: Cast, reset: Reset) -> None:
    services.schedule(reset=reset, to=reset.date.replace(day=20), by=cast.maya, at=JUNE_1)
    assert "Maya Lindqvist set it" in problem(put(carmen, reset, {"date": "2027-07-21", "version": 1}), 409)["detail"]


def test_who_may_not_set_a_date_is_told_whom_to_ask(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.dana)
    assert problem(put(client, reset, {"date": "2027-07-20", "version": 1}), 403)["rules"] == ["W9"]


@pytest.mark.parametrize(
    "day", ["0001-01-01", "9999-12-31", "2027-W30-3", "20270728", "2027-02-30", "\x00", "", None, 5, ["2027-07-20"], {}]
)
def test_an_odd_date_is_refused(carmen: Client, reset: Reset, day: object) -> None:
    assert put(carmen, reset, {"date": day, "version": 1}).status_code in (400, 422)
    reset.refresh_from_db()
    assert reset.version == 1


@pytest.mark.parametrize("version", [None, "", "one", 0, -1, 10**30, 1.5, [], "\x00"])
def test_an_odd_version_is_refused(carmen: Client, reset: Reset, version: object) -> None:
    assert put(carmen, reset, {"date": "2027-07-20", "version": version}).status_code in (400, 409)


@pytest.mark.parametrize("reason", ["\x00", "\ud800", "x" * 1001, {}, []])
def test_an_odd_reason_is_refused(carmen: Client, reset: Reset, reason: object) -> None:
    sent = json.dumps({"date": "2027-07-20", "version": 1, "reason": reason})
    assert "reason" in problem(put(carmen, reset, sent), 400)["errors"]


@pytest.mark.parametrize("body", ["", "{", "5", "null", "[]", '"x"', "[" * 100_000, b"\xff\xfe", "NaN"])
def test_a_body_that_is_no_request_is_refused(carmen: Client, reset: Reset, body: str | bytes) -> None:
    problem(put(carmen, reset, body), 400)


@pytest.mark.parametrize(
    "body", [{"school": 1}, {"schools": []}, {"school_id": None}, {"where": [{"school": 1}]}, [{"school_id": 3}]]
)
def test_naming_a_school_is_refused(carmen: Client, reset: Reset, body: object) -> None:
    sent = body | {"date": "2027-07-20", "version": 1} if isinstance(body, dict) else body
    assert problem(put(carmen, reset, sent), 422)["rules"] == ["W7"]
    reset.refresh_from_db()
    assert reset.version == 1


@pytest.mark.parametrize("path", ["/api/v1/districts/", "/api/v1/districts/0620810/"])
def test_naming_a_school_in_the_address_is_refused(carmen: Client, path: str) -> None:
    assert problem(carmen.get(path, {"school": "1"}), 422)["rules"] == ["W7"]


def test_the_reset_of_one_school_is_refused(carmen: Client, reset: Reset) -> None:
    for school in (reset.district.schools.all()[0].pk, 999):
        found = problem(carmen.post(f"/api/v1/schools/{school}/reset/"), 422)
        assert found["rules"] == ["W7"]
        assert "All resets occur at the district level" in found["detail"]


@pytest.mark.parametrize("path", ["districts/3609930", "districts/%00", "resets/999999", f"resets/{10**30}"])
def test_what_is_not_hers_is_not_found(carmen: Client, path: str) -> None:
    problem(carmen.get(f"/api/v1/{path}/"), 404)


def test_anothers_reset_is_not_found_either(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.omar)
    problem(put(client, reset, {"date": "2027-07-20", "version": 1}), 404)


def test_signed_out_is_refused(client: Client, cast: Cast) -> None:
    problem(client.get("/api/v1/districts/"), 403)


def test_a_forged_request_is_refused(cast: Cast, reset: Reset) -> None:
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(cast.carmen)
    problem(put(guarded, reset, {"date": "2027-07-20", "version": 1}), 403)


def test_another_method_or_kind_of_body_is_refused(carmen: Client, reset: Reset) -> None:
    problem(carmen.delete(RESET.format(reset.pk)), 405)
    problem(carmen.put(RESET.format(reset.pk), "date=2027-07-20", content_type="text/csv"), 415)
