"""Many districts at once, from the list to the receipt."""

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from openpyxl import load_workbook

from districts.models import District, DistrictCounts, RosterSource, SchoolYear
from resets import services
from resets.models import Answer, Letter, Receipt, Reset, Season
from resets.views import kept
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.crowds import make_crowd
from tests.resets.views.reading import text, words

DATE, LETTER, CSM = "/bulk/date/", "/bulk/letter/", "/bulk/csm/"
BOTH = ["0620810", "3609930"]


@pytest.fixture
def carmen(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.carmen)
    return client


@pytest.fixture
def maya(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.maya)
    return client


def hidden(answer: Any) -> dict[str, str]:
    """What the preview's form carries."""
    page = answer.content.decode()
    found = dict(re.findall(r'<input type="hidden" name="(chosen|token|confirmed)" value="([^"]*)"', page))
    assert set(found) == {"chosen", "token", "confirmed"}
    return found


def lines(answer: Any) -> dict[str, str]:
    return {row["name"]: row["word"] for row in answer.context["preview"]["rows"]}


def look(client: Client, address: str, asked: Any) -> Any:
    """What a form asks to see, on the page that it leads to."""
    return client.post(address, asked, follow=True)


def confirm(client: Client, address: str, **asked: Any) -> Any:
    """Looks at the preview and presses its button."""
    sent = hidden(look(client, address, asked))
    return client.post(address, {**asked, **sent})


def date_of(code: str) -> date:
    return Reset.objects.get(district__site_code=code).date


def test_a_preview_says_what_would_change_and_changes_nothing(maya: Client, cast: Cast) -> None:
    SchoolYear.objects.filter(district=cast.quarry).update(rostering_starts_on=date(2027, 7, 20))
    answer = look(maya, DATE, {"d": BOTH, "day": "2027-07-21"})
    assert lines(answer) == {"Lakeside Unified": "Would change", "Quarry Hill": "Refused"}
    assert answer.context["preview"]["students"] == cast.lakeside.counts.students
    assert "July 28 (default) → July 21" in answer.content.decode()
    assert "Nearest day: <b>Mon, July 19</b>" in answer.content.decode()
    assert {date_of(code) for code in BOTH} == {date(2027, 7, 28)}


def sentences(answer: Any) -> dict[str, str]:
    return {row["name"]: row["sentence"] for row in answer.context["preview"]["rows"]}


def test_a_preview_says_which_risk_stays(maya: Client, cast: Cast) -> None:
    """Its session runs into the default, and eight days before it no export proves anything."""
    SchoolYear.objects.filter(district=cast.lakeside).update(ends_on=date(2027, 7, 29))
    with mock.patch("resetportal.clock.now", return_value=datetime(2027, 7, 20, 17, tzinfo=UTC)):
        maya.force_login(cast.maya)
        said = sentences(look(maya, DATE, {"d": BOTH, "day": "2027-07-30"}))["Lakeside Unified"]
    assert "It stays at risk: No export proves yet that nothing is lost" in said
    assert "leaves the at-risk list" not in said


def test_a_preview_says_that_a_district_leaves_the_list(maya: Client, cast: Cast) -> None:
    SchoolYear.objects.filter(district=cast.lakeside).update(ends_on=date(2027, 7, 29))
    said = sentences(look(maya, DATE, {"d": BOTH, "day": "2027-07-30"}))["Lakeside Unified"]
    assert said.endswith("It leaves the at-risk list.")


def test_what_can_be_done_is_done_and_the_rest_stays(maya: Client, cast: Cast) -> None:
    SchoolYear.objects.filter(district=cast.quarry).update(rostering_starts_on=date(2027, 7, 20))
    answer = confirm(maya, DATE, d=BOTH, day="2027-07-21")
    receipt = Receipt.objects.get()
    assert answer.headers["Location"] == f"/receipts/{receipt.token}/"
    assert (date_of("0620810"), date_of("3609930")) == (date(2027, 7, 21), date(2027, 7, 28))
    assert Reset.objects.get(district=cast.lakeside).answer == Answer.NONE  # Maya set it, and Lakeside said nothing
    shown = maya.get(answer.headers["Location"])
    assert (shown.context["done"], shown.context["refused"]) == (1, 1)
    assert re.findall(r'value="(\d{7})"\s+form="bulk"\s+checked', shown.content.decode()) == ["3609930"]


def test_pressed_twice_is_once(maya: Client, reset: Reset) -> None:
    sent = {"d": BOTH, "day": "2027-07-21", **hidden(look(maya, DATE, {"d": BOTH, "day": "2027-07-21"}))}
    first, second = maya.post(DATE, sent), maya.post(DATE, sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Receipt.objects.count() == 1
    assert {reset.version for reset in Reset.objects.all()} == {2}


def test_somebody_elses_token_shows_nothing_of_hers(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.maya)
    sent = {"day": "2027-07-21", **hidden(look(client, DATE, {"d": BOTH, "day": "2027-07-21"}))}
    client.post(DATE, sent)
    client.force_login(cast.carmen)
    answer = client.post(DATE, {**sent, "day": "2027-07-22"})
    assert answer.headers["Location"] == "/districts/"
    assert date_of("0620810") == date(2027, 7, 21)


def test_what_changed_since_the_preview_is_refused_and_told(maya: Client, cast: Cast, reset: Reset) -> None:
    sent = {"day": "2027-07-21", **hidden(look(maya, DATE, {"d": BOTH, "day": "2027-07-21"}))}
    services.schedule(reset=reset, to=date(2027, 7, 5), by=cast.carmen, at=JUNE_1)
    answer = maya.post(DATE, sent, follow=True)
    assert "Carmen Ortiz set it to Mon, July 5, 2027 meanwhile." in answer.content.decode()
    assert (date_of("0620810"), date_of("3609930")) == (date(2027, 7, 5), date(2027, 7, 21))


def test_a_reason_is_asked_for_where_a_rule_wants_one(maya: Client, cast: Cast) -> None:
    SchoolYear.objects.filter(district=cast.quarry).update(rostering_starts_on=None)
    asked = {"d": BOTH, "day": "2027-07-21"}
    preview = look(maya, DATE, asked)
    assert lines(preview) == {"Lakeside Unified": "Would change", "Quarry Hill": "Needs a reason"}
    assert "(required for 1 of 2 districts)" in text(preview.content)
    refused = look(maya, DATE, {**asked, **hidden(preview), "reason": " "})
    assert refused.status_code == 422
    summary = refused.text.partition('class="bulk-page"')[2].partition("<form")[0]
    assert "autofocus" in summary
    assert '<a href="#id_reason">Say why: a rule asks for a reason.</a>' in summary
    assert "a rule asks for a reason" in refused.content.decode()
    assert date_of("0620810") == date(2027, 7, 28)
    maya.post(DATE, {**asked, **hidden(refused), "reason": "Both called."})
    assert {date_of(code) for code in BOTH} == {date(2027, 7, 21)}
    assert Receipt.objects.get().reason == "Both called."


def test_a_refusal_for_the_reason_keeps_the_versions_of_the_preview(maya: Client, cast: Cast, reset: Reset) -> None:
    SchoolYear.objects.filter(district=cast.quarry).update(rostering_starts_on=None)
    asked = {"d": BOTH, "day": "2027-07-21"}
    preview = hidden(look(maya, DATE, asked))
    services.schedule(reset=reset, to=date(2027, 7, 5), by=cast.carmen, at=JUNE_1)
    assert hidden(look(maya, DATE, {**asked, **preview}))["chosen"] == preview["chosen"]


def test_a_csm_does_it_to_her_own_districts_alone(carmen: Client, cast: Cast) -> None:
    preview = look(carmen, DATE, {"d": BOTH, "day": "2027-07-21"})
    assert lines(preview) == {"Lakeside Unified": "Would change"}
    quarry = Reset.objects.get(district=cast.quarry)
    sent = hidden(preview) | {"chosen": f"{quarry.district_id}:{quarry.version}", "day": "2027-07-21"}
    assert carmen.post(DATE, sent).headers["Location"] == "/districts/"
    assert (date_of("3609930"), Receipt.objects.count()) == (date(2027, 7, 28), 0)


def test_a_district_that_left_her_since_the_preview_is_not_there(carmen: Client, cast: Cast) -> None:
    sent = {"day": "2027-07-21", **hidden(look(carmen, DATE, {"d": BOTH, "day": "2027-07-21"}))}
    District.objects.filter(pk=cast.lakeside.pk).update(csm=cast.omar)
    carmen.post(DATE, sent)
    assert date_of("0620810") == date(2027, 7, 28)


@pytest.mark.parametrize("sent", [{}, {"d": "no such"}, {"d": "\x00"}, {"chosen": "x:y ²:1 5:"}, {"chosen": "9" * 400}])
def test_nothing_chosen_leads_back_to_the_list(maya: Client, sent: dict[str, str]) -> None:
    assert "Choose districts in the list first." in maya.post(DATE, sent, follow=True).content.decode()


def test_a_day_that_is_none_is_refused_under_its_field(maya: Client) -> None:
    answer = look(maya, DATE, {"d": BOTH, "day": "2027-02-30"})
    assert answer.status_code == 422
    assert "Write a date such as" in answer.content.decode()


def test_all_of_a_filter_are_chosen_through_its_pages(maya: Client, season: Season) -> None:
    crowd = make_crowd(season, 120)
    DistrictCounts.objects.bulk_create(DistrictCounts(district=each.district) for each in crowd)
    RosterSource.objects.bulk_create(RosterSource(district=each.district) for each in crowd)
    answer = look(maya, DATE, {"all": "1", "q": "District", "show": "default", "day": "2027-07-21"})
    assert answer.context["count"] == 120
    assert "All 122 that match, on every page" in " ".join(maya.get("/districts/").content.decode().split())


def test_more_than_a_worker_does_at_once_are_not_begun(maya: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resets.bulk.MOST", 1)
    assert "Choose at most 1 at once" in maya.post(DATE, {"d": BOTH}, follow=True).content.decode()


def test_the_way_back_has_the_list_as_it_was_with_the_boxes_ticked(maya: Client) -> None:
    answer = look(maya, DATE, {"d": ["0620810"], "show": "default", "sort": "name"})
    back = answer.context["back"]
    assert back == "/districts/?show=default&sort=name&d=0620810"
    page = maya.get(back).content.decode()
    assert re.findall(r'value="(\d{7})"\s+form="bulk"\s+checked', page) == ["0620810"]


def test_an_engineer_is_offered_no_boxes(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.ellis)
    assert 'name="d"' not in client.get("/districts/").content.decode()


def test_only_a_lead_is_offered_to_reassign(client: Client, cast: Cast, reset: Reset) -> None:
    found = {}
    for person in (cast.carmen, cast.maya):
        client.force_login(person)
        found[person.name] = CSM in client.get("/districts/").content.decode()
    assert found == {"Carmen Ortiz": False, "Maya Lindqvist": True}


def test_a_letter_is_read_before_it_is_written(maya: Client, cast: Cast) -> None:
    asked = {"d": BOTH, "subject": "Dates of {district}", "body": "Yours is {reset_date}.\n\n{csm}"}
    answer = look(maya, LETTER, {**asked, "sample": "0620810"})
    assert answer.context["sample"]["subject"] == "Dates of Lakeside Unified"
    assert answer.context["sample"]["paragraphs"] == ["Yours is Wed, July 28, 2027.", "Carmen Ortiz"]
    assert lines(answer) == {"Lakeside Unified": "Would change", "Quarry Hill": "Refused"}
    assert not Letter.objects.filter(subject__startswith="Dates").exists()


def test_a_letter_goes_to_each_that_has_a_reader_once(maya: Client, cast: Cast) -> None:
    asked = {"d": BOTH, "subject": "Dates of {district}", "body": "Hello.", "asks": "on"}
    sent = {**asked, **hidden(look(maya, LETTER, asked))}
    maya.post(LETTER, sent)
    maya.post(LETTER, sent)
    letter = Letter.objects.get(subject="Dates of {district}")
    assert (letter.district, letter.asks, letter.written_by) == (cast.lakeside, True, "Maya Lindqvist")
    assert {row["name"]: row["outcome"] for row in Receipt.objects.get().lines} == {
        "Lakeside Unified": "done",
        "Quarry Hill": "refused",
    }


def test_a_receipt_of_a_letter_names_no_field(maya: Client, cast: Cast) -> None:
    asked = {"d": BOTH, "subject": "Dates of {district}", "body": "Hello."}
    maya.post(LETTER, {**asked, **hidden(look(maya, LETTER, asked))})
    said = words(maya, cast.maya, f"/receipts/{Receipt.objects.get().token}/")
    assert "“Dates of …” to 1 district" in said


def test_a_letter_that_asks_says_where_there_is_nothing_to_answer(maya: Client, season: Season, cast: Cast) -> None:
    asked = {"d": BOTH, "subject": "Dates", "body": "Hello.", "asks": "on"}
    no_link = "1 person gets it: Dana Whitfield. It carries no link to answer by"
    assert no_link not in text(look(maya, LETTER, asked).content)
    season.resets.filter(district=cast.lakeside).update(status="counting")
    assert no_link in text(look(maya, LETTER, asked).content)
    assert no_link not in text(look(maya, LETTER, asked | {"asks": ""}).content)


def test_an_unknown_field_is_refused_under_the_letter(maya: Client) -> None:
    answer = look(maya, LETTER, {"d": BOTH, "subject": "Hello", "body": "Dear {student}"})
    assert answer.status_code == 422
    assert "There is no field {student}." in answer.content.decode()


@pytest.mark.django_db
def test_a_lead_gives_districts_to_another_csm(
    maya: Client, cast: Cast, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        confirm(maya, CSM, d=BOTH, to=str(cast.omar.pk), reason="Carmen is away.")
    assert {each.csm for each in District.objects.all()} == {cast.omar}
    found = {row["name"]: row["outcome"] for row in Receipt.objects.get().lines}
    assert found == {"Lakeside Unified": "done", "Quarry Hill": "same"}
    said = words(maya, cast.maya, "/districts/0620810/")
    assert "Maya Lindqvist gave the district to Omar Haddad. Before, Carmen Ortiz looked after it." in said
    told = {message.to[0]: message.subject for message in mail.outbox}
    assert told == {
        "omar@vendor.example": "1 district is yours now",
        "carmen@vendor.example": "1 district goes to Omar Haddad",
    }


def test_what_was_given_away_since_the_preview_is_not_given_again(maya: Client, cast: Cast) -> None:
    sent = {"to": str(cast.omar.pk), **hidden(look(maya, CSM, {"d": "0620810", "to": str(cast.omar.pk)}))}
    District.objects.filter(pk=cast.lakeside.pk).update(csm=None)
    answer = maya.post(CSM, sent, follow=True)
    assert "Somebody gave it to nobody meanwhile." in answer.content.decode()
    assert District.objects.get(pk=cast.lakeside.pk).csm is None


@pytest.mark.parametrize("who", ["maya", "dana", "ellis"])
def test_districts_are_given_to_csms_alone(maya: Client, cast: Cast, who: str) -> None:
    answer = look(maya, CSM, {"d": BOTH, "to": str(getattr(cast, who).pk)})
    assert answer.status_code == 422


def test_a_receipt_is_hers_and_the_leads(client: Client, cast: Cast, reset: Reset) -> None:
    done = {"done_at": JUNE_1, "done_by": "Carmen Ortiz", "person": cast.carmen}
    token = Receipt.objects.create(kind="date", what="Wed, July 21, 2027", **done).token
    found = {}
    for person in (cast.carmen, cast.omar, cast.maya):
        client.force_login(person)
        found[person.name] = client.get(f"/receipts/{token}/").status_code
    assert found == {"Carmen Ortiz": 200, "Omar Haddad": 404, "Maya Lindqvist": 200}
    assert client.get(f"/receipts/{uuid4()}/").status_code == 404


def test_a_receipt_is_a_workbook_too(maya: Client, cast: Cast) -> None:
    District.objects.filter(pk=cast.quarry.pk).update(name="=1+1")
    address = confirm(maya, DATE, d=BOTH, day="2027-07-21").headers["Location"]
    sheet = load_workbook(io.BytesIO(maya.get(f"{address}xlsx/").content))["Districts"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:2] == ("Site code", "District")
    assert {row[:2] for row in rows[1:]} == {("0620810", "Lakeside Unified"), ("3609930", "=1+1")}
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_what_a_crash_left_is_told_and_can_be_chosen_again(maya: Client, cast: Cast) -> None:
    line = {"site_code": "0620810", "name": "Lakeside Unified", "students": 3, "outcome": "waiting", "sentence": ""}
    done = {"done_at": JUNE_1, "done_by": "Maya Lindqvist", "person": cast.maya}
    token = Receipt.objects.create(kind="date", what="Wed, July 21, 2027", lines=[line], **done).token
    page = " ".join(maya.get(f"/receipts/{token}/").content.decode().split())
    assert "1 district has not been come to yet." in page
    assert re.search(r'value="0620810" form="bulk" checked', page)


def test_back_and_reload_show_a_preview_again(maya: Client, cast: Cast) -> None:
    asked = maya.post(DATE, {"d": BOTH, "day": "2027-07-21"})
    assert asked.status_code == 302
    first, again = maya.get(asked.headers["Location"]), maya.get(asked.headers["Location"])
    assert lines(first) == lines(again) == {"Lakeside Unified": "Would change", "Quarry Hill": "Would change"}
    maya.post(DATE, {"day": "2027-07-21", **hidden(first)})
    assert set(lines(maya.get(asked.headers["Location"])).values()) == {"No change"}  # Back from the receipt


def test_the_address_of_a_preview_does_nothing(maya: Client, cast: Cast) -> None:
    SchoolYear.objects.filter(district=cast.quarry).update(rostering_starts_on=None)
    sent = {"day": "2027-07-21", **hidden(look(maya, DATE, {"d": BOTH, "day": "2027-07-21"}))}
    refused = maya.post(DATE, sent).headers["Location"]
    SchoolYear.objects.filter(district=cast.quarry).update(rostering_starts_on=date(2027, 8, 10))
    assert maya.get(refused).status_code == 200  # no reason is needed any more, and yet nobody pressed
    assert maya.get(DATE, sent).status_code == 200
    assert date_of("0620810") == date(2027, 7, 28)


def test_a_preview_of_so_many_that_no_address_holds_them_has_one(maya: Client, cast: Cast, season: Season) -> None:
    crowd = make_crowd(season, 900, csm=cast.omar)
    counts = (DistrictCounts(district_id=each.district_id, schools=1, students=1) for each in crowd)
    DistrictCounts.objects.bulk_create(counts)
    answer = look(maya, DATE, {"all": "1", "show": "", "day": "2027-07-21"})
    chosen = hidden(answer)["chosen"]
    again = maya.post(DATE, {"chosen": chosen, "day": "2027-07-22"})
    assert len(again.headers["Location"]) < 100
    assert len(maya.get(again.headers["Location"]).context["entries"]) == len(chosen.split()) > 900


def test_somebody_elses_preview_is_not_there(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.maya)
    address = client.post(DATE, {"d": BOTH, "day": "2027-07-21"}).headers["Location"]
    other = Client()
    other.force_login(cast.maya)
    assert other.get(address).headers["Location"] == "/districts/"


def test_the_newest_previews_are_kept(maya: Client) -> None:
    asked = {"d": BOTH, "day": "2027-07-21"}
    places = [maya.post(DATE, asked).headers["Location"] for _each in range(6)]
    assert [maya.get(place).status_code for place in places] == [302, 200, 200, 200, 200, 200]
    said = text(maya.get(places[0], follow=True).content)
    assert "This preview is not kept any more. Nothing was done: choose the districts again." in said


@pytest.mark.django_db
def test_a_letter_that_was_written_outlasts_the_previews_of_other_pages(maya: Client) -> None:
    place = maya.post(LETTER, {"d": BOTH, "subject": "Before the summer", "body": "A long letter."}).headers["Location"]
    for _each in range(6):
        maya.post(DATE, {"d": BOTH, "day": "2027-07-21"})
    assert "A long letter." in text(maya.get(place).content)


@pytest.mark.django_db
def test_no_more_than_a_session_should_hold_is_kept(maya: Client) -> None:
    for number in range(1, 8):
        for _each in range(3):
            maya.post(f"/letters/steps/{number}/", {"name": "A letter"})
    assert len(maya.session["asked_by_form"]) == kept.MOST


@pytest.mark.django_db
def test_a_district_given_away_since_the_preview_is_told_and_not_named(
    client: Client, cast: Cast, reset: Reset, season: Season
) -> None:
    District.objects.filter(pk=cast.quarry.pk).update(csm=cast.carmen)
    client.force_login(cast.carmen)
    asked = {"d": BOTH, "day": "2027-07-21"}
    sent = hidden(look(client, DATE, asked))
    District.objects.filter(pk=cast.quarry.pk).update(csm=cast.omar)
    answer = client.post(DATE, asked | sent, follow=True)
    said = text(answer.content)
    assert "A district that was in the preview" in said
    assert "It is not yours any more. Nothing was done to it." in said
    assert "Quarry Hill" not in said
    assert answer.context["refused"] == 1


@pytest.mark.django_db
def test_where_none_is_hers_any_more_it_says_so(client: Client, cast: Cast, reset: Reset, season: Season) -> None:
    client.force_login(cast.carmen)
    asked = {"d": ["0620810"], "day": "2027-07-21"}
    sent = hidden(look(client, DATE, asked))
    District.objects.filter(pk=cast.lakeside.pk).update(csm=cast.omar)
    said = text(client.post(DATE, asked | sent, follow=True).content)
    assert "No district of that preview is yours any more. Nothing was done." in said


@pytest.mark.django_db
def test_a_letter_is_shown_as_somebody_reads_it_who_gets_it(maya: Client, cast: Cast) -> None:
    asked = {"d": BOTH, "subject": "For {district}", "body": "Please answer.", "sample": "3609930"}
    answer = maya.post(LETTER, asked, follow=True)
    assert "As Lakeside Unified reads it:" in text(answer.content)
    assert "1 person gets it: Dana Whitfield." in text(answer.content)
    alone = text(maya.post(LETTER, asked | {"d": ["3609930"]}, follow=True).content)
    assert "Nobody would get this letter" in alone
    assert "reads it:" not in alone


@pytest.mark.django_db
def test_a_name_with_a_break_keeps_no_message_back(
    maya: Client, cast: Cast, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    type(cast.omar).objects.filter(pk=cast.omar.pk).update(name="Omar\nHaddad")
    with django_capture_on_commit_callbacks(execute=True):
        confirm(maya, CSM, d=BOTH, to=str(cast.omar.pk), reason="Carmen is away.")
    told = {message.to[0]: message.subject for message in mail.outbox}
    assert told["carmen@vendor.example"] == "1 district goes to Omar Haddad"
