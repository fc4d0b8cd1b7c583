"""What CSMs write to their districts: the season's sequence, each letter, to whom it went, and what came back."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from districts.models import District
from districts.models.pairs import both_or_neither, when, who
from resets.models.resets import Reset
from resets.models.seasons import Season


class LetterStep(models.Model):
    """One letter of a season's sequence: its words with fields, and what it waits for.

    `days` counts from what it waits for, below zero before it; a day is a date in the district's zone.
    """

    class WaitsFor(models.TextChoices):
        OPENING = "opening", gettext_lazy("The season's opening")
        DEFAULT = "default", gettext_lazy("The default day")
        RESET = "reset", gettext_lazy("The reset")
        COMPLETED = "completed", gettext_lazy("The reset is completed")

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", gettext_lazy("Every district")
        SILENT = "silent", gettext_lazy("Districts that have not answered")

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="letter_steps")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    body = models.TextField(help_text="Plain paragraphs with fields such as {district}. Never names a student.")
    waits_for = models.CharField(max_length=10, choices=WaitsFor)
    days = models.SmallIntegerField(default=0)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.EVERYBODY)
    asks = models.BooleanField(default=False, help_text="Carries the reply link.")
    version = models.PositiveIntegerField(default=1, help_text="Counts changes; a stale form is refused.")
    changed_at = when()
    changed_by = who()
    stopped_at = when()
    stopped_by = who()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("season", "number"), name="a_step_of_a_season_has_one_number"),
            models.CheckConstraint(
                condition=Q(waits_for__in=("opening", "default", "reset", "completed")),
                name="a_step_waits_for_what_is_known",
            ),
            both_or_neither("changed"),
            both_or_neither("stopped"),
        )

    def __str__(self) -> str:
        return f"Letter {self.number}, “{self.name}”"

    @property
    def counts_from_the_date(self) -> bool:
        """Whether a moved reset date makes it another letter."""
        return self.waits_for in (self.WaitsFor.DEFAULT, self.WaitsFor.RESET)


class Letter(models.Model):
    """One letter to one district: of a step, once a date whatever is restarted, or written by hand.

    A row stands from the moment it is edited, stopped or due. Not sent: it waits for `due_from` (UTC).

    `for_date` is the reset date that a step's letter has spoken of, or for which the portal stopped it. It is NULL
    while the letter waits, for whatever date there will be, and in steps that count from no reset date. A district
    has one row of a step without a date, and one a date: so no two wait, and none goes twice for one date.
    """

    class About(models.TextChoices):
        DATE = "date", gettext_lazy("The date of its reset")
        HOLD = "hold", gettext_lazy("Its records hold")

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="letters")
    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="letters")
    step = models.ForeignKey(LetterStep, null=True, blank=True, on_delete=models.PROTECT, related_name="letters")
    for_date = models.DateField(null=True, blank=True, help_text="The reset date of which a step's letter spoke.")
    about = models.CharField(max_length=10, choices=About, blank=True, help_text="What the portal tells of.")
    token = models.UUIDField(default=uuid.uuid4, help_text="Of the form it was written with: pressed twice is once.")
    subject = models.TextField(help_text="One line, of any length: fields make it longer than the words were.")
    body = models.TextField(help_text="With its fields filled in. Never names a student.")
    asks = models.BooleanField(default=False)
    due_from = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=200)
    writer = models.ForeignKey(  # by hand; names are not unique
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    edited_at = when()
    edited_by = who()
    sent_at = when()
    sent_by = models.CharField(max_length=200, null=True, blank=True, help_text="The CSM whose name it bears.")  # noqa: DJ001  (as who())
    stopped_at = when()
    stopped_by = who()
    stopped_why = models.CharField(max_length=200, blank=True)
    resumed_at = when()
    resumed_by = who()

    class Meta:
        ordering = ("-due_from", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("district", "step", "for_date"),
                condition=Q(step__isnull=False),
                nulls_distinct=False,
                name="a_step_goes_to_a_district_once_a_date",
            ),
            models.UniqueConstraint(fields=("district", "token"), name="a_written_letter_goes_to_a_district_once"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(stopped_at__isnull=True), name="a_letter_is_sent_or_stopped"
            ),
            both_or_neither("edited"),
            both_or_neither("sent"),
            both_or_neither("stopped"),
            both_or_neither("resumed"),
        )
        indexes = (
            models.Index(fields=("due_from",), condition=Q(sent_at=None, stopped_at=None), name="letters_to_send"),
        )

    def __str__(self) -> str:
        return f"{self.subject}, to {self.district}"

    @property
    def that_waits(self) -> Q:
        """The one letter of its step that waits for whatever date there will be, in its district."""
        return Q(district=self.district_id, step=self.step_id, for_date=None)


class Delivery(models.Model):
    """A letter to one address: claimed before it is sent, so that a restart says it once; what bounced says why."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=150)
    address = models.EmailField()
    sent_at = when()
    sent_by = who()
    bounced_at = when()
    bounced_by = who()
    bounced_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "deliveries"
        constraints = (
            models.UniqueConstraint(fields=("letter", "address"), name="a_letter_goes_to_an_address_once"),
            both_or_neither("sent"),
            both_or_neither("bounced"),
        )

    def __str__(self) -> str:
        return f"{self.letter} at {self.address}"


class Question(models.Model):
    """What a district asked its CSM, by its page or by the link of a letter, and what she answered."""

    reset = models.ForeignKey(Reset, on_delete=models.CASCADE, related_name="questions")
    delivery = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="questions")
    token = models.UUIDField(null=True, editable=False, help_text="Its form's: sent twice, it is one question.")
    text = models.TextField(help_text="Never name a student here.")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    answer = models.TextField(blank=True)
    answered_at = when()
    answered_by = who()

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            both_or_neither("answered"),
            models.UniqueConstraint(fields=("reset", "token"), name="a_form_asks_one_question"),
        )
        indexes = (models.Index(fields=("reset",), condition=Q(answered_at=None), name="questions_to_answer"),)

    def __str__(self) -> str:
        return f"question of {self.reset}"
