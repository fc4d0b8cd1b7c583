"""Moments of an axis as per cent of its length, and labels that do not run into each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

CHARACTER: Final = 6.6  # px, a wide guess for 12 px type, so that labels keep clear of each other


@dataclass(frozen=True)
class Scale:
    """An axis of days or of moments; positions outside of it are moved to its nearer end."""

    first: Any
    last: Any

    @property
    def whole(self) -> timedelta:
        """The length of the axis."""
        span: timedelta = self.last - self.first
        return span

    def at(self, moment: date | datetime) -> float:
        """How far along the axis a moment is, 0 to 100 per cent."""
        whole = self.whole
        return round(min(max((moment - self.first) / whole, 0), 1) * 100, 2) if whole else 0.0

    def holds(self, moment: date | datetime) -> bool:
        """Whether a moment lies on the axis."""
        return bool(self.first <= moment <= self.last)


@dataclass
class Row:
    """A row of labels in a lane: the stretches, in per cent, that are taken."""

    taken: list[tuple[float, float]] = field(default_factory=list)

    def free(self, left: float, right: float) -> bool:
        """Whether nothing stands between two positions, which must lie on the axis."""
        return left >= 0 and right <= 100 and all(right <= a or left >= b for a, b in self.taken)


@dataclass(frozen=True)
class Place:
    """Where a label went: its row, counted from 0, the side of its mark, and how far from it, in px."""

    row: int
    side: str
    gap: int


NEAR: Final = 13  # px from the middle of a mark to its label
FAR: Final = 32  # px, past a line that stands close to the mark


def place_labels(items: Sequence[tuple[float, int]], *, width: float, walls: Iterable[float] = ()) -> list[Place]:
    """Give each label, (position in per cent, characters), a row and a side of its mark.

    `width` is the least width of the axis in px. Marks and `walls` (lines through the lane) are kept clear in the
    first row; a label that fits on neither side of its mark goes to a row below.
    """
    mark = 8 / width * 100
    rows = [Row([(at - mark, at + mark) for at, _ in items] + [(wall - 0.2, wall + 0.2) for wall in walls])]
    return [_place(at, letters * CHARACTER / width * 100, width, rows) for at, letters in items]


def _place(at: float, length: float, width: float, rows: list[Row]) -> Place:
    for number in range(len(rows) + 1):
        if number == len(rows):
            rows.append(Row())
        for gap in (NEAR, -NEAR, -FAR, FAR):
            start = at + gap / width * 100
            left, right = (start, start + length) if gap > 0 else (start - length, start)
            if rows[number].free(left, right):
                rows[number].taken.append((left, right))
                return Place(number, "right" if gap > 0 else "left", gap)
    return Place(len(rows) - 1, *(("right", NEAR) if at < 50 else ("left", -NEAR)))
