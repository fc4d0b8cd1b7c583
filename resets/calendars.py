"""A district's dates in the form in which the rules read them."""

from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from districts.models import District, SchoolYear
from resetportal import clock
from resets.policy import Calendar, RecordsHold


def calendar_of(district: District, school_year: str) -> Calendar:
    """The dates of one school year; no query when `school_years`, `holds` and `gate` were fetched with it."""
    none = SchoolYear(name=school_year)
    year = next((y for y in district.school_years.all() if y.name == school_year), none)
    last = district.gate.last_reset_at
    return Calendar(
        zone=district.zone,
        run_hour=district.run_hour,
        school_year_ends=year.ends_on,
        has_summer_session=year.has_summer_session,
        summer_session_ends=year.summer_ends_on,
        rostering_starts=year.rostering_starts_on,
        last_reset_on=last and last.astimezone(ZoneInfo(district.zone)).date(),
        first_day=year.first_day_on,
        rostering=district.rostering,
        holds=tuple(_holds(district)),
    )


def _holds(district: District) -> Iterator[RecordsHold]:
    """Its records holds in its own days. An open one is read by the day on which it is to end: none ends by itself."""
    for held in district.holds.all():
        until = clock.local_date(district.zone, held.ended_at) if held.ended_at else held.ends_on
        yield RecordsHold(clock.local_date(district.zone, held.placed_at), until, held.ended_at is None)


def with_other_resets(calendar: Calendar, district: District, school_year: str) -> Calendar:
    """The same with the days of the vendor's other products, which only the adviser reads."""
    years = [year for year in district.school_years.all() if year.name == school_year]
    others = [(other.product, other.date) for year in years for other in year.other_resets.all()]
    return replace(calendar, other_resets=tuple(others))
