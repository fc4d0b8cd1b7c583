"""Forms of the pages of letters: the words of one, a step of the season's sequence, why one is stopped."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resets import letter_fields, typed
from resets.models import LetterStep

WaitsFor = LetterStep.WaitsFor
BEFORE, AFTER = "before", "after"


class WordsForm(forms.Form):
    """The words of a letter. A field that there is not is refused where it stands."""

    subject = typed.Line(label=gettext_lazy("Subject"), max_length=200)
    body = typed.Text(
        label=gettext_lazy("Letter"),
        help_text=gettext_lazy("An empty line begins a paragraph. Never name a student here."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "true"}),
    )
    asks = forms.BooleanField(label=gettext_lazy("Ask for an answer: the reply buttons stand under it"), required=False)

    def clean_subject(self) -> str:
        return self._checked("subject")

    def clean_body(self) -> str:
        return self._checked("body").replace("\r\n", "\n")

    def words(self) -> dict[str, Any] | None:
        """The words as they are typed; None where a field is wrong. What was refused as a whole can be looked at."""
        is_good = self.is_bound and not set(self.errors) - {NON_FIELD_ERRORS}
        return self.cleaned_data if is_good else None

    def _checked(self, name: str) -> str:
        text = str(self.cleaned_data[name])
        try:
            letter_fields.check(text)
        except letter_fields.Unknown as unknown:
            raise forms.ValidationError(str(unknown)) from None
        return text


class LetterForm(WordsForm):
    """One letter that waits: whether it asks is its step's."""

    asks = None  # type: ignore[assignment]  # how Django drops an inherited field
    version = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)


class StepForm(WordsForm):
    """A letter of the sequence: its words, what it waits for, and to whom it goes."""

    name = typed.Line(label=gettext_lazy("Name in the sequence"), max_length=80)
    number_of_days = forms.IntegerField(
        label=gettext_lazy("Days"), help_text=gettext_lazy("0: on the day itself."), min_value=0, max_value=365
    )
    side = forms.ChoiceField(
        label=gettext_lazy("Before or after"),
        choices=((BEFORE, gettext_lazy("before")), (AFTER, gettext_lazy("after"))),
    )
    waits_for = forms.ChoiceField(label=gettext_lazy("What it waits for"), choices=WaitsFor.choices)
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    audience = forms.ChoiceField(
        label=gettext_lazy("To whom"), choices=LetterStep.Audience.choices, widget=forms.RadioSelect
    )

    @classmethod
    def initial_of(cls, step: LetterStep) -> dict[str, Any]:
        words = {name: getattr(step, name) for name in ("name", "subject", "body", "asks", "waits_for", "audience")}
        side = BEFORE if step.days < 0 else AFTER
        return {**words, "number_of_days": abs(step.days), "side": side}

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        known_after = (WaitsFor.OPENING, WaitsFor.COMPLETED)
        if given.get("side") == BEFORE and given.get("number_of_days") and given.get("waits_for") in known_after:
            self.add_error("side", _("Nobody knows that day before it comes: choose days after it."))
        if given.get("waits_for") in (WaitsFor.RESET, WaitsFor.DEFAULT) and self._days(given) >= 0:
            self.add_error("waits_for", _("On its day and after it nobody gets it. Use: the reset is completed."))
        return given

    @staticmethod
    def _days(given: dict[str, Any]) -> int:
        """Negative before the day; a form that is wrong elsewhere counts as before it."""
        days = given.get("number_of_days")
        return -1 if days is None or (days and given.get("side") == BEFORE) else days

    def changes(self) -> dict[str, Any]:
        """What `letter_steps.edit_step` takes."""
        given = dict(self.cleaned_data)
        days, side = given.pop("number_of_days"), given.pop("side")
        return {**given, "days": -days if side == BEFORE else days}


class StopForm(forms.Form):
    """Why a letter does not go to one district."""

    why = typed.Line(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Kept with the letter, for the vendor’s people alone. Never name a student here."),
        max_length=200,
        error_messages={"required": gettext_lazy("Say why: it stands in the log.")},
    )
