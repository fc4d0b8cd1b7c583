"""The whole sample: a folder a district, written one after the other."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path

from districts.roster.years import ending_of, name_of
from districts.sample.activity import SampleActivity
from districts.sample.children import a_year_later, children, schools
from districts.sample.places import Place, chance, next_roster_day, places, to_data
from districts.sample.rosters import SampleRoster

FEWEST = 5  # students of a district
A_SCHOOL = 25  # students, about


def make(*, folder: Path, districts: int, students: int, seed: int, school_year: str, until: date) -> Iterator[str]:
    """Writes `districts` districts with `students` students in all, and names each when it is there.

    `school_year` such as "2026-27" is the one that ends; activity goes from its August to `until`.
    """
    listed = list(places(districts, seed))
    for place, count in zip(listed, _shares(students, [place.size for place in listed]), strict=True):
        _make_district(folder / place.site_code, place, count, seed, school_year, until)
        yield f"{place.name}: {count:,} students"


def _shares(students: int, sizes: list[int]) -> list[int]:
    """The students in parts like `sizes`: they add up, unless a part would be too small to be a district."""
    upto = [round(students * passed / sum(sizes)) for passed in accumulate(sizes)]
    return [max(FEWEST, end - start) for start, end in pairwise([0, *upto])]


def _make_district(folder: Path, place: Place, count: int, seed: int, school_year: str, until: date) -> None:
    rng = chance(seed, place.site_code)
    ending = ending_of(school_year)
    (folder / "rosters").mkdir(parents=True, exist_ok=True)
    data = json.dumps(to_data(place, school_year), indent=2, ensure_ascii=False)
    (folder / "district.json").write_text(data + "\n", encoding="utf-8")
    buildings = schools(place.site_code, min(place.schools, max(2, count // A_SCHOOL)), rng)
    now = children(count, rng)
    years = ((date(ending, 4, 5), now), (next_roster_day(place, ending), a_year_later(now, rng)))
    staff: list[str] = []
    for number, (day, pupils) in enumerate(years):
        roster = SampleRoster(place.site_code, place.name, name_of(ending + number), seed)
        roster.fill(buildings, pupils)
        roster.write(folder / "rosters" / f"{day.isoformat()}.zip")
        staff = staff or roster.staff
    SampleActivity(place, date(ending - 1, 8, 16), until, seed).write(folder / "activity.ndjson.gz", now, staff)
