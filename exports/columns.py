"""The columns of a Student Data Export, in order: each one's name, how it is written, and what it means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from districts.models import Product

BENCHMARKS = (1, 2, 3)
OPERATIONS = ("addition", "subtraction", "multiplication", "division")  # always there; others where a district has them


class Kind(StrEnum):
    """How a column's cells are written. `ID`: text whose leading zeros count. `SHARE`: 0.75, shown as 75%."""

    TEXT = "text"
    ID = "id"
    BOOL = "bool"
    NUMBER = "number"
    SHARE = "share"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """One column. `width`: in characters, 0 for what suits its kind."""

    name: str
    kind: Kind
    meaning: str
    width: int = 0


TEXT, ID, BOOL, NUMBER, SHARE, DATE = Kind

_WHO = (
    Column("first_name", TEXT, "First name, as the roster has it.", 20),
    Column("last_name", TEXT, "Last name, as the roster has it.", 24),
    Column("username", ID, "The name that the student signs in with.", 26),
    Column("student_information_number", ID, "The student's number in your student information system."),
    Column("alt_student_information_number", ID, "A second number, where the roster has one."),
)
_GRADE = Column("grade_level", ID, "PK, K, or 1 to 12.")
_IS_ACTIVE = Column("is_active", BOOL, "True: at least 1 minute of use of this product this school year.")
_NEEDS = (
    Column("is_ell", BOOL, "True: an English language learner, by the roster."),
    Column("is_iep", BOOL, "True: has an individualized education program, by the roster."),
)
_ENVIRONMENT = Column("learning_environment", TEXT, "PreK-2 or 3+.")
_PLACE = (
    Column("school", TEXT, "The student's school; empty for a student without one.", 30),
    Column("classrooms", TEXT, "The student's classrooms, by name, with semicolons between them.", 36),
)
_DISTRICT = Column("district", TEXT, "The district.", 28)


def of(product: str, *, operations: Iterable[str] = OPERATIONS) -> tuple[Column, ...]:
    """The columns of a product's export. `operations`: those of Math Facts that have columns of their own."""
    return _IMAGINE_MATH if product == Product.IMAGINE_MATH else _math_facts(tuple(operations))


def _benchmark(number: int) -> tuple[Column, ...]:
    stem, which = f"benchmark_{number}", f"benchmark {number}"
    return (
        Column(f"{stem}_date", DATE, f"The day of {which}; of several, the last that was completed."),
        Column(f"{stem}_quantile", TEXT, f"The Quantile measure of {which}: 725Q; EM50Q is 50 below zero."),
        Column(f"{stem}_performance_level", TEXT, f"The performance level of {which}."),
        Column(f"{stem}_grade_level_result", TEXT, f"How {which} stands to the student's grade."),
        Column(f"{stem}_minutes", NUMBER, f"Minutes on {which}."),
        Column(f"{stem}_status", TEXT, f"Whether {which} is completed or in progress; empty: not begun."),
    )


_IMAGINE_MATH = (
    *_WHO,
    _GRADE,
    _IS_ACTIVE,
    *_NEEDS,
    _ENVIRONMENT,
    *_PLACE,
    _DISTRICT,
    *(column for number in BENCHMARKS for column in _benchmark(number)),
    Column(
        "benchmark_growth", NUMBER, "The last Quantile measure less the first, of completed benchmarks, if two are."
    ),
    Column("pathways", TEXT, "The pathways that the student was assigned, the oldest first.", 36),
    Column("total_math_minutes", NUMBER, "Math time: minutes on problems, at school and at home."),
    Column("school_math_minutes", NUMBER, "Math time on weekdays from 7:00 to 16:00, local time."),
    Column("home_math_minutes", NUMBER, "Math time at all other hours."),
    Column("lessons_attempted", NUMBER, "Different lessons that the student worked on."),
    Column("lessons_passed", NUMBER, "Different lessons that the student passed."),
    Column("on_grade_pass_rate", SHARE, "Of the on-grade lessons attempted, the share passed; empty where none was."),
    Column("think_points_earned", NUMBER, "THINK Points that the student earned (3+)."),
    Column("think_points_to_spend", NUMBER, "THINK Points left at the end of the last day, whenever earned (3+)."),
    Column("tokens", NUMBER, "Tokens left at the end of the last day, whenever earned (PreK-2)."),
    Column("last_active_on", DATE, "The last day with a minute of use or more."),
)


_NEWEST = "A fact keeps its newest answer only: one that was answered again after the last day is not counted."


def _math_facts(operations: Sequence[str]) -> tuple[Column, ...]:
    return (
        *_WHO,
        _IS_ACTIVE,
        *_NEEDS,
        _DISTRICT,
        _GRADE,
        *_PLACE,
        Column("total_facts_minutes", NUMBER, "Minutes of use of Math Facts, at school and at home."),
        Column("school_facts_minutes", NUMBER, "Minutes of use on weekdays from 7:00 to 16:00, local time."),
        Column("home_facts_minutes", NUMBER, "Minutes of use at all other hours."),
        Column("last_active_on", DATE, "The last day with a minute of use or more."),
        *(column for operation in operations for column in _tests(operation)),
        Column("facts_encountered", NUMBER, f"Different facts answered, such as 7x8. {_NEWEST}"),
        Column("facts_passed", NUMBER, "Of these, the facts that are passed."),
        *(column for operation in operations for column in _facts(operation)),
    )


def _tests(operation: str) -> tuple[Column, ...]:
    return tuple(
        column
        for kind, words in (("pre", "pre-test"), ("post", "post-test"))
        for column in (
            Column(
                f"{operation}_{kind}_test_score", NUMBER, f"Score of the {words} in {operation}; of several, the last."
            ),
            Column(f"{operation}_{kind}_test_completed_on", DATE, f"The day of that {words}."),
        )
    )


def _facts(operation: str) -> tuple[Column, ...]:
    return (
        Column(f"{operation}_facts_encountered", NUMBER, f"Different facts of {operation} answered."),
        Column(f"{operation}_facts_passed", NUMBER, "Of these, the facts that are passed."),
    )
