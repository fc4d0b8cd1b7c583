"""Ask for a date, and keep the default: the district admin's answer (W9)."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from districts.models import SchoolYear
from resets import services
from resets.models import Answer, Reset, Season, Status
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.views.reading import text, words

ASK, KEEP = "/districts/0620810/ask/", "/districts/0620810/keep/"
READ = {"day": "2027-07-28", "version": 1}


@pytest.fixture
def dana(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.dana)
    return client


def test_she_reads_the_same_rules_as_advice(dana: Client, cast: Cast) -> None:
    said = words(dana, cast.dana, ASK, day="2027-07-06")
    assert "Ask for Tue, July 6" in said
    assert "If you do nothing, July 28 stands." in said
    assert "Carmen Ortiz gets your request." in said


def test_asking_changes_no_date_and_tells_her_who_answers(dana: Client, reset: Reset) -> None:
    answer = dana.post(ASK, {"day": "2027-07-06", "reason": "We close early."})
    assert "Carmen Ortiz has your request for Tue, July 6 and will answer it." in text(
        dana.get(answer["Location"]).content
    )
    reset.refresh_from_db()
    assert (reset.answer, reset.asked_for, reset.asked_why) == (Answer.ASKS, date(2027, 7, 6), "We close early.")
    assert reset.date == date(2027, 7, 28)


def test_no_reason_is_forced_on_her(dana: Client, reset: Reset) -> None:
    SchoolYear.objects.update(has_summer_session=True, summer_ends_on=date(2027, 7, 30))
    assert dana.post(ASK, {"day": "2027-07-06", "reason": ""}).status_code == 302


def test_a_day_that_her_csm_could_not_set_is_refused_in_words(dana: Client, reset: Reset) -> None:
    answer = dana.post(ASK, {"day": "2027-08-09"})
    assert answer.status_code == 422
    assert "(W3)" in text(answer.content)
    reset.refresh_from_db()
    assert reset.answer == Answer.NONE


def test_she_sees_what_she_asked_for(dana: Client, cast: Cast, reset: Reset) -> None:
    services.ask_for(reset=reset, day=date(2027, 7, 6), by=cast.dana, at=JUNE_1, reason="We close early.")
    said = words(dana, cast.dana, ASK)
    assert "Dana Whitfield asked for Tue, July 6. Carmen Ortiz has not answered yet." in said
    assert "We close early." in said


def test_keeping_the_default_is_her_answer(dana: Client, reset: Reset) -> None:
    answer = dana.post(KEEP, READ)
    assert "Wed, July 28 is kept." in text(dana.get(answer["Location"]).content)
    reset.refresh_from_db()
    assert (reset.answer, reset.is_default) == (Answer.KEEPS, True)


def test_the_default_is_offered_for_keeping_where_she_looks_at_it(dana: Client, cast: Cast) -> None:
    assert "Keep Wed, July 28" in words(dana, cast.dana, ASK, day="2027-07-28")


def test_a_csm_keeps_it_for_a_district_that_told_her(dana: Client, cast: Cast, reset: Reset) -> None:
    dana.force_login(cast.carmen)
    dana.post(KEEP, READ)
    reset.refresh_from_db()
    assert reset.answered_by == "Carmen Ortiz"


def test_a_chosen_date_is_not_kept(dana: Client, cast: Cast, reset: Reset) -> None:
    services.schedule(reset=reset, to=date(2027, 7, 6), by=cast.carmen, at=JUNE_1)
    answer = dana.post(KEEP, {"day": "2027-07-06", "version": 2})
    assert "Nothing was changed." in text(dana.get(answer["Location"]).content)
    reset.refresh_from_db()
    assert (reset.answer, reset.is_default) == (Answer.NONE, False)


def moved_by_the_rules(reset: Reset) -> None:
    """What a change of the season's rules does to a default."""
    Reset.objects.filter(pk=reset.pk).update(date=date(2027, 7, 21), date_set_by="Maya Chen", version=2)


@pytest.mark.parametrize("who", ["dana", "carmen"])
def test_a_day_that_nobody_read_is_not_kept(dana: Client, cast: Cast, reset: Reset, who: str) -> None:
    moved_by_the_rules(reset)
    dana.force_login(getattr(cast, who))
    answer = dana.post(KEEP, READ)
    assert answer.status_code == 409
    said = text(answer.content)
    assert "The date was changed meanwhile: it is Wed, July 21, 2027 now. Look again." in said
    assert "Keep Wed, July 21" in said
    reset.refresh_from_db()
    assert reset.answer == Answer.NONE


@pytest.mark.parametrize("sent", [{}, {"day": "2027-07-28"}, {"version": "1"}, READ | {"day": "2027-02-31"}])
def test_a_form_that_does_not_say_what_was_read_keeps_nothing(dana: Client, reset: Reset, sent: dict[str, str]) -> None:
    answer = dana.post(KEEP, sent)
    assert answer.status_code == 409
    assert "Which day you read was lost on the way. Look again." in text(answer.content)
    reset.refresh_from_db()
    assert reset.answer == Answer.NONE


def test_an_answer_of_somebody_else_meanwhile_is_not_overwritten(dana: Client, cast: Cast, reset: Reset) -> None:
    services.ask_for(reset=reset, day=date(2027, 7, 6), by="Ray Okafor", at=JUNE_1 + timedelta(minutes=1))
    for address, sent in ((KEEP, READ), (ASK, READ | {"day": "2027-07-07", "reason": "A holiday."})):
        answer = dana.post(address, sent)
        assert answer.status_code == 409
        assert "Ray Okafor answered meanwhile. Look again." in text(answer.content)
    reset.refresh_from_db()
    assert (reset.answer, reset.asked_for) == (Answer.ASKS, date(2027, 7, 6))


def test_each_page_that_keeps_says_which_day_it_showed(dana: Client, cast: Cast) -> None:
    for address in ("/districts/0620810/", f"{ASK}?day=2027-07-28"):
        form = re.search(rf'<form method="post" action="{KEEP}">(.*?)</form>', dana.get(address).text, re.DOTALL)
        assert form is not None
        assert '<input type="hidden" name="day" value="2027-07-28">' in form[1]
        assert '<input type="hidden" name="version" value="1">' in form[1]


@pytest.mark.parametrize("who", ["carmen", "maya"])
def test_the_vendor_does_not_keep_the_default_over_a_request(dana: Client, cast: Cast, reset: Reset, who: str) -> None:
    services.ask_for(reset=reset, day=date(2027, 7, 6), by=cast.dana, at=JUNE_1, reason="We close early.")
    dana.force_login(getattr(cast, who))
    page = dana.get("/districts/0620810/date/?day=2027-07-28").text
    assert f'action="{KEEP}"' not in page
    assert 'href="/districts/0620810/answer/"' in page
    answer = dana.post(KEEP, {"day": "2027-07-28", "version": 2})
    assert "answer the request first" in text(dana.get(answer["Location"]).content)
    reset.refresh_from_db()
    assert (reset.answer, reset.asked_why) == (Answer.ASKS, "We close early.")


def test_the_district_itself_may_keep_it_after_all(dana: Client, cast: Cast, reset: Reset) -> None:
    services.ask_for(reset=reset, day=date(2027, 7, 6), by=cast.dana, at=JUNE_1)
    assert dana.post(KEEP, {"day": "2027-07-28", "version": 2}).status_code == 302
    reset.refresh_from_db()
    assert reset.answer == Answer.KEEPS


def test_nothing_is_asked_once_the_run_has_begun(dana: Client, cast: Cast) -> None:
    Reset.objects.update(status=Status.COUNTING)
    assert "Its date can no longer be changed" in words(dana, cast.dana, ASK)
    dana.post(ASK, {"day": "2027-07-06"})
    assert not Reset.objects.filter(answer=Answer.ASKS).exists()


def test_nothing_is_asked_where_there_is_no_reset(dana: Client, cast: Cast, season: Season) -> None:
    season.resets.all().delete()
    assert "its CSM gives it a date first" in words(dana, cast.dana, ASK)
    assert dana.post(KEEP, READ).status_code == 302


def test_one_school_alone_is_refused(dana: Client, reset: Reset) -> None:
    answer = dana.post(ASK, {"day": "2027-07-06", "school": "1"})
    assert answer.status_code == 422
    assert "(W7)" in text(answer.content)


@pytest.mark.parametrize("day", ["", "soon", "2027-07-06\x00", "20270706"])
def test_what_is_no_date_is_refused_in_words(dana: Client, day: str) -> None:
    assert dana.get(ASK, {"day": day}).status_code == 422
    assert dana.post(ASK, {"day": day}).status_code == 422


def test_a_csm_does_not_ask_herself(dana: Client, cast: Cast) -> None:
    dana.force_login(cast.carmen)
    answer = dana.get(ASK)
    assert answer.status_code == 403
    assert "a CSM or a lead sets it" in text(answer.content)


def test_another_districts_page_is_not_there_for_her(dana: Client, cast: Cast) -> None:
    assert dana.get(f"/districts/{cast.quarry.site_code}/ask/").status_code == 404
    assert dana.post(f"/districts/{cast.quarry.site_code}/keep/").status_code == 404


def test_no_number_of_a_rule_stands_on_her_page(dana: Client, cast: Cast) -> None:
    assert not re.search(r"\bW\d", words(dana, cast.dana, ASK, day="2027-06-01"))
