"""Forms of the pages about resets."""

import unicodedata
from typing import Any

from django import forms


class ReasonForm(forms.Form):
    """Why a person does something to a reset; kept in the history."""

    reason = forms.CharField(
        label="Why?",
        help_text="Kept in the district’s history. Never name a student here.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: it is kept in the history."},
    )


class NamedForm(ReasonForm):
    """The same for a grave step: the district's name is typed, too."""

    name = forms.CharField(max_length=200, error_messages={"required": "Type the district’s name."})

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = name

    def clean_name(self) -> str:
        typed = str(self.cleaned_data["name"])
        if _same(typed) != _same(self.expected):
            raise forms.ValidationError("That is not the district’s name.")
        return typed


def _same(name: str) -> str:
    """A name as it is compared: however its accents are typed, spaces at its ends apart."""
    return unicodedata.normalize("NFC", name).strip()
