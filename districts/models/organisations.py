"""Districts, their schools, and each district's dates in a school year. Kept by every reset."""

from typing import TYPE_CHECKING, ClassVar, Self
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from resetportal.models import User


class Product(models.TextChoices):
    IMAGINE_MATH = "imagine_math", "Imagine Math"
    MATH_FACTS = "math_facts", "Imagine Math Facts"


class LearningEnvironment(models.TextChoices):
    PREK_2 = "prek_2", "PreK-2"
    THREE_PLUS = "three_plus", "3+"


class Rostering(models.TextChoices):
    SELF_MANAGED = "self_managed", gettext_lazy("Self-managed")
    ASSISTED = "assisted", gettext_lazy("One-time assisted")
    AUTOMATED = "automated", gettext_lazy("Automated, nightly")


def known_zone(value: str) -> None:
    """Refuses a time zone that the IANA database does not know."""
    if value not in available_timezones():
        raise ValidationError(
            _("“{value}” is not an IANA time zone. Use one such as America/Chicago.").format(value=value)
        )


class DistrictQuerySet(models.QuerySet["District"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The districts that a person may know of: a CSM's own, an admin's one, all for leads and engineers."""
        if isinstance(user, AnonymousUser):
            return self.none()
        if user.role == "csm":
            return self.filter(csm=user)
        if user.role == "district_admin":
            return self.filter(pk=user.district_id)
        return self if user.role in {"csm_lead", "engineer"} else self.none()


class District(models.Model):
    """A customer's school district: the unit of a reset (W7)."""

    name = models.CharField(max_length=200)
    site_code = models.CharField(max_length=20, unique=True)
    zone = models.CharField(max_length=64, default="America/Chicago", validators=[known_zone])
    run_hour = models.PositiveSmallIntegerField(default=1)
    csm = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="districts"
    )
    uses_imagine_math = models.BooleanField(default=True)
    uses_math_facts = models.BooleanField(default=False)
    rostering = models.CharField(max_length=20, choices=Rostering, default=Rostering.AUTOMATED)

    objects: ClassVar[models.Manager["District"]] = DistrictQuerySet.as_manager()

    class Meta:
        ordering = ("name", "site_code")
        constraints = (
            models.CheckConstraint(
                condition=Q(run_hour__lte=23),
                name="a_run_hour_is_an_hour_of_the_day",
                violation_error_message=gettext_lazy("The run hour is a whole hour from 0 to 23."),
            ),
            models.CheckConstraint(
                condition=Q(uses_imagine_math=True) | Q(uses_math_facts=True),
                name="a_district_uses_a_product",
                violation_error_message=gettext_lazy("A district uses Imagine Math, Imagine Math Facts, or both."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def products(self) -> list[str]:
        """Names of the products in use; one reset date serves them all."""
        used = ((self.uses_imagine_math, Product.IMAGINE_MATH), (self.uses_math_facts, Product.MATH_FACTS))
        return [str(product.label) for uses, product in used if uses]


class School(models.Model):
    """A school of a district. It is reset with its district, never alone (W7)."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="schools")
    sourced_id = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    identifier = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=("district", "sourced_id"), name="a_school_once_in_its_district"),
        )

    def __str__(self) -> str:
        return self.name


class SchoolYear(models.Model):
    """A district's dates around the end of one school year, as its people told its CSM."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="school_years")
    name = models.CharField(max_length=7, help_text="Such as 2026-27: the year that ends.")
    ends_on = models.DateField(null=True, blank=True)
    has_summer_session = models.BooleanField(null=True, blank=True)
    summer_ends_on = models.DateField(null=True, blank=True)
    rostering_starts_on = models.DateField(null=True, blank=True)
    first_day_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("district", "name"), name="a_school_year_once_in_its_district"),
            models.CheckConstraint(
                condition=Q(summer_ends_on__isnull=True) | Q(has_summer_session=True),
                name="a_summer_end_needs_a_summer_session",
                violation_error_message=gettext_lazy(
                    "A summer session that ends must take place: say that there is one."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(summer_ends_on__isnull=True)
                | Q(summer_ends_on__gte=F("ends_on")),
                name="summer_session_ends_after_the_school_year",
                violation_error_message=gettext_lazy(
                    "The summer session ends after the school year, or on its last day."
                ),
            ),
            models.CheckConstraint(
                condition=Q(first_day_on__isnull=True)
                | Q(rostering_starts_on__isnull=True)
                | Q(first_day_on__gte=F("rostering_starts_on")),
                name="school_begins_after_rostering_starts",
                violation_error_message=gettext_lazy("Rostering starts on or before the first day of school."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.district} {self.name}"


class DistrictCounts(models.Model):
    """What a district holds, in numbers: kept by imports and resets for pages that cross districts."""

    district = models.OneToOneField(District, on_delete=models.CASCADE, primary_key=True, related_name="counts")
    schools = models.PositiveIntegerField(default=0)
    educators = models.PositiveIntegerField(default=0)
    classrooms = models.PositiveIntegerField(default=0)
    students = models.PositiveIntegerField(default=0)
    accounts = models.PositiveIntegerField(default=0, help_text="Of students, deactivated ones included.")
    active_students = models.PositiveIntegerField(default=0)
    minutes = models.PositiveBigIntegerField(default=0)
    lessons = models.PositiveBigIntegerField(default=0)
    last_activity_on = models.DateField(null=True, blank=True)
    math_last_on = models.DateField(null=True, blank=True, help_text="The last day of use of Imagine Math.")
    facts_last_on = models.DateField(null=True, blank=True, help_text="The last day of use of Math Facts.")
    math_version = models.PositiveBigIntegerField(default=0, help_text="Grows with every batch that brought some.")
    facts_version = models.PositiveBigIntegerField(default=0, help_text="The same of Math Facts.")
    refused_events = models.PositiveBigIntegerField(default=0, help_text="Of the feed, of a closed year.")

    class Meta:
        verbose_name_plural = "district counts"

    def __str__(self) -> str:
        return f"{self.district}: {self.students} students"
