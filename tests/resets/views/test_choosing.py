"""Choose a date with its adviser."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from districts.models import District, Gate, OtherReset, SchoolYear
from resets import holds, services
from resets.models import Answer, Reset, Season, Status
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.views.reading import text, words

PAGE = "/districts/0620810/date/"
JULY_6 = date(2027, 7, 6)


@pytest.fixture
def carmen(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.carmen)
    return client


def post(client: Client, day: str, **more: object) -> HttpResponse:
    return client.post(PAGE, {"day": day, **more})  # type: ignore[return-value]


def summer_to_july_30() -> None:
    SchoolYear.objects.update(has_summer_session=True, summer_ends_on=date(2027, 7, 30))


def test_a_day_is_looked_at_by_its_address(carmen: Client, cast: Cast) -> None:
    said = words(carmen, cast.carmen, PAGE, day="2027-07-06")
    assert "Tue, July 6, 2027" in said
    assert "Set Tue, July 6" in said
    assert "No reason is needed." in said


def test_it_says_what_will_happen_with_numbers(carmen: Client, cast: Cast) -> None:
    said = words(carmen, cast.carmen, PAGE, day="2027-07-06")
    assert "2 schools together, Tue, July 6, 1:00 AM PDT." in said
    assert "3 student accounts, 2 classrooms and all academic data are deleted." in said
    assert "Kept: 2 educators, 3 organizations" in said
    assert "Syncs pause from July 6, 12:00 AM PDT until rostering is complete." in said


def test_each_day_is_a_button_with_its_verdict_in_its_name(carmen: Client) -> None:
    page = carmen.get(PAGE).content.decode()
    assert 'aria-label="Wed, July 28, 2027, Recommended, default, your choice"' in page
    assert 'aria-label="Mon, August 9, 2027, Refused, rostering"' in page


def test_the_grid_is_said_in_words_too(carmen: Client, cast: Cast) -> None:
    said = words(carmen, cast.carmen, PAGE)
    assert "August 9 and after Refused Rostering starts Mon, August 9. The reset must come before it. W3" in said


def test_a_refused_day_explains_itself_and_cannot_be_set(carmen: Client, cast: Cast) -> None:
    said = words(carmen, cast.carmen, PAGE, day="2027-08-18")
    assert "Rostering starts Mon, August 9. The reset must come before it. Nearest day:" in said
    assert "Set Wed, August 18" not in said


def test_setting_a_day_goes_back_to_the_district_and_says_so(carmen: Client, reset: Reset) -> None:
    answer = post(carmen, "2027-07-06", version=1)
    assert (answer.status_code, answer["Location"]) == (302, "/districts/0620810/")
    assert "The reset is set for Tue, July 6." in text(carmen.get(answer["Location"]).content)
    reset.refresh_from_db()
    assert (reset.date, reset.date_set_by) == (JULY_6, "Carmen Ortiz")


def test_a_reason_is_asked_for_where_a_rule_asks(carmen: Client, cast: Cast) -> None:
    summer_to_july_30()
    assert "Why July 6?" in words(carmen, cast.carmen, PAGE, day="2027-07-06")
    assert "Why July 31?" not in words(carmen, cast.carmen, PAGE, day="2027-07-31")


def test_a_missing_reason_is_said_under_its_field_with_the_rule(carmen: Client, reset: Reset) -> None:
    summer_to_july_30()
    answer = post(carmen, "2027-07-06", reason=" ")
    assert answer.status_code == 422
    assert "Say why: Summer session runs until Fri, July 30." in text(answer.content)
    assert "(W6)" in text(answer.content)
    assert "Why July 6?" in text(answer.content)
    reset.refresh_from_db()
    assert reset.version == 1


def test_a_reason_is_saved(carmen: Client, reset: Reset) -> None:
    summer_to_july_30()
    assert post(carmen, "2027-07-06", reason="The session moved online.").status_code == 302
    reset.refresh_from_db()
    assert reset.reason == "The session moved online."


def test_a_refused_day_that_is_sent_all_the_same_changes_nothing(carmen: Client, reset: Reset) -> None:
    answer = post(carmen, "2027-08-18", reason="Because.")
    assert answer.status_code == 422
    assert "Nothing was changed." in text(answer.content)
    assert "(W3)" in text(answer.content)
    reset.refresh_from_db()
    assert reset.date == date(2027, 7, 28)


def test_somebody_quicker_is_told_and_nothing_typed_is_lost(carmen: Client, cast: Cast, reset: Reset) -> None:
    summer_to_july_30()
    services.schedule(reset=reset, to=date(2027, 7, 31), by=cast.maya, at=JUNE_1)
    answer = post(carmen, "2027-07-06", version=1, reason="The session moved online.")
    assert answer.status_code == 409
    assert "Maya Lindqvist set it to Sat, July 31, 2027 meanwhile. Look again." in text(answer.content)
    assert "The session moved online." in text(answer.content)
    assert b'name="version" value="2"' in answer.content


@pytest.mark.parametrize("name", ["school", "schools", "school_id"])
def test_one_school_alone_is_refused(carmen: Client, reset: Reset, name: str) -> None:
    answer = post(carmen, "2027-07-06", **{name: "1"})
    assert answer.status_code == 422
    assert "never one alone. (W7)" in text(answer.content)
    assert carmen.get(PAGE, {name: "1"}).status_code == 422
    reset.refresh_from_db()
    assert reset.version == 1


@pytest.mark.parametrize(
    "day", ["", "tomorrow", "20270728", "2027-W30-3", "2027-02-30", "2027-07-28\x00", "99999-01-01", "0000-00-00"]
)
def test_what_is_no_date_is_refused_in_words(carmen: Client, day: str) -> None:
    for answer in (carmen.get(PAGE, {"day": day}), post(carmen, day)):
        assert answer.status_code == 422
        assert "Nothing was changed." in text(answer.content)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-12-31", "2028-07-28"])
def test_a_date_far_away_is_refused_by_the_rules(carmen: Client, cast: Cast, day: str) -> None:
    assert "Refused" in words(carmen, cast.carmen, PAGE, day=day)
    assert post(carmen, day, reason="So be it.").status_code == 422


@pytest.mark.parametrize(("name", "value"), [("reason", "a\x00b"), ("reason", "a" * 1001), ("version", "one")])
def test_a_form_that_no_page_sends_is_refused(carmen: Client, reset: Reset, name: str, value: str) -> None:
    summer_to_july_30()
    assert post(carmen, "2027-07-06", **{"reason": "Because.", name: value}).status_code == 422
    reset.refresh_from_db()
    assert reset.version == 1


def test_a_site_code_with_a_nul_is_nobodys(carmen: Client) -> None:
    assert carmen.get("/districts/0620810%00/date/").status_code == 404


def test_the_default_is_kept_rather_than_set(carmen: Client, cast: Cast) -> None:
    said = words(carmen, cast.carmen, PAGE, day="2027-07-28")
    assert "Keep Wed, July 28" in said
    assert "Set Wed, July 28" not in said


def test_a_default_at_risk_says_so_on_top_and_shows_the_best_day(carmen: Client, cast: Cast) -> None:
    summer_to_july_30()
    said = words(carmen, cast.carmen, PAGE)
    assert "At risk on Wed, July 28 (default). Summer session ends Fri, July 30" in said
    assert "Set Sat, July 31" in said


def test_leaving_the_risk_behind_is_said(carmen: Client) -> None:
    summer_to_july_30()
    answer = post(carmen, "2027-07-31")
    assert "The district is no longer at risk." in text(carmen.get(answer["Location"]).content)


def test_a_request_is_shown_and_agreed_to_in_one_press(carmen: Client, cast: Cast, reset: Reset) -> None:
    summer_to_july_30()
    services.ask_for(reset=reset, day=date(2027, 8, 3), by=cast.dana, at=JUNE_1, reason="Staff are back on August 2.")
    said = words(carmen, cast.carmen, PAGE)
    assert "Dana Whitfield asked for Tue, August 3 and is waiting for your answer" in said
    assert "Agree to Tue, August 3" in said
    assert "Dana Whitfield asked for it. Staff are back on August 2." in said
    post(carmen, "2027-08-03", reason="Dana Whitfield asked for it.")
    reset.refresh_from_db()
    assert (reset.answer, reset.date) == (Answer.AGREED, date(2027, 8, 3))


def test_an_open_records_hold_stands_above_what_a_day_would_do(carmen: Client, cast: Cast, reset: Reset) -> None:
    assert "records hold" not in words(carmen, cast.carmen, PAGE)
    until = date(2027, 8, 20)
    held = holds.place(district=cast.lakeside, by=cast.carmen, at=JUNE_1, reason="A dispute.", ends_on=until)
    for page in (PAGE, "/districts/0620810/preview/", "/districts/0620810/ask/"):
        said = words(carmen, cast.dana if page.endswith("ask/") else cast.carmen, page)
        assert "Nothing is reset while the records hold is open." in said
        assert "Carmen Ortiz placed it on Tue, June 1, 2027, until Fri, August 20, 2027." in said
    assert "Only if the records hold has ended by then." in words(carmen, cast.carmen, PAGE)
    holds.end(held=held, by=cast.carmen, at=JUNE_1)
    assert "records hold" not in words(carmen, cast.carmen, PAGE)


def test_the_day_of_a_held_reset_is_set_again_and_not_kept(carmen: Client, cast: Cast, reset: Reset) -> None:
    services.stop(reset=reset, by=cast.carmen, at=JUNE_1, reason="Wait.")
    assert "Set Wed, July 28" in words(carmen, cast.carmen, PAGE, day="2027-07-28")
    assert post(carmen, "2027-07-28").status_code == 302
    reset.refresh_from_db()
    assert (reset.status, reset.date) == (Status.SCHEDULED, date(2027, 7, 28))


def test_missing_dates_are_named_with_the_way_to_enter_them(carmen: Client, cast: Cast) -> None:
    SchoolYear.objects.update(rostering_starts_on=None)
    said = words(carmen, cast.carmen, PAGE)
    assert "Rostering date missing." in said
    assert "Enter the dates" in said


def test_where_no_day_is_left_the_other_remedy_is_named(
    carmen: Client, cast: Cast, june: time_machine.Traveller
) -> None:
    june.move_to(datetime(2027, 7, 27, 23, 0, tzinfo=UTC))
    SchoolYear.objects.update(rostering_starts_on=date(2027, 7, 28))
    assert "ask the district to start on Thu, July 29 or later" in words(carmen, cast.carmen, PAGE)


def test_a_reset_that_runs_shows_no_grid(carmen: Client, cast: Cast) -> None:
    Reset.objects.update(status=Status.COUNTING)
    said = words(carmen, cast.carmen, PAGE)
    assert "The reset has started. Its date can no longer be changed (W10)." in said
    assert "The same in words" not in said
    assert post(carmen, "2027-07-06").status_code == 422


def test_a_held_reset_gets_a_new_date(carmen: Client, cast: Cast, reset: Reset) -> None:
    services.stop(reset=reset, by=cast.carmen, at=JUNE_1, reason="The district called.")
    assert "A new date schedules it again." in words(carmen, cast.carmen, PAGE)
    assert post(carmen, "2027-07-06", version=1).status_code == 302
    reset.refresh_from_db()
    assert reset.status == Status.SCHEDULED


def test_a_district_without_a_date_gets_its_first(carmen: Client, cast: Cast, season: Season) -> None:
    season.resets.filter(district=cast.lakeside).delete()
    Gate.objects.filter(pk=cast.lakeside.pk).update(pauses_on=None)
    assert "Set Wed, July 28" in words(carmen, cast.carmen, PAGE)
    assert post(carmen, "2027-07-06").status_code == 302
    assert season.resets.get(district=cast.lakeside).date == JULY_6


def test_without_a_season_it_says_who_opens_one(client: Client, cast: Cast) -> None:
    assert "No season is open" in words(client, cast.carmen, PAGE)


def test_the_district_admin_is_sent_to_the_csm(carmen: Client, cast: Cast) -> None:
    carmen.force_login(cast.dana)
    answer = carmen.get(PAGE)
    assert answer.status_code == 403
    assert "ask Carmen Ortiz, or a CSM lead in her place. (W9)" in text(answer.content)


def test_the_district_admin_sets_it_where_the_policy_says_so(carmen: Client, cast: Cast, season: Season) -> None:
    season.policy |= {"setters": ["csm", "csm_lead", "district_admin"]}
    season.save()
    carmen.force_login(cast.dana)
    assert post(carmen, "2027-07-06", version=1).status_code == 302
    assert season.resets.get(district=cast.lakeside).date_set_by == "Dana Whitfield"


def test_no_student_is_named(carmen: Client) -> None:
    assert b"Canary" not in carmen.get(PAGE).content


def test_it_asks_the_database_a_fixed_number_of_questions(
    carmen: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        carmen.get(PAGE)


class TestWhatTheAdviserSaysBesideTheRules:
    def test_an_assisted_district_is_advised_against_days_near_school(self, carmen: Client, cast: Cast) -> None:
        District.objects.update(rostering="assisted")
        SchoolYear.objects.update(first_day_on=date(2027, 8, 9))
        said = words(carmen, cast.carmen, PAGE, day="2027-07-27")
        assert "Rostering is assisted: students cannot sign in for about two weeks after a reset." in said
        assert "Set Tue, July 27" in said
        page = carmen.get(PAGE).content.decode()
        assert 'aria-label="Tue, July 27, 2027, Allowed, advised against"' in page
        assert 'aria-label="Mon, July 26, 2027, Allowed"' in page

    def test_a_gap_that_no_day_mends_stands_on_top(self, carmen: Client, cast: Cast) -> None:
        SchoolYear.objects.update(first_day_on=date(2027, 8, 10))
        said = words(carmen, cast.carmen, PAGE)
        assert "Rostering starts Mon, August 9, 1 day before the first day of school." in said
        assert "Tue, August 10 First day of school" in said

    def test_weekday_holidays_have_their_names_in_the_grid(self, carmen: Client, cast: Cast) -> None:
        said = words(carmen, cast.carmen, PAGE)
        assert "Mon, July 5 Independence Day (observed)" in said
        named = 'aria-label="Mon, July 5, 2027, Allowed, Independence Day (observed)"'
        assert named in carmen.get(PAGE).content.decode()

    def test_another_product_is_told_of_and_looks_on_no_other_district(self, carmen: Client, cast: Cast) -> None:
        year = SchoolYear.objects.get(district=cast.lakeside, name="2026-27")
        OtherReset.objects.create(school_year=year, product="Imagine Español", date=date(2027, 7, 20))
        said = words(carmen, cast.carmen, PAGE, day="2027-07-06")
        assert "Imagine Español is reset Tue, July 20, 14 days after the reset." in said
        assert "Tue, July 20 Imagine Español is reset" in said
        assert "is reset on the same day" in words(carmen, cast.carmen, PAGE, day="2027-07-20")

    def test_the_district_admin_reads_the_same_as_advice(self, client: Client, cast: Cast, reset: Reset) -> None:
        District.objects.update(rostering="assisted")
        SchoolYear.objects.update(first_day_on=date(2027, 8, 9))
        client.force_login(cast.dana)
        said = words(client, cast.dana, "/districts/0620810/ask/", day="2027-07-27")
        assert "students cannot sign in for about two weeks after a reset" in said
        assert "Ask for Tue, July 27" in said
