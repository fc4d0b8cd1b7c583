"""What is wrong with a roster, said by place. A sentence never quotes a cell: any cell may hold a child's name."""

from dataclasses import dataclass, field
from typing import NamedTuple

LISTED = 20  # places that one warning lists


class Place(NamedTuple):
    """Where in a roster: the file's name, its line (1 is the header), the column's name; 0 and "" when unknown."""

    file: str
    line: int = 0
    column: str = ""

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        return f"{self.file}{line}{f', column {self.column}' if self.column else ''}"


class RosterRefused(Exception):
    """A roster is refused whole. `reason` and `cure` are sentences without any value of the roster."""

    def __init__(self, place: Place, reason: str, cure: str) -> None:
        self.place, self.reason, self.cure = place, reason, cure
        super().__init__(f"{place}: {reason} {cure}")


@dataclass
class Warnings:
    """What was met, harmless and accepted, gathered by kind: a thousand alike make one sentence."""

    found: dict[tuple[str, str, str], "Met"] = field(default_factory=dict)

    def add(self, place: Place, sentence: str) -> None:
        met = self.found.setdefault((place.file, place.column, sentence), Met())
        if place.line:
            met.add(place.line)

    def sentences(self) -> list[str]:
        """One sentence a kind, with its number of rows and the first lines."""
        return [_sentence(Place(file, 0, column), text, met) for (file, column, text), met in self.found.items()]


@dataclass
class Met:
    """How many lines of one kind were met, and the first of them: a million alike take no more room than twenty."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, line: int) -> None:
        self.count += 1
        if self.count <= LISTED:
            self.first.append(line)


def _sentence(place: Place, text: str, met: Met) -> str:
    if not met.count:
        return f"{place}: {text}"
    listed = ", ".join(map(str, met.first)) + (", …" if met.count > LISTED else "")
    rows = "line" if met.count == 1 else f"{met.count:,} lines:"
    return f"{place}: {text} ({rows} {listed})"
