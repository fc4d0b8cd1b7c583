"""The demo's season: sample districts through the real importers, people to sign in as, and an opened season.

Every step may be done again, so that a seeding that was cut short is taken up where it ended.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command

from districts import nights, services
from districts.activity.importing import import_activity
from districts.models import District, RosterSource
from districts.rostering import import_roster
from resetportal import clock, demo_exports, demo_rosters
from resetportal.demo_people import PASSWORD, PEOPLE, Person
from resetportal.models import User
from resets import opening, seasons
from resets.models import Season

BEGINS = datetime(2027, 6, 7, 16, 0, tzinfo=UTC)  # Monday, June 7, 2027, 9 AM Pacific: most schools are about to end
LEAD = "Maya Lindqvist"
BY = "make demo"


class SeedingFailed(RuntimeError):
    """The sample did not go in; the message says which and why."""


def seed(folder: Path, *, districts: int, students: int, opens: bool = True) -> Iterator[str]:
    """Seed the season from sample files in `folder`, made there if missing; yields what was done, in sentences.

    `opens`: False leaves the opening to a lead.
    """
    if opening.season_now():
        yield "There already."
        return
    clock.move_to(BEGINS)
    for person in PEOPLE:
        _add_person(person)
    _make_files(folder, districts, students)
    for place in sorted(folder.glob("*/district.json")):
        yield _add_district(place.parent)
        yield from _nights(place.parent)
    for person in PEOPLE:
        _add_person(person)
    if not opens:
        yield "No season is open yet."
        return
    season = _open_season()
    yield f"The season of {season.school_year} is open: {season.resets.count()} districts have their default date."
    yield from demo_exports.shown(season, begins=BEGINS)


def _add_person(person: Person) -> None:
    """Makes the account, or leaves it; a district admin has to wait for the district."""
    district = District.objects.filter(name=person.district).first()
    if (person.district and not district) or User.objects.filter(email=person.email).exists():
        return
    is_engineer = person.role == "engineer"
    User.objects.create_user(
        person.email,
        PASSWORD,
        name=person.name,
        role=person.role,
        district=district,
        is_staff=is_engineer,
        is_superuser=is_engineer,
    )


def _make_files(folder: Path, districts: int, students: int) -> None:
    if folder.exists():
        return
    unfinished = folder.with_name(f"{folder.name}-unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    call_command("make_sample", str(unfinished), districts=districts, students=students, verbosity=0, stdout=_Silence())
    unfinished.rename(folder)


class _Silence:
    def write(self, text: str) -> None:
        """Keeps nothing."""


def _add_district(folder: Path) -> str:
    data: dict[str, Any] = json.loads((folder / "district.json").read_text())
    district = District.objects.filter(site_code=data["site_code"]).first() or _create(data)
    year = {name: value for name, value in data["school_year"].items() if name != "name"}
    services.set_dates(district=district, school_year=data["school_year"]["name"], dates=_days(year))
    RosterSource.objects.filter(district=district).update(
        kind=RosterSource.Kind.FOLDER, folder=str(folder / "rosters"), sync_hour=data["sync_hour"]
    )
    nights.schedule(RosterSource.objects.select_related("district").get(district=district), at=BEGINS)
    _import(district, folder)
    return f"{district}: {district.schools.count()} schools, {_students(district):,} students"


def _nights(folder: Path) -> Iterator[str]:
    data: dict[str, Any] = json.loads((folder / "district.json").read_text())
    district = District.objects.get(site_code=data["site_code"])
    return demo_rosters.nights(district, min((folder / "rosters").glob("*.zip")), begins=BEGINS)


def _create(data: dict[str, Any]) -> District:
    names = ("name", "site_code", "zone", "uses_imagine_math", "uses_math_facts")
    csm = User.objects.filter(email=data["csm"]).first()
    return services.create_district(csm=csm, **{name: data[name] for name in names})


def _days(year: dict[str, Any]) -> dict[str, Any]:
    """Dates as dates; what is not one stays."""
    return {
        name: datetime.fromisoformat(value).date() if isinstance(value, str) else value for name, value in year.items()
    }


def _import(district: District, folder: Path) -> None:
    """The roster of this school year, then its activity; the next year's roster arrives in its own time."""
    roster = min((folder / "rosters").glob("*.zip"))
    clock.move_to(BEGINS - timedelta(days=4))
    done = import_roster(district=district, path=roster, by=BY, at=clock.now())
    if not done.is_done:
        raise SeedingFailed(f"{district}: {done.sync.message}")
    import_activity(district=district, path=folder / "activity.ndjson.gz")
    clock.move_to(BEGINS)


def _students(district: District) -> int:
    district.refresh_from_db()
    return int(district.counts.students)


def _open_season() -> Season:
    policy = seasons.starting_policy(BEGINS.year)
    lead = User.objects.get(name=LEAD)
    season = opening.draft_season(policy=policy, by=lead, at=clock.now(), source="the rules of 2023")
    opening.open_season(season=season, by=lead, at=clock.now())
    return season
