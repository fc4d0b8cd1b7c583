"""A district's nights with a REST server: all of it first, then changes, then none."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from districts import nightly, shards
from districts.models import Educator, RosterSource, RosterSync, Student
from tests.districts.sources.rest_servers import CLIENT, SECRET, Records, records, serving, source
from tests.people import Cast

NIGHT = datetime(2027, 4, 6, 9, 0, tzinfo=UTC)
NEXT = NIGHT + timedelta(days=1)
CHANGED = "2027-04-06T20:00:00.000Z"


@pytest.fixture(params=["1.1", "1.2"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def lakeside(cast: Cast, version: str) -> RosterSource:
    """Lakeside without anybody, whose rosters come from a REST server that gives changes."""
    shards.destroy(cast.lakeside.pk)
    Educator.objects.filter(district=cast.lakeside).delete()
    lakeside = RosterSource.objects.select_related("district").get(district=cast.lakeside)
    like = source("", version=version)
    lakeside.kind, lakeside.version, lakeside.takes_changes = like.kind, version, True
    lakeside.username, lakeside.secret = CLIENT, like.secret
    lakeside.save()
    return lakeside


def night(lakeside: RosterSource, folder: Path, held: Records, at: datetime) -> RosterSync:
    """What a reading by hand at that moment did, of a server that holds these records."""
    date = at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    with serving(folder, records=held, version=lakeside.version, date=date) as address:
        lakeside.refresh_from_db()
        lakeside.address, lakeside.token_address = address, f"{address}/oauth/token"
        lakeside.save(update_fields=["address", "token_address"])
        with time_machine.travel(at):
            return nightly.sync_one(lakeside, at=at, by="sync_rosters")


@pytest.fixture
def first(lakeside: RosterSource, version: str, tmp_path: Path) -> RosterSync:
    return night(lakeside, tmp_path, records(version), NIGHT)


def test_the_first_roster_is_full(first: RosterSync, lakeside: RosterSource) -> None:
    lakeside.refresh_from_db()
    assert (first.outcome, first.mode, first.message) == ("applied", "full", "")
    assert lakeside.changed_from == NIGHT


def test_then_changes_come(first: RosterSync, lakeside: RosterSource, version: str, tmp_path: Path) -> None:
    held = records(version)
    held["users"][3] |= {"givenName": "Anna", "dateLastModified": CHANGED}
    sync = night(lakeside, tmp_path, held, NEXT)
    assert (sync.outcome, sync.mode, sync.message) == ("applied", "changes", "")
    student = Student.objects.get(district_id=lakeside.pk, sourced_id="s1")
    assert (student.first_name, student.school.name if student.school else "") == ("Anna", "North Elementary")
    assert Student.objects.filter(district_id=lakeside.pk, is_deactivated=False).count() == 3


def test_no_changes_are_nothing_new(first: RosterSync, lakeside: RosterSource, version: str, tmp_path: Path) -> None:
    sync = night(lakeside, tmp_path, records(version), NEXT)
    lakeside.refresh_from_db()
    assert (sync.outcome, sync.mode) == ("unchanged", "changes")
    assert lakeside.changed_from == NEXT


def test_a_wrong_secret_is_refused_and_says_nothing_of_it(lakeside: RosterSource, tmp_path: Path) -> None:
    lakeside.username = "another"
    lakeside.save()
    sync = night(lakeside, tmp_path, records(lakeside.version), NIGHT)
    assert sync.outcome == "refused"
    assert SECRET not in sync.message
