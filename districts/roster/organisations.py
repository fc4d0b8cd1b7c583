"""The organisations and sessions of a roster, and which school an organisation belongs to."""

from typing import NamedTuple

from districts.roster import cells
from districts.roster.archive import Archive
from districts.roster.csvfile import rows
from districts.roster.problems import Place, RosterRefused, Warnings
from districts.roster.records import School, Session

ORG_TYPES = frozenset({"department", "school", "district", "local", "state", "national"})
SESSION_TYPES = frozenset({"gradingPeriod", "semester", "schoolYear", "term"})
ORGS, SESSIONS = "orgs.csv", "academicSessions.csv"


class Org(NamedTuple):
    line: int
    type: str
    name: str
    identifier: str
    parent: str


class Organisations:
    """The orgs of a roster by sourced id; `school_of` finds the school that one belongs to."""

    def __init__(self, orgs: dict[str, Org], warnings: Warnings) -> None:
        self.orgs, self.warnings = orgs, warnings
        self.has_schools = any(org.type == "school" for org in orgs.values())
        self.taken: set[str] = {key for key, org in orgs.items() if org.type == "school"}

    def school_of(self, sourced_id: str) -> str:
        """The org itself if it is a school, else the nearest school above it, else ""."""
        seen: set[str] = set()
        while (org := self.orgs.get(sourced_id)) and sourced_id not in seen:
            if sourced_id in self.taken:
                return sourced_id
            seen.add(sourced_id)
            sourced_id = org.parent
        return ""

    def meets_in(self, sourced_id: str) -> str:
        """The school of a class. In a roster without any school, the org that a class names is taken for one."""
        if not self.has_schools and sourced_id in self.orgs and sourced_id not in self.taken:
            self.taken.add(sourced_id)
            self.warnings.add(
                Place(ORGS, self.orgs[sourced_id].line, "type"), "It is taken for a school, as classes name it so."
            )
        return self.school_of(sourced_id)

    def schools(self) -> list[School]:
        return [School(key, org.name, org.identifier) for key, org in self.orgs.items() if key in self.taken]


def read_orgs(archive: Archive, warnings: Warnings) -> Organisations:
    """The orgs of orgs.csv. A parent that is not there is harmless; a circle of parents is not."""
    columns = ("sourcedId", "status", "name", "type", "identifier", "parentSourcedId")
    statuses, once, orgs = cells.Statuses(ORGS, warnings), cells.Once(ORGS), {}
    with archive.open(ORGS) as file:
        for line, (key, status, name, kind, identifier, parent) in rows(file, ORGS, columns, warnings):
            once.take(key, line)
            if statuses.keeps(status, line):
                orgs[key] = Org(
                    line,
                    cells.one_of(kind, ORG_TYPES, Place(ORGS, line, "type"), warnings),
                    cells.text(name, 255, Place(ORGS, line, "name")),
                    cells.text(identifier, 100, Place(ORGS, line, "identifier")),
                    parent,
                )
    _check_parents(orgs, warnings)
    return Organisations(orgs, warnings)


def read_sessions(archive: Archive, warnings: Warnings) -> list[Session]:
    """The sessions of academicSessions.csv that are part of the roster."""
    columns = ("sourcedId", "status", "type", "startDate", "endDate", "schoolYear")
    statuses, once, sessions = cells.Statuses(SESSIONS, warnings), cells.Once(SESSIONS), []
    with archive.open(SESSIONS) as file:
        for line, (key, status, kind, first, last, year) in rows(file, SESSIONS, columns, warnings):
            once.take(key, line)
            session = Session(
                cells.one_of(kind, SESSION_TYPES, Place(SESSIONS, line, "type"), warnings),
                cells.day(first, Place(SESSIONS, line, "startDate")),
                cells.day(last, Place(SESSIONS, line, "endDate")),
                cells.year(year, Place(SESSIONS, line, "schoolYear")),
            )
            if statuses.keeps(status, line):
                sessions.append(session)
    return sessions


def _check_parents(orgs: dict[str, Org], warnings: Warnings) -> None:
    finished: set[str] = set()
    for key, org in orgs.items():
        if org.parent and org.parent not in orgs:
            warnings.add(Place(ORGS, org.line, "parentSourcedId"), "The parent is not in the file.")
        _check_circle(key, orgs, finished)


def _check_circle(key: str, orgs: dict[str, Org], finished: set[str]) -> None:
    path: set[str] = set()
    while key in orgs and key not in finished:
        if key in path:
            raise RosterRefused(
                Place(ORGS, orgs[key].line, "parentSourcedId"),
                "The organisation is its own parent, or that of one above it.",
                "Let parents lead up to the district.",
            )
        path.add(key)
        key = orgs[key].parent
    finished |= path
