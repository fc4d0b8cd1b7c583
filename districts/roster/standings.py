"""What a user is, and where: from the two columns of 1.1, or from the rows of roles.csv of 1.2.

Whoever has a role of an educator is kept as one, a parent's role beside it or not. Somebody who is both student and
educator is what the primary role says, and a student when both are primary or none is: a child's data never stays.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext

from districts.roster.organisations import Organisations
from districts.roster.records import Known
from districts.roster.tables import Source, Table
from districts.roster.words import OWN, RELATIVES, ROLE_TYPES, ROLES, STUDENT


class Role(NamedTuple):
    role: str
    org: str
    is_primary: bool


class Standing(NamedTuple):
    """`kind`: student, educator, relative or "" for nothing that is kept; `school`: a student's, "" for none; `places`:
    an educator's roles with their schools, "" for the district; `has_strangers`: an org is not known."""

    kind: str
    school: str = ""
    places: tuple[tuple[str, str], ...] = ()
    has_strangers: bool = False


class Roles:
    """The rows of roles.csv by user: `given`, primary first, and `ended` by a file of changes; `lines` of the first."""

    def __init__(self) -> None:
        self.given: dict[str, tuple[Role, ...]] = {}
        self.ended: dict[str, tuple[Role, ...]] = {}
        self.lines: dict[str, int] = {}


def one_role(role: str, places: list[str], orgs: Organisations) -> Standing:
    """The standing of a user of 1.1, who has one role in several orgs."""
    if role in RELATIVES:
        return Standing("relative")
    schools = list(dict.fromkeys(school for org in places if (school := orgs.school_of(org))))
    has_strangers = not all(org in orgs for org in places)
    if role == STUDENT:
        return Standing(STUDENT, schools[0] if schools else "", (), has_strangers)
    return Standing("educator", "", tuple((role, school) for school in schools or [""]), has_strangers)


def several_roles(roles: Iterable[Role], primary_org: str, orgs: Organisations) -> Standing:
    """The standing of a user of 1.2, who has several roles, each in one org."""
    ordered = sorted(roles, key=lambda role: not role.is_primary)
    kind = kind_of(ordered)
    has_strangers = any(role.org and role.org not in orgs for role in ordered)
    if kind == STUDENT:
        learning_in = [primary_org, *(role.org for role in ordered if role.role == STUDENT)]
        school = next((school for org in learning_in if (school := orgs.school_of(org))), "")
        return Standing(STUDENT, school, (), has_strangers)
    kept = (role for role in ordered if role.role != STUDENT and role.role not in RELATIVES)
    places = dict.fromkeys((role.role, orgs.school_of(role.org)) for role in kept)
    return Standing(kind, "", tuple(places), has_strangers)


def kind_of(roles: Iterable[Role]) -> str:
    """What somebody with these roles is kept as."""
    listed = list(roles)
    kept = [role for role in listed if role.role not in RELATIVES]
    if not kept:
        return "relative" if listed else ""
    leading = [role for role in kept if role.is_primary] or kept
    return STUDENT if any(role.role == STUDENT for role in leading) else "educator"


def read_roles(source: Source, orgs: Organisations) -> tuple[Roles, list[str]]:
    """The roles of roles.csv, and what a person should look at first."""
    table, roles = source.table("roles"), Roles()
    pool: dict[tuple[Role, ...], tuple[Role, ...]] = {}
    for line, _, stands, values in table.rows(("userSourcedId", "roleType", "role", "orgSourcedId")):
        user, (kind, name, org) = values[0], values[1:]
        among = roles.given if stands else roles.ended
        before = among.setdefault(user, ())
        if table.is_partial:
            roles.lines.setdefault(user, line)
        if role := _role(table, line, kind, name, org):
            now = (*before, role)
            among[user] = pool.setdefault(now, now)
            _check_org(table, line, role, orgs)
    return roles, table.concerns(orgSourcedId="orgs.csv")


def _role(table: Table, line: int, kind: str, name: str, org: str) -> Role | None:
    is_primary = table.word(kind, ROLE_TYPES, line, "roleType") == "primary"
    role = table.word(name, ROLES[table.version], line, "role")
    if role != OWN:
        return Role(role, org, is_primary)
    table.warn(line, "role", gettext("A role of the vendor's own (ext:) was left out."))
    return None


def _check_org(table: Table, line: int, role: Role, orgs: Organisations) -> None:
    if role.org in orgs or role.role in RELATIVES:
        return
    if table.source.manifest.is_whole("orgs"):
        table.strays.add(line, "orgSourcedId", gettext("The organization is not in orgs.csv."))
    else:
        table.warn(line, "orgSourcedId", gettext("The organization is not a known school; it was left out."))


class Held:
    """What the district holds of the people whom a roster of changes names."""

    def __init__(self, known: Known, ids: set[str]) -> None:
        self.kinds = known.people
        self.students = {student.sourced_id: student for student in known.students_of(ids)}
        self.places: dict[str, list[tuple[str, str]]] = {}
        for role in known.roles_of(ids):
            self.places.setdefault(role.educator, []).append((role.role, role.school))

    def together(self, user: str, roles: Roles, orgs: Organisations) -> list[Role]:
        """The roles that somebody has once the changes are made: those given, and those held that did not end."""
        given, ended = roles.given.get(user, ()), roles.ended.get(user, ())
        over = {(role.role, orgs.school_of(role.org)) for role in ended}
        held = [Role(role, school, True) for role, school in self.places.get(user, ()) if (role, school) not in over]
        if student := self.students.get(user):
            is_over = bool(given) and any(role.role == STUDENT for role in ended)
            held += [] if is_over else [Role(STUDENT, student.school, True)]
        return [*given, *held]
