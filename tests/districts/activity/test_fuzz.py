"""Whatever a holder of a token sends: never an error of the portal's own, and never a row of what was refused."""

import json
from typing import Any

from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from districts import shards
from districts.activity.events import KINDS
from resetportal import tokens
from tests.districts.activity import feeds
from tests.people import Cast

EXAMPLES = 400
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
NAMES = sorted({name for fields in KINDS.values() for name in fields} | {"kind", "event_id", "student", "happened"})


@st.composite
def nearly_events(draw: st.DrawFn) -> dict[str, Any]:
    """An event of the feed in which a few fields are anything."""
    changes = draw(st.dictionaries(st.sampled_from(NAMES), ANYTHING | STRANGE, max_size=2))
    return feeds.event(draw(st.sampled_from(sorted(KINDS))), draw(st.integers(1, 50))) | changes


EVENTS = st.lists(nearly_events() | ANYTHING, max_size=4)
BODIES = st.fixed_dictionaries({"district": st.just("0620810") | ANYTHING, "events": EVENTS | ANYTHING}) | ANYTHING
SOME = {"max_examples": EXAMPLES, "deadline": None, "suppress_health_check": list(HealthCheck)}


def sent(client: Client, body: bytes, **more: str) -> Any:
    headers = {"Authorization": f"Bearer {tokens.issue('platform', days=1)[0]}"} | more
    return client.post("/api/v1/activity/", body, content_type="application/json", headers=headers)


def check(cast: Cast, before: dict[str, int], answer: Any) -> None:
    assert answer.status_code in {200, 400, 404, 413}, answer.content
    if answer.status_code != 200:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert shards.count(cast.lakeside.pk) == before


@settings(**SOME)
@given(body=BODIES)
def test_no_json_breaks_it(cast: Cast, client: Client, settings: Any, body: Any) -> None:
    settings.ACTIVITY_RATE = "100000/min"
    before = shards.count(cast.lakeside.pk)
    check(cast, before, sent(client, json.dumps(body).encode()))


@settings(**SOME)
@given(body=st.binary(max_size=200), encoding=st.sampled_from(("", "gzip", "identity")))
def test_no_bytes_break_it(cast: Cast, client: Client, settings: Any, body: bytes, encoding: str) -> None:
    settings.ACTIVITY_RATE = "100000/min"
    before = shards.count(cast.lakeside.pk)
    check(cast, before, sent(client, body, **{"Content-Encoding": encoding}))
