"""Students, whose accounts end with the year, and educators, whose accounts stay."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from districts.models.organisations import District, LearningEnvironment, School
from districts.models.pairs import both_or_neither, when, who
from districts.partitioning import ShardModel


class Educator(models.Model):
    """A teacher, aide or administrator of a roster. Kept by every reset."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="educators")
    sourced_id = models.CharField(max_length=255)
    first_name = models.CharField(max_length=255)
    last_name = models.CharField(max_length=255)
    username = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=254, blank=True)
    joined_on = models.DateField(
        null=True, blank=True, help_text="The local day of the first roster with them; none: it was the first of all."
    )
    left_roster_on = models.DateField(
        null=True, blank=True, help_text="The local day of the roster that left them out; none: the newest has them."
    )
    last_sign_in_on = models.DateField(null=True, blank=True, help_text="At the learning platform, a local day.")
    kept_at = when()
    kept_by = who()
    deactivated_at = when()
    deactivated_by = who()
    review_year = models.CharField(
        max_length=7, blank=True, help_text="In which a person kept or deactivated them; blank: nobody, or a roster."
    )

    class Meta:
        ordering = ("last_name", "first_name", "id")
        constraints = (
            models.UniqueConstraint(fields=("district", "sourced_id"), name="an_educator_once_in_its_district"),
            both_or_neither("kept"),
            both_or_neither("deactivated"),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True) | Q(deactivated_at__isnull=True),
                name="an_educator_is_kept_or_deactivated",
                violation_error_message=gettext_lazy("An educator is kept or deactivated, not both."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class EducatorRole(models.Model):
    """What an educator is at one school (or, without a school, in the district). Kept by every reset."""

    educator = models.ForeignKey(Educator, on_delete=models.CASCADE, related_name="roles")
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="educator_roles")
    role = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("educator", "school", "role"), nulls_distinct=False, name="a_role_once_at_a_school"
            ),
        )

    def __str__(self) -> str:
        return f"{self.educator}: {self.role}"


class Student(ShardModel):
    """A student account of one school year; returning students get a new one after the reset."""

    sourced_id = models.CharField(max_length=255)
    school = models.ForeignKey(
        School, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    first_name = models.CharField(max_length=300)
    last_name = models.CharField(max_length=300)
    username = models.CharField(max_length=255, blank=True)
    student_information_number = models.CharField(max_length=255, blank=True)
    alt_student_information_number = models.CharField(max_length=255, blank=True)
    grade_level = models.CharField(max_length=10, blank=True)
    learning_environment = models.CharField(max_length=20, choices=LearningEnvironment, blank=True)
    is_ell = models.BooleanField(default=False)
    is_iep = models.BooleanField(default=False)
    is_deactivated = models.BooleanField(default=False)

    class Meta(ShardModel.Meta):
        abstract = False
        constraints = (
            models.UniqueConstraint(fields=("district_id", "sourced_id"), name="a_student_once_in_its_district"),
        )

    def __str__(self) -> str:
        return f"student {self.id}"
