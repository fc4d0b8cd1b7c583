"""The kinds of the shards, with the same columns, as Django projects have them: ordinary keys that cascade.

Indexes and constraints in the database are those that Django makes of these declarations.
"""

from typing import ClassVar

from django.db import models
from django.db.models import CASCADE, ForeignKey

from districts.models import District, Educator, Pathway, School


class Student(models.Model):
    district = ForeignKey(District, on_delete=CASCADE, related_name="+")
    sourced_id = models.CharField(max_length=255)
    school = ForeignKey(School, null=True, on_delete=CASCADE, related_name="+")
    first_name = models.CharField(max_length=300)
    last_name = models.CharField(max_length=300)
    username = models.CharField(max_length=255, blank=True)
    student_information_number = models.CharField(max_length=255, blank=True)
    alt_student_information_number = models.CharField(max_length=255, blank=True)
    grade_level = models.CharField(max_length=10, blank=True)
    learning_environment = models.CharField(max_length=20, blank=True)
    is_ell = models.BooleanField(default=False)
    is_iep = models.BooleanField(default=False)
    is_deactivated = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["Student"]] = models.Manager()

    class Meta:
        app_label = "plain_models"
        constraints = (models.UniqueConstraint(fields=("district", "sourced_id"), name="plain_student_once"),)

    def __str__(self) -> str:
        return f"student {self.pk}"


class Classroom(models.Model):
    district = ForeignKey(District, on_delete=CASCADE, related_name="+")
    sourced_id = models.CharField(max_length=255)
    school = ForeignKey(School, null=True, on_delete=CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    code = models.CharField(max_length=100, blank=True)
    grade_levels = models.CharField(max_length=100, blank=True)

    objects: ClassVar[models.Manager["Classroom"]] = models.Manager()

    class Meta:
        app_label = "plain_models"
        constraints = (models.UniqueConstraint(fields=("district", "sourced_id"), name="plain_classroom_once"),)

    def __str__(self) -> str:
        return f"classroom {self.pk}"


class Row(models.Model):
    """What all other kinds share."""

    class Meta:
        abstract = True
        app_label = "plain_models"

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class StudentRow(Row):
    student = ForeignKey(Student, on_delete=CASCADE, related_name="+")

    class Meta(Row.Meta):
        abstract = True


class StudentEvent(StudentRow):
    event_id = models.UUIDField(unique=True)

    class Meta(StudentRow.Meta):
        abstract = True


class ClassroomTeacher(Row):
    classroom = ForeignKey(Classroom, on_delete=CASCADE, related_name="+")
    educator = ForeignKey(Educator, on_delete=CASCADE, related_name="+")
    sourced_id = models.CharField(max_length=255, blank=True)
    is_primary = models.BooleanField(default=False)

    class Meta(Row.Meta):
        constraints = (models.UniqueConstraint(fields=("classroom", "educator"), name="plain_teacher_once"),)


class Enrollment(StudentRow):
    classroom = ForeignKey(Classroom, on_delete=CASCADE, related_name="+")
    sourced_id = models.CharField(max_length=255, blank=True)

    class Meta(StudentRow.Meta):
        constraints = (models.UniqueConstraint(fields=("classroom", "student"), name="plain_enrollment_once"),)


class PathwayAssignment(StudentEvent):
    pathway = ForeignKey(Pathway, on_delete=CASCADE, related_name="+")
    assigned_on = models.DateField()


class LessonResult(StudentEvent):
    pathway = ForeignKey(Pathway, null=True, on_delete=CASCADE, related_name="+")
    lesson = models.CharField(max_length=60)
    title = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=20)
    passed = models.BooleanField()
    minutes = models.PositiveSmallIntegerField(default=0)
    happened = models.DateTimeField()


class BenchmarkResult(StudentEvent):
    number = models.PositiveSmallIntegerField()
    quantile = models.CharField(max_length=10, blank=True)
    performance_level = models.CharField(max_length=40, blank=True)
    grade_level_result = models.CharField(max_length=40, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=20)
    happened = models.DateTimeField()


class DailyUsage(StudentEvent):
    day = models.DateField()
    product = models.CharField(max_length=20)
    learning_environment = models.CharField(max_length=20, blank=True)
    school_minutes = models.PositiveSmallIntegerField(default=0)
    home_minutes = models.PositiveSmallIntegerField(default=0)


class PointsEntry(StudentEvent):
    currency = models.CharField(max_length=20)
    amount = models.IntegerField()
    cause = models.CharField(max_length=60, blank=True)
    happened = models.DateTimeField()


class PointsBalance(StudentRow):
    currency = models.CharField(max_length=20)
    earned = models.IntegerField(default=0)
    to_spend = models.IntegerField(default=0)

    class Meta(StudentRow.Meta):
        constraints = (models.UniqueConstraint(fields=("student", "currency"), name="plain_balance_once"),)


class Avatar(StudentEvent):
    parts = models.JSONField(default=dict)
    happened = models.DateTimeField()

    class Meta(StudentEvent.Meta):
        constraints = (models.UniqueConstraint(fields=("student",), name="plain_avatar_once"),)


class FactsTest(StudentEvent):
    kind = models.CharField(max_length=10)
    operation = models.CharField(max_length=20)
    score = models.PositiveSmallIntegerField()
    happened = models.DateTimeField()


class FactsProgress(StudentEvent):
    operation = models.CharField(max_length=20)
    fact = models.CharField(max_length=20)
    passed = models.BooleanField()
    happened = models.DateTimeField()

    class Meta(StudentEvent.Meta):
        constraints = (models.UniqueConstraint(fields=("student", "operation", "fact"), name="plain_fact_once"),)


MODELS: tuple[type[models.Model], ...] = (
    Student,
    Classroom,
    ClassroomTeacher,
    Enrollment,
    PathwayAssignment,
    LessonResult,
    BenchmarkResult,
    DailyUsage,
    PointsEntry,
    PointsBalance,
    Avatar,
    FactsTest,
    FactsProgress,
)
