"""Reads what some students did, through a day: as many queries for five hundred of them as for one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from districts.models import (
    BenchmarkResult,
    Classroom,
    ClassroomTeacher,
    DailyUsage,
    District,
    Enrollment,
    FactsProgress,
    FactsTest,
    LessonResult,
    Pathway,
    PathwayAssignment,
    School,
    Student,
)
from exports.report_pages import Room


class Assigned(NamedTuple):
    pathway_id: int
    on: date


class Attempt(NamedTuple):
    """One attempt at one lesson."""

    pathway_id: int | None
    code: str
    title: str
    level: str
    is_passed: bool
    minutes: int
    at: datetime


class Taken(NamedTuple):
    """A benchmark."""

    number: int
    quantile: str
    level: str
    result: str
    minutes: int
    status: str
    at: datetime


class Use(NamedTuple):
    """A day of use of a product. `environment` is "" where neither the day nor the student has one."""

    day: date
    product: str
    environment: str
    school: int
    home: int


class Tested(NamedTuple):
    kind: str
    operation: str
    score: int
    at: datetime


class Fact(NamedTuple):
    operation: str
    fact: str
    is_passed: bool
    at: datetime


@dataclass
class Learner:
    """A student and what was done, in no order."""

    student: Student
    rooms: list[Room] = field(default_factory=list)
    assigned: list[Assigned] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    benchmarks: list[Taken] = field(default_factory=list)
    usage: list[Use] = field(default_factory=list)
    tests: list[Tested] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def pathway_ids(self) -> list[int]:
        """Those assigned, the newest first, then those that were worked on without it, the last one first."""
        assigned = sorted(self.assigned, key=lambda each: (each.on, each.pathway_id), reverse=True)
        worked = sorted(self.attempts, key=lambda each: each.at, reverse=True)
        ids = [*(each.pathway_id for each in assigned), *(each.pathway_id for each in worked)]
        return list(dict.fromkeys(pk for pk in ids if pk is not None))


@dataclass(frozen=True)
class Read:
    """`learners` in the order of the ids asked for, without those that are gone; `ends` is when `through` is over."""

    district: District
    through: date
    ends: datetime
    zone: ZoneInfo
    learners: list[Learner]
    pathways: dict[int, Pathway]
    schools: dict[int, str]


def read(district: District, student_ids: Sequence[int], *, through: date) -> Read:
    """Everything that reports of these students say. Facts of later days come too: only their newest event is kept."""
    zone = ZoneInfo(district.zone)
    ends = datetime.combine(through + timedelta(days=1), time(), zone)
    found = {each.id: each for each in Student.objects.of(district).filter(id__in=student_ids)}
    by_id = {pk: Learner(found[pk]) for pk in student_ids if pk in found}
    _read_rooms(district, by_id)
    _read_learning(district, by_id, through, ends)
    return Read(district, through, ends, zone, list(by_id.values()), _pathways(by_id), _schools(district))


def _read_learning(district: District, by_id: dict[int, Learner], through: date, ends: datetime) -> None:
    for pk, *row in _rows(PathwayAssignment, district, by_id, ("pathway_id", "assigned_on")):
        by_id[pk].assigned.append(Assigned(*row))
    lesson = ("pathway_id", "lesson", "title", "level", "passed", "minutes", "happened")
    for pk, *row in _rows(LessonResult, district, by_id, lesson, happened__lt=ends):
        by_id[pk].attempts.append(Attempt(*row))
    benchmark = ("number", "quantile", "performance_level", "grade_level_result", "minutes", "status", "happened")
    for pk, *row in _rows(BenchmarkResult, district, by_id, benchmark, happened__lt=ends):
        by_id[pk].benchmarks.append(Taken(*row))
    usage = ("day", "product", "learning_environment", "school_minutes", "home_minutes")
    for pk, day, product, environment, *minutes in _rows(DailyUsage, district, by_id, usage, day__lte=through):
        place = environment or by_id[pk].student.learning_environment
        by_id[pk].usage.append(Use(day, product, place, *minutes))
    for pk, *row in _rows(FactsTest, district, by_id, ("kind", "operation", "score", "happened"), happened__lt=ends):
        by_id[pk].tests.append(Tested(*row))
    for pk, *row in _rows(FactsProgress, district, by_id, ("operation", "fact", "passed", "happened")):
        by_id[pk].facts.append(Fact(*row))


def _rows(
    model: type[Any], district: District, ids: Iterable[int], fields: tuple[str, ...], **more: object
) -> Iterable[Any]:
    rows = model.objects.of(district).filter(student_id__in=list(ids), **more)
    found: Iterable[Any] = rows.order_by().values_list("student_id", *fields).iterator(chunk_size=5000)
    return found


def _read_rooms(district: District, by_id: dict[int, Learner]) -> None:
    """The classrooms of each student by name, with their teachers."""
    members = list(_rows(Enrollment, district, by_id, ("classroom_id",)))
    rooms = rooms_of(district, {room for _, room in members})
    for pk, room in members:
        by_id[pk].rooms.append(rooms[room])
    for learner in by_id.values():
        learner.rooms.sort(key=lambda room: (room.name, room.id))


def rooms_of(district: District, ids: Iterable[int]) -> dict[int, Room]:
    """Classrooms by id, each with its teachers, the first teacher first."""
    wanted = list(ids)
    teachers = defaultdict(list)
    found = ClassroomTeacher.objects.of(district).filter(classroom_id__in=wanted)
    names = ("classroom_id", "educator__first_name", "educator__last_name")
    for room, first, last in found.order_by("-is_primary", "educator__last_name", "id").values_list(*names):
        teachers[room].append(f"{first} {last}".strip())
    rooms = Classroom.objects.of(district).filter(id__in=wanted).values_list("id", "name")
    return {pk: Room(pk, name, tuple(teachers[pk])) for pk, name in rooms}


def _pathways(by_id: dict[int, Learner]) -> dict[int, Pathway]:
    used = {pk for learner in by_id.values() for pk in learner.pathway_ids()}
    return Pathway.objects.in_bulk(list(used))


def _schools(district: District) -> dict[int, str]:
    return dict(School.objects.filter(district=district).values_list("pk", "name"))
