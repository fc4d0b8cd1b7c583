"""Progress reports made in tests, and students to make them of."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from districts.models import (
    BenchmarkResult,
    DailyUsage,
    District,
    FactsProgress,
    FactsTest,
    LessonResult,
    Pathway,
    PathwayAssignment,
    Student,
)
from exports import progress_reports, report_data
from exports.made import Made
from exports.models import ExportFile
from exports.report_pages import Page

JUNE_1 = datetime(2027, 6, 1, 16, tzinfo=UTC)
Maker = Callable[..., Made]


def page_of(student: Student, **more: Any) -> Page:
    """The one page that a student has."""
    [page] = pages_of(student, **more)
    return page


def pages_of(*students: Student, **more: Any) -> list[Page]:
    """Their pages on June 1."""
    district = District.objects.get(pk=students[0].district_id)
    usual: dict[str, Any] = {"school_year": "2026-27", "at": JUNE_1}
    return report_data.pages_of(district, student_ids=[each.id for each in students], **usual | more)


def figures(page: Page, title: str) -> dict[str, str]:
    """The figures of a section by their labels."""
    [section] = [each for each in page.sections if each.title.startswith(title)]
    return {each.label: each.value for each in section.figures}


def sentence(page: Page, title: str) -> str:
    [section] = [each for each in page.sections if each.title.startswith(title)]
    return section.sentence


class Pupil:
    """A student of a district, to whom things happen."""

    def __init__(self, district: District, **fields: Any) -> None:
        usual = {"first_name": "Ada", "last_name": "Okafor", "grade_level": "4", "learning_environment": "three_plus"}
        key = {"district_id": district.pk, "sourced_id": uuid4().hex}
        self.student: Student = Student.objects.create(**key, **usual | fields)

    def assigned(self, code: str, on: date = date(2026, 9, 1)) -> "Pupil":
        return self._add(PathwayAssignment, pathway=Pathway.objects.get(code=code, district=None), assigned_on=on)

    def lesson(self, code: str, day: str = "2027-03-01", *, pathway: str | None = "g4", **more: Any) -> "Pupil":
        found = Pathway.objects.get(code=pathway, district=None) if pathway else None
        usual = {"level": "on_grade", "passed": True, "minutes": 10, "happened": f"{day}T18:00Z"}
        return self._add(LessonResult, pathway=found, lesson=code, **usual | more)

    def used(self, day: str, school: int, home: int = 0, product: str = "imagine_math", **more: Any) -> "Pupil":
        minutes = {"school_minutes": school, "home_minutes": home}
        return self._add(DailyUsage, day=date.fromisoformat(day), product=product, **minutes, **more)

    def benchmark(self, number: int, quantile: str, day: str, **more: Any) -> "Pupil":
        usual = {"status": "completed", "minutes": 30, "happened": f"{day}T18:00Z"}
        return self._add(BenchmarkResult, number=number, quantile=quantile, **usual | more)

    def fact(
        self, fact: str, *, passed: bool = True, operation: str = "multiplication", day: str = "2027-03-01"
    ) -> "Pupil":
        return self._add(FactsProgress, operation=operation, fact=fact, passed=passed, happened=f"{day}T18:00Z")

    def test(self, kind: str, score: int, operation: str = "multiplication", day: str = "2027-03-01") -> "Pupil":
        return self._add(FactsTest, kind=kind, score=score, operation=operation, happened=f"{day}T18:00Z")

    def _add(self, model: Any, **fields: Any) -> "Pupil":
        key = {"district_id": self.student.district_id, "student_id": self.student.id, "event_id": uuid4()}
        model.objects.create(**key, **fields)
        return self


def make(wanted: ExportFile, desk: Path) -> Made:
    """What is wanted, on a desk in `desk`."""
    place = desk / uuid4().hex
    place.mkdir()
    return progress_reports.make(wanted, desk=place, progress=lambda done, total: None)
