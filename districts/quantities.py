"""Numbers, and numbers with their nouns, in the reader's language: a phrase each, which a catalogue can inflect."""

from functools import lru_cache
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext_lazy

_NOUNS: Final = {
    "account": ngettext_lazy("{number} account", "{number} accounts", "count"),
    "classroom": ngettext_lazy("{number} classroom", "{number} classrooms", "count"),
    "day": ngettext_lazy("{number} day", "{number} days", "count"),
    "district": ngettext_lazy("{number} district", "{number} districts", "count"),
    "educator": ngettext_lazy("{number} educator", "{number} educators", "count"),
    "fact": ngettext_lazy("{number} fact", "{number} facts", "count"),
    "file": ngettext_lazy("{number} file", "{number} files", "count"),
    "hour": ngettext_lazy("{number} hour", "{number} hours", "count"),
    "lesson": ngettext_lazy("{number} lesson", "{number} lessons", "count"),
    "letter": ngettext_lazy("{number} letter", "{number} letters", "count"),
    "night": ngettext_lazy("{number} night", "{number} nights", "count"),
    "organization": ngettext_lazy("{number} organization", "{number} organizations", "count"),
    "page": ngettext_lazy("{number} page", "{number} pages", "count"),
    "pathway definition": ngettext_lazy("{number} pathway definition", "{number} pathway definitions", "count"),
    "person": ngettext_lazy("{number} person", "{number} people", "count"),
    "place": ngettext_lazy("{number} place", "{number} places", "count"),
    "report": ngettext_lazy("{number} report", "{number} reports", "count"),
    "reset": ngettext_lazy("{number} reset", "{number} resets", "count"),
    "row": ngettext_lazy("{number} row", "{number} rows", "count"),
    "school": ngettext_lazy("{number} school", "{number} schools", "count"),
    "student": ngettext_lazy("{number} student", "{number} students", "count"),
    "student account": ngettext_lazy("{number} student account", "{number} student accounts", "count"),
    "warning": ngettext_lazy("{number} warning", "{number} warnings", "count"),
}
"""By the noun in English. A noun that is not here is an error: no page makes a plural of its own."""


def counted(value: int, noun: str) -> str:
    """A number and its noun in step: `1 school`, `14 schools`."""
    return str(_NOUNS[noun].format(count=value, number=numbers(value)))


def numbers(value: int | float | None) -> str:
    """A number with separators, `9,412`; a dash for one that is not known yet."""
    return "–" if value is None else _number(value, get_language())


@lru_cache(maxsize=8192, typed=True)
def _number(value: float, _language: str | None) -> str:
    """A list says the same small numbers hundreds of times; kept by the language in which it is read."""
    return number_format(value, force_grouping=True)
