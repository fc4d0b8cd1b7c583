"""What a district answers by a letter's link, and what its CSM answers back."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from resets import typed

NO_STUDENT = _("Never name a student here.")


class NameForm(forms.Form):
    """Who answers: the person to whom the letter went, or whoever holds it now.

    The name is left empty: a program that opens mails and sends their forms knows none.
    """

    name = typed.Line(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name: your CSM sees it.")},
    )

    def __init__(self, *args: Any, sent_to: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("Who are you? The letter went to %(name)s.") % {"name": sent_to}

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())


class KeepForm(NameForm):
    """Keep the day that was shown: another one meanwhile is no answer to it."""

    day = forms.DateField(widget=forms.HiddenInput)


class AskForm(NameForm):
    """Ask for another day."""

    day = forms.DateField(widget=forms.HiddenInput)
    reason = typed.Text(
        label=_("Why this day?"),
        help_text=_("Your CSM reads it. You may leave it empty. Never name a student here."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OnceForm(forms.Form):
    """Its token is made with the page, so that the form sent twice is one question."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def clean(self) -> dict[str, Any]:
        if "token" in self.errors:
            self.add_error(None, _("The form was changed on its way. Open the page again."))
        return self.cleaned_data


class QuestionForm(NameForm, OnceForm):
    """Ask the CSM something."""

    text = typed.Text(
        label=_("Your question"),
        help_text=NO_STUDENT,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what you would like to know.")},
    )


class AdminQuestionForm(OnceForm):
    """The same of somebody who is signed in."""

    text = QuestionForm.base_fields["text"]


class AnswerForm(forms.Form):
    """What a CSM writes back: the district gets it as a letter."""

    text = typed.Text(
        label=_("Your answer"),
        help_text=_("The district’s people get it as a letter from you. Never name a student here."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write an answer.")},
    )


class DeclineForm(AnswerForm):
    """Why the date stays, for the day that the CSM read: another request meanwhile is not answered by it."""

    LOOK_AGAIN = _("Which day the district asks for was lost on the way. Read its request again, then answer.")
    day = forms.DateField(
        widget=forms.HiddenInput,
        input_formats=["%Y-%m-%d"],
        error_messages={"required": LOOK_AGAIN, "invalid": LOOK_AGAIN},
    )
