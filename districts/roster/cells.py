"""Single cells of a roster: what may stand in them. Faults are told by place, never with the value."""

import re
from datetime import date

from django.utils.translation import gettext as _

from districts.roster.problems import Place, RosterRefused, Warnings
from districts.roster.words import OWN

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
YEAR = re.compile(r"(?:19|20)\d{2}")
BOOLEANS = {"": None, "true": True, "false": False}


def day(value: str, place: Place) -> date | None:
    """A date written YYYY-MM-DD, or None for a blank."""
    if not value:
        return None
    try:
        if not DAY.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise RosterRefused(
            place, _("This is not a date."), _("Write dates as YYYY-MM-DD, such as 2027-06-04.")
        ) from None


def year(value: str, place: Place) -> int | None:
    """A calendar year of four digits, or None for a blank."""
    if value and not YEAR.fullmatch(value):
        raise RosterRefused(place, _("This is not a year."), _("Write the year in which the school year ends: 2027."))
    return int(value) if value else None


def one_of(value: str, words: frozenset[str], place: Place, warnings: Warnings, version: str = "1.1") -> str:
    """One of a vocabulary's words; written in another case it is accepted with a warning.

    A vendor's own word, `ext:` and more, is OWN: 1.2 allows it, and nothing here knows what it means.
    """
    if value in words:
        return value
    if version != "1.1" and value.startswith(OWN) and value != OWN:
        return OWN
    meant = {word.lower(): word for word in words}.get(value.lower())
    if meant is None:
        listed = ", ".join(sorted(words))
        raise RosterRefused(
            place,
            _("The word is none of OneRoster {version}'s.").format(version=version),
            _("Use one of: {listed}.").format(listed=listed),
        )
    warnings.add(place, _("“{meant}” is written in another case.").format(meant=meant))
    return meant


def boolean(value: str, place: Place, warnings: Warnings) -> bool | None:
    """true or false, None for a blank; TRUE and FALSE are accepted with a warning."""
    if value in BOOLEANS:
        return BOOLEANS[value]
    if value.lower() not in BOOLEANS:
        raise RosterRefused(place, _("This is neither true nor false."), _("Write true or false."))
    warnings.add(place, _("true and false are written in another case."))
    return BOOLEANS[value.lower()]


def text(value: str, longest: int, place: Place) -> str:
    """A text as it came, of at most `longest` characters."""
    if len(value) > longest:
        raise RosterRefused(
            place,
            _("The value has {value:,} characters.").format(value=len(value)),
            _("Shorten it to {longest}.").format(longest=longest),
        )
    return value


def listed(value: str) -> list[str]:
    """The values of a comma separated list, without blanks around them."""
    return [part for item in value.split(",") if (part := item.strip())]
