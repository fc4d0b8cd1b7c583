"""The page of a district's rosters: what it says, to whom, and what its people do there."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from kombu.exceptions import OperationalError
from pytest_django import DjangoAssertNumQueries, Settings

from districts import incoming, rostering, uploads
from districts.models import RosterFile, RosterSource, RosterSync
from resets import engine, waking
from resets.models import Reset
from tests.districts.roster.files import RosterFiles
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.views.reading import text, words

PAGE = "/districts/0620810/rosters/"
CANARY = "Canary-Whitcombe"
good = RosterFiles()
State = RosterFile.State


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rosters for which a worker was woken; nobody is."""
    files: list[int] = []
    monkeypatch.setattr(waking, "_send", files.append)
    return files


@pytest.fixture
def carmen(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.carmen)
    return client


@pytest.fixture
def dana(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.dana)
    return client


@pytest.fixture
def held(cast: Cast, reset: Reset, tmp_path: Path) -> RosterFile:
    """A roster on hold: not one of Lakeside's students is in it."""
    path = good.zip(tmp_path / "june.zip")
    rostering.import_roster(district=cast.lakeside, path=path, by="the nightly roster sync", at=JUNE_1)
    return RosterFile.objects.get(state=State.ON_HOLD)


def send(client: Client, content: bytes, wish: str = "rehearse") -> Any:
    roster = SimpleUploadedFile("june.zip", content, "application/zip")
    return client.post(f"{PAGE}upload/", {"roster": roster, "wish": wish})


@pytest.fixture
def zipped(tmp_path: Path) -> bytes:
    """A roster as a person's machine has it."""
    return good.zip(tmp_path / "mine.zip").read_bytes()


def test_an_upload_waits_for_a_worker_that_is_woken(
    dana: Client, zipped: bytes, woken: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert send(dana, zipped).status_code == 302
    file = RosterFile.objects.get()
    assert (file.state, file.wish, file.received_by) == (State.WAITING, "rehearse", "Dana Whitfield")
    assert incoming.path(file).read_bytes() == zipped
    assert woken == [file.pk]


def test_it_looks_again_while_a_roster_is_read_and_no_longer(dana: Client, zipped: bytes) -> None:
    send(dana, zipped)
    assert b'hx-trigger="every 2s"' in dana.get(PAGE).content
    assert dana.get(f"{PAGE}waiting/").status_code == 200
    rostering.take(RosterFile.objects.get().pk, at=JUNE_1)
    answer = dana.get(f"{PAGE}waiting/")
    assert answer.status_code == 286
    assert "A roster was rehearsed" in text(answer.content)


@pytest.mark.parametrize(
    ("content", "said"), [(b"PK no", "This is not a zip."), (b"", "The file is empty.")], ids=["not a zip", "empty"]
)
def test_what_is_not_a_roster_is_refused_under_its_field(dana: Client, content: bytes, said: str) -> None:
    answer = send(dana, content)
    assert answer.status_code == 422
    assert said in text(answer.content)
    assert not RosterFile.objects.exists()


def test_a_file_that_is_too_large_is_kept_nowhere(
    dana: Client, zipped: bytes, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(uploads, "ZIPPED_BYTES", 100)
    answer = send(dana, zipped)
    assert answer.status_code == 422
    assert "It has more than 200 MB" in text(answer.content)
    assert [each for each in Path(settings.ROSTER_FILES).rglob("*") if each.is_file()] == []


def test_an_upload_has_no_name_on_the_disk_while_it_comes(settings: Settings) -> None:
    handler = uploads.Unnamed()
    handler.new_file("roster", "june.zip", "application/zip", None)
    handler.receive_data_chunk(b"Noor", 0)
    assert list(Path(settings.ROSTER_FILES).rglob("*")) == []
    done = handler.file_complete(4)
    assert done is not None
    assert done.read() == b"Noor"
    done.close()


def test_nothing_is_applied_while_the_district_is_paused(night: object, dana: Client, zipped: bytes) -> None:
    answer = send(dana, zipped, "apply")
    assert answer.status_code == 422
    assert "Syncs of Lakeside Unified are paused since Wed, July 28, 2027" in text(answer.content)
    assert send(dana, zipped, "rehearse").status_code == 302


def test_a_roster_on_hold_says_why(carmen: Client, cast: Cast, held: RosterFile) -> None:
    said = words(carmen, cast.carmen, PAGE)
    assert "A roster is on hold" in said
    assert "All 3 student accounts would be deactivated." in said
    assert "Apply it all the same" in said


@pytest.mark.parametrize("who", ["carmen", "maya", "ellis"])
def test_the_vendors_people_see_no_name_and_no_id_of_a_student(
    client: Client, cast: Cast, held: RosterFile, who: str
) -> None:
    listed = incoming.changes_path(held).read_text()
    assert CANARY in listed
    client.force_login(getattr(cast, who))
    for address in (PAGE, f"{PAGE}?kind=student&action=removed", f"{PAGE}waiting/"):
        content = client.get(address).content.decode()
        assert CANARY not in content
        assert "student-1" not in content


def test_the_districts_admin_sees_who_it_is_and_it_is_not_stored(dana: Client, held: RosterFile) -> None:
    answer = dana.get(f"{PAGE}?kind=student&action=removed")
    assert CANARY in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_list_sums_what_the_vendor_may_not_see(carmen: Client, held: RosterFile) -> None:
    sums = carmen.get(f"{PAGE}?kind=student&action=removed").context["list"]["sums"]
    assert {(row["school"], row["number"], row["action"]) for row in sums} == {
        ("School 1", 1, "deactivated"),
        ("School 2", 1, "deactivated"),
        ("No school", 1, "deactivated"),
    }


def test_a_hold_is_approved_only_by_somebody_who_says_why(carmen: Client, held: RosterFile, woken: list[int]) -> None:
    address = f"{PAGE}{held.pk}/apply/"
    answer = carmen.post(address, {"reason": " "})
    assert answer.status_code == 422
    assert "Say why: it is kept with the roster." in text(answer.content)
    assert carmen.post(address, {"reason": "Dana knows."}).status_code == 302
    held.refresh_from_db()
    assert (held.state, held.approved_by, held.why) == (State.WAITING, "Carmen Ortiz", "Dana knows.")


def test_the_page_before_an_approval_counts_what_happens(carmen: Client, cast: Cast, held: RosterFile) -> None:
    said = words(carmen, cast.carmen, f"{PAGE}{held.pk}/apply/")
    assert "3 deactivated." in said
    assert "All 3 student accounts would be deactivated." in said


def test_a_discarded_roster_leaves_the_disk(
    dana: Client, held: RosterFile, django_capture_on_commit_callbacks: Any
) -> None:
    address, path = f"{PAGE}{held.pk}/discard/", incoming.path(held)
    assert dana.post(address, {"reason": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        dana.post(address, {"reason": "It was the wrong export."})
    held.refresh_from_db()
    assert (held.state, held.ended_by, path.exists()) == (State.DISCARDED, "Dana Whitfield", False)


def test_a_roster_that_ended_meanwhile_is_not_decided_twice(carmen: Client, held: RosterFile) -> None:
    incoming.end(held, State.VOIDED, by="the reset", at=JUNE_1)
    answer = carmen.post(f"{PAGE}{held.pk}/apply/", {"reason": "Dana knows."}, follow=True)
    assert "This roster does not wait any more: voided." in text(answer.content)


def test_a_roster_of_another_district_is_not_found(carmen: Client, cast: Cast, held: RosterFile) -> None:
    RosterFile.objects.filter(pk=held.pk).update(district=cast.quarry)
    assert carmen.post(f"{PAGE}{held.pk}/apply/", {"reason": "Dana knows."}).status_code == 404


@pytest.mark.parametrize("address", ["upload/", "sync/", "ready/", "source/", "source/try/"])
def test_every_post_wants_its_token(cast: Cast, reset: Reset, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.carmen)
    assert client.post(f"{PAGE}{address}").status_code == 403


def test_a_sync_by_hand_makes_the_source_due_at_once(carmen: Client, cast: Cast) -> None:
    sources = RosterSource.objects.filter(district=cast.lakeside)
    sources.update(kind="sftp", due_from=datetime(2027, 6, 2, 9, tzinfo=UTC), attempts=3)
    carmen.post(f"{PAGE}sync/")
    assert sources.values_list("due_from", "attempts").get() == (JUNE_1, 0)


def test_nothing_is_fetched_while_the_district_is_paused(night: object, carmen: Client, cast: Cast) -> None:
    sources = RosterSource.objects.filter(district=cast.lakeside)
    sources.update(kind="sftp", due_from=None)
    assert "are paused" in text(carmen.post(f"{PAGE}sync/", follow=True).content)
    assert sources.get().due_from is None


def test_the_district_says_that_its_data_is_ready_and_its_csm_sees_it(
    night: object, client: Client, cast: Cast, reset: Reset
) -> None:
    engine.run(reset.pk, worker="w1")
    assert "Our data is ready" in words(client, cast.dana, PAGE)
    client.post(f"{PAGE}ready/")
    assert "You have said that your data is ready." in words(client, cast.dana, PAGE)
    said = words(client, cast.carmen, PAGE)
    assert "Their data is ready Dana Whitfield said so Wed, July 28, 2027" in said
    assert "Rostering is complete" in said


def test_nothing_is_ready_before_the_reset(dana: Client, cast: Cast) -> None:
    assert "Our data is ready" not in words(dana, cast.dana, PAGE)
    dana.post(f"{PAGE}ready/")
    assert Reset.objects.get(district=cast.lakeside).data_ready_at is None


def test_the_nights_are_filtered_by_their_address(carmen: Client, cast: Cast) -> None:
    for outcome in ("applied", "refused", "applied"):
        RosterSync.objects.create(
            district=cast.lakeside, outcome=outcome, finished_at=JUNE_1, finished_by="x", local_day=JUNE_1.date()
        )
    assert len(carmen.get(PAGE).context["nights"]) == 3
    assert [night["word"] for night in carmen.get(f"{PAGE}?outcome=refused").context["nights"]] == ["Refused"]
    assert len(carmen.get(f"{PAGE}?outcome=%00&page=x&changes=-1").context["nights"]) == 3


def test_more_nights_are_no_more_queries(
    carmen: Client, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(24):
        RosterSync.objects.create(
            district=cast.lakeside, outcome="applied", finished_at=JUNE_1, finished_by="x", local_day=JUNE_1.date()
        )
    with django_assert_max_num_queries(20):
        carmen.get(PAGE)


def test_a_worker_that_cannot_be_woken_breaks_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    def down(*args: object, **kwargs: object) -> None:
        raise OperationalError("Redis is away.")

    monkeypatch.setattr("resets.waking.current_app.send_task", down)
    waking._send(1)
