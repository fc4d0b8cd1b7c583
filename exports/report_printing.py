"""Pages of progress reports as the template takes them: cut to what fits, in letters that can be printed."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from exports import letters
from exports.report_pages import FactsGrid, Kind, Lesson, Mark, Page

LINES = {Kind.THREE_PLUS: 32, Kind.PREK_2: 30}  # of lessons, on a page without anything unusual
A_CHART = 7  # lines that a chart takes
A_LINE = 62  # letters of a lesson's name
ROOMS = 3
NAMED = 12  # letters named in a note, facts in a line
A_NAME = 35  # letters of a long name that take the room of one lesson
TESTS = ("Pre-test", "Post-test")
WIDE = 70  # letters of a name in a line of the head


@dataclass(frozen=True)
class Printed:
    """What the template takes for one page, and the letters that could not be printed."""

    data: dict[str, Any]
    missing: Counter[str]


def printed(page: Page) -> Printed:
    missing: Counter[str] = Counter()
    data = _shown(_cut(page), missing)
    data["listed_as"] = letters.printable(_short(page.listed_as, WIDE)).text  # its letters are counted in the name
    data["letters"] = letters_sentence(missing, "page")
    return Printed(data, missing)


def letters_sentence(missing: Counter[str], of: str) -> str:
    """Which letters could not be printed, by number; "" for none."""
    if not missing:
        return ""
    names = sorted(map(letters.named, missing))
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    counted = "1 letter" if missing.total() == 1 else f"{missing.total():,} letters"
    return (
        f"No font of the portal has {counted} of this {of}, which stand as numbers in brackets: "
        f"{', '.join(names[:NAMED])}{more}."
    )


def to_json(title: str, district: str, cover: dict[str, Any] | None, pages: Iterable[dict[str, Any]]) -> str:
    shown = {"title": letters.printable(title).text, "district": letters.printable(district).text}
    return json.dumps({**shown, "cover": _shown(cover, Counter()), "pages": list(pages)})


def _shown(value: Any, missing: Counter[str]) -> Any:
    """The same value with every text in letters that can be printed."""
    if isinstance(value, str):
        text = letters.printable(value)
        missing.update(text.missing)
        return text.text
    if isinstance(value, dict):
        return {name: _shown(each, missing) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(each, missing) for each in value]
    return value


def _cut(page: Page) -> dict[str, Any]:
    lines = _lines(page)
    more = len(page.lessons) - lines
    return {
        "kind": page.kind,
        "report": page.report,
        "pathway": page.pathway,
        "student": page.student,
        "grade": page.grade,
        "school": page.school,
        "district": page.district,
        "school_year": page.school_year,
        "through_words": page.through_words,
        "rooms": _rooms(page),
        "notes": page.notes,
        "sections": [asdict(section) for section in page.sections],
        "benchmarks": [asdict(each) for each in page.benchmarks],
        "benchmark_sentence": page.benchmark_sentence,
        "chart_alt": _chart_alt(page),
        "lessons": [_lesson(each) for each in page.lessons[:lines]],
        "lessons_sentence": _counted(page),
        "lessons_more": f"and {more} more, attempted before these" if more > 0 else "",
        "tests": _tests(page),
        "tests_sentence": page.tests_sentence,
        "grids": [_grid(each) for each in page.grids],
        "grids_sentence": page.grids_sentence,
    }


def _lines(page: Page) -> int:
    """How many lessons fit: a chart, long names and notes take their room."""
    taken = A_CHART if _has_chart(page) else len(page.benchmarks)
    taken += len(page.student) // A_NAME + 2 * len(page.notes)
    taken += max(0, len(_rooms(page)) - 1, len(page.pathway) // 20 - 1)
    return max(5, LINES.get(page.kind, 0) - taken)


def _has_chart(page: Page) -> bool:
    """One measure is no line."""
    return sum(each.measure is not None for each in page.benchmarks) > 1


def _rooms(page: Page) -> list[str]:
    """The classrooms with their teachers, a line each."""
    listed = [_room(room.name, room.teachers) for room in page.rooms]
    more = [f"and {len(listed) - ROOMS} more classrooms"] if len(listed) > ROOMS else []
    return (listed[:ROOMS] + more) or ["No classroom"]


def _room(name: str, teachers: Sequence[str]) -> str:
    shown = _short(name, WIDE)
    return f"{shown}, {_short(' and '.join(teachers), WIDE)}" if teachers else f"{shown}, no teacher"


def _counted(page: Page) -> str:
    if not page.lessons:
        return page.lessons_sentence
    counted = "1 lesson" if len(page.lessons) == 1 else f"{len(page.lessons)} lessons"
    return f"{counted}, the last attempted first"


def _lesson(lesson: Lesson) -> dict[str, Any]:
    code = "" if lesson.code == lesson.name else _short(lesson.code, 20)
    return asdict(lesson) | {"name": _short(lesson.name, A_LINE - len(code)), "code": code}


def _chart_alt(page: Page) -> str:
    """The chart in words; "" where there is none."""
    if not _has_chart(page):
        return ""
    known = [each for each in page.benchmarks if each.measure is not None]
    return "Quantile measures: " + ", ".join(f"benchmark {each.number} {each.quantile}" for each in known) + "."


def _tests(page: Page) -> list[dict[str, Any]]:
    """A line an operation: score and day of the pre-test, then of the post-test."""
    taken = {(each.operation, each.kind): (str(each.score), each.day) for each in page.tests}
    operations = dict.fromkeys(each.operation for each in page.tests)
    return [
        {"operation": _short(each, 30), "scores": [taken.get((each, kind), ("–", "")) for kind in TESTS]}
        for each in operations
    ]


def _grid(grid: FactsGrid) -> dict[str, Any]:
    return {
        "operation": _short(grid.operation, 30),
        "sign": grid.sign,
        "meaning": grid.meaning,
        "counted": f"{len(grid.passed)} passed, {len(grid.tried)} practiced and not passed yet",
        "has_cells": bool(grid.marks),
        "passed_cells": _cells(grid, Mark.PASSED),
        "tried_cells": _cells(grid, Mark.TRIED),
        "alt": f"{grid.operation}. Passed: {_listed(grid.passed)}. Not passed yet: {_listed(grid.tried)}.",
        "lines": _grid_lines(grid),
    }


def _cells(grid: FactsGrid, mark: Mark) -> list[tuple[int, int]]:
    rows = enumerate(grid.marks)
    return [(r, c) for r, row in rows for c, each in enumerate(row) if each == mark]


def _grid_lines(grid: FactsGrid) -> list[str]:
    """What the drawing does not say: facts to practice, and those without a place in it."""
    lines = [f"To practice: {_first(grid.tried)}."] if grid.tried else []
    if grid.others_passed and grid.marks:
        lines.append(f"Passed, not in the grid: {_first(grid.others_passed)}.")
    elif grid.others_passed:
        lines.append(f"Passed: {_first(grid.others_passed)}.")
    return lines


def _first(facts: Sequence[str]) -> str:
    more = f" and {len(facts) - NAMED} more" if len(facts) > NAMED else ""
    return ", ".join(facts[:NAMED]) + more


def _listed(facts: Sequence[str]) -> str:
    return ", ".join(facts) or "none"


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
