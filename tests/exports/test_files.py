"""A district's files: asked for, published, handed out to its own people, and ended."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.models import QuerySet
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


def test_a_file_that_is_not_as_it_was_made_is_never_handed_out(made: Make, cast: Cast) -> None:
    file = made()
    on_disk()[0].write_text("Noor Canary")
    with pytest.raises(files.Gone, match="not as it was made"):
        files.hand_out(file, person=cast.dana, at=JUNE_1)
    assert fresh(file).state == State.ENDED


def test_a_last_export_that_reads_wrong_is_not_given_up(made: Make, cast: Cast) -> None:
    file = made()
    ExportFile.objects.filter(pk=file.pk).update(is_last=True)
    on_disk()[0].write_text("Noor Canary")
    with pytest.raises(files.Gone, match="not as it was made"):
        files.hand_out(fresh(file), person=cast.dana, at=JUNE_1)
    assert (fresh(file).state, len(on_disk())) == (State.READY, 1)


def test_a_storage_that_is_away_for_a_moment_costs_no_file(made: Make, cast: Cast) -> None:
    file, (path,) = made(), on_disk()
    away = path.rename(path.with_suffix(".away"))
    with pytest.raises(files.Gone, match="cannot be read now"):
        files.hand_out(file, person=cast.dana, at=JUNE_1)
    away.rename(path)
    with files.hand_out(fresh(file), person=cast.dana, at=JUNE_1) as content:
        assert content.read().decode() == SAID


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


def test_the_sweep_removes_what_a_crash_left(made: Make, ask: Ask) -> None:
    file, dead = made(), making.take(ask(product="math_facts").pk)
    assert dead
    storages["exports"].save(f"d{file.district_id}/{file.pk}-0", _content())
    desk = files.desk_of(dead)
    (desk / "half").write_text(SAID)
    ExportFile.objects.filter(pk=dead.pk).update(claim=dead.claim + 1)
    files.sweep(at=JUNE_1)
    assert [path.name for path in on_disk()] == [Path(file.stored).name]
    assert not desk.exists()


def test_the_sweep_leaves_a_worker_its_desk(ask: Ask) -> None:
    file = making.take(ask().pk)
    assert file
    (files.desk_of(file) / "half").write_text(SAID)
    files.sweep(at=JUNE_1)
    assert len(on_disk()) == 1


def test_the_sweep_leaves_a_file_that_is_published_while_it_looks(
    ask: Ask, maker: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lists what is there first, and asks the rows after that."""
    file, listed = ask(), files._listed

    def listed_while_a_worker_publishes(folder: str) -> tuple[list[str], list[str]]:
        making.make(file.pk, worker="a worker")
        return listed(folder)

    monkeypatch.setattr(files, "_listed", listed_while_a_worker_publishes)
    files.sweep(at=JUNE_1)
    assert files.is_there(fresh(file))


def test_the_sweep_leaves_what_somebody_is_about_to_publish(
    cast: Cast, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever publishes holds the row: a locked row is as good as a needed one."""
    file = ask()
    storages["exports"].save(f"d{file.district_id}/{file.pk}-0", _content())
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **how: rows.none())
    files._sweep_contents(f"d{file.district_id}")
    assert len(on_disk()) == 1


def test_the_sweep_passes_over_what_is_not_its_own(made: Make) -> None:
    file = made(hours=1)
    for strange in ("kept/lost+found/x", "kept/d1/notes.txt", "making/dx"):
        path = Path(settings.EXPORT_FILES) / strange
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    assert files.sweep(at=JUNE_1 + timedelta(hours=1)) == 1
    assert fresh(file).state == State.ENDED
    assert (Path(settings.EXPORT_FILES) / "kept/lost+found/x").exists()


def test_nobody_begins_at_a_file_that_was_ended(ask: Ask, cast: Cast) -> None:
    file = making.take(ask().pk)
    assert file
    files.void(cast.lakeside.pk, keeps_last=False, by="a run", at=JUNE_1)
    with pytest.raises(files.Lost):
        files.desk_of(file)


def test_a_reset_finds_what_is_left_and_removes_it(made: Make, ask: Ask, cast: Cast) -> None:
    file, other = made(), making.take(ask(product="math_facts").pk)
    assert other
    storages["exports"].save(f"d{file.district_id}/{file.pk}-0", _content())
    files.desk_of(other)
    assert len(files.found(cast.lakeside.pk)) == 2
    files.remove(cast.lakeside.pk)
    assert files.found(cast.lakeside.pk) == []
    assert len(on_disk()) == 1


@pytest.mark.parametrize(("keeps_last", "state"), [(True, State.READY), (False, State.ENDED)])
def test_a_reset_keeps_a_last_export_only_where_it_is_wanted(
    made: Make, cast: Cast, keeps_last: bool, state: str
) -> None:
    file = made()
    ExportFile.objects.filter(pk=file.pk).update(is_last=True)
    files.void(cast.lakeside.pk, keeps_last=keeps_last, by="a run", at=JUNE_1)
    assert fresh(file).state == state


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
