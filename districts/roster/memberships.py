"""The enrollments of a roster: who learns and who teaches in which classroom."""

from django.utils.translation import gettext as _

from districts.roster import cells
from districts.roster.classes import Classes
from districts.roster.people import People
from districts.roster.records import Enrollment, Roster, Teacher
from districts.roster.tables import Source, Table
from districts.roster.words import MEMBERS, OWN, STUDENT

CROWD = 50
COLUMNS = ("classSourcedId", "userSourcedId", "role", "primary")


def read_memberships(source: Source, classes: Classes, people: People, roster: Roster) -> None:
    """Puts the rows of enrollments.csv among a roster's teachers and students, and settles where students learn."""
    table = source.table("enrollments")
    if table.is_partial:
        roster.gone.update({"teacher": [], "enrollment": []})
    members = _Members(table, classes, people, roster)
    for line, key, stands, values in table.rows(COLUMNS):
        if stands:
            members.take(line, key, values)
        else:
            members.end(key, "teacher", "enrollment")
    roster.concerns += table.concerns(classSourcedId="classes.csv", userSourcedId="users.csv")
    people.settle(members.by_class)


class _Members:
    """Takes enrollment rows, each pair of person and classroom once."""

    def __init__(self, table: Table, classes: Classes, people: People, roster: Roster) -> None:
        self.table, self.classes, self.people, self.roster = table, classes, people, roster
        self.seen: dict[str, list[str] | set[str]] = {}
        self.by_class: dict[str, str] = {}

    def take(self, line: int, key: str, values: list[str]) -> None:
        classroom, user, role, primary = values
        role = self.table.word(role, MEMBERS, line, "role")
        is_primary = bool(primary) and cells.boolean(primary, self.table.place(line, "primary"), self.table.warnings)
        if role == OWN:
            self.table.warn(line, "role", _("A membership of the vendor's own (ext:) was left out."))
        elif classroom not in self.classes:
            self._stray(line, "classSourcedId", _("The class is not in classes.csv; the row was skipped."))
        elif user not in self.people:
            self._stray(line, "userSourcedId", _("The user is not in users.csv; the row was skipped."))
        elif (there := self.classes.standing(classroom)) and (kind := self.people.kind_of(user)):
            self._add(line, there, self.people.standing(user), kind, key, role, bool(is_primary))

    def end(self, key: str, *kinds: str) -> None:
        """A membership that is over, or is one of the other kind now."""
        if self.table.is_partial:
            for kind in kinds:
                self.roster.gone[kind].append(key)

    def _stray(self, line: int, column: str, sentence: str) -> None:
        self.table.strays.add(line, column, sentence)

    def _add(self, line: int, classroom: str, user: str, kind: str, key: str, role: str, is_primary: bool) -> None:
        members = self.seen.setdefault(classroom, [])
        if (role == STUDENT) is not (kind == STUDENT):
            self.table.warn(line, "role", _("The user has another role in users.csv; the row was skipped."))
        elif user in members:
            self.table.warn(line, "userSourcedId", _("The user is in the class already; the row was skipped."))
        else:
            self._note(classroom, members, user)
            self._put(classroom, user, key, role, is_primary)

    def _note(self, classroom: str, members: list[str] | set[str], user: str) -> None:
        """Keeps who is in a class: in a list, which is small, until it would be slow."""
        if isinstance(members, set):
            members.add(user)
        elif len(members) < CROWD:
            members.append(user)
        else:
            self.seen[classroom] = {*members, user}

    def _put(self, classroom: str, user: str, key: str, role: str, is_primary: bool) -> None:
        if role == STUDENT:
            self.roster.enrollments.append(Enrollment(classroom, user, key))
            self.end(key, "teacher")
            if user in self.people.without_school and (school := self.classes.school_of(classroom)):
                self.by_class.setdefault(user, school)
        elif role == "teacher":
            self.roster.teachers.append(Teacher(classroom, user, key, is_primary))
            self.end(key, "enrollment")
