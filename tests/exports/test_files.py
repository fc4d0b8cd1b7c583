"""A district's files: asked for, published, handed out to its own people, and ended."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from pytest_django import DjangoCaptureOnCommitCallbacks

from districts.models import Gate
from exports import files, making, reading
from exports.made import Made
from exports.models import Download, ExportFile
from tests.exports.conftest import JUNE_1, Ask, fresh, on_disk
from tests.exports.makers import SAID
from tests.people import Cast

State = ExportFile.State
Make = Callable[..., ExportFile]
pytestmark = pytest.mark.django_db


def begin_run(cast: Cast) -> None:
    Gate.objects.filter(pk=cast.lakeside.pk).update(is_shut=True)


def test_a_wish_waits(ask: Ask) -> None:
    file = ask()
    assert (file.state, file.asked_by, file.why) == (State.WAITING, "Dana Whitfield", "")


def test_pressing_twice_is_one_wish(ask: Ask) -> None:
    assert ask() == ask()


def test_another_range_is_another_wish(ask: Ask) -> None:
    assert ask() != ask(since=JUNE_1.date())


def test_nothing_is_asked_for_once_the_run_has_begun(ask: Ask, cast: Cast) -> None:
    begin_run(cast)
    with pytest.raises(files.NotNow, match="has begun or is over"):
        ask()


def test_a_district_has_so_many_files_at_most(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_OPEN", 1)
    ask()
    with pytest.raises(files.NotNow, match="has 1 files already"):
        ask(product="math_facts")


def test_a_file_that_is_made_lies_in_the_storage_for_its_owner_alone(made: Make) -> None:
    file = made()
    (path,) = on_disk()
    assert (file.state, path.read_text(), path.stat().st_mode & 0o777) == (State.READY, SAID, 0o600)
    assert file.stored.startswith(f"d{file.district_id}/{file.pk}-")
    assert file.lasts_until == JUNE_1 + timedelta(hours=24)


def test_its_name_in_the_storage_cannot_be_guessed(made: Make) -> None:
    first, second = made(), made(product="math_facts")
    assert len({file.stored.partition("-")[2] for file in (first, second)}) == 2
    assert all(len(file.stored.partition("-")[2]) == 32 for file in (first, second))


def test_a_person_of_the_district_gets_it_and_that_is_recorded(made: Make, cast: Cast) -> None:
    file = made()
    with files.hand_out(file, person=cast.dana, at=JUNE_1) as content:
        assert content.read().decode() == SAID
    download = Download.objects.get()
    assert (download.downloaded_by, download.person, download.digest) == ("Dana Whitfield", cast.dana, file.digest)


@pytest.mark.parametrize("who", ["carmen", "omar", "maya", "ellis"])
def test_nobody_of_the_vendor_gets_it(made: Make, cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        files.hand_out(made(), person=getattr(cast, who), at=JUNE_1)
    assert not Download.objects.exists()


def test_after_its_hours_it_is_gone_even_before_the_sweep(made: Make, cast: Cast) -> None:
    with pytest.raises(files.Gone, match="24 hours, which are over"):
        files.hand_out(made(), person=cast.dana, at=JUNE_1 + timedelta(hours=24))


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("Noor Canary")])
def test_a_file_that_is_not_as_it_was_made_is_never_handed_out(
    made: Make, cast: Cast, spoil: Callable[[Path], None]
) -> None:
    file = made()
    spoil(on_disk()[0])
    with pytest.raises(files.Gone, match="not found as it was made"):
        files.hand_out(file, person=cast.dana, at=JUNE_1)
    assert fresh(file).state == State.ENDED


def test_a_file_that_ended_meanwhile_is_not_handed_out(made: Make, cast: Cast) -> None:
    stale = made()
    files.end(fresh(stale), by="a test", at=JUNE_1, why="It was in the way.")
    with pytest.raises(files.Gone):
        files.hand_out(stale, person=cast.dana, at=JUNE_1)
    assert not Download.objects.exists()


def test_a_file_leaves_the_storage_with_the_commit_that_ends_it(
    made: Make, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    file = made()
    with django_capture_on_commit_callbacks(execute=True):
        files.end(file, by="a test", at=JUNE_1, why="It was in the way.")
        assert len(on_disk()) == 1
    assert (on_disk(), fresh(file).why) == ([], "It was in the way.")


def test_nothing_is_published_once_the_run_has_begun(ask: Ask, cast: Cast, tmp_path: Path, maker: object) -> None:
    file = making.take(ask().pk)
    assert file
    begin_run(cast)
    with pytest.raises(reading.Interrupted):
        files.publish(file, _made(tmp_path), by="a worker", at=JUNE_1)
    assert (on_disk(), fresh(file).state) == ([], State.MAKING)


def test_nothing_of_an_older_year_is_published(ask: Ask, cast: Cast, tmp_path: Path, maker: object) -> None:
    file = making.take(ask().pk)
    assert file
    Gate.objects.filter(pk=cast.lakeside.pk).update(resets=1)
    with pytest.raises(reading.Interrupted):
        files.publish(file, _made(tmp_path), by="a worker", at=JUNE_1)
    assert on_disk() == []


def test_a_worker_that_was_overtaken_publishes_nothing(ask: Ask, tmp_path: Path, maker: object) -> None:
    file = making.take(ask().pk)
    assert file
    ExportFile.objects.filter(pk=file.pk).update(claim=file.claim + 1)
    with pytest.raises(files.Lost):
        files.publish(file, _made(tmp_path), by="a worker", at=JUNE_1)
    assert on_disk() == []


def test_a_transaction_that_fails_leaves_nothing_in_the_storage(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = making.take(ask().pk)
    assert file
    monkeypatch.setattr(ExportFile, "save", _fails)
    with pytest.raises(RuntimeError):
        files.publish(file, _made(tmp_path), by="a worker", at=JUNE_1)
    assert on_disk() == []


def test_the_sweep_ends_what_is_over_and_leaves_the_rest(made: Make) -> None:
    old, young = made(), made(product="math_facts", hours=48)
    assert files.sweep(at=JUNE_1 + timedelta(hours=25)) == 1
    assert [fresh(file).state for file in (old, young)] == [State.ENDED, State.READY]


def test_the_sweep_removes_what_a_crash_left(made: Make) -> None:
    file = made()
    storages["exports"].save(f"d{file.district_id}/{file.pk}-0", _content())
    desk = files.desk_of(file)
    (desk / "half").write_text(SAID)
    files.sweep(at=JUNE_1)
    assert [path.name for path in on_disk()] == [Path(file.stored).name]
    assert not desk.exists()


def test_the_sweep_leaves_a_worker_its_desk(ask: Ask) -> None:
    file = making.take(ask().pk)
    assert file
    (files.desk_of(file) / "half").write_text(SAID)
    storages["exports"].save(f"d{file.district_id}/{file.pk}-0", _content())
    files.sweep(at=JUNE_1)
    assert len(on_disk()) == 2


def test_a_reset_finds_what_is_left_and_removes_it(made: Make, cast: Cast) -> None:
    file = made()
    storages["exports"].save(f"d{file.district_id}/{file.pk}-0", _content())
    files.desk_of(file)
    assert len(files.found(cast.lakeside.pk)) == 2
    files.remove(cast.lakeside.pk)
    assert files.found(cast.lakeside.pk) == []
    assert len(on_disk()) == 1


def test_it_leaves_other_districts_alone(made: Make, cast: Cast) -> None:
    made()
    assert files.found(cast.quarry.pk) == []
    files.remove(cast.quarry.pk)
    assert len(on_disk()) == 1


def _fails(*args: object, **kwargs: object) -> None:
    raise RuntimeError


def _made(folder: Path) -> Made:
    path = folder / "sheet"
    path.write_text(SAID)
    return Made(path, "Lakeside Unified.xlsx", 1, None)


def _content() -> "ContentFile[str]":
    return ContentFile(SAID)
