"""Lakeside's folder with a roster, and its nights."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from districts import nightly, nights, shards
from districts.models import Educator, RosterSource
from districts.sources.errors import SourceError
from districts.sources.fetched import Fetched
from tests.districts.roster.files import RosterFiles
from tests.people import Cast

good = RosterFiles()
NIGHT = datetime(2027, 4, 6, 9, 0, tzinfo=UTC)  # 2 AM in Los Angeles
NEXT = datetime(2027, 4, 7, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Served = Callable[[datetime], list[str]]


@pytest.fixture(autouse=True)
def _shelf(settings: Settings, tmp_path: Path) -> None:
    settings.ROSTER_FILES = str(tmp_path / "shelf")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """It is a minute before Lakeside's night."""
    with time_machine.travel(NIGHT - MINUTE, tick=False) as clock:
        yield clock


@pytest.fixture
def source(cast: Cast, tmp_path: Path, clock: time_machine.Traveller) -> RosterSource:
    """Lakeside's folder with a roster of April 5, fetched at two."""
    good.zip(tmp_path / "2027-04-05.zip")
    for district in (cast.lakeside, cast.quarry):  # nobody to miss: else the first roster would be held
        shards.destroy(district.pk)
        Educator.objects.filter(district=district).delete()
    source = RosterSource.objects.select_related("district").get(district=cast.lakeside)
    source.kind, source.folder, source.sync_hour, source.sync_minute = "folder", str(tmp_path), 2, 0
    source.save()
    nights.schedule(source, at=NIGHT - MINUTE)
    return source


@pytest.fixture
def pass_to(clock: time_machine.Traveller) -> Callable[[datetime], list[str]]:
    """Moves the clock and has what is due served: the outcomes, or the reasons to wait."""

    def served(at: datetime) -> list[str]:
        clock.move_to(at)
        found = iter(lambda: nightly.sync_next(at=at), None)
        return [each.sync.outcome if each.sync else each.reason for each in found]

    return served


def down(source: RosterSource, folder: Path, *, at: datetime, full: bool) -> Fetched:
    raise SourceError("sftp.example does not answer.", can_retry=True)


def state(source: RosterSource) -> RosterSource:
    return RosterSource.objects.get(pk=source.pk)
