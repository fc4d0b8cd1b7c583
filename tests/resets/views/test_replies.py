"""The pages behind a letter's link, and the CSM's answers: who may, what looking leaves alone, what each state says."""

import re
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core import mail, signing
from django.test import Client
from django.urls import reverse

from districts.models import Contact
from resets import correspondence, holds, replies, services
from resets.history import sentence
from resets.models import Answer, Delivery, Letter, Question, Reset, ResetEvent, Season, Status
from resets.services import NotPossible
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.crowds import put

pytestmark = pytest.mark.django_db

KEEP = {"answer": "keep", "name": "Dana Whitfield", "day": "2027-07-28"}
ASK = {"answer": "question", "name": "Dana Whitfield", "text": "Does the summer school count?", "token": str(uuid4())}
ANOTHER = {"name": "Dana Whitfield", "day": "2027-07-20", "reason": "Our new roster comes early."}


def sent(reset: Reset, name: str = "Dana Whitfield", *, at: datetime = JUNE_1) -> Delivery:
    about = {"subject": "Your reset", "body": "Dear Dana", "asks": True, "due_from": at}
    signed = {"written_at": at, "written_by": "Carmen Ortiz", "sent_at": at, "sent_by": "Carmen Ortiz"}
    letter = Letter.objects.create(district=reset.district, season=reset.season, **about, **signed)
    to = {"name": name, "address": "dana@lakeside.example", "sent_at": at, "sent_by": "Carmen Ortiz"}
    person = reset.district.admins.first()
    if person is None:
        known = {"name": name, "gets_letters": True, "added_at": at, "added_by": "Carmen Ortiz"}
        Contact.objects.get_or_create(district=reset.district, email=to["address"], defaults=known)
    return Delivery.objects.create(letter=letter, person=person, **to)


def test_of_a_held_reset_it_says_that_nothing_is_deleted(anyone: Client, path: str, cast: Cast, reset: Reset) -> None:
    services.stop(reset=reset, by=cast.carmen, at=JUNE_1, reason="A dispute.")
    page = anyone.get(path).text
    assert "Your reset of Wed, July 28 is on hold." in page
    assert "stands. For your export" not in page


def test_while_a_records_hold_is_open_it_says_that_nothing_is_reset(
    anyone: Client, path: str, cast: Cast, reset: Reset
) -> None:
    holds.place(district=cast.lakeside, by=cast.carmen, at=JUNE_1, reason="A dispute.", ends_on=date(2027, 8, 20))
    page = anyone.get(path).text
    assert "Nothing is reset while your records hold is open. The date is Wed, July 28." in page
    assert "The reset stays on Wed, July 28, 2027 if the hold has ended by then." in page
    assert "will be reset on" not in page
    assert "July 28 stands" not in page
    assert "A dispute." not in page
    assert "Nothing is reset while the records hold is open." in anyone.get(f"{path}day/").text


def test_the_day_that_it_has_is_kept_and_not_asked_for(anyone: Client, path: str, reset: Reset) -> None:
    page = anyone.get(f"{path}day/").text
    assert "Ask for Wed, July 28" not in page
    assert "Keep July 28" in page
    assert "Ask for Tue, July 20" in anyone.get(f"{path}day/?day=2027-07-20").text
    assert "would do best" not in anyone.get(path).text
    refused = anyone.post(f"{path}day/", ANOTHER | {"day": "2027-07-28"})
    assert (refused.status_code, "is the day that it has" in refused.text) == (422, True)
    reset.refresh_from_db()
    assert reset.answer == Answer.NONE


def test_a_request_without_a_reason_says_so_to_her_csm(anyone: Client, path: str, cast: Cast) -> None:
    assert "You may leave it empty." in anyone.get(f"{path}day/?day=2027-07-20").text
    anyone.post(f"{path}day/", ANOTHER | {"reason": ""})
    client = Client()
    client.force_login(cast.carmen)
    for page in ("resets:answer", "resets:district", "resets:choose"):
        assert "No reason was given." in client.get(reverse(page, args=["0620810"])).text


def test_whoever_asked_by_link_reads_there_why_the_day_was_not_given(
    anyone: Client, path: str, cast: Cast, reset: Reset
) -> None:
    anyone.post(f"{path}day/", ANOTHER)
    replies.decline(reset=reset, why="A holiday.", by=cast.carmen, at=JUNE_1, asked=date(2027, 7, 20))
    page = anyone.get(path).text
    assert "Carmen Ortiz answered the request for Tue, July 20, 2027: Wed, July 28, 2027 stays. “A holiday.”" in page


def test_a_link_ends_with_the_account_that_it_was_sent_to(anyone: Client, path: str, cast: Cast, reset: Reset) -> None:
    cast.dana.is_active = False
    cast.dana.save()
    assert anyone.get(path).status_code == 410
    assert anyone.post(path, KEEP).status_code == 410
    reset.refresh_from_db()
    assert reset.answer == Answer.NONE


def test_a_link_ends_with_the_contact_that_it_was_sent_to(anyone: Client, cast: Cast, reset: Reset) -> None:
    cast.dana.delete()
    path = path_of(sent(reset))
    assert anyone.get(path).status_code == 200
    Contact.objects.all().delete()
    assert anyone.get(path).status_code == 410


def test_a_request_that_changed_meanwhile_is_not_declined(anyone: Client, path: str, cast: Cast, reset: Reset) -> None:
    anyone.post(f"{path}day/", ANOTHER)
    with pytest.raises(NotPossible, match="by now"):
        replies.decline(reset=reset, why="A holiday.", by=cast.carmen, at=JUNE_1, asked=date(2027, 7, 21))
    reset.refresh_from_db()
    assert reset.answer == Answer.ASKS


@pytest.mark.parametrize("day", ["2027-02-31", "soon", "", None, "2027-07-21"])
def test_what_she_declines_is_the_day_that_she_read(anyone: Client, path: str, cast: Cast, day: str | None) -> None:
    anyone.post(f"{path}day/", ANOTHER)
    client = Client()
    client.force_login(cast.carmen)
    words = {"text": "A holiday."} | ({} if day is None else {"day": day})
    page = client.post(reverse("resets:answer", args=["0620810"]), words)
    assert page.status_code == 422
    assert "Not saved." in page.text
    assert ">\nA holiday.</textarea>" in page.text
    assert 'name="day" value="2027-07-20"' in page.text
    reset = Reset.objects.get(district=cast.lakeside)
    assert (reset.answer, reset.asked_for) == (Answer.ASKS, date(2027, 7, 20))


def test_a_number_that_is_none_is_no_question(anyone: Client, path: str, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.carmen)
    answer = client.post(reverse("resets:answer", args=["0620810"]), {"question": "²", "text": "Yes."})
    assert answer.status_code == 404


@pytest.fixture
def path(reset: Reset) -> str:
    return path_of(sent(reset))


def path_of(delivery: Delivery) -> str:
    return replies.link(delivery)[replies.link(delivery).index("/r/") :]


@pytest.fixture
def anyone() -> Client:
    """A browser that was never here, and that Django's own guard of forms would refuse without a cookie."""
    return Client(enforce_csrf_checks=True)


def test_opening_it_changes_nothing_and_leaves_no_trace(anyone: Client, path: str, reset: Reset) -> None:
    before = Reset.objects.values().get(pk=reset.pk), ResetEvent.objects.count()
    for address in (path, f"{path}day/", f"{path}day/?day=2027-07-20", f"{path}?answer=keep&day=2027-07-28"):
        assert anyone.get(address).status_code == 200
        assert anyone.head(address).status_code == 200
    assert (Reset.objects.values().get(pk=reset.pk), ResetEvent.objects.count()) == before
    assert not anyone.cookies


@pytest.mark.parametrize("of", ["", "day/", "../x/"])
def test_nobody_keeps_it_or_hears_of_it(anyone: Client, path: str, of: str) -> None:
    page = anyone.get("/r/x/" if of == "../x/" else path + of)
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex"


def test_it_says_to_whom_the_letter_went_and_nothing_of_students(anyone: Client, path: str) -> None:
    page = anyone.get(path).text
    assert "sent to Dana Whitfield" in page
    assert "Lakeside Unified" in page
    assert "Canary" not in page
    assert "School 1" not in page


def test_keeping_by_the_link_is_the_district_s_answer(anyone: Client, path: str, reset: Reset) -> None:
    assert anyone.post(path, KEEP)["Location"] == path
    reset.refresh_from_db()
    assert (reset.answer, reset.answered_by) == (Answer.KEEPS, "Dana Whitfield (by a letter’s link)")
    assert "keeps Wed, July 28, 2027" in anyone.get(path).text
    assert "Keep July 28</h3>" not in anyone.get(path).text


def test_somebody_to_whom_it_was_forwarded_is_named_with_whose_link_it_was(
    anyone: Client, path: str, reset: Reset
) -> None:
    anyone.post(path, KEEP | {"name": "  Ray   Okafor "})
    reset.refresh_from_db()
    assert reset.answered_by == "Ray Okafor (by the link sent to Dana Whitfield)"
    said = [sentence(each) for each in ResetEvent.objects.filter(reset_id=reset.pk)]
    assert any(each.startswith("Ray Okafor (by the link sent to Dana Whitfield)") for each in said)


def test_without_a_name_nothing_is_answered(anyone: Client, path: str, reset: Reset) -> None:
    page = anyone.post(path, KEEP | {"name": " "})
    assert page.status_code == 422
    assert "Write your name" in page.text
    reset.refresh_from_db()
    assert reset.answer == Answer.NONE


def test_a_day_that_moved_meanwhile_is_not_kept(anyone: Client, path: str, reset: Reset, cast: Cast) -> None:
    services.schedule(reset=reset, to=date(2027, 7, 21), by=cast.carmen, at=JUNE_1)
    page = anyone.post(path, KEEP)
    assert page.status_code == 409
    assert "it is Wed, July 21, 2027 now. Look again" in page.text


def test_another_day_is_asked_for_and_stands_on_the_csm_s_list(anyone: Client, path: str, reset: Reset) -> None:
    assert anyone.post(f"{path}day/", ANOTHER)["Location"] == path
    reset.refresh_from_db()
    assert (reset.answer, reset.asked_for, reset.date) == (Answer.ASKS, date(2027, 7, 20), date(2027, 7, 28))
    assert "asked for Tue, July 20, 2027" in anyone.get(path).text


def test_a_refused_day_is_explained_and_the_reason_is_not_lost(anyone: Client, path: str, reset: Reset) -> None:
    assert "June 19" in anyone.get(f"{path}day/?day=2027-06-10").text
    page = anyone.post(f"{path}day/", ANOTHER | {"day": "2027-06-10"})
    assert page.status_code == 422
    assert ANOTHER["reason"] in page.text
    reset.refresh_from_db()
    assert reset.asked_for is None


def test_a_reason_is_there_again_where_another_field_was_wrong(anyone: Client, path: str) -> None:
    page = anyone.post(f"{path}day/", ANOTHER | {"name": ""})
    assert page.status_code == 422
    assert ANOTHER["reason"] in page.text


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_on_another_site_answers_nothing(anyone: Client, path: str, reset: Reset, site: str) -> None:
    for address, data in ((path, KEEP), (path, ASK), (f"{path}day/", ANOTHER)):
        assert anyone.post(address, data, headers={"Sec-Fetch-Site": site}).status_code == 403
    reset.refresh_from_db()
    assert reset.answer == Answer.NONE
    assert not Question.objects.exists()


def test_the_portal_s_own_page_answers(anyone: Client, path: str) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    assert anyone.post(path, KEEP, headers=headers).status_code == 302


def test_a_changed_link_is_none(anyone: Client, path: str, reset: Reset) -> None:
    other = signing.dumps(Delivery.objects.get().pk, salt="another purpose")
    for token in ("x", path[3:-3] + "zz", other):
        page = anyone.post(f"/r/{token}/", KEEP)
        assert page.status_code == 404
        assert "no link of a letter" in page.text
    reset.refresh_from_db()
    assert reset.answer == Answer.NONE


def test_a_link_lasts_sixty_days(anyone: Client, reset: Reset, june: time_machine.Traveller) -> None:
    path = path_of(sent(reset, at=JUNE_1 - timedelta(days=20)))
    june.move_to(JUNE_1 + timedelta(days=40))
    assert anyone.get(path).status_code == 200
    june.move_to(JUNE_1 + timedelta(days=40, seconds=1))
    for page in (anyone.get(path), anyone.post(path, KEEP)):
        assert page.status_code == 410
        assert "older than 60 days" in page.text


def test_once_the_reset_began_it_answers_nothing(anyone: Client, path: str, reset: Reset) -> None:
    Reset.objects.filter(pk=reset.pk).update(status=Status.COUNTING)
    for page in (anyone.get(path), anyone.post(path, KEEP), anyone.post(f"{path}day/", ANOTHER)):
        assert page.status_code == 410
        assert "has begun" in page.text


def test_a_link_is_of_one_district(anyone: Client, path: str, reset: Reset, cast: Cast) -> None:
    anyone.post(path, KEEP | {"site_code": cast.quarry.site_code})
    assert list(Reset.objects.exclude(answer=Answer.NONE).values_list("pk", flat=True)) == [reset.pk]


def test_an_answer_may_be_changed_until_the_run(anyone: Client, path: str, reset: Reset) -> None:
    anyone.post(path, KEEP)
    anyone.post(f"{path}day/", ANOTHER)
    anyone.post(path, KEEP)
    reset.refresh_from_db()
    assert (reset.answer, reset.asked_for) == (Answer.KEEPS, None)


def test_a_question_by_the_link_reaches_the_csm_and_her_answer_the_district(
    anyone: Client, path: str, reset: Reset, cast: Cast
) -> None:
    anyone.post(path, ASK)
    asked = Question.objects.get()
    assert (asked.asked_by, asked.delivery_id) == ("Dana Whitfield (by a letter’s link)", Delivery.objects.get().pk)
    client = Client()
    client.force_login(cast.carmen)
    page = reverse("resets:answer", args=["0620810"])
    assert ASK["text"] in client.get(page).text
    assert client.post(page, {"question": asked.pk, "text": "It does {not}."}).status_code == 302
    correspondence.tick(at=JUNE_1)
    (said,) = [" ".join(str(each.body).split()) for each in mail.outbox if each.subject == "An answer about your reset"]
    quoted = f"Dana Whitfield (by a letter’s link) asked on Tue, June 1, 2027: “{ASK['text']}”"
    assert f"{quoted} It does {{not}}. The reset is on Wed, July 28, 2027." in said
    assert "It does {not}." in Client().get(path).text


def test_a_question_is_answered_once(reset: Reset, cast: Cast) -> None:
    asked = replies.ask_question(reset=reset, text="When?", by=cast.dana, at=JUNE_1)
    replies.answer_question(question=asked, text="At 1:00 AM.", by=cast.carmen, at=JUNE_1)
    with pytest.raises(NotPossible, match="Carmen Ortiz answered it already"):
        replies.answer_question(question=asked, text="At 2:00 AM.", by=cast.maya, at=JUNE_1)
    assert Letter.objects.count() == 1


def test_the_admin_asks_on_her_page_and_another_district_s_question_is_not_answered(reset: Reset, cast: Cast) -> None:
    dana, carmen = Client(), Client()
    dana.force_login(cast.dana)
    carmen.force_login(cast.carmen)
    assert (
        dana.post(
            reverse("resets:ask_question", args=["0620810"]), {"text": "When?", "token": str(uuid4())}
        ).status_code
        == 302
    )
    other = Reset.objects.get(district=cast.quarry)
    strange = replies.ask_question(reset=other, text="Who?", by="Ray", at=JUNE_1)
    page = reverse("resets:answer", args=["0620810"])
    assert carmen.post(page, {"question": strange.pk, "text": "Me."}).status_code == 404
    assert carmen.post(page, {"question": "x", "text": "Me."}).status_code == 404
    assert Question.objects.get(pk=strange.pk).answered_at is None


def test_a_request_is_declined_in_words_that_the_district_gets(anyone: Client, path: str, cast: Cast) -> None:
    anyone.post(f"{path}day/", ANOTHER)
    client = Client()
    client.force_login(cast.carmen)
    page = reverse("resets:answer", args=["0620810"])
    assert client.post(page, {"text": " ", "day": "2027-07-20"}).status_code == 422
    why = {"text": "Summer school runs until the 23rd.", "day": "2027-07-20"}
    assert client.post(page, why).status_code == 302
    reset = Reset.objects.get(district=cast.lakeside)
    assert (reset.answer, reset.asked_for, reset.date) == (Answer.TOLD, None, date(2027, 7, 28))
    correspondence.tick(at=JUNE_1)
    (said,) = [
        " ".join(str(each.body).split()) for each in mail.outbox if each.subject == "The request for another day"
    ]
    asked = "Dana Whitfield (by a letter’s link) asked for Tue, July 20, 2027."
    assert f"{asked} Summer school runs until the 23rd. The reset is on Wed, July 28, 2027." in said
    assert "July 28, 2027 stays" in anyone.get(path).text


def test_a_request_that_needs_no_reason_is_granted_in_one_press(anyone: Client, path: str, cast: Cast) -> None:
    anyone.post(f"{path}day/", ANOTHER)
    client = Client()
    client.force_login(cast.carmen)
    page = client.get(reverse("resets:answer", args=["0620810"])).text
    assert f'action="{reverse("resets:choose", args=["0620810"])}"' in page
    version = Reset.objects.get(district=cast.lakeside).version
    done = client.post(reverse("resets:choose", args=["0620810"]), {"day": "2027-07-20", "version": version})
    assert done.status_code == 302
    assert Reset.objects.get(district=cast.lakeside).date == date(2027, 7, 20)
    assert Letter.objects.filter(subject="Your reset is on Tue, July 20, 2027").count() == 1


def test_the_recommended_day_is_granted_in_one_press_too(anyone: Client, path: str, cast: Cast, reset: Reset) -> None:
    year = cast.lakeside.school_years.get(name="2026-27")
    year.summer_ends_on, year.has_summer_session = date(2027, 7, 30), True
    year.save()
    anyone.post(f"{path}day/", ANOTHER | {"day": "2027-07-31"})
    client = Client()
    client.force_login(cast.carmen)
    page = client.get(reverse("resets:answer", args=["0620810"])).text
    assert f'action="{reverse("resets:choose", args=["0620810"])}"' in page


def test_nobody_declines_what_nobody_asked(reset: Reset, cast: Cast) -> None:
    with pytest.raises(NotPossible):
        replies.decline(reset=reset, why="No.", by=cast.carmen, at=JUNE_1, asked=date(2027, 7, 20))


def test_a_form_sent_twice_asks_once(anyone: Client, path: str, cast: Cast) -> None:
    dana, page = Client(), reverse("resets:ask_question", args=["0620810"])
    dana.force_login(cast.dana)
    own = {"text": "When?", "token": str(uuid4())}
    for _time in range(2):
        assert anyone.post(path, ASK).status_code == 302
        assert dana.post(page, own).status_code == 302
    assert Question.objects.count() == 2
    assert ResetEvent.objects.filter(kind="question_asked").count() == 2
    again = anyone.post(path, ASK | {"text": "And how long?"})
    assert again.status_code == 422
    assert "sent already, with other words" in again.text


def test_each_page_that_asks_has_a_form_of_its_own(anyone: Client, path: str, cast: Cast) -> None:
    dana = Client()
    dana.force_login(cast.dana)
    own = reverse("resets:ask_question", args=["0620810"])
    pages = [anyone.get(path), anyone.get(path), dana.get(own), dana.get(own)]
    tokens = {UUID(match[1]) for page in pages if (match := re.search(r'name="token" value="([^"]+)"', page.text))}
    assert len(tokens) == len(pages)


@pytest.mark.parametrize("token", ["", "x"])
def test_a_form_without_its_token_says_what_to_do(anyone: Client, path: str, token: str) -> None:
    page = anyone.post(path, ASK | {"token": token})
    assert page.status_code == 422
    assert "Open the page again" in page.text
    assert not Question.objects.exists()


def test_ten_questions_of_a_district_wait_and_no_more(anyone: Client, path: str, reset: Reset, cast: Cast) -> None:
    for number in range(10):
        replies.ask_question(reset=reset, text=f"Number {number}?", by=cast.dana, at=JUNE_1)
    page = anyone.post(path, ASK)
    assert page.status_code == 422
    assert "10 questions wait for an answer already" in page.text
    assert ASK["text"] in page.text
    dana = Client()
    dana.force_login(cast.dana)
    own = dana.post(reverse("resets:ask_question", args=["0620810"]), {"text": "When?", "token": str(uuid4())})
    assert own.status_code == 422
    replies.answer_question(question=Question.objects.all()[0], text="Yes.", by=cast.carmen, at=JUNE_1)
    assert anyone.post(path, ASK).status_code == 302
    assert Question.objects.count() == 11


def test_a_signed_in_person_has_no_menu_on_a_letter_s_page(path: str, cast: Cast) -> None:
    """Its forms have no token, so that signing out there would be refused."""
    dana = Client(enforce_csrf_checks=True)
    dana.force_login(cast.dana)
    for address in (path, f"{path}day/", "/r/x/"):
        assert reverse("account_logout") not in dana.get(address).text


def test_a_program_that_sends_a_letter_s_forms_answers_nothing(anyone: Client, path: str, reset: Reset) -> None:
    for address in (path, f"{path}day/"):
        page = anyone.get(address).text
        names = re.findall(r'<input type="text" name="name"[^>]*>', page)
        assert names
        assert all('autocomplete="name"' in one and "value=" not in one and "required" in one for one in names)
        assert "Who are you? The letter went to Dana Whitfield." in page
    assert anyone.post(path, KEEP | {"name": ""}).status_code == 422
    reset.refresh_from_db()
    assert reset.answer == Answer.NONE


def test_a_link_ends_when_its_person_goes_to_another_district(anyone: Client, path: str, cast: Cast) -> None:
    cast.dana.district = cast.quarry
    cast.dana.save()
    assert anyone.get(path).status_code == 410


def test_a_question_that_was_sent_is_said_at_the_top(anyone: Client, path: str) -> None:
    assert "Opening it has changed nothing." in anyone.get(path).text
    page = anyone.post(path, ASK, follow=True).text
    assert "Opening it has changed nothing." not in page
    assert page.index("Your question is sent.") < page.index("What would you like to do?")


def test_an_answer_that_came_too_late_is_not_lost(reset: Reset, cast: Cast) -> None:
    asked = replies.ask_question(reset=reset, text="When?", by=cast.dana, at=JUNE_1)
    replies.answer_question(question=asked, text="At 1:00 AM.", by=cast.maya, at=JUNE_1)
    client = Client()
    client.force_login(cast.carmen)
    page = client.post(reverse("resets:answer", args=["0620810"]), {"question": asked.pk, "text": "At two."})
    assert page.status_code == 422
    assert ">\nAt two.</textarea>" in page.text


def test_a_refusal_of_what_is_asked_no_more_is_not_lost(reset: Reset, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.carmen)
    words = {"day": "2027-07-20", "text": "It is a holiday."}
    assert ">\nIt is a holiday.</textarea>" in client.post(reverse("resets:answer", args=["0620810"]), words).text
    assert "<textarea" not in client.get(reverse("resets:answer", args=["0620810"])).text


def test_a_name_stands_apart_from_the_words_about_it(anyone: Client, path: str, cast: Cast) -> None:
    anyone.post(path, ASK | {"name": "Bob O\u202eReilly"})
    client = Client()
    client.force_login(cast.carmen)
    page = client.get(reverse("resets:answer", args=["0620810"])).text
    assert "<bdi>Bob OReilly (by the link sent to Dana Whitfield)</bdi> asks" in page


def test_days_with_a_name_are_listed_below_the_calendar(anyone: Client, path: str) -> None:
    page = anyone.get(f"{path}day/")
    named = [names for _day, names in page.context["named_days"]]
    assert named
    listed = page.text.partition('<dl class="named-days">')[2].partition("</dl>")[0]
    assert listed.count("<dt>") == len(named)


def test_a_request_is_not_declined_once_the_run_has_begun(reset: Reset, cast: Cast) -> None:
    asked = services.ask_for(reset=reset, day=date(2027, 7, 20), by=cast.dana, at=JUNE_1)
    put([asked], Status.COUNTING)
    with pytest.raises(NotPossible, match="The reset has started"):
        replies.decline(reset=asked, why="No.", by=cast.carmen, at=JUNE_1, asked=date(2027, 7, 20))


def test_a_link_of_what_was_never_sent_or_is_gone_is_none(anyone: Client, reset: Reset) -> None:
    delivery = sent(reset)
    path = path_of(delivery)
    assert anyone.get(path).status_code == 200
    Delivery.objects.filter(pk=delivery.pk).update(sent_at=None, sent_by=None)
    assert anyone.get(path).status_code == 404
    delivery.delete()
    assert anyone.get(path).status_code == 404


NOBODY_THERE = "The district has nobody at the address to which this letter went any more."


@pytest.mark.parametrize("change", ["another address", "of another district"])
def test_a_link_ends_when_the_district_has_nobody_at_its_address(
    anyone: Client, cast: Cast, reset: Reset, change: str
) -> None:
    cast.dana.delete()
    path = path_of(sent(reset))
    assert anyone.get(path).status_code == 200
    Contact.objects.update(**{"email": "dwhit@x.example"} if change == "another address" else {"district": cast.quarry})
    page = anyone.get(path)
    assert (page.status_code, NOBODY_THERE in page.text) == (410, True)


def test_a_contact_that_wants_no_more_letters_still_answers_the_one_it_has(
    anyone: Client, cast: Cast, reset: Reset
) -> None:
    cast.dana.delete()
    path = path_of(sent(reset))
    Contact.objects.update(gets_letters=False)
    assert anyone.get(path).status_code == 200


@pytest.mark.parametrize(("is_active", "status"), [(True, 200), (False, 410)])
def test_a_contact_that_signs_in_by_now_still_answers_the_letter_it_has(
    anyone: Client, cast: Cast, reset: Reset, is_active: bool, status: int
) -> None:
    delivery = sent(reset)
    Delivery.objects.filter(pk=delivery.pk).update(person=None)
    Contact.objects.all().delete()
    type(cast.dana).objects.filter(pk=cast.dana.pk).update(is_active=is_active)
    assert anyone.get(path_of(delivery)).status_code == status


def test_a_link_answers_nothing_where_there_is_no_reset(anyone: Client, path: str, reset: Reset) -> None:
    Reset.objects.filter(pk=reset.pk).delete()
    page = anyone.get(path)
    assert (page.status_code, "Your district has no reset date this season." in page.text) == (410, True)


def test_an_answer_of_a_csm_has_words(reset: Reset, cast: Cast) -> None:
    asked = replies.ask_question(reset=reset, text="When?", by=cast.dana, at=JUNE_1)
    with pytest.raises(NotPossible, match="Write an answer"):
        replies.answer_question(question=asked, text=" ", by=cast.carmen, at=JUNE_1)
    with pytest.raises(NotPossible, match="Write what"):
        replies.ask_question(reset=reset, text=" ", by=cast.dana, at=JUNE_1)
    wants = services.ask_for(reset=reset, day=date(2027, 7, 20), by=cast.dana, at=JUNE_1)
    with pytest.raises(NotPossible, match="Say why"):
        replies.decline(reset=wants, why=" ", by=cast.carmen, at=JUNE_1, asked=date(2027, 7, 20))
    declined = replies.decline(reset=wants, why="No.", by=cast.carmen, at=JUNE_1, asked=date(2027, 7, 20))
    assert declined.version == wants.version + 1  # a form that was opened before has not seen it


def test_what_is_answered_after_the_reset_asks_for_nothing(reset: Reset, cast: Cast) -> None:
    asked = replies.ask_question(reset=reset, text="When?", by=cast.dana, at=JUNE_1)
    put([reset], Status.COMPLETED)
    replies.answer_question(question=asked, text="It is done.", by=cast.carmen, at=JUNE_1)
    assert not Letter.objects.get(subject="An answer about your reset").asks


def test_a_chosen_day_is_not_kept_by_a_link(anyone: Client, path: str, reset: Reset, cast: Cast) -> None:
    services.schedule(reset=reset, to=date(2027, 7, 20), by=cast.carmen, at=JUNE_1)
    page = anyone.post(path, KEEP | {"day": "2027-07-20"})
    assert (page.status_code, "was chosen: there is no default to keep." in page.text) == (422, True)


def test_looking_at_a_day_with_a_name_asks_for_nothing(anyone: Client, path: str, reset: Reset) -> None:
    assert anyone.get(f"{path}day/", ANOTHER).status_code == 200
    reset.refresh_from_db()
    assert (reset.answer, reset.asked_for) == (Answer.NONE, None)


def test_a_link_of_the_second_district_answers_for_the_second(anyone: Client, cast: Cast, reset: Reset) -> None:
    quarry = Reset.objects.select_related("season", "district").get(district=cast.quarry)
    anyone.post(path_of(sent(quarry)), KEEP)
    assert list(Reset.objects.exclude(answer=Answer.NONE)) == [quarry]


def test_a_link_of_an_earlier_season_answers_nothing_in_this_one(anyone: Client, reset: Reset) -> None:
    delivery = sent(reset)
    earlier = Season.objects.create(school_year="2025-26", policy={**reset.season.policy, "school_year": "2025-26"})
    Letter.objects.filter(pk=delivery.letter_id).update(season=earlier)
    assert anyone.post(path_of(delivery), KEEP).status_code == 410
    reset.refresh_from_db()
    assert reset.answer == Answer.NONE
