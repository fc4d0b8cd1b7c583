"""Making files: whose turn it is, how far it is, and what happens when it cannot be."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError
from pytest_django import Settings

from districts.models import Gate, Notice
from exports import files, making, reading
from exports.files import DATABASE_NOW
from exports.models import ExportFile
from tests.exports.conftest import JUNE_1, Ask, fresh, on_disk
from tests.exports.makers import SAID
from tests.people import Cast

State = ExportFile.State
Maker = Callable[[str], None]
pytestmark = pytest.mark.django_db


def make(file: ExportFile) -> ExportFile:
    making.make(file.pk, worker="a worker")
    return fresh(file)


def lapse(file: ExportFile) -> None:
    """Whoever had it is silent for longer than a lease."""
    ExportFile.objects.filter(pk=file.pk).update(claimed_until=DATABASE_NOW - timedelta(seconds=1))


def test_a_file_is_made_and_its_people_hear_of_it(ask: Ask, maker: Maker) -> None:
    file = make(ask())
    assert (file.state, file.rows, file.name, file.made_by) == (State.READY, 1, "Lakeside Unified.xlsx", "a worker")
    notice = Notice.objects.get()
    assert (notice.kind, notice.about) == (Notice.Kind.EXPORT_READY, str(file.pk))
    assert notice.text == "Student Data Export of Imagine Math\nWed, June 2, 2027, 9:00 AM PDT"


def test_its_desk_is_cleared(ask: Ask, maker: Maker) -> None:
    file = make(ask())
    assert [path.name for path in on_disk()] == [file.stored.partition("/")[2]]


def test_a_second_message_makes_nothing(ask: Ask, maker: Maker) -> None:
    first = make(ask())
    assert make(first).claim == first.claim


def test_two_workers_do_not_make_one_file(ask: Ask, maker: Maker) -> None:
    file = making.take(ask().pk)
    assert file
    assert make(file).state == State.MAKING


def test_files_wait_for_a_place(ask: Ask, settings: Settings) -> None:
    settings.EXPORTS_AT_ONCE = 1
    first, second = ask(), ask(product="math_facts")
    assert making.waiting() == [first.pk]
    assert making.take(first.pk)
    assert (making.waiting(), making.take(second.pk)) == ([], None)


def test_the_oldest_wish_comes_first(ask: Ask, settings: Settings) -> None:
    settings.EXPORTS_AT_ONCE = 2
    wishes = [ask().pk, ask(product="math_facts").pk]
    assert making.waiting() == wishes


def test_a_file_of_a_worker_that_died_is_made_by_another(ask: Ask, maker: Maker) -> None:
    file = making.take(ask().pk)
    assert file
    lapse(file)
    assert making.waiting() == [file.pk]
    assert make(file).state == State.READY


def test_a_file_whose_workers_keep_dying_is_given_up(ask: Ask, maker: Maker) -> None:
    file = ask()
    for _ in range(making.ATTEMPTS):
        assert making.take(file.pk)
        lapse(file)
    assert (make(file).state, fresh(file).why[:32]) == (State.FAILED, "It was begun 3 times and never f")
    assert making.waiting() == []


def test_a_full_disk_is_said_and_leaves_no_file(ask: Ask, maker: Maker) -> None:
    maker("full")
    file = make(ask())
    assert (file.state, on_disk()) == (State.FAILED, [])
    assert "There was no room left for it" in file.why
    assert Notice.objects.get().kind == Notice.Kind.EXPORT_FAILED


def test_a_full_disk_when_it_is_published_leaves_no_file(
    ask: Ask, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_save", full)
    assert (make(ask()).state, on_disk()) == (State.FAILED, [])


def test_a_fault_is_tried_again_and_its_text_kept_nowhere(
    ask: Ask, maker: Maker, caplog: pytest.LogCaptureFixture
) -> None:
    maker("broken")
    file = ask()
    states = [make(file).state for _ in range(making.ATTEMPTS)]
    assert states == [State.WAITING, State.WAITING, State.FAILED]
    assert fresh(file).why == "It could not be made (ValueError). Tell your vendor’s support."
    assert SAID not in caplog.text
    assert on_disk() == []


def test_a_fault_of_a_file_that_ended_meanwhile_is_none(
    ask: Ask, maker: Maker, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def cleared(file: ExportFile, made: object, worker: str) -> None:
        files.void(cast.lakeside.pk, keeps_last=False, by="a run", at=JUNE_1)
        raise FileNotFoundError

    monkeypatch.setattr(making, "_publish", cleared)
    assert make(ask()).state == State.ENDED
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_busy_database_is_no_attempt(ask: Ask, maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*args: object, **kwargs: object) -> None:
        raise OperationalError

    monkeypatch.setattr(files, "publish", busy)
    file = make(ask())
    assert (file.state, file.attempts) == (State.WAITING, 0)


def test_a_run_that_begins_meanwhile_is_said(ask: Ask, maker: Maker, cast: Cast) -> None:
    file = ask()
    Gate.objects.filter(pk=cast.lakeside.pk).update(is_shut=True)
    made = make(file)
    assert (made.state, on_disk()) == (State.FAILED, [])
    assert made.why == "The reset began before it was finished, so it would not have been whole."


def test_the_runs_own_file_takes_nobodys_place(ask: Ask, settings: Settings) -> None:
    settings.EXPORTS_AT_ONCE = 1
    last = making.take(ask().pk)
    assert last
    ExportFile.objects.filter(pk=last.pk).update(is_last=True)
    other = ask(product="math_facts")
    assert making.waiting() == [other.pk]
    assert making.take(other.pk)


def test_progress_is_noted(ask: Ask) -> None:
    file = making.take(ask().pk)
    assert file
    making._Progress(file)(12_400, 60_000)
    assert (fresh(file).done, fresh(file).total) == (12_400, 60_000)


def test_progress_stops_a_worker_that_was_overtaken(ask: Ask) -> None:
    file = making.take(ask().pk)
    assert file
    ExportFile.objects.filter(pk=file.pk).update(claim=file.claim + 1)
    with pytest.raises(files.Lost):
        making._Progress(file)(1, 2)


def test_progress_stops_a_worker_when_the_run_begins(ask: Ask, cast: Cast) -> None:
    file = making.take(ask().pk)
    assert file
    Gate.objects.filter(pk=cast.lakeside.pk).update(is_shut=True)
    with pytest.raises(reading.Interrupted):
        making._Progress(file)(1, 2)
