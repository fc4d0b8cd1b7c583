"""Rosters that came: kept whole, under a name of our own, and gone from the disk when they end."""

import io
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from districts import incoming
from districts.models import District, Gate, RosterFile
from districts.roster import archive
from districts.roster.problems import RosterRefused
from tests.districts.roster.files import RosterFiles
from tests.people import Cast

AT = datetime(2027, 4, 5, 9, tzinfo=UTC)
State = RosterFile.State
good = RosterFiles()


Committing = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def committing(django_capture_on_commit_callbacks: Any) -> Committing:
    """Does what is to be done on commit, though a test never commits."""
    return partial(django_capture_on_commit_callbacks, execute=True)


def on_disk(district: District) -> list[str]:
    root = Path(settings.ROSTER_FILES)
    return sorted(str(path.relative_to(root)) for path in (root / f"d{district.pk}").rglob("*"))


def received(cast: Cast, tmp_path: Path, at: datetime = AT) -> RosterFile:
    path = good.zip(tmp_path / "roster.zip")
    return incoming.receive(district=cast.lakeside, content=path, name="roster.zip", by="Dana Whitfield", at=at)


def test_it_keeps_a_copy_that_its_owner_alone_can_read(cast: Cast, tmp_path: Path) -> None:
    file = received(cast, tmp_path)
    kept = incoming.path(file)
    assert kept.read_bytes() == (tmp_path / "roster.zip").read_bytes()
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert (file.state, file.source_name, file.digest) == (State.WAITING, "roster.zip", archive.digest_of(kept))


def test_its_name_on_the_disk_is_never_the_senders(cast: Cast) -> None:
    name = "../../etc/passwd"
    file = incoming.receive(district=cast.lakeside, content=io.BytesIO(b"PK"), name=name, by="Dana", at=AT)
    assert incoming.path(file).parent.name == f"d{cast.lakeside.pk}"
    assert ".." not in file.stored


def test_a_folder_is_kept_as_a_zip_and_known_by_its_files(cast: Cast, tmp_path: Path) -> None:
    folder = good.folder(tmp_path / "roster")
    file = incoming.receive(district=cast.lakeside, content=folder, name="roster", by="Dana", at=AT)
    assert file.digest == incoming.digest_of(folder)
    assert incoming.path(file).read_bytes()[:2] == b"PK"


def test_what_is_too_large_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ZIPPED_BYTES", 10)
    with pytest.raises(RosterRefused, match="Send a roster's files only"):
        incoming.receive(district=cast.lakeside, content=io.BytesIO(b"x" * 11), name="big.zip", by="Dana", at=AT)
    assert on_disk(cast.lakeside) == []
    assert not RosterFile.objects.exists()


def test_it_leaves_the_disk_when_it_ends(cast: Cast, tmp_path: Path, committing: Committing) -> None:
    file = received(cast, tmp_path)
    incoming.changes_path(file).write_text("{}")
    with committing():
        incoming.end(file, State.DISCARDED, by="Dana Whitfield", at=AT, why="An old one.")
    assert on_disk(cast.lakeside) == []
    assert (file.state, file.ended_by, file.why) == (State.DISCARDED, "Dana Whitfield", "An old one.")


def test_an_applied_ones_list_of_changes_stays_until_the_next(
    cast: Cast, tmp_path: Path, committing: Committing
) -> None:
    file = received(cast, tmp_path)
    incoming.changes_path(file).write_text("{}")
    with committing():
        incoming.end(file, State.APPLIED, by="Dana Whitfield", at=AT)
    assert on_disk(cast.lakeside) == [file.stored.replace(".zip", ".changes")]
    incoming.forget_changes(cast.lakeside.pk)
    assert on_disk(cast.lakeside) == []


def test_voiding_ends_all_that_are_open_and_no_other_districts(
    cast: Cast, tmp_path: Path, committing: Committing
) -> None:
    mine = received(cast, tmp_path)
    other = incoming.receive(district=cast.quarry, content=io.BytesIO(b"PK"), name="q.zip", by="Omar", at=AT)
    with committing(), transaction.atomic():
        assert incoming.void(cast.lakeside.pk, by="the nightly run", at=AT) == 1
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.state, other.state) == (State.VOIDED, State.WAITING)
    assert (on_disk(cast.lakeside), len(on_disk(cast.quarry))) == ([], 1)


def test_a_voiding_that_is_taken_back_leaves_the_file(cast: Cast, tmp_path: Path) -> None:
    file = received(cast, tmp_path)
    with transaction.atomic():
        incoming.void(cast.lakeside.pk, by="the nightly run", at=AT)
        transaction.set_rollback(True)
    assert incoming.path(file).exists()


def test_the_sweep_ends_what_is_older_than_seven_days(cast: Cast, tmp_path: Path, committing: Committing) -> None:
    old, new = received(cast, tmp_path, AT - timedelta(days=7, seconds=1)), received(cast, tmp_path)
    with committing():
        assert incoming.sweep(at=AT) == 1
    old.refresh_from_db()
    assert old.state == State.EXPIRED
    assert on_disk(cast.lakeside) == [new.stored]


def test_the_sweep_removes_what_a_crash_left_behind_and_not_what_is_just_coming(cast: Cast, tmp_path: Path) -> None:
    kept = received(cast, tmp_path)
    left, coming = (incoming.path(kept).with_name(name) for name in ("left.zip", "coming.zip"))
    for path in (left, coming):
        path.write_bytes(b"PK")
    for path in (left, incoming.path(kept)):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    incoming.sweep(at=AT)
    assert on_disk(cast.lakeside) == sorted([kept.stored, f"d{cast.lakeside.pk}/coming.zip"])


def test_a_reset_removes_what_came_before_it(cast: Cast, tmp_path: Path) -> None:
    old = received(cast, tmp_path)
    Gate.objects.filter(pk=cast.lakeside.pk).update(resets=1)
    new = received(cast, tmp_path)
    assert incoming.found(cast.lakeside.pk) == [old.stored]
    incoming.remove(cast.lakeside.pk)
    assert incoming.found(cast.lakeside.pk) == []
    assert (incoming.path(old).exists(), incoming.path(new).exists()) == (False, True)
