"""OneRoster 1.1 CSV into records: strict about form, patient with the harmless quirks of vendors.

Of a user only what the product needs is read: no password, no telephone, no relative; demographics are not opened.
"""

from collections.abc import Callable
from typing import NamedTuple

from districts.roster import cells, manifest
from districts.roster.archive import Archive
from districts.roster.csvfile import rows
from districts.roster.grades import grade, learning_environment
from districts.roster.organisations import Organisations, read_orgs, read_sessions
from districts.roster.problems import Place, RosterRefused, Warnings
from districts.roster.records import Classroom, Educator, EducatorRole, Enrollment, Known, Roster, Student, Teacher

RELATIVES = frozenset({"guardian", "parent", "relative"})
EDUCATORS = frozenset({"administrator", "aide", "proctor", "teacher"})
ROLES = RELATIVES | EDUCATORS | {"student"}
MEMBERS = frozenset({"administrator", "aide", "proctor", "student", "teacher"})
CLASS_TYPES = frozenset({"homeroom", "scheduled"})
CLASSES, USERS, ENROLLMENTS = "classes.csv", "users.csv", "enrollments.csv"
FAULTS = {"schoolSourcedId": "orgs.csv", "orgSourcedIds": "orgs.csv"}
LINKS = {"classSourcedId": CLASSES, "userSourcedId": USERS}


class User(NamedTuple):
    """A row of users.csv that is kept; `orgs` are sourced ids in their order."""

    sourced_id: str
    role: str
    is_active: bool
    orgs: list[str]
    first_name: str
    last_name: str
    username: str
    number: str
    email: str
    grade: str


def read(archive: Archive, warnings: Warnings, known: Callable[[], Known] | None = None) -> Roster:
    """The whole roster of an archive. Raises RosterRefused at the first fault that is not harmless.

    `known`: asked for what the district holds, once, if the roster tells changes only.
    """
    whole = manifest.read(archive, warnings)
    roster = Roster()
    if "academicSessions" in whole:
        roster.sessions = read_sessions(archive, warnings)
    orgs = read_orgs(archive, warnings)
    classes = _read_classes(archive, orgs, warnings)
    roster.classrooms = [classroom for classroom in classes.values() if classroom]
    users = _read_users(archive, orgs, roster, warnings)
    _read_enrollments(archive, classes, users, roster, warnings)
    _sort_users(users, orgs, roster)
    roster.schools = orgs.schools()
    return roster


Classes = dict[str, Classroom | None]


def _read_classes(archive: Archive, orgs: Organisations, warnings: Warnings) -> Classes:
    """Classrooms by sourced id; None for one that the file lists as deleted."""
    columns = ("sourcedId", "status", "title", "grades", "classCode", "classType", "schoolSourcedId")
    statuses, once = cells.Statuses(CLASSES, warnings), cells.Once(CLASSES)
    strays, found = cells.Strays(CLASSES, warnings), Classes()
    with archive.open(CLASSES) as file:
        for line, (key, status, title, grades, code, kind, school) in rows(file, CLASSES, columns, warnings):
            once.take(key, line)
            if kind:
                cells.one_of(kind, CLASS_TYPES, Place(CLASSES, line, "classType"), warnings)
            found[key] = None
            if not statuses.keeps(status, line):
                continue
            if school not in orgs.orgs:
                strays.add(line, "schoolSourcedId", "The school is not in orgs.csv.")
            found[key] = Classroom(
                key,
                orgs.meets_in(school),
                cells.text(title, 255, Place(CLASSES, line, "title")),
                cells.text(code, 100, Place(CLASSES, line, "classCode")),
                _grades(grades, line, warnings),
            )
    strays.check(len(once.seen), FAULTS)
    return found


def _grades(value: str, line: int, warnings: Warnings) -> str:
    """A class's grades in the product's words, comma separated, each once."""
    return ",".join(dict.fromkeys(_known_grades(value, Place(CLASSES, line, "grades"), warnings)))


def _known_grades(value: str, place: Place, warnings: Warnings) -> list[str]:
    known = [grade(each) for each in cells.listed(value)]
    if "" in known:
        warnings.add(place, "A grade other than PK, K and 1 to 12 was left blank.")
    return [each for each in known if each]


def _read_users(archive: Archive, orgs: Organisations, roster: Roster, warnings: Warnings) -> dict[str, User]:
    """Students and educators by sourced id; NOBODY for those who are not kept. Relatives are counted."""
    columns = (
        *("sourcedId", "status", "enabledUser", "orgSourcedIds", "role", "username"),
        *("givenName", "familyName", "identifier", "email", "grades"),
    )
    statuses, once = cells.Statuses(USERS, warnings), cells.Once(USERS)
    strays, users = cells.Strays(USERS, warnings), {}
    with archive.open(USERS) as file:
        for line, values in rows(file, USERS, columns, warnings):
            once.take(values[0], line)
            role = cells.one_of(values[4], ROLES, Place(USERS, line, "role"), warnings)
            users[values[0]] = NOBODY
            if not statuses.keeps(values[1], line):
                continue
            if role in RELATIVES:
                roster.relatives += 1
            else:
                users[values[0]] = user = _user(values, role, line, warnings)
                if not all(org in orgs.orgs for org in user.orgs):
                    strays.add(line, "orgSourcedIds", "An organisation is not in orgs.csv.")
    strays.check(len(once.seen), FAULTS)
    if not any(user.role == "student" for user in users.values()):
        raise RosterRefused(Place(USERS), "There is no student in it.", "Send the whole file.")
    return users


NOBODY = User("", "", False, [], "", "", "", "", "", "")  # a relative, or one that the file lists as deleted


def _user(values: list[str], role: str, line: int, warnings: Warnings) -> User:
    key, _, enabled, orgs, _, username, given, family, number, email, grades = values
    longest = 300 if role == "student" else 255
    known = _known_grades(grades, Place(USERS, line, "grades"), warnings)
    return User(
        key,
        role,
        cells.boolean(enabled, Place(USERS, line, "enabledUser"), warnings) is not False,
        cells.listed(orgs),
        cells.text(given, longest, Place(USERS, line, "givenName")),
        cells.text(family, longest, Place(USERS, line, "familyName")),
        cells.text(username, 255, Place(USERS, line, "username")),
        cells.text(number, 255, Place(USERS, line, "identifier")),
        cells.text(email, 254, Place(USERS, line, "email")),
        known[0] if known else "",
    )


def _read_enrollments(
    archive: Archive, classes: Classes, users: dict[str, User], roster: Roster, warnings: Warnings
) -> None:
    columns = ("sourcedId", "status", "classSourcedId", "userSourcedId", "role", "primary")
    statuses, once = cells.Statuses(ENROLLMENTS, warnings), cells.Once(ENROLLMENTS)
    strays, members = cells.Strays(ENROLLMENTS, warnings), _Members(roster, warnings)
    with archive.open(ENROLLMENTS) as file:
        for line, (key, status, classroom, user, role, primary) in rows(file, ENROLLMENTS, columns, warnings):
            once.take(key, line)
            if role not in MEMBERS:
                role = cells.one_of(role, MEMBERS, Place(ENROLLMENTS, line, "role"), warnings)
            is_primary = bool(primary) and cells.boolean(primary, Place(ENROLLMENTS, line, "primary"), warnings)
            if not statuses.keeps(status, line):
                continue
            if classroom not in classes:
                strays.add(line, "classSourcedId", "The class is not in classes.csv; the row was skipped.")
            elif user not in users:
                strays.add(line, "userSourcedId", "The user is not in users.csv; the row was skipped.")
            elif (there := classes[classroom]) and users[user] is not NOBODY:
                members.add(line, there.sourced_id, users[user], key, role, bool(is_primary))
    strays.check(len(once.seen), LINKS)


class _Members:
    """Puts enrollment rows among a roster's students and teachers, each pair of person and classroom once."""

    def __init__(self, roster: Roster, warnings: Warnings) -> None:
        self.roster, self.warnings = roster, warnings
        self.seen: set[tuple[str, str]] = set()

    def add(self, line: int, classroom: str, user: User, key: str, role: str, is_primary: bool) -> None:
        if (role == "student") is not (user.role == "student"):
            self._warn(line, "role", "The user has another role in users.csv; the row was skipped.")
        elif (classroom, user.sourced_id) in self.seen:
            self._warn(line, "userSourcedId", "The user is in the class already; the row was skipped.")
        else:
            self.seen.add((classroom, user.sourced_id))
            self._put(classroom, user, key, role, is_primary)

    def _put(self, classroom: str, user: User, key: str, role: str, is_primary: bool) -> None:
        if role == "student":
            self.roster.enrollments.append(Enrollment(classroom, user.sourced_id, key))
        elif role == "teacher":
            self.roster.teachers.append(Teacher(classroom, user.sourced_id, key, is_primary))

    def _warn(self, line: int, column: str, sentence: str) -> None:
        self.warnings.add(Place(ENROLLMENTS, line, column), sentence)


def _sort_users(users: dict[str, User], orgs: Organisations, roster: Roster) -> None:
    """Makes students and educators of the users, now that classes say where those without a school learn."""
    school_of_class = {classroom.sourced_id: classroom.school for classroom in roster.classrooms}
    by_class: dict[str, str] = {}
    for enrollment in roster.enrollments:
        if school := school_of_class[enrollment.classroom]:
            by_class.setdefault(enrollment.student, school)
    for user in users.values():
        schools = list(dict.fromkeys(school for org in user.orgs if (school := orgs.school_of(org))))
        if user.role == "student":
            roster.students.append(_student(user, schools[0] if schools else by_class.get(user.sourced_id, "")))
        elif user.role in EDUCATORS:
            roster.educators.append(_educator(user))
            roster.roles += [EducatorRole(user.sourced_id, school, user.role) for school in schools or [""]]


def _student(user: User, school: str) -> Student:
    return Student(
        user.sourced_id,
        school,
        user.first_name,
        user.last_name,
        user.username,
        user.number,
        user.grade,
        learning_environment(user.grade),
        user.is_active,
    )


def _educator(user: User) -> Educator:
    return Educator(user.sourced_id, user.first_name, user.last_name, user.username, user.email, user.is_active)
