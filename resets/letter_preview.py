"""A letter as a district would read it, with what came from its fields marked."""

from datetime import datetime
from string import Formatter
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from districts.models import District
from resets import letter_fields, letter_mail, letters_page, replies
from resets.models import Letter, Reset, Season

LONGEST = 20_000  # characters of a letter


def preview(
    *, subject: str, body: str, asks: bool, district: District, reset: Reset | None, season: Season, at: datetime
) -> dict[str, Any]:
    """The letter filled with one district's values. Raises letter_fields.Unknown."""
    about = {"district": district, "season": season, "reset": reset, "csm": district.csm, "at": at}
    values = {name: _value(name, about) for name in letter_fields.check(subject) | letter_fields.check(body)}
    return _paper(district, marked(subject, values), _paragraphs(body, values), asks and replies.can_be_given(reset))


def as_sent(letter: Letter, people: list[letters_page.Pair]) -> dict[str, Any]:
    """A letter that has gone, in the words in which it went and to whom it went."""
    paragraphs = [conditional_escape(one) for one in letter.body.split("\n\n")]
    paper = _paper(letter.district, conditional_escape(letter.subject), paragraphs, letter.asks)
    greeting = _("Dear %(name)s,") % {"name": ", ".join(name for name, _address in people)}
    signed = {"csm": letter_mail.writer_of(letter), "sender": letter.sent_by or paper["sender"]}
    return {**paper, **signed, "people": people, "greeting": greeting}


def signed_by(writer: Any) -> dict[str, Any]:
    """What a letter by hand shows of whoever writes it: a lead signs her own."""
    return {"csm": writer, "sender": str(writer)} if getattr(writer, "role", "") == "csm_lead" else {}


def marked(text: str, values: dict[str, str]) -> SafeString:
    """A text with its fields filled in, each value marked."""
    parts = []
    for words, name, _form, _conversion in Formatter().parse(text):
        parts.append(conditional_escape(words))
        if name is not None:
            parts.append(format_html('<span class="filled">{}</span>', values[name]))
    return mark_safe("".join(parts))  # noqa: S308 -- every part is escaped


def values_of(*, district: District, reset: Reset | None, season: Season, at: datetime) -> list[tuple[str, Any, str]]:
    """Every field, what it says, and what it says for this district."""
    about = {"district": district, "season": season, "reset": reset, "csm": district.csm, "at": at}
    return [(name, says, _value(name, about)) for name, says in letter_fields.FIELDS.items()]


def _value(name: str, about: dict[str, Any]) -> str:
    return letter_fields.fill(f"{{{name}}}", **about)


def _paragraphs(body: str, values: dict[str, str]) -> list[SafeString]:
    return [marked(one, values) for one in body.replace("\r\n", "\n").split("\n\n") if one.strip()]


def _paper(district: District, subject: SafeString, paragraphs: list[SafeString], asks: bool) -> dict[str, Any]:
    people = letters_page.people_of(district)
    return {
        "district": district,
        "subject": subject,
        "paragraphs": paragraphs,
        "asks": asks,
        "people": people,
        "csm": district.csm,
        "sender": str(district.csm or _("Reset Portal")),
        "greeting": _("Dear %(name)s,") % {"name": people[0][0] if people else "…"},
    }
