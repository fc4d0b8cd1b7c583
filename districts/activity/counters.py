"""A district's numbers after a batch of events, from its new rows alone. services.recount is their full truth."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, Value
from django.db.models.functions import Greatest

from districts.models import DistrictCounts, Product

NAMES = {Product.IMAGINE_MATH: "math", Product.MATH_FACTS: "facts"}
"""What the fields of each product begin with."""


class Use(NamedTuple):
    """What new days of use add: `students` had none of a minute or more before; the newest day of either product."""

    rows: int = 0
    minutes: int = 0
    students: int = 0
    math: date | None = None
    facts: date | None = None


class Stored(NamedTuple):
    """What a batch left in the leaves: new rows by kind of event, what they add, places of unknown students' events.

    `days`: for whatever brought something new, its product and the newest day of it, in the district's zone.
    """

    new: dict[str, int]
    use: Use
    strangers: list[int]
    days: list[tuple[Product, date | None]]


def note(district_id: int, stored: Stored, *, refused: int) -> None:
    """Adds to a district's numbers in the caller's transaction, which holds the lock on their row.

    `refused`: events of a closed year. They are counted each time that they are refused, since nothing of them is kept
    by which one could be known again.
    """
    changes: dict[str, Any] = {
        "minutes": F("minutes") + stored.use.minutes,
        "active_students": F("active_students") + stored.use.students,
        "lessons": F("lessons") + stored.new.get("lesson", 0),
        "refused_events": F("refused_events") + refused,
    }
    changes |= _grown("last_activity_on", [stored.use.math, stored.use.facts])
    for product, name in NAMES.items():
        if days := [day for of, day in stored.days if of == product]:
            changes[f"{name}_version"] = F(f"{name}_version") + 1
            changes |= _grown(f"{name}_last_on", days)
    DistrictCounts.objects.filter(pk=district_id).update(**changes)


def _grown(field: str, days: Iterable[date | None]) -> dict[str, Any]:
    """A field that takes the newest day there is; the database's GREATEST passes over one that is not known yet."""
    known = [day for day in days if day]
    return {field: Greatest(field, Value(max(known)))} if known else {}
