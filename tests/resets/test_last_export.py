"""What a reset does with a district's files, and the last export that the run itself makes."""

import errno
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.test import Client
from openpyxl import load_workbook

from districts.models import DistrictCounts, Notice, Student
from exports import files, making
from exports.models import ExportFile
from resetportal import clock
from resets import counting, engine, last_export, services
from resets.models import HeldFor, Reset, ResetEvent, Status
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("night")
State = ExportFile.State


def run(reset: Reset) -> Reset:
    engine.run(reset.pk, worker="w1")
    reset.refresh_from_db()
    return reset


@pytest.fixture
def made(reset: Reset, cast: Cast) -> ExportFile:
    """An export that Dana made on the day before."""
    file = files.ask(
        district=reset.district,
        kind="student_data",
        product="imagine_math",
        format="csv",
        by=cast.dana,
        at=clock.now(),
        school_year="2026-27",
        hours=24,
    )
    making.make(file.pk, worker="a worker")
    file.refresh_from_db()
    assert file.state == State.READY
    return file


@pytest.fixture
def chosen(reset: Reset, cast: Cast) -> Reset:
    """Dana chose a last export beforehand."""
    return services.choose_last_export(reset=reset, by=cast.dana, at=clock.now())


def last_files() -> list[ExportFile]:
    return list(ExportFile.objects.filter(is_last=True).select_related("district").order_by("pk"))


def events(kind: str) -> list[ResetEvent]:
    return list(ResetEvent.objects.filter(kind=kind))


def test_a_file_ends_with_the_reset(reset: Reset, made: ExportFile, cast: Cast) -> None:
    assert run(reset).status == Status.COMPLETED
    made.refresh_from_db()
    assert (made.state, made.why) == (State.ENDED, "The district was reset.")
    assert files.found(reset.district_id) == []
    assert not storages["exports"].exists(made.stored)


def test_a_wish_that_waits_ends_with_it_too(reset: Reset, made: ExportFile) -> None:
    ExportFile.objects.filter(pk=made.pk).update(state=State.WAITING)
    run(reset)
    made.refresh_from_db()
    assert (made.state, making.waiting()) == (State.ENDED, [])


def test_without_a_choice_no_file_outlives_the_reset(reset: Reset) -> None:
    run(reset)
    assert last_files() == []
    assert files.found(reset.district_id) == []


def test_a_file_that_cannot_be_removed_holds_the_verification(
    reset: Reset, made: ExportFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_delete", lambda *stored: None)
    assert (run(reset).status, reset.last_error) == (Status.VERIFYING, "StillThere")
    Reset.objects.filter(pk=reset.pk).update(claimed_until=None, attempts=settings.MAX_ATTEMPTS - 1)
    assert (run(reset).status, reset.held_for) == (Status.HELD, HeldFor.VERIFICATION)
    assert "xport files: 1 left in the storage" in reset.held_why


def test_a_last_export_is_made_for_each_product_with_a_row_a_student(chosen: Reset, cast: Cast) -> None:
    students = Student.objects.of(chosen.district_id).count()
    assert run(chosen).status == Status.COMPLETED
    found = last_files()
    assert {(file.product, file.state, file.rows) for file in found} == {
        ("imagine_math", State.READY, students),
        ("math_facts", State.READY, students),
    }
    with files.hand_out(found[0], person=cast.dana, at=clock.now()) as content:
        sheet = load_workbook(content).worksheets[0]
    assert sheet.max_row == students + 1


def test_it_holds_what_was_done_on_the_day_itself(chosen: Reset) -> None:
    run(chosen)
    assert {file.through for file in last_files()} == {chosen.date}


def test_it_is_kept_for_72_hours_from_the_deletion_and_then_swept(chosen: Reset) -> None:
    run(chosen)
    assert chosen.destroyed_at
    until = chosen.destroyed_at + timedelta(hours=72)
    assert {file.lasts_until for file in last_files()} == {until}
    files.sweep(at=until)
    assert {file.state for file in last_files()} == {State.ENDED}


def test_the_history_says_that_it_was_made(chosen: Reset) -> None:
    run(chosen)
    (event,) = events("last_export_made")
    assert "Imagine Math (3 students)" in event.detail["files"]
    assert event.detail["hours"] == 72


def test_no_other_worker_takes_it_up(chosen: Reset) -> None:
    file = last_export._wish(chosen, "imagine_math")
    ExportFile.objects.filter(pk=file.pk).update(claimed_until=None)
    assert (making.waiting(), making.take(file.pk)) == ([], None)


def test_a_full_disk_holds_the_run_before_anything_is_deleted(chosen: Reset, monkeypatch: pytest.MonkeyPatch) -> None:
    _make_with(monkeypatch, _full)
    assert (run(chosen).status, chosen.held_for) == (Status.HELD, HeldFor.EXPORT)
    said = "The last export could not be written: there was no room left on the disk. Nothing was deleted."
    assert chosen.held_why == said
    assert Student.objects.of(chosen.district_id).exists()
    assert files.found(chosen.district_id) == []


def test_one_that_misses_a_student_holds_the_run(chosen: Reset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "by_kind", lambda counts: {"student": 4})
    assert (run(chosen).status, chosen.held_for) == (Status.HELD, HeldFor.COUNTS)
    assert chosen.held_why == "The last export has 3 students, and the run counted 4. Nothing was deleted."
    assert not ExportFile.objects.ready().exists()


def test_one_that_is_gone_before_the_deletion_holds_the_run(chosen: Reset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "is_there", lambda file: False)
    assert (run(chosen).status, chosen.held_for) == (Status.HELD, HeldFor.EXPORT)
    assert "is not there any more. Nothing was deleted." in chosen.held_why
    assert Student.objects.of(chosen.district_id).exists()


def test_a_run_that_is_tried_again_makes_it_anew(chosen: Reset, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(files, "is_there", lambda file: False)
        run(chosen)
    services.retry(reset=chosen, by=cast.carmen, at=clock.now(), reason="The disk was changed.")
    assert run(chosen).status == Status.COMPLETED
    assert [file.state for file in last_files()] == [State.ENDED, State.ENDED, State.READY, State.READY]


def test_one_that_fails_otherwise_is_tried_again_and_is_nobodys_work_meanwhile(
    chosen: Reset, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        _make_with(patched, _dies)
        assert run(chosen).status == Status.COUNTING
    assert {file.state for file in last_files()} == {State.FAILED}
    Reset.objects.filter(pk=chosen.pk).update(claimed_until=None)
    assert run(chosen).status == Status.COMPLETED


def test_one_that_was_made_ends_when_the_choice_is_taken_back(chosen: Reset, cast: Cast) -> None:
    for _ in range(2):
        engine.advance(chosen.pk, worker="w1", at=clock.now())
    assert {file.state for file in last_files()} == {State.READY}
    services.stop(reset=chosen, by=cast.carmen, at=clock.now(), reason="Dana called.")
    services.drop_last_export(reset=chosen, by=cast.dana, at=clock.now())
    assert {file.state for file in last_files()} == {State.ENDED}
    services.retry(reset=chosen, by=cast.carmen, at=clock.now(), reason="She is ready.")
    assert run(chosen).status == Status.COMPLETED
    assert not ExportFile.objects.ready().exists()


def test_a_product_that_is_used_no_more_has_its_file_too(chosen: Reset, cast: Cast) -> None:
    type(cast.lakeside).objects.filter(pk=cast.lakeside.pk).update(uses_math_facts=False)
    DistrictCounts.objects.filter(pk=cast.lakeside.pk).update(facts_last_on=date(2027, 7, 20))
    assert run(chosen).status == Status.COMPLETED
    assert {file.product for file in last_files()} == {"imagine_math", "math_facts"}


def test_a_worker_killed_after_making_it_leaves_no_file_behind(chosen: Reset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_export, "publish", _dies)
    engine.advance(chosen.pk, worker="w1", at=clock.now())
    engine.advance(chosen.pk, worker="w1", at=clock.now())
    assert [file.state for file in last_files()] == [State.MAKING, State.MAKING]
    monkeypatch.undo()
    Reset.objects.filter(pk=chosen.pk).update(claimed_until=None)
    assert run(chosen).status == Status.COMPLETED
    assert [file.state for file in last_files()][-2:] == [State.READY, State.READY]
    assert files.found(chosen.district_id) == []


def test_the_choice_can_be_taken_back(chosen: Reset, cast: Cast) -> None:
    services.drop_last_export(reset=chosen, by=cast.dana, at=clock.now())
    assert run(chosen).status == Status.COMPLETED
    assert last_files() == []
    assert [len(events(kind)) for kind in ("last_export_chosen", "last_export_dropped")] == [1, 1]


def test_choosing_twice_is_one_choice(chosen: Reset, cast: Cast) -> None:
    services.choose_last_export(reset=chosen, by=cast.dana, at=clock.now())
    assert len(events("last_export_chosen")) == 1


@pytest.mark.parametrize("verb", [services.choose_last_export, services.drop_last_export])
def test_nothing_is_chosen_once_the_run_has_begun(reset: Reset, cast: Cast, verb: Callable[..., Reset]) -> None:
    run(reset)
    with pytest.raises(services.NotPossible, match="The reset has started"):
        verb(reset=reset, by=cast.dana, at=clock.now())


def _make_with(monkeypatch: pytest.MonkeyPatch, maker: Callable[..., object]) -> None:
    monkeypatch.setattr(making, "import_string", lambda path: maker)


def _full(*args: object, **kwargs: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _dies(*args: object, **kwargs: object) -> None:
    raise RuntimeError


def test_its_people_hear_that_it_is_there_and_until_when(chosen: Reset) -> None:
    run(chosen)
    told = {notice.text.partition(",")[0] for notice in Notice.objects.filter(kind=Notice.Kind.EXPORT_READY)}
    assert told == {
        "Last export: Student Data Export of Imagine Math",
        "Last export: Student Data Export of Imagine Math Facts",
    }
    assert all("2027" in notice.text.partition("\n")[2] for notice in Notice.objects.filter(kind="export_ready"))


def test_its_admin_finds_it_on_her_page(chosen: Reset, cast: Cast, client: Client) -> None:
    client.force_login(cast.dana)
    assert "Download your last export" not in client.get("/districts/0620810/").content.decode()
    run(chosen)
    page = client.get("/districts/0620810/").content.decode()
    assert "Download your last export" in page
    assert "Imagine Math and Imagine Math Facts, made by the reset before anything was deleted" in page
