"""Feeds built in tests: one event of each kind, and changes to them."""

import gzip
import json
from pathlib import Path
from typing import Any
from uuid import UUID

HAPPENED = "2027-05-06T10:15:00-07:00"
KINDS: dict[str, dict[str, Any]] = {
    "lesson": {"lesson": "g4-13", "pathway": "g4", "level": "on_grade", "passed": True, "minutes": 12},
    "benchmark": {"number": 2, "status": "completed", "quantile": "725Q", "minutes": 41},
    "usage": {"day": "2027-03-02", "product": "imagine_math", "school_minutes": 25, "home_minutes": 5},
    "points": {"currency": "think_points", "amount": 40, "cause": "lesson"},
    "avatar": {"parts": {"hair": "wavy"}},
    "pathway": {"pathway": "g5", "assigned_on": "2027-03-02"},
    "facts_test": {"test": "post", "operation": "multiplication", "score": 88},
    "facts_progress": {"operation": "multiplication", "fact": "7x8", "passed": False},
    "educator_sign_in": {"student": None, "educator": "t1"},
}


def event(kind: str, number: int = 1, /, **changes: Any) -> dict[str, Any]:
    """An event of the cast's student-1; its id is made of its number. A change to None takes a field away."""
    common = {"kind": kind, "event_id": str(UUID(int=1000 + number)), "student": "student-1", "happened": HAPPENED}
    return {name: value for name, value in (common | KINDS[kind] | changes).items() if value is not None}


def write(path: Path, *events: dict[str, Any], packed: bool = False) -> Path:
    data = "".join(json.dumps(each) + "\n" for each in events).encode()
    path.write_bytes(gzip.compress(data) if packed else data)
    return path
