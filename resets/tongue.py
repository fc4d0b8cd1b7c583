"""The tongue that the rules are lent: Django's catalogue, and days and hours as all pages say them."""

from datetime import date

from django.utils import translation

from districts import moments
from resets.policy import speech


class ReadersTongue:
    """Speaks the language that is active, so English in a worker."""

    def gettext(self, text: str) -> str:
        return translation.gettext(text)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return translation.ngettext(singular, plural, count)

    def day(self, day: date, *, weekday: bool, year: bool) -> str:
        return moments.day_in_words(day, weekday=weekday, year=year)

    def clock_hour(self, hour: int) -> str:
        return moments.clock_hour(hour)


def lend() -> None:
    """Lets the rules speak the reader's language."""
    speech.speak(ReadersTongue())
