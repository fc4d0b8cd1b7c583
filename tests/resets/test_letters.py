"""The season's letters: when each goes, to whom, what stops it, and that nobody gets the same one twice."""

import smtplib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from typing import cast as cast_to
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from districts import notices
from districts.models import Contact, District
from resets import (
    correspondence,
    history,
    letter_days,
    letter_fields,
    letter_planning,
    letter_steps,
    letters,
    replies,
    services,
)
from resets.models import Delivery, Hold, Letter, LetterStep, Reset, ResetEvent, Season
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
    letter_planning.plan(sequence.letter_steps.get(number=1), sequence, by="the portal", at=OPENED)
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
    with pytest.raises(IntegrityError, match="a_step_goes_to_a_district_once_a_date"), transaction.atomic():
        sent.save(force_insert=True)


@pytest.mark.parametrize(("hour", "letters"), [(7, 0), (8, 1), (17, 1), (18, 0)])
def test_a_district_is_left_in_peace_outside_its_working_hours(
    sequence: Season, reset: Reset, hour: int, letters: int
) -> None:
    """On the day after the opening, when its letter is due since yesterday."""
    correspondence.tick(at=datetime(2027, 6, 8, 7, tzinfo=UTC) + timedelta(hours=hour))
    assert len(to_lakeside()) == letters


@pytest.mark.parametrize(("hour", "morning"), [(5, 8), (18, 9)])
def test_what_is_written_outside_them_waits_for_the_next_morning(
    sequence: Season, cast: Cast, hour: int, morning: int
) -> None:
    at = datetime(2027, 6, 8, 7, tzinfo=UTC) + timedelta(hours=hour)  # a Tuesday in Lakeside
    about: dict[str, Any] = {"subject": "Hello", "body": "Words", "asks": False, "by": cast.carmen, "token": uuid4()}
    letter = letters.write(district=cast.lakeside, season=sequence, at=at, **about)
    assert letter.due_from == datetime(2027, 6, morning, 15, tzinfo=UTC)


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


def test_what_became_of_its_data_is_told_a_district_even_late(sequence: Season, reset: Reset) -> None:
    done = datetime(2027, 7, 28, 9, tzinfo=UTC)
    whole = {"verified_at": done, "verified_by": "a worker", "destroyed_at": done, "destroyed_by": "a worker"}
    Reset.objects.filter(pk=reset.pk).update(status="completed", completed_at=done, completed_by="a worker", **whole)
    correspondence.tick(at=datetime(2027, 8, 16, 17, tzinfo=UTC))
    assert "The student data of Lakeside Unified has been reset" in subjects()


def test_a_portal_that_was_away_sends_no_old_news(sequence: Season, reset: Reset) -> None:
    correspondence.tick(at=OPENED + timedelta(days=7))
    assert not to_lakeside()
    assert not Letter.objects.exists()


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
        letter_steps.edit_step(step=sequence.letter_steps.get(number=1), body="{student}", by=cast.maya, at=OPENED)


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


EVE = datetime(2027, 7, 27, 15, tzinfo=UTC)  # 8:00 in Lakeside, and the reset is on the 28th


def told_by_the_portal(at: datetime) -> list[str]:
    mail.outbox.clear()
    notices.tell(at=at)
    return [str(each.subject) for each in to_lakeside()]


def test_those_left_over_hear_nothing_when_the_date_moved_meanwhile(
    sequence: Season, reset: Reset, fails: Callable[..., Fails]
) -> None:
    get_letters(reset.district, "luis@lakeside.example")
    failing = fails(refusal(451), only="luis@")
    week_before = datetime(2027, 7, 21, 17, tzinfo=UTC)
    correspondence.tick(at=week_before)
    failing.only = "nobody"
    Reset.objects.filter(pk=reset.pk).update(date=date(2027, 8, 16))
    correspondence.tick(at=week_before + timedelta(hours=1))
    assert Delivery.objects.get(address="luis@lakeside.example").bounced_why == "Not sent: Its day was moved."
    assert "luis" not in str([each.to for each in mail.outbox])


def test_a_worker_killed_once_the_words_are_filled_in_leaves_no_old_words_behind(
    sequence: Season, reset: Reset, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = correspondence._begin

    def begin_and_die(letter: Letter, at: datetime) -> None:
        begin(letter, at)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(correspondence, "_begin", begin_and_die)
        with pytest.raises(KeyboardInterrupt):
            correspondence.tick(at=OPENED)
    Reset.objects.filter(pk=reset.pk).update(date=date(2027, 8, 3))
    correspondence.tick(at=OPENED + timedelta(minutes=1))
    assert not any("July 28" in str(each.body) for each in to_lakeside())


def test_what_the_letter_of_the_day_before_says_is_not_said_again(sequence: Season, reset: Reset) -> None:
    correspondence.tick(at=EVE)
    assert "Roster syncs of Lakeside Unified pause for its reset" in subjects()
    assert told_by_the_portal(EVE + timedelta(hours=2)) == []


def test_without_that_letter_the_portal_says_it(sequence: Season, reset: Reset, cast: Cast) -> None:
    letter_steps.stop_step(step=sequence.letter_steps.get(number=6), by=cast.maya, at=OPENED)
    correspondence.tick(at=EVE)
    assert told_by_the_portal(EVE + timedelta(hours=2)) == ["Lakeside Unified: roster syncs pause tomorrow"]


def test_a_letter_that_came_back_has_told_nobody(sequence: Season, reset: Reset, fails: Callable[..., Fails]) -> None:
    failing = fails(refusal(550))
    correspondence.tick(at=EVE)
    failing.only = "nobody"
    assert told_by_the_portal(EVE + timedelta(hours=2)) == ["Lakeside Unified: roster syncs pause tomorrow"]


@pytest.mark.parametrize(("came_back", "got_it"), [("dana", "luis"), ("luis", "dana")])
def test_the_portal_tells_whom_the_letter_of_the_day_before_did_not_reach(
    sequence: Season, reset: Reset, fails: Callable[..., Fails], came_back: str, got_it: str
) -> None:
    get_letters(reset.district, "luis@lakeside.example")
    failing = fails(refusal(550), only=f"{came_back}@")
    correspondence.tick(at=EVE)
    failing.only = "nobody"
    told_by_the_portal(EVE + timedelta(hours=2))
    assert mail.outbox[0].to == [f"{came_back}@lakeside.example", "carmen@vendor.example"]
    assert got_it not in str([each.to for each in mail.outbox])


def test_a_season_that_opens_gets_its_letters(season: Season) -> None:
    assert [step.number for step in season.letter_steps.all()] == list(range(1, 8))
    assert season.letter_steps.filter(asks=True).count() == 4


def test_a_season_that_was_opened_before_gets_them_too_and_no_old_news(season: Season, reset: Reset) -> None:
    season.letter_steps.all().delete()
    correspondence.tick(at=datetime(2027, 7, 1, 17, tzinfo=UTC))
    assert season.letter_steps.count() == 7
    assert not Letter.objects.exists()


def test_a_sequence_that_a_lead_has_edited_stays_hers(sequence: Season, cast: Cast) -> None:
    letter_steps.edit_step(step=sequence.letter_steps.get(number=1), name="Our own", by=cast.maya, at=OPENED)
    letters.ensure_sequence(season=sequence, by=cast.maya, at=OPENED)
    assert sequence.letter_steps.get(number=1).name == "Our own"


def test_every_letter_of_the_start_has_words_that_can_be_filled(sequence: Season, reset: Reset, cast: Cast) -> None:
    about: dict[str, Any] = {
        "district": reset.district,
        "season": sequence,
        "reset": reset,
        "csm": cast.carmen,
        "at": OPENED,
    }
    for step in sequence.letter_steps.all():
        said = letter_fields.fill(step.subject + step.body, **about)
        assert "{" not in said
        assert "a day we do not know yet" not in step.subject


def test_the_letter_after_the_reset_leads_to_its_certificate(sequence: Season, reset: Reset) -> None:
    done = datetime(2027, 7, 28, 9, tzinfo=UTC)
    stamps = {f"{stem}_{end}": value for stem in ("counted", "destroyed", "verified", "completed")
              for end, value in (("at", done), ("by", "w1"))}  # fmt: skip
    Reset.objects.filter(pk=reset.pk).update(status="completed", **stamps)
    correspondence.tick(at=done + timedelta(hours=2))
    assert not to_lakeside(), "it is four in the morning"
    correspondence.tick(at=done + timedelta(hours=8))
    (letter,) = to_lakeside()
    assert f"/resets/{reset.pk}/certificate/" in letter.body


@pytest.mark.parametrize("ended", [False, True])
def test_a_district_on_a_records_hold_is_not_told_of_a_reset(
    sequence: Season, reset: Reset, cast: Cast, ended: bool
) -> None:
    about = {"reason": "A request to inspect is open.", "placed_at": OPENED, "placed_by": "Dana Whitfield"}
    Hold.objects.create(district=reset.district, ends_on=date(2027, 8, 30), **about)
    if ended:
        Hold.objects.update(ended_at=OPENED, ended_by="Dana Whitfield")
    correspondence.tick(at=EVE)
    assert bool(to_lakeside()) is ended


def test_a_reset_that_is_held_is_not_announced(sequence: Season, reset: Reset) -> None:
    held = {
        "held_for": "engineer",
        "held_why": "It stopped.",
        "held_from": "scheduled",
        "held_at": OPENED,
        "held_by": "w1",
    }
    Reset.objects.filter(pk=reset.pk).update(status="held", **held)
    correspondence.tick(at=EVE)
    assert not to_lakeside()


def test_a_date_that_was_moved_away_takes_its_letter_along(sequence: Season, reset: Reset, cast: Cast) -> None:
    step = sequence.letter_steps.get(number=5)
    letters.take_up(step=step, reset=reset, season=sequence, by=cast.carmen, at=OPENED)
    Reset.objects.filter(pk=reset.pk).update(date=date(2027, 8, 11))
    correspondence.tick(at=datetime(2027, 7, 21, 17, tzinfo=UTC))
    letter = Letter.objects.get(step=step, district=reset.district)
    assert (letter.sent_at, letter.stopped_at) == (None, None)
    assert letter.due_from == datetime(2027, 8, 4, 15, tzinfo=UTC)
    correspondence.tick(at=datetime(2027, 8, 4, 16, tzinfo=UTC))
    assert "What to do before Lakeside Unified is reset on Wed, August 11, 2027" in subjects()


def test_a_chosen_date_ends_the_reminders(sequence: Season, reset: Reset) -> None:
    Reset.objects.filter(pk=reset.pk).update(is_default=False)
    correspondence.tick(at=OPENED + timedelta(days=14))
    assert not to_lakeside()


def test_a_step_that_is_stopped_waits_until_it_may_go_again(sequence: Season, reset: Reset, cast: Cast) -> None:
    step = sequence.letter_steps.get(number=1)
    letters.take_up(step=step, reset=reset, season=sequence, by=cast.carmen, at=OPENED)
    letter_steps.stop_step(step=step, by=cast.maya, at=OPENED)
    correspondence.tick(at=OPENED)
    assert not to_lakeside()
    letter_steps.resume_step(step=step, by=cast.maya, at=OPENED)
    correspondence.tick(at=OPENED + timedelta(minutes=1))
    assert len(to_lakeside()) == 1


def test_a_season_opened_on_friday_evening_writes_on_monday(sequence: Season, reset: Reset) -> None:
    friday = datetime(2027, 6, 12, 2, tzinfo=UTC)  # 19:00 on the 11th in Lakeside
    Season.objects.filter(pk=sequence.pk).update(opened_at=friday)
    correspondence.tick(at=friday)
    correspondence.tick(at=datetime(2027, 6, 13, 17, tzinfo=UTC))
    assert not to_lakeside()
    correspondence.tick(at=datetime(2027, 6, 14, 15, 0, 30, tzinfo=UTC))
    assert len(to_lakeside()) == 1


def test_each_district_has_its_own_morning(sequence: Season, reset: Reset, cast: Cast) -> None:
    get_letters(cast.quarry, "luis@quarry.example")
    correspondence.tick(at=datetime(2027, 6, 7, 12, 30, tzinfo=UTC))  # 8:30 in New York, 5:30 in Los Angeles
    assert [each.to[0] for each in mail.outbox] == ["Luis Park <luis@quarry.example>"]


@pytest.mark.parametrize(("days", "goes"), [(2, True), (4, False)])
def test_a_letter_by_hand_that_could_not_go_is_not_sent_days_later(
    sequence: Season, reset: Reset, cast: Cast, days: int, goes: bool
) -> None:
    about: dict[str, Any] = {
        "subject": "Hello",
        "body": "Words",
        "asks": False,
        "by": cast.carmen,
        "at": OPENED,
        "token": uuid4(),
    }
    letter = letters.write(district=cast.lakeside, season=sequence, **about)
    correspondence.send(at=OPENED + timedelta(days=days))
    letter.refresh_from_db()
    assert (bool(letter.sent_at), "no news any more" in letter.stopped_why) == (goes, not goes)


def test_words_that_can_no_longer_be_filled_stop_their_letter_alone(sequence: Season, reset: Reset, cast: Cast) -> None:
    get_letters(cast.quarry, "luis@quarry.example")
    step = sequence.letter_steps.get(number=1)
    letter = letters.take_up(step=step, reset=reset, season=sequence, by=cast.carmen, at=OPENED)
    Letter.objects.filter(pk=letter.pk).update(body="{student}")
    correspondence.tick(at=OPENED)
    letter.refresh_from_db()
    assert "There is no field {student}" in letter.stopped_why
    assert len(mail.outbox) == 1


def test_a_line_break_in_a_name_breaks_no_header(sequence: Season, reset: Reset, cast: Cast) -> None:
    District.objects.filter(pk=cast.lakeside.pk).update(name="Lakeside\nBcc: all@vendor.example")
    step = sequence.letter_steps.get(number=1)
    letter_steps.edit_step(step=step, subject="About {district}", by=cast.maya, at=OPENED)
    correspondence.tick(at=OPENED)
    assert subjects() == ["About Lakeside Bcc: all@vendor.example"]


def test_letters_of_a_district_are_one_thread_with_its_notices(sequence: Season, reset: Reset) -> None:
    correspondence.tick(at=OPENED)
    correspondence.tick(at=OPENED + timedelta(days=14))
    first, second = to_lakeside()
    thread = f"<district-{reset.district_id}@"
    assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]
    assert {str(each.extra_headers["References"]).split("@")[0] + "@" for each in (first, second)} == {thread}


def test_a_district_without_a_csm_hears_from_the_portal(sequence: Season, reset: Reset, cast: Cast) -> None:
    District.objects.filter(pk=cast.lakeside.pk).update(csm=None)
    correspondence.tick(at=OPENED)
    (letter,) = to_lakeside()
    assert (letter.from_email.split(" <")[0], letter.reply_to) == ("Reset Portal", [])


def test_an_edited_step_changes_what_waits_unless_somebody_edited_that(
    sequence: Season, reset: Reset, cast: Cast
) -> None:
    step = sequence.letter_steps.get(number=2)
    other = Reset.objects.select_related("district").get(district=cast.quarry)
    plain = letters.take_up(step=step, reset=other, season=sequence, by=cast.omar, at=OPENED)
    own = letters.take_up(step=step, reset=reset, season=sequence, by=cast.carmen, at=OPENED)
    letters.edit(letter=own, subject="Mine", body="Mine", by=cast.carmen, at=OPENED)
    letter_steps.edit_step(step=step, subject="New", body="New", by=cast.maya, at=OPENED)
    plain.refresh_from_db()
    own.refresh_from_db()
    assert (plain.subject, own.subject) == ("New", "Mine")


def test_only_words_and_days_of_a_step_are_edited(sequence: Season, cast: Cast) -> None:
    with pytest.raises(TypeError, match="season_id"):
        letter_steps.edit_step(step=sequence.letter_steps.get(number=1), season_id=7, by=cast.maya, at=OPENED)


@pytest.mark.parametrize(("subject", "body"), [("", "a"), ("a", "  "), ("a\nBcc: b", "c")])
def test_a_letter_needs_a_subject_of_one_line_and_words(sequence: Season, cast: Cast, subject: str, body: str) -> None:
    about: dict[str, Any] = {"asks": False, "by": cast.carmen, "at": OPENED, "token": uuid4()}
    with pytest.raises(NotPossible):
        letters.write(district=cast.lakeside, season=sequence, subject=subject, body=body, **about)


def test_a_stopped_letter_is_in_the_history_and_may_go_after_all(sequence: Season, reset: Reset, cast: Cast) -> None:
    step = sequence.letter_steps.get(number=1)
    letter = letters.take_up(step=step, reset=reset, season=sequence, by=cast.carmen, at=OPENED)
    letter = letters.stop(letter=letter, why="They know.", by=cast.carmen, at=OPENED)
    event = ResetEvent.objects.get(kind="letter_stopped")
    assert history.sentence(event) == "“Opening letter” was not sent: They know."
    with pytest.raises(NotPossible, match="They know"):
        letters.edit(letter=letter, subject="a", body="b", by=cast.carmen, at=OPENED)
    letters.resume(letter=letter, by=cast.carmen, at=OPENED)
    correspondence.tick(at=OPENED)
    assert len(to_lakeside()) == 1


def test_what_is_to_come_says_its_day_and_what_stops_it(sequence: Season, reset: Reset, cast: Cast) -> None:
    services.keep_default(reset=reset, by=cast.dana, at=OPENED)
    correspondence.tick(at=OPENED)
    coming = letters.planned(season=sequence, district=cast.lakeside, at=OPENED)
    assert [each.day for each in coming][:2] == [date(2027, 6, 7), date(2027, 6, 21)]
    assert coming[-1].day is None, "nobody knows when the reset is completed"
    assert [each.stops for each in coming[:3]] == ["", "The district has answered.", "The district has answered."]
    assert coming[0].letter is not None
    later = letters.planned(season=sequence, district=cast.lakeside, at=datetime(2027, 7, 27, 17, tzinfo=UTC))
    assert later[4].stops == "Its day is over, and it was not sent."


def test_planning_asks_no_more_for_many_districts(sequence: Season, reset: Reset) -> None:
    def asked() -> int:
        Letter.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            for step in sequence.letter_steps.all():
                letter_planning.plan(step, sequence, by="the portal", at=OPENED)
        return len(queries)

    few = asked()
    made = District.objects.bulk_create(
        District(name=f"No. {number}", site_code=f"07000{number:03}", zone="America/Chicago") for number in range(300)
    )
    about = {"date": reset.date, "due_from": reset.due_from, "date_set_at": OPENED, "date_set_by": "Maya Lindqvist"}
    Reset.objects.bulk_create(Reset(season=sequence, district=district, **about) for district in made)
    assert asked() == few
    assert Letter.objects.count() >= 300


def test_a_letter_that_some_have_got_is_neither_stopped_nor_edited(
    sequence: Season, reset: Reset, cast: Cast, fails: Callable[..., Fails]
) -> None:
    get_letters(reset.district, "luis@lakeside.example")
    fails(refusal(451), only="luis@")
    correspondence.tick(at=OPENED)
    with pytest.raises(NotPossible, match="on its way"):
        letters.stop(letter=Letter.objects.get(district=reset.district), why="", by=cast.carmen, at=OPENED)


def test_a_letter_of_a_friday_is_news_until_wednesday_evening(sequence: Season) -> None:
    window = letter_days.of_a_letter_by_hand("America/Los_Angeles", datetime(2027, 6, 11, 17, tzinfo=UTC))
    assert window.ends == datetime(2027, 6, 17, 1, tzinfo=UTC)


def written_by(who: Any, reset: Reset) -> mail.EmailMultiAlternatives:
    about = {"subject": "A change of plan", "body": "Words.", "asks": False, "token": uuid4()}
    letters.write(district=reset.district, season=reset.season, by=who, at=OPENED, **about)  # type: ignore[arg-type]
    correspondence.send(at=OPENED)
    (letter,) = to_lakeside()
    return letter


def test_what_a_lead_writes_goes_in_her_name_and_is_answered_to_both(reset: Reset, cast: Cast) -> None:
    letter = written_by(cast.maya, reset)
    assert letter.from_email.startswith("Maya Lindqvist <")
    assert letter.reply_to == ["Maya Lindqvist <maya@vendor.example>", "Carmen Ortiz <carmen@vendor.example>"]
    for words in (letter.body, str(letter.alternatives[0][0])):
        assert "Maya Lindqvist" in words
        assert "Carmen Ortiz" not in words
    assert Delivery.objects.get(address=cast.dana.email).sent_by == "Maya Lindqvist"


def test_what_a_lead_answers_goes_in_her_name(reset: Reset, cast: Cast) -> None:
    asked = replies.ask_question(reset=reset, text="When?", by=cast.dana, at=OPENED)
    replies.answer_question(question=asked, text="At 1:00 AM.", by=cast.maya, at=OPENED)
    correspondence.send(at=OPENED)
    (letter,) = to_lakeside()
    assert letter.from_email.startswith("Maya Lindqvist <")


@pytest.mark.parametrize("name", ["Maya Lindqvist", "Carmen Ortiz"])
def test_a_lead_of_the_same_name_as_another_signs_what_she_writes(reset: Reset, cast: Cast, name: str) -> None:
    """Two leads, or a lead and the district's CSM: who wrote is told by her account, not by her name."""
    people = type(cast.maya).objects
    other = people.create_user("other@vendor.example", "not used", name=name, role="csm_lead")
    letter = written_by(other, reset)
    assert letter.from_email.startswith(f"{name} <")
    assert letter.reply_to == [f"{name} <other@vendor.example>", "Carmen Ortiz <carmen@vendor.example>"]


def test_the_history_tells_who_wrote_a_letter_whoever_it_is_from(reset: Reset, cast: Cast) -> None:
    type(cast.maya).objects.filter(pk=cast.maya.pk).update(is_active=False)
    written_by(cast.maya, reset)
    event = ResetEvent.objects.get(kind="letter_by_hand")
    assert event.by == "Carmen Ortiz"
    said = "“A change of plan”, which Maya Lindqvist wrote, was sent to Dana Whitfield."
    assert history.sentence(event) == said


def test_what_a_former_csm_wrote_bears_the_name_of_the_one_who_looks_after_it_now(reset: Reset, cast: Cast) -> None:
    District.objects.filter(pk=reset.district_id).update(csm=cast.omar)
    letter = written_by(cast.carmen, reset)
    assert letter.reply_to == ["Omar Haddad <omar@vendor.example>"]


def test_a_lead_who_signs_in_no_more_signs_no_letter(reset: Reset, cast: Cast) -> None:
    type(cast.maya).objects.filter(pk=cast.maya.pk).update(is_active=False)
    assert written_by(cast.maya, reset).from_email.startswith("Carmen Ortiz <")


def test_who_signs_in_no_more_gets_no_letter(sequence: Season, reset: Reset) -> None:
    get_letters(reset.district, "luis@lakeside.example")
    reset.district.admins.update(is_active=False)
    correspondence.tick(at=OPENED)
    assert {each.to[0] for each in mail.outbox} == {"Luis Park <luis@lakeside.example>"}


def test_a_form_sent_again_with_other_words_says_so_until_it_has_gone(
    sequence: Season, reset: Reset, cast: Cast
) -> None:
    about: dict[str, Any] = {"subject": "Hello", "asks": False, "by": cast.carmen, "at": OPENED, "token": uuid4()}
    letters.write(district=cast.lakeside, season=sequence, body="Words", **about)
    with pytest.raises(NotPossible, match="written already, with other words"):
        letters.write(district=cast.lakeside, season=sequence, body="Other words", **about)
    correspondence.send(at=OPENED)
    again = letters.write(district=cast.lakeside, season=sequence, body="Other words", **about)
    assert (again.body, len(to_lakeside())) == ("Words", 1)


def test_a_letter_is_edited_to_words_that_can_be_sent_alone(sequence: Season, reset: Reset, cast: Cast) -> None:
    about: dict[str, Any] = {"asks": False, "by": cast.carmen, "at": OPENED, "token": uuid4()}
    letter = letters.write(district=cast.lakeside, season=sequence, subject="Hello", body="Words", **about)
    for subject, body in (("", "a"), ("a", " "), ("a\nBcc: b", "c")):
        with pytest.raises(NotPossible):
            letters.edit(letter=letter, subject=subject, body=body, by=cast.carmen, at=OPENED)
    for subject, body in (("{student}", "a"), ("a", "{student}")):
        with pytest.raises(letter_fields.Unknown):
            letters.edit(letter=letter, subject=subject, body=body, by=cast.carmen, at=OPENED)
    letter.refresh_from_db()
    assert (letter.subject, letter.body, letter.edited_at) == ("Hello", "Words", None)


def test_a_hold_of_another_district_keeps_no_letter_back(sequence: Season, reset: Reset, cast: Cast) -> None:
    Hold.objects.create(district=cast.quarry, reason="A dispute.", placed_at=OPENED, placed_by="Omar Haddad")
    ended = {"ended_at": OPENED, "ended_by": "Dana Whitfield"}
    Hold.objects.create(district=cast.lakeside, reason="A dispute.", placed_at=OPENED, placed_by="Dana", **ended)
    correspondence.tick(at=OPENED)
    assert len(to_lakeside()) == 1


def test_an_edited_step_changes_no_letter_that_is_stopped_or_on_its_way(
    sequence: Season, reset: Reset, cast: Cast
) -> None:
    step, found = sequence.letter_steps.get(number=1), []
    for one in (reset, Reset.objects.select_related("district").get(district=cast.quarry)):
        found.append(letters.take_up(step=step, reset=one, season=sequence, by=cast.maya, at=OPENED))
    letters.stop(letter=found[0], why="They know.", by=cast.carmen, at=OPENED)
    Delivery.objects.create(letter=found[1], name="Rosa Quinn", address="rosa@quarry.example")
    letter_steps.edit_step(step=step, subject="Other", by=cast.maya, at=OPENED)
    assert {each.subject for each in Letter.objects.filter(step=step)} == {found[0].subject}


def test_what_has_gone_to_one_district_goes_to_another_all_the_same(sequence: Season, reset: Reset, cast: Cast) -> None:
    Season.objects.filter(pk=sequence.pk).update(opened_at=datetime(2027, 6, 5, 17, tzinfo=UTC))  # a Saturday
    get_letters(cast.quarry, "luis@quarry.example")
    for hour, gone in ((13, {"luis@quarry.example"}), (17, {"luis@quarry.example", "dana@lakeside.example"})):
        correspondence.tick(at=datetime(2027, 6, 7, hour, tzinfo=UTC))  # 9:00 in Quarry Hill, 10:00 in Lakeside
        assert {each.to[0].rpartition("<")[2].removesuffix(">") for each in mail.outbox} == gone
