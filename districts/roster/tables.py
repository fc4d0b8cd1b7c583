"""One file of a roster while it is read: its rows with what all kinds of rows have, and what is counted over them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from districts.roster import cells
from districts.roster.archive import Archive
from districts.roster.csvfile import rows
from districts.roster.manifest import Manifest
from districts.roster.problems import Place, RosterRefused, Warnings
from districts.roster.records import Known
from districts.roster.statuses import Changed, Statuses

ID = 255
FIRST_LINE = 2  # of data; the header is line 1, and no line between rows is blank
TableRow = tuple[int, str, bool, list[str]]


@dataclass
class Source:
    """A roster while it is read. `ask` answers what the district holds; it is asked once, of changes only."""

    archive: Archive
    manifest: Manifest
    warnings: Warnings
    ask: Callable[[], Known] | None = None

    @cached_property
    def known(self) -> Known:
        return self.ask() if self.ask else Known()

    def table(self, file: str) -> "Table":
        return Table(self, file)


class Table:
    """One file by its name without .csv. A file that a roster of changes does not have is one without rows."""

    def __init__(self, source: Source, file: str) -> None:
        self.source, self.file, self.warnings = source, f"{file}.csv", source.warnings
        self.version = source.manifest.version
        self.is_there, self.is_partial = file in source.manifest.modes, not source.manifest.is_whole(file)
        self.once, self.strays = Once(self.file), Strays(self.file, source.warnings, self.is_partial)

    def rows(self, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterator[TableRow]:
        """Line, sourcedId, whether the row stands (or is to be deleted), and the values of `columns`."""
        if self.is_there:
            with self.source.archive.open(self.file) as file:
                found = rows(file, self.file, ("sourcedId", "status", *self._time, *columns), self.warnings, optional)
                yield from self._changes(found) if self.is_partial else self._all(found)

    @property
    def _time(self) -> tuple[str, ...]:
        return ("dateLastModified",) if self.is_partial else ()

    def _all(self, found: Iterator[tuple[int, list[str]]]) -> Iterator[TableRow]:
        keeps, take = Statuses(self.file, self.warnings).keeps, self.once.take
        for line, values in found:
            yield line, take(values[0], line), keeps(values[1], line), values[2:]

    def _changes(self, found: Iterator[tuple[int, list[str]]]) -> Iterator[TableRow]:
        keeps, take = Changed(self.file).keeps, self.once.take
        for line, values in found:
            yield line, take(values[0], line), keeps(values[1], values[2], line), values[3:]

    def place(self, line: int, column: str) -> Place:
        return Place(self.file, line, column)

    def warn(self, line: int, column: str, sentence: str) -> None:
        self.warnings.add(Place(self.file, line, column), sentence)

    def word(self, value: str, words: frozenset[str], line: int, column: str) -> str:
        """One of the words of a vocabulary (see `cells.one_of`)."""
        if value in words:
            return value
        return cells.one_of(value, words, Place(self.file, line, column), self.warnings, self.version)

    def text(self, value: str, longest: int, line: int, column: str) -> str:
        if len(value) <= longest:
            return value
        return cells.text(value, longest, Place(self.file, line, column))

    def concerns(self, **missed: str) -> list[str]:
        """The sentence that the file refers too often to what is not there; `missed`: by column, the other file."""
        return self.strays.concerns(self.once.count, missed)


class Once:
    """The sourced ids of one file, each of which may stand once. They are kept in order, so their lines need not be."""

    def __init__(self, file: str) -> None:
        self.file, self.count = file, 0
        self.seen: dict[str, None] = {}

    def take(self, sourced_id: str, line: int) -> str:
        self.seen[sourced_id] = None
        if len(self.seen) > self.count and 0 < len(sourced_id) <= ID:
            self.count += 1
            return sourced_id
        place = Place(self.file, line, "sourcedId")
        if not sourced_id:
            raise RosterRefused(place, _("The sourcedId is blank."), _("Give every row its id."))
        cells.text(sourced_id, ID, place)
        first = FIRST_LINE + list(self.seen).index(sourced_id)
        raise RosterRefused(
            place, _("The sourcedId stands in line {first} too.").format(first=first), _("Keep one of the rows.")
        )


class Strays:
    """References to what is not there: listed by row; more than one row in a hundred, and a person looks first."""

    def __init__(self, file: str, warnings: Warnings, is_partial: bool) -> None:
        self.file, self.warnings, self.is_partial = file, warnings, is_partial
        self.count, self.first = 0, (0, "")

    def add(self, line: int, column: str, sentence: str) -> None:
        self.count += 1
        if self.count == 1:
            self.first = line, column
        self.warnings.add(Place(self.file, line, column), sentence)

    def concerns(self, rows: int, missed: dict[str, str]) -> list[str]:
        """At most one sentence: above 1% of the file's rows, with the place of the first."""
        if self.count * 100 <= rows:
            return []
        line, column = self.first
        place, other = Place(self.file, line, column), missed[column]
        lacking = (
            _("neither {other} nor the district has").format(other=other)
            if self.is_partial
            else _("{other} does not have").format(other=other)
        )
        return [
            _(
                "{place}: It refers to a row that {lacking}, as do {count:,} of {rows:,} rows; more than "
                "1% is too many. Send {other} and {file} of the same export."
            ).format(place=place, lacking=lacking, count=self.count, rows=rows, other=other, file=self.file)
        ]
