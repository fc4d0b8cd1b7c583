"""What students did this year: pathways, lessons, benchmarks, usage, points, avatars, facts."""

from django.db import models
from django.db.models import Q

from districts.models.organisations import District, LearningEnvironment, Product
from districts.partitioning import ShardModel, same_shard


class Pathway(models.Model):
    """A sequence of lessons; the vendor's own have no district, custom ones do. Kept, with nobody assigned."""

    district = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.PROTECT, related_name="custom_pathways"
    )
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    learning_environment = models.CharField(max_length=20, choices=LearningEnvironment)
    lessons = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("learning_environment", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("district", "code"), nulls_distinct=False, name="a_pathway_once_in_its_district"
            ),
        )

    def __str__(self) -> str:
        return self.name


class StudentRow(ShardModel):
    """A row about one student."""

    student_id = models.BigIntegerField()
    student = same_shard("districts.Student", "student_id", related_name="+")

    class Meta(ShardModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.id} of student {self.student_id}"


class StudentEvent(StudentRow):
    """A row that one event of the learning platform made; the event's id makes it unrepeatable."""

    event_id = models.UUIDField()

    class Meta(StudentRow.Meta):
        abstract = True


class PathwayAssignment(StudentEvent):
    """A pathway that a student works on. PreK-2 students have one, 3+ students may have several."""

    pathway = models.ForeignKey(
        Pathway, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    assigned_on = models.DateField()

    class Meta(StudentEvent.Meta):
        abstract = False
        constraints = (models.UniqueConstraint(fields=("district_id", "event_id"), name="a_pathway_assignment_once"),)
        indexes = (models.Index(fields=("student_id",), name="pathway_by_student"),)


class LessonResult(StudentEvent):
    """One attempt at one lesson (progress data)."""

    class Level(models.TextChoices):
        ON_GRADE = "on_grade", "On grade"
        BELOW_GRADE = "below_grade", "Below grade"
        PREREQUISITE = "prerequisite", "Prerequisite"

    pathway = models.ForeignKey(
        Pathway, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    lesson = models.CharField(max_length=60)
    title = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=20, choices=Level)
    passed = models.BooleanField()
    minutes = models.PositiveSmallIntegerField(default=0)
    happened = models.DateTimeField()

    class Meta(StudentEvent.Meta):
        abstract = False
        constraints = (models.UniqueConstraint(fields=("district_id", "event_id"), name="a_lesson_result_once"),)
        indexes = (models.Index(fields=("student_id",), name="lesson_by_student"),)


class BenchmarkResult(StudentEvent):
    """One of up to three benchmarks a year (assessment data), with a Quantile measure such as 725Q or EM50Q."""

    class Status(models.TextChoices):
        IN_PROGRESS = "in_progress", "In progress"
        COMPLETED = "completed", "Completed"

    number = models.PositiveSmallIntegerField()
    quantile = models.CharField(max_length=10, blank=True)
    performance_level = models.CharField(max_length=40, blank=True)
    grade_level_result = models.CharField(max_length=40, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=20, choices=Status)
    happened = models.DateTimeField()

    class Meta(StudentEvent.Meta):
        abstract = False
        constraints = (
            models.UniqueConstraint(fields=("district_id", "event_id"), name="a_benchmark_result_once"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=3), name="a_benchmark_is_1_2_or_3"),
        )
        indexes = (models.Index(fields=("student_id",), name="benchmark_by_student"),)


class DailyUsage(StudentEvent):
    """Minutes on problems of one student, day and product; school time is weekdays 7:00 to 16:00 local."""

    day = models.DateField()
    product = models.CharField(max_length=20, choices=Product)
    learning_environment = models.CharField(max_length=20, choices=LearningEnvironment, blank=True)
    school_minutes = models.PositiveSmallIntegerField(default=0)
    home_minutes = models.PositiveSmallIntegerField(default=0)

    class Meta(StudentEvent.Meta):
        abstract = False
        constraints = (models.UniqueConstraint(fields=("district_id", "event_id"), name="a_daily_usage_once"),)
        indexes = (models.Index(fields=("student_id",), name="usage_by_student"),)


class Currency(models.TextChoices):
    THINK_POINTS = "think_points", "THINK Points"
    TOKENS = "tokens", "Tokens"


class PointsEntry(StudentEvent):
    """The ledger of THINK Points (3+) and tokens (PreK-2): earned is positive, spent negative."""

    currency = models.CharField(max_length=20, choices=Currency)
    amount = models.IntegerField()
    cause = models.CharField(max_length=60, blank=True)
    happened = models.DateTimeField()

    class Meta(StudentEvent.Meta):
        abstract = False
        verbose_name_plural = "points entries"
        constraints = (models.UniqueConstraint(fields=("district_id", "event_id"), name="a_points_entry_once"),)
        indexes = (models.Index(fields=("student_id",), name="points_by_student"),)


class PointsBalance(StudentRow):
    """What a student earned this year and has left to spend, by currency."""

    currency = models.CharField(max_length=20, choices=Currency)
    earned = models.IntegerField(default=0)
    to_spend = models.IntegerField(default=0)

    class Meta(StudentRow.Meta):
        abstract = False
        constraints = (
            models.UniqueConstraint(
                fields=("district_id", "student_id", "currency"), name="a_balance_a_student_and_currency"
            ),
        )


class Avatar(StudentEvent):
    """The figure a 3+ student made of themself; the newest event wins."""

    parts = models.JSONField(default=dict)
    happened = models.DateTimeField()

    class Meta(StudentEvent.Meta):
        abstract = False
        constraints = (models.UniqueConstraint(fields=("district_id", "student_id"), name="an_avatar_a_student"),)


class FactsTest(StudentEvent):
    """A Math Facts pre- or post-test."""

    class Kind(models.TextChoices):
        PRE = "pre", "Pre-test"
        POST = "post", "Post-test"

    kind = models.CharField(max_length=10, choices=Kind)
    operation = models.CharField(max_length=20)
    score = models.PositiveSmallIntegerField()
    happened = models.DateTimeField()

    class Meta(StudentEvent.Meta):
        abstract = False
        constraints = (models.UniqueConstraint(fields=("district_id", "event_id"), name="a_facts_test_once"),)
        indexes = (models.Index(fields=("student_id",), name="facts_test_by_student"),)


class FactsProgress(StudentEvent):
    """A math fact such as 7x8 that a student encountered, and whether it is passed; the newest event wins."""

    operation = models.CharField(max_length=20)
    fact = models.CharField(max_length=20)
    passed = models.BooleanField()
    happened = models.DateTimeField()

    class Meta(StudentEvent.Meta):
        abstract = False
        verbose_name_plural = "facts progress"
        constraints = (
            models.UniqueConstraint(fields=("district_id", "student_id", "operation", "fact"), name="a_fact_a_student"),
        )
