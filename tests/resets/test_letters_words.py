"""The words that a season's letters start with: each true by itself, whatever became of the one before it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import translation

from districts.models import District, Gate
from resets import correspondence, letter_days, letter_fields, letter_steps, letters, opening
from resets.letter_sequence import STARTING
from resets.models import Letter, LetterStep, Reset, Season
from tests.people import Cast

OPENED = datetime(2027, 6, 7, 17, tzinfo=UTC)  # Monday, 10:00 in Lakeside
DONE = datetime(2027, 7, 28, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def filled(step: LetterStep, reset: Reset, cast: Cast) -> str:
    about: dict[str, Any] = {"season": reset.season, "reset": reset, "csm": cast.carmen, "at": OPENED}
    return " ".join(letter_fields.fill(step.body, district=reset.district, **about).split())


def resumes_on(season: Season, event: str) -> None:
    Season.objects.filter(pk=season.pk).update(policy=season.policy | {"resumes_on": event})


@pytest.mark.parametrize("words", ["wrote to you", "last letter", "no answer", "not heard", "remind"])
def test_no_letter_of_the_start_speaks_of_another_that_may_not_have_come(words: str) -> None:
    assert not [start.name for start in STARTING if words in f"{start.subject} {start.body}".lower()]


def test_the_first_reminder_says_what_it_is_about_though_the_opening_letter_was_stopped(
    season: Season, reset: Reset, cast: Cast
) -> None:
    Season.objects.filter(pk=season.pk).update(opened_at=OPENED)
    letter_steps.stop_step(step=season.letter_steps.get(number=1), by=cast.maya, at=OPENED)
    correspondence.tick(at=datetime(2027, 6, 21, 17, tzinfo=UTC))
    (letter,) = [each for each in mail.outbox if "dana@lakeside.example" in each.to[0]]
    said = " ".join(str(letter.body).split())
    assert "the student data of Lakeside Unified is reset, on Wed, July 28, 2027. I do not know yet" in said


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("rostering_complete", "Roster syncs stay paused until your rostering for the new year is complete."),
        ("reset_complete", "Roster syncs are on again"),
    ],
)
def test_the_letter_after_the_reset_says_what_this_season_s_rules_do(
    season: Season, reset: Reset, cast: Cast, event: str, said: str
) -> None:
    resumes_on(season, event)
    reset.season.refresh_from_db()
    assert said in filled(season.letter_steps.get(number=7), reset, cast)


def test_syncs_that_are_on_again_are_not_said_to_be_paused(season: Season, reset: Reset, cast: Cast) -> None:
    Gate.objects.filter(pk=reset.district_id).update(resumed_at=DONE, resumed_by="Carmen Ortiz")
    reset.district.refresh_from_db()
    assert "Roster syncs are on again" in filled(season.letter_steps.get(number=7), reset, cast)


def test_the_letter_of_the_day_before_says_what_ends_the_pause(season: Season, reset: Reset, cast: Cast) -> None:
    day_before = season.letter_steps.get(number=6)
    assert "paused, until your rostering for the new year is complete." in filled(day_before, reset, cast)
    resumes_on(season, "reset_complete")
    reset.season.refresh_from_db()
    assert "paused, until the reset is completed." in filled(day_before, reset, cast)


def test_a_district_that_came_after_the_opening_has_its_opening_letter_with_its_date(
    season: Season, reset: Reset, cast: Cast
) -> None:
    Season.objects.filter(pk=season.pk).update(opened_at=OPENED)
    at = datetime(2027, 6, 28, 17, tzinfo=UTC)  # three weeks later, a Monday
    day = reset.date
    Reset.objects.filter(pk=reset.pk).delete()
    Gate.objects.filter(pk=cast.lakeside.pk).update(pauses_on=None)
    opening.add_district(season=season, district=cast.lakeside, to=day, by=cast.carmen, at=at, reason="It is new.")
    for _ in range(2):
        correspondence.tick(at=at)
    (letter,) = [each for each in mail.outbox if "dana@lakeside.example" in each.to[0]]
    assert letter.subject == "The end of your school year 2026-27"
    assert "planned for Wed, July 28, 2027" in " ".join(str(letter.body).split())


def test_a_district_that_was_there_has_no_second_opening_letter(season: Season, reset: Reset) -> None:
    Season.objects.filter(pk=season.pk).update(opened_at=OPENED)
    correspondence.tick(at=OPENED)
    mail.outbox.clear()
    correspondence.tick(at=datetime(2027, 6, 28, 17, tzinfo=UTC))
    assert not mail.outbox


def test_what_became_of_the_data_is_told_for_sixty_days(reset: Reset) -> None:
    reset.completed_at = DONE
    step = LetterStep(waits_for=LetterStep.WaitsFor.COMPLETED, days=1)
    window = letter_days.window(step, reset, reset.season)
    assert window is not None
    assert window.ends - window.begins == timedelta(days=60)


def test_the_starting_letters_are_said_in_the_language_of_mails(
    season: Season, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever opens the season, and in whichever language she reads."""
    season.letter_steps.all().delete()
    monkeypatch.setattr(letters, "_", lambda words: f"{translation.get_language()}: {words}")
    with translation.override("de"):
        letters.ensure_sequence(season=season, by="Maya Lindqvist", at=OPENED)
    first = season.letter_steps.get(number=1)
    assert first.name == "en-us: Opening letter"
    assert (first.subject[:7], first.body[:7]) == ("en-us: ", "en-us: ")


def test_a_subject_that_its_fields_make_long_keeps_its_end(season: Season, reset: Reset, cast: Cast) -> None:
    District.objects.filter(pk=reset.district_id).update(name=f"Lakeside {'Joint ' * 25}Unified")
    subject = f"{'Please read this. ' * 9}{{district}}: answer"
    about: dict[str, Any] = {"district": cast.lakeside, "season": season, "subject": subject, "body": "Words"}
    letters.write(**about, asks=False, by=cast.carmen, at=OPENED, token=uuid4())
    correspondence.send(at=OPENED)
    assert mail.outbox[0].subject.endswith("Joint Unified: answer")
    assert Letter.objects.get(about="", step=None).subject == mail.outbox[0].subject
