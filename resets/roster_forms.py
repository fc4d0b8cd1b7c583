"""Forms of the pages about rosters: an upload, a verdict on one that waits."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import RosterFile
from districts.roster.archive import ZIPPED_BYTES
from resets import typed

MOST = ZIPPED_BYTES // 1_000_000
TOO_LARGE = format_lazy(
    gettext_lazy(
        "It has more than {most} MB, and no roster needs that much. "
        "Zip the OneRoster CSV files only, then choose the zip again."
    ),
    most=MOST,
)
NOT_A_ZIP = gettext_lazy(
    "This is not a zip. Put the OneRoster CSV files with their manifest.csv into one zip, and choose that."
)
SIGNATURE = b"PK\x03\x04"


class UploadForm(forms.Form):
    """A roster from a person's own machine, to be rehearsed or applied."""

    roster = forms.FileField(
        label=gettext_lazy("OneRoster zip"),
        help_text=format_lazy(gettext_lazy("CSV 1.1 or 1.2 with its manifest.csv, up to {most} MB."), most=MOST),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        max_length=255,
        error_messages={
            "required": gettext_lazy("Choose a zip."),
            "empty": gettext_lazy("The file is empty. Choose the zip again."),
            "max_length": gettext_lazy("Its name is too long. Give it a shorter one, and choose it again."),
        },
    )
    wish = forms.ChoiceField(
        label=gettext_lazy("What shall happen with it?"),
        choices=(
            (RosterFile.Wish.REHEARSE, gettext_lazy("Rehearse: show what would change, and change nothing")),
            (RosterFile.Wish.APPLY, gettext_lazy("Apply: change the district, unless something speaks against it")),
        ),
        initial=RosterFile.Wish.REHEARSE,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )

    def __init__(self, *args: Any, is_too_large: bool = False, paused: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paused = paused
        if is_too_large:
            self.fields["roster"].error_messages["required"] = TOO_LARGE

    def clean_roster(self) -> "UploadedFile[bytes]":
        given: UploadedFile[bytes] = self.cleaned_data["roster"]
        begins = given.read(len(SIGNATURE))
        given.seek(0)
        if begins != SIGNATURE:
            raise forms.ValidationError(NOT_A_ZIP)
        return given

    def clean_wish(self) -> str:
        wish = str(self.cleaned_data["wish"])
        if self.paused and wish == RosterFile.Wish.APPLY:
            raise forms.ValidationError(
                _("{paused} It can be rehearsed meanwhile, and applied after that.").format(paused=self.paused)
            )
        return wish


class VerdictForm(forms.Form):
    """Why a roster is applied in spite of what speaks against it, or discarded; kept with the roster."""

    reason = typed.Text(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy(
            "Kept with the roster, for everybody who looks after the district. Never name a student here."
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: it is kept with the roster.")},
    )

    def __init__(self, *args: Any, is_needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_needed
