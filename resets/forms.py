"""Forms of the pages about resets."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import Product, Rostering
from resets import seasons, typed
from resets.dates import first_and_last
from resets.models import Season
from resets.policy import Policy, school_year_ending, spoken


class ReasonForm(forms.Form):
    """Why a person does something to a reset; kept in the history."""

    reason = typed.Text(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Kept in the district’s history. Never name a student here."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: it is kept in the history.")},
    )


class NamedForm(ReasonForm):
    """The same for a grave step: the district's name is typed, too."""

    name = forms.CharField(max_length=200, error_messages={"required": gettext_lazy("Type the district’s name.")})

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = name

    def clean_name(self) -> str:
        typed = str(self.cleaned_data["name"])
        if _same(typed) != _same(self.expected):
            raise forms.ValidationError(_("That is not the district’s name."))
        return typed


def _same(name: str) -> str:
    """A name as it is compared: however its accents are typed, spaces at its ends apart."""
    return unicodedata.normalize("NFC", name).strip()


class DaysOfAYear(forms.Form):
    """Its dates are ISO dates around the end of one school year, and may be left empty."""

    def __init__(self, *args: Any, school_year: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.between = first_and_last(school_year)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.required, field.input_formats = False, ["%Y-%m-%d"]
                field.error_messages["invalid"] = _("Write a date such as {year}-06-10.").format(
                    year=self.between[1].year
                )
                field.validators.append(self._inside)
                field.widget = forms.DateInput(attrs=self._limits(), format="%Y-%m-%d")

    def _limits(self) -> dict[str, str]:
        first, last = self.between
        return {"type": "date", "min": first.isoformat(), "max": last.isoformat()}

    def _inside(self, day: date) -> None:
        first, last = self.between
        if not first <= day <= last:
            raise forms.ValidationError(
                _("Give a day from {first} to {last}.").format(first=spoken(first), last=spoken(last))
            )


class OtherResetForm(DaysOfAYear):
    """One other product of the vendor and its day; emptied, it is removed."""

    product = typed.Line(label=gettext_lazy("Product"), max_length=80, required=False)
    date = forms.DateField(label=gettext_lazy("Its reset"))

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        product, day = given.get("product"), given.get("date")
        if product and day is None and "date" not in self.errors:
            self.add_error("date", _("Give its day, or empty the product to remove it."))
        if day and not product and "product" not in self.errors:
            self.add_error("product", _("Name the product, or empty its day to remove it."))
        if product and product.casefold() in {label.casefold() for label in Product.labels}:
            self.add_error("product", _("This product has the district's own reset date, which the portal sets."))
        return given


class DatesForm(DaysOfAYear):
    """A district's dates around the end of one school year; an empty one is not known yet."""

    ends_on = forms.DateField(label=gettext_lazy("Last day of the school year"))
    has_summer_session = forms.TypedChoiceField(
        label=gettext_lazy("Is there a summer session?"),
        choices=(("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")), ("", gettext_lazy("Not known yet"))),
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    summer_ends_on = forms.DateField(label=gettext_lazy("Last day of the summer session"))
    rostering_starts_on = forms.DateField(
        label=gettext_lazy("Rostering for the new year starts"),
        help_text=gettext_lazy("The reset must come before it (W3)."),
    )
    first_day_on = forms.DateField(label=gettext_lazy("First day of school"))
    rostering = forms.ChoiceField(
        label=gettext_lazy("How is the district rostered?"),
        choices=Rostering.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "With one-time assisted rostering, students cannot sign in for about two weeks after a reset."
        ),
    )

    def clean(self) -> dict[str, Any]:
        dates = self.cleaned_data
        summer, ends = dates.get("summer_ends_on"), dates.get("ends_on")
        if summer and not dates.get("has_summer_session"):
            self.add_error("summer_ends_on", _("A summer session that ends must take place: say that there is one."))
        if summer and ends and summer < ends:
            self.add_error(
                "summer_ends_on", _("It ends on or after the last day of school, {ends}.").format(ends=spoken(ends))
            )
        begins, starts = dates.get("first_day_on"), dates.get("rostering_starts_on")
        if begins and starts and begins < starts:
            self.add_error(
                "first_day_on",
                _("Rostering starts on or before the first day, but on {starts}.").format(starts=spoken(starts)),
            )
        return dates


class DayForm(forms.Form):
    """A day, with a reason where a rule asks for one. `version`: of the reset, as the page showed it."""

    day = forms.DateField(
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": gettext_lazy("Choose a day."),
            "invalid": gettext_lazy("That is no date of the calendar. Choose a day of the grid."),
        },
    )
    version = forms.IntegerField(required=False, min_value=1)
    reason = typed.Text(
        required=False,
        help_text=gettext_lazy("Kept in the district’s history. Never name a student here."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class KeepForm(forms.Form):
    """The day that stays, and the version of the reset: both as the page showed them."""

    LOOK_AGAIN = gettext_lazy("Which day you read was lost on the way. Look again.")
    day = forms.DateField(input_formats=["%Y-%m-%d"])
    version = forms.IntegerField(min_value=1)


SCHOOL_PARAMETERS = ("school", "schools", "school_id", "school_ids")


def names_a_school(*data: Mapping[str, Any]) -> bool:
    """Whether a request asks for one school alone, which no page does (W7)."""
    return any(name in each for each in data for name in SCHOOL_PARAMETERS)


class DraftForm(forms.Form):
    """A season to draft: its year, and the rules that it starts from."""

    year = forms.IntegerField(
        label=gettext_lazy("Year of the resets"),
        min_value=2000,
        max_value=2999,
        help_text=gettext_lazy("2028 for the school year 2027-28."),
    )
    source = forms.ChoiceField(label=gettext_lazy("Start from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seasons = {f"season {each}": each for each in Season.objects.all()}
        self.fields["source"].choices = [  # type: ignore[attr-defined]  # a ChoiceField's
            *((name, _("the rules of {name}").format(name=name)) for name in seasons.names()),
            *((key, _("the rules of {each} as they stand").format(each=each)) for key, each in self.seasons.items()),
        ]
        newest = next(iter(self.seasons.values()), None)
        if newest:
            self.initial = {"year": newest.rules.year + 1, "source": f"season {newest}"}

    def clean_year(self) -> int:
        year = int(self.cleaned_data["year"])
        there = Season.objects.filter(school_year=school_year_ending(year)).first()
        if there:
            raise forms.ValidationError(
                _("There is a season of {there} already: change its rules instead.").format(there=there)
            )
        return year

    def rules(self) -> tuple[Policy, str]:
        """The rules moved to the year, and what they start from in words."""
        source = self.cleaned_data["source"]
        start = self.seasons[source].rules if source in self.seasons else seasons.load(source)
        return start.moved_to(self.cleaned_data["year"]), dict(self.fields["source"].choices)[source]  # type: ignore[attr-defined]
