"""The season's letters: when each goes, to whom, what stops it, and that nobody gets the same one twice."""

import smtplib
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from districts.models import Contact
from resets import correspondence, letter_fields, letters, services
from resets.models import Delivery, Letter, LetterStep, Reset, ResetEvent, Season
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


def to_lakeside() -> list[mail.EmailMessage]:
    return [each for each in mail.outbox if "dana@lakeside.example" in each.to[0]]


def subjects() -> list[str]:
    return [each.subject for each in to_lakeside()]


def test_the_opening_letter_goes_in_the_csm_s_name_as_text_and_html(sequence: Season, reset: Reset) -> None:
    correspondence.tick(at=OPENED)
    (letter,) = to_lakeside()
    assert letter.from_email.startswith("Carmen Ortiz <")
    assert letter.reply_to == ["carmen@vendor.example"]
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
    assert f"Lakeside Unified will be reset on {letter_fields.spoken(reset.date)} by default" in subjects()


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


def test_a_contact_that_gets_letters_gets_them(sequence: Season, reset: Reset) -> None:
    Contact.objects.create(
        district=reset.district, name="Luis Park", email="luis@lakeside.example", gets_letters=True, added_at=OPENED,
        added_by="Carmen Ortiz",
    )  # fmt: skip
    correspondence.tick(at=OPENED)
    assert {each.to[0] for each in mail.outbox} >= {"Luis Park <luis@lakeside.example>"}


def test_a_district_without_anybody_says_so(sequence: Season, reset: Reset, cast: Cast) -> None:
    cast.dana.is_active = False
    cast.dana.save()
    correspondence.tick(at=OPENED)
    assert "Nobody" in Letter.objects.get(district=reset.district).stopped_why


class Down:
    """A mail server that fails."""

    error: OSError = OSError()

    def __init__(self, error: OSError) -> None:
        self.error = error

    def __call__(self, *args: object, **kwargs: object) -> int:
        raise self.error


def test_a_server_that_is_down_is_tried_again_later(
    sequence: Season, reset: Reset, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", Down(ConnectionRefusedError()))
        assert correspondence.tick(at=OPENED) == 0
    correspondence.tick(at=OPENED + timedelta(minutes=5))
    assert len(to_lakeside()) == 1


def test_an_address_that_is_refused_is_noted_as_a_bounce(
    sequence: Season, reset: Reset, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = smtplib.SMTPRecipientsRefused({"dana@lakeside.example": (550, b"no such user")})
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", Down(refused))
    correspondence.tick(at=OPENED)
    assert Delivery.objects.get(letter__district=reset.district).bounced_at
    assert ResetEvent.objects.filter(kind="letter_bounced").exists()


def test_a_tick_asks_a_constant_number_of_questions(sequence: Season, reset: Reset) -> None:
    correspondence.tick(at=OPENED)
    with CaptureQueriesContext(connection) as quiet:
        correspondence.tick(at=OPENED)
    assert len(quiet) <= 4 + 2 * LetterStep.objects.filter(season=sequence).count()


def test_a_delivery_that_another_worker_claimed_is_left_to_it(sequence: Season, reset: Reset, cast: Cast) -> None:
    step = sequence.letter_steps.get(number=1)
    letter = letters.take_up(step=step, reset=reset, season=sequence, by=cast.carmen, at=OPENED)
    stale = Delivery.objects.create(letter=letter, name="Dana Whitfield", address="dana@lakeside.example")
    for _ in range(2):
        correspondence._deliver(stale, letter, OPENED)
    assert len(to_lakeside()) == 1
