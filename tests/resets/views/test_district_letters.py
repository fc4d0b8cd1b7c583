"""The letters of one district: what is to come, edited or stopped before it goes, and one written by hand."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from resetportal import clock
from resets import correspondence, holds, letter_steps, letters
from resets.models import Answer, Delivery, Letter, LetterStep, Question, Reset, Season
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.views.reading import text, words

PAGE = "/districts/0620810/letters/"
WEEK_BEFORE = f"{PAGE}5/"
WRITE = f"{PAGE}write/"
MORNING = datetime(2027, 6, 1, 19, tzinfo=UTC)  # noon in Los Angeles
TOKEN = "8a6e0804-2bd0-4672-b79d-d97027f9071a"
HELLO = {"subject": "Hello, {district}", "body": "Dear Dana,\r\n\r\nall well in {schools} schools?"}


@pytest.fixture(autouse=True)
def sequence(season: Season) -> dict[str, LetterStep]:
    """The season's letters by name."""
    letters.ensure_sequence(season=season, by="the portal", at=JUNE_1)
    return {step.name: step for step in season.letter_steps.all()}


@pytest.fixture
def carmen(client: Client, cast: Cast) -> Client:
    client.force_login(cast.carmen)
    return client


@pytest.fixture
def opening(cast: Cast, june: time_machine.Traveller, sequence: dict[str, LetterStep]) -> Letter:
    """The opening letter, which has gone to Dana."""
    june.move_to(MORNING)
    correspondence.tick(at=MORNING)
    return Letter.objects.get(district=cast.lakeside, step=sequence["Opening letter"])


def send(client: Client, path: str, **form: str) -> str:
    return text(client.post(path, form, follow=True).content)


def test_it_says_what_is_to_come_and_when(client: Client, cast: Cast) -> None:
    said = words(client, cast.carmen, PAGE)
    assert "They go to Dana Whitfield <dana@lakeside.example>" in said
    assert "7 days before the reset Every district Wed, July 21, 2027" in said
    assert "The day on which the reset is completed Every district No day yet" in said


def test_the_subjects_of_letters_to_come_are_this_district_s(
    client: Client, cast: Cast, season: Season, sequence: dict[str, LetterStep]
) -> None:
    about: dict[str, Any] = {"district": cast.lakeside, "season": season, "by": cast.carmen, "at": JUNE_1}
    letters.write(**about, subject="{district} by {csm}, {{so}}", body="Words", asks=False, token=UUID(TOKEN))
    said = words(client, cast.carmen, PAGE)
    assert "The week before To come What to do before Lakeside Unified is reset on Wed, July 28, 2027" in said
    assert "The end of your school year 2026-27" in said
    assert "Lakeside Unified by …, {so}" in said
    assert "{district}" not in said
    assert "Lakeside Unified by …, {so}" in words(client, cast.carmen, "/districts/0620810/")


def test_the_subject_of_one_that_has_gone_is_as_it_went(client: Client, cast: Cast, opening: Letter) -> None:
    Letter.objects.filter(pk=opening.pk).update(subject="About {district}, as it was typed")
    assert "About {district}, as it was typed" in words(client, cast.carmen, PAGE)


def test_it_says_why_one_does_not_go(client: Client, cast: Cast, reset: Reset) -> None:
    Reset.objects.filter(pk=reset.pk).update(answer=Answer.KEEPS, answered_at=JUNE_1, answered_by="Dana Whitfield")
    assert "First reminder Does not go The district has answered." in words(client, cast.carmen, PAGE)


def test_while_a_records_hold_is_open_a_letter_waits_and_says_until_when(client: Client, cast: Cast) -> None:
    holds.place(district=cast.lakeside, by=cast.dana, at=JUNE_1, reason="A request is open.")
    said = words(client, cast.carmen, PAGE)
    waits = (
        "The district is on a records hold. It goes after all if that is over before Mon, July 26, 2027, 6:00 PM PDT."
    )
    assert f"The week before Waits {waits}" in said
    assert "Wed, July 21, 2027" in said
    assert waits in words(client, cast.carmen, "/districts/0620810/")
    assert waits in words(client, cast.dana, "/districts/0620810/")


def test_a_letter_that_a_records_hold_kept_back_says_so_when_its_days_are_over(
    client: Client, cast: Cast, june: time_machine.Traveller
) -> None:
    held = holds.place(district=cast.lakeside, by=cast.dana, at=JUNE_1, reason="A request is open.")
    june.move_to(datetime(2027, 7, 27, 3, tzinfo=UTC))  # the evening of the 26th was its end
    kept_back = "The week before Does not go The district was on a records hold in its days, so it was not sent."
    assert kept_back in words(client, cast.carmen, PAGE)
    holds.end(held=held, by=cast.dana, at=clock.now())
    assert kept_back in words(client, cast.carmen, PAGE)


def test_a_hold_that_was_over_by_then_is_not_blamed(client: Client, cast: Cast, june: time_machine.Traveller) -> None:
    holds.end(
        held=holds.place(district=cast.lakeside, by=cast.dana, at=JUNE_1, reason="A request is open."),
        by=cast.dana,
        at=JUNE_1 + timedelta(days=30),
    )
    june.move_to(datetime(2027, 7, 27, 3, tzinfo=UTC))
    assert "The week before Does not go Its day is over, and it was not sent." in words(client, cast.carmen, PAGE)


def test_a_district_that_nobody_can_be_written_to_in_is_told(client: Client, cast: Cast) -> None:
    assert "Nobody in this district gets letters" in words(client, cast.omar, "/districts/3609930/letters/")


def test_an_edited_letter_is_this_districts_alone(carmen: Client, cast: Cast) -> None:
    said = send(carmen, WEEK_BEFORE, **HELLO, save="1")
    assert "Saved, for Lakeside Unified alone." in said
    edited = Letter.objects.get()
    assert (edited.subject, edited.edited_by, edited.district) == (HELLO["subject"], "Carmen Ortiz", cast.lakeside)
    assert LetterStep.objects.get(name="The week before").subject != HELLO["subject"]
    assert "Waits, edited" in words(carmen, cast.carmen, PAGE)


def version_on(page: Any) -> str:
    return str(re.findall(r'name="version" value="([^"]+)"', page.content.decode())[0])


def test_two_people_who_edit_a_districts_letter_do_not_overwrite_each_other(
    client: Client, cast: Cast, carmen: Client
) -> None:
    seen = version_on(carmen.get(WEEK_BEFORE))
    client.force_login(cast.maya)
    send(client, WEEK_BEFORE, subject="Maya’s", body="Maya’s words.", version=seen, save="1")
    client.force_login(cast.carmen)
    refused = client.post(WEEK_BEFORE, {"subject": "Mine", "body": "My own words.", "version": seen, "save": "1"})
    said = text(refused.content)
    assert refused.status_code == 422
    assert "Maya Lindqvist changed this letter meanwhile. Your words stand below and are not saved." in said
    assert "What Maya Lindqvist wrote Maya’s Maya’s words." in said
    assert "My own words." in said
    assert "cannot be filled in" not in said
    assert Letter.objects.get().body == "Maya’s words."
    send(client, WEEK_BEFORE, subject="Mine", body="My own words.", version=version_on(refused), save="1")
    assert Letter.objects.get().body == "My own words."


def test_words_that_a_lead_gave_the_step_meanwhile_are_shown_before_they_are_replaced(
    carmen: Client, sequence: dict[str, LetterStep]
) -> None:
    seen = version_on(carmen.get(WEEK_BEFORE))
    letter_steps.edit_step(step=sequence["The week before"], body="For all.", by="Maya Lindqvist", at=MORNING)
    said = send(carmen, WEEK_BEFORE, **HELLO, version=seen, save="1")
    assert "What Maya Lindqvist wrote" in said
    assert "For all." in said
    assert not Letter.objects.exists()


def test_a_preview_keeps_the_version_that_its_form_began_with(carmen: Client, cast: Cast) -> None:
    seen = version_on(carmen.get(WEEK_BEFORE))
    send(carmen, WEEK_BEFORE, subject="a", body="b", save="1")
    looked = carmen.post(f"/letters/{Letter.objects.get().pk}/", {**HELLO, "version": seen, "look": "1"}, follow=True)
    assert version_on(looked) == seen


def test_looking_at_one_makes_no_letter(carmen: Client) -> None:
    said = send(carmen, WEEK_BEFORE, **HELLO, look="1")
    assert "all well in 2 schools?" in said
    assert not Letter.objects.exists()


def test_a_letter_with_an_unknown_field_is_not_made(carmen: Client) -> None:
    answer = carmen.post(WEEK_BEFORE, {"subject": "Hello", "body": "{teacher}", "save": "1"})
    assert answer.status_code == 422
    assert "There is no field {teacher}." in text(answer.content)
    assert not Letter.objects.exists()


def test_a_stopped_letter_says_who_stopped_it_and_why(carmen: Client) -> None:
    said = send(carmen, WEEK_BEFORE, why="They are closed.", stop="1")
    assert "It does not go. They are closed." in said
    stopped = Letter.objects.get()
    assert (stopped.stopped_by, stopped.stopped_why) == ("Carmen Ortiz", "They are closed.")


def test_a_letter_is_not_stopped_without_a_reason(carmen: Client) -> None:
    answer = carmen.post(WEEK_BEFORE, {"why": "", "stop": "1"})
    assert answer.status_code == 422
    assert "Say why: it stands in the log." in text(answer.content)
    assert not Letter.objects.exists()


def test_a_stopped_letter_goes_after_all(carmen: Client) -> None:
    send(carmen, WEEK_BEFORE, why="They are closed.", stop="1")
    stopped = Letter.objects.get()
    assert "It goes after all" in send(carmen, f"/letters/{stopped.pk}/resume/")
    assert Letter.objects.get().stopped_at is None
    assert "It is not stopped." in send(carmen, f"/letters/{stopped.pk}/resume/")


def test_what_has_gone_is_not_edited(carmen: Client, opening: Letter) -> None:
    said = send(carmen, f"/letters/{opening.pk}/", **HELLO, save="1")
    assert "Nothing was changed. It has gone already." in said
    opening.refresh_from_db()
    assert opening.edited_at is None


def test_a_sent_letter_is_shown_as_it_went(client: Client, cast: Cast, opening: Letter) -> None:
    cast.dana.name = "Dana Newname"
    cast.dana.save()
    said = words(client, cast.carmen, f"/letters/{opening.pk}/")
    assert "Sent Tue, June 1, 2027, 12:00 PM PDT, in the name of Carmen Ortiz." in said
    assert "Dear Dana Whitfield," in said
    assert "the student data of Lakeside Unified is reset" in said
    assert "Save for" not in said


def test_a_bounce_and_a_question_stand_beside_their_letter(
    client: Client, cast: Cast, opening: Letter, reset: Reset
) -> None:
    one = Delivery.objects.get(letter=opening)
    Delivery.objects.filter(pk=one.pk).update(bounced_at=MORNING, bounced_by="mail", bounced_why="Mailbox full.")
    asked: dict[str, Any] = {"asked_at": MORNING, "asked_by": "Dana Whitfield"}
    Question.objects.create(reset=reset, delivery=one, text="What about summer school?", **asked)
    said = words(client, cast.carmen, f"/letters/{opening.pk}/")
    assert "It did not reach Dana Whitfield at dana@lakeside.example. Mailbox full." in said
    assert "Dana Whitfield asked: “What about summer school?” Waits for your answer" in said


def test_the_sequence_leads_to_the_letter_that_there_is(carmen: Client, opening: Letter) -> None:
    assert carmen.get(f"{PAGE}1/").url == f"/letters/{opening.pk}/"  # type: ignore[attr-defined]


def test_a_letter_by_hand_is_looked_at_then_sent(carmen: Client, cast: Cast) -> None:
    said = send(carmen, WRITE, **HELLO, token=TOKEN, look="1")
    assert "all well in 2 schools?" in said
    assert not Letter.objects.exists()
    said = send(carmen, WRITE, **HELLO, token=TOKEN, send="1")
    assert "It goes within minutes." in said
    assert "Written by Carmen Ortiz." in said
    made = Letter.objects.get()
    assert (made.body, made.written_by, made.asks) == (
        "Dear Dana,\n\nall well in {schools} schools?", "Carmen Ortiz", False,
    )  # fmt: skip


def test_the_same_form_sent_twice_is_one_letter(carmen: Client) -> None:
    for _ in range(2):
        send(carmen, WRITE, **HELLO, token=TOKEN, send="1")
    assert Letter.objects.count() == 1


def test_one_written_at_night_says_when_it_goes(carmen: Client, june: time_machine.Traveller) -> None:
    june.move_to("2027-06-05T05:00:00Z")  # Friday, 10 PM in Los Angeles
    carmen.force_login(Reset.objects.get(district__site_code="0620810").district.csm)  # type: ignore[arg-type]
    said = send(carmen, WRITE, **HELLO, token=TOKEN, send="1")
    assert "It goes Mon, June 7, 2027, 8:00 AM PDT, the district’s next working hour." in said


def test_nothing_is_sent_with_an_unknown_field_or_no_words(carmen: Client) -> None:
    for form in ({"subject": "{x}", "body": "b"}, {"subject": "", "body": "b"}, {"subject": "s", "body": " "}):
        assert carmen.post(WRITE, form | {"token": TOKEN, "send": "1"}).status_code == 422
    assert not Letter.objects.exists()


@pytest.mark.parametrize("path", [WEEK_BEFORE, WRITE])
def test_an_engineer_only_reads(client: Client, cast: Cast, path: str) -> None:
    client.force_login(cast.ellis)
    assert client.post(path, HELLO | {"save": "1", "send": "1", "token": TOKEN}).status_code == 403
    assert "Save for" not in words(client, cast.ellis, WEEK_BEFORE)


def test_another_csms_letter_is_not_there(client: Client, cast: Cast, opening: Letter) -> None:
    client.force_login(cast.omar)
    assert client.get(f"/letters/{opening.pk}/").status_code == 404
    assert client.post(f"/letters/{opening.pk}/resume/").status_code == 404
    assert client.get("/letters/99999999999999999999/").status_code == 404


def test_without_a_season_no_letter_is_written(client: Client, cast: Cast, season: Season) -> None:
    Season.objects.filter(pk=season.pk).update(opened_at=None, opened_by=None)
    client.force_login(cast.carmen)
    assert "No season is open" in text(client.get(WRITE, follow=True).content)
    assert "so the sequence does not go to it" in words(client, cast.carmen, PAGE)


@pytest.mark.parametrize("path", [WRITE, WEEK_BEFORE])
def test_a_letter_that_is_looked_at_has_an_address(carmen: Client, path: str) -> None:
    before = Letter.objects.count()
    shown = carmen.post(path, HELLO | {"look": "1"}).headers["Location"]
    for _again in range(2):  # Back and Reload
        page = carmen.get(shown)
        assert (page.status_code, HELLO["subject"] in page.text) == (200, True)
    assert Letter.objects.count() == before
