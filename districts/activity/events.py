"""The events of the learning platform's feed, checked field by field. docs/activity-feed.md tells them to people."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from districts.models import BenchmarkResult, Currency, FactsTest, LearningEnvironment, LessonResult, Product

Check = Callable[[Any], str]  # what is wrong with a value and its cure, "" for nothing

DAY = re.compile(r"20\d{2}-\d{2}-\d{2}", re.ASCII)
MOMENT = re.compile(r"20\d{2}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)
QUANTILE = re.compile(r"(EM)?\d{1,4}Q", re.ASCII)
UUID = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)  # Python's own takes more than databases do
CODE = re.compile(r"(custom:)?[a-z0-9][a-z0-9-]{0,49}")
CUSTOM = "custom:"
MINUTES_A_DAY = 1440


class Field(NamedTuple):
    check: Check
    is_required: bool = True


class Event(NamedTuple):
    """One event of one student, or of an educator: `person` is the sourced id. `happened` is aware; `day` is the local
    day that it counts for, if it names one."""

    kind: str
    event_id: str
    person: str
    happened: datetime
    day: date | None
    data: dict[str, Any]


class Malformed(Exception):
    """An event is not as the feed defines it: `field` and a sentence without any value of the event.

    `place`: its line or index, where that is known.
    """

    def __init__(self, field: str, sentence: str, place: int | None = None) -> None:
        self.field, self.sentence, self.place = field, sentence, place
        super().__init__(f"{field}: {sentence}")


def text(longest: int) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str) or not value or len(value) > longest:
            return f"Write a text of 1 to {longest} characters."
        return "" if _is_storable(value) else "Leave out NUL and halves of surrogate pairs."

    return check


def whole(least: int, most: int) -> Check:
    return lambda value: "" if type(value) is int and least <= value <= most else f"Write {least:,} to {most:,}."


def one_of(words: type) -> Check:
    allowed = list(words.values)  # type: ignore[attr-defined]
    return lambda value: "" if value in allowed else f"Write one of: {', '.join(allowed)}."


def written(pattern: re.Pattern[str], cure: str) -> Check:
    return lambda value: "" if isinstance(value, str) and pattern.fullmatch(value) else cure


def boolean(value: Any) -> str:
    return "" if isinstance(value, bool) else "Write true or false."


def day(value: Any) -> str:
    return "" if _parsed(date.fromisoformat, DAY, value) else "Write a date as YYYY-MM-DD."


def moment(value: Any) -> str:
    right = _parsed(datetime.fromisoformat, MOMENT, value)
    return "" if right else "Write a moment with its offset: 2027-03-02T10:15:00-07:00."


def parts(value: Any) -> str:
    named = text(60)
    if not isinstance(value, dict) or not 1 <= len(value) <= 30:
        return "Write an object of 1 to 30 parts."
    wrong = [each for pair in value.items() for each in pair if named(each)]
    return "Name every part and its choice in 1 to 60 characters." if wrong else ""


_uuid = written(UUID, "Write a UUID of 32 hexadecimal digits and 4 hyphens.")
_code = written(CODE, "Write a pathway's code, such as g5, or custom: and a code of your own.")
_minutes = whole(0, MINUTES_A_DAY)
_environment = one_of(LearningEnvironment)

SIGN_IN = "educator_sign_in"  # of an account that every reset keeps
COMMON = {"kind": Field(text(20)), "event_id": Field(_uuid), "student": Field(text(255)), "happened": Field(moment)}
KINDS: Mapping[str, Mapping[str, Field]] = {
    "lesson": {
        "lesson": Field(text(60)),
        "title": Field(text(200), False),
        "pathway": Field(_code, False),
        "level": Field(one_of(LessonResult.Level)),
        "passed": Field(boolean),
        "minutes": Field(_minutes),
    },
    "benchmark": {
        "number": Field(whole(1, 3)),
        "status": Field(one_of(BenchmarkResult.Status)),
        "quantile": Field(written(QUANTILE, "Write a Quantile measure such as 725Q or EM50Q."), False),
        "performance_level": Field(text(40), False),
        "grade_level_result": Field(text(40), False),
        "minutes": Field(_minutes),
    },
    "usage": {
        "day": Field(day),
        "product": Field(one_of(Product)),
        "learning_environment": Field(_environment, False),
        "school_minutes": Field(_minutes),
        "home_minutes": Field(_minutes),
    },
    "points": {
        "currency": Field(one_of(Currency)),
        "amount": Field(whole(-1_000_000, 1_000_000)),
        "cause": Field(text(60), False),
    },
    "avatar": {"parts": Field(parts)},
    "pathway": {
        "pathway": Field(_code),
        "assigned_on": Field(day),
        "name": Field(text(200), False),
        "learning_environment": Field(_environment, False),
    },
    "facts_test": {
        "test": Field(one_of(FactsTest.Kind)),
        "operation": Field(text(20)),
        "score": Field(whole(0, 1000)),
    },
    "facts_progress": {"operation": Field(text(20)), "fact": Field(text(20)), "passed": Field(boolean)},
    SIGN_IN: {},
}
DAYS = {"usage": "day", "pathway": "assigned_on"}


def event(raw: Any) -> Event:
    """The event that one line's JSON says. Raises Malformed at the first field that is wrong."""
    if not isinstance(raw, dict):
        raise Malformed("line", "Write one JSON object for one event.")
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise Malformed("kind", f"Write one of: {', '.join(KINDS)}.")
    fields, who = {**_common(kind), **KINDS[kind]}, _who(kind)
    if not raw.keys() <= fields.keys():
        raise Malformed("line", f"There is a field that a {kind} event does not have. It has: {', '.join(fields)}.")
    for name, field in fields.items():
        _check(name, field, raw)
    _check_custom(kind, raw)
    data = {name: raw[name] for name in KINDS[kind] if raw.get(name) is not None}
    on = date.fromisoformat(raw[DAYS[kind]]) if kind in DAYS else None
    return Event(kind, raw["event_id"], raw[who], datetime.fromisoformat(raw["happened"]), on, data)


def _who(kind: str) -> str:
    return "educator" if kind == SIGN_IN else "student"


def _common(kind: str) -> dict[str, Field]:
    """What events of a kind have in common with all others; a sign-in names an educator in the student's place."""
    return {_who(kind) if name == "student" else name: field for name, field in COMMON.items()}


def _check(name: str, field: Field, raw: dict[str, Any]) -> None:
    value = raw.get(name)
    if value is None:
        if field.is_required:
            raise Malformed(name, "It is missing.")
    elif wrong := field.check(value):
        raise Malformed(name, wrong)


def _check_custom(kind: str, raw: dict[str, Any]) -> None:
    """An assignment of a custom pathway carries its definition."""
    if kind == "pathway" and raw["pathway"].startswith(CUSTOM):
        for name in ("name", "learning_environment"):
            if raw.get(name) is None:
                raise Malformed(name, "A custom pathway is assigned with its name and learning environment.")


def _is_storable(value: str) -> bool:
    return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _parsed(parse: Callable[[str], date], pattern: re.Pattern[str], value: Any) -> bool:
    try:
        return isinstance(value, str) and pattern.fullmatch(value) is not None and bool(parse(value))
    except ValueError:
        return False
