"""Days and moments in words, by the reader's language, on the clock of a district's zone, which is always named."""

from datetime import date, datetime, time
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS_AP
from django.utils.formats import date_format, get_format, time_format
from django.utils.translation import get_language, gettext, gettext_noop

_NAMES: Final = {
    "America/New_York": gettext_noop("Eastern"),
    "America/Detroit": gettext_noop("Eastern"),
    "America/Chicago": gettext_noop("Central"),
    "America/Denver": gettext_noop("Mountain"),
    "America/Boise": gettext_noop("Mountain"),
    "America/Phoenix": gettext_noop("Arizona"),
    "America/Los_Angeles": gettext_noop("Pacific"),
    "America/Anchorage": gettext_noop("Alaska"),
    "Pacific/Honolulu": gettext_noop("Hawaii"),
    "Pacific/Guam": gettext_noop("Guam"),
    "Pacific/Pago_Pago": gettext_noop("Samoa"),
    "America/Puerto_Rico": gettext_noop("Atlantic"),
    "UTC": "UTC",
}


def day(value: date) -> str:
    """A date with its weekday and year: `Tue, July 27, 2027`."""
    return _day(value, get_language())


@lru_cache(maxsize=4096)
def _day(value: date, _language: str | None) -> str:
    return date_format(value, f"D, {get_format('DATE_FORMAT').replace('N', 'F')}")  # months whole, as in a sentence


def spoken_day(value: date) -> str:
    """A date of a year that the page has named: `Tue, July 27`."""
    return f"{date_format(value, 'D')}, {month_day(value)}"


def day_in_words(value: date, *, weekday: bool, year: bool) -> str:
    """A date with what is asked of it, as the rules' sentences say it: a season's grid says hundreds."""
    return _day_in_words(value, weekday, year, get_language())


@lru_cache(maxsize=4096)
def _day_in_words(value: date, weekday: bool, year: bool, _language: str | None) -> str:
    said = date_format(value, get_format("DATE_FORMAT").replace("N", "F")) if year else month_day(value)
    return f"{date_format(value, 'D')}, {said}" if weekday else said


def brief_day(value: date) -> str:
    """A date for a narrow column, long months cut: `Mon, Aug 9`."""
    return _brief_day(value, get_language())


@lru_cache(maxsize=4096)
def _brief_day(value: date, _language: str | None) -> str:
    """A list says the same few days hundreds of times; kept by the language in which it is read."""
    month = date_format(value, "F")
    return spoken_day(value).replace(month, str(MONTHS_AP[value.month]).removesuffix("."))


def month_day(value: date) -> str:
    """A date without its weekday: `August 3`."""
    return date_format(value, "MONTH_DAY_FORMAT")


def clock_time(at: datetime, zone: str, *, seconds: bool = False, named: bool = True) -> str:
    """A moment's time of day on a zone's clock, with the zone unless it stands close by: `1:00 AM PDT`."""
    local = at.astimezone(ZoneInfo(zone))
    letters = f" {zone_abbreviation(local)}" if named else ""
    return time_format(local, _clock("i:s" if seconds else "i")) + letters


def _clock(minutes: str) -> str:
    """How a clock is read in the reader's language: `g:i A` in English, where Django's own would say `1 a.m.`."""
    said = get_format("TIME_FORMAT")
    return ("g:i A" if said == "P" else said).replace("i", minutes)


def clock_hour(hour: int) -> str:
    """An hour of the day: `1:00 AM`."""
    return time_format(time(hour), _clock("i"))


def full_hour(at: time | datetime) -> str:
    """A full hour for a narrow scale: `1 AM`."""
    return time_format(at, "g A" if get_format("TIME_FORMAT") == "P" else _clock("i"))


def moment(at: datetime, zone: str) -> str:
    """A moment in full on a zone's clock: `Tue, July 27, 2027, 4:12 PM PDT`. `at` is aware."""
    return f"{day(at.astimezone(ZoneInfo(zone)))}, {clock_time(at, zone)}"


def stamp(at: datetime | None, zone: str) -> str:
    """A moment as a spreadsheet sorts it, in every language: `2027-07-27 16:12 PDT`. Nothing for None."""
    local = at.astimezone(ZoneInfo(zone)) if at else None
    return f"{local:%Y-%m-%d %H:%M} {zone_abbreviation(local)}" if local else ""


def zone_abbreviation(local: datetime) -> str:
    """The letters of the moment's zone, `PDT`; `UTC+5:30` where the zone has none."""
    name = local.tzname() or "UTC"
    if name[0] not in "+-":
        return name
    return f"UTC{name[:3]}:{name[3:]}" if len(name) > 3 else f"UTC{name}"


def zone_name(zone: str) -> str:
    """An IANA zone as people call it: `Pacific`; its city where we know no better name."""
    return gettext(_NAMES[zone]) if zone in _NAMES else zone.rsplit("/", 1)[-1].replace("_", " ")
