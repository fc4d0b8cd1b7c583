"""What stands on a Student Progress report: one page, as plain values that paper and browser both show.

Everything is ready to be shown: names as they were rostered, numbers and days in words. Nothing in it is markup.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    THREE_PLUS = "three_plus"
    PREK_2 = "prek_2"
    FACTS = "facts"


@dataclass(frozen=True)
class Figure:
    """One number: `12 h 5 min`, what it counts, and how it is counted where that is not plain ("" where it is)."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Section:
    """Some figures under a title such as `Math time`. `sentence` stands below them, or in their place."""

    title: str
    figures: tuple[Figure, ...] = ()
    sentence: str = ""


@dataclass(frozen=True)
class Benchmark:
    """One of up to three benchmarks of the year.

    `quantile`: `725Q`, `EM50Q`, "" when there is none; `measure`: the same as a number, 725, -50, None. `result`: the
    grade that it speaks for. `state`: `Completed`, `In progress`.
    """

    number: int
    day: str
    state: str
    quantile: str
    measure: int | None
    level: str
    result: str
    minutes: str


@dataclass(frozen=True)
class Lesson:
    """A lesson that was worked on: the newest day, and how it stands. `name`: its title, its code where it has none."""

    name: str
    code: str
    level: str
    day: str
    attempts: int
    is_passed: bool
    minutes: str


@dataclass(frozen=True)
class FactsTest:
    """A pre- or post-test: `kind` is `Pre-test` or `Post-test`."""

    kind: str
    operation: str
    score: int
    day: str


class Mark(StrEnum):
    """How a fact of a grid stands."""

    PASSED = "passed"
    TRIED = "tried"
    NEW = "new"


@dataclass(frozen=True)
class FactsGrid:
    """An operation's facts. `marks[r][c]` is the fact with `rows[r]` and `columns[c]`, from 0 to 12.

    `sign` stands in the grid's corner; `meaning` says how a row and a column make a fact. `others` are facts that
    have no place in the grid, passed ones in `others_passed`.
    """

    operation: str
    sign: str
    meaning: str
    passed: tuple[str, ...]
    tried: tuple[str, ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    marks: tuple[tuple[Mark, ...], ...]
    others_passed: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Room:
    """A classroom of a student, with its teachers' names, first teacher first."""

    id: int
    name: str
    teachers: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A report of one student and one pathway; of Math Facts, of one student.

    `report`: `Imagine Math 3+`; `pathway`: its name, "" of Math Facts and where there is none, `pathway_id` None then.
    `listed_as`: last name first. `grade`: `Grade 4`, `Kindergarten`. `school`: its name, or `No school`. `through` is
    the last day in it, in the district's zone. `notes` are said before everything else: no pathway, no use, a
    deactivated account. `lessons` are all of them, newest first; of Math Facts there are none, and `tests` and `grids`
    only then. A `..._sentence` stands above its table, or in its place.
    """

    kind: Kind
    report: str
    student_id: int
    pathway_id: int | None
    pathway: str
    student: str
    listed_as: str
    grade: str
    school: str
    rooms: tuple[Room, ...]
    district: str
    school_year: str
    through: date
    through_words: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    benchmarks: tuple[Benchmark, ...] = ()
    benchmark_sentence: str = ""
    lessons: tuple[Lesson, ...] = ()
    lessons_sentence: str = ""
    tests: tuple[FactsTest, ...] = ()
    tests_sentence: str = ""
    grids: tuple[FactsGrid, ...] = ()
    grids_sentence: str = ""
