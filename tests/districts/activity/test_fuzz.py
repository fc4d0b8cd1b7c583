"""Whatever a holder of a token sends: never an error of the portal's own, and never a row of what was refused."""

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from districts import shards
from districts.activity.events import KINDS
from resetportal import tokens
from tests.districts.activity import feeds
from tests.people import Cast

EXAMPLES = int(os.environ.get("BODIES", "300"))  # of each test; BODIES=10000 for a night
LETTERS = st.characters() | st.sampled_from("\0\ud800\udfff\u202e\ufeff١-_{}\\\"'")  # surrogates are sent as escapes
NUMBERS = st.integers() | st.sampled_from((10**30, -(10**400), 2**63, -(2**31) - 1)) | st.floats()
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(LETTERS, max_size=300)
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(LETTERS), inner), max_leaves=8)
STRANGE = st.sampled_from(
    (
        "2027-03-02T10:15:00+23:59",
        "2000-01-01T00:00:00+15:59",
        "2099-12-31T23:59:59-23:59",
        "2027-02-29",
        "{{0f6a8d1e92c44a558b1d3c9e7a2f4d11}}",
        "0f6a8d1e-92c4-4a55-8b1d-3c9e7a2f4d１１",
        "custom:x",
        "٧٢٥Q",
    )
)
NAMES = sorted(
    {name for fields in KINDS.values() for name in fields} | {"kind", "event_id", "student", "educator", "happened"}
)


@st.composite
def nearly_events(draw: st.DrawFn) -> dict[str, Any]:
    """An event of the feed in which a few fields are anything."""
    changes = draw(st.dictionaries(st.sampled_from(NAMES), ANYTHING | STRANGE, max_size=2))
    return feeds.event(draw(st.sampled_from(sorted(KINDS))), draw(st.integers(1, 50))) | changes


EVENTS = st.lists(nearly_events() | ANYTHING, max_size=4)
BODIES = st.fixed_dictionaries({"district": st.just("0620810") | ANYTHING, "events": EVENTS | ANYTHING}) | ANYTHING
thoroughly = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(name="portal")
def settings_of_the_portal(settings: Settings) -> Settings:
    return settings


@pytest.fixture
def send(cast: Cast, client: Client, portal: Settings) -> Callable[..., None]:
    """Sends bytes with the platform's token, as often as one likes, and looks at the answer."""
    portal.ACTIVITY_RATE = "1000000/min"
    bearer = {"Authorization": f"Bearer {tokens.issue('platform', days=1)[0]}"}

    held = shards.count(cast.lakeside.pk)

    def send(body: bytes, **more: str) -> None:
        answer = client.post("/api/v1/activity/", body, content_type="application/json", headers=bearer | more)
        check(cast, held, answer)

    return send


def check(cast: Cast, held: dict[str, int], answer: Any) -> None:
    """No error of the portal's own; a refusal stored nothing. `held` follows what was taken."""
    assert answer.status_code in {200, 400, 404, 413}, answer.content
    if answer.status_code == 200:
        held.update(shards.count(cast.lakeside.pk))
    else:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert shards.count(cast.lakeside.pk) == held


@thoroughly
@given(body=BODIES)
def test_no_json_breaks_it(send: Callable[..., None], body: Any) -> None:
    send(json.dumps(body).encode())


@thoroughly
@given(body=st.binary(max_size=200), encoding=st.sampled_from(("", "gzip", "identity")))
def test_no_bytes_break_it(send: Callable[..., None], body: bytes, encoding: str) -> None:
    send(body, **{"Content-Encoding": encoding})
