"""The parts of a report of Imagine Math: figures, benchmarks and lessons, in words."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from districts.gate import spoken
from districts.models import BenchmarkResult, LessonResult, Pathway
from exports.report_pages import Benchmark, Figure, Lesson, Section
from exports.report_reading import Attempt, Read, Taken, Use

LEVELS = {
    LessonResult.Level.ON_GRADE.value: "On grade",
    LessonResult.Level.BELOW_GRADE.value: "Below grade",
    LessonResult.Level.PREREQUISITE.value: "Prerequisite",
}
SCHOOL_TIME = "weekdays, 7 AM to 4 PM"
MEASURE = re.compile(r"(EM)?(\d{1,4})Q", re.ASCII)

T = TypeVar("T")


def duration(minutes: int) -> str:
    """Minutes in words: `45 min`, `12 h 5 min`."""
    hours, rest = divmod(minutes, 60)
    return f"{hours:,} h {rest} min" if hours else f"{rest} min"


def measure(quantile: str) -> int | None:
    """A Quantile measure as a number: `725Q` is 725, `EM50Q` is 50 below zero."""
    found = MEASURE.fullmatch(quantile)
    return (-1 if found[1] else 1) * int(found[2]) if found else None


def newest(rows: Iterable[T], key: Callable[[T], Any]) -> list[T]:
    """Of rows with a moment `at`, the newest of each key, in the order of keys."""
    found = {key(row): row for row in sorted(rows, key=lambda row: row.at)}  # type: ignore[attr-defined]
    return [found[each] for each in sorted(found)]


def lessons_of(attempts: Iterable[Attempt], read: Read) -> list[Lesson]:
    """The lessons that were attempted, the last one first."""
    by_code = defaultdict(list)
    in_order = sorted(attempts, key=lambda each: each.code)  # of one moment, as its reader would list them
    for each in sorted(in_order, key=lambda each: each.at, reverse=True):
        by_code[each.pathway_id, each.code].append(each)
    return [_lesson(rows, read) for rows in by_code.values()]


def _lesson(rows: Sequence[Attempt], read: Read) -> Lesson:
    last = rows[0]
    return Lesson(
        name=next((each.title for each in rows if each.title), last.code),
        code=last.code,
        level=LEVELS.get(last.level, last.level),
        day=spoken(last.at.astimezone(read.zone).date()),
        attempts=len(rows),
        is_passed=any(each.is_passed for each in rows),
        minutes=duration(sum(each.minutes for each in rows)),
    )


def benchmarks_of(taken: Iterable[Taken], read: Read) -> tuple[Benchmark, ...]:
    return tuple(_benchmark(each, read) for each in taken)


def _benchmark(each: Taken, read: Read) -> Benchmark:
    return Benchmark(
        number=each.number,
        day=spoken(each.at.astimezone(read.zone).date()),
        state=str(BenchmarkResult.Status(each.status).label),
        quantile=each.quantile,
        measure=measure(each.quantile),
        level=each.level,
        result=each.result,
        minutes=duration(each.minutes),
    )


def growth(taken: Iterable[Taken]) -> str:
    """How far the measure moved, in a sentence; that there is none."""
    listed = list(taken)
    measured = [(each.number, value) for each in listed if (value := measure(each.quantile)) is not None]
    if not listed:
        return "No benchmark was begun."
    if not measured:
        return "No benchmark has a Quantile measure."
    if len(measured) == 1:
        return ""
    (first, start), (last, end) = measured[0], measured[-1]
    if start == end:
        return f"Benchmarks {first} and {last} are equal."
    return f"Benchmark {last} is {abs(end - start)}Q {'higher' if end > start else 'lower'} than benchmark {first}."


def math_time(usage: Sequence[Use], *, is_shared: bool) -> Section:
    """Minutes of the year to date. `is_shared`: the student has other pathways, and their minutes are in it."""
    days = [each for each in usage if each.school or each.home]
    if not days:
        return Section("Math time, year to date", (), "No time on problems.")
    school, home = sum(each.school for each in days), sum(each.home for each in days)
    figures = (
        Figure(duration(school + home), "math time"),
        Figure(duration(school), "school time", SCHOOL_TIME),
        Figure(duration(home), "home time"),
        Figure(str(len({each.day for each in days})), "days with use"),
    )
    return Section("Math time, year to date", figures, "Of all pathways together." if is_shared else "")


def performance(lessons: Sequence[Lesson], pathway: Pathway | None) -> Section:
    """Lessons passed of those attempted, on and below grade, and how far that is through the pathway."""
    levels = [level for level in LEVELS.values() if level != "Prerequisite" or _of(lessons, level)]
    figures = [_passed(lessons, level) for level in levels]
    passed = sum(lesson.is_passed for lesson in lessons)
    if pathway and pathway.lessons >= passed:
        figures.append(Figure(f"{passed} of {pathway.lessons}", "passed of this pathway's lessons"))
    return Section("Performance", tuple(figures))


def since_benchmark(usage: Sequence[Use], attempts: Sequence[Attempt], taken: Sequence[Taken], read: Read) -> Section:
    """Use after the day of the newest benchmark that was completed."""
    completed = [each for each in taken if each.status == BenchmarkResult.Status.COMPLETED]
    if not completed:
        return Section("Use since the last benchmark", (), "No benchmark is completed.")
    last = max(completed, key=lambda each: each.at)
    day = last.at.astimezone(read.zone).date()
    minutes = sum(each.school + each.home for each in usage if each.day > day)
    lessons = lessons_of([each for each in attempts if each.at > last.at], read)
    figures = (
        Figure(duration(minutes), "math time"),
        Figure(str(len(lessons)), "lessons attempted"),
        Figure(str(sum(lesson.is_passed for lesson in lessons)), "lessons passed"),
    )
    return Section("Use since the last benchmark", figures, f"Since benchmark {last.number}, {spoken(day)}.")


def a_week(usage: Sequence[Use], attempts: Sequence[Attempt], read: Read) -> Section:
    """Lessons and time of an average week, of those weeks that have any."""
    days = {each.day for each in usage if each.school or each.home}
    days |= {each.at.astimezone(read.zone).date() for each in attempts}
    weeks = len({day - timedelta(days=day.weekday()) for day in days})
    if not weeks:
        return Section("An average week", (), "No week with use.")
    minutes = sum(each.school + each.home for each in usage)
    passed = len(lessons_of([each for each in attempts if each.is_passed], read))
    figures = (
        Figure(f"{len(attempts) / weeks:.1f}", "lesson attempts a week"),
        Figure(f"{passed / weeks:.1f}", "lessons passed a week"),
        Figure(duration(round(minutes / weeks)), "math time a week"),
    )
    counted = "1 week" if weeks == 1 else f"{weeks} weeks"
    return Section("An average week", figures, f"Of the {counted} with use.")


def totals(lessons: Sequence[Lesson], attempts: Sequence[Attempt]) -> Section:
    figures = (
        Figure(str(len(lessons)), "lessons attempted"),
        Figure(str(sum(lesson.is_passed for lesson in lessons)), "lessons passed"),
        Figure(str(len(attempts)), "attempts"),
    )
    return Section("Lessons, year to date", figures)


def pass_rates(lessons: Sequence[Lesson]) -> Section:
    """Of on-grade and prerequisite lessons; of others where there are any."""
    levels = ["On grade", "Prerequisite", *(["Below grade"] if _of(lessons, "Below grade") else [])]
    return Section("Pass rates", tuple(_rate(lessons, level) for level in levels))


def _of(lessons: Iterable[Lesson], level: str) -> list[Lesson]:
    return [lesson for lesson in lessons if lesson.level == level]


def _passed(lessons: Sequence[Lesson], level: str) -> Figure:
    of_level = _of(lessons, level)
    passed = sum(lesson.is_passed for lesson in of_level)
    note = f"of {len(of_level)} attempted" if of_level else "none attempted"
    return Figure(str(passed), f"{_adjective(level)} lessons passed", note)


def _rate(lessons: Sequence[Lesson], level: str) -> Figure:
    of_level = _of(lessons, level)
    label = f"of {_adjective(level)} lessons passed"
    if not of_level:
        return Figure("–", label, "none attempted")
    passed = sum(lesson.is_passed for lesson in of_level)
    return Figure(f"{passed * 100 // len(of_level)}%", label, f"{passed} of {len(of_level)} lessons")


def _adjective(level: str) -> str:
    return level.lower().replace(" ", "-")
