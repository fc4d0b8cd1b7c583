"""One door to every kind of source, and the folder of this server."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from districts.models import RosterSource
from districts.sources import fetching
from districts.sources.errors import SourceError
from districts.sources.fetched import Fetched
from tests.people import Cast

AT = datetime(2027, 4, 6, 9, 0, tzinfo=UTC)  # 2 AM in Los Angeles


@pytest.fixture
def source(cast: Cast, tmp_path: Path) -> RosterSource:
    source = RosterSource.objects.select_related("district").get(district=cast.lakeside)
    source.kind, source.folder = "folder", str(tmp_path)
    return source


def fetched(source: RosterSource, at: datetime = AT) -> Fetched:
    return fetching.fetch(source, Path("/nowhere"), at=at, full=True)


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_bytes(b"PK")


def test_it_takes_the_newest_roster_whose_day_has_come(source: RosterSource, tmp_path: Path) -> None:
    put(tmp_path, "2027-04-05.zip", "2027-04-06.zip", "2027-04-07.zip", "2027-04-31.zip", "x-2027-04-06.zip")
    put(tmp_path, "roster.zip", "2027-04-06.zip.part")
    got = fetched(source)
    assert (got.path, got.name) == (tmp_path / "2027-04-06.zip", "2027-04-06.zip")
    assert got.as_of == datetime(2027, 4, 6, 7, tzinfo=UTC)


def test_the_day_is_that_of_the_districts_zone(source: RosterSource, tmp_path: Path) -> None:
    put(tmp_path, "2027-04-05.zip", "2027-04-06.zip")
    assert fetched(source, datetime(2027, 4, 6, 6, 59, tzinfo=UTC)).name == "2027-04-05.zip"


def test_a_folder_without_a_roster_is_told(source: RosterSource) -> None:
    with pytest.raises(SourceError, match="No roster has come") as told:
        fetched(source)
    assert not told.value.can_retry


def test_a_folder_that_is_not_there_is_told(source: RosterSource) -> None:
    source.folder = "/nowhere"
    with pytest.raises(SourceError, match="folder /nowhere cannot be read"):
        fetched(source)


@pytest.mark.parametrize("verb", ["fetch", "look"])
def test_an_upload_is_not_fetched(source: RosterSource, verb: str, tmp_path: Path) -> None:
    source.kind = "upload"
    with pytest.raises(SourceError, match="come by upload"):
        fetched(source) if verb == "fetch" else fetching.look(source, at=AT)


def test_looking_says_what_lies_in_the_folder(source: RosterSource, tmp_path: Path) -> None:
    assert fetching.look(source, at=AT).endswith("It holds no YYYY-MM-DD.zip of today or earlier yet.")
    put(tmp_path, "2027-04-05.zip")
    assert fetching.look(source, at=AT).endswith("Its newest roster is 2027-04-05.zip.")
