"""A reset whose date moves gets the right letters again: another date is another letter, none goes twice for one."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from resets import correspondence, letter_mail, letter_planning, letters
from resets.models import Delivery, Letter, LetterStep, Reset, Season
from resets.services import NotPossible
from tests.people import Cast

OPENED = datetime(2027, 6, 7, 17, tzinfo=UTC)  # Monday, 10:00 in Lakeside
JULY_28, AUGUST_4 = date(2027, 7, 28), date(2027, 8, 4)
WEEK_BEFORE, WEEK_BEFORE_AUGUST_4 = datetime(2027, 7, 21, 17, tzinfo=UTC), datetime(2027, 7, 28, 17, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def week(season: Season) -> LetterStep:
    """The letter of the week before, in a season that opened on June 7."""
    Season.objects.filter(pk=season.pk).update(opened_at=OPENED)
    return season.letter_steps.get(number=5)


def move(reset: Reset, to: date) -> None:
    Reset.objects.filter(pk=reset.pk).update(date=to)


def told() -> list[str]:
    """The dates of which letters of the week before have told Lakeside."""
    found = [str(each.subject) for each in mail.outbox if "dana@lakeside.example" in each.to[0]]
    return [each.removeprefix("What to do before Lakeside Unified is reset on ") for each in found if "What to" in each]


def test_a_moved_date_gets_its_own_week_before(week: LetterStep, reset: Reset) -> None:
    correspondence.tick(at=WEEK_BEFORE)
    move(reset, AUGUST_4)
    correspondence.tick(at=WEEK_BEFORE + timedelta(days=1))
    assert told() == ["Wed, July 28, 2027"]
    correspondence.tick(at=WEEK_BEFORE_AUGUST_4)
    assert told() == ["Wed, July 28, 2027", "Wed, August 4, 2027"]


def test_a_moved_date_gets_its_own_day_before(week: LetterStep, reset: Reset) -> None:
    for day, eve in ((JULY_28, 27), (date(2027, 7, 30), 29)):
        move(reset, day)
        correspondence.tick(at=datetime(2027, 7, eve, 17, tzinfo=UTC))
    assert [str(each.subject) for each in mail.outbox].count(
        "Roster syncs of Lakeside Unified pause for its reset"
    ) == 2


def test_a_date_that_comes_back_is_not_told_a_second_time(week: LetterStep, reset: Reset) -> None:
    correspondence.tick(at=WEEK_BEFORE)
    move(reset, AUGUST_4)
    correspondence.tick(at=WEEK_BEFORE + timedelta(hours=1))
    move(reset, JULY_28)
    for hours in (2, 24, 48):
        correspondence.tick(at=WEEK_BEFORE + timedelta(hours=hours))
    assert told() == ["Wed, July 28, 2027"]


def test_a_letter_that_waits_for_a_date_that_came_back_makes_room(week: LetterStep, reset: Reset, cast: Cast) -> None:
    correspondence.tick(at=WEEK_BEFORE)
    move(reset, AUGUST_4)
    reset.refresh_from_db()
    letters.take_up(step=week, reset=reset, season=reset.season, by=cast.carmen, at=WEEK_BEFORE)
    move(reset, JULY_28)
    Letter.objects.filter(step=week, sent_at=None).update(due_from=WEEK_BEFORE)
    correspondence.tick(at=WEEK_BEFORE + timedelta(hours=1))
    assert (told(), Letter.objects.filter(step=week, district=cast.lakeside, sent_at=None).count()) == (
        ["Wed, July 28, 2027"],
        0,
    )
    move(reset, AUGUST_4)
    correspondence.tick(at=WEEK_BEFORE_AUGUST_4)
    assert told() == ["Wed, July 28, 2027", "Wed, August 4, 2027"]


def test_words_that_somebody_edited_are_kept_when_their_date_came_back(
    week: LetterStep, reset: Reset, cast: Cast
) -> None:
    correspondence.tick(at=WEEK_BEFORE)
    move(reset, AUGUST_4)
    reset.refresh_from_db()
    own = letters.take_up(step=week, reset=reset, season=reset.season, by=cast.carmen, at=WEEK_BEFORE)
    letters.edit(letter=own, subject="Mine", body="Mine", by=cast.carmen, at=WEEK_BEFORE)
    move(reset, JULY_28)
    Letter.objects.filter(pk=own.pk).update(due_from=WEEK_BEFORE)
    correspondence.tick(at=WEEK_BEFORE + timedelta(hours=1))
    own.refresh_from_db()
    assert (own.stopped_why, own.sent_at) == ("This letter has gone for the same date already.", None)


def test_a_letter_that_a_person_stopped_is_stopped_for_every_date(week: LetterStep, reset: Reset, cast: Cast) -> None:
    own = letters.take_up(step=week, reset=reset, season=reset.season, by=cast.carmen, at=OPENED)
    letters.stop(letter=own, why="They know.", by=cast.carmen, at=OPENED)
    for day, at in ((JULY_28, WEEK_BEFORE), (AUGUST_4, WEEK_BEFORE_AUGUST_4)):
        move(reset, day)
        correspondence.tick(at=at)
    assert told() == []
    letters.resume(letter=own, by=cast.carmen, at=WEEK_BEFORE_AUGUST_4)
    correspondence.tick(at=WEEK_BEFORE_AUGUST_4)
    assert told() == ["Wed, August 4, 2027"]


def test_a_letter_that_the_portal_stopped_is_stopped_for_its_date(week: LetterStep, reset: Reset, cast: Cast) -> None:
    letters.take_up(step=week, reset=reset, season=reset.season, by=cast.carmen, at=OPENED)
    correspondence.tick(at=WEEK_BEFORE + timedelta(days=6))  # the evening of the 26th was its end
    assert Letter.objects.get(step=week, district=reset.district).for_date == JULY_28
    move(reset, AUGUST_4)
    correspondence.tick(at=WEEK_BEFORE_AUGUST_4)
    assert told() == ["Wed, August 4, 2027"]


def test_a_stopped_letter_makes_no_second_one_that_waits(week: LetterStep, reset: Reset, cast: Cast) -> None:
    own = letters.take_up(step=week, reset=reset, season=reset.season, by=cast.carmen, at=OPENED)
    correspondence.tick(at=WEEK_BEFORE + timedelta(days=6))
    move(reset, AUGUST_4)
    reset.refresh_from_db()
    letters.take_up(step=week, reset=reset, season=reset.season, by=cast.carmen, at=WEEK_BEFORE)
    with pytest.raises(NotPossible, match="Another one waits"):
        letters.resume(letter=own, by=cast.carmen, at=WEEK_BEFORE)


def test_a_letter_that_has_gone_for_a_date_is_not_taken_up_for_it(week: LetterStep, reset: Reset, cast: Cast) -> None:
    correspondence.tick(at=WEEK_BEFORE)
    with pytest.raises(NotPossible, match="for this date already"):
        letters.take_up(step=week, reset=reset, season=reset.season, by=cast.carmen, at=WEEK_BEFORE)


def test_the_database_holds_to_one_that_waits_and_one_a_date(week: LetterStep, reset: Reset) -> None:
    about = {"district": reset.district, "season": reset.season, "step": week, "due_from": OPENED, "written_at": OPENED}
    for day in (None, JULY_28, AUGUST_4):
        Letter.objects.create(for_date=day, token=uuid4(), **about)
        with pytest.raises(IntegrityError, match="once_a_date"), transaction.atomic():
            Letter.objects.create(for_date=day, token=uuid4(), **about)


def test_a_worker_that_died_with_a_letter_of_a_moved_date_finishes_neither_twice(
    week: LetterStep, reset: Reset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(correspondence, "_hand_over", killed)
        with pytest.raises(KeyboardInterrupt):
            correspondence.tick(at=WEEK_BEFORE)
    move(reset, date(2027, 7, 29))
    for minutes in range(1, 4):
        correspondence.tick(at=WEEK_BEFORE + timedelta(days=1, minutes=minutes))
    assert told() == ["Thu, July 29, 2027"]
    spoken_of = Letter.objects.filter(step=week, district=reset.district).values_list("for_date", "sent_at")
    assert sorted((day, sent is not None) for day, sent in spoken_of) == [(JULY_28, True), (date(2027, 7, 29), True)]


def test_a_letter_given_back_leaves_room_for_the_one_of_the_date_that_there_is(
    week: LetterStep, reset: Reset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moved_meanwhile(*args: object) -> None:
        move(reset, date(2027, 7, 29))
        letter_planning.plan(week, reset.season, by="the portal", at=WEEK_BEFORE + timedelta(days=1))
        raise letter_mail.Later

    with monkeypatch.context() as patch:
        patch.setattr(letter_mail, "send", moved_meanwhile)
        correspondence.tick(at=WEEK_BEFORE)
    correspondence.tick(at=WEEK_BEFORE + timedelta(days=1))
    assert told() == ["Thu, July 29, 2027"]


def test_what_is_to_come_is_another_letter_once_the_date_moved(week: LetterStep, reset: Reset, cast: Cast) -> None:
    def fifth() -> letters.Planned:
        return letters.planned(season=reset.season, district=cast.lakeside, at=WEEK_BEFORE)[4]

    correspondence.tick(at=WEEK_BEFORE)
    gone = fifth()
    assert gone.letter
    assert gone.letter.sent_at
    move(reset, AUGUST_4)
    assert (fifth().letter, fifth().day) == (None, JULY_28)


def test_letters_of_one_district_are_not_mixed_up_with_another_s(week: LetterStep, reset: Reset, cast: Cast) -> None:
    correspondence.tick(at=WEEK_BEFORE)
    assert Delivery.objects.filter(letter__district=cast.lakeside, letter__step=week).count() == 1
