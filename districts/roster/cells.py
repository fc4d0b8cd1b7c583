"""Single cells of a roster: what may stand in them. Faults are told by place, never with the value."""

import re
from datetime import date

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
        raise RosterRefused(place, "This is not a date.", "Write dates as YYYY-MM-DD, such as 2027-06-04.") from None


def year(value: str, place: Place) -> int | None:
    """A calendar year of four digits, or None for a blank."""
    if value and not YEAR.fullmatch(value):
        raise RosterRefused(place, "This is not a year.", "Write the year in which the school year ends: 2027.")
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
        raise RosterRefused(place, f"The word is none of OneRoster {version}'s.", f"Use one of: {listed}.")
    warnings.add(place, f"“{meant}” is written in another case.")
    return meant


def boolean(value: str, place: Place, warnings: Warnings) -> bool | None:
    """true or false, None for a blank; TRUE and FALSE are accepted with a warning."""
    if value in BOOLEANS:
        return BOOLEANS[value]
    if value.lower() not in BOOLEANS:
        raise RosterRefused(place, "This is neither true nor false.", "Write true or false.")
    warnings.add(place, "true and false are written in another case.")
    return BOOLEANS[value.lower()]


def text(value: str, longest: int, place: Place) -> str:
    """A text as it came, of at most `longest` characters."""
    if len(value) > longest:
        raise RosterRefused(place, f"The value has {len(value):,} characters.", f"Shorten it to {longest}.")
    return value


def listed(value: str) -> list[str]:
    """The values of a comma separated list, without blanks around them."""
    return [part for item in value.split(",") if (part := item.strip())]
