"""The season's letters: when each goes, to whom, what stops it, and that nobody gets the same one twice."""

import smtplib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import cast as cast_to
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from districts.models import Contact, District
from resets import correspondence, letter_fields, letters, services
from resets.models import Delivery, Letter, LetterStep, Reset, ResetEvent, Season
from resets.policy import spoken
from resets.services import NotPossible
from tests.people import Cast

OPENED = datetime(2027, 6, 7, 17, 0, tzinfo=UTC)  # Monday, 10:00 in Lakeside
pytestmark = pytest.mark.django_db


@pytest.fixture
def sequence(season: Season) -> Season:
    Season.objects.filter(pk=season.pk).update(opened_at=OPENED)
    season.refresh_from_db()
    letters.ensure_sequence(season=season, by="Maya Lindqvist", at=OPENED)
    return season


def to_lakeside() -> list[mail.EmailMultiAlternatives]:
    outbox = cast_to("list[mail.EmailMultiAlternatives]", mail.outbox)
    return [each for each in outbox if "dana@lakeside.example" in each.to[0]]


def subjects() -> list[str]:
    return [str(each.subject) for each in to_lakeside()]


def test_the_opening_letter_goes_in_the_csm_s_name_as_text_and_html(sequence: Season, reset: Reset) -> None:
    correspondence.tick(at=OPENED)
    (letter,) = to_lakeside()
    assert letter.from_email.startswith("Carmen Ortiz <")
    assert letter.reply_to == ["Carmen Ortiz <carmen@vendor.example>"]
    assert "/r/" in letter.body
    assert letter.alternatives
    assert "/r/" in str(letter.alternatives[0][0])
    assert "{" not in letter.body


def test_nothing_is_sent_twice_however_often_the_tick_comes(sequence: Season, reset: Reset) -> None:
    for minutes in range(3):
        correspondence.tick(at=OPENED + timedelta(minutes=minutes))
    assert len(to_lakeside()) == 1


def test_a_worker_that_died_after_its_claim_does_not_write_again(sequence: Season, reset: Reset) -> None:
    correspondence._plan(sequence.letter_steps.get(number=1), sequence, OPENED)
    letter = Letter.objects.get(district=reset.district)
    Delivery.objects.create(
        letter=letter, name="Dana Whitfield", address="dana@lakeside.example", sent_at=OPENED, sent_by="Carmen Ortiz"
    )
    correspondence.tick(at=OPENED)
    assert not to_lakeside()
    assert Letter.objects.get(pk=letter.pk).sent_at


def test_the_database_knows_one_letter_a_step_and_district(sequence: Season, reset: Reset) -> None:
    correspondence.tick(at=OPENED)
    sent = Letter.objects.get(district=reset.district)
    sent.pk, sent.token = None, uuid4()
    with pytest.raises(IntegrityError, match="a_step_goes_to_a_district_once"), transaction.atomic():
        sent.save(force_insert=True)


@pytest.mark.parametrize("hour", [6, 18])
def test_a_district_is_left_in_peace_outside_its_working_hours(sequence: Season, reset: Reset, hour: int) -> None:
    correspondence.tick(at=datetime(2027, 6, 7, 7, tzinfo=UTC) + timedelta(hours=hour))
    assert not to_lakeside()


def test_a_district_is_left_in_peace_at_the_weekend(sequence: Season, reset: Reset) -> None:
    Season.objects.filter(pk=sequence.pk).update(opened_at=datetime(2027, 6, 5, 17, tzinfo=UTC))
    correspondence.tick(at=datetime(2027, 6, 5, 18, tzinfo=UTC))
    assert not to_lakeside()
    correspondence.tick(at=datetime(2027, 6, 7, 18, tzinfo=UTC))
    assert len(to_lakeside()) == 1


def test_reminders_stop_on_an_answer(sequence: Season, reset: Reset, cast: Cast) -> None:
    later = OPENED + timedelta(days=14)
    correspondence.tick(at=OPENED)
    services.keep_default(reset=reset, by=cast.dana, at=OPENED)
    correspondence.tick(at=later)
    assert len(to_lakeside()) == 1


def test_reminders_go_to_a_silent_district(sequence: Season, reset: Reset) -> None:
    correspondence.tick(at=OPENED)
    correspondence.tick(at=OPENED + timedelta(days=14))
    assert len(to_lakeside()) == 2


def test_a_letter_that_stands_is_stopped_by_an_answer_and_says_so(sequence: Season, reset: Reset, cast: Cast) -> None:
    step = sequence.letter_steps.get(number=2)
    letters.take_up(step=step, reset=reset, season=sequence, by=cast.carmen, at=OPENED)
    services.keep_default(reset=reset, by=cast.dana, at=OPENED)
    correspondence.tick(at=OPENED + timedelta(days=15))
    letter = Letter.objects.get(step=step, district=reset.district)
    assert (letter.sent_at, letter.stopped_why) == (None, "The district has answered.")
    assert ResetEvent.objects.filter(kind="letter_stopped").exists()


def test_the_last_notice_is_for_defaults_alone(sequence: Season, reset: Reset) -> None:
    Reset.objects.filter(pk=reset.pk).update(is_default=False)
    correspondence.tick(at=datetime(2027, 7, 14, 17, tzinfo=UTC))
    assert "by default" not in " ".join(subjects())


def test_the_last_notice_names_the_default_day(sequence: Season, reset: Reset) -> None:
    correspondence.tick(at=datetime(2027, 7, 14, 17, tzinfo=UTC))
    assert f"Lakeside Unified will be reset on {spoken(reset.date)} by default" in subjects()


def test_the_letter_of_the_day_before_goes_before_and_not_after(sequence: Season, reset: Reset) -> None:
    correspondence.tick(at=datetime(2027, 7, 27, 17, tzinfo=UTC))
    assert "Roster syncs of Lakeside Unified pause for its reset" in subjects()
    mail.outbox.clear()
    Letter.objects.all().delete()
    correspondence.tick(at=datetime(2027, 7, 28, 17, tzinfo=UTC))
    assert "Roster syncs of Lakeside Unified pause for its reset" not in subjects()


def test_a_portal_that_was_away_sends_no_old_news(sequence: Season, reset: Reset) -> None:
    correspondence.tick(at=OPENED + timedelta(days=7))
    assert not to_lakeside()


def test_a_letter_follows_a_date_that_moved(sequence: Season, reset: Reset, cast: Cast) -> None:
    step = sequence.letter_steps.get(number=5)
    letters.take_up(step=step, reset=reset, season=sequence, by=cast.carmen, at=OPENED)
    Reset.objects.filter(pk=reset.pk).update(date=date(2027, 7, 14))
    correspondence.tick(at=datetime(2027, 7, 7, 17, tzinfo=UTC))
    assert Letter.objects.get(step=step, district=reset.district).sent_at


def test_edited_words_go_with_their_fields_filled(sequence: Season, reset: Reset, cast: Cast) -> None:
    step = sequence.letter_steps.get(number=2)
    letter = letters.take_up(step=step, reset=reset, season=sequence, by=cast.carmen, at=OPENED)
    letters.edit(letter=letter, subject="About {district}", body="Call {csm}.", by=cast.carmen, at=OPENED)
    correspondence.tick(at=OPENED + timedelta(days=14))
    assert "About Lakeside Unified" in subjects()


def test_a_letter_that_has_gone_is_not_edited(sequence: Season, reset: Reset, cast: Cast) -> None:
    correspondence.tick(at=OPENED)
    letter = Letter.objects.get(district=reset.district)
    with pytest.raises(NotPossible, match="gone already"):
        letters.edit(letter=letter, subject="a", body="b", by=cast.carmen, at=OPENED)


def test_a_stopped_letter_does_not_go(sequence: Season, reset: Reset, cast: Cast) -> None:
    step = sequence.letter_steps.get(number=1)
    letter = letters.take_up(step=step, reset=reset, season=sequence, by=cast.carmen, at=OPENED)
    letters.stop(letter=letter, why="", by=cast.carmen, at=OPENED)
    correspondence.tick(at=OPENED)
    assert not to_lakeside()


def test_a_field_that_there_is_not_is_named(sequence: Season, cast: Cast) -> None:
    with pytest.raises(letter_fields.Unknown, match=r"There is no field \{student\}.*\{district\}"):
        letters.edit_step(step=sequence.letter_steps.get(number=1), body="{student}", by=cast.maya, at=OPENED)


@pytest.mark.parametrize("text", ["{district", "{district.zone}", "{district!r}", "{}", "}"])
def test_braces_reach_nothing_but_fields(text: str) -> None:
    with pytest.raises(letter_fields.Unknown):
        letter_fields.check(text)


def test_a_form_sent_twice_is_one_letter(sequence: Season, cast: Cast) -> None:
    token = uuid4()
    for _ in range(2):
        letters.write(
            district=cast.lakeside, season=sequence, subject="Hello", body="Words", asks=False,
            by=cast.carmen, at=OPENED, token=token,
        )  # fmt: skip
    assert Letter.objects.filter(district=cast.lakeside).count() == 1


def get_letters(district: District, address: str, *, gets: bool = True) -> None:
    Contact.objects.create(
        district=district, name="Luis Park", email=address, gets_letters=gets, added_at=OPENED, added_by="Carmen Ortiz"
    )


def test_a_contact_that_gets_letters_gets_them(sequence: Season, reset: Reset) -> None:
    get_letters(reset.district, "luis@lakeside.example")
    get_letters(reset.district, "other@lakeside.example", gets=False)
    get_letters(reset.district, "Dana@Lakeside.example")
    correspondence.tick(at=OPENED)
    people = {each.to[0] for each in mail.outbox}
    assert people == {"Dana Whitfield <dana@lakeside.example>", "Luis Park <luis@lakeside.example>"}


def test_a_district_without_anybody_says_so(sequence: Season, reset: Reset, cast: Cast) -> None:
    cast.dana.is_active = False
    cast.dana.save()
    correspondence.tick(at=OPENED)
    assert "Nobody" in Letter.objects.get(district=reset.district).stopped_why


class Fails:
    """A mail server that fails, for one person or for everybody."""

    def __init__(self, error: Exception, only: str = "") -> None:
        self.error, self.only, self.real = error, only, mail.EmailMultiAlternatives.send
        self.asked = 0

    def __get__(self, message: mail.EmailMessage, owner: type) -> Callable[[], int]:
        return lambda: self(message)

    def __call__(self, message: mail.EmailMessage) -> int:
        self.asked += 1
        if self.only in message.to[0]:
            raise self.error
        return self.real(message)


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Fails]:
    def fail(error: Exception, only: str = "") -> Fails:
        made = Fails(error, only)
        monkeypatch.setattr(mail.EmailMultiAlternatives, "send", made)
        return made

    return fail


def refusal(code: int, words: bytes = b"no such user") -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"dana@lakeside.example": (code, words)})


def test_a_server_that_is_down_is_tried_again_and_nobody_waits_longer_for_it(
    sequence: Season, reset: Reset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(backend: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.open", down)
        assert correspondence.tick(at=OPENED) == 0
    letter = Letter.objects.get(district=reset.district)
    assert (letter.attempts, letter.deliveries.count(), "{district}" in letter.body) == (0, 0, True)
    correspondence.tick(at=OPENED + timedelta(minutes=1))
    assert len(to_lakeside()) == 1


def test_a_letter_that_waited_tells_what_is_so_by_then(
    sequence: Season, reset: Reset, fails: Callable[..., Fails], monkeypatch: pytest.MonkeyPatch
) -> None:
    fails(refusal(451))
    correspondence.tick(at=OPENED)
    monkeypatch.undo()
    Reset.objects.filter(pk=reset.pk).update(date=date(2027, 8, 3))
    correspondence.tick(at=OPENED + timedelta(minutes=2))
    assert "Tue, August 3, 2027" in to_lakeside()[0].body


@pytest.mark.parametrize(
    "error", [refusal(450), smtplib.SMTPDataError(451, b"later"), smtplib.SMTPSenderRefused(530, b"", "")]
)
def test_mail_that_is_not_taken_now_waits_longer_each_time(
    sequence: Season, reset: Reset, fails: Callable[..., Fails], error: Exception
) -> None:
    fails(error)
    for minute in range(4):
        correspondence.tick(at=OPENED + timedelta(minutes=minute))
    letter = Letter.objects.get(district=reset.district)
    assert (letter.attempts, letter.due_from) == (3, OPENED + timedelta(minutes=3 + 4))
    assert not letter.deliveries.exists()


@pytest.mark.parametrize("error", [refusal(550), smtplib.SMTPDataError(554, b"no such user")])
def test_an_address_that_is_refused_is_noted_as_a_bounce(
    sequence: Season, reset: Reset, fails: Callable[..., Fails], error: Exception
) -> None:
    fails(error)
    correspondence.tick(at=OPENED)
    bounced = Delivery.objects.get(letter__district=reset.district)
    assert (bounced.bounced_at, "no such user" in bounced.bounced_why) == (OPENED, True)
    assert ResetEvent.objects.filter(kind="letter_bounced", reset_id=reset.pk).exists()


@pytest.mark.parametrize("error", [TimeoutError(), smtplib.SMTPServerDisconnected("gone"), ConnectionResetError()])
def test_a_letter_that_may_have_arrived_is_not_sent_again(
    sequence: Season, reset: Reset, fails: Callable[..., Fails], error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails(error)
    correspondence.tick(at=OPENED)
    monkeypatch.undo()
    correspondence.tick(at=OPENED + timedelta(minutes=5))
    assert not to_lakeside()
    assert "not known" in Delivery.objects.get(letter__district=reset.district).bounced_why


def test_one_letter_that_fails_keeps_no_other_back(
    sequence: Season, reset: Reset, cast: Cast, fails: Callable[..., Fails]
) -> None:
    get_letters(cast.quarry, "luis@quarry.example")
    fails(refusal(451), only="dana@")
    correspondence.tick(at=OPENED)
    assert [each.to for each in mail.outbox] == [["Luis Park <luis@quarry.example>"]]


def test_only_those_who_have_not_got_it_are_tried_again(
    sequence: Season, reset: Reset, fails: Callable[..., Fails], monkeypatch: pytest.MonkeyPatch
) -> None:
    get_letters(reset.district, "luis@lakeside.example")
    fails(refusal(451), only="luis@")
    correspondence.tick(at=OPENED)
    assert Letter.objects.get(district=reset.district).sent_at is None
    monkeypatch.undo()
    correspondence.tick(at=OPENED + timedelta(minutes=2))
    assert [each.to[0].split(" <")[0] for each in mail.outbox] == ["Dana Whitfield", "Luis Park"]


def test_those_left_over_are_not_told_old_news(
    sequence: Season, reset: Reset, fails: Callable[..., Fails], monkeypatch: pytest.MonkeyPatch
) -> None:
    get_letters(reset.district, "luis@lakeside.example")
    fails(refusal(451), only="luis@")
    correspondence.tick(at=OPENED)
    monkeypatch.undo()
    correspondence.tick(at=OPENED + timedelta(days=7))
    assert "luis" not in str([each.to for each in mail.outbox])
    left = Delivery.objects.get(address="luis@lakeside.example")
    assert (left.sent_at, left.bounced_why.startswith("Not sent: It could not be sent in time")) == (None, True)


def test_a_tick_asks_a_constant_number_of_questions(sequence: Season, reset: Reset) -> None:
    correspondence.tick(at=OPENED)
    with CaptureQueriesContext(connection) as quiet:
        correspondence.tick(at=OPENED)
    assert len(quiet) <= 4 + 2 * LetterStep.objects.filter(season=sequence).count()
