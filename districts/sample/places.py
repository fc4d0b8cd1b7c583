"""The sample's districts: the demo's cast first, then as many as are asked for, from Guam to Pago Pago."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from districts.roster.years import ending_of, name_of
from districts.sample.words import PLACES

WRITTEN_FOR = 2027  # the dates of the cast are those of this year, and move with the school year


class Place(NamedTuple):
    """A district of the sample. Days are written for 2027; None is not known. `size` is relative."""

    name: str
    site_code: str
    zone: str
    schools: int
    size: int
    csm: str
    ends: date
    summer_ends: date | None
    rostering_starts: date | None
    uses_math_facts: bool


def _cast(*fields: Any) -> Place:
    return Place(*fields)


CARMEN, OMAR = "carmen@vendor.example", "omar@vendor.example"
CENTRAL, EASTERN, PACIFIC = "America/Chicago", "America/New_York", "America/Los_Angeles"
JULY, AUGUST = 7, 8


def _in(month: int, day: int) -> date:
    return date(WRITTEN_FOR, month, day)


CAST = (
    _cast("Lakeside Unified", "0620810", PACIFIC, 14, 9412, CARMEN, _in(6, 11), _in(7, 30), _in(8, 9), True),
    _cast("Cedar Valley ISD", "4812730", CENTRAL, 22, 15086, CARMEN, _in(6, 3), None, _in(7, 28), True),
    _cast("Prairie Hills Schools", "1922140", CENTRAL, 6, 2118, CARMEN, _in(6, 4), None, _in(7, 26), False),
    _cast("Desert Sage Unified", "0412200", "America/Phoenix", 9, 6230, CARMEN, _in(7, 29), None, _in(8, 16), True),
    _cast("Silver Creek ISD", "4839700", CENTRAL, 19, 13541, CARMEN, _in(6, 11), None, _in(8, 9), True),
    _cast("Bluewater Public Schools", "2611460", "America/Detroit", 5, 1940, CARMEN, _in(6, 11), None, None, False),
    _cast("Juniper Flats 7", "3204560", PACIFIC, 3, 812, CARMEN, _in(5, 28), None, _in(8, 12), False),
    _cast("Harbor Point Schools", "2308840", EASTERN, 12, 4906, CARMEN, _in(6, 18), None, _in(8, 2), True),
    _cast("Maple Ridge Community", "5518690", CENTRAL, 8, 3377, OMAR, _in(6, 9), None, _in(8, 10), True),
    _cast("Stonebridge Union", "0638220", PACIFIC, 17, 11208, OMAR, _in(6, 10), _in(7, 23), _in(8, 5), True),
    _cast("Latte Stone Schools", "6600040", "Pacific/Guam", 4, 2450, OMAR, _in(6, 4), None, _in(8, 4), False),
    _cast("Tutuila Schools", "6000030", "Pacific/Pago_Pago", 3, 1130, OMAR, _in(6, 11), None, _in(8, 6), False),
    _cast("Northgate Community", "2720310", CENTRAL, 7, 2660, OMAR, _in(6, 8), _in(8, 6), _in(8, 16), True),
)
ZONES = (
    *("America/Adak", "Pacific/Honolulu", "America/Anchorage", "America/Denver", "America/Puerto_Rico", EASTERN),
    *(CENTRAL, "America/Boise", PACIFIC, "America/Indiana/Indianapolis", "America/Phoenix", EASTERN, CENTRAL),
)
KINDS = ("Unified", "ISD", "Public Schools", "Community", "Union", "Schools")


def chance(*key: object) -> random.Random:
    """A source of choices that are the same for the same key, whatever else was chosen before."""
    return random.Random(":".join(map(str, key)))  # noqa: S311 (a sample is not a secret)


def places(count: int, seed: int) -> Iterator[Place]:
    """The first `count` districts; the cast is the same for every seed."""
    yield from CAST[:count]
    for number in range(max(0, count - len(CAST))):
        yield _generated(number, chance(seed, number))


def _generated(number: int, rng: random.Random) -> Place:
    place = PLACES[number % len(PLACES)]
    again = f" {number // len(PLACES) + 1}" if number >= len(PLACES) else ""
    return Place(
        name=f"{place} {KINDS[number % len(KINDS)]}{again}",
        site_code=f"{9_000_010 + number * 10:07}",
        zone=ZONES[number % len(ZONES)],
        schools=rng.randint(2, 12),
        size=rng.randint(500, 6000),
        csm=(CARMEN, OMAR)[number % 2],
        ends=_in(5, 24) + timedelta(days=rng.randrange(26)),
        summer_ends=_in(JULY, rng.randint(2, 30)) if rng.random() < 0.25 else None,
        rostering_starts=_in(AUGUST, rng.randint(1, 20)) if rng.random() < 0.9 else None,
        uses_math_facts=rng.random() < 0.5,
    )


def moved(day: date, ending: int) -> date:
    """A day of 2027 in the year `ending`: the nearest with the same weekday, so that schools end on a workday."""
    there = date(ending, day.month, day.day)
    return there + timedelta(days=(day.weekday() - there.weekday() + 3) % 7 - 3)


def next_roster_day(place: Place, ending: int) -> date:
    """The day on which the roster of the next school year arrives: the one on which rostering starts."""
    return moved(place.rostering_starts or _in(AUGUST, 9), ending)


def to_data(place: Place, school_year: str) -> dict[str, Any]:
    """What district.json holds: all that is needed to make the district, dates as YYYY-MM-DD or null."""
    ending = ending_of(school_year)
    starts = moved(place.rostering_starts, ending) if place.rostering_starts else None
    summer = moved(place.summer_ends, ending) if place.summer_ends else None
    return {
        "name": place.name,
        "site_code": place.site_code,
        "zone": place.zone,
        "uses_imagine_math": True,
        "uses_math_facts": place.uses_math_facts,
        "csm": place.csm,
        "sync_hour": 2,
        "school_year": {
            "name": name_of(ending),
            "ends_on": moved(place.ends, ending).isoformat(),
            "has_summer_session": summer is not None,
            "summer_ends_on": summer.isoformat() if summer else None,
            "rostering_starts_on": starts.isoformat() if starts else None,
            "first_day_on": (starts + timedelta(days=9)).isoformat() if starts else None,
        },
    }
