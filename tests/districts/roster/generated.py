"""Whole rosters by chance: names in every script, odd grades and ids, people in several places, and the next night."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from tests.districts.roster.exporting import written
from tests.districts.roster.files import GOOD, GOOD_1_2, RosterFiles

HARD = (
    *("O'Brien", "Null", "NULL", "None", "<script>alert(1)</script>", "=1+1", "@SUM(A1)", "\\N", "\\.", '"', "''", ","),
    *(
        "李小龙",
        "محمد",
        "שרה",
        "Ὀδυσσεύς",
        "สมชาย",
        "Νίκος",
        "Ñandú",
        "🌻👩‍👩‍👧",
        "\u202eevil",
        "\ufeff",
        "\u200b",
        " ",
    ),
    *("Zoe\u0308", "Zo\u00eb", "İ", "ß", "-", "true", "0", "1e5", "N" * 300, "é" * 127, "%s", "{0}", "; DROP TABLE"),
)
LETTERS = st.characters(codec="utf-8", exclude_characters="\0\r\n")
NAMES = st.one_of(st.sampled_from(HARD), st.text(LETTERS, max_size=12)).flatmap(
    lambda name: st.sampled_from([name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)])
)
IDS = st.text(st.characters(categories=("L", "N", "S", "M"), exclude_characters=","), min_size=1, max_size=8)
GRADES = ("", "PK", "KG", "K", "TK", "1", "01", "9", "12", "Grade 3", "fourth", "UG", "Other", "PS1", "13")
TEACHING = ("teacher", "aide", "administrator", "proctor")
MORE_ROLES = (*TEACHING, "principal", "counselor", "parent")


@dataclass(frozen=True)
class Person:
    key: str
    first: str
    last: str
    username: str
    number: str
    grade: str
    places: list[tuple[str, str]]  # role and org, the primary first


@dataclass(frozen=True)
class Generated:
    """A roster in the product's words; `files` writes it as OneRoster of its version."""

    version: str
    schools: dict[str, str]
    classes: dict[str, tuple[str, str]]  # title and school
    people: list[Person]
    members: list[tuple[str, str, str]] = field(default_factory=list)  # class, person, role

    def files(self) -> RosterFiles:
        of = GOOD if self.version == "1.1" else GOOD_1_2
        files: dict[str, str | Sequence[Sequence[str]]] = {
            "manifest.csv": of["manifest.csv"],
            "academicSessions.csv": of["academicSessions.csv"],
            "courses.csv": of["courses.csv"],
            "orgs.csv": [
                ["#d", "D", "district", "", ""],
                *([*item, "school", "", "#d"] for item in self.schools.items()),
            ],
            "classes.csv": [self._class(key) for key in self.classes],
            "users.csv": [self._user(person) for person in self.people],
            "enrollments.csv": [
                [f"n{number}", room, "", person, role, "true" if role == "teacher" else "", "", ""]
                for number, (room, person, role) in enumerate(self.members)
            ],
        }
        if self.version == "1.2":
            files["roles.csv"] = self._roles()
        return RosterFiles({name: self._text(of, name, rows) for name, rows in files.items()})

    def _text(self, of: dict[str, str], name: str, rows: str | Sequence[Sequence[str]]) -> str:
        if isinstance(rows, str):
            return rows
        return written(of[name].split("\n", 1)[0], ([row[0], "", "", *row[1:]] for row in rows))

    def _class(self, key: str) -> list[str]:
        title, school = self.classes[key]
        return [key, title, "03", "m", "", "scheduled", "", school, "", "", "", ""]

    def _user(self, one: Person) -> list[str]:
        told = [one.first, one.last, "", one.number, "", "", "", "", one.grade, "Secret1"]
        if self.version == "1.2":
            return [one.key, "true", one.username, "", *told, *[""] * 7]
        orgs = ",".join(org for _, org in one.places)
        return [one.key, "true", orgs, one.places[0][0], one.username, "", *told]

    def _roles(self) -> list[list[str]]:
        return [
            [f"r{number}-{each}", one.key, "secondary" if each else "primary", role, "", "", org, ""]
            for number, one in enumerate(self.people)
            for each, (role, org) in enumerate(one.places)
        ]


@st.composite
def rosters(draw: Callable[..., object]) -> Generated:
    """A roster of 1.1 or 1.2 with one to three schools, some classes, and at least one student in one of them."""
    pick = draw
    version = str(pick(st.sampled_from(["1.1", "1.2"])))
    schools: dict[str, str] = dict(pick(st.dictionaries(IDS, NAMES.filter(_short), min_size=1, max_size=3)))  # type: ignore[call-overload]
    place = st.sampled_from(sorted(schools))
    rooms = dict(pick(st.dictionaries(IDS, st.tuples(NAMES.filter(_short), place), min_size=1, max_size=4)))  # type: ignore[call-overload]
    return _peopled(draw, version, schools, rooms)


def _short(name: str) -> bool:
    return len(name) <= 255


def _peopled(
    draw: Callable[..., object], version: str, schools: dict[str, str], rooms: dict[str, tuple[str, str]]
) -> Generated:
    keys: list[str] = draw(st.lists(IDS, min_size=1, max_size=8, unique=True))  # type: ignore[assignment]
    learners = 1 + len(keys) // 2
    people = [draw(_person(key, version, sorted(schools), number < learners)) for number, key in enumerate(keys)]
    pairs = st.tuples(st.sampled_from(sorted(rooms)), st.sampled_from(people))
    met: list[tuple[str, Person]] = draw(  # type: ignore[assignment]
        st.lists(pairs, min_size=1, max_size=12, unique_by=lambda pair: (pair[0], pair[1].key))
    )
    members = [(room, one.key, "student" if one.places[0][0] == "student" else "teacher") for room, one in met]
    return Generated(version, schools, rooms, people, members)  # type: ignore[arg-type]


@st.composite
def _person(draw: Callable[..., str], key: str, version: str, schools: list[str], is_student: bool) -> Person:
    names = NAMES if is_student else NAMES.filter(_short)
    orgs = draw(st.lists(st.sampled_from([*schools, "#d"]), min_size=1, max_size=3, unique=True))
    role = "student" if is_student else draw(st.sampled_from(TEACHING))
    more = st.just(role) if is_student or version == "1.1" else st.sampled_from(MORE_ROLES)
    places = [(role if not number else draw(more), org) for number, org in enumerate(orgs)]
    username, number = draw(NAMES.filter(_short)), draw(NAMES.filter(_short))
    return Person(key, draw(names), draw(names), username, number, draw(st.sampled_from(GRADES)), places)


def next_night(roster: Generated) -> Generated:
    """The same roster a night later: a school renamed, a student transferred, two classes merged into one."""
    first, *_ = sorted(roster.schools)
    last = sorted(roster.schools)[-1]
    kept, *merged = sorted(roster.classes)
    rooms = {key: room for key, room in roster.classes.items() if key not in merged[:1]}
    members = {(kept if room in merged[:1] else room, person): role for room, person, role in roster.members}
    moved = replace(roster.people[0], places=[("student", last)])
    return replace(
        roster,
        schools={**roster.schools, first: "Renamed"},
        classes=rooms,
        people=[moved, *roster.people[1:]],
        members=[(room, person, role) for (room, person), role in members.items()],
    )
