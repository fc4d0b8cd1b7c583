"""My districts: the season in numbers, what is at risk first, filters by address."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from openpyxl import load_workbook

from districts.models import SchoolYear
from resets import gates, holds, services
from resets.models import Question, Reset, SavedView, Season, Status
from tests.people import Cast, make_district
from tests.resets.conftest import JUNE_1
from tests.resets.crowds import put
from tests.resets.views.reading import words

PAGE = "/districts/"
Asks = Callable[..., AbstractContextManager[Any]]


def lakeside(**dates: object) -> None:
    SchoolYear.objects.filter(district__site_code="0620810").update(**dates)


@pytest.fixture
def maya(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.maya)
    return client


def groups(client: Client, **asked: str) -> dict[str, list[str]]:
    found = client.get(PAGE, asked).context["groups"]
    return {group["title"]: [row["name"] for row in group["rows"]] for group in found}


def test_a_csm_sees_her_own_districts_alone(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.carmen)
    assert groups(client) == {"Wed, July 28, 2027": ["Lakeside Unified"]}


def test_a_lead_and_an_engineer_see_every_district(client: Client, cast: Cast, reset: Reset) -> None:
    for person in (cast.maya, cast.ellis):
        client.force_login(person)
        assert groups(client) == {"Wed, July 28, 2027": ["Lakeside Unified", "Quarry Hill"]}


def test_a_district_at_risk_stands_first_with_its_reason(maya: Client, cast: Cast) -> None:
    SchoolYear.objects.filter(district=cast.quarry).update(ends_on=date(2027, 7, 30))
    assert next(iter(groups(maya).items())) == ("At risk", ["Quarry Hill"])
    said = words(maya, cast.maya, PAGE)
    assert "School year ends Fri, July 30, two days after the reset: students would lose work in progress." in said


def test_its_next_step_sets_the_nearest_day(maya: Client, cast: Cast) -> None:
    lakeside(has_summer_session=True, summer_ends_on=date(2027, 7, 30))
    page = maya.get(PAGE).content.decode()
    assert '<a href="/districts/0620810/date/?day=2027-07-31">Set Sat, July 31</a>' in page


def test_a_missing_date_is_said_and_asked_for(maya: Client) -> None:
    lakeside(rostering_starts_on=None)
    page = maya.get(PAGE).content.decode()
    assert "Missing" in page
    assert '<a href="/districts/0620810/dates/">Enter the rostering start</a>' in page


def test_a_request_of_the_district_is_answered_next(maya: Client, cast: Cast, reset: Reset) -> None:
    services.ask_for(reset=reset, day=date(2027, 7, 20), by=cast.dana, at=JUNE_1)
    page = maya.get(PAGE).content.decode()
    assert '<a href="/districts/0620810/date/?day=2027-07-20">Answer Dana Whitfield</a>' in page
    assert "Asks for July 20" in page


def test_an_engineer_is_offered_no_choice_of_a_date(client: Client, cast: Cast, reset: Reset) -> None:
    lakeside(rostering_starts_on=date(2027, 7, 28))
    client.force_login(cast.ellis)
    assert "/date/" not in client.get(PAGE).content.decode()


def test_a_number_is_a_filter(maya: Client) -> None:
    lakeside(rostering_starts_on=date(2027, 7, 28))
    numbers = maya.get(PAGE).context["numbers"]
    assert (numbers[0]["label"], numbers[0]["value"], numbers[0]["of"]) == ("At risk", 1, 2)
    assert numbers[0]["url"] == "?show=at-risk"
    assert groups(maya, show="at-risk") == {"At risk": ["Lakeside Unified"]}


def test_a_district_waits_for_rostering_after_its_reset(maya: Client, cast: Cast, reset: Reset) -> None:
    put([reset], Status.COMPLETED)
    gates.shut(cast.lakeside.pk)
    assert groups(maya, show="waiting") == {"Waiting for rostering": ["Lakeside Unified"]}
    assert "Paused" in words(maya, cast.maya, PAGE, show="waiting")


def test_a_question_is_answered_next_also_after_the_reset(maya: Client, cast: Cast, reset: Reset) -> None:
    put([reset], Status.COMPLETED)
    gates.shut(cast.lakeside.pk)
    Question.objects.create(reset=reset, text="What now?", asked_at=JUNE_1, asked_by="Dana Whitfield")
    assert '<a href="/districts/0620810/">Answer Dana Whitfield</a>' in maya.get(PAGE).content.decode()


def test_whose_data_is_ready_is_a_filter_and_says_so(maya: Client, cast: Cast, reset: Reset) -> None:
    put([reset], Status.COMPLETED)
    gates.shut(cast.lakeside.pk)
    assert groups(maya, show="data-ready") == {}
    Reset.objects.filter(pk=reset.pk).update(data_ready_at=JUNE_1, data_ready_by="Dana Whitfield")
    lakeside(rostering_starts_on=None, first_day_on=date(2027, 6, 9))
    assert groups(maya, show="data-ready") == {"At risk": ["Lakeside Unified"]}
    said = words(maya, cast.maya, PAGE, show="data-ready")
    assert "The district said that its new data is ready: say that rostering is complete. School starts" in said
    assert "its syncs are paused, and school starts" not in said


def test_the_default_is_told_with_its_year(maya: Client, cast: Cast) -> None:
    assert "Every district is reset on Wed, July 28, 2027 unless it chose another day." in words(maya, cast.maya, PAGE)


def test_it_is_searched_by_name_and_site_code(maya: Client) -> None:
    assert groups(maya, q="quarry") == groups(maya, q="3609930") == {"Wed, July 28, 2027": ["Quarry Hill"]}


def test_it_is_sorted_by_address(maya: Client) -> None:
    Reset.objects.filter(district__site_code="3609930").update(date=date(2027, 7, 1))
    assert groups(maya, sort="date") == {"": ["Quarry Hill", "Lakeside Unified"]}


@pytest.mark.parametrize("asked", [{"show": "nonsense"}, {"sort": "\x00"}, {"page": "9999"}, {"page": "x"}, {"q": ""}])
def test_what_it_does_not_know_in_its_address_is_left_out(maya: Client, asked: dict[str, str]) -> None:
    assert maya.get(PAGE, asked).context["page"].paginator.count == 2


def test_words_that_nothing_answers_to_say_what_to_do(maya: Client, cast: Cast) -> None:
    assert "Show all districts" in words(maya, cast.maya, PAGE, q="\x00 nowhere")


def test_a_filter_keeps_what_was_searched_and_leaves_the_page(maya: Client) -> None:
    chips = maya.get(PAGE, {"q": "quarry", "page": "1"}).context["chips"]
    assert chips[1]["url"] == "?q=quarry&show=at-risk"


def test_districts_that_nobody_can_write_to_are_told(maya: Client, cast: Cast) -> None:
    unread = {"show": "unread"}
    assert groups(maya, **unread) == {"Wed, July 28, 2027": ["Quarry Hill"]}
    (row,) = maya.get(PAGE, unread).context["groups"][0]["rows"]
    assert row["next"][0] == "Add a contact"
    added = {"added_at": JUNE_1, "added_by": "Maya Lindqvist"}
    cast.quarry.contacts.create(name="Rosa Quinn", email="rosa@quarry.example", gets_letters=True, **added)
    get_user_model().objects.filter(pk=cast.dana.pk).update(is_active=False)
    assert groups(maya, **unread) == {"Wed, July 28, 2027": ["Lakeside Unified"]}


def test_before_a_season_opens_it_says_so(client: Client, cast: Cast) -> None:
    said = words(client, cast.carmen, PAGE)
    assert "No season is open: nothing is reset until a CSM lead opens one." in said
    assert "Lakeside Unified" in said


def test_a_csm_without_districts_is_told_what_comes(client: Client, cast: Cast) -> None:
    cast.lakeside.csm = None
    cast.lakeside.save()
    assert "No district is yours yet" in words(client, cast.carmen, PAGE)


def test_no_student_is_named(maya: Client) -> None:
    assert "Canary" not in maya.get(PAGE).content.decode()


def test_more_districts_are_no_more_queries(
    maya: Client, cast: Cast, season: Season, django_assert_max_num_queries: Asks
) -> None:
    for number in range(8):
        make_district(f"District {number}", f"99000{number}", csm=cast.carmen, schools=0)
    with django_assert_max_num_queries(21):
        assert maya.get(PAGE).context["total"] == 10


def test_a_long_list_has_pages(maya: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resets.views.districts.ON_A_PAGE", 1)
    assert groups(maya, page="2") == {"Wed, July 28, 2027": ["Quarry Hill"]}
    assert "1 to 1 of 2 districts" in maya.get(PAGE).content.decode()


def test_after_its_reset_nothing_is_owed_any_more(maya: Client, cast: Cast, reset: Reset) -> None:
    services.ask_for(reset=reset, day=date(2027, 7, 20), by=cast.dana, at=JUNE_1)
    lakeside(rostering_starts_on=None)
    put([reset], Status.COMPLETED)
    assert "Asked for July 20" in words(maya, cast.maya, PAGE)
    assert groups(maya, show="no-rostering-start") == {}
    assert "nobody answered before the reset" in words(maya, cast.maya, "/districts/0620810/")


def heads(client: Client, **asked: str) -> dict[str, dict[str, Any]]:
    return {head["label"]: head for head in client.get(PAGE, asked).context["heads"]}


def test_a_head_sorts_its_column_and_pressed_again_turns_it_round(maya: Client) -> None:
    assert heads(maya)["Reset date"] == {"label": "Reset date", "is_number": False, "url": "?sort=date", "sort": ""}
    assert (heads(maya, sort="date")["Reset date"]["url"], heads(maya, sort="date")["Reset date"]["sort"]) == (
        "?sort=-date",
        "ascending",
    )
    assert heads(maya, sort="-date")["Reset date"]["sort"] == "descending"
    assert heads(maya, sort="students")["Students"]["sort"] == "descending"
    assert 'aria-sort="ascending"' in maya.get(PAGE, {"sort": "name"}).content.decode()
    assert groups(maya, sort="-name") == {"": ["Quarry Hill", "Lakeside Unified"]}


def test_who_waits_for_an_answer_is_a_filter(maya: Client, cast: Cast, reset: Reset) -> None:
    assert groups(maya, show="asked") == {}
    services.ask_for(reset=reset, day=date(2027, 7, 20), by=cast.dana, at=JUNE_1)
    assert groups(maya, show="asked") == {"Wed, July 28, 2027": ["Lakeside Unified"]}


def test_a_records_hold_is_at_risk_and_a_filter(maya: Client, cast: Cast, reset: Reset) -> None:
    assert groups(maya, show="held-records") == {}
    holds.place(
        district=cast.lakeside,
        by=cast.carmen,
        at=JUNE_1,
        reason="A request to inspect is open.",
        ends_on=date(2027, 8, 20),
    )
    assert groups(maya, show="held-records") == {"At risk": ["Lakeside Unified"]}
    assert "A request to inspect is open." in words(maya, cast.maya, PAGE)


def test_a_view_is_saved_opened_and_removed(maya: Client, cast: Cast, client: Client) -> None:
    saved = maya.post("/districts/views/save/", {"name": " Quarries ", "query": "q=quarry&show=nonsense&page=3"})
    assert saved.headers["Location"] == "/districts/?q=quarry"
    view = SavedView.objects.get()
    assert (view.person, view.name, view.query) == (cast.maya, "Quarries", "q=quarry")
    maya.post("/districts/views/save/", {"name": "Quarries", "query": "show=at-risk"})
    assert [(each["name"], each["url"]) for each in maya.get(PAGE).context["views"]] == [("Quarries", "?show=at-risk")]
    maya.post(f"/districts/views/{view.pk}/remove/")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", " \x00 ", "n" * 61])
def test_a_view_without_a_usable_name_is_not_saved(maya: Client, name: str) -> None:
    maya.post("/districts/views/save/", {"name": name, "query": "show=at-risk"})
    assert not SavedView.objects.exists()


def test_nobody_removes_the_view_of_somebody_else(maya: Client, cast: Cast) -> None:
    view = SavedView.objects.create(person=cast.carmen, name="Mine", query="")
    assert maya.post(f"/districts/views/{view.pk}/remove/").status_code == 404
    assert SavedView.objects.count() == 1


def test_the_download_holds_exactly_what_is_shown(maya: Client, cast: Cast, reset: Reset) -> None:
    lakeside(rostering_starts_on=date(2027, 7, 28))
    answer = maya.get("/districts.xlsx", {"show": "at-risk"})
    book = load_workbook(BytesIO(answer.content), read_only=True)
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    assert [row[:2] for row in rows] == [("Lakeside Unified", "0620810")]
    assert "Rostering starts Wed, July 28" in rows[0][head.index("At risk")]
