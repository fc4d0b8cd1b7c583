"""What is kept beside a district: contacts, notes, letters, the history as a file, and what it asked for."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from districts.models import Contact
from resets import desk, history, holds, letters, replies, services
from resets.models import DistrictNote, Letter, Reset, ResetEvent, Season
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.views.reading import text, words

PAGE = "/districts/0620810/"
LUIS: Any = {"contact-name": "Luis Park", "contact-part": "Rostering", "contact-email": "luis@lakeside.example"}


@pytest.fixture
def carmen(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.carmen)
    return client


@pytest.fixture
def luis(cast: Cast) -> Contact:
    at = {"added_at": JUNE_1, "added_by": "Dana Whitfield"}
    return Contact.objects.create(district=cast.lakeside, name="Luis Park", email="luis@lakeside.example", **at)


def send(client: Client, path: str, status: int = 200, /, **sent: Any) -> str:
    answer: Any = client.post(PAGE + path, sent, follow=True)
    assert answer.status_code == status
    return text(answer.content)


@pytest.mark.parametrize("who", ["carmen", "maya", "dana"])
def test_each_of_them_adds_a_contact(client: Client, cast: Cast, reset: Reset, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert "Luis Park is a contact now." in send(client, "contacts/", **LUIS)
    found = Contact.objects.get()
    assert (found.part, found.added_by, found.added_at) == ("Rostering", str(getattr(cast, who)), JUNE_1)


def history_of(cast: Cast) -> list[str]:
    newest = ResetEvent.objects.filter(district_id=cast.lakeside.pk, kind__startswith="contact_")
    return [history.sentence(event) for event in newest]


def test_the_history_tells_who_gets_letters_since_when(carmen: Client, cast: Cast) -> None:
    send(carmen, "contacts/", **LUIS)
    key = Contact.objects.get().pk
    path, sent = f"contacts/{key}/", {name.replace("contact", f"contact-{key}"): LUIS[name] for name in LUIS}
    send(carmen, path, **sent | {f"contact-{key}-gets_letters": "on"})
    send(carmen, path, **sent)
    send(carmen, path, do="remove")
    assert history_of(cast) == [
        "Carmen Ortiz removed Luis Park from the contacts.",
        "Carmen Ortiz took Luis Park from those who get the season's letters.",
        "Carmen Ortiz put Luis Park among those who get the season's letters.",
        "Carmen Ortiz added Luis Park to the contacts.",
    ]


def test_the_history_tells_that_a_contact_was_changed(carmen: Client, cast: Cast, luis: Contact) -> None:
    key = f"contact-{luis.pk}"
    send(carmen, f"contacts/{luis.pk}/", **{f"{key}-name": luis.name, f"{key}-email": luis.email})
    assert history_of(cast) == []  # as it was
    send(carmen, f"contacts/{luis.pk}/", **{f"{key}-name": "Luisa Park", f"{key}-email": luis.email})
    assert history_of(cast) == ["Carmen Ortiz changed the contact Luisa Park."]


def test_the_address_of_somebody_who_signs_in_no_more_is_free(carmen: Client, cast: Cast) -> None:
    type(cast.dana).objects.filter(pk=cast.dana.pk).update(is_active=False)
    assert "Luis Park is a contact now." in send(carmen, "contacts/", **LUIS | {"contact-email": cast.dana.email})


def test_a_district_without_a_reset_keeps_its_history_too(client: Client, cast: Cast) -> None:
    client.force_login(cast.carmen)
    send(client, "contacts/", **LUIS)
    assert history_of(cast) == ["Carmen Ortiz added Luis Park to the contacts."]


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"contact-name": " "}, "Give a name."),
        ({"contact-email": "luis"}, "Enter a valid email address."),
        ({"contact-email": "", "contact-gets_letters": "on"}, "Somebody who gets letters needs an e-mail address."),
        ({"contact-email": "DANA@lakeside.example"}, "Dana Whitfield has this address already."),
    ],
)
def test_a_slip_is_told_in_its_open_form(carmen: Client, sent: dict[str, str], why: str) -> None:
    answer: Any = carmen.post(f"{PAGE}contacts/", LUIS | sent)
    assert (answer.status_code, why in text(answer.content)) == (422, True)
    assert answer.context["is_adding_contact"]
    assert not Contact.objects.exists()


def test_a_contact_is_there_once(carmen: Client, luis: Contact) -> None:
    said = send(carmen, "contacts/", 422, **LUIS | {"contact-email": "Luis@lakeside.example"})
    assert "Luis Park has this address already." in said


def test_a_contact_is_changed_and_removed(carmen: Client, luis: Contact) -> None:
    path, key = f"contacts/{luis.pk}/", f"contact-{luis.pk}"
    sent: Any = {f"{key}-name": "Luis Park", f"{key}-email": luis.email, f"{key}-gets_letters": "on"}
    assert "Luis Park is saved." in send(carmen, path, **sent)
    assert Contact.objects.get().gets_letters
    assert "Luis Park is no contact any more." in send(carmen, path, do="remove")
    assert not Contact.objects.exists()


def test_two_at_once_with_one_address_are_told(cast: Cast, reset: Reset, luis: Contact) -> None:
    """The database refuses the second, whose form found nobody yet."""
    form = desk.ContactForm(LUIS | {"contact-email": "l.park@lakeside.example"}, district=cast.lakeside)
    assert form.is_valid()
    form.instance.email = luis.email
    with pytest.raises(services.NotPossible, match="has this address already"):
        desk.keep_contact(form, by=cast.carmen, at=JUNE_1)


def test_a_note_is_the_vendors_own(carmen: Client, cast: Cast) -> None:
    assert "The note is saved." in send(carmen, "notes/", **{"note-text": "Luis is out August 4 to 6."})
    assert "Luis is out August 4 to 6. Carmen Ortiz, Tue, June 1, 2027" in words(carmen, cast.maya, PAGE)
    assert "Luis is out" in words(carmen, cast.ellis, PAGE)
    assert "Luis is out" not in words(carmen, cast.dana, PAGE)


def test_a_removed_note_leaves_the_page_and_keeps_by_whom(carmen: Client, cast: Cast) -> None:
    send(carmen, "notes/", **{"note-text": "Luis is out."})
    note = DistrictNote.objects.get()
    assert "The note is removed." in send(carmen, f"notes/{note.pk}/remove/")
    assert "Luis is out." not in words(carmen, cast.carmen, PAGE)
    note.refresh_from_db()
    assert note.removed_by == "Carmen Ortiz"
    assert "Carmen Ortiz removed it already." in send(carmen, f"notes/{note.pk}/remove/")


def test_an_empty_note_is_refused(carmen: Client) -> None:
    assert "Write the note." in send(carmen, "notes/", 422, **{"note-text": " "})


def test_another_districts_contact_and_note_are_not_found(carmen: Client, cast: Cast) -> None:
    at = {"added_at": JUNE_1, "added_by": "Omar Haddad"}
    contact = Contact.objects.create(district=cast.quarry, name="Ana Ruiz", **at)
    note = DistrictNote.objects.create(district=cast.quarry, text="-", written_at=JUNE_1, written_by="Omar Haddad")
    send(carmen, f"contacts/{contact.pk}/", 404, do="remove")
    send(carmen, f"notes/{note.pk}/remove/", 404)
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_every_free_text_says_never_to_name_a_student(carmen: Client, luis: Contact) -> None:
    assert words(carmen, carmen_of(luis), PAGE).count("Never name a student here.") == 5  # two contacts' four, a note's


def carmen_of(luis: Contact) -> Any:
    return luis.district.csm


def test_letters_that_went_and_those_to_come_stand_on_the_page(
    carmen: Client, cast: Cast, season: Season, reset: Reset
) -> None:
    letters.ensure_sequence(season=season, by=cast.maya, at=JUNE_1)
    step = season.letter_steps.first()
    sent = Letter.objects.create(
        district=cast.lakeside, season=season, step=step, subject="Your reset in July", body="-", due_from=JUNE_1,
        written_at=JUNE_1, written_by="the sequence", sent_at=JUNE_1, sent_by="Carmen Ortiz",
    )  # fmt: skip
    gone = {"sent_at": JUNE_1, "sent_by": "the nightly run", "bounced_at": JUNE_1, "bounced_by": "the mail server"}
    sent.deliveries.create(name="Dana Whitfield", address="dana@lakeside.example", **gone)
    said = words(carmen, cast.carmen, PAGE)
    assert "Your reset in July To Dana Whitfield. Tue, June 1, 2027, 9:00 AM PDT" in said
    assert "It did not reach Dana Whitfield." in said
    days = [one["day"] for one in carmen.get(PAGE).context["coming"]]
    assert days
    assert days == sorted(days)
    assert all(day >= date(2027, 6, 1) for day in days)


def test_the_history_is_a_file(carmen: Client, cast: Cast, reset: Reset) -> None:
    services.ask_for(reset=reset, day=date(2027, 7, 20), by=cast.dana, at=JUNE_1, reason="=1+1")
    answer: Any = carmen.get(f"{PAGE}history.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content))["History"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[1] for row in rows] == [
        "Dana Whitfield asked for Tue, July 20, 2027.",
        "The season opened. The reset is on Wed, July 28, 2027, the default.",
    ]
    assert (rows[0][2], sheet["C2"].data_type) == ("=1+1", "s")


def test_a_request_says_what_to_press(carmen: Client, cast: Cast, reset: Reset) -> None:
    services.ask_for(reset=reset, day=date(2027, 7, 20), by=cast.dana, at=JUNE_1, reason="The office moves.")
    said = words(carmen, cast.carmen, PAGE)
    assert "Dana Whitfield asks for Tue, July 20. Until you answer, Wed, July 28 stands." in said
    assert "Agree to Tue, July 20" in said
    assert "Agree to" not in words(carmen, cast.ellis, PAGE)


def test_an_open_question_stands_on_the_page(carmen: Client, cast: Cast, reset: Reset) -> None:
    replies.ask_question(reset=reset, text="May we print in August?", by=cast.dana, at=JUNE_1)
    assert "Dana Whitfield asks: “May we print in August?”" in words(carmen, cast.carmen, PAGE)


def test_a_hold_is_told_to_both(carmen: Client, cast: Cast, reset: Reset) -> None:
    ends: Any = {"ends_on": date(2027, 8, 20), "reason": "A request is open."}
    holds.place(district=cast.lakeside, by=cast.dana, at=JUNE_1, **ends)
    said = "Dana Whitfield placed it on Tue, June 1, 2027, until Fri, August 20, 2027."
    assert said in words(carmen, cast.carmen, PAGE)
    hers = words(carmen, cast.dana, PAGE)
    assert "Your records hold is open: nothing is reset until it is ended." in hers
    assert said in hers
    assert "Extend or end the hold" in hers


@pytest.mark.parametrize("who", ["carmen", "dana"])
def test_more_beside_a_district_is_no_more_queries(client: Client, cast: Cast, reset: Reset, who: str) -> None:
    client.force_login(getattr(cast, who))
    client.get(PAGE)
    few = count(client)
    for number in range(30):
        at = {"added_at": JUNE_1, "added_by": "Dana Whitfield"}
        Contact.objects.create(district=cast.lakeside, name=f"Contact {number}", **at)
        desk.write_note(district=cast.lakeside, text=f"Note {number}", by=cast.carmen, at=JUNE_1)
        services.keep_default(reset=reset, by=cast.dana, at=datetime(2027, 6, 1, 16, number, tzinfo=UTC))
    assert count(client) == few


def count(client: Client) -> int:
    with CaptureQueriesContext(connection) as caught:
        client.get(PAGE)
    return len(caught)


def test_a_contact_of_two_districts_is_one_of_each(carmen: Client, cast: Cast, luis: Contact) -> None:
    Contact.objects.filter(pk=luis.pk).update(district=cast.quarry)
    assert "Luis Park is a contact now." in send(carmen, "contacts/", **LUIS)


def test_a_note_that_is_too_long_is_refused(carmen: Client) -> None:
    assert "A note has 2,000 characters at most." in send(carmen, "notes/", 422, **{"note-text": "a" * 2001})
    assert not DistrictNote.objects.exists()
