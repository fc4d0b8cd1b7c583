"""A few measures of one year, in order, as points on a line: a student's benchmarks."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import ceil, floor
from typing import Any, Final

TOP, FLOOR = 28, 124  # px: where the largest and the smallest tick stand
STEPS: Final = (50, 100, 200, 500, 1000)
MOST_TICKS = 4
LEFT, SLOTS = 8.0, 3  # per cent that the scale's words take; benchmarks of a year


def measures(points: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Positions: across in per cent, down in px. `points`: dicts of number (1 to 3), text, day and value.

    A point without a value is left out of the drawing; the table beside it tells of it.
    """
    known = [point for point in points if point["value"] is not None]
    if not known:
        return {"points": [], "ticks": [], "lines": []}
    ticks = _ticks([point["value"] for point in known])
    drawn = [{**point, "x": _across(point["number"]), "y": _down(point["value"], ticks)} for point in known]
    return {
        "points": [point | _day_in_parts(point["day"]) | {"said": point["y"] - 13} for point in drawn],
        "ticks": [{"value": tick, "y": _down(tick, ticks), "text_y": _down(tick, ticks) + 4} for tick in ticks],
        "lines": [{"from": one, "to": other} for one, other in pairwise(drawn)],
    }


def _day_in_parts(day: str) -> dict[str, str]:
    """`Tue, October 6, 2026` as its weekday, day and year: a narrow drawing leaves out the first and the last."""
    parts = day.split(", ")
    if len(parts) < 3:
        return {"weekday": "", "short_day": day, "year": ""}
    return {"weekday": f"{parts[0]}, ", "short_day": parts[1], "year": f", {parts[2]}"}


def _ticks(values: Sequence[int]) -> list[int]:
    """Round numbers around the values, at least two and at most MOST_TICKS."""
    low, high = min(values), max(values)
    for step in (*STEPS, max(high - low, STEPS[-1])):
        first, last = floor(low / step), max(ceil(high / step), floor(low / step) + 1)
        if last - first < MOST_TICKS:
            return [each * step for each in range(first, last + 1)]
    return [low, high]


def _across(number: int) -> float:
    return round(LEFT + (100 - LEFT) * (2 * number - 1) / (2 * SLOTS), 2)


def _down(value: int, ticks: Sequence[int]) -> float:
    return round(FLOOR - (FLOOR - TOP) * (value - ticks[0]) / (ticks[-1] - ticks[0]), 1)
