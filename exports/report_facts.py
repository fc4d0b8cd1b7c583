"""The parts of a report of Math Facts: tests, and the facts of each operation as a grid."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from districts.gate import spoken
from districts.models import FactsTest as Test
from districts.models import Product
from exports.report_pages import FactsGrid, FactsTest, Figure, Mark, Section
from exports.report_reading import Fact, Learner, Read, Use
from exports.report_sections import math_time, newest

UP_TO = tuple(range(13))
FACT = re.compile(r"\s*(\d{1,3})\s*([-+*/x×÷−–:])\s*(\d{1,3})\s*", re.IGNORECASE | re.ASCII)
OPERATIONS = ("addition", "subtraction", "multiplication", "division")  # the order of the page


class Form(NamedTuple):
    """An operation's sign, how a row and a column make a fact, and the spellings of its sign."""

    sign: str
    meaning: str
    spellings: str


FORMS = {
    "addition": Form("+", "Row + column", "+"),
    "subtraction": Form("−", "What is taken away (row) and what is left (column)", "-−–"),
    "multiplication": Form("×", "Row × column", "xX×*"),
    "division": Form("÷", "What it is divided by (row) and the answer (column)", "÷/:"),
}


@dataclass(frozen=True)
class Content:
    """What a page of Math Facts has that others have not."""

    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    tests: tuple[FactsTest, ...]
    tests_sentence: str
    grids: tuple[FactsGrid, ...]
    grids_sentence: str


def is_used(learner: Learner) -> bool:
    """Whether there is anything of Math Facts to say about a student."""
    return bool(learner.tests or learner.facts or _usage(learner))


def content(learner: Learner, read: Read) -> Content:
    facts = [each for each in learner.facts if each.at < read.ends]
    tests = _tests(learner, read)
    grids = _grids(facts)
    return Content(
        notes=_notes(learner, len(learner.facts) - len(facts), read),
        sections=(math_time(_usage(learner), is_shared=False), _summary(facts)),
        tests=tests,
        tests_sentence="" if tests else "No pre-test or post-test was taken.",
        grids=grids,
        grids_sentence="" if grids else "No fact was practiced.",
    )


def _usage(learner: Learner) -> list[Use]:
    return [each for each in learner.usage if each.product == Product.MATH_FACTS]


def _notes(learner: Learner, later: int, read: Read) -> tuple[str, ...]:
    """What is left out, so that nobody takes it for lost: of a fact only the newest event is kept."""
    if not is_used(learner):
        return ("Math Facts was not used.",)
    if not later:
        return ()
    counted = "1 fact was" if later == 1 else f"{later} facts were"
    return (f"{counted} practiced after {spoken(read.through)} and left out here.",)


def _summary(facts: Sequence[Fact]) -> Section:
    passed = sum(each.is_passed for each in facts)
    figures = (Figure(str(passed), "facts passed"), Figure(str(len(facts)), "facts practiced"))
    return Section("Facts, year to date", figures)


def _tests(learner: Learner, read: Read) -> tuple[FactsTest, ...]:
    """The newest of each kind, by operation, the pre-test first."""
    kinds = list(Test.Kind.values)
    taken = newest(learner.tests, lambda each: (_place(each.operation), kinds.index(each.kind)))
    return tuple(
        FactsTest(
            str(Test.Kind(each.kind).label),
            each.operation.capitalize(),
            each.score,
            spoken(each.at.astimezone(read.zone).date()),
        )
        for each in taken
    )


def _grids(facts: Sequence[Fact]) -> tuple[FactsGrid, ...]:
    by_operation = defaultdict(list)
    for each in facts:
        by_operation[each.operation].append(each)
    return tuple(_grid(name, by_operation[name]) for name in sorted(by_operation, key=_place))


def _place(operation: str) -> tuple[int, str]:
    known = operation in OPERATIONS
    return (OPERATIONS.index(operation) if known else len(OPERATIONS), operation)


def _grid(operation: str, facts: Sequence[Fact]) -> FactsGrid:
    form = FORMS.get(operation, Form("", "", ""))
    placed: dict[tuple[int, int], Mark] = {}
    others = []
    for each in facts:
        cell = _cell(operation, each.fact)
        if cell is None:
            others.append(each)
        else:
            placed[cell] = Mark.PASSED if each.is_passed or placed.get(cell) == Mark.PASSED else Mark.TRIED
    has_cells = bool(placed)
    return FactsGrid(
        operation=operation.capitalize(),
        sign=form.sign,
        meaning=form.meaning,
        passed=_named(facts, is_passed=True),
        tried=_named(facts, is_passed=False),
        rows=UP_TO if has_cells else (),
        columns=UP_TO if has_cells else (),
        marks=tuple(tuple(placed.get((r, c), Mark.NEW) for c in UP_TO) for r in UP_TO) if has_cells else (),
        others_passed=_named(others, is_passed=True),
        others=_named(others, is_passed=False),
    )


def _cell(operation: str, fact: str) -> tuple[int, int] | None:
    """The row and column of a fact; None where it has no place in the grid, such as 7 ÷ 2."""
    found = FACT.fullmatch(fact)
    form = FORMS.get(operation)
    if not found or not form or found[2] not in form.spellings:
        return None
    row, column = _row_and_column(operation, int(found[1]), int(found[3]))
    return (row, column) if row in UP_TO and column in UP_TO else None


def _row_and_column(operation: str, left: int, right: int) -> tuple[int, int]:
    if operation == "subtraction":
        return right, left - right
    if operation == "division":
        return right, left // right if right and left % right == 0 else -1
    return left, right


def _named(facts: Sequence[Fact], *, is_passed: bool) -> tuple[str, ...]:
    return tuple(sorted((each.fact for each in facts if each.is_passed == is_passed), key=_by_numbers))


def _by_numbers(fact: str) -> tuple[list[int], str]:
    return [int(each) for each in re.findall(r"\d+", fact, re.ASCII)], fact
