"""The first roster after a reset: held against the year before, which is there as numbers only."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from districts import shards, year_counts
from districts.models import District, Gate, RosterSync
from districts.roster.grades import GRADES
from districts.roster.new_year import Cell, Standing, has_not_moved_up, look
from districts.rostering import import_roster
from districts.sample.children import Child, a_year_later, children, school_of, schools
from districts.sample.making import make
from districts.sample.places import chance
from districts.services import create_district

SCHOOLS = {1: "North Elementary", 2: "South High"}
LAST: dict[Cell, int] = {(1, "3"): 41, (1, "4"): 55, (1, "5"): 48, (2, "9"): 90, (2, "10"): 71, (2, "11"): 64}
UP: dict[Cell, int] = {(1, "3"): 52, (1, "4"): 40, (1, "5"): 56, (2, "9"): 85, (2, "10"): 91, (2, "11"): 69}


def said(now: dict[Cell, int], **fields: int) -> list[str]:
    return list(look(Standing(LAST, now, SCHOOLS, **fields), "2026-27"))


def test_students_who_moved_up_are_a_go() -> None:
    assert said(UP, classrooms=20, without_teacher=2) == []


def test_the_same_numbers_by_grade_have_not_been_rolled_over() -> None:
    assert [each[:44] for each in said(dict(LAST))] == ["The numbers by grade and school are still th"]


def test_a_few_that_came_and_went_do_not_hide_it() -> None:
    assert has_not_moved_up(LAST, {cell: number + (-1) ** number for cell, number in LAST.items()})


def test_seniors_who_left_already_do_not_hide_it() -> None:
    assert has_not_moved_up(LAST, {cell: number for cell, number in LAST.items() if cell != (2, "11")})


@pytest.mark.parametrize("students", [60, 400, 3000])
@pytest.mark.parametrize("seed", range(20))
def test_districts_of_any_size_that_moved_up_are_a_go_and_those_that_did_not_are_not(students: int, seed: int) -> None:
    rng = chance(students, seed)
    buildings = schools("1", max(2, students // 100), rng)
    names = {number: each.name for number, each in enumerate(buildings)}

    def cells(pupils: list[Child]) -> Counter[Cell]:
        at = [(school_of(each, buildings), GRADES[each.grade]) for each in pupils]
        return Counter((buildings.index(school) if school else None, grade) for school, grade in at)

    old = children(students, rng)
    then, now = cells(old), cells(a_year_later(old, rng))
    still = cells([each for each in old if rng.random() > 0.03])
    assert list(look(Standing(then, now, names), "2026-27")) == []
    assert has_not_moved_up(then, still)


def test_cohorts_that_are_alike_say_nothing() -> None:
    alike: dict[Cell, int] = {(1, grade): 50 for grade in ("3", "4", "5")}
    assert not has_not_moved_up(alike, alike)


@pytest.mark.parametrize(("share", "is_look"), [(0.61, False), (0.6, True), (0.1, True)])
def test_students_down_by_two_fifths_are_looked_at(share: float, is_look: bool) -> None:
    then: dict[Cell, int] = {(1, "4"): 1000}
    found = list(look(Standing(then, {(1, "5"): int(1000 * share)}, SCHOOLS), "2026-27"))
    assert any("Students are down" in each for each in found) is is_look


def test_a_school_without_anybody_is_named() -> None:
    found = said({cell: number for cell, number in UP.items() if cell[0] == 1})
    assert "South High has nobody; 2026-27 had 225 students there." in found


def test_classes_without_teachers_are_counted() -> None:
    assert said(UP, classrooms=20, without_teacher=3) == ["3 of 20 classes have no teacher."]


@pytest.fixture
def sample(db: None, tmp_path: Path) -> Path:
    list(make(folder=tmp_path, districts=1, students=400, seed=3, school_year="2026-27", until=date(2026, 8, 20)))
    return next(path for path in tmp_path.iterdir() if path.is_dir())


@pytest.fixture
def district(sample: Path) -> District:
    """A district of the sample, as its reset of 2026-27 has left it."""
    district = create_district(name="Fresh Unified", site_code="0699990")
    assert imported(district, sample, 0).outcome == "applied"
    year_counts.keep(district.pk, "2026-27")
    shards.destroy(district.pk)
    at = datetime(2027, 7, 28, 8, tzinfo=UTC)
    Gate.objects.filter(pk=district.pk).update(
        resets=1, closed_year="2026-27", last_reset_at=at, last_reset_by="the nightly run"
    )
    return district


def imported(district: District, sample: Path, year: int) -> RosterSync:
    path = sorted((sample / "rosters").iterdir())[year]
    at = datetime(2027, 8, 20, tzinfo=UTC)
    return import_roster(district=district, path=path, by="the nightly roster sync", at=at).sync


def test_the_samples_next_year_is_a_go(district: District, sample: Path) -> None:
    sync = imported(district, sample, 1)
    assert (sync.outcome, sync.concerns) == ("applied", [])


def test_a_year_that_only_its_name_has_moved_up_is_looked_at(
    district: District, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("districts.rostering.years.behind", lambda *_: None)
    sync = imported(district, sample, 0)
    assert sync.outcome == "on_hold"
    assert "has not been rolled over" in sync.message


def test_counts_are_kept_once(district: District) -> None:
    before = set(district.year_counts.values_list("school", "grade_level", "students"))
    assert before
    assert sum(number for _, _, number in before) == 400
    year_counts.keep(district.pk, "2026-27")
    assert not district.year_counts.exists()
