"""The models of `districts`, one module a concept."""

from districts.models.classrooms import Classroom, ClassroomTeacher, Enrollment
from districts.models.contacts import Contact, OtherReset
from districts.models.gates import Gate
from districts.models.learning import (
    Avatar,
    BenchmarkResult,
    Currency,
    DailyUsage,
    FactsProgress,
    FactsTest,
    LessonResult,
    Pathway,
    PathwayAssignment,
    PointsBalance,
    PointsEntry,
)
from districts.models.notices import Notice
from districts.models.organisations import (
    District,
    DistrictCounts,
    LearningEnvironment,
    Product,
    Rostering,
    School,
    SchoolYear,
)
from districts.models.people import Educator, EducatorRole, Student
from districts.models.rostering import RosterFile, RosterSync, YearCount
from districts.models.sources import RosterSource

__all__ = [
    "Avatar",
    "BenchmarkResult",
    "Classroom",
    "ClassroomTeacher",
    "Contact",
    "Currency",
    "DailyUsage",
    "District",
    "DistrictCounts",
    "Educator",
    "EducatorRole",
    "Enrollment",
    "FactsProgress",
    "FactsTest",
    "Gate",
    "LearningEnvironment",
    "LessonResult",
    "Notice",
    "OtherReset",
    "Pathway",
    "PathwayAssignment",
    "PointsBalance",
    "PointsEntry",
    "Product",
    "RosterFile",
    "RosterSource",
    "RosterSync",
    "Rostering",
    "School",
    "SchoolYear",
    "Student",
    "YearCount",
]
