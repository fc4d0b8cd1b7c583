"""What pages ask about one student, classroom or district: each question is keyed by its district."""

import random
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet, Sum

from benchmarks.readers import Question
from benchmarks.rows import Population
from districts.models import (
    BenchmarkResult,
    DailyUsage,
    DistrictCounts,
    Enrollment,
    LessonResult,
    PathwayAssignment,
    Student,
)

PAGES = 500


def about(districts: Sequence[Population]) -> list[Question]:
    """Questions about students and classrooms drawn from the districts, in no order; the same each time."""
    chance = random.Random(2027)
    questions: list[Question] = []
    for _ in range(PAGES):
        district = chance.choice(districts)
        student = district.base + chance.randrange(district.students)
        classroom = district.base + chance.randrange(district.classrooms)
        page = _page(district.district_id, student, classroom)
        questions += [asked.query.sql_with_params() for asked in page]
    chance.shuffle(questions)
    return questions


def _page(district: int, student: int, classroom: int) -> tuple[QuerySet[Any, Any], ...]:
    own = {"student_id": student}
    return (
        Student.objects.of(district).filter(id=student),
        Enrollment.objects.of(district).filter(classroom_id=classroom).select_related("student"),
        LessonResult.objects.of(district).filter(**own).order_by("-happened")[:10],
        BenchmarkResult.objects.of(district).filter(**own).order_by("number"),
        PathwayAssignment.objects.of(district).filter(**own),
        DailyUsage.objects.of(district).filter(**own).values("student_id").annotate(minutes=Sum("school_minutes")),
        DistrictCounts.objects.filter(pk=district),
    )
