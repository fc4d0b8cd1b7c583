"""The page of one district: what is known, owed and done, for the vendor's people and for its admin."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from districts.models import District, DistrictCounts, RosterFile, RosterSync, SchoolYear
from resets import engine, gates, holds, replies, services
from resets.models import HeldFor, Reset, Season, Status
from tests.people import Cast, make_district
from tests.resets.conftest import JUNE_1
from tests.resets.crowds import put
from tests.resets.views.reading import words

PAGE = "/districts/0620810/"
Asks = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def carmen(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.carmen)
    return client


@pytest.fixture
def late_summer(reset: Reset) -> None:
    """Lakeside's summer session ends two days after the default."""
    SchoolYear.objects.filter(district=reset.district).update(has_summer_session=True, summer_ends_on=date(2027, 7, 30))


def kinds(client: Client) -> dict[str, str]:
    return {item["title"]: item["kind"] for item in client.get(PAGE).context["items"]}


def test_it_says_when_and_whether_the_day_was_chosen(carmen: Client, cast: Cast, reset: Reset) -> None:
    assert "Reset on Wed, July 28, 2027 , 1:00 AM PDT, in 57 days default" in words(carmen, cast.carmen, PAGE)
    services.schedule(reset=reset, to=date(2027, 7, 20), by=cast.carmen, at=JUNE_1)
    assert "Reset on Tue, July 20, 2027 , 1:00 AM PDT, in 49 days chosen" in words(carmen, cast.carmen, PAGE)


def test_a_risk_is_told_with_its_rule_and_the_day_that_would_do(carmen: Client, cast: Cast, late_summer: None) -> None:
    said = words(carmen, cast.carmen, PAGE)
    assert "At risk (W6). Summer session ends Fri, July 30, two days after the reset" in said
    assert "Nearest day that would do: Sat, July 31 ." in said


def test_the_checklist_says_what_is_owed(carmen: Client) -> None:
    assert kinds(carmen) == {
        "Answered": "wait",
        "Dates known": "done",
        "Export proven": "next",
        "Reports printed": "next",
        "Educators reviewed": "done",
        "Reset": "next",
        "Rostering complete": "next",
    }


def test_missing_dates_are_owed(carmen: Client, cast: Cast) -> None:
    SchoolYear.objects.filter(district=cast.lakeside).delete()
    said = words(carmen, cast.carmen, PAGE)
    assert "Rostering date missing, session dates missing." in said
    assert kinds(carmen)["Dates known"] == "wait"


def test_a_request_waits_for_its_answer(carmen: Client, cast: Cast, reset: Reset) -> None:
    services.ask_for(reset=reset, day=date(2027, 7, 20), by=cast.dana, at=JUNE_1, reason="The office moves.")
    page = carmen.get(PAGE).content.decode()
    assert "Dana Whitfield asked for Tue, July 20, 2027 and waits for an answer." in page
    assert 'href="/districts/0620810/date/?day=2027-07-20"' in page
    assert "“The office moves.”" in page


def test_history_is_told_in_sentences_newest_first(carmen: Client, cast: Cast, reset: Reset) -> None:
    services.keep_default(reset=reset, by=cast.carmen, at=JUNE_1)
    events = carmen.get(PAGE).context["events"]
    opened = "The season opened. The reset is on Wed, July 28, 2027, the default."
    assert [event["text"] for event in events] == ["Carmen Ortiz keeps Wed, July 28, 2027.", opened]
    assert events[0]["when"] == "Tue, June 1, 2027, 9:00 AM PDT"


def test_the_last_sync_is_told_in_words(carmen: Client, cast: Cast) -> None:
    at = datetime(2027, 5, 31, 9, 31, tzinfo=UTC)
    RosterSync.objects.create(
        district=cast.lakeside,
        finished_at=at,
        finished_by="the nightly sync",
        local_day=at.date(),
        outcome=RosterSync.Outcome.APPLIED,
        counts={"student": {"added": 10, "changed": 3, "removed": 1, "unchanged": 900}},
    )
    assert "Mon, May 31, 2027, 2:31 AM PDT: 14 rows changed" in words(carmen, cast.carmen, PAGE)


def test_the_pause_is_told_from_midnight_of_the_day(carmen: Client, cast: Cast, june: time_machine.Traveller) -> None:
    june.move_to(datetime(2027, 7, 28, 7, 1, tzinfo=UTC))
    said = "Syncs of Lakeside Unified are paused since Wed, July 28, 2027, until rostering is complete."
    assert said in words(carmen, cast.carmen, PAGE)


def test_after_its_reset_rostering_can_be_declared_complete(
    client: Client, cast: Cast, night: None, reset: Reset
) -> None:
    client.force_login(cast.carmen)
    engine.run(reset.pk, worker="w1")
    page = client.get(PAGE).content.decode()
    assert f'href="/resets/{reset.pk}/rostering-complete/?next=/districts/0620810/"' in page
    assert "Change date" not in page
    assert kinds(client)["Rostering complete"] == "wait"


def test_an_engineer_is_not_offered_what_she_may_not_do(client: Client, cast: Cast, night: None, reset: Reset) -> None:
    client.force_login(cast.ellis)
    assert "Change date" not in client.get(PAGE).content.decode()
    engine.run(reset.pk, worker="w1")
    assert "rostering-complete" not in client.get(PAGE).content.decode()


def test_a_held_reset_says_why_and_what_to_do(carmen: Client, cast: Cast, reset: Reset) -> None:
    why = {"held_why": "A parent asked. Nothing was deleted.", "held_cure": "End the hold.", "held_from": "scheduled"}
    put([reset], Status.HELD, JUNE_1, held_for=HeldFor.RECORDS, **why)
    said = words(carmen, cast.carmen, PAGE)
    assert "Held: A parent asked. Nothing was deleted. End the hold." in said


def test_a_district_without_a_date_can_be_given_one(carmen: Client, cast: Cast, season: Season) -> None:
    Reset.objects.filter(district=cast.lakeside).delete()
    said = words(carmen, cast.carmen, PAGE)
    assert "No reset date in school year 2026-27." in said
    assert "Choose a date" in said


def test_before_a_season_opens_the_page_stands(client: Client, cast: Cast) -> None:
    assert "No season is open" in words(client, cast.carmen, PAGE)
    assert "No reset is planned yet." in words(client, cast.dana, PAGE)


@pytest.mark.parametrize("site_code", ["3609930", "nowhere", "%00", "0620810%00", "%0A"])
def test_what_is_not_hers_is_not_found(carmen: Client, site_code: str) -> None:
    assert carmen.get(f"/districts/{site_code}/").status_code == 404


def test_more_districts_are_no_more_queries(carmen: Client, cast: Cast, django_assert_max_num_queries: Asks) -> None:
    for number in range(3):
        make_district(f"District {number}", f"99000{number}", csm=cast.carmen, schools=0)
    with django_assert_max_num_queries(34):
        carmen.get(PAGE)


def test_dana_reads_her_reset_in_her_words(client: Client, cast: Cast, late_summer: None) -> None:
    said = words(client, cast.dana, PAGE)
    assert "Your student data will be reset on Wed, July 28." in said
    assert "That is in 57 days. Summer session ends Fri, July 30, two days after the reset" in said
    assert "Ask for another day, and Carmen Ortiz answers you." in said
    assert "2 days too early" in said


def test_dana_has_one_decision_with_the_better_day_first(client: Client, cast: Cast, late_summer: None) -> None:
    client.force_login(cast.dana)
    choices = client.get(PAGE).context["choices"]
    assert [(choice["title"], choice["recommended"]) for choice in choices] == [
        ("Ask for another day", True),
        ("Keep Wed, July 28", False),
    ]
    assert choices[0]["text"].startswith("Sat, July 31 is the nearest day that would do.")


def test_dana_is_told_that_the_default_will_do(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.dana)
    assert client.get(PAGE).context["choices"][0]["title"] == "Keep Wed, July 28"


def test_danas_answer_stands_on_her_page(client: Client, cast: Cast, reset: Reset) -> None:
    services.keep_default(reset=reset, by=cast.dana, at=JUNE_1)
    said = words(client, cast.dana, PAGE)
    assert "Dana Whitfield answered: Wed, July 28 is right." in said
    assert "Keep July 28" not in said


def test_dana_sees_that_her_request_waits(client: Client, cast: Cast, reset: Reset) -> None:
    services.ask_for(reset=reset, day=date(2027, 7, 20), by=cast.dana, at=JUNE_1)
    said = "Dana Whitfield asked for Tue, July 20. Carmen Ortiz answers; until then Wed, July 28 stands."
    assert said in words(client, cast.dana, PAGE)


def test_dana_is_told_why_her_day_was_not_given(client: Client, cast: Cast, reset: Reset) -> None:
    services.ask_for(reset=reset, day=date(2027, 7, 20), by="Pat Reed (by the link sent to Dana Whitfield)", at=JUNE_1)
    assert "Pat Reed (by the link sent to Dana Whitfield) asked for Tue, July 20." in words(client, cast.dana, PAGE)
    replies.decline(reset=reset, why="A holiday.", by=cast.carmen, at=JUNE_1, asked=date(2027, 7, 20))
    said = "Carmen Ortiz answered the request for Tue, July 20, 2027: Wed, July 28, 2027 stays. “A holiday.”"
    assert said in words(client, cast.dana, PAGE)


def test_dana_is_told_for_two_weeks_what_was_answered_and_ended(
    client: Client, cast: Cast, reset: Reset, june: time_machine.Traveller
) -> None:
    asked = replies.ask_question(reset=reset, text="One school alone?", by=cast.dana, at=JUNE_1)
    held = holds.place(district=cast.lakeside, by=cast.dana, at=JUNE_1, reason="A request is open.")
    assert "ended the records hold" not in words(client, cast.dana, PAGE)
    replies.answer_question(question=asked, text="No, all together.", by=cast.carmen, at=JUNE_1)
    holds.end(held=held, by=cast.carmen, at=JUNE_1, reason="It is closed.")
    told = (
        "Carmen Ortiz answered the question “One school alone?”: No, all together.",
        "Carmen Ortiz ended the records hold on Tue, June 1.",
    )
    said = words(client, cast.dana, PAGE)
    assert all(each in said for each in told)
    june.move_to(JUNE_1 + timedelta(days=14, minutes=1))
    said = words(client, cast.dana, PAGE)
    assert not any(each in said for each in told)


def test_a_roster_on_hold_is_said_to_be_one_with_the_way_to_it(client: Client, cast: Cast, reset: Reset) -> None:
    file = {"stored": "x", "source_name": "x.zip", "digest": "x", "size": 1, "received_at": JUNE_1, "received_by": "n"}
    RosterFile.objects.create(district=cast.lakeside, state=RosterFile.State.ON_HOLD, **file)
    for person in (cast.carmen, cast.dana):
        client.force_login(person)
        page = client.get(PAGE).text
        assert "A roster is on hold since Tue, June 1, 2027, until a person has looked." in page
        assert 'href="/districts/0620810/rosters/">See the rosters' in page


def test_a_held_reset_has_no_day_that_stands(carmen: Client, cast: Cast, reset: Reset) -> None:
    services.stop(reset=reset, by=cast.carmen, at=JUNE_1, reason="Wait.")
    said = words(carmen, cast.carmen, PAGE)
    assert "No answer yet. The reset is held, and no day stands before its date is chosen again." in said
    assert "stands (W8)" not in said
    assert "2 of 7 done, 1 to do before its new day" in said


def test_dana_is_told_when_her_data_was_reset(client: Client, cast: Cast, night: None, reset: Reset) -> None:
    engine.run(reset.pk, worker="w1")
    said = words(client, cast.dana, PAGE)
    assert "Your student data was reset on Wed, July 28." in said
    assert "Syncs stay paused until your new rosters are complete: tell Carmen Ortiz." in said
    assert "What would you like to do?" not in said


def test_dana_is_told_when_her_syncs_are_on_again(client: Client, cast: Cast, reset: Reset) -> None:
    put([reset], Status.COMPLETED)
    gates.resume(cast.lakeside.pk, at=JUNE_1, by="Carmen Ortiz")
    said = words(client, cast.dana, PAGE)
    assert "3 accounts of the new year are there, and your nightly syncs are on." in said
    assert "Nothing of your students is left" not in said
    DistrictCounts.objects.filter(pk=cast.lakeside.pk).update(accounts=0)
    said = words(client, cast.dana, PAGE)
    assert "Nothing of your students is left, and your nightly syncs are on again." in said


@pytest.mark.parametrize("status", [Status.COUNTING, Status.DESTROYING, Status.VERIFYING])
def test_dana_sees_it_run(client: Client, cast: Cast, reset: Reset, status: Status) -> None:
    put([reset], status)
    assert "Your student data is being reset now." in words(client, cast.dana, PAGE)


def test_a_district_without_a_csm_reads_well(client: Client, cast: Cast, late_summer: None) -> None:
    District.objects.update(csm=None)
    assert "Ask for another day, and your Customer Success Manager answers you." in words(client, cast.dana, PAGE)


def test_no_student_is_named(client: Client, cast: Cast, reset: Reset) -> None:
    for person in (cast.carmen, cast.dana):
        assert "Canary" not in words(client, person, PAGE)


def test_dana_reads_that_her_hold_stops_the_reset(client: Client, cast: Cast, reset: Reset) -> None:
    ends_on = date(2027, 8, 20)
    holds.place(district=cast.lakeside, by=cast.dana, at=JUNE_1, reason="A request is open.", ends_on=ends_on)
    said = words(client, cast.dana, PAGE)
    assert "Nothing is reset while your records hold is open. The date is Wed, July 28." in said
    assert "If it is open on that day, the reset is held, and its date must be chosen again." in said
    assert "If you do nothing" not in said


def test_what_is_owed_before_the_reset_is_counted(carmen: Client, cast: Cast, reset: Reset) -> None:
    assert "2 of 7 done, 1 to do before July 28" in words(carmen, cast.carmen, PAGE)


def test_the_time_line_has_its_records(carmen: Client, cast: Cast, reset: Reset) -> None:
    ends_on = date(2027, 8, 20)
    holds.place(district=cast.lakeside, by=cast.dana, at=JUNE_1, reason="A request is open.", ends_on=ends_on)
    records = carmen.get(PAGE).context["line"]["records"]
    assert [(one["label"], one["at"]) for one in records] == [
        ("Export due Tue, July 27", date(2027, 7, 27)),
        ("Records hold", ends_on),
    ]
