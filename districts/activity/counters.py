"""A district's numbers after a batch of events, from its new rows alone. services.recount is their full truth."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, Value
from django.db.models.functions import Greatest

from districts.models import DistrictCounts


class Use(NamedTuple):
    """What new days of use add: `students` had none of a minute or more before. `last`: the newest day among them."""

    rows: int = 0
    minutes: int = 0
    students: int = 0
    last: date | None = None


class Stored(NamedTuple):
    """What a batch left in the leaves: new rows by kind of event, what they add, places of unknown students' events."""

    new: dict[str, int]
    use: Use
    strangers: list[int]


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
    if stored.use.last is not None:  # the database's GREATEST passes over a day that is not known yet
        changes["last_activity_on"] = Greatest("last_activity_on", Value(stored.use.last))
    DistrictCounts.objects.filter(pk=district_id).update(**changes)
