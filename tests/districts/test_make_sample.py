"""`manage.py make_sample`: files that take the same way in as real ones, the same for the same seed."""

import gzip
import hashlib
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
from django.core.management import CommandError, call_command

from districts.activity.importing import import_activity
from districts.models import Pathway, PathwayAssignment, Student
from districts.roster import archive, oneroster, years
from districts.roster.problems import Warnings
from districts.roster.records import Roster
from districts.rostering import import_roster
from districts.sample.places import CAST, moved, places
from districts.services import create_district
from resetportal import clock


def make(folder: Path, *options: str) -> Path:
    call_command("make_sample", str(folder), "--districts", "2", "--students", "250", "--seed", "7", *options)
    return folder


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("sample"))


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def roster(path: Path) -> Roster:
    warnings = Warnings()
    with archive.opened(path, warnings) as source:
        return oneroster.read(source, warnings)


def events(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path) as file:
        return [json.loads(line) for line in file]


def test_a_district_is_a_folder(sample: Path) -> None:
    assert [name for name in digests(sample) if name.startswith("0620810/")] == [
        "0620810/activity.ndjson.gz",
        "0620810/district.json",
        "0620810/rosters/2027-04-05.zip",
        "0620810/rosters/2027-08-09.zip",
    ]


def test_the_same_seed_makes_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    assert digests(make(tmp_path)) == digests(sample)


def test_another_seed_makes_other_people(sample: Path, tmp_path: Path) -> None:
    call_command("make_sample", str(tmp_path), "--districts", "2", "--students", "250", "--seed", "8")
    assert digests(tmp_path)["0620810/rosters/2027-04-05.zip"] != digests(sample)["0620810/rosters/2027-04-05.zip"]


def test_the_students_of_all_districts_add_up(sample: Path) -> None:
    assert sum(len(roster(path).students) for path in sample.glob("*/rosters/2027-04-05.zip")) == 250


def test_both_school_years_are_told(sample: Path) -> None:
    now, following = (
        years.told(roster(sample / "0620810" / "rosters" / f"{day}.zip").sessions).name
        for day in ("2027-04-05", "2027-08-09")
    )
    assert (now, following) == ("2026-27", "2027-28")


def test_next_year_some_return_under_their_ids_a_grade_up_some_leave_and_some_are_new(sample: Path) -> None:
    now, following = (
        {student.sourced_id: student.grade for student in roster(path).students}
        for path in sorted((sample / "4812730" / "rosters").iterdir())
    )
    grades = ("PK", "K", *map(str, range(1, 13)))
    returning = now.keys() & following.keys()
    assert len(returning) > len(now) / 2
    assert all(grades.index(following[key]) == grades.index(now[key]) + 1 for key in returning)
    assert now.keys() - following.keys() >= {key for key, grade in now.items() if grade == "12"}
    assert following.keys() - now.keys()


def test_some_students_have_no_school_and_names_are_of_many_scripts(tmp_path: Path) -> None:
    call_command("make_sample", str(tmp_path), "--districts", "1", "--students", "800")
    students = roster(tmp_path / "0620810" / "rosters" / "2027-04-05.zip").students
    names = " ".join(f"{student.first_name} {student.last_name}" for student in students)
    assert [name for name in ("O'Brien", "Nguyễn", "李", "محمد", "🌻", "<b>") if name not in names] == []
    assert any(not student.school for student in students)
    assert all(student.sourced_id.startswith("0") for student in students)


def test_the_first_districts_are_the_demos(sample: Path) -> None:
    lakeside = json.loads((sample / "0620810" / "district.json").read_text())
    assert (lakeside["name"], lakeside["zone"]) == ("Lakeside Unified", "America/Los_Angeles")
    assert lakeside["school_year"]["summer_ends_on"] == "2027-07-30"
    assert lakeside["school_year"]["rostering_starts_on"] == "2027-08-09"


def test_zones_go_from_guam_to_pago_pago() -> None:
    zones = {place.zone for place in places(12, seed=1)}
    assert (
        {"Pacific/Guam", "Pacific/Pago_Pago", "America/Phoenix", "America/New_York"} <= zones <= available_timezones()
    )


def test_generated_districts_are_all_different() -> None:
    listed = list(places(300, seed=1))
    assert len({place.site_code for place in listed}) == len({place.name for place in listed}) == 300


def test_dates_move_with_the_year_and_keep_their_weekday() -> None:
    for place in CAST:
        there = moved(place.ends, 2031)
        assert (there.year, there.weekday()) == (2031, place.ends.weekday())
        assert abs((there - place.ends.replace(year=2031)).days) <= 3


def test_another_school_year_is_made_on_request(tmp_path: Path) -> None:
    folder = make(tmp_path, "--school-year", "2029-30") / "0620810"
    assert years.told(roster(folder / "rosters" / "2030-04-05.zip").sessions).name == "2029-30"
    assert json.loads((folder / "district.json").read_text())["school_year"]["name"] == "2029-30"


@pytest.mark.parametrize("options", [("--school-year", "2026-28"), ("--until", "2027-09-01"), ("--students", "0")])
def test_it_refuses_what_makes_no_sense(options: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        make(tmp_path, *options)


def test_activity_ends_on_the_day_that_was_asked_for(tmp_path: Path) -> None:
    lines = events(make(tmp_path, "--until", "2026-09-30") / "0620810" / "activity.ndjson.gz")
    assert max(line["happened"][:10] for line in lines) <= date(2026, 10, 1).isoformat()


def test_some_of_the_staff_have_an_old_account_and_some_never_sign_in(sample: Path) -> None:
    folder = sample / "0620810"
    staff = {one.sourced_id for one in roster(folder / "rosters" / "2027-04-05.zip").educators}
    came = {line["educator"] for line in events(folder / "activity.ndjson.gz") if line["kind"] == "educator_sign_in"}
    assert came < staff
    old = {key for key in staff if key.endswith("-old")}
    assert old
    assert not old & came


def test_it_takes_the_real_way_in(db: None, sample: Path) -> None:
    folder = sample / "0620810"
    district = create_district(name="Sample Unified", site_code="0699990", zone="America/Los_Angeles")
    path = folder / "rosters" / "2027-04-05.zip"
    done = import_roster(district=district, path=path, by="Ellis Park", at=clock.now())
    taken = import_activity(district=district, path=folder / "activity.ndjson.gz")
    assert (done.sync.outcome, taken.strangers, taken.closed) == ("applied", [], [])
    kinds = Counter(line["kind"] for line in events(folder / "activity.ndjson.gz"))
    assert 0 < taken.new.pop("facts_progress") <= kinds.pop("facts_progress")  # the newest answer to a fact wins
    signing_in = taken.new.pop("educator_sign_in")
    assert 0 < signing_in < kinds.pop("educator_sign_in")  # an educator has one last sign-in
    assert taken.new == kinds
    several = {row["student_id"] for row in PathwayAssignment.objects.of(district).values("student_id")}
    assert PathwayAssignment.objects.of(district).count() > len(several)
    assert Pathway.objects.filter(district=district, code__startswith="custom:").exists()
    assert Student.objects.of(district).filter(school=None).count() < 5
