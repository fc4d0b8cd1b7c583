"""The demo shows how proofs stand: proven, left where it is, worked on since, left to the run."""

import pytest
from pytest_django import Settings

from districts.models import District
from exports import proof
from exports.models import ExportFile
from resetportal import clock, demo_exports
from resetportal.demo_season import BEGINS
from resets import opening, seasons
from resets.models import Season
from tests.people import Cast


@pytest.fixture
def season(cast: Cast, settings: Settings) -> Season:
    """A season that opens as the demo begins."""
    settings.DEMO = True
    clock.move_to(BEGINS)
    season = Season.objects.create(school_year="2026-27", policy=seasons.starting_policy(2027).to_data())
    opening.open_season(season=season, by=cast.maya, at=BEGINS)
    return season


def shown(season: Season, district: District, name: str) -> tuple[set[str], list[str]]:
    """Words of the proofs of a district that has one of the demo's names, and what was said of it."""
    District.objects.filter(pk=district.pk).update(name=name)
    said = list(demo_exports.shown(season, begins=BEGINS))
    reset = season.resets.get(district=district)
    found = proof.of(district, at=BEGINS, last_chosen=reset.last_export_chosen_at is not None)
    return {each.word for each in found}, said


@pytest.mark.parametrize(
    ("name", "word"),
    [
        (demo_exports.PROVEN, "Proven"),
        (demo_exports.LEFT, "Not downloaded"),
        (demo_exports.LAST, "Last export"),
    ],
)
def test_each_of_them_shows_another_state(season: Season, cast: Cast, name: str, word: str) -> None:
    words, said = shown(season, cast.lakeside, name)
    assert words == {word}
    assert all(line.startswith(f"{name}: ") for line in said)


def test_a_district_that_worked_on_has_an_export_of_the_week_before(season: Season, cast: Cast) -> None:
    shown(season, cast.lakeside, demo_exports.EARLY)
    assert {str(file.through) for file in ExportFile.objects.of(cast.lakeside)} == {"2027-05-30"}


def test_it_may_be_done_again(season: Season, cast: Cast) -> None:
    shown(season, cast.lakeside, demo_exports.PROVEN)
    assert shown(season, cast.lakeside, demo_exports.PROVEN) == ({"Proven"}, [])
    assert ExportFile.objects.of(cast.lakeside).count() == 2


def test_the_clock_stands_where_the_demo_begins(season: Season, cast: Cast) -> None:
    shown(season, cast.lakeside, demo_exports.EARLY)
    assert abs((clock.now() - BEGINS).total_seconds()) < 60
