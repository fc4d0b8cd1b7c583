"""What the page of Student Progress reports shows: a district, a school, a classroom or a search, and what is printed.

Students are named on it, so it is for the district's own admin alone. More of them are no more questions.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from districts.models import (
    Classroom,
    ClassroomTeacher,
    DailyUsage,
    District,
    Enrollment,
    FactsProgress,
    FactsTest,
    Pathway,
    PathwayAssignment,
    Product,
    School,
    Student,
)
from exports.printed import Printed
from exports.report_pages import Page as Report

ON_A_PAGE = 50
WORDS = 6  # of a search: each is a condition of its own
DIGITS = 19  # of the largest id
NO_SCHOOL = "none"


@dataclass(frozen=True)
class Scope:
    """Whose reports the page is about: the whole district where nothing narrower is named."""

    district: District
    school: School | None = None
    classroom: Classroom | None = None
    is_without_school: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether it is about a part of the district."""
        return bool(self.school or self.classroom or self.is_without_school)

    @property
    def title(self) -> str:
        if self.classroom is not None:
            return self.classroom.name
        return _("Students without a school") if self.is_without_school else str(self.school or self.district)

    @property
    def fields(self) -> list[tuple[str, int]]:
        """What a form sends so that files are of this scope."""
        named = (("classroom", self.classroom), ("school", self.school))
        return [(name, each.pk if name == "school" else each.id) for name, each in named if each is not None][:1]

    def students(self) -> QuerySet[Student]:
        """The student accounts of this scope, deactivated ones too: their data is deleted as well."""
        rows = Student.objects.filter(district_id=self.district.pk)
        if self.classroom is not None:
            return rows.filter(id__in=_enrolled(self.district, self.classroom.id))
        if self.is_without_school:
            return rows.filter(school=None)
        return rows.filter(school=self.school) if self.school else rows


def scope(district: District, asked: QueryDict) -> Scope:
    """What the address names: `classroom` or `school` (an id, or none). Another district's is not found."""
    if key := asked.get("classroom"):
        room = Classroom.objects.filter(district_id=district.pk, id=_number(key)).select_related("school").first()
        if room is None:
            raise Http404
        return Scope(district, room.school, room)
    if asked.get("school") == NO_SCHOOL:
        return Scope(district, is_without_school=True)
    if key := asked.get("school"):
        school = School.objects.filter(district=district, pk=_number(key)).first()
        if school is None:
            raise Http404
        return Scope(district, school)
    return Scope(district)


def _number(key: str) -> int:
    if not (key.isascii() and key.isdecimal() and len(key) <= DIGITS):
        raise Http404
    return int(key)


def by_pathway(scope: Scope) -> list[tuple[str, int]]:
    """Students of a scope by pathway, in the pathways' order; a student with two counts under both. Facts come last."""
    key, ids = {"district_id": scope.district.pk}, scope.students().values("id")
    rows = PathwayAssignment.objects.filter(**key, student_id__in=ids).values_list("pathway").order_by()
    found = dict(rows.annotate(Count("student_id", distinct=True)))
    counted = [(name, found[pk]) for pk, name in Pathway.objects.filter(pk__in=found).values_list("pk", "name")]
    facts = _with_facts(key, ids)
    return [*counted, *([(_("Imagine Math Facts"), facts)] if facts else [])]


def _with_facts(key: dict[str, int], ids: Any) -> int:
    """Students of Math Facts: who took a test, met a fact or spent a minute."""
    used = DailyUsage.objects.filter(**key, student_id__in=ids, product=Product.MATH_FACTS).values("student_id")
    met = FactsProgress.objects.filter(**key, student_id__in=ids).values("student_id")
    tested = FactsTest.objects.filter(**key, student_id__in=ids).values("student_id")
    return used.order_by().union(met.order_by(), tested.order_by()).count()


def schools(scope: Scope, printed: Printed, page: str | None) -> tuple[Page[School], list[dict[str, Any]]]:
    """The district's schools with their classrooms, students, and whether their reports were downloaded."""
    key = {"district_id": scope.district.pk}
    students = _by_school(Student.objects.filter(**key))
    rooms = _by_school(Classroom.objects.filter(**key))
    found = Paginator(School.objects.filter(district=scope.district), ON_A_PAGE).get_page(page)
    rows = [_school(school.pk, school.name, students, rooms, printed) for school in found.object_list]
    if students.get(None) and not found.has_next():
        rows.append(_school(None, _("Without a school"), students, rooms, printed))
    return found, rows


def _by_school(rows: QuerySet[Any]) -> dict[int | None, int]:
    return dict(rows.order_by().values_list("school").annotate(Count("id")))


def _school(
    pk: int | None, name: str, students: dict[int | None, int], rooms: dict[int | None, int], printed: Printed
) -> dict[str, Any]:
    return {
        "name": name,
        "url": f"?school={pk or NO_SCHOOL}",
        "classrooms": rooms.get(pk, 0),
        "students": students.get(pk, 0),
        "at": printed.of_school(pk),
    }


def classrooms(scope: Scope, printed: Printed, page: str | None) -> tuple[Page[Classroom], list[dict[str, Any]]]:
    """A school's classrooms with their teachers, students, and whether their reports were downloaded."""
    key, school = {"district_id": scope.district.pk}, scope.school
    rooms = Classroom.objects.filter(**key, school=school).order_by("name", "id")
    found = Paginator(rooms, ON_A_PAGE).get_page(page)
    ids = [room.id for room in found.object_list]
    members = Enrollment.objects.filter(**key, classroom_id__in=ids).order_by().values_list("classroom_id")
    sizes = dict(members.annotate(Count("id")))
    teachers = _teachers(key, ids)
    return found, [
        {
            "name": room.name,
            "url": f"?classroom={room.id}",
            "teachers": ", ".join(teachers.get(room.id, [])),
            "students": sizes.get(room.id, 0),
            "at": printed.of_classroom(room.id, school.pk if school else None),
        }
        for room in found.object_list
    ]


def _teachers(key: dict[str, int], rooms: list[int]) -> dict[int, list[str]]:
    rows = ClassroomTeacher.objects.filter(**key, classroom_id__in=rooms).select_related("educator")
    found: dict[int, list[str]] = {}
    for row in rows.order_by("-is_primary", "educator__last_name", "id"):
        found.setdefault(row.classroom_id, []).append(str(row.educator))
    return found


def students(
    scope: Scope, printed: Printed, *, page: str | None, query: str = ""
) -> tuple[Page[Student], list[dict[str, Any]]]:
    """Students of a scope, by last name, with their pathways; `query` finds each of its words in a name or number."""
    rows = scope.students().select_related("school").order_by("last_name", "first_name", "id")
    for word in query.split()[:WORDS]:
        rows = rows.filter(_matches(word))
    found = Paginator(rows, ON_A_PAGE).get_page(page)
    key, ids = {"district_id": scope.district.pk}, [student.id for student in found.object_list]
    pathways, rooms = _pathways(key, ids), _rooms(key, ids)
    return found, [
        {
            "id": student.id,
            "name": f"{student.last_name}, {student.first_name}".strip(", ") or _("Name not given"),
            "grade": student.grade_level,
            "school": student.school,
            "is_deactivated": student.is_deactivated,
            "pathways": pathways.get(student.id, []),
            "at": printed.of_student(student.id, student.school_id, rooms.get(student.id, ())),
        }
        for student in found.object_list
    ]


def _matches(word: str) -> Q:
    names = ("first_name", "last_name", "username", "student_information_number")
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__icontains": word})
    return found


def _pathways(key: dict[str, int], ids: list[int]) -> dict[int, list[str]]:
    rows = PathwayAssignment.objects.filter(**key, student_id__in=ids).order_by("-assigned_on", "id")
    found: dict[int, list[str]] = {}
    for student, name in rows.values_list("student_id", F("pathway__name")):
        if name and name not in found.setdefault(student, []):
            found[student].append(name)
    return found


def _rooms(key: dict[str, int], ids: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = Enrollment.objects.filter(**key, student_id__in=ids).values_list("student_id", "classroom_id")
    for student, room in rows:
        found.setdefault(student, []).append(room)
    return found


def _enrolled(district: District, classroom_id: int) -> QuerySet[Any]:
    return Enrollment.objects.filter(district_id=district.pk, classroom_id=classroom_id).values("student_id")


def clean_query(asked: str) -> str:
    """A search as PostgreSQL can be asked for it."""
    return " ".join(asked.replace("\x00", "").split())[:100]


def views(scope: Scope, here: str) -> list[dict[str, Any]]:
    """The lists of a school as chips: its classrooms, its students."""
    of_school = {"district_id": scope.district.pk, "school": scope.school}
    counts = (
        ("classrooms", _("Classrooms"), Classroom.objects.filter(**of_school).count()),
        ("students", _("Students"), Student.objects.filter(**of_school).count()),
    )
    return [
        {"label": label, "count": count, "url": f"?{urlencode(scope.fields)}&list={name}#list", "here": name == here}
        for name, label, count in counts
    ]


def drawn(report: Report) -> dict[str, Any]:
    """A report with what its drawings take: the benchmarks as points, each grid of facts line by line."""
    points = [
        {"number": each.number, "text": each.quantile, "day": each.day, "value": each.measure}
        for each in sorted(report.benchmarks, key=lambda each: each.number)
    ]
    grids = [(grid, list(zip(grid.rows, grid.marks, strict=True))) for grid in report.grids]
    return {"page": report, "points": points, "grids": grids}
