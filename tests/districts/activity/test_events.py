"""The feed's lines: all of its fields are checked, and nothing of them is repeated in a refusal."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from districts.activity.events import KINDS, Malformed, event
from districts.activity.feed import FeedRefused, read
from tests.districts.activity import feeds


@pytest.mark.parametrize("kind", KINDS)
def test_it_reads_every_kind(kind: str) -> None:
    read = event(feeds.event(kind))
    assert (read.kind, read.person) == (kind, "t1" if kind == "educator_sign_in" else "student-1")
    assert read.happened.isoformat() == feeds.HAPPENED


WRONG: list[tuple[str, str, Any]] = [
    ("lesson", "kind", "homework"),
    ("lesson", "kind", ["lesson"]),
    ("lesson", "event_id", "17"),
    ("lesson", "event_id", "z" * 36),
    ("lesson", "event_id", "{{0f6a8d1e92c44a558b1d3c9e7a2f4d11}}"),
    ("lesson", "event_id", "0f6a8d1e-92c4-4a55-8b1d-3c9e7a2f4d１１"),
    ("lesson", "event_id", "0f6a8d1e-92c4-4a55-8b1d-3c9e7a2f4_11"),
    ("lesson", "event_id", None),
    ("lesson", "student", ""),
    ("lesson", "student", 17),
    ("lesson", "student", "s" * 256),
    ("lesson", "student", "s\0"),
    ("lesson", "student", "\ud800"),
    ("lesson", "happened", "2027-03-02T10:15:00"),
    ("lesson", "happened", "2027-03-02"),
    ("lesson", "happened", "2027-02-30T10:15:00Z"),
    ("lesson", "happened", "2027-W09-2T10:15:00Z"),
    ("lesson", "happened", "0001-01-01T00:00:00Z"),
    ("lesson", "happened", 1_800_000_000),
    ("lesson", "level", "easy"),
    ("lesson", "passed", "true"),
    ("lesson", "passed", 1),
    ("lesson", "minutes", -1),
    ("lesson", "minutes", 1441),
    ("lesson", "minutes", True),
    ("lesson", "minutes", 1.5),
    ("lesson", "pathway", "Grade 4"),
    ("benchmark", "number", 4),
    ("benchmark", "number", 0),
    ("benchmark", "quantile", "725"),
    ("benchmark", "quantile", "-50Q"),
    ("benchmark", "quantile", "٧٢٥Q"),
    ("benchmark", "status", "done"),
    ("usage", "day", "2027-02-29"),
    ("usage", "day", "20270302"),
    ("usage", "product", "imagine_reading"),
    ("usage", "school_minutes", None),
    ("points", "currency", "dollars"),
    ("points", "amount", 10**30),
    ("avatar", "parts", {}),
    ("avatar", "parts", {"hair": {"color": "red"}}),
    ("avatar", "parts", "wavy"),
    ("pathway", "assigned_on", None),
    ("facts_test", "test", "mid"),
    ("facts_test", "score", 1001),
    ("facts_progress", "fact", "7" * 21),
    ("educator_sign_in", "educator", None),
    ("educator_sign_in", "educator", "t" * 256),
    ("educator_sign_in", "educator", "t\0"),
]


@pytest.mark.parametrize(("kind", "field", "value"), WRONG)
def test_it_refuses_a_field_that_is_wrong(kind: str, field: str, value: Any) -> None:
    with pytest.raises(Malformed) as refused:
        event(feeds.event(kind, **{field: value}))
    assert refused.value.field == field


def test_it_refuses_a_field_that_an_event_does_not_have() -> None:
    with pytest.raises(Malformed, match="a field that a lesson event does not have"):
        event(feeds.event("lesson", first_name="Noor"))


def test_a_sign_in_is_of_an_educator_alone() -> None:
    with pytest.raises(Malformed, match="It has: kind, event_id, educator, happened"):
        event(feeds.event("educator_sign_in", student="student-1"))


@pytest.mark.parametrize("missing", ["name", "learning_environment"])
def test_a_custom_pathway_is_assigned_with_its_definition(missing: str) -> None:
    custom = {"pathway": "custom:bridge", "name": "Bridge", "learning_environment": "three_plus", missing: None}
    with pytest.raises(Malformed) as refused:
        event(feeds.event("pathway", **custom))
    assert refused.value.field == missing


@pytest.mark.parametrize("line", ["[]", "17", "null"])
def test_a_line_is_an_object(line: str, tmp_path: Path) -> None:
    (tmp_path / "feed").write_text(line)
    with pytest.raises(FeedRefused, match="feed, line 1, field line: Write one JSON object"):
        list(read(tmp_path / "feed"))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"kind": "lesson"', "It is not JSON"),
        (b"\n", "It is not JSON"),
        (b'{"kind": "lesson", "kind": "usage"}', "A field stands twice"),
        (b'{"kind": NaN}', "a number that JSON does not have"),
        (b'{"kind": "\xff"}', "Byte 11 is not UTF-8"),
        (b"[" * 50_000, "nested too deeply"),
        (b'{"kind": "' + b"x" * 200_000 + b'"}', "more than 100,000 bytes"),
        (b'{"kind": ' + b"9" * 5000 + b"}", "It is not JSON"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_its_number(line: bytes, reason: str, tmp_path: Path) -> None:
    path = feeds.write(tmp_path / "feed", feeds.event("lesson"))
    path.write_bytes(path.read_bytes() + line)
    with pytest.raises(FeedRefused, match="feed, line 2") as refused:
        list(read(path))
    assert reason in str(refused.value)


def test_an_empty_feed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedRefused, match="There are no events in it"):
        list(read(feeds.write(tmp_path / "feed")))


def test_a_packed_feed_is_read(tmp_path: Path) -> None:
    assert len(list(read(feeds.write(tmp_path / "feed", feeds.event("lesson"), packed=True)))) == 1


def test_a_damaged_packed_feed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "feed.gz").write_bytes(gzip.compress(b"x" * 1000)[:20])
    with pytest.raises(FeedRefused, match=r"The gzip is damaged|It is not JSON"):
        list(read(tmp_path / "feed.gz"))


def test_a_feed_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedRefused, match="cannot be read"):
        list(read(tmp_path / "feed"))
