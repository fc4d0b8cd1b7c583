"""A district's dates: entered by her people, refused where they cannot be, kept in the history."""

from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client

from districts.models import SchoolYear
from resets.models import Reset, ResetEvent
from tests.people import Cast
from tests.resets.views.reading import words

PAGE = "/districts/0620810/dates/"
GOOD = {
    "ends_on": "2027-06-10",
    "has_summer_session": "yes",
    "summer_ends_on": "2027-07-30",
    "rostering_starts_on": "2027-08-09",
    "first_day_on": "2027-08-18",
}


@pytest.fixture
def carmen(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.carmen)
    return client


def post(client: Client, **changed: str) -> HttpResponse:
    return client.post(PAGE, GOOD | changed)  # type: ignore[return-value]


def error_of(answer: HttpResponse, name: str) -> str:
    assert answer.status_code == 422
    return " ".join(answer.context["form"].errors.get(name, []))  # type: ignore[attr-defined]


def year(cast: Cast) -> SchoolYear:
    return SchoolYear.objects.get(district=cast.lakeside, name="2026-27")


def test_the_dates_are_saved_and_kept_in_the_history(carmen: Client, cast: Cast) -> None:
    assert post(carmen).status_code == 302
    assert year(cast).summer_ends_on == date(2027, 7, 30)
    event = ResetEvent.objects.filter(kind="dates_set").get()
    said = "there is a summer session, the summer session ends Fri, July 30, 2027"
    assert (event.by, event.detail["changes"]) == ("Carmen Ortiz", said)


def test_the_risks_that_follow_are_shown(carmen: Client, cast: Cast) -> None:
    said = words(carmen, cast.carmen, post(carmen).headers["Location"])
    assert "The dates of Lakeside Unified are saved." in said
    assert "At risk (W6). Summer session ends Fri, July 30, two days after the reset" in said


def test_a_district_admin_enters_them_too(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.dana)
    assert post(client, rostering_starts_on="").status_code == 302
    assert year(cast).rostering_starts_on is None


def test_they_can_be_entered_before_the_season_opens(client: Client, cast: Cast) -> None:
    client.force_login(cast.carmen)
    assert post(client).status_code == 302


def test_nothing_changed_leaves_no_history(carmen: Client) -> None:
    post(carmen)
    post(carmen)
    assert ResetEvent.objects.filter(kind="dates_set").count() == 1


def test_a_summer_end_needs_a_summer_session(carmen: Client, cast: Cast) -> None:
    assert "must take place" in error_of(post(carmen, has_summer_session=""), "summer_ends_on")
    assert year(cast).has_summer_session is False


def test_summer_ends_after_the_school_year(carmen: Client) -> None:
    assert "It ends on or after the last day of school" in error_of(
        post(carmen, summer_ends_on="2027-06-09"), "summer_ends_on"
    )


def test_school_begins_after_rostering_starts(carmen: Client) -> None:
    assert "Rostering starts on or before the first day" in error_of(
        post(carmen, first_day_on="2027-08-01"), "first_day_on"
    )


@pytest.mark.parametrize(
    "typed", ["0001-01-01", "9999-12-31", "2027-W30-3", "20270728", "2027-02-30", "2026-06-30", "\x00", "July", "-1"]
)
def test_an_odd_date_is_refused_under_its_field(carmen: Client, cast: Cast, typed: str) -> None:
    answer = post(carmen, rostering_starts_on=typed)
    assert error_of(answer, "rostering_starts_on")
    assert year(cast).rostering_starts_on == date(2027, 8, 9)


def test_nothing_typed_is_lost(carmen: Client) -> None:
    page = post(carmen, ends_on="10 June", first_day_on="2027-08-20").content.decode()
    assert 'value="10 June"' in page
    assert 'value="2027-08-20"' in page


def test_a_lead_may_and_an_engineer_may_not(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.ellis)
    refused = client.get(PAGE)
    assert refused.status_code == 403
    assert "A district’s dates are entered by its CSM" in refused.content.decode()
