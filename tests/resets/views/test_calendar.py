"""The season's calendar: a heat map by day, what a day holds, what a move would do, what comes after, the summary."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from districts.models import DistrictCounts, Gate, RosterSource, RosterSync, SchoolYear
from resets import history, season_page, services
from resets.models import Reset, Season, Status
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.crowds import AN_HOUR_IN, NIGHT, make_crowd, put
from tests.resets.views.reading import words

PAGE = "/season/"
WHAT_IF = "/season/what-if/"
AFTER = "/season/after/"
SUMMARY = "/season/summary/"
AUGUST_10 = datetime(2027, 8, 10, 17, tzinfo=UTC)
Asks = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def long_sessions(settings: Settings) -> None:
    """Whoever signed in on June 1 is there in August."""
    settings.SESSION_COOKIE_AGE = 200 * 24 * 3600


@pytest.fixture
def maya(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.maya)
    return client


@pytest.fixture
def carmen(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.carmen)
    return client


def crowd(season: Season, number: int, **more: Any) -> list[Reset]:
    """Districts with all that a page reads of them."""
    resets = make_crowd(season, number, **more)
    ids = [reset.district_id for reset in resets]
    DistrictCounts.objects.bulk_create(DistrictCounts(district_id=each, schools=3, students=100) for each in ids)
    RosterSource.objects.bulk_create(RosterSource(district_id=each) for each in ids)
    return resets


def cells(client: Client, **asked: str) -> dict[date, Any]:
    months = client.get(PAGE, asked).context["months"]
    return {cell.day: cell for month in months for week in month.weeks for cell in week if cell}


def rows(client: Client, page: str = PAGE, **asked: Any) -> list[str]:
    return [row["name"] for row in client.get(page, asked).context["rows"]]


def book(client: Client, page: str) -> list[tuple[Any, ...]]:
    answer = client.get(page)
    assert answer.status_code == 200
    return list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))


def test_each_day_prints_how_many_are_reset_on_it(maya: Client) -> None:
    found = cells(maya)
    assert (found[NIGHT].count, found[NIGHT].level) == (2, 1)
    assert found[NIGHT].name == "Wed, July 28, 2027: 2 districts, the default day"
    assert found[date(2027, 7, 27)].count == 0


def test_the_months_are_june_to_september(maya: Client) -> None:
    assert {day.month for day in cells(maya)} == {6, 7, 8, 9}


def test_a_csm_sees_her_own_districts_alone(carmen: Client) -> None:
    assert cells(carmen)[NIGHT].count == 1
    assert rows(carmen, day="2027-07-28") == ["Lakeside Unified"]
    assert "Quarry Hill" not in carmen.get(PAGE).content.decode()


def test_a_lead_chooses_one_csm_by_address(maya: Client, cast: Cast) -> None:
    asked = {"csm": str(cast.omar.pk), "day": "2027-07-28"}
    assert cells(maya, **asked)[NIGHT].count == 1
    assert rows(maya, **asked) == ["Quarry Hill"]


def test_districts_without_a_csm_are_a_choice_of_their_own(maya: Client, season: Season) -> None:
    crowd(season, 3)
    assert cells(maya, csm="none")[NIGHT].count == 3
    assert len(rows(maya, csm="none", day="2027-07-28")) == 3


def test_one_zone_is_chosen_by_address(maya: Client) -> None:
    assert rows(maya, zone="America/New_York", day="2027-07-28") == ["Quarry Hill"]


@pytest.mark.parametrize("asked", [{"csm": "99999"}, {"csm": "x'"}, {"zone": "Mars"}, {"day": "soon"}, {"show": "?"}])
def test_what_an_address_names_and_is_not_there_does_nothing(maya: Client, asked: dict[str, str]) -> None:
    assert len(rows(maya, **asked)) == 2


def test_days_outside_the_window_are_hatched(maya: Client) -> None:
    found = cells(maya)
    assert found[date(2027, 6, 18)].is_closed
    assert not found[date(2027, 6, 19)].is_closed
    page = maya.get(PAGE).content.decode()
    assert page.count("is-closed") == sum(cell.is_closed for cell in found.values()) + 1  # and in the legend


def test_a_holiday_on_a_weekday_is_marked_and_named(maya: Client) -> None:
    found = cells(maya)
    assert "Independence Day" in found[date(2027, 7, 5)].name
    assert found[date(2027, 7, 4)].holiday == ""  # a Sunday


def test_today_is_marked(maya: Client, june: time_machine.Traveller) -> None:
    june.move_to(datetime(2027, 7, 20, 17, tzinfo=UTC))
    assert [day for day, cell in cells(maya).items() if cell.is_today] == [date(2027, 7, 20)]


def test_the_window_opens_and_then_has_opened(maya: Client, cast: Cast, june: time_machine.Traveller) -> None:
    assert "The window opens Sat, June 19." in words(maya, cast.maya, PAGE)
    june.move_to(datetime(2027, 7, 20, 17, tzinfo=UTC))
    assert "The window opened Sat, June 19." in words(maya, cast.maya, PAGE)


def test_the_next_day_with_a_reset_is_listed_first(maya: Client, season: Season) -> None:
    crowd(season, 1, day=date(2027, 7, 6))
    assert maya.get(PAGE).context["day"] == date(2027, 7, 6)


def test_the_chips_of_a_day_count_and_filter(maya: Client, cast: Cast, reset: Reset) -> None:
    SchoolYear.objects.filter(district=cast.quarry).update(ends_on=date(2027, 7, 30))
    services.keep_default(reset=reset, by=cast.dana, at=JUNE_1)
    found = {chip["label"]: chip["count"] for chip in maya.get(PAGE).context["chips"]}
    assert found == {"All": 2, "At risk": 1, "Held": 0, "No answer": 1}
    assert rows(maya, show="at-risk") == ["Quarry Hill"]
    states = [(row["name"], row["word"]) for row in maya.get(PAGE).context["rows"]]
    assert states == [("Quarry Hill", "At risk"), ("Lakeside Unified", "Answered")]


def test_each_csm_has_her_districts_and_risks_in_a_row(maya: Client, cast: Cast) -> None:
    SchoolYear.objects.filter(district=cast.quarry).update(ends_on=date(2027, 7, 30))
    found = {row["name"]: (row["districts"], row["at_risk"], row["on_day"]) for row in maya.get(PAGE).context["groups"]}
    assert found == {"Carmen Ortiz": (1, 0, 1), "Omar Haddad": (1, 1, 1)}


def test_bars_are_drawn_from_the_windows_opening_to_the_calendars_end(maya: Client) -> None:
    page = maya.get(PAGE).context
    assert page["span"] == (date(2027, 6, 19), date(2027, 9, 30))
    (bar,) = page["groups"][0]["drawn"].bars
    assert bar.x * 104 == (NIGHT - date(2027, 6, 19)).days * page["groups"][0]["drawn"].width


def test_the_page_asks_as_little_for_many_districts(
    maya: Client, season: Season, django_assert_max_num_queries: Asks, django_assert_num_queries: Asks
) -> None:
    crowd(season, 10)
    maya.get(PAGE)
    with django_assert_max_num_queries(30) as few:
        maya.get(PAGE)
    crowd(season, 140)
    with django_assert_num_queries(len(few)):
        maya.get(PAGE)


def test_the_forecast_says_that_nothing_is_measured_yet(maya: Client) -> None:
    assert "How long the night takes is not measured yet" in maya.get(PAGE).context["forecast"]


def test_the_forecast_is_of_the_rate_of_nights_gone_by(maya: Client, season: Season, june: Any) -> None:
    earlier = crowd(season, 8, day=date(2027, 6, 21), due_from=datetime(2027, 6, 21, 8, tzinfo=UTC))
    began = datetime(2027, 6, 21, 8, tzinfo=UTC)
    put(earlier, Status.COMPLETED, began + timedelta(hours=1), started_at=began)
    june.move_to(datetime(2027, 7, 20, 17, tzinfo=UTC))
    said = maya.get(PAGE).context["forecast"]
    # Eight in an hour: one every 7.5 minutes. New York's at 1:00 EDT, then Lakeside's at 1:00 PDT.
    assert "Measured: 8 resets an hour, in 1 night, Mon, June 21, 2027." in said
    assert "2 resets of all CSMs" in said
    assert "The last is done about Wed, July 28, 2027, 1:07 AM PDT" in said


def test_the_spreadsheet_has_the_districts_of_the_address(maya: Client, cast: Cast) -> None:
    assert [row[1] for row in book(maya, "/season/download/")[1:]] == ["Lakeside Unified", "Quarry Hill"]
    assert [row[1] for row in book(maya, f"/season/download/?csm={cast.omar.pk}")[1:]] == ["Quarry Hill"]


def what_if(client: Client, *codes: str, to: str) -> Any:
    return client.get(WHAT_IF, {"d": codes, "to": to})


def test_a_move_is_judged_and_both_nights_are_counted(maya: Client, season: Season) -> None:
    crowd(season, 5)
    found = what_if(maya, "0620810", "3609930", to="2027-07-20").context
    assert [(line.reset.district.name, line.moves) for line in found["lines"]] == [
        ("Lakeside Unified", True),
        ("Quarry Hill", True),
    ]
    nights = [(night["day"], night["before"], night["after"]) for night in found["nights"]]
    assert nights == [(date(2027, 7, 20), 0, 2), (NIGHT, 7, 5)]


def test_what_the_rules_refuse_stays_and_says_why(maya: Client, cast: Cast) -> None:
    SchoolYear.objects.filter(district=cast.quarry).update(rostering_starts_on=date(2027, 7, 15))
    answer = what_if(maya, "0620810", "3609930", to="2027-07-20")
    first = answer.context["lines"][0]
    assert (first.reset.district.name, first.moves, first.verdict) == ("Quarry Hill", False, "refused")
    assert "Rostering starts Thu, July 15" in answer.content.decode()
    assert [night["after"] for night in answer.context["nights"]] == [1, 1]


def test_a_reset_that_has_run_does_not_move(maya: Client, reset: Reset) -> None:
    put([reset], Status.COMPLETED)
    (line,) = what_if(maya, "0620810", to="2027-07-20").context["lines"]
    assert not line.moves
    assert line.sentence


def test_a_district_without_a_date_is_said_not_to_move(maya: Client, season: Season, cast: Cast) -> None:
    Reset.objects.filter(district=cast.quarry).delete()
    answer = what_if(maya, "0620810", "3609930", to="2027-07-20")
    assert [line.reset.district.name for line in answer.context["lines"]] == ["Lakeside Unified"]
    assert "1 district of those chosen has no reset date, and is not moved here: Quarry Hill" in words(
        maya, cast.maya, f"{WHAT_IF}?d=0620810&d=3609930&to=2027-07-20"
    )


def test_all_of_a_list_are_chosen_at_once(maya: Client, season: Season, cast: Cast) -> None:
    crowd(season, 25)
    listed = {"all": "1", "day": "2027-07-28", "csm": "none", "to": "2027-07-20"}
    assert len(maya.get(WHAT_IF, listed).context["lines"]) == 25
    assert "Choose all 27 districts of this list" in words(maya, cast.maya, PAGE)


def test_nothing_is_saved(maya: Client) -> None:
    before = list(Reset.objects.order_by("pk").values())
    what_if(maya, "0620810", "3609930", to="2027-07-20")
    assert list(Reset.objects.order_by("pk").values()) == before


def test_it_leads_to_the_change_of_many(maya: Client, client: Client, cast: Cast) -> None:
    page = what_if(maya, "0620810", to="2027-07-20").context
    assert page["bulk_url"] == "/bulk/date/?d=0620810&day=2027-07-20"
    assert "Lakeside Unified" in maya.get(page["bulk_url"]).text
    client.force_login(cast.ellis)
    assert what_if(client, "0620810", to="2027-07-20").context["bulk_url"] == ""


def test_another_csms_district_is_not_there(carmen: Client) -> None:
    assert what_if(carmen, "3609930", to="2027-07-20").status_code == 422
    assert len(what_if(carmen, "0620810", "3609930", to="2027-07-20").context["lines"]) == 1


@pytest.mark.parametrize("to", ["", "soon", "2027-13-01"])
def test_a_day_that_is_none_is_asked_for_again(maya: Client, to: str) -> None:
    answer = what_if(maya, "0620810", to=to)
    assert answer.status_code == 422
    assert "Choose districts and a day" in answer.content.decode()


def test_a_move_asks_as_little_for_many(maya: Client, season: Season, django_assert_num_queries: Asks) -> None:
    codes = [reset.district.site_code for reset in crowd(season, 30)]
    what_if(maya, *codes[:3], to="2027-07-20")
    with django_assert_num_queries(9):
        what_if(maya, *codes[:3], to="2027-07-20")
    with django_assert_num_queries(9):
        what_if(maya, *codes, to="2027-07-20")


def test_a_choice_of_the_list_asks_for_its_day_first(maya: Client, cast: Cast) -> None:
    assert 'formaction="/season/what-if/"' in maya.get("/districts/").content.decode()
    answer = maya.post(WHAT_IF, {"d": ["0620810", "3609930"]})
    assert (answer.status_code, answer["Location"]) == (302, f"{WHAT_IF}?d=0620810&d=3609930")
    said = words(maya, cast.maya, answer["Location"])
    assert "Which day would 2 districts move to?" in said
    assert "Lakeside Unified, Quarry Hill" in said


def test_all_of_the_list_are_asked_about_as_far_as_one_look_goes(maya: Client, season: Season) -> None:
    crowd(season, 201)
    answer = maya.post(WHAT_IF, {"all": "1", "show": "default", "q": "District"})
    assert answer["Location"].count("d=9") == 200
    assert answer["Location"].endswith("&more=1")
    assert maya.get(answer["Location"], follow=True).context["left_out"] == 1


def test_a_choice_of_another_csms_districts_is_not_there(carmen: Client) -> None:
    answer = carmen.post(WHAT_IF, {"d": ["3609930"]})
    assert carmen.get(answer["Location"]).status_code == 422


@pytest.fixture
def done(reset: Reset, june: time_machine.Traveller) -> Reset:
    """Lakeside is reset, and waits for rostering on August 10, eight days before school."""
    put([reset], Status.COMPLETED, AN_HOUR_IN)
    Gate.objects.filter(district=reset.district_id).update(is_shut=True, closed_year="2026-27", resets=1)
    june.move_to(AUGUST_10)
    return reset


def test_those_not_rostered_stand_by_days_to_school(maya: Client, season: Season, done: Reset) -> None:
    near, far, unknown = crowd(season, 3)
    put([near, far, unknown], Status.COMPLETED)
    for each, day in ((near, date(2027, 8, 12)), (far, date(2027, 9, 7))):
        SchoolYear.objects.create(district=each.district, name="2026-27", first_day_on=day)
    found = maya.get(AFTER).context["rows"]
    assert [(row["name"], row["days"]) for row in found] == [
        (near.district.name, "in 2 days"),
        ("Lakeside Unified", "in 8 days"),
        (far.district.name, "in 28 days"),
        (unknown.district.name, "First day missing"),
    ]
    assert [row["is_near"] for row in found] == [True, True, False, False]


def test_the_fewest_days_to_school_stand_first_where_zones_are_a_day_apart(
    maya: Client, cast: Cast, done: Reset, june: time_machine.Traveller
) -> None:
    put([Reset.objects.get(district=cast.quarry)], Status.COMPLETED)
    SchoolYear.objects.filter(district=cast.quarry).update(first_day_on=date(2027, 8, 18))
    june.move_to(datetime(2027, 8, 11, 5, tzinfo=UTC))
    found = maya.get(AFTER).context["rows"]
    assert [(row["name"], row["days"]) for row in found] == [
        ("Quarry Hill", "in 7 days"),
        ("Lakeside Unified", "in 8 days"),
    ]


def test_those_whose_data_is_ready_are_a_chip(maya: Client, done: Reset) -> None:
    assert rows(maya, AFTER, show="ready") == []
    Reset.objects.filter(pk=done.pk).update(data_ready_at=AUGUST_10, data_ready_by="Dana Whitfield")
    (row,) = maya.get(AFTER, {"show": "ready"}).context["rows"]
    assert row["ready"] == ("done", "Dana Whitfield, Tue, August 10")


def test_one_press_declares_rostering_complete_and_comes_back(carmen: Client, done: Reset) -> None:
    (row,) = carmen.get(AFTER).context["rows"]
    answer = carmen.post(row["declare"], {"next": AFTER})
    assert (answer.status_code, answer["Location"]) == (302, AFTER)
    assert rows(carmen, AFTER) == []
    assert rows(carmen, AFTER, show="no-first-sync") == ["Lakeside Unified"]


def test_an_engineer_is_offered_no_declaration(client: Client, cast: Cast, done: Reset) -> None:
    client.force_login(cast.ellis)
    assert [row["declare"] for row in client.get(AFTER).context["rows"]] == [""]


def test_the_first_roster_since_is_told(maya: Client, done: Reset) -> None:
    Gate.objects.filter(district=done.district_id).update(is_shut=False, resumed_at=AUGUST_10, resumed_by="Carmen")
    assert rows(maya, AFTER, show="done") == []
    when = AUGUST_10 + timedelta(hours=15)
    fields = {"district_id": done.district_id, "finished_by": "a worker", "local_day": date(2027, 8, 11)}
    RosterSync.objects.create(**fields, finished_at=when, outcome=RosterSync.Outcome.REFUSED)
    (row,) = maya.get(AFTER, {"show": "no-first-sync"}).context["rows"]
    assert row["sync"] == ("wait", "None yet; the last was: refused")
    RosterSync.objects.create(**fields, finished_at=when, outcome=RosterSync.Outcome.APPLIED)
    (row,) = maya.get(AFTER, {"show": "done"}).context["rows"]
    assert row["sync"] == ("done", "Wed, August 11, 2027, 1:00 AM PDT")


def test_the_list_after_asks_as_little_for_many(maya: Client, season: Season, django_assert_num_queries: Asks) -> None:
    put(crowd(season, 10), Status.COMPLETED)
    maya.get(AFTER)
    with django_assert_num_queries(9):
        maya.get(AFTER)
    put(crowd(season, 60), Status.COMPLETED)
    with django_assert_num_queries(9):
        maya.get(AFTER)


def test_the_list_after_is_a_spreadsheet_too(maya: Client, done: Reset) -> None:
    (row,) = book(maya, "/season/after/download/")[1:]
    assert row[1] == "Lakeside Unified"
    assert row[4] == 8


def summary(client: Client) -> dict[str, dict[str, Any]]:
    found = client.get(SUMMARY).context
    return {row["name"]: row for row in (*found["rows"], found["total"])}


def test_the_summary_counts_by_csm(maya: Client, cast: Cast, reset: Reset) -> None:
    services.keep_default(reset=reset, by=cast.dana, at=JUNE_1)
    found = summary(maya)
    carmen, omar = found["Carmen Ortiz"], found["Omar Haddad"]
    assert (carmen["districts"], carmen["answered"], carmen["default"], carmen["chosen"]) == (1, 1, 1, 0)
    assert (omar["districts"], omar["answered"]) == (1, 0)
    assert (found["All"]["districts"], found["All"]["answered"]) == (2, 1)


def test_a_reset_completed_on_its_day_in_its_zone_is_not_late(maya: Client, reset: Reset) -> None:
    eleven_at_night = datetime(2027, 7, 29, 6, tzinfo=UTC)  # 11:00 PM of July 28 in Los Angeles
    put([reset], Status.COMPLETED, eleven_at_night)
    assert summary(maya)["Carmen Ortiz"]["late"] == 0
    put([reset], Status.COMPLETED, eleven_at_night + timedelta(hours=2))
    assert summary(maya)["Carmen Ortiz"]["late"] == 1


def test_one_that_is_past_and_not_completed_is_late(maya: Client, june: time_machine.Traveller) -> None:
    june.move_to(datetime(2027, 7, 29, 6, tzinfo=UTC))  # July 29 in New York, still July 28 in Los Angeles
    found = summary(maya)
    assert (found["Omar Haddad"]["late"], found["Carmen Ortiz"]["late"]) == (1, 0)


def test_one_that_was_held_once_counts_as_held(maya: Client, reset: Reset) -> None:
    history.record("held", reset=reset, by="the nightly run", at=AN_HOUR_IN, why="It did not add up.")
    assert summary(maya)["All"]["held"] == 1


def test_the_gap_to_rostering_is_a_median_of_districts(maya: Client, season: Season) -> None:
    resets = crowd(season, 3)
    put(resets, Status.COMPLETED, AN_HOUR_IN)
    for each, days in zip(resets, (2, 10, 30), strict=True):
        Reset.objects.filter(pk=each.pk).update(
            rostering_completed_at=AN_HOUR_IN + timedelta(days=days), rostering_completed_by="Carmen"
        )
    Gate.objects.filter(district__in=[each.district_id for each in resets]).update(
        resumed_at=AN_HOUR_IN, resumed_by="Carmen"
    )
    found = summary(maya)
    assert (found["No CSM"]["median"], found["No CSM"]["longest"], found["No CSM"]["waiting"]) == (10, 30, 0)
    assert found["Omar Haddad"]["median"] is None


def test_where_syncs_come_on_with_the_reset_nobody_waits(maya: Client, season: Season, reset: Reset) -> None:
    put([reset], Status.COMPLETED)
    Gate.objects.filter(district=reset.district_id).update(resumed_at=AN_HOUR_IN, resumed_by="the nightly run")
    total = maya.get(SUMMARY).context["total"]
    assert (total["completed"], total["rostered"], total["waiting"], total["median"]) == (1, 1, 0, None)


def test_the_summary_is_a_spreadsheet_without_a_student(maya: Client) -> None:
    found = book(maya, "/season/summary/download/")
    assert found[0][0] == "CSM"
    assert [row[0] for row in found[1:]] == ["Carmen Ortiz", "Omar Haddad", "All"]
    assert "Canary" not in maya.get(SUMMARY).content.decode()


def test_before_the_first_season_every_page_says_so(client: Client, cast: Cast) -> None:
    client.force_login(cast.maya)
    for page in (PAGE, AFTER, SUMMARY):
        assert "No season is open" in words(client, cast.maya, page)


@pytest.mark.parametrize("to", ["9999-12-31", "0001-01-01", "2028-07-20"])
def test_a_day_of_another_year_is_none_to_move_to(maya: Client, to: str) -> None:
    answer = what_if(maya, "0620810", to=to)
    assert answer.status_code == 422
    assert "is no day of this season: its resets are in 2027." in answer.text


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2031-01-01", "Wed, January 1, 2031 is no day of this season: its resets are in 2027."),
        ("abc", "The address names no date of the calendar."),
    ],
)
def test_a_day_that_is_not_of_the_season_is_said_to_be_none(maya: Client, cast: Cast, day: str, said: str) -> None:
    shown = words(maya, cast.maya, PAGE, day=day)
    assert said in shown
    assert "Wed, July 28 is listed instead." in shown
    assert "is listed instead" not in words(maya, cast.maya, PAGE, day="2027-07-20")


def test_zones_of_one_name_are_told_apart_by_their_cities() -> None:
    named = season_page.zone_names(["America/Detroit", "America/New_York", "America/Denver"])
    assert list(named.values()) == ["Eastern (Detroit)", "Eastern (New York)", "Mountain"]
