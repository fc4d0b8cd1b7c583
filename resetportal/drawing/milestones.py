"""A few dates on one line, in order, each with room for its words: the district admin's season."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import ngettext

from resetportal import words

FIRST, LAST, ROOM = 8.5, 91.5, 17.5  # per cent of the line: its ends, and what a label takes
EARLY: Final = "early"


def milestones(points: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Positions in per cent. `points`: dicts of day, label, kind (today, reset, early, risk, plain), in order of date.

    Places are in proportion to the dates as far as the labels leave room. `early` is the bracket from the reset to
    the last date that it comes too early for.
    """
    places = _places([point["day"] for point in points])
    drawn = [{"at": at, **point} for at, point in zip(places, points, strict=True)]
    return {"points": drawn, "early": _early(drawn)}


def _places(days: Sequence[date]) -> list[float]:
    span = (days[-1] - days[0]).days or 1
    room = min(ROOM, (LAST - FIRST) / max(len(days) - 1, 1))
    places = [FIRST + (LAST - FIRST) * (day - days[0]).days / span for day in days]
    for number in range(1, len(places)):
        places[number] = max(places[number], places[number - 1] + room)
    for number in range(len(places) - 1, -1, -1):
        places[number] = min(places[number], LAST - room * (len(places) - 1 - number))
    return [round(place, 2) for place in places]


def _early(drawn: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    reset = next((point for point in drawn if point["kind"] == "reset"), None)
    late = [point for point in drawn if point["kind"] == EARLY and reset and point["day"] > reset["day"]]
    if not reset or not late:
        return None
    left, right = reset["at"], late[-1]["at"]
    days = (late[-1]["day"] - reset["day"]).days
    middle, number = round((left + right) / 2, 2), {"days": words.numbers(days)}
    said = ngettext("{days} day too early", "{days} days too early", days).format(**number)
    sentence = ngettext("The reset is {days} day too early", "The reset is {days} days too early", days)
    return {"left": left, "right": right, "middle": middle, "words": said, "sentence": sentence.format(**number)}
