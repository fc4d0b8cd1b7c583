"""A letter that tells of a date reaches whom it is for, whatever kept it back: the date is the one that was set."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail

from districts.models import Contact
from resets import correspondence, letter_mail, letters, services
from resets.models import Delivery, Letter, Reset
from tests.people import Cast

TUESDAY = datetime(2027, 6, 1, 16, tzinfo=UTC)  # 9:00 in Lakeside
HOUR = timedelta(hours=1)
JULY_6 = date(2027, 7, 6)
TOLD = "Your reset is on Tue, July 6, 2027"
pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(reset: Reset, cast: Cast) -> Letter:
    """Carmen has set July 6, and Lakeside is to be told."""
    services.schedule(reset=reset, to=JULY_6, by=cast.carmen, at=TUESDAY)
    return Letter.objects.get(about=Letter.About.DATE)


def told() -> list[tuple[str, str]]:
    return [(each.to[0], str(each.subject)) for each in mail.outbox if "lakeside" in each.to[0]]


def send_with(monkeypatch: pytest.MonkeyPatch, error: BaseException, name: str = "") -> None:
    """Sends while the mail server answers with an error: to everybody, or to one of them."""
    real = letter_mail.send

    def refuses(delivery: Delivery, of: Letter) -> None:
        if not name or delivery.name == name:
            raise error
        real(delivery, of)

    with monkeypatch.context() as patch:
        patch.setattr(letter_mail, "send", refuses)
        correspondence.send(at=TUESDAY)


@pytest.mark.parametrize("error", [letter_mail.NoServer("x"), letter_mail.Later()])
def test_a_date_is_told_once_the_mail_server_takes_it(
    letter: Letter, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    send_with(monkeypatch, error)
    assert told() == []
    correspondence.send(at=TUESDAY + HOUR)
    assert told() == [("Dana Whitfield <dana@lakeside.example>", TOLD)]
    correspondence.send(at=TUESDAY + 2 * HOUR)
    assert len(told()) == 1


def test_whoever_was_not_taken_the_first_time_is_told_the_date_too(
    letter: Letter, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    about: dict[str, Any] = {"gets_letters": True, "added_at": TUESDAY, "added_by": "Carmen Ortiz"}
    Contact.objects.create(district=cast.lakeside, name="Zed", email="zed@lakeside.example", **about)
    send_with(monkeypatch, letter_mail.Later(), "Zed")
    correspondence.send(at=TUESDAY + HOUR)
    assert [address for address, _ in told()] == [
        "Dana Whitfield <dana@lakeside.example>",
        "Zed <zed@lakeside.example>",
    ]


def test_a_worker_that_was_killed_after_one_claim_keeps_the_date_from_no_other(
    letter: Letter, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    about: dict[str, Any] = {"gets_letters": True, "added_at": TUESDAY, "added_by": "Carmen Ortiz"}
    Contact.objects.create(district=cast.lakeside, name="Zed", email="zed@lakeside.example", **about)
    with pytest.raises(KeyboardInterrupt):
        send_with(monkeypatch, KeyboardInterrupt())
    correspondence.send(at=TUESDAY + HOUR)
    assert told() == [("Zed <zed@lakeside.example>", TOLD)]


def test_a_date_that_was_stopped_and_goes_after_all_is_told(letter: Letter, cast: Cast) -> None:
    letters.stop(letter=letter, why="Wait.", by=cast.carmen, at=TUESDAY)
    letters.resume(letter=letter, by=cast.carmen, at=TUESDAY + HOUR)
    correspondence.send(at=TUESDAY + HOUR)
    assert [subject for _, subject in told()] == [TOLD]


def test_a_date_that_the_portal_stopped_can_be_let_go_while_a_letter_by_hand_waits(letter: Letter, cast: Cast) -> None:
    by_hand: dict[str, Any] = {"district": cast.lakeside, "season": letter.season, "subject": "Hello", "body": "Words"}
    letters.write(**by_hand, asks=False, by=cast.carmen, at=TUESDAY, token=uuid4())
    letters.stop(letter=letter, why="Wait.", by=cast.carmen, at=TUESDAY)
    letters.resume(letter=letter, by=cast.carmen, at=TUESDAY + HOUR)
    correspondence.send(at=TUESDAY + HOUR)
    assert sorted(subject for _, subject in told()) == ["Hello", TOLD]


def test_a_letter_by_hand_takes_no_date_s_place_while_the_mail_server_is_away(
    letter: Letter, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand: dict[str, Any] = {"district": cast.lakeside, "season": letter.season, "subject": "Hello", "body": "Words"}
    letters.write(**by_hand, asks=False, by=cast.carmen, at=TUESDAY, token=uuid4())
    send_with(monkeypatch, letter_mail.Later())
    correspondence.send(at=TUESDAY + HOUR)
    assert sorted(subject for _, subject in told()) == ["Hello", TOLD]
