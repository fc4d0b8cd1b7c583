"""Files that a district keeps of its year: what was asked for, where each stands, and who downloaded it."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from districts.models import District, LearningEnvironment, Product, School
from districts.models.pairs import both_or_neither, when, who


class ExportFileQuerySet(models.QuerySet["ExportFile"]):
    def of(self, district: District) -> Self:
        return self.filter(district=district)

    def ready(self) -> Self:
        """Files that can be downloaded now."""
        return self.filter(state=ExportFile.State.READY)

    def open(self) -> Self:
        """Files that are there or on their way."""
        return self.filter(state__in=ExportFile.OPEN)


class ExportFile(models.Model):
    """A file with students in it, from the wish for it to its end; then only this row stays, which names nobody.

    Ready: it lies under `stored` in the storage of exports, until `lasts_until` or the reset. A Student Data Export
    is of one `product`; Student Progress reports are of the district, a school, a classroom or a student.
    """

    class Kind(models.TextChoices):
        STUDENT_DATA = "student_data", gettext_lazy("Student Data Export")
        PROGRESS = "progress", gettext_lazy("Student Progress reports")

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting")
        MAKING = "making", gettext_lazy("Being made")
        READY = "ready", gettext_lazy("Ready")
        FAILED = "failed", gettext_lazy("Not made")
        ENDED = "ended", gettext_lazy("Gone")

    class Format(models.TextChoices):
        XLSX = "xlsx", gettext_lazy("Excel (XLSX)")
        CSV = "csv", gettext_lazy("CSV")
        PDF = "pdf", gettext_lazy("One PDF")
        ZIP = "zip", gettext_lazy("A zip with one PDF a classroom")

    OPEN = (State.WAITING, State.MAKING, State.READY)

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="export_files")
    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    format = models.CharField(max_length=5, choices=Format)
    product = models.CharField(max_length=20, choices=Product, blank=True, help_text="Of reports: empty is all.")
    learning_environment = models.CharField(
        max_length=20, choices=LearningEnvironment, blank=True, help_text="Empty is both."
    )
    since = models.DateField(null=True, blank=True, help_text="The first day; empty is the school year's beginning.")
    until = models.DateField(null=True, blank=True, help_text="The last day; empty is the day before it is made.")
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    classroom_id = models.BigIntegerField(null=True, blank=True)
    student_id = models.BigIntegerField(null=True, blank=True)
    pathway_id = models.BigIntegerField(null=True, blank=True)
    school_year = models.CharField(max_length=7, help_text="The year that ends, such as 2026-27.")
    is_last = models.BooleanField(default=False, help_text="Made by the run itself, and kept through the reset.")

    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    hours = models.PositiveSmallIntegerField(default=24, help_text="For how long it lasts once it is made.")
    generation = models.PositiveIntegerField(default=0, help_text="The gate's number of resets when it was asked for.")
    claim = models.PositiveIntegerField(default=0, help_text="Fencing number: only its last owner may write.")
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="By the database's clock.")
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0, help_text="Rows or pages so far.")
    total = models.PositiveIntegerField(default=0, help_text="Rows or pages in all, as far as is known.")

    as_of = models.DateTimeField(null=True, blank=True, help_text="When the district's data was read.")
    through = models.DateField(null=True, blank=True, help_text="The last day that is in it, in the district's zone.")
    version = models.PositiveBigIntegerField(default=0, help_text="Of the product's activity when it was read.")
    rows = models.PositiveIntegerField(default=0, help_text="Of an export: students. Of reports: pages.")
    name = models.CharField(max_length=255, blank=True, help_text="What a person finds it by.")
    stored = models.CharField(max_length=120, blank=True, help_text="Its name in the storage of exports.")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256.")
    size = models.PositiveBigIntegerField(default=0, help_text="In bytes.")
    made_at = when()
    made_by = who()
    lasts_until = models.DateTimeField(null=True, blank=True)
    ended_at = when()
    ended_by = who()
    why = models.TextField(blank=True, help_text="Why it is gone, or was not made: a sentence without any name.")

    objects: ClassVar[ExportFileQuerySet] = ExportFileQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            both_or_neither("made"),
            both_or_neither("ended"),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | Q(made_at__isnull=False, lasts_until__isnull=False, ended_at__isnull=True)
                & ~Q(stored="")
                & ~Q(digest=""),
                name="a_file_that_is_ready_is_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("failed", "ended"), ended_at__isnull=False) & ~Q(why="")
                | Q(state__in=("waiting", "making", "ready"), ended_at__isnull=True),
                name="a_file_that_is_gone_says_why",
            ),
            models.CheckConstraint(
                condition=Q(kind="student_data", format__in=("xlsx", "csv")) & ~Q(product="")
                | Q(kind="progress", format__in=("pdf", "zip")),
                name="an_export_is_a_sheet_of_one_product",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="a_range_ends_after_it_begins",
                violation_error_message=gettext_lazy("The last day is the first day or later."),
            ),
        )
        indexes = (
            models.Index(fields=("district", "-asked_at"), name="files_of_a_district"),
            models.Index(fields=("state",), condition=Q(state__in=("waiting", "making")), name="files_to_make"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.district}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_whole(self) -> bool:
        """Whether a Student Data Export is of all students and the whole year."""
        return not (self.since or self.until or self.learning_environment)


class Download(models.Model):
    """One person took one file away: who, when, and the digest of what she got."""

    file = models.ForeignKey(ExportFile, on_delete=models.CASCADE, related_name="downloads")
    downloaded_at = models.DateTimeField()
    downloaded_by = models.CharField(max_length=200)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("-downloaded_at", "-id")

    def __str__(self) -> str:
        return f"{self.downloaded_by}: {self.file}"
