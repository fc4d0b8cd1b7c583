"""The users of a roster: students and educators. Of relatives nothing is kept but their number."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from districts.roster import cells
from districts.roster.classes import known_grades
from districts.roster.grades import learning_environment
from districts.roster.organisations import Organisations
from districts.roster.problems import RosterRefused
from districts.roster.records import Educator, EducatorRole, Roster, Student
from districts.roster.standings import Held, Roles, Standing, one_role, several_roles
from districts.roster.tables import Source, Table, TableRow
from districts.roster.words import ROLES, STUDENT

COLUMNS = ("enabledUser", "username", "givenName", "familyName", "identifier", "email", "grades")
OTHER_KIND = {STUDENT: "educator", "educator": STUDENT}


class People:
    """Students and educators by sourced id, None for those who are not kept; and those the district has besides."""

    def __init__(self, source: Source, roster: Roster, orgs: Organisations) -> None:
        self.source, self.roster, self.orgs = source, roster, orgs
        self.found: dict[str, Student | Educator | None] = {}
        self.without_school: set[str] = set()
        self.is_partial = not source.manifest.is_whole("users")

    def __contains__(self, sourced_id: str) -> bool:
        return sourced_id in self.found or (self.is_partial and sourced_id in self.source.known.people)

    def kind_of(self, sourced_id: str) -> str:
        """student, educator, or "" for somebody who is not kept."""
        if sourced_id in self.found:
            found = self.found[sourced_id]
            return "" if found is None else STUDENT if isinstance(found, Student) else "educator"
        return self.source.known.people[sourced_id]

    def standing(self, sourced_id: str) -> str:
        """The same id as the person's record has it."""
        found = self.found.get(sourced_id)
        return found.sourced_id if found else sourced_id

    def add(self, person: Student | Educator, places: Iterable[tuple[str, str]] = ()) -> None:
        """Somebody who is kept, in place of what the district may hold of them under the other kind."""
        kind = STUDENT if isinstance(person, Student) else "educator"
        self.found[person.sourced_id] = person
        if isinstance(person, Student) and not person.school:
            self.without_school.add(person.sourced_id)
        self.roster.roles += [EducatorRole(person.sourced_id, school, role) for role, school in places]
        if self.is_partial and self.source.known.people.get(person.sourced_id) == OTHER_KIND[kind]:
            self.roster.gone[OTHER_KIND[kind]].append(person.sourced_id)

    def leave_out(self, sourced_id: str) -> None:
        """A relative, or somebody whom the file lists as deleted."""
        self.found[sourced_id] = None
        if self.is_partial:
            for kind in OTHER_KIND:
                self.roster.gone[kind].append(sourced_id)

    def settle(self, by_class: dict[str, str]) -> None:
        """Puts everybody into the roster, now that classes say where students of no school learn."""
        for key, school in by_class.items():
            found = self.found[key]
            if isinstance(found, Student):
                self.found[key] = found._replace(school=school)
        self.roster.students = [each for each in self.found.values() if isinstance(each, Student)]
        self.roster.educators = [each for each in self.found.values() if isinstance(each, Educator)]


def read_people(source: Source, orgs: Organisations, roles: Roles, roster: Roster) -> People:
    """Everybody of users.csv who is kept, and in a roster of changes those whose roles changed."""
    people, table = People(source, roster, orgs), source.table("users")
    told = ("role", "orgSourcedIds") if table.version == "1.1" else ()
    rows: Iterable[TableRow] = table.rows((*COLUMNS, *told), () if told else ("primaryOrgSourcedId",))
    if people.is_partial:
        roster.gone.update({kind: [] for kind in (*OTHER_KIND, "role")})
        rows = list(rows)
        held = Held(source.known, {row[1] for row in rows} | set(roles.lines))
        _Users(table, people, roles, held).read(rows)
        _read_moves(source, people, roles, held)
    else:
        _Users(table, people, roles, None).read(rows)
        if not any(isinstance(each, Student) for each in people.found.values()):
            raise RosterRefused(table.place(0, ""), _("There is no student in it."), _("Send the whole file."))
    roster.concerns += table.concerns(orgSourcedIds="orgs.csv", sourcedId="roles.csv")
    return people


class _Users:
    """The rows of users.csv. Standings are worked out once for all who are the same in the same places."""

    def __init__(self, table: Table, people: People, roles: Roles, held: Held | None) -> None:
        self.table, self.people, self.roles, self.held = table, people, roles, held
        self.cache: dict[object, Standing] = {}

    def read(self, rows: Iterable[TableRow]) -> None:
        for line, key, stands, values in rows:
            if stands:
                self._take(line, key, values)
            else:
                self.people.leave_out(key)

    def _take(self, line: int, key: str, values: list[str]) -> None:
        standing = self._one(line, values) if self.table.version == "1.1" else self._several(line, key, values)
        if standing.kind == "relative":
            self.people.roster.relatives += 1
        if standing.kind == STUDENT:
            held = self.held.students.get(key) if self.held else None
            school = standing.school or (held.school if held else "")
            self.people.add(_student(self.table, line, key, school, values))
        elif standing.kind == "educator":
            self.people.add(_educator(self.table, line, key, values), self._places(key, standing))
        else:
            self.people.leave_out(key)

    def _one(self, line: int, values: list[str]) -> Standing:
        told = values[-2], values[-1]
        standing = self.cache.get(told)
        if standing is None:
            role = self.table.word(told[0], ROLES["1.1"], line, "role")
            standing = one_role(role, cells.listed(told[1]), self.people.orgs)
            if role == told[0]:  # else each row is warned of
                self.cache[told] = standing
        if standing.has_strangers:
            self._tell_strangers(line)
        return standing

    def _tell_strangers(self, line: int) -> None:
        if self.table.source.manifest.is_whole("orgs"):
            self.table.strays.add(line, "orgSourcedIds", _("An organization is not in orgs.csv."))
        else:
            self.table.warn(line, "orgSourcedIds", _("An organization is not a known school; it was left out."))

    def _several(self, line: int, key: str, values: list[str]) -> Standing:
        roles = self.held.together(key, self.roles, self.people.orgs) if self.held else self.roles.given.get(key, ())
        told = tuple(roles), values[-1]
        if told not in self.cache:
            self.cache[told] = several_roles(roles, values[-1], self.people.orgs)
        standing = self.cache[told]
        if not standing.kind and self.held and key in self.held.kinds:
            return Standing(self.held.kinds[key])
        if not standing.kind and key not in self.roles.given:
            self.table.strays.add(line, "sourcedId", _("The user has no role in roles.csv; the row was skipped."))
        if len({role.role == STUDENT for role in roles}) == 2:
            self._tell_both(line, roles)
        return standing

    def _tell_both(self, line: int, roles: Iterable[object]) -> None:
        self.table.warn(line, "sourcedId", _("The user is a student and an educator; the primary role decided."))

    def _places(self, key: str, standing: Standing) -> Iterable[tuple[str, str]]:
        """An educator's roles. Orgs that a file of changes names and nobody knows do not take away those held."""
        if self.held is None:
            return standing.places
        is_told = any(school for _, school in standing.places) or not standing.has_strangers
        if not is_told and key in self.held.places:
            return ()
        if not standing.places:
            self.people.roster.gone["role"].append(key)
        return standing.places


def _student(table: Table, line: int, key: str, school: str, values: list[str]) -> Student:
    enabled, username, given, family, number, _, grades = values[:7]
    known = known_grades(table, line, grades)
    grade = known[0] if known else ""
    return Student(
        key,
        school,
        table.text(given, 300, line, "givenName"),
        table.text(family, 300, line, "familyName"),
        table.text(username, 255, line, "username"),
        table.text(number, 255, line, "identifier"),
        grade,
        learning_environment(grade),
        _is_enabled(table, line, enabled),
    )


def _educator(table: Table, line: int, key: str, values: list[str]) -> Educator:
    enabled, username, given, family, _, email, _ = values[:7]
    return Educator(
        key,
        table.text(given, 255, line, "givenName"),
        table.text(family, 255, line, "familyName"),
        table.text(username, 255, line, "username"),
        table.text(email, 254, line, "email"),
        _is_enabled(table, line, enabled),
    )


def _is_enabled(table: Table, line: int, value: str) -> bool:
    return value in ("true", "") or cells.boolean(value, table.place(line, "enabledUser"), table.warnings) is not False


def _read_moves(source: Source, people: People, roles: Roles, held: Held) -> None:
    """Those whose roles changed and who are not in users.csv: they stay who they are, in other places."""
    table = source.table("roles")
    for key, line in roles.lines.items():
        if key in people.found:
            continue
        kind = held.kinds.get(key)
        standing = several_roles(held.together(key, roles, people.orgs), "", people.orgs)
        if kind is None and key in roles.given:
            table.warn(line, "userSourcedId", _("The user is neither in users.csv nor known; the row was skipped."))
        elif kind == STUDENT and standing.kind == STUDENT:
            _move(people, held.students[key], standing.school)
        elif kind == "educator" and standing.kind in ("educator", ""):
            people.roster.roles += [EducatorRole(key, school, role) for role, school in standing.places]
            people.roster.gone["role"] += [] if standing.places else [key]
        elif kind:
            table.warn(line, "role", _("A change between student and educator came without the user; it was skipped."))


def _move(people: People, student: Student, school: str) -> None:
    if school and school != student.school:
        people.add(student._replace(school=school))
