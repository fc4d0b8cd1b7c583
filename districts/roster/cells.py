"""Single cells of a roster: what may stand in them. Faults are told by place, never with the value."""

import re
from collections.abc import Mapping
from datetime import date

from districts.roster.problems import Place, RosterRefused, Warnings

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
YEAR = re.compile(r"(?:19|20)\d{2}")
PRESENT = {"": True, "active": True, "inactive": False, "tobedeleted": False}
BOOLEANS = {"": None, "true": True, "false": False}


def day(value: str, place: Place) -> date | None:
    """A date written YYYY-MM-DD, or None for a blank."""
    if not value:
        return None
    try:
        if not DAY.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise RosterRefused(place, "This is not a date.", "Write dates as YYYY-MM-DD, such as 2027-06-04.") from None


def year(value: str, place: Place) -> int | None:
    """A calendar year of four digits, or None for a blank."""
    if value and not YEAR.fullmatch(value):
        raise RosterRefused(place, "This is not a year.", "Write the year in which the school year ends: 2027.")
    return int(value) if value else None


def one_of(value: str, words: frozenset[str], place: Place, warnings: Warnings) -> str:
    """One of a vocabulary's words; written in another case it is accepted with a warning."""
    if value in words:
        return value
    meant = {word.lower(): word for word in words}.get(value.lower())
    if meant is None:
        raise RosterRefused(place, "The word is none of OneRoster 1.1's.", f"Use one of: {', '.join(sorted(words))}.")
    warnings.add(place, f"“{meant}” is written in another case.")
    return meant


def boolean(value: str, place: Place, warnings: Warnings) -> bool | None:
    """true or false, None for a blank; TRUE and FALSE are accepted with a warning."""
    if value in BOOLEANS:
        return BOOLEANS[value]
    if value.lower() not in BOOLEANS:
        raise RosterRefused(place, "This is neither true nor false.", "Write true or false.")
    warnings.add(place, "true and false are written in another case.")
    return BOOLEANS[value.lower()]


def text(value: str, longest: int, place: Place) -> str:
    """A text as it came, of at most `longest` characters."""
    if len(value) > longest:
        raise RosterRefused(place, f"The value has {len(value):,} characters.", f"Shorten it to {longest}.")
    return value


def listed(value: str) -> list[str]:
    """The values of a comma separated list, without blanks around them."""
    return [part for item in value.split(",") if (part := item.strip())]


class Statuses:
    """The status column of one full file: blank throughout (as OneRoster wants), or set throughout."""

    def __init__(self, file: str, warnings: Warnings) -> None:
        self.file, self.warnings, self.are_set = file, warnings, None

    are_set: bool | None

    def keeps(self, value: str, line: int) -> bool:
        """Whether the row is part of the roster; `tobedeleted` and `inactive` rows are not."""
        if not value and self.are_set is False:
            return True
        place = Place(self.file, line, "status")
        status = value.lower()
        if status not in PRESENT:
            raise RosterRefused(place, "The status is none of OneRoster 1.1's.", "Leave it blank in a full file.")
        if self.are_set is None:
            self._note_first(bool(value))
        elif self.are_set is not bool(value):
            raise RosterRefused(
                place,
                "Rows with a status and rows without are mixed, so this is neither a full file nor one of changes.",
                "Leave every status blank in a full file.",
            )
        if not PRESENT[status]:
            self.warnings.add(place, "Rows to be deleted, or inactive, were left out.")
        return PRESENT[status]

    def _note_first(self, is_set: bool) -> None:
        self.are_set = is_set
        if is_set:
            self.warnings.add(Place(self.file), "It is a full file by the manifest, and its rows carry a status.")


class Once:
    """The sourced ids of one file, each of which may stand once."""

    def __init__(self, file: str, longest: int = 255) -> None:
        self.file, self.longest, self.seen = file, longest, {}

    seen: dict[str, int]

    def take(self, sourced_id: str, line: int) -> str:
        first = self.seen.setdefault(sourced_id, line)
        if first == line and 0 < len(sourced_id) <= self.longest:
            return sourced_id
        place = Place(self.file, line, "sourcedId")
        if not sourced_id:
            raise RosterRefused(place, "The sourcedId is blank.", "Give every row its id.")
        text(sourced_id, self.longest, place)
        raise RosterRefused(place, f"The sourcedId stands in line {first} too.", "Keep one of the rows.")


class Strays:
    """References to what is not in the roster: listed by row, refused when more than one row in a hundred has one."""

    def __init__(self, file: str, warnings: Warnings) -> None:
        self.file, self.warnings, self.lines = file, warnings, []

    lines: list[tuple[int, str]]

    def add(self, line: int, column: str, sentence: str) -> None:
        self.lines.append((line, column))
        self.warnings.add(Place(self.file, line, column), sentence)

    def check(self, rows: int, shares: Mapping[str, str]) -> None:
        """Raises RosterRefused above 1%; `shares` names, by column, the file that the references miss."""
        if len(self.lines) * 100 <= rows:
            return
        line, column = self.lines[0]
        raise RosterRefused(
            Place(self.file, line, column),
            f"It refers to a row that {shares[column]} does not have, as do {len(self.lines):,} of {rows:,} rows; "
            "more than 1% is too many.",
            f"Send {shares[column]} and {self.file} of the same export.",
        )
