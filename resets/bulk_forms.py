"""Forms of what is done to many districts at once. Each asks for the wish; the districts are chosen in the list."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from resets import letter_fields, opening, typed
from resets.board import Entry
from resets.bulk import Wish
from resets.bulk_csm import Reassign, csms
from resets.bulk_dates import SetDate
from resets.bulk_letters import Write, readers_of
from resets.models import Season

if TYPE_CHECKING:
    from resetportal.models import User

NO_STUDENT = _("Kept in the history of each district, where the district reads it. Never name a student here.")
AMONG_US = _("Kept in the history for the vendor’s people alone. Never name a student here.")


class WishForm(forms.Form):
    """What is common: the season that it is about."""

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.season = season

    def wish(self, entries: Sequence[Entry]) -> Wish:
        """What a valid form asks for, about these districts."""
        raise NotImplementedError


class DateForm(WishForm):
    """The day for all of them."""

    day = forms.DateField(
        label=_("Reset date"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Write a date such as 2027-07-30.")},
    )
    reason = typed.Text(
        label=_("Note for the history"),
        help_text=NO_STUDENT,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def wish(self, entries: Sequence[Entry]) -> SetDate:
        asked = self.cleaned_data
        waiting = opening.not_free(self.season, [entry.district.pk for entry in entries if entry.reset is None])
        return SetDate(self.season, asked["day"], asked["reason"].strip(), waiting)


class LetterForm(WishForm):
    """The words for all of them, with fields."""

    subject = typed.Line(label=_("Subject"), max_length=200)
    body = typed.Text(
        label=_("Letter"),
        help_text=_("Plain paragraphs. Fields such as {district} are filled in for each. Never name a student here."),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    asks = forms.BooleanField(
        label=_("Ask for an answer: it carries the link to keep the date, ask for another day or ask a question"),
        required=False,
    )

    def clean_subject(self) -> str:
        return _checked(self.cleaned_data["subject"])

    def clean_body(self) -> str:
        return _checked(self.cleaned_data["body"])

    def wish(self, entries: Sequence[Entry]) -> Write:
        asked, readers = self.cleaned_data, readers_of([entry.district.pk for entry in entries])
        return Write(self.season, asked["subject"], asked["body"], asked["asks"], readers)


class CsmForm(WishForm):
    """To whom they go."""

    to = forms.ChoiceField(label=_("New CSM"), error_messages={"required": _("Choose a CSM.")})
    reason = typed.Text(
        label=_("Why?"),
        help_text=AMONG_US,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.csms: dict[str, User] = {str(each.pk): each for each in csms()}
        self.fields["to"].choices = [("", "—"), *((key, str(each)) for key, each in self.csms.items())]  # type: ignore[attr-defined]  # a ChoiceField's

    def wish(self, entries: Sequence[Entry]) -> Reassign:
        return Reassign(self.season, self.csms[self.cleaned_data["to"]], self.cleaned_data["reason"].strip())


def _checked(text: str) -> str:
    """A letter's text as it was written, if all its fields are known."""
    try:
        letter_fields.check(text)
    except letter_fields.Unknown as unknown:
        raise forms.ValidationError(str(unknown)) from None
    return text
