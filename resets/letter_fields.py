"""The fields of a letter: what may stand in braces in its text, and what each becomes for one district."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from string import Formatter
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.models import District
from districts.moments import clock_time, zone_name
from resets import letter_dates, policy
from resets.calendars import calendar_of
from resets.models import Hold, Reset, Season, Status
from resets.policy import spoken

UNKNOWN_DAY = "a day we do not know yet"


class Unknown(ValueError):
    """A field that no letter has, or braces that are none; the message names it and what there is."""


class Facts(NamedTuple):
    """What fields are filled from. `reset` is None for a district without a date."""

    district: District
    season: Season
    reset: Reset | None
    csm: Any
    at: datetime


class Field(NamedTuple):
    says: Any
    value: Callable[[Facts], str]


def _day(day: date | None) -> str:
    return spoken(day) if day else UNKNOWN_DAY


def _calendar(facts: Facts) -> policy.Calendar:
    return calendar_of(facts.district, facts.season.school_year)


def _best(facts: Facts) -> date | None:
    return policy.advise(policy=facts.season.rules, calendar=_calendar(facts), now=facts.at).recommended


def _default(facts: Facts) -> str:
    """Its own, where a season has several; one that it has stays its default whatever is known of it later."""
    if facts.reset and facts.reset.is_default:
        return spoken(facts.reset.date)
    return spoken(policy.assigned_default(facts.season.rules, _calendar(facts)))


def _sessions(facts: Facts) -> str:
    calendar = _calendar(facts)
    return UNKNOWN_DAY if calendar.sessions_unknown else spoken(max(end for _, end in calendar.session_ends))


def _address(facts: Facts, place: str = "") -> str:
    return f"{settings.BASE_URL}/districts/{facts.district.site_code}/{place}"


def _certificate(facts: Facts) -> str:
    return f"{settings.BASE_URL}/resets/{facts.reset.pk}/certificate/" if facts.reset else _address(facts)


def _rostering(facts: Facts) -> str:
    return _day(_calendar(facts).rostering_starts)


def _state(facts: Facts) -> str:
    """What becomes of a reset as things are, in a sentence; nothing where there is none, or it is completed."""
    if facts.reset is None or facts.reset.status == Status.COMPLETED:
        return ""
    if Hold.objects.filter(district=facts.district, ended_at=None).exists():
        return gettext("While the records hold is open, no student data is deleted and no reset runs.")
    if facts.reset.status == Status.SCHEDULED:
        return gettext("The reset is on {day}.").format(day=spoken(facts.reset.date))
    if facts.reset.is_editable:
        return gettext("The reset waits until its date is chosen again.")
    return gettext("The reset has begun.")


def _hour(facts: Facts) -> str:
    zone = facts.district.zone
    return clock_time(facts.reset.due_from, zone) if facts.reset else zone_name(zone)


def _waits_for_rostering(facts: Facts) -> bool:
    return facts.season.rules.resumes_on == "rostering_complete"


def _pause_ends(facts: Facts) -> str:
    return (
        gettext("your rostering for the new year is complete")
        if _waits_for_rostering(facts)
        else gettext("the reset is completed")
    )


def _syncs(facts: Facts) -> str:
    if facts.district.gate.resumed_at or not _waits_for_rostering(facts):
        return gettext("Roster syncs are on again: the first one reads a full roster, and students get new accounts.")
    return gettext(
        "Roster syncs stay paused until your rostering for the new year is complete. When your "
        "student information system holds the new school year, say that your data is ready: "
        "{facts}"
    ).format(facts=_address(facts))


_ALL: Mapping[str, Field] = {
    "district": Field(_("The district’s name"), lambda facts: facts.district.name),
    "site_code": Field(_("Its site code"), lambda facts: facts.district.site_code),
    "schools": Field(_("How many schools it has"), lambda facts: f"{facts.district.counts.schools:,}"),
    "students": Field(_("How many students it has"), lambda facts: f"{facts.district.counts.students:,}"),
    "school_year": Field(_("The school year that ends"), lambda facts: facts.season.school_year),
    "reset_date": Field(_("The day of its reset"), lambda facts: _day(facts.reset.date if facts.reset else None)),
    "reset_hour": Field(_("The hour of its reset, with the zone"), _hour),
    "reset_state": Field(_("Where its reset stands: its day, or why it waits"), _state),
    "default_date": Field(_("Its default day in the season"), _default),
    "recommended_date": Field(_("The day that the date adviser recommends"), lambda facts: _day(_best(facts))),
    "recommendation": Field(
        _("That day in a sentence, which asks for dates that are missing"),
        lambda facts: letter_dates.recommendation(_calendar(facts), _best(facts)),
    ),
    "known_dates": Field(
        _("What is known of its sessions and rostering in a sentence, which asks for dates that are missing"),
        lambda facts: letter_dates.known(_calendar(facts)),
    ),
    "session_ends": Field(_("The last day of its sessions"), _sessions),
    "rostering_starts": Field(_("The day on which its rostering starts"), _rostering),
    "pause_ends": Field(_("What ends the pause of its syncs, by the season’s rules"), _pause_ends),
    "syncs": Field(_("What becomes of its syncs after the reset, by the season’s rules"), _syncs),
    "csm": Field(_("The CSM’s name"), lambda facts: str(facts.csm or "Your Customer Success team")),
    "csm_email": Field(_("The CSM’s email address"), lambda facts: getattr(facts.csm, "email", "")),
    "csm_phone": Field(_("The CSM’s phone number"), lambda facts: getattr(facts.csm, "phone", "")),
    "page": Field(_("The address of the district’s page"), _address),
    "exports": Field(_("The address of its Student Data Export"), lambda facts: _address(facts, "exports/")),
    "certificate": Field(_("The address of its certificate"), _certificate),
}
FIELDS: Mapping[str, Any] = {name: field.says for name, field in _ALL.items()}


def check(text: str) -> set[str]:
    """The fields that a text names. Raises Unknown for one that there is not, or for a brace that stands alone."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise Unknown(
            gettext("A brace stands alone. Fields look like {{district}}. {known}").format(known=_known())
        ) from None
    named = {name for _, name, _, _ in parts if name is not None}
    plain = all(not (form or conversion) for _, name, form, conversion in parts if name is not None)
    for name in sorted(named):
        if name not in _ALL or not plain:
            raise Unknown(gettext("There is no field {{{name}}}. {known}").format(name=name, known=_known()))
    return named


def fill(text: str, *, district: District, season: Season, reset: Reset | None, csm: Any, at: datetime) -> str:
    """A text with its fields as they are for one district now. Raises Unknown."""
    facts = Facts(district, season, reset, csm, at)
    return text.format_map({name: _ALL[name].value(facts) for name in check(text)})


def in_short(text: str, reset: Reset | None = None) -> str:
    """A subject for a list, where no field is read: what costs nothing is filled in, the others are an ellipsis."""
    if "{" not in text and "}" not in text:
        return text
    try:
        return "".join(words + (_at_once(name, reset) if name is not None else "") for words, name in _parts(text))
    except ValueError:  # filled in already, with a brace in it
        return text


@lru_cache(maxsize=256)
def _parts(text: str) -> tuple[tuple[str, str | None], ...]:
    """Words and the field after them. Raises ValueError for a brace that stands alone."""
    return tuple((words, name) for words, name, _form, _conversion in Formatter().parse(text))


def _at_once(name: str, reset: Reset | None) -> str:
    if reset is None or name not in ("district", "school_year", "reset_date"):
        return "…"
    if name == "reset_date":
        return spoken(reset.date)
    return reset.district.name if name == "district" else reset.season.school_year


def _known() -> str:
    return gettext("Fields are: ") + ", ".join(f"{{{name}}}" for name in _ALL) + "."
