"""People who sign in, and the demo's clock."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy


class Role(models.TextChoices):
    ENGINEER = "engineer", gettext_lazy("Engineer")
    CSM_LEAD = "csm_lead", gettext_lazy("CSM lead")
    CSM = "csm", gettext_lazy("Customer Success Manager")
    DISTRICT_ADMIN = "district_admin", gettext_lazy("District admin")
    PLATFORM = "platform", gettext_lazy("Learning platform")


MACHINES = frozenset({Role.PLATFORM})  # they hold tokens, have no password, and see no page


class UserManager(BaseUserManager["User"]):
    """Makes people; an email address is the name they sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        fields = {"role": Role.ENGINEER, "is_staff": True, "is_superuser": True} | fields
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person of the vendor, a district's admin, or the learning platform, which holds tokens and cannot sign in.

    Educators of a roster do not sign in here.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=20, choices=Role)
    district = models.ForeignKey(
        "districts.District", null=True, blank=True, on_delete=models.PROTECT, related_name="admins"
    )
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(role=Role.DISTRICT_ADMIN, district__isnull=False)
                | (~Q(role=Role.DISTRICT_ADMIN) & Q(district__isnull=True)),
                name="district_admin_has_a_district_and_nobody_else",
                violation_error_message="A district admin belongs to one district; nobody else does.",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.ENGINEER) | Q(is_superuser=False),
                name="only_engineers_are_superusers",
                violation_error_message="Only an engineer can be a superuser.",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.PLATFORM) | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX),
                name="a_platform_has_no_password",
                violation_error_message="The learning platform has tokens, no password.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_vendor(self) -> bool:
        return self.role not in MACHINES | {Role.DISTRICT_ADMIN}

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class DemoClock(models.Model):
    """How far the demo's clock is ahead of the real one; one row, and only in the demo."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    offset_seconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="there_is_one_demo_clock"),)

    def __str__(self) -> str:
        return f"{self.offset_seconds} seconds ahead"
