"""Tonight: the page of a night that districts share."""

from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.models import Gate
from resetportal import clock
from resets import engine, night_verbs, services
from resets.models import HeldFor, Night, Reset, Season, Status
from tests.people import Cast
from tests.resets.crowds import NIGHT, fail, make_crowd, put
from tests.resets.views.reading import text, words

TONIGHT = "/tonight/"


def poll(client: Client, date: str = "2027-07-28", seen: str = "") -> tuple[int, str]:
    answer = client.get("/tonight/board/", {"date": date, "seen": seen}, headers={"HX-Request": "true"})
    return answer.status_code, text(answer.content)


def test_without_a_reset_tonight_it_says_when_the_next_night_is(client: Client, cast: Cast, reset: Reset) -> None:
    said = words(client, cast.maya, TONIGHT)
    assert "No reset tonight" in said
    assert "The next night is Wed, July 28, 2027, with 2 districts." in said


def test_before_a_season_it_says_that_none_lies_ahead(client: Client, cast: Cast) -> None:
    assert "No reset lies ahead." in words(client, cast.maya, TONIGHT)


def test_a_night_has_an_address(client: Client, cast: Cast, reset: Reset) -> None:
    assert "Completed 0 of 2" in words(client, cast.maya, TONIGHT, date="2027-07-28")


@pytest.mark.parametrize("date", ["20270728", "2027-W30-3", "2027-02-30", "0001-01-01x", "\x00", "", "soon"])
def test_what_is_no_date_is_no_address(client: Client, cast: Cast, reset: Reset, date: str) -> None:
    client.force_login(cast.maya)
    assert client.get(TONIGHT, {"date": date}).status_code == 404


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31", "2027-07-04"])
def test_a_day_without_resets_is_empty(client: Client, cast: Cast, reset: Reset, date: str) -> None:
    assert "No reset of yours on" in words(client, cast.maya, TONIGHT, date=date)


@pytest.mark.parametrize(
    "at",
    [
        "2027-07-27T18:00:00Z",  # eleven hours before New York begins
        "2027-07-28T05:00:00Z",  # New York begins
        "2027-07-28T07:59:00Z",  # New York is due and has not run
        "2027-07-30T00:00:00Z",  # two days late, and still due
    ],
)
def test_it_is_the_night_of_what_is_due_or_begins_soon(
    client: Client, cast: Cast, reset: Reset, june: time_machine.Traveller, at: str
) -> None:
    june.move_to(at)
    assert "Wed, July 28, 2027." in words(client, cast.maya, TONIGHT)


@pytest.mark.parametrize(("at", "shown"), [("2027-07-29T01:00:00Z", True), ("2027-07-29T03:00:00Z", False)])
def test_a_finished_night_is_shown_for_its_day(
    client: Client, cast: Cast, reset: Reset, june: time_machine.Traveller, at: str, shown: bool
) -> None:
    put(list(Reset.objects.all()), Status.COMPLETED)
    june.move_to(at)
    assert ("Completed 2 of 2" in words(client, cast.maya, TONIGHT)) == shown


@pytest.mark.usefixtures("night")
def test_a_csm_sees_her_own_districts(client: Client, cast: Cast, reset: Reset) -> None:
    put(list(Reset.objects.filter(district=cast.quarry)), Status.COMPLETED)
    said = words(client, cast.carmen, TONIGHT)
    assert "Completed 0 of 1" in said
    assert "Quarry Hill" not in said
    assert "Pause the night" not in said


@pytest.mark.usefixtures("night")
def test_the_night_of_others_is_empty_for_a_csm(client: Client, cast: Cast, reset: Reset) -> None:
    Reset.objects.filter(district=cast.quarry).update(date="2027-07-30")
    assert "No reset of yours on Fri, July 30, 2027" in words(client, cast.carmen, TONIGHT, date="2027-07-30")


def test_a_district_admin_is_told_where_to_look(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.dana)
    answer = client.get(TONIGHT)
    assert answer.status_code == 403
    assert "Your district’s page tells when its reset runs." in text(answer.content)


@pytest.mark.usefixtures("night")
def test_there_is_no_forecast_before_a_rate_is_measured(client: Client, cast: Cast, reset: Reset) -> None:
    said = words(client, cast.maya, TONIGHT)
    assert "Done by – No rate measured yet. Pacific is last, from 1:00 AM PDT" in said


@pytest.mark.usefixtures("night")
def test_it_forecasts_from_what_it_measured(client: Client, cast: Cast, reset: Reset) -> None:
    engine.run(Reset.objects.get(district=cast.quarry).pk, worker="w1")
    said = words(client, cast.maya, TONIGHT)
    assert "Completed 1 of 2" in said
    assert "Done by 1:05 AM PDT" in said
    assert "Measured tonight, over 1" in said


@pytest.mark.usefixtures("night")
def test_the_first_wave_is_told(client: Client, cast: Cast, season: Season, reset: Reset) -> None:
    Season.objects.update(first_wave=4)
    crowd = make_crowd(season, 18)
    assert "First wave 0 of 4 verified The rest waits until it is through" in words(client, cast.maya, TONIGHT)
    put(crowd[:4], Status.COMPLETED)
    assert "First wave 4 of 4 verified The rest may run since 2:00:00 AM PDT" in words(client, cast.maya, TONIGHT)


@pytest.mark.usefixtures("night")
def test_what_is_held_needs_a_person(client: Client, cast: Cast, reset: Reset) -> None:
    services.stop(reset=reset, by=cast.carmen, at=clock.now(), reason="The district called.")
    said = words(client, cast.ellis, TONIGHT)
    assert "Held, needs a person" in said
    assert "Lakeside Unified 0620810 · Carmen Ortiz · Before counting" in said
    assert "Retry it, or choose another date." in said
    assert "The night stops by itself at 5; 1 expected" in said


@pytest.mark.usefixtures("night")
def test_a_spent_budget_says_that_nothing_begins(
    client: Client, cast: Cast, season: Season, reset: Reset, june: time_machine.Traveller
) -> None:
    crowd = make_crowd(season, 18)
    fail(crowd[:5])
    said = words(client, cast.maya, TONIGHT)
    assert "The night has stopped by itself." in said
    assert "Let the night go on" in said


@pytest.mark.usefixtures("night")
def test_waves_stand_by_the_hour_at_which_they_start(client: Client, cast: Cast, reset: Reset) -> None:
    Reset.objects.filter(district=cast.quarry).update(status=Status.COUNTING, started_at=clock.now(), started_by="w1")
    said = words(client, cast.maya, TONIGHT).partition("Districts Eastern")[2]
    assert said.index("0 of 1 completed, 1 running") < said.index("Pacific") < said.index("1 due")


@pytest.mark.usefixtures("night")
def test_running_and_completed_districts_are_listed(client: Client, cast: Cast, reset: Reset) -> None:
    engine.advance(reset.pk, worker="w1", at=clock.now())
    engine.run(Reset.objects.get(district=cast.quarry).pk, worker="w1")
    said = words(client, cast.maya, TONIGHT)
    assert "Running 1 of 8 places" in said
    assert "Lakeside Unified Counting 0 of 3" in said
    assert "Quarry Hill Completed 3 0:00" in said


@pytest.mark.usefixtures("night")
def test_it_looks_again_while_the_night_goes_on(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.maya)
    assert 'hx-trigger="every 2s"' in client.get(TONIGHT).content.decode()
    assert poll(client)[0] == 200
    put(list(Reset.objects.all()), Status.COMPLETED)
    assert poll(client)[0] == 286
    assert "hx-trigger" not in client.get(TONIGHT).content.decode()


def test_it_looks_seldom_while_hours_pass(
    client: Client, cast: Cast, reset: Reset, june: time_machine.Traveller
) -> None:
    june.move_to("2027-07-27T20:00:00Z")
    client.force_login(cast.maya)
    assert 'hx-trigger="every 20s"' in client.get(TONIGHT).content.decode()


@pytest.mark.usefixtures("night")
def test_a_lead_pauses_the_night_with_a_reason(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.maya)
    answer = client.post("/tonight/pause/?date=2027-07-28", {"reason": "A disk is full."}, follow=True)
    said = text(answer.content)
    assert "The night is paused: nothing new begins." in said
    assert "Maya Lindqvist paused the night on Wed, July 28, 2027" in said
    assert Night.objects.get(date=NIGHT).paused_why == "A disk is full."


@pytest.mark.usefixtures("night")
def test_an_engineer_lets_it_go_on(client: Client, cast: Cast, season: Season, reset: Reset) -> None:
    night_verbs.pause(season=season, day=NIGHT, by=cast.maya, at=clock.now(), reason="A disk is full.")
    client.force_login(cast.ellis)
    answer = client.post("/tonight/resume/?date=2027-07-28", {"reason": "It is not any more."}, follow=True)
    assert "The night goes on, with a new error budget." in text(answer.content)
    assert Night.objects.get(date=NIGHT).paused_at is None


@pytest.mark.usefixtures("night")
@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_a_night_is_not_changed_without_a_reason(client: Client, cast: Cast, reset: Reset, verb: str) -> None:
    client.force_login(cast.maya)
    answer = client.post(f"/tonight/{verb}/?date=2027-07-28", {"reason": " "})
    assert answer.status_code == 422
    assert "Say why" in text(answer.content)
    assert not Night.objects.exists()


@pytest.mark.usefixtures("night")
@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_a_csm_does_not_pause_a_night_that_others_share(client: Client, cast: Cast, reset: Reset, verb: str) -> None:
    client.force_login(cast.carmen)
    assert client.post(f"/tonight/{verb}/?date=2027-07-28", {"reason": "A disk is full."}).status_code == 403
    assert not Night.objects.exists()


@pytest.mark.usefixtures("night")
def test_a_night_paused_twice_says_who_was_first(client: Client, cast: Cast, season: Season, reset: Reset) -> None:
    night_verbs.pause(season=season, day=NIGHT, by=cast.ellis, at=clock.now(), reason="A disk is full.")
    client.force_login(cast.maya)
    answer = client.post("/tonight/pause/?date=2027-07-28", {"reason": "Me too."}, follow=True)
    assert "Ellis Park has paused the night already." in text(answer.content)


@pytest.mark.usefixtures("night")
def test_no_student_is_named_on_it(client: Client, cast: Cast, reset: Reset) -> None:
    engine.run(reset.pk, worker="w1")
    assert "Canary" not in words(client, cast.maya, TONIGHT)


@pytest.mark.usefixtures("night")
@pytest.mark.parametrize("number", [1, 10, 40])
def test_it_asks_a_constant_number_of_questions(
    client: Client, cast: Cast, season: Season, reset: Reset, django_assert_max_num_queries: object, number: int
) -> None:
    crowd = make_crowd(season, number)
    put(crowd[: number // 2], Status.COMPLETED)
    fail(crowd[number // 2 : number // 2 + 1], HeldFor.RECORDS)
    client.force_login(cast.maya)
    with django_assert_max_num_queries(17):  # type: ignore[operator]
        client.get(TONIGHT)
    assert Gate.objects.count() == number + 2


@pytest.mark.usefixtures("night")
def test_the_spreadsheet_holds_the_resets_of_the_night_that_one_may_see(
    client: Client, cast: Cast, reset: Reset
) -> None:
    put([reset], Status.COMPLETED)
    client.force_login(cast.carmen)
    assert "/tonight/list.xlsx?date=2027-07-28" in client.get(TONIGHT).content.decode()
    book = openpyxl.load_workbook(BytesIO(client.get("/tonight/list.xlsx", {"date": "2027-07-28"}).content))
    header, *rows = book["Resets"].values
    assert header[:5] == ("District", "Site code", "CSM", "Starts", "Where it stands")
    assert [row[:3] for row in rows] == [("Lakeside Unified", "0620810", "Carmen Ortiz")]
    assert rows[0][4] == "Completed"
    assert ("Night", "Wed, July 28, 2027") in list(book["About"].values)


def test_the_spreadsheet_is_of_one_night(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.maya)
    assert client.get("/tonight/list.xlsx", {"date": "2027-07-27"}).status_code == 404
    assert client.get("/tonight/list.xlsx").status_code == 404


def test_the_spreadsheet_takes_as_many_queries_however_many_resets(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.maya)
    queries = []
    for number in (0, 9):
        make_crowd(reset.season, number)
        with CaptureQueriesContext(connection) as asked:
            client.get("/tonight/list.xlsx", {"date": "2027-07-28"})
        queries.append(len(asked))
    assert queries[0] == queries[1]
