"""The classes of a roster: the product's classrooms."""

from django.utils.translation import gettext as _

from districts.roster import cells
from districts.roster.grades import grade
from districts.roster.organisations import Organisations
from districts.roster.records import Classroom, Roster
from districts.roster.tables import Source, Table
from districts.roster.words import CLASS_TYPES

COLUMNS = ("title", "grades", "classCode", "classType", "schoolSourcedId")


class Classes:
    """A roster's classrooms by sourced id, None for one that is deleted; and those that the district has besides."""

    def __init__(self, source: Source, is_partial: bool) -> None:
        self.source, self.is_partial = source, is_partial
        self.found: dict[str, Classroom | None] = {}

    def __contains__(self, sourced_id: str) -> bool:
        return sourced_id in self.found or (self.is_partial and sourced_id in self.source.known.classrooms)

    def standing(self, sourced_id: str) -> str:
        """The same id as the classroom's record has it, "" for one that is deleted."""
        if sourced_id in self.found:
            found = self.found[sourced_id]
            return found.sourced_id if found else ""
        return sourced_id

    def school_of(self, sourced_id: str) -> str:
        """The school of a classroom that stands."""
        found = self.found.get(sourced_id)
        return found.school if found else self.source.known.classrooms[sourced_id]


def read_classes(source: Source, orgs: Organisations, roster: Roster) -> Classes:
    table = source.table("classes")
    classes = Classes(source, table.is_partial)
    for line, key, stands, values in table.rows(COLUMNS):
        classes.found[key] = _classroom(table, line, key, values, orgs) if stands else None
    roster.classrooms = [classroom for classroom in classes.found.values() if classroom]
    if table.is_partial:
        roster.gone["classroom"] = [key for key, classroom in classes.found.items() if classroom is None]
    roster.concerns += table.concerns(schoolSourcedId="orgs.csv")
    return classes


def _classroom(table: Table, line: int, key: str, values: list[str], orgs: Organisations) -> Classroom:
    title, grades, code, kind, school = values
    if kind:
        table.word(kind, CLASS_TYPES, line, "classType")
    return Classroom(
        key,
        _school(table, line, key, school, orgs),
        table.text(title, 255, line, "title"),
        table.text(code, 100, line, "classCode"),
        ",".join(dict.fromkeys(known_grades(table, line, grades))),
    )


def _school(table: Table, line: int, key: str, org: str, orgs: Organisations) -> str:
    """Where a class meets. In a file of changes a department may be one that the district does not keep."""
    if org in orgs:
        return orgs.meets_in(org)
    held = table.source.known.classrooms.get(key) if table.is_partial else None
    if held is None:
        table.strays.add(line, "schoolSourcedId", _("The school is not in orgs.csv."))
        return ""
    table.warn(line, "schoolSourcedId", _("The school is not known; the class stays in the one it has."))
    return held


def known_grades(table: Table, line: int, value: str) -> list[str]:
    """The grades of a list in the product's words; those it does not have are left out."""
    if not value:
        return []
    known = [grade(each) for each in cells.listed(value)]
    if "" in known:
        table.warn(line, "grades", _("A grade other than PK, K and 1 to 12 was left blank."))
    return [each for each in known if each]
