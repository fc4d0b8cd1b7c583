"""What people type into a form: free of letters that nobody sees, and never cut without a word."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""They turn the words that stand after them around, so that a page seems to say what it does not."""
_UNSEEN = re.compile(f"[{_BIDI}\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")  # NUL is refused by Django
_TOO_LONG = _("Write at most %(limit_value)d characters: this has %(show_value)d. Nothing was cut off.")


def clean(text: str) -> str:
    """A text without letters that control how it is shown; its lines and tabs stay."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_line(text: str) -> bool:
    """Whether a name that came by no form is one line: a mail's subject and address take no other."""
    return text == Line(required=False).cleaned(text)


class Line(forms.CharField):
    """One line. Longer than it may be, it is refused: a browser would cut what is pasted without a word."""

    default_error_messages = {"max_length": _TOO_LONG}

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(self.cleaned(value) if isinstance(value, str) else value)
        return None if text is None else str(text)

    def cleaned(self, value: str) -> str:
        return re.sub(r"[\t\n]+", " ", clean(value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {key: value for key, value in super().widget_attrs(widget).items() if key != "maxlength"}


class Text(Line):
    """Several lines; components/field.html says beside it how long it may be."""

    widget = forms.Textarea

    def cleaned(self, value: str) -> str:
        return clean(value)
