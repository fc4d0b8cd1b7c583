"""Batches of checked events, the same for the same number: kinds as often as a year of students has them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from districts.activity.events import Event, event

BEGAN = datetime(2027, 3, 1, 15, tzinfo=UTC)
OPERATIONS = ("addition", "subtraction", "multiplication", "division")


def batch(number: int, size: int, students: int) -> list[Event]:
    """So many events of a district of so many students, whose ids are those of `rows.make`."""
    random = Random(number)
    kinds = random.choices(list(WEIGHTS), list(WEIGHTS.values()), k=size)
    return [event(_raw(random, kind, students)) for kind in kinds]


def _raw(random: Random, kind: str, students: int) -> dict[str, Any]:
    happened = BEGAN + timedelta(seconds=random.randrange(90 * 86_400))
    return {
        "kind": kind,
        "event_id": str(UUID(int=random.getrandbits(128), version=4)),
        "student": f"student-{random.randrange(students)}",
        "happened": happened.isoformat(),
        **KINDS[kind](random, happened.date()),
    }


def _lesson(random: Random, day: date) -> dict[str, Any]:
    taken = {"level": "on_grade", "passed": random.random() < 0.7, "minutes": random.randrange(5, 40)}
    return {"lesson": f"g4-{random.randrange(60)}", "title": "Compare fractions", "pathway": "g4", **taken}


def _benchmark(random: Random, day: date) -> dict[str, Any]:
    quantile = f"{random.randrange(300, 900)}Q"
    return {"number": random.randrange(1, 4), "status": "completed", "quantile": quantile, "minutes": 40}


def _usage(random: Random, day: date) -> dict[str, Any]:
    minutes = {"school_minutes": random.randrange(60), "home_minutes": random.randrange(20)}
    return {"day": day.isoformat(), "product": "imagine_math", **minutes}


def _points(random: Random, day: date) -> dict[str, Any]:
    return {"currency": "think_points", "amount": random.randrange(-50, 100), "cause": "lesson passed"}


def _avatar(random: Random, day: date) -> dict[str, Any]:
    return {"parts": {"hair": random.choice(("curly", "wavy")), "coat": "blue"}}


def _pathway(random: Random, day: date) -> dict[str, Any]:
    return {"pathway": "g5", "assigned_on": day.isoformat()}


def _facts_test(random: Random, day: date) -> dict[str, Any]:
    return {"test": "post", "operation": random.choice(OPERATIONS), "score": random.randrange(101)}


def _facts_progress(random: Random, day: date) -> dict[str, Any]:
    fact = f"{random.randrange(2, 10)}x{random.randrange(2, 10)}"
    return {"operation": "multiplication", "fact": fact, "passed": random.random() < 0.5}


KINDS: dict[str, Callable[[Random, date], dict[str, Any]]] = {
    "lesson": _lesson,
    "benchmark": _benchmark,
    "usage": _usage,
    "points": _points,
    "avatar": _avatar,
    "pathway": _pathway,
    "facts_test": _facts_test,
    "facts_progress": _facts_progress,
}
WEIGHTS = dict(zip(KINDS, (20, 3, 25, 11, 1, 1, 2, 4), strict=True))
