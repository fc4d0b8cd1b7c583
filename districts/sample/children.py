"""The sample's people and schools: who is where in a school year, and who is still there in the next."""

import random
from dataclasses import dataclass, replace
from typing import NamedTuple

from districts.sample.words import FAMILY, GIVEN, PLACES, UNUSUAL

GRADES = ("PK", "K", *map(str, range(1, 13)))
LEVELS = (("Elementary School", 0, 7), ("Middle School", 7, 10), ("High School", 10, 14))  # GRADES[from:to]
LEFT = 0.03
NO_SCHOOL = 0.01
CLASS_SIZE = 24


class SampleSchool(NamedTuple):
    sourced_id: str
    name: str
    first: int
    end: int


@dataclass(frozen=True)
class Child:
    """A student of the sample. `grade` is an index into GRADES; `school` None: without a school."""

    sourced_id: str
    first_name: str
    last_name: str
    grade: int
    seat: int
    has_school: bool


def schools(site_code: str, count: int, rng: random.Random) -> list[SampleSchool]:
    """At least one school for every grade; a district of two has a K-8 school and a high school."""
    names = rng.sample(PLACES, min(count, len(PLACES)))
    small = [("School", 0, 10), LEVELS[2]]
    spans = small if count < 3 else [LEVELS[_level(number, count)] for number in range(count)]
    return [
        SampleSchool(f"{site_code}-{number:03}", f"{names[number % len(names)]} {kind}", first, end)
        for number, (kind, first, end) in enumerate(spans)
    ]


def _level(number: int, count: int) -> int:
    high, middle = max(1, count // 6), max(1, count // 5)
    return 2 if number < high else 1 if number < high + middle else 0


def children(count: int, rng: random.Random) -> list[Child]:
    """A year's students, of all grades."""
    return [_child(number, rng.randrange(len(GRADES)), rng) for number in range(count)]


def a_year_later(old: list[Child], rng: random.Random) -> list[Child]:
    """The same district next year: grade 12 graduated, a few moved away, grades moved up, new ones came."""
    stayed = [
        replace(child, grade=child.grade + 1) for child in old if child.grade + 1 < len(GRADES) and rng.random() >= LEFT
    ]
    new = range(len(old), len(old) + max(1, len(old) - len(stayed)))
    return stayed + [_child(number, min(len(GRADES) - 1, int(rng.expovariate(0.7))), rng) for number in new]


def school_of(child: Child, listed: list[SampleSchool]) -> SampleSchool | None:
    """The child's school in this year: one of those that teach its grade."""
    if not child.has_school:
        return None
    fitting = [school for school in listed if school.first <= child.grade < school.end]
    return fitting[child.seat % len(fitting)]


def _child(number: int, grade: int, rng: random.Random) -> Child:
    first, last = UNUSUAL[number // 41 % len(UNUSUAL)] if number % 41 == 7 else (rng.choice(GIVEN), rng.choice(FAMILY))
    return Child(f"{100_000 + number * 7:09}", first, last, grade, rng.randrange(1000), rng.random() >= NO_SCHOOL)
