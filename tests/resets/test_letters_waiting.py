"""Letters that wait: a mail server that falls silent on the way, an address that is full, a hold that passes."""

import smtplib
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from districts.models import Contact, District
from resets import correspondence, holds, letters
from resets.models import Delivery, Letter, Reset, Season, Status
from tests.people import Cast
from tests.resets.crowds import put
from tests.resets.test_letters import Fails, fails, refusal, sequence

__all__ = ["fails", "sequence"]
OPENED = datetime(2027, 6, 7, 17, 0, tzinfo=UTC)  # Monday, 10:00 in Lakeside
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much of SMTP as is asked of it, and hangs up at the word `hangs_up_at`, or "." after a text."""

    daemon_threads = True
    hangs_up_at = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.texts = 0


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == self.server.hangs_up_at:
                return
            if word == "DATA":
                self._say("354 go on")
                if not self._takes_the_text():
                    return
            self._say("221 bye" if word == "QUIT" else "250 good")

    def _takes_the_text(self) -> bool:
        while self.rfile.readline() != b".\r\n":
            pass
        if self.server.hangs_up_at == ".":
            return False
        self.server.texts += 1
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with MailServer() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.server_address[1]
        yield running
        running.shutdown()


def get_letters(district: District, address: str) -> None:
    added = {"added_at": OPENED, "added_by": "Carmen Ortiz"}
    Contact.objects.create(district=district, name="Luis Park", email=address, gets_letters=True, **added)


@pytest.fixture
def two_districts(sequence: Season, reset: Reset, cast: Cast) -> None:
    get_letters(cast.quarry, "luis@quarry.example")


@pytest.mark.usefixtures("two_districts")
@pytest.mark.parametrize("word", ["EHLO", "MAIL", "RCPT"])
def test_a_server_that_hangs_up_before_the_text_has_burned_no_letter(server: MailServer, word: str) -> None:
    server.hangs_up_at = word
    assert correspondence.tick(at=OPENED) == 0
    assert not Delivery.objects.exists()
    server.hangs_up_at = ""
    assert correspondence.tick(at=OPENED + MINUTE) == 2
    assert server.texts == 2


@pytest.mark.usefixtures("two_districts")
def test_a_server_that_hangs_up_after_the_text_costs_one_letter_at_most(server: MailServer) -> None:
    server.hangs_up_at = "."
    assert correspondence.tick(at=OPENED) == 0
    (unsure,) = Delivery.objects.all()
    assert "not known" in unsure.bounced_why
    server.hangs_up_at = ""
    correspondence.tick(at=OPENED + MINUTE)
    assert server.texts == 1, "the one that may have arrived is not sent again"


def test_a_full_mailbox_keeps_the_letter_from_nobody_else(
    sequence: Season, reset: Reset, fails: Callable[..., Fails], monkeypatch: pytest.MonkeyPatch
) -> None:
    get_letters(reset.district, "luis@lakeside.example")
    fails(refusal(452), only="dana@")
    correspondence.tick(at=OPENED)
    assert [each.to for each in mail.outbox] == [["Luis Park <luis@lakeside.example>"]]
    letter = Letter.objects.get(district=reset.district)
    assert (letter.sent_at, letter.attempts) == (None, 1)
    monkeypatch.undo()
    correspondence.tick(at=OPENED + 2 * MINUTE)
    assert [each.to for each in mail.outbox[1:]] == [["Dana Whitfield <dana@lakeside.example>"]]


def test_a_server_that_falls_silent_after_a_refusal_leaves_both_for_later(
    sequence: Season, reset: Reset, fails: Callable[..., Fails]
) -> None:
    get_letters(reset.district, "luis@lakeside.example")
    fails(refusal(452), only="dana@").real = _silent  # type: ignore[assignment]
    correspondence.tick(at=OPENED)
    letter = Letter.objects.get(district=reset.district)
    assert (letter.attempts, letter.deliveries.count(), "{district}" in letter.body) == (1, 0, True)


def _silent(message: mail.EmailMultiAlternatives, fail_silently: bool = False) -> int:
    raise smtplib.SMTPServerDisconnected("gone")


def test_a_letter_waits_for_a_hold_that_passes(sequence: Season, reset: Reset, cast: Cast) -> None:
    """Whether somebody has edited it or not."""
    step = sequence.letter_steps.get(name="The week before")
    letter = letters.take_up(step=step, reset=reset, season=sequence, by=cast.carmen, at=OPENED)
    letters.edit(letter=letter, subject="Next week", body="Soon.", by=cast.carmen, at=OPENED)
    day = datetime(2027, 7, 21, 17, tzinfo=UTC)
    held = holds.place(district=cast.lakeside, by=cast.carmen, at=day - MINUTE, reason="A dispute.")
    Letter.objects.exclude(pk=letter.pk).delete()
    correspondence.tick(at=day)
    letter.refresh_from_db()
    assert (letter.sent_at, letter.stopped_at) == (None, None)
    holds.end(held=held, by=cast.carmen, at=day + MINUTE)
    correspondence.tick(at=day + timedelta(hours=1))
    letter.refresh_from_db()
    assert letter.sent_at


def test_a_letter_waits_for_a_reader_while_it_is_news(sequence: Season, reset: Reset, cast: Cast) -> None:
    correspondence.tick(at=OPENED)
    waits = Letter.objects.get(district=cast.quarry)
    assert (waits.sent_at, waits.stopped_at) == (None, None)
    get_letters(cast.quarry, "luis@quarry.example")
    correspondence.tick(at=OPENED + timedelta(hours=1))
    waits.refresh_from_db()
    assert waits.sent_at


def test_a_letter_that_nobody_could_read_in_time_says_so(sequence: Season, reset: Reset, cast: Cast) -> None:
    correspondence.tick(at=OPENED)
    correspondence.tick(at=OPENED + timedelta(days=7))
    assert "Nobody" in Letter.objects.get(district=cast.quarry).stopped_why


def test_those_that_wait_go_behind_the_others(sequence: Season, reset: Reset, cast: Cast) -> None:
    correspondence.tick(at=OPENED)
    assert Letter.objects.get(district=cast.quarry).due_from == OPENED + timedelta(minutes=10)


def test_what_became_of_an_earlier_season_is_told_in_the_next(sequence: Season, reset: Reset) -> None:
    done = datetime(2027, 7, 28, 8, tzinfo=UTC)
    put([reset], Status.COMPLETED, done)
    rules = {**sequence.policy, "school_year": "2027-28"}
    opened = {"opened_at": done + timedelta(days=1), "opened_by": "Maya Lindqvist"}
    Season.objects.create(school_year="2027-28", policy=rules, **opened)
    correspondence.tick(at=datetime(2027, 7, 30, 17, tzinfo=UTC))
    assert any(each.step.number == 7 for each in Letter.objects.filter(sent_at__isnull=False) if each.step)


def test_a_letter_by_hand_goes_after_all_when_somebody_says_so(sequence: Season, reset: Reset, cast: Cast) -> None:
    letter = letters.write(
        district=cast.lakeside, season=sequence, subject="Your question", body="Yes.", asks=False, by=cast.carmen,
        at=OPENED, token="5f1d6a52-2b8e-4f7c-9a43-6a1f3c0d9e99",  # type: ignore[arg-type]
    )  # fmt: skip
    late = OPENED + timedelta(days=8)
    correspondence.send(at=late)
    letter.refresh_from_db()
    assert letter.stopped_at, "eight days without the portal"
    letters.resume(letter=letter, by=cast.carmen, at=late)
    correspondence.send(at=late + MINUTE)
    letter.refresh_from_db()
    assert letter.sent_at
    assert date(2027, 6, 15) == letter.sent_at.date()
