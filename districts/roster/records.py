"""A roster in the product's words, without anything that is not kept."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class Session(NamedTuple):
    """An academic session; `school_year` is the calendar year in which its school year ends, None if not said."""

    type: str
    starts_on: date | None
    ends_on: date | None
    school_year: int | None


class School(NamedTuple):
    sourced_id: str
    name: str
    identifier: str


class Educator(NamedTuple):
    sourced_id: str
    first_name: str
    last_name: str
    username: str
    email: str
    is_active: bool


class EducatorRole(NamedTuple):
    """`school`: the school's sourced id, "" for the district."""

    educator: str
    school: str
    role: str


class Student(NamedTuple):
    """`school`: the sourced id of the primary school, "" for none; `grade`: PK, K, 1 to 12 or ""."""

    sourced_id: str
    school: str
    first_name: str
    last_name: str
    username: str
    number: str
    grade: str
    environment: str
    is_active: bool


class Classroom(NamedTuple):
    sourced_id: str
    school: str
    name: str
    code: str
    grades: str


class Teacher(NamedTuple):
    classroom: str
    educator: str
    sourced_id: str
    is_primary: bool


class Enrollment(NamedTuple):
    classroom: str
    student: str
    sourced_id: str


@dataclass(frozen=True)
class Known:
    """What a district holds already, by sourced id, so that references of a roster of changes can be followed.

    `classrooms`: the sourced id of each one's school, "" for none; `people`: `student` or `educator`.
    `students_of` and `roles_of` answer the records of the people with the sourced ids asked for.
    """

    schools: frozenset[str] = frozenset()
    classrooms: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    students_of: Callable[[Collection[str]], Iterable[Student]] = lambda ids: ()
    roles_of: Callable[[Collection[str]], Iterable[EducatorRole]] = lambda ids: ()


@dataclass
class Roster:
    """All of one roster. Relatives (guardians, parents and the like) are a number only.

    `partial`: kinds of which it tells changes only (school, educator, role, student, classroom, teacher, enrollment);
    `gone`: by such a kind, the sourced ids that it deletes (role: of the educator; teacher and enrollment: of the
    enrollment). `concerns`: sentences why a person looks first.
    """

    sessions: list[Session] = field(default_factory=list)
    schools: list[School] = field(default_factory=list)
    educators: list[Educator] = field(default_factory=list)
    roles: list[EducatorRole] = field(default_factory=list)
    students: list[Student] = field(default_factory=list)
    classrooms: list[Classroom] = field(default_factory=list)
    teachers: list[Teacher] = field(default_factory=list)
    enrollments: list[Enrollment] = field(default_factory=list)
    relatives: int = 0
    partial: frozenset[str] = frozenset()
    gone: dict[str, list[str]] = field(default_factory=dict)
    concerns: list[str] = field(default_factory=list)

    @property
    def mode(self) -> str:
        """`changes` for a roster that tells changes of any kind only, else `full`."""
        return "changes" if self.partial else "full"
