"""The first roster after a reset, held against the year before: *go*, or sentences why a person should *look*.

The year before is there as numbers only (`districts.year_counts`). The judgement itself is pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext
from psycopg2 import sql

from districts import shards
from districts.models import Classroom, ClassroomTeacher, School, Student, YearCount
from districts.roster.grades import GRADES

Cell = tuple[int | None, str]  # school and grade
DOWN_PERCENT = 40
WITHOUT_TEACHER_PERCENT = 10
NOBODY_FROM = 5  # a school that had fewer students may well have closed a programme
COMPARED_FROM = 30  # fewer students by grade say nothing about whether they moved up


@dataclass(frozen=True)
class Standing:
    """A district in numbers: students by school and grade, then and now, and its classrooms now."""

    then: Mapping[Cell, int]
    now: Mapping[Cell, int]
    schools: Mapping[int, str]
    classrooms: int = 0
    without_teacher: int = 0


def concerns(district_id: int, closed_year: str) -> list[str]:
    """Why a person looks before the first roster after `closed_year` is committed; empty means *go*.

    Asked in the transaction that applied the roster. A district without numbers of that year has nothing to compare.
    """
    return list(look(_standing(district_id, closed_year), closed_year))


def look(standing: Standing, closed_year: str) -> Iterator[str]:
    """The verdict in sentences. Names of schools stand in them, of people none."""
    had, has = sum(standing.then.values()), sum(standing.now.values())
    if had and has * 100 <= had * (100 - DOWN_PERCENT):
        yield gettext("Students are down by {value:.0f}%: {has:,}, where {closed_year} had {had:,}.").format(
            value=100 - has * 100 / had, has=has, closed_year=closed_year, had=had
        )
    yield from _deserted(standing, closed_year)
    if standing.without_teacher * 100 > standing.classrooms * WITHOUT_TEACHER_PERCENT:
        yield gettext("{without_teacher:,} of {classrooms:,} classes have no teacher.").format(
            without_teacher=standing.without_teacher, classrooms=standing.classrooms
        )
    if has_not_moved_up(standing.then, standing.now):
        yield (
            gettext(
                "The numbers by grade and school are still those of {closed_year}: it seems that the SIS "
                "has not been rolled over to the new year."
            ).format(closed_year=closed_year)
        )


def has_not_moved_up(then: Mapping[Cell, int], now: Mapping[Cell, int]) -> bool:
    """Whether each grade is as large as the same grade was, and not as large as the grade below it was.

    Only grades are compared whose grade below was at the same school; alike cohorts tell nothing, and so pass. Nor
    does a grade without anybody: its students may be the seniors, who leave before the others move up.
    """
    cells = [(school, grade) for school, grade in now if (school, _below(grade)) in then]
    if sum(now[cell] for cell in cells) < COMPARED_FROM:
        return False
    stayed = sum(abs(now[cell] - then.get(cell, 0)) for cell in cells)
    moved = sum(abs(now[school, grade] - then[school, _below(grade)]) for school, grade in cells)
    return stayed * 2 < moved


def _below(grade: str) -> str:
    """The grade before one, "-" for the lowest and for one that is not known: no grade is called so."""
    return GRADES[GRADES.index(grade) - 1] if grade in GRADES[1:] else "-"


def _deserted(standing: Standing, closed_year: str) -> Iterator[str]:
    had, has = _by_school(standing.then), _by_school(standing.now)
    for school, name in sorted(standing.schools.items(), key=lambda each: each[1]):
        if had.get(school, 0) >= NOBODY_FROM and not has.get(school):
            yield gettext("{name} has nobody; {closed_year} had {value:,} students there.").format(
                name=name, closed_year=closed_year, value=had[school]
            )


def _by_school(cells: Mapping[Cell, int]) -> dict[int | None, int]:
    total: dict[int | None, int] = {}
    for (school, _), number in cells.items():
        total[school] = total.get(school, 0) + number
    return total


def _standing(district_id: int, closed_year: str) -> Standing:
    kept = YearCount.objects.filter(district=district_id, school_year=closed_year)
    then: dict[Cell, int] = {(each.school_id, each.grade_level): each.students for each in kept}
    now = {(school, grade): number for school, grade, number in _rows(_NOW, district_id)}
    classrooms, without = _rows(_CLASSROOMS, district_id)[0]
    schools = dict(School.objects.filter(district=district_id).values_list("pk", "name"))
    return Standing(then, now if then else {}, schools, classrooms if then else 0, without if then else 0)


_NOW = "SELECT school_id, grade_level, count(*) FROM ONLY {students} WHERE NOT is_deactivated GROUP BY 1, 2"
_CLASSROOMS = """
    SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (
      SELECT FROM ONLY {teachers} t WHERE t.classroom_id = c.id)) FROM ONLY {classrooms} c
"""


def _rows(query: str, district_id: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(query).format(
                students=sql.Identifier(shards.leaf(Student, district_id)),
                classrooms=sql.Identifier(shards.leaf(Classroom, district_id)),
                teachers=sql.Identifier(shards.leaf(ClassroomTeacher, district_id)),
            )
        )
        return list(cursor.fetchall())
