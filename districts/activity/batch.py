"""One batch of events, as JSON says it: its district, and events that are checked one by one."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from districts.activity.events import Event, Malformed, event

MOST = 10_000
SITE_CODE_LETTERS = 20


class Batch(NamedTuple):
    """A district's site code, and up to MOST events, none of them checked."""

    district: str
    events: list[Any]


class TooMany(Exception):
    """A batch holds more events than MOST; the message says what to do."""


def opened(sent: Any) -> Batch:
    """The batch that a body holds. Raises Malformed without a place, and TooMany."""
    if not isinstance(sent, Mapping) or sent.keys() != {"district", "events"}:
        raise Malformed("body", "Send an object of district (a site code) and events (a list), and nothing else.")
    district, events = sent["district"], sent["events"]
    if not isinstance(district, str) or not 1 <= len(district) <= SITE_CODE_LETTERS or not district.isprintable():
        raise Malformed("district", f"Write the district's site code, up to {SITE_CODE_LETTERS} letters and digits.")
    if not isinstance(events, list) or not events:
        raise Malformed("events", f"Send a list of 1 to {MOST:,} events.")
    if len(events) > MOST:
        raise TooMany(f"A batch has up to {MOST:,} events. Send them in several.")
    return Batch(district, events)


def checked(raw: list[Any]) -> list[Event]:
    """All events of a batch. Raises Malformed with the index of the first that is wrong."""
    return [_checked(index, each) for index, each in enumerate(raw)]


def _checked(index: int, raw: Any) -> Event:
    try:
        return event(raw)
    except Malformed as wrong:
        field = "event" if wrong.field == "line" else wrong.field
        raise Malformed(field, wrong.sentence, index) from None
