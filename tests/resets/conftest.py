"""A season of 2026-27, opened in June 2027, and Lakeside's reset in it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from resets import opening, seasons
from resets.models import Reset, Season
from tests.people import Cast

JUNE_1 = datetime(2027, 6, 1, 16, tzinfo=UTC)
RESET_NIGHT = datetime(2027, 7, 28, 8, 5, tzinfo=UTC)  # 1:05 AM in Los Angeles, 4:05 AM in New York


@pytest.fixture(autouse=True)
def ledger(settings: Settings, tmp_path: Path) -> Path:
    """A ledger of this test's own."""
    settings.LEDGER_PATH = tmp_path / "ledger.jsonl"
    return tmp_path / "ledger.jsonl"


@pytest.fixture
def june() -> Iterator[time_machine.Traveller]:
    """It is June 1, 2027."""
    with time_machine.travel(JUNE_1, tick=False) as traveller:
        yield traveller


@pytest.fixture
def season(cast: Cast, june: time_machine.Traveller) -> Season:
    """The season of 2026-27 with the article's rules, open."""
    season = Season.objects.create(school_year="2026-27", policy=seasons.starting_policy(2027).to_data())
    opening.open_season(season=season, by=cast.maya, at=JUNE_1)
    return Season.objects.get(pk=season.pk)


@pytest.fixture
def reset(season: Season, cast: Cast) -> Reset:
    """Lakeside's reset, on the default."""
    return Reset.objects.select_related("season", "district__gate").get(district=cast.lakeside)


@pytest.fixture
def night(june: time_machine.Traveller, reset: Reset) -> time_machine.Traveller:
    """It is the night of July 28 in Los Angeles, and Lakeside's reset is due."""
    june.move_to(RESET_NIGHT)
    return june
