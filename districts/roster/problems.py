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

    found: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)

    def add(self, place: Place, sentence: str) -> None:
        self.found.setdefault((place.file, place.column, sentence), []).append(place.line)

    def sentences(self) -> list[str]:
        """One sentence a kind, with its number of rows and the first lines."""
        return [_sentence(Place(file, 0, column), text, lines) for (file, column, text), lines in self.found.items()]


def _sentence(place: Place, text: str, lines: list[int]) -> str:
    numbered = [line for line in lines if line]
    if not numbered:
        return f"{place}: {text}"
    listed = ", ".join(map(str, numbered[:LISTED])) + (", …" if len(numbered) > LISTED else "")
    rows = "line" if len(numbered) == 1 else f"{len(numbered):,} lines:"
    return f"{place}: {text} ({rows} {listed})"
