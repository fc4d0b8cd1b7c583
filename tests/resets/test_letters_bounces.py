"""Bounces: what a mail server reports of a letter, and that nothing else is taken for one."""

import io
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from resets import bounces, letter_mail
from resets.models import Delivery, Letter, Reset, ResetEvent

AT = datetime(2027, 6, 7, 17, tzinfo=UTC)
pytestmark = pytest.mark.django_db
REPORT = """\
From: MAILER-DAEMON@mx.lakeside.example
Subject: Undelivered mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=edge

--edge
Content-Type: text/plain

It did not arrive.

--edge
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.lakeside.example

Final-Recipient: rfc822; dana@lakeside.example
Action: {action}
Status: 5.1.1
{code}
--edge
Content-Type: {kind}

From: Carmen Ortiz <portal@localhost>
Message-ID: {number}
Subject: The end of your school year

--edge--
"""
CODE = "Diagnostic-Code: smtp; 550 5.1.1\n  no such user\n"


@pytest.fixture
def delivery(reset: Reset) -> Delivery:
    """A letter that was sent to Dana."""
    letter = Letter.objects.create(
        district=reset.district, season=reset.season, subject="The end", body="Words", due_from=AT, written_at=AT
    )
    who = {"name": "Dana Whitfield", "address": "dana@lakeside.example"}
    return Delivery.objects.create(letter=letter, sent_at=AT, sent_by="Carmen Ortiz", **who)


def report(number: str, *, action: str = "failed", code: str = CODE, kind: str = "text/rfc822-headers") -> bytes:
    return REPORT.format(number=number, action=action, code=code, kind=kind).encode()


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_is_noted_beside_its_letter(delivery: Delivery, kind: str) -> None:
    bounces.take(report(letter_mail.message_id(delivery), kind=kind), at=AT)
    delivery.refresh_from_db()
    assert (delivery.bounced_at, delivery.bounced_why) == (AT, "550 5.1.1 no such user")
    assert ResetEvent.objects.filter(kind="letter_bounced", district_id=delivery.letter.district_id).count() == 1


def test_a_report_that_comes_twice_is_noted_once(delivery: Delivery) -> None:
    for minutes in range(2):
        bounces.take(report(letter_mail.message_id(delivery)), at=AT + timedelta(minutes=minutes))
    delivery.refresh_from_db()
    assert delivery.bounced_at == AT
    assert ResetEvent.objects.filter(kind="letter_bounced").count() == 1


def test_a_server_without_words_of_its_own_says_its_status(delivery: Delivery) -> None:
    bounces.take(report(letter_mail.message_id(delivery), code=""), at=AT)
    delivery.refresh_from_db()
    assert delivery.bounced_why == "Status 5.1.1"


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_letter_that_is_only_late_is_no_bounce(delivery: Delivery, action: str) -> None:
    assert bounces.take(report(letter_mail.message_id(delivery), action=action), at=AT) is None
    delivery.refresh_from_db()
    assert delivery.bounced_at is None


@pytest.mark.parametrize(
    "number", ["", "<letter-0@localhost>", "<letter-{pk}@elsewhere.example>", "<notice-{pk}@localhost>"]
)
def test_a_report_about_another_message_is_refused(delivery: Delivery, number: str) -> None:
    with pytest.raises(bounces.NotABounce, match="none of our letters"):
        bounces.take(report(number.format(pk=delivery.pk)), at=AT)


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
@pytest.mark.parametrize("number", ["<", "<>", "<letter-1@", "<letter-1@[", "=?utf-8?q?=FF?=", "\u00fc"])
def test_an_odd_report_is_refused_and_breaks_nothing(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch, number: str, kind: str
) -> None:
    given(monkeypatch, report(number, kind=kind))
    with pytest.raises(CommandError) as refused:
        call_command("note_bounce")
    assert refused.value.returncode == 65


def test_what_the_parser_breaks_on_is_no_bounce(delivery: Delivery) -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000))
    with pytest.raises(bounces.NotABounce):
        bounces.take(deep, at=AT)


@pytest.mark.parametrize("raw", [b"", b"Subject: I am on holiday\n\nUntil Monday.", b"\xff\xfe\x00"])
def test_what_is_no_report_is_refused(delivery: Delivery, raw: bytes) -> None:
    with pytest.raises(bounces.NotABounce, match="no delivery report"):
        bounces.take(raw, at=AT)


def test_the_command_reads_a_report(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given(monkeypatch, report(letter_mail.message_id(delivery)))
    call_command("note_bounce")
    assert capsys.readouterr().out == "Noted: the letter did not reach Dana Whitfield.\n"


@pytest.mark.parametrize("raw", [b"Subject: Hello\n\nHello.", b" " * (10 * 1024 * 1024 + 1)])
def test_the_command_says_what_it_cannot_take(delivery: Delivery, monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    given(monkeypatch, raw)
    with pytest.raises(CommandError) as refused:
        call_command("note_bounce")
    assert refused.value.returncode == 65


def given(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
