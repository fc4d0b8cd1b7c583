"""Changes from a OneRoster REST server: what came since the last time, or everything where that cannot be asked."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from districts.roster.records import Known
from districts.sources import rest
from districts.sources.errors import NothingNew
from districts.sources.fetched import Fetched
from tests.districts.sources.rest_servers import Records, read, records, serving, source, texts

AT = datetime(2027, 1, 10, 8, tzinfo=UTC)
SINCE = datetime(2027, 1, 9, 8, tzinfo=UTC)
LATER = "2027-01-09T20:00:00.000Z"
HELD = Known(frozenset({"north", "south"}), {"c1": "north", "c2": "south"}, {"e1": "educator", "s1": "student"})

Fetch = Callable[..., Fetched]


@pytest.fixture
def fetch(tmp_path: Path) -> Iterator[Fetch]:
    """Fetches the changes since SINCE from a server with these records and oddities."""
    with ExitStack() as stack:

        def fetch(held: Records, full: bool = False, version: str = "1.1", **settings: Any) -> Fetched:
            address = stack.enter_context(serving(tmp_path, records=held, version=version, **settings))
            asking = source(address, takes_changes=True, changed_from=SINCE, version=version)
            return rest.fetch(asking, tmp_path, at=AT, full=full)

        yield fetch


def changed(version: str = "1.1") -> Records:
    """The good roster, of which s1 has a new name, e2 is gone and s2 left class c2."""
    held = records(version)
    held["users"][3] |= {"familyName": "New", "dateLastModified": LATER}
    held["users"][2] |= {"status": "tobedeleted", "dateLastModified": LATER}
    held["enrollments"][3] |= {"status": "tobedeleted", "dateLastModified": LATER}
    return held


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_it_fetches_what_changed(version: str, fetch: Fetch) -> None:
    fetched = fetch(changed(version), version=version)
    roster = read(fetched.path, HELD)
    assert fetched.is_changes
    assert roster.mode == "changes"
    assert [(student.sourced_id, student.last_name) for student in roster.students] == [("s1", "New")]
    assert "e2" in roster.gone["educator"]
    assert roster.gone["enrollment"] == ["n4"]


def test_every_row_has_its_status_and_its_time(fetch: Fetch) -> None:
    users = texts(fetch(changed()))["users.csv"].splitlines()[1:]
    assert [row.split(",")[:3] for row in users] == [["e2", "tobedeleted", LATER], ["s1", "active", LATER]]


def test_a_file_without_changes_is_absent(fetch: Fetch) -> None:
    written = texts(fetch(changed()))
    assert sorted(written) == ["academicSessions.csv", "enrollments.csv", "manifest.csv", "users.csv"]
    assert "file.classes,absent" in written["manifest.csv"]


def test_sessions_come_in_full_and_say_the_school_year(fetch: Fetch) -> None:
    assert {session.school_year for session in read(fetch(changed()).path, HELD).sessions} == {2027}


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_no_changes_are_nothing_new(version: str, fetch: Fetch, tmp_path: Path) -> None:
    with pytest.raises(NothingNew):
        fetch(records(version), version=version)
    assert not list(tmp_path.glob("*.zip"))


def test_changes_of_the_minutes_before_are_asked_for_again(fetch: Fetch) -> None:
    held = records()
    held["users"][3]["dateLastModified"] = (SINCE - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert "s1,active," in texts(fetch(held))["users.csv"]


@pytest.mark.parametrize("oddity", ["refused", "empty", "ignored"])
def test_everything_is_fetched_where_filters_do_not_work(oddity: str, fetch: Fetch) -> None:
    fetched = fetch(changed(), filter=oddity)
    assert not fetched.is_changes
    assert [student.sourced_id for student in read(fetched.path).students] == ["s1", "s2", "s3"]


def test_everything_is_fetched_when_it_is_asked_for(fetch: Fetch) -> None:
    assert not fetch(changed(), full=True).is_changes


def test_everything_is_fetched_for_a_district_without_a_last_time(tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        fetched = rest.fetch(source(address, takes_changes=True), tmp_path, at=AT, full=False)
    assert not fetched.is_changes


@pytest.mark.parametrize(("theirs", "reaches"), [(7, AT - timedelta(hours=1)), (9, AT)])
def test_changes_reach_to_the_earlier_of_both_clocks(theirs: int, reaches: datetime, fetch: Fetch) -> None:
    assert fetch(changed(), date=f"Sun, 10 Jan 2027 0{theirs}:00:00 GMT").reaches == reaches
