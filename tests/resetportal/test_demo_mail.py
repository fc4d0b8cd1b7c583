"""The demo's mail: read in the portal, newest first, its HTML without scripts; outside the demo there is none."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings

from resetportal import clock, demo_mail

pytestmark = pytest.mark.django_db
HTML = '<html><head><title>x</title></head><body><a href="https://portal.example/r/abc/">Answer</a></body></html>'


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DEMO, settings.EMAIL_FILE_PATH = True, str(tmp_path)
    return tmp_path


def send(folder: Path, *subjects: str) -> None:
    """As one process writes them: every message of a connection into one file."""
    backend = demo_mail.ByTheDemosClock(file_path=str(folder))
    for subject in subjects:
        text = f"Text of {subject}: ünter\n---\nhttps://portal.example/r/abc/"
        message = EmailMultiAlternatives(subject, text, "c@v.example", ["d@l.example"])
        message.attach_alternative(HTML, "text/html")
        backend.send_messages([message])


def test_the_newest_is_first_and_each_opens(folder: Path, client: Client) -> None:
    send(folder, "First", "Second")
    page = client.get("/mail/").text
    assert page.index("Second") < page.index("First")
    for each in demo_mail.messages():
        opened = client.get(f"/mail/{each.key}/").text
        assert f"Text of {each.message['subject']}: ünter" in opened
        assert 'href="https://portal.example/r/abc/"' in opened


def test_the_html_is_framed_without_scripts_and_its_links_leave_the_frame(folder: Path, client: Client) -> None:
    send(folder, "First")
    (mail,) = demo_mail.messages()
    opened = client.get(f"/mail/{mail.key}/").text
    assert 'sandbox="allow-top-navigation-by-user-activation"' in opened
    html = client.get(f"/mail/{mail.key}/html/")
    assert '<base target="_top">' in html.text
    assert "script-src 'none'" in html["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in html["Content-Security-Policy"]
    assert html["X-Frame-Options"] == "SAMEORIGIN"


def test_a_message_bears_the_day_of_the_demos_clock(folder: Path, client: Client) -> None:
    clock.move_to(datetime(2027, 6, 7, 16, tzinfo=UTC))
    send(folder, "First")
    (mail,) = demo_mail.messages()
    assert mail.sent_at.date() == date(2027, 6, 7)
    for page in ("/mail/", f"/mail/{mail.key}/"):
        assert "Mon, June 7, 2027" in client.get(page).text


def test_words_find_a_message(folder: Path, client: Client) -> None:
    send(folder, "First", "Second")
    page = client.get("/mail/?q=sec").text
    assert "Second" in page
    assert "First" not in page


def test_there_is_none_of_what_was_not_sent(folder: Path, client: Client) -> None:
    send(folder, "First")
    assert client.get("/mail/../settings/").status_code == 404
    assert client.get("/mail/20270601-0/html/").status_code == 404
    assert client.post("/mail/").status_code == 405


def test_outside_the_demo_nobody_reads_mail_here(folder: Path, settings: Settings, client: Client) -> None:
    send(folder, "First")
    (mail,) = demo_mail.messages()
    settings.DEMO = False
    for path in ("/mail/", f"/mail/{mail.key}/", f"/mail/{mail.key}/html/"):
        assert client.get(path).status_code == 404
