"""The page of people: accounts, roles, last sign-in, an invitation that sets a password, and who is kept out."""

import re
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from districts import shards
from districts.models import District
from districts.services import create_district
from resetportal.models import Role, User
from resets import bulk, people, seasons
from resets.bulk_csm import Reassign
from resets.models import Receipt, Season
from resets.services import NotPossible
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.views.reading import text, words

PAGE = "/people/"
SENTENCE = "a long and odd sentence"
LUIS = {"name": "Luis Park", "email": "Luis@Lakeside.example", "role": "district_admin", "district": "0620810"}


@pytest.fixture
def maya(client: Client, cast: Cast, june: time_machine.Traveller) -> Client:
    client.force_login(cast.maya)
    return client


def invite(client: Client, **changed: str) -> str:
    return text(client.post(f"{PAGE}invite/", LUIS | changed, follow=True).content)


def send(client: Client, person: User, verb: str) -> str:
    return text(client.post(f"{PAGE}{person.pk}/", {"do": verb}, follow=True).content)


def set_password(path: str, password: str = SENTENCE) -> Any:
    """What a stranger gets who opens the link of an invitation and sets a password."""
    stranger = Client()
    form = stranger.get(path, follow=True)
    address = form.redirect_chain[-1][0] if form.redirect_chain else path
    return stranger.post(address, {"password1": password, "password2": password}, follow=True)


def link() -> str:
    """The link of the newest mail."""
    found = re.search(r"https?://[^/\s]+(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_it_says_who_signs_in_and_when_they_last_did(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.dana.pk).update(last_login=JUNE_1)
    said = words(client, cast.maya, PAGE)
    assert "Dana Whitfield dana@lakeside.example District admin Lakeside Unified 0620810 Tue, June 1, 2027" in said
    assert "Carmen Ortiz carmen@vendor.example Customer Success Manager 1 district Never" in said


def test_the_learning_platform_is_no_person(client: Client, cast: Cast) -> None:
    User.objects.create(email="a@platform.invalid", name="A machine", role=Role.PLATFORM, password="!")
    assert "A machine" not in words(client, cast.maya, PAGE)


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        ({"show": "csm"}, ["Carmen Ortiz", "Omar Haddad"]),
        ({"show": "district_admin"}, ["Dana Whitfield"]),
        ({"show": "disabled"}, []),
        ({"q": "LAKESIDE"}, ["Dana Whitfield"]),
        ({"q": "3609930"}, []),
        ({"q": "\x00omar"}, ["Omar Haddad"]),
        ({"show": "nonsense", "q": "maya@"}, ["Maya Lindqvist"]),
    ],
)
def test_a_list_is_asked_for_by_its_address(client: Client, cast: Cast, asked: dict[str, str], who: list[str]) -> None:
    client.force_login(cast.maya)
    assert [row["person"].name for row in client.get(PAGE, asked).context["rows"]] == who


def test_somebody_invited_sets_a_password_and_signs_in(maya: Client, cast: Cast) -> None:
    assert "luis@lakeside.example has an invitation." in invite(maya)
    luis = User.objects.get(email="luis@lakeside.example")
    assert (luis.district, luis.role, luis.has_usable_password()) == (cast.lakeside, Role.DISTRICT_ADMIN, False)
    assert mail.outbox[-1].to == ["luis@lakeside.example"]
    assert "Maya Lindqvist invites you to Reset Portal, as the admin of Lakeside Unified." in mail.outbox[-1].body
    set_password(link())
    luis.refresh_from_db()
    assert luis.check_password(SENTENCE)
    assert Client().login(email="luis@lakeside.example", password=SENTENCE)


def test_the_link_works_once(maya: Client) -> None:
    invite(maya)
    path = link()
    set_password(path)
    set_password(path, "another odd sentence")
    assert User.objects.get(email="luis@lakeside.example").check_password(SENTENCE)


def test_an_invitation_is_sent_again_until_there_is_a_password(maya: Client) -> None:
    invite(maya)
    luis = User.objects.get(email="luis@lakeside.example")
    assert "has an invitation" in send(maya, luis, "invite")
    assert len(mail.outbox) == 2
    set_password(link())
    assert "Luis Park has a password already" in send(maya, luis, "invite")
    assert len(mail.outbox) == 2


def test_the_list_says_who_invited_them(maya: Client, cast: Cast) -> None:
    invite(maya)
    said = words(maya, cast.maya, PAGE, show="invited")
    assert "Never Invited Invited by Maya Lindqvist, Tue, June 1, 2027, 9:00 AM PDT" in said
    assert "Dana Whitfield" not in said


def test_the_list_says_who_sent_it_again_and_who_let_somebody_in_again(
    maya: Client, cast: Cast, june: time_machine.Traveller
) -> None:
    invite(maya)
    luis = User.objects.get(email="luis@lakeside.example")
    june.shift(60)
    send(maya, luis, "invite")
    assert "Invitation sent again by Maya Lindqvist, Tue, June 1, 2027, 9:01 AM PDT" in words(maya, cast.maya, PAGE)
    june.shift(60)
    send(maya, luis, "disable")
    assert "Disabled by Maya Lindqvist, Tue, June 1, 2027, 9:02 AM PDT" in words(maya, cast.maya, PAGE)
    june.shift(60)
    send(maya, luis, "enable")
    assert "Enabled by Maya Lindqvist, Tue, June 1, 2027, 9:03 AM PDT" in words(maya, cast.maya, PAGE)


def lead(email: str) -> User:
    return User.objects.create_user(email, None, name=email, role=Role.CSM_LEAD)


def test_somebody_who_was_disabled_meanwhile_disables_nobody(cast: Cast) -> None:
    other = lead("lena@vendor.example")
    User.objects.filter(pk=cast.maya.pk).update(is_active=False)
    with pytest.raises(NotPossible, match="Your own account was disabled meanwhile"):
        people.disable(person=other, by=cast.maya, at=JUNE_1)


@pytest.fixture
def two_leads(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[User, User]]:
    """Committed, so that other connections see them; removed again."""
    with django_db_blocker.unblock():
        leads = lead("lena@vendor.example"), lead("lotte@vendor.example")
        yield leads
        LogEntry.objects.filter(user__in=leads).delete()
        User.objects.filter(pk__in=[each.pk for each in leads]).delete()


def test_of_two_leads_who_disable_each_other_at_once_one_stays(two_leads: tuple[User, User]) -> None:
    one, other = two_leads
    first_is_done, refused = threading.Event(), []

    def second() -> None:
        first_is_done.wait(10)
        try:
            people.disable(person=one, by=other, at=JUNE_1)
        except NotPossible as error:
            refused.append(str(error))
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        people.disable(person=other, by=one, at=JUNE_1)
        first_is_done.set()
        thread.join(0.5)
    thread.join(10)
    assert refused == ["Your own account was disabled meanwhile."]
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.is_active, other.is_active) == (True, False)


def at_once(first: Callable[[], object], second: Callable[[], object]) -> None:
    """Two transactions on two connections: the second begins while the first has done its work and not ended."""
    done = threading.Event()

    def waits() -> None:
        done.wait(10)
        try:
            second()
        finally:
            connection.close()

    thread = threading.Thread(target=waits)
    thread.start()
    with transaction.atomic():
        first()
        done.set()
        thread.join(0.5)
    thread.join(10)


@pytest.fixture
def of_nobody(two_leads: tuple[User, User]) -> Iterator[tuple[District, Season]]:
    """A district without a CSM in a season without resets, as committed as the leads."""
    season = Season.objects.create(school_year="2026-27", policy=seasons.starting_policy(2027).to_data())
    district = create_district(name="Busy Unified", site_code="0699981")
    yield district, season
    Receipt.objects.filter(person__in=two_leads).delete()
    shards.drop(district.pk)
    district.delete()
    season.delete()


@pytest.mark.parametrize("is_disabled_first", [True, False])
def test_a_csm_who_is_disabled_at_the_moment_gets_no_district(
    two_leads: tuple[User, User], of_nobody: tuple[District, Season], is_disabled_first: bool
) -> None:
    one, noor = two_leads
    district, season = of_nobody
    User.objects.filter(pk=noor.pk).update(role="csm", name="Noor Aziz")
    noor.refresh_from_db()
    said: list[str] = []

    def give() -> None:
        receipt = bulk.apply(Reassign(season, noor), {district.pk: 0}, by=one, at=JUNE_1, token=uuid4())
        said.append(receipt.lines[0]["sentence"])

    def disable() -> None:
        try:
            people.disable(person=noor, by=one, at=JUNE_1)
        except NotPossible as refusal:
            said.append(str(refusal))

    at_once(*((disable, give) if is_disabled_first else (give, disable)))
    assert not District.objects.filter(csm__is_active=False).exists()
    noor.refresh_from_db()
    District.objects.filter(pk=district.pk).update(csm=None)
    assert noor.is_active is not is_disabled_first
    refused = (
        "The account of Noor Aziz was disabled meanwhile. Choose somebody else."
        if is_disabled_first
        else "Noor Aziz looks after 1 district. Give them to somebody else first."
    )
    assert said[-1] == refused


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"email": "DANA@lakeside.example"}, "Somebody signs in with that address already."),
        ({"email": "no address"}, "Enter a valid email address."),
        ({"district": ""}, "A district admin belongs to one district: name it."),
        ({"district": "9999999"}, "No district has this site code or name."),
        ({"role": "engineer"}, "engineer is not one of the available choices."),
        ({"role": "platform"}, "platform is not one of the available choices."),
    ],
)
def test_an_invitation_says_what_is_wrong(maya: Client, changed: dict[str, str], why: str) -> None:
    before = User.objects.count()
    assert why in invite(maya, **changed)
    assert User.objects.count() == before
    assert not mail.outbox


def test_a_district_may_be_named(maya: Client, cast: Cast) -> None:
    invite(maya, district="quarry hill")
    assert User.objects.get(email="luis@lakeside.example").district == cast.quarry


def test_a_csm_belongs_to_no_district(maya: Client) -> None:
    invite(maya, role="csm", phone="555 0100")
    ruth = User.objects.get(email="luis@lakeside.example")
    assert (ruth.district, ruth.phone) == (None, "555 0100")


def test_an_engineer_is_not_made_by_a_lead(cast: Cast) -> None:
    about = {"email": "x@vendor.example", "name": "X", "district": None, "at": JUNE_1}
    with pytest.raises(NotPossible, match="An engineer adds engineers"):
        people.invite(**about, role="engineer", by=cast.maya)  # type: ignore[arg-type]
    with pytest.raises(NotPossible, match="A CSM lead invites"):
        people.invite(**about, role="csm", by=cast.carmen)  # type: ignore[arg-type]


def test_a_mail_server_that_is_away_leaves_the_account(maya: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> int:
        raise OSError

    monkeypatch.setattr(EmailBackend, "send_messages", away)
    assert "The account of Luis Park is there, but the mail could not be sent." in invite(maya)


def test_somebody_disabled_is_signed_out_and_kept_out(maya: Client, cast: Cast) -> None:
    hers = Client()
    hers.force_login(cast.dana)
    assert "Dana Whitfield can no longer sign in" in send(maya, cast.dana, "disable")
    assert hers.get("/districts/0620810/").status_code == 302  # to sign in
    assert not Client().login(email="dana@lakeside.example", password="a summer of resets")
    said = words(maya, cast.maya, PAGE, show="disabled")
    assert "Disabled by Maya Lindqvist, Tue, June 1, 2027" in said
    assert "Dana Whitfield can sign in again." in send(maya, cast.dana, "enable")
    assert Client().login(email="dana@lakeside.example", password="a summer of resets")


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("carmen", "Carmen Ortiz looks after 1 district. Give them to somebody else first."),
        ("maya", "Nobody disables their own account."),
        ("ellis", "An engineer’s account is an engineer’s to change."),
    ],
)
def test_some_are_not_disabled(maya: Client, cast: Cast, who: str, why: str) -> None:
    person = getattr(cast, who)
    assert why in send(maya, person, "disable")
    assert User.objects.get(pk=person.pk).is_active


def test_a_disabled_account_is_not_invited_again(maya: Client) -> None:
    invite(maya)
    luis = User.objects.get(email="luis@lakeside.example")
    send(maya, luis, "disable")
    assert "The account is disabled: enable it first." in send(maya, luis, "invite")


def test_what_is_no_verb_and_who_is_nobody_is_a_404(maya: Client, cast: Cast) -> None:
    assert maya.post(f"{PAGE}{cast.dana.pk}/", {"do": "delete"}).status_code == 404
    assert maya.post(f"{PAGE}99999999999999999999/", {"do": "disable"}).status_code == 404


def test_a_districts_admin_sees_its_people_and_changes_nothing(client: Client, cast: Cast) -> None:
    said = words(client, cast.dana, "/districts/0620810/people/")
    assert "Dana Whitfield you" in said
    assert "Omar" not in said
    assert "Disable " not in said
    assert client.post(f"{PAGE}{cast.dana.pk}/", {"do": "disable"}).status_code == 403


def test_a_page_takes_as_many_queries_however_many_people(maya: Client) -> None:
    maya.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        maya.get(PAGE)
    for number in range(30):
        User.objects.create_user(f"p{number}@vendor.example", None, name=f"P {number}", role=Role.CSM)
    with CaptureQueriesContext(connection) as many:
        maya.get(PAGE)
    assert len(many) == len(few)


BREAK = "Eve\nBcc: everybody@vendor.example"


def test_a_name_of_two_lines_is_stored_as_one(maya: Client) -> None:
    invite(maya, name=BREAK)
    assert User.objects.get(email="luis@lakeside.example").name == "Eve Bcc: everybody@vendor.example"


@pytest.mark.parametrize("name", [BREAK, "Eve\u2028Adams", "Eve\x7f"])
def test_a_name_that_came_by_no_form_is_one_line_too(cast: Cast, name: str) -> None:
    with pytest.raises(NotPossible, match="one line"):
        people.invite(email="eve@vendor.example", name=name, role="csm", district=None, by=cast.maya, at=JUNE_1)
    assert not User.objects.filter(email="eve@vendor.example").exists()


def test_a_lead_whose_name_has_a_break_invites_all_the_same(maya: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.maya.pk).update(name="Maya\nLindqvist")
    assert "@lakeside.example has an invitation." in invite(maya)
    assert mail.outbox[-1].subject == "Maya Lindqvist invites you to Reset Portal"


@pytest.mark.parametrize("start", [PAGE, "/districts/0620810/people/"])
def test_the_spreadsheet_holds_the_people_that_the_filter_finds(client: Client, cast: Cast, start: str) -> None:
    client.force_login(cast.maya)
    assert f"{start}list.xlsx?q=dana" in client.get(start, {"q": "dana"}).content.decode()
    book = openpyxl.load_workbook(BytesIO(client.get(f"{start}list.xlsx", {"q": "dana"}).content))
    header, *rows = book["People"].values
    assert header[:4] == ("Name", "Email address", "Phone", "Role")
    assert [row[:2] for row in rows] == [("Dana Whitfield", "dana@lakeside.example")]
    assert ("Words", "dana") in list(book["About"].values)
    assert ("Students", "No student is in this file.") in list(book["About"].values)


def test_the_spreadsheet_of_a_district_holds_its_own_people_alone(client: Client, cast: Cast) -> None:
    client.force_login(cast.dana)
    book = openpyxl.load_workbook(BytesIO(client.get("/districts/0620810/people/list.xlsx").content))
    assert [row[0] for row in list(book["People"].values)[1:]] == ["Dana Whitfield"]


def test_the_spreadsheet_takes_as_many_queries_however_many_people(client: Client, cast: Cast) -> None:
    client.force_login(cast.maya)
    with CaptureQueriesContext(connection) as few:
        client.get(f"{PAGE}list.xlsx")
    for number in range(9):
        User.objects.create(email=f"c{number}@vendor.example", name=f"C {number}", role=Role.CSM)
    with CaptureQueriesContext(connection) as many:
        client.get(f"{PAGE}list.xlsx")
    assert len(many) == len(few)


def test_who_still_has_districts_leads_to_the_list_of_them(client: Client, cast: Cast) -> None:
    client.force_login(cast.maya)
    page = client.get("/people/").content.decode()
    assert '<a href="/districts/?q=Carmen%20Ortiz">Reassign the districts first</a>' in page
