"""A season's policy as a form: one field a rule, each with its id; the policy itself says what is wrong."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from resets import policy_words
from resets.policy import Policy, PolicyError

SPARE = 1  # empty inputs behind the default dates that are there
HELP: Final = {
    "default_dates": gettext_noop(
        "W2: what a district gets that does not answer. Leave an input empty to take its date out."
    ),
    "default_assignment": gettext_noop("W2: with one default all districts share it."),
    "first_date": gettext_noop("W1: no reset before it."),
    "last_date": gettext_noop("W1: empty is the year’s end."),
    "after_default": gettext_noop("W4: a day later than the default."),
    "lead_days": gettext_noop("W10: from setting to reset."),
    "setters": gettext_noop("W9: a CSM and a lead always may."),
    "outside_window": gettext_noop("W1: with a reason."),
    "resumes_on": gettext_noop("What turns a district’s syncs on again after its reset."),
    "requires_export_proof": gettext_noop("A district whose export does not prove enough is held, with the reason."),
    "export_hours": gettext_noop("Hours from when a file is made; every file ends with the reset."),
    "last_export_hours": gettext_noop("Hours that an export made by the run itself is kept for the district."),
    "opening_notice_days": gettext_noop("W2: days ahead when the season opens."),
}


class DatesInput(forms.Widget):
    """Several dates under one name: an input each, and a spare one."""

    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [value.strip() for value in data.getlist(name) if value.strip()]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data

    def render(
        self, name: str, value: Sequence[date | str] | None, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        shown = [*(str(each) for each in value or ()), *[""] * SPARE]
        invalid = (attrs or {}).get("aria-invalid") == "true"
        inputs = format_html_join(
            "",
            '<input type="date" name="{}" value="{}" aria-label="{}"{}>',
            (
                (name, each, _("Default date {number}").format(number=number), _invalid(invalid))
                for number, each in enumerate(shown, 1)
            ),
        )
        return format_html('<div class="dates">{}</div>', inputs)


def _invalid(is_invalid: bool) -> SafeString | str:
    return format_html(' aria-invalid="{}"', "true") if is_invalid else ""


class DatesField(forms.Field):
    """Dates in order; what is no date is left for the policy to refuse, which says so."""

    widget = DatesInput

    def to_python(self, value: Any) -> list[str]:
        return sorted(str(each) for each in value or ())


def _choice(name: str) -> forms.ChoiceField:
    return forms.ChoiceField(choices=list(policy_words.CHOICES[name].items()))


def _day(*, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(input_formats=["%Y-%m-%d"], widget=widget, required=required)


class PolicyForm(forms.Form):
    """The rules of one season; its year stays. `policy` is there once the form is valid."""

    default_dates = DatesField(required=False)
    default_assignment = _choice("default_assignment")
    first_date = _day()
    last_date = _day(required=False)
    after_default = _choice("after_default")
    weekdays_only = forms.BooleanField(required=False)
    holidays = _choice("holidays")
    lead_days = forms.IntegerField()
    setters = forms.MultipleChoiceField(
        choices=[("district_admin", gettext_lazy("The district’s admin, too"))],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    outside_window = forms.MultipleChoiceField(
        choices=list(policy_words.ROLES.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    resumes_on = _choice("resumes_on")
    requires_export_proof = forms.BooleanField(required=False)
    export_hours = forms.IntegerField()
    last_export_hours = forms.IntegerField()
    opening_notice_days = forms.IntegerField()

    def __init__(self, data: Any = None, *, of: Policy) -> None:
        super().__init__(data, initial=of.to_data())
        self.of = of
        self.policy: Policy | None = None
        for name, field in self.fields.items():
            field.label = policy_words.LABELS[name]
            field.help_text = _(HELP[name]) if name in HELP else ""

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if not self.errors:
            try:
                self.policy = Policy.from_data(self._data(values))
            except PolicyError as error:
                self._refuse(error)
        return values

    def _data(self, values: dict[str, Any]) -> dict[str, Any]:
        """What was filled in, as a policy is written down."""
        dates = {name: values[name] and values[name].isoformat() for name in ("first_date", "last_date")}
        setters = {"setters": ["csm", "csm_lead", *values["setters"]]}
        return {"school_year": self.of.school_year, "year": self.of.year} | values | dates | setters

    def _refuse(self, error: PolicyError) -> None:
        for name, cure in error.problems:
            words = f"{cure[0].upper()}{cure[1:]}"
            if name in self.fields:
                self.add_error(name, words)
            else:
                self.add_error(None, f"{name}: {words}")
