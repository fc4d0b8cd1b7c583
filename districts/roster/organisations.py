"""The organisations and sessions of a roster, and which school an organisation belongs to."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from districts.roster import cells
from districts.roster.problems import Place, RosterRefused, Warnings
from districts.roster.records import Roster, School, Session
from districts.roster.tables import Source, Table
from districts.roster.words import ORG_TYPES, SESSION_TYPES

ORGS = "orgs.csv"


class Org(NamedTuple):
    line: int
    type: str
    name: str
    identifier: str
    parent: str


class Organisations:
    """The orgs of a roster by sourced id; `school_of` finds the school that one belongs to.

    `held`: the schools that the district has besides, when the roster tells changes of orgs only.
    """

    def __init__(self, orgs: dict[str, Org], warnings: Warnings, held: frozenset[str] = frozenset()) -> None:
        self.orgs, self.warnings, self.held = orgs, warnings, held
        self.taken: dict[str, str] = {key: key for key, org in orgs.items() if org.type == "school" or key in held}
        self.has_schools = bool(self.taken or held)
        self.above: dict[str, str] = {}

    def __contains__(self, sourced_id: str) -> bool:
        return sourced_id in self.orgs or sourced_id in self.held

    def school_of(self, sourced_id: str) -> str:
        """The org itself if it is a school, else the nearest school above it, else ""."""
        below: list[str] = []
        while sourced_id not in self.taken and sourced_id not in self.above and sourced_id in self.orgs:
            below.append(sourced_id)
            self.above[sourced_id] = ""  # a way that comes back here leads to no school
            sourced_id = self.orgs[sourced_id].parent
        school = self.taken.get(sourced_id) or self.above.get(sourced_id) or self._held(sourced_id)
        self.above.update(dict.fromkeys(below, school))
        return school

    def _held(self, sourced_id: str) -> str:
        return sourced_id if sourced_id in self.held else ""

    def meets_in(self, sourced_id: str) -> str:
        """The school of a class. In a roster without any school, the org that a class names is taken for one."""
        if not self.has_schools and sourced_id in self.orgs and sourced_id not in self.taken:
            self.taken[sourced_id] = sourced_id
            self.above.clear()
            self.warnings.add(
                Place(ORGS, self.orgs[sourced_id].line, "type"), _("It is taken for a school, as classes name it so.")
            )
        return self.school_of(sourced_id)

    def schools(self) -> list[School]:
        return [School(key, org.name, org.identifier) for key, org in self.orgs.items() if key in self.taken]


def read_orgs(source: Source, roster: Roster) -> Organisations:
    """The orgs of orgs.csv. A parent that is not there is harmless; a circle of parents is not."""
    table, orgs = source.table("orgs"), {}
    gone: list[str] = []
    for line, key, stands, values in table.rows(("name", "type", "identifier", "parentSourcedId")):
        if stands:
            orgs[key] = _org(table, line, values)
        else:
            gone.append(key)
    _check_parents(orgs, table)
    if not table.is_partial:
        return Organisations(orgs, source.warnings)
    roster.gone["school"] = gone
    return Organisations(orgs, source.warnings, source.known.schools.difference(gone))


def _org(table: Table, line: int, values: list[str]) -> Org:
    name, kind, identifier, parent = values
    return Org(
        line,
        table.word(kind, ORG_TYPES, line, "type"),
        table.text(name, 255, line, "name"),
        table.text(identifier, 100, line, "identifier"),
        parent,
    )


def read_sessions(source: Source) -> list[Session]:
    """The sessions of academicSessions.csv that are part of the roster."""
    table = source.table("academicSessions")
    rows = table.rows(("type", "startDate", "endDate", "schoolYear"))
    return [_session(table, line, values) for line, _, stands, values in rows if stands]


def _session(table: Table, line: int, values: list[str]) -> Session:
    kind, first, last, year = values
    return Session(
        table.word(kind, SESSION_TYPES, line, "type"),
        cells.day(first, table.place(line, "startDate")),
        cells.day(last, table.place(line, "endDate")),
        cells.year(year, table.place(line, "schoolYear")),
    )


def _check_parents(orgs: dict[str, Org], table: Table) -> None:
    finished: set[str] = set()
    for key, org in orgs.items():
        if org.parent and org.parent not in orgs and not table.is_partial:
            table.warn(org.line, "parentSourcedId", _("The parent is not in the file."))
        _check_circle(key, orgs, finished)


def _check_circle(key: str, orgs: dict[str, Org], finished: set[str]) -> None:
    path: set[str] = set()
    while key in orgs and key not in finished:
        if key in path:
            raise RosterRefused(
                Place(ORGS, orgs[key].line, "parentSourcedId"),
                _("The organization is its own parent, or that of one above it."),
                _("Let parents lead up to the district."),
            )
        path.add(key)
        key = orgs[key].parent
    finished |= path
