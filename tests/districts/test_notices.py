"""Mail about rosters: said once, in time, to the right people, and never with a student in it."""

from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import cast as cast_to
from unittest.mock import patch

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from pytest_django import DjangoAssertNumQueries

from districts import notices
from districts.models import Contact, Gate, Notice
from tests.people import Cast

EVE = datetime(2027, 7, 27, 17, tzinfo=UTC)  # 10 AM in Los Angeles
DATE = date(2027, 7, 28)
DAY = EVE + timedelta(days=1)
Kind = Notice.Kind


@pytest.fixture
def gated(cast: Cast) -> Gate:
    """Lakeside pauses on July 28; Quarry Hill at no time."""
    Gate.objects.filter(pk=cast.lakeside.pk).update(pauses_on=date(2027, 7, 28))
    return Gate.objects.get(pk=cast.lakeside.pk)


def tell(at: datetime) -> list[str]:
    """Subjects of what is sent at a moment."""
    mail.outbox.clear()
    with time_machine.travel(at, tick=False):
        notices.tell(at=at)
    return [str(each.subject) for each in mail.outbox]


def test_the_day_before_the_pause_is_told_in_the_forenoon(gated: Gate) -> None:
    assert tell(EVE - timedelta(minutes=1)) == []
    assert tell(EVE) == ["Lakeside Unified: roster syncs pause tomorrow"]
    assert "Tomorrow, Wed, July 28, 2027, the student data of Lakeside Unified is reset." in mail.outbox[0].body


def test_it_goes_to_the_districts_admin_and_its_csm(gated: Gate) -> None:
    tell(EVE)
    assert sorted(mail.outbox[0].to) == ["carmen@vendor.example", "dana@lakeside.example"]


def test_nobody_who_left_is_written_to(gated: Gate, cast: Cast) -> None:
    cast.dana.is_active = False
    cast.dana.save()
    tell(EVE)
    assert mail.outbox[0].to == ["carmen@vendor.example"]


def test_what_somebody_has_told_is_not_told_again(gated: Gate) -> None:
    for _ in range(2):
        notices.told_otherwise(gated.district, DATE, to=["Dana@lakeside.example"], by="Carmen Ortiz", at=EVE)
    assert tell(EVE) == []
    assert Notice.objects.get().sent_by == "Carmen Ortiz"


def luis(gated: Gate) -> None:
    """A contact of Lakeside that gets letters."""
    about = {"name": "Luis Park", "email": "luis@lakeside.example", "added_at": EVE, "added_by": "Carmen Ortiz"}
    Contact.objects.create(district=gated.district, gets_letters=True, **about)


@pytest.mark.parametrize(("has_it", "has_not"), [("dana", "luis"), ("luis", "dana")])
def test_whom_the_letter_did_not_reach_hears_it_from_the_portal(gated: Gate, has_it: str, has_not: str) -> None:
    luis(gated)
    early = EVE - timedelta(hours=2)
    notices.told_otherwise(gated.district, DATE, to=[f"{has_it}@lakeside.example"], by="Carmen Ortiz", at=early)
    assert tell(early) == [], "the letter may be on its way"
    assert tell(EVE) == ["Lakeside Unified: roster syncs pause tomorrow"]
    assert mail.outbox[0].to == [f"{has_not}@lakeside.example", "carmen@vendor.example"]
    assert tell(EVE + timedelta(minutes=1)) == []


def test_a_letter_that_comes_back_later_is_made_up_for_once(gated: Gate) -> None:
    notices.told_otherwise(gated.district, DATE, to=["dana@lakeside.example"], by="Carmen Ortiz", at=EVE)
    assert tell(EVE) == []
    for minutes in (60, 90):
        notices.not_told(gated.district, DATE, address="dana@lakeside.example", at=EVE + timedelta(minutes=minutes))
        tell(EVE + timedelta(minutes=minutes))
        assert len(mail.outbox) == (minutes == 60), "the second report is of what the portal said itself"


def test_nothing_is_said_twice(gated: Gate) -> None:
    assert len(tell(EVE)) == 1
    assert tell(EVE + timedelta(minutes=1)) == []


def test_the_pause_is_told_on_its_day(gated: Gate) -> None:
    assert tell(DAY) == ["Lakeside Unified: roster syncs are paused"]
    assert "paused since Wed, July 28, 2027, until rostering is complete" in " ".join(mail.outbox[0].body.split())


def test_the_morning_is_the_districts_own(cast: Cast) -> None:
    cast.quarry.zone = "Pacific/Guam"
    cast.quarry.save()
    Gate.objects.filter(pk=cast.quarry.pk).update(pauses_on=date(2027, 7, 28))
    assert tell(datetime(2027, 7, 26, 23, tzinfo=UTC)) == []  # 9 AM on the 27th
    assert tell(datetime(2027, 7, 27, 0, tzinfo=UTC)) == ["Quarry Hill: roster syncs pause tomorrow"]


def test_a_portal_that_was_away_says_no_tomorrow_afterwards(gated: Gate) -> None:
    notices.give(gated.district, Kind.PAUSE_TOMORROW, about="2027-07-28", at=EVE)
    assert tell(DAY) == ["Lakeside Unified: roster syncs are paused"]
    assert not Notice.objects.filter(kind=Kind.PAUSE_TOMORROW).exists()


def test_a_date_that_was_moved_is_not_spoken_of(gated: Gate) -> None:
    notices.give(gated.district, Kind.PAUSE_TOMORROW, about="2027-07-28", at=EVE)
    Gate.objects.filter(pk=gated.pk).update(pauses_on=date(2027, 8, 3))
    assert tell(EVE) == []
    assert tell(datetime(2027, 8, 2, 17, tzinfo=UTC)) == ["Lakeside Unified: roster syncs pause tomorrow"]


def test_the_resumption_is_told_at_once(gated: Gate) -> None:
    at = datetime(2027, 8, 12, 7, tzinfo=UTC)  # midnight: whoever pressed the button is awake
    Gate.objects.filter(pk=gated.pk).update(resumed_at=at, resumed_by="Carmen Ortiz", resets=1)
    assert tell(at) == ["Lakeside Unified: roster syncs are on again"]
    assert tell(at + timedelta(days=1)) == []


def test_news_of_last_week_are_none(gated: Gate) -> None:
    Gate.objects.filter(pk=gated.pk).update(resumed_at=DAY, resumed_by="Carmen Ortiz", resets=1)
    assert tell(DAY + timedelta(days=7)) == []


def test_that_data_is_ready_is_for_the_csm(cast: Cast) -> None:
    notices.give(cast.lakeside, Kind.DATA_READY, about="reset 1", at=EVE)
    tell(EVE)
    assert mail.outbox[0].to == ["carmen@vendor.example"]


@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_has_its_words_in_text_and_html(cast: Cast, kind: str) -> None:
    Gate.objects.filter(pk=cast.lakeside.pk).update(pauses_on=date(2027, 7, 28))
    at = DAY if kind == Kind.PAUSED else EVE
    about = {Kind.RESUMED: "reset 0", Kind.ROSTER_ON_HOLD: "early 0"}.get(Kind(kind), "2027-07-28")
    if kind == Kind.RESUMED:
        Gate.objects.filter(pk=cast.lakeside.pk).update(resumed_at=EVE, resumed_by="Carmen Ortiz")
    notices.give(cast.lakeside, kind, about=about, text="1,204 of 6,000 student accounts.", at=at)
    tell(at)
    sent = cast_to(EmailMultiAlternatives, mail.outbox[0])
    page = f"exports/{about}/" if kind in (Kind.EXPORT_READY, Kind.EXPORT_FAILED) else "rosters/"
    page = "" if kind == Kind.RECORDS_HOLD else page
    for text in (sent.body, str(sent.alternatives[0][0])):
        assert f"http://127.0.0.1:8000/districts/0620810/{page}" in text
        assert "Canary" not in text


def test_a_failure_is_tried_again_later(gated: Gate, caplog: pytest.LogCaptureFixture) -> None:
    with patch("districts.letters.EmailMultiAlternatives.send", side_effect=OSError("dana@lakeside.example refused")):
        assert tell(EVE) == []
    assert "dana@" not in caplog.text
    assert tell(EVE + timedelta(seconds=30)) == []
    assert len(tell(EVE + timedelta(minutes=1))) == 1


@pytest.mark.parametrize(("failure", "tried"), [(OSError("away"), 1), (SMTPRecipientsRefused({}), 2)])
def test_a_server_that_is_away_is_left_alone_and_an_address_that_is_wrong_keeps_nobody_waiting(
    cast: Cast, failure: OSError, tried: int
) -> None:
    for district in (cast.lakeside, cast.quarry):
        notices.give(district, Kind.SOURCE_DOWN, about="7", at=EVE)
    with patch("districts.letters.send", side_effect=failure) as send:
        assert tell(EVE) == []
    assert send.call_count == tried


def test_many_districts_cost_no_more_questions_than_one(
    gated: Gate, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Gate.objects.filter(pk=cast.quarry.pk).update(pauses_on=date(2027, 7, 28))
    tell(EVE)
    with django_assert_num_queries(3):  # gates, their notices at once, what waits
        assert tell(EVE + timedelta(minutes=1)) == []


def test_that_data_is_ready_says_who_said_so(cast: Cast) -> None:
    notices.give(cast.lakeside, Kind.DATA_READY, about="2026-27", text="Dana Whitfield said so.", at=EVE)
    tell(EVE)
    assert "is ready. Dana Whitfield said so." in " ".join(mail.outbox[0].body.split())


def test_whoever_crashes_after_the_claim_has_said_it(gated: Gate) -> None:
    with patch("districts.letters.send", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        tell(EVE)
    assert tell(EVE + timedelta(minutes=5)) == []


def test_two_ticks_at_once_send_one(gated: Gate) -> None:
    notice = notices.give(gated.district, Kind.SOURCE_DOWN, about="2027-07-27", text="It does not answer.", at=EVE)
    mail.outbox.clear()
    assert [notices._deliver(notice, EVE) for _ in range(2)] == [True, False]
    assert len(mail.outbox) == 1


def test_a_districts_mail_makes_one_thread(gated: Gate) -> None:
    tell(EVE)
    first = mail.outbox[0].extra_headers
    tell(DAY)
    assert first["References"] == mail.outbox[0].extra_headers["References"]
    assert first["Message-ID"] != mail.outbox[0].extra_headers["Message-ID"]


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (Kind.EXPORT_READY, "Student Data Export", "ready to download: Student Data Export"),
        (Kind.EXPORT_FAILED, "There was no room left for it.", "your file was not made"),
    ],
)
def test_a_file_is_told_of_to_the_district_alone(cast: Cast, kind: str, text: str, said: str) -> None:
    notices.give(cast.lakeside, kind, about="17", text=text, at=EVE)
    assert tell(EVE) == [f"Lakeside Unified: {said}"]
    sent = cast_to(EmailMultiAlternatives, mail.outbox[0])
    assert sent.to == ["dana@lakeside.example"]
    for part in (sent.body, str(sent.alternatives[0][0])):
        assert "/districts/0620810/exports/17/" in part
        assert text in part
