"""A district's dates: entered by her people, refused where they cannot be, kept in the history."""

from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client

from districts.models import OtherReset, SchoolYear
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


def test_the_rostering_method_is_set_and_kept_in_the_history(carmen: Client, cast: Cast) -> None:
    assert post(carmen, rostering="assisted").status_code == 302
    cast.lakeside.refresh_from_db()
    assert cast.lakeside.rostering == "assisted"
    event = ResetEvent.objects.filter(kind="dates_set").get()
    assert event.detail["changes"].endswith(", rostering is one-time assisted")


def test_a_form_without_the_method_leaves_it(carmen: Client, cast: Cast) -> None:
    post(carmen)
    cast.lakeside.refresh_from_db()
    assert cast.lakeside.rostering == "automated"


def test_an_unknown_method_is_refused(carmen: Client) -> None:
    assert error_of(post(carmen, rostering="by pigeon"), "rostering")


class TestOtherProducts:
    ESPANOL = {"other-0-product": "Imagine Español", "other-0-date": "2027-07-20"}

    def days(self) -> list[tuple[str, date]]:
        return list(OtherReset.objects.values_list("product", "date"))

    def test_they_are_entered_moved_and_removed(self, carmen: Client) -> None:
        post(carmen, **self.ESPANOL, **{"other-1-product": "", "other-1-date": ""})
        assert self.days() == [("Imagine Español", date(2027, 7, 20))]
        post(carmen, **(self.ESPANOL | {"other-0-date": "2027-07-21"}))
        assert self.days() == [("Imagine Español", date(2027, 7, 21))]
        post(carmen, **{"other-0-product": "", "other-0-date": ""})
        assert self.days() == []
        told = [event.detail["changes"] for event in ResetEvent.objects.filter(kind="dates_set").order_by("pk")]
        assert told[0].endswith("Imagine Español is reset Tue, July 20, 2027")
        assert told[1:] == ["Imagine Español is reset Wed, July 21, 2027", "Imagine Español has no day any more"]

    def test_a_request_that_does_not_speak_of_them_leaves_them(self, carmen: Client) -> None:
        post(carmen, **self.ESPANOL)
        post(carmen)
        assert len(self.days()) == 1

    def test_the_district_admin_enters_them_too_and_sees_them_again(
        self, client: Client, cast: Cast, reset: Reset
    ) -> None:
        client.force_login(cast.dana)
        assert post(client, **self.ESPANOL).status_code == 302
        assert 'value="Imagine Español"' in client.get(PAGE).content.decode()

    @pytest.mark.parametrize(
        ("product", "day", "why"),
        [
            ("Imagine Español", "", "Give its day"),
            ("", "2027-07-20", "Name the product"),
            ("imagine math", "2027-07-20", "the district&#x27;s own reset date"),
            ("Imagine Español", "2031-07-20", "Give a day from"),
            ("A" * 81, "2027-07-20", "at most 80 characters"),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_saved(
        self, carmen: Client, product: str, day: str, why: str
    ) -> None:
        answer = post(carmen, **{"other-0-product": product, "other-0-date": day})
        assert answer.status_code == 422
        assert why in answer.content.decode()
        assert not ResetEvent.objects.filter(kind="dates_set").exists()

    def test_a_product_named_twice_is_refused(self, carmen: Client) -> None:
        twice = {"other-1-product": "IMAGINE Español ", "other-1-date": "2027-07-21"}
        answer = post(carmen, **self.ESPANOL, **twice)
        assert answer.status_code == 422
        assert "named twice" in answer.content.decode()
        assert self.days() == []
