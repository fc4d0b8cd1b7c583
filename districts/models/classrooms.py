"""Classrooms with their students and teachers: OneRoster's class, Clever's section. Deleted by a reset."""

from django.db import models

from districts.models.organisations import School
from districts.models.people import Educator
from districts.partitioning import ShardModel, same_shard


class Classroom(ShardModel):
    """A class of one school in one school year."""

    sourced_id = models.CharField(max_length=255)
    school = models.ForeignKey(
        School, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    name = models.CharField(max_length=255)
    code = models.CharField(max_length=100, blank=True)
    grade_levels = models.CharField(max_length=100, blank=True, help_text="Comma separated, such as 03,04.")

    class Meta(ShardModel.Meta):
        abstract = False
        constraints = (
            models.UniqueConstraint(fields=("district_id", "sourced_id"), name="a_classroom_once_in_its_district"),
        )

    def __str__(self) -> str:
        return self.name


class ClassroomTeacher(ShardModel):
    """An educator's membership of a classroom; it ends with the classroom, the educator stays."""

    classroom_id = models.BigIntegerField()
    classroom = same_shard("districts.Classroom", "classroom_id", related_name="teachers")
    educator = models.ForeignKey(
        Educator, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    sourced_id = models.CharField(max_length=255, blank=True)
    is_primary = models.BooleanField(default=False)

    class Meta(ShardModel.Meta):
        abstract = False
        constraints = (
            models.UniqueConstraint(
                fields=("district_id", "classroom_id", "educator"), name="a_teacher_once_in_a_classroom"
            ),
        )

    def __str__(self) -> str:
        return f"teacher {self.educator_id} of classroom {self.classroom_id}"


class Enrollment(ShardModel):
    """A student's membership of a classroom."""

    classroom_id = models.BigIntegerField()
    classroom = same_shard("districts.Classroom", "classroom_id", related_name="enrollments")
    student_id = models.BigIntegerField()
    student = same_shard("districts.Student", "student_id", related_name="enrollments")
    sourced_id = models.CharField(max_length=255, blank=True)

    class Meta(ShardModel.Meta):
        abstract = False
        constraints = (
            models.UniqueConstraint(
                fields=("district_id", "classroom_id", "student_id"), name="a_student_once_in_a_classroom"
            ),
        )
        indexes = (models.Index(fields=("student_id",), name="enrollment_by_student"),)

    def __str__(self) -> str:
        return f"student {self.student_id} in classroom {self.classroom_id}"
