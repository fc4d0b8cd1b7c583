"""In which language the rules speak: English by themselves, the reader's once somebody lends them a tongue."""

from datetime import date
from typing import Protocol

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Tongue(Protocol):
    """A catalogue of sentences, and how days and hours are said."""

    def gettext(self, text: str) -> str:
        """The sentence in the language of the moment."""

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The one of two sentences that fits a count, in the language of the moment."""

    def day(self, day: date, *, weekday: bool, year: bool) -> str:
        """`Tue, July 27, 2027`, without its weekday or its year unless they are asked for."""

    def clock_hour(self, hour: int) -> str:
        """An hour of the day, `1:00 AM`."""


class English:
    """What the rules speak by themselves, whatever the process's locale is."""

    def gettext(self, text: str) -> str:
        return text

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return singular if count == 1 else plural

    def day(self, day: date, *, weekday: bool, year: bool) -> str:
        said = f"{_MONTHS[day.month - 1]} {day.day}"
        said = f"{_WEEKDAYS[day.weekday()]}, {said}" if weekday else said
        return f"{said}, {day.year:04d}" if year else said

    def clock_hour(self, hour: int) -> str:
        return f"{(hour - 1) % 12 + 1}:00 {'AM' if hour < 12 else 'PM'}"


_tongue: Tongue = English()


def speak(tongue: Tongue) -> Tongue:
    """Lends the rules a tongue, once a process (resets/apps.py); gives back the one before."""
    global _tongue
    before, _tongue = _tongue, tongue
    return before


def tongue() -> Tongue:
    """The tongue in use."""
    return _tongue


def gettext(text: str) -> str:
    """A sentence in the reader's language; makemessages finds it by this function's name."""
    return _tongue.gettext(text)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The same for a sentence with a count."""
    return _tongue.ngettext(singular, plural, count)


def gettext_noop(text: str) -> str:
    """Marks a text for the catalogue that `gettext` says later."""
    return text
