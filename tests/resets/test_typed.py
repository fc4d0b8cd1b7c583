"""What people type: nothing that turns the words beside it around, and nothing cut without a word."""

from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string

from resets import saved_views, typed
from resets.bulk_forms import CsmForm, DateForm, LetterForm
from resets.desk import ContactForm, NoteForm
from resets.forms import DayForm, OtherResetForm, ReasonForm
from resets.holds_page import EndForm, HoldForm
from resets.letter_forms import StepForm, StopForm, WordsForm
from resets.people_page import InviteForm
from resets.reply_forms import AdminQuestionForm, AnswerForm, AskForm, KeepForm, QuestionForm
from resets.roster_forms import VerdictForm
from resets.serializers import DateSerializer
from tests.people import Cast

TURNED = "Bob O\u202eReilly"
FORMS = (
    *(DateForm, LetterForm, CsmForm, ContactForm, NoteForm, DayForm, OtherResetForm, ReasonForm, EndForm, HoldForm),
    *(StepForm, StopForm, WordsForm, InviteForm, AdminQuestionForm, AnswerForm, AskForm, KeepForm, QuestionForm),
    VerdictForm,
)
SAFE = (forms.EmailField, forms.ChoiceField, forms.DateField, forms.IntegerField, forms.BooleanField, forms.UUIDField)


@pytest.mark.parametrize("mark", [chr(each) for each in (0x061C, 0x200E, 0x200F, 0x202A, 0x202E, 0x2066, 0x2069)])
def test_a_mark_that_turns_words_around_is_not_kept(mark: str) -> None:
    assert typed.Line().clean(f"Bob O{mark}Reilly") == "Bob OReilly"
    assert typed.Text().clean(f"One\n{mark}two") == "One\ntwo"


@pytest.mark.parametrize("mark", ["\x07", "\x1b", "\x7f", "\x85", "\u2028"])
def test_a_letter_that_controls_a_machine_is_not_kept(mark: str) -> None:
    assert typed.Line().clean(f"a{mark}b") == "ab"
    assert typed.Text().clean(f"a{mark}b") == "ab"


def test_lines_and_tabs_stay_in_a_text_and_are_spaces_in_a_line() -> None:
    assert typed.Text().clean("a\r\n\tb\rc") == "a\n\tb\nc"
    assert typed.Line().clean("a\r\n\tb") == "a b"


def test_letters_of_any_language_stay() -> None:
    name = "Zoë נועה ليلى 👩\u200d🏫"
    assert typed.Line().clean(name) == name


def test_marks_alone_are_nothing_written() -> None:
    with pytest.raises(forms.ValidationError, match="required"):
        typed.Line().clean(" \u202e ")


def test_a_long_text_is_refused_and_no_browser_cuts_it() -> None:
    field = typed.Text(max_length=1000)
    assert "maxlength" not in field.widget.attrs
    with pytest.raises(forms.ValidationError, match="at most 1000 characters: this has 1001"):
        field.clean("a" * 1001)
    assert len(field.clean("a\r\n" * 500) or "") == 999  # a line's end is one character, as a browser counts


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_free_text_is_taken_so(form: Any) -> None:
    for name, field in form.base_fields.items():
        assert isinstance(field, (typed.Line, *SAFE)), name
        assert isinstance(field, typed.Text) or not isinstance(field.widget, forms.Textarea), name


@pytest.mark.parametrize("form", [ReasonForm, AnswerForm, AdminQuestionForm])
def test_how_long_a_text_may_be_stands_beside_it(form: Any) -> None:
    for bound in form().visible_fields():
        shown = " ".join(render_to_string("components/field.html", {"field": bound}).split())
        assert f"At most {bound.field.max_length:,} characters." in shown
        assert "maxlength" not in shown


def test_the_learning_platform_types_no_such_marks_either() -> None:
    sent = DateSerializer(data={"date": "2027-07-20", "reason": TURNED, "version": 1})
    assert sent.is_valid()
    assert sent.validated_data["reason"] == "Bob OReilly"


@pytest.mark.django_db
def test_a_view_has_no_such_name(cast: Cast) -> None:
    assert saved_views.save(person=cast.carmen, name=TURNED, query="").name == "Bob OReilly"
