"""The cast: people and their districts, made once a database, so that tests need no set-up to be understood.

Carmen is CSM of Lakeside, Omar of other districts; Maya leads them; Dana is Lakeside's district admin; Ellis is the
engineer on call; Sam is signed out.
"""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from districts import services
from districts.models import (
    Avatar,
    BenchmarkResult,
    Classroom,
    ClassroomTeacher,
    Currency,
    DailyUsage,
    District,
    Educator,
    EducatorRole,
    Enrollment,
    FactsProgress,
    FactsTest,
    LessonResult,
    Pathway,
    PathwayAssignment,
    PointsBalance,
    PointsEntry,
    Product,
    School,
    SchoolYear,
    Student,
)
from resetportal.models import Role, User

PASSWORD = "a summer of resets"
VENDOR = "@vendor.example"


class Cast(NamedTuple):
    carmen: User
    omar: User
    maya: User
    ellis: User
    dana: User
    lakeside: District
    quarry: District


def make_cast() -> Cast:
    """Everybody, with two districts that hold a little of every kind of data."""
    carmen = User.objects.create_user("carmen" + VENDOR, PASSWORD, name="Carmen Ortiz", role=Role.CSM)
    omar = User.objects.create_user("omar" + VENDOR, PASSWORD, name="Omar Haddad", role=Role.CSM)
    maya = User.objects.create_user("maya" + VENDOR, PASSWORD, name="Maya Lindqvist", role=Role.CSM_LEAD)
    ellis = User.objects.create_superuser("ellis" + VENDOR, PASSWORD, name="Ellis Park")
    lakeside = make_district("Lakeside Unified", "0620810", csm=carmen)
    quarry = make_district("Quarry Hill", "3609930", csm=omar, zone="America/New_York")
    dana = User.objects.create_user(
        "dana@lakeside.example", PASSWORD, name="Dana Whitfield", role=Role.DISTRICT_ADMIN, district=lakeside
    )
    return Cast(carmen, omar, maya, ellis, dana, lakeside, quarry)


def is_there() -> bool:
    """Whether this database has its cast already."""
    return User.objects.exists()


def load_cast() -> Cast:
    """The cast as the database has it, fresh for a test."""
    people = {user.name.split()[0].lower(): user for user in User.objects.select_related("district")}
    districts = {district.name: district for district in District.objects.select_related("gate", "counts", "csm")}
    named = {name: people[name] for name in ("carmen", "omar", "maya", "ellis", "dana")}
    return Cast(**named, lakeside=districts["Lakeside Unified"], quarry=districts["Quarry Hill"])


def make_district(
    name: str, site_code: str, *, csm: User | None = None, zone: str = "America/Los_Angeles", schools: int = 2
) -> District:
    """A district with schools, an educator each, and one student of everything a school and one without."""
    district = services.create_district(name=name, site_code=site_code, zone=zone, csm=csm, uses_math_facts=True)
    SchoolYear.objects.create(
        district=district,
        name="2026-27",
        ends_on=date(2027, 6, 10),
        has_summer_session=False,
        rostering_starts_on=date(2027, 8, 9),
        first_day_on=date(2027, 8, 18),
    )
    for number in range(1, schools + 1):
        _fill_school(district, number)
    make_student(district, None, "no-school")
    services.recount(district.pk)
    return district


def make_student(district: District, school: School | None, sourced_id: str) -> Student:
    return Student.objects.create(
        district_id=district.pk,
        sourced_id=sourced_id,
        school=school,
        first_name="Noor",
        last_name="Canary-Whitcombe",
        grade_level="4",
    )


def _fill_school(district: District, number: int) -> None:
    school = School.objects.create(district=district, sourced_id=f"s{number}", name=f"School {number}")
    educator = Educator.objects.create(
        district=district, sourced_id=f"t{number}", first_name="Toni", last_name=f"Teacher {number}"
    )
    EducatorRole.objects.create(educator=educator, school=school, role="teacher")
    student = make_student(district, school, f"student-{number}")
    key = {"district_id": district.pk}
    room = Classroom.objects.create(**key, sourced_id=f"c{number}", name=f"Room {number}", school=school)
    ClassroomTeacher.objects.create(**key, classroom_id=room.id, educator=educator)
    Enrollment.objects.create(**key, classroom_id=room.id, student_id=student.id)
    _fill_learning(key | {"student_id": student.id}, number)


def _fill_learning(key: dict[str, int], number: int) -> None:
    at = {"happened": "2027-05-04T17:30:00Z"}
    event = key | {"event_id": UUID(int=number)}
    pathway = Pathway.objects.get(code="g4", district=None)
    PathwayAssignment.objects.create(**event, pathway=pathway, assigned_on=date(2026, 9, 1))
    LessonResult.objects.create(**event, **at, pathway=pathway, lesson="g4-12", level="on_grade", passed=True)
    BenchmarkResult.objects.create(**event, **at, number=1, quantile="EM50Q", status="completed")
    DailyUsage.objects.create(**event, day=date(2027, 5, 4), product=Product.IMAGINE_MATH, school_minutes=30)
    PointsEntry.objects.create(**event, **at, currency=Currency.THINK_POINTS, amount=50)
    PointsBalance.objects.create(**key, currency=Currency.THINK_POINTS, earned=50, to_spend=50)
    Avatar.objects.create(**event, **at, parts={"hair": "curly"})
    FactsTest.objects.create(**event, **at, kind="pre", operation="multiplication", score=40)
    FactsProgress.objects.create(**event, **at, operation="multiplication", fact="7x8", passed=True)
