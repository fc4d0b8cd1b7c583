"""Who gets what at every address: the table in access.py is complete, and true."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from districts.models import Contact, District, RosterFile, RosterSync, Student
from resetportal.models import Role, User
from resets import letters, replies
from resets.models import Delivery, DistrictNote, Receipt, Reset
from tests.access import GUARDED_WHOLE, OTHERS, TABLE, TO_SIGN_IN, WHO, Row
from tests.people import Cast
from tests.resets.certificates import make_certificate
from tests.resets.conftest import JUNE_1, june, ledger, reset, season  # noqa: F401  (fixtures)
from tests.resets.views.district_files import ready

METHODS = ("get", "post", "put", "patch", "delete")
REFUSALS = {TO_SIGN_IN, "401", "403", "404", "405"}


class Address(NamedTuple):
    """An address of the portal: its name (its route, where it has none) and the names of its parameters."""

    name: str
    parameters: frozenset[str]
    is_named: bool


def addresses(
    patterns: Iterable[Any], space: str = "", above: str = "", outer: frozenset[str] = frozenset()
) -> Iterable[Address]:
    """Every address of the URL configuration, through all that it includes."""
    for each in patterns:
        route, parameters = above + str(each.pattern), outer | parameters_of(each.pattern)
        if isinstance(each, URLPattern):
            name = each.name or route
            yield Address(f"{space}:{name}" if space else name, parameters, bool(each.name))
        else:
            yield from addresses(each.url_patterns, each.namespace or space, route, parameters)


def parameters_of(pattern: Any) -> frozenset[str]:
    return frozenset(pattern.converters or getattr(pattern.regex, "groupindex", ()))


ALL = {each.name: each for each in addresses(get_resolver().url_patterns)}
WALKED = sorted({row.name for row in TABLE} | {name for name in ALL if not name.startswith(GUARDED_WHOLE)})
OURS = [name for name in WALKED if not name.startswith((*GUARDED_WHOLE, *OTHERS))]


@pytest.fixture
def values(reset: Reset) -> dict[str, object]:  # noqa: F811
    """What stands for the parameters of addresses: Lakeside's objects."""
    school = reset.district.schools.all()[0]
    mine = {
        "site_code": reset.district.site_code,
        "pk": reset.pk,
        "view": 0,
        "school": school.pk,
        "file": waits(reset.district).pk,
        "export": ready(reset.district).pk,
        "student": Student.objects.filter(district_id=reset.district_id)[0].id,
        **beside(reset.district),
        **letters_of(reset),
        "person": reset.district.admins.all()[0].pk,
        "receipt": receipt_of(reset.district),
        "number": make_certificate(reset).number,
    }
    link = replies.link(Delivery.objects.filter(letter__district=reset.district_id)[0])
    return {**mine, "key": "AbC", "uidb36": "1", "link": link.split("/")[-2]}


def letters_of(reset: Reset) -> dict[str, object]:  # noqa: F811
    """A letter that waits, and two places in the season's sequence."""
    letters.ensure_sequence(season=reset.season, by="the portal", at=JUNE_1)
    by_hand = {"subject": "Hello", "body": "Dear {district}", "asks": False, "token": uuid4(), "by": "Omar Haddad"}
    made = letters.write(district=reset.district, season=reset.season, at=JUNE_1, **by_hand)  # type: ignore[arg-type]
    to = {"name": "Dana Whitfield", "address": "dana@lakeside.example", "sent_at": JUNE_1, "sent_by": "Omar Haddad"}
    Delivery.objects.create(letter=made, person=User.objects.get(email=to["address"]), **to)
    return {"letter": made.pk, "place": 1, "step": 3}


def receipt_of(district: District) -> UUID:
    """What its CSM did to many districts, by the number in its address."""
    done = {"done_at": JUNE_1, "done_by": str(district.csm), "person": district.csm}
    return Receipt.objects.create(kind="date", what="Tue, July 20, 2027", **done).token


def beside(district: District) -> dict[str, object]:
    """A contact and a note of the district."""
    at = datetime(2027, 6, 1, 15, tzinfo=UTC)
    contact = Contact.objects.create(district=district, name="Luis Park", added_at=at, added_by="Dana Whitfield")
    note = DistrictNote.objects.create(district=district, text="Year-round.", written_at=at, written_by="Carmen Ortiz")
    return {"contact": contact.pk, "note": note.pk}


def waits(district: District) -> RosterFile:
    """A roster of the district that was rehearsed."""
    at = datetime(2027, 6, 1, 15, tzinfo=UTC)
    came = {"received_at": at, "received_by": "Dana Whitfield", "size": 1, "digest": "0" * 64}
    file = RosterFile.objects.create(
        district=district, state="rehearsed", stored=f"d{district.pk}/{district.pk}.zip", source_name="r.zip", **came
    )
    RosterSync.objects.create(
        district=district, file=file, outcome="rehearsed", finished_at=at, finished_by="Dana", local_day=at.date()
    )
    return file


def path_of(name: str, values: dict[str, object]) -> str:
    address = ALL[name]
    if not address.is_named:
        return f"/{name}"
    return reverse(name, kwargs={each: values[each] for each in address.parameters})


@pytest.fixture
def sessions(cast: Cast, values: dict[str, object]) -> dict[str, str]:
    """The keys of the cast's sessions, all signed in but Sam; after `values`, which move the clock."""
    found = {"sam": ""}
    for who in WHO[:-1]:
        client = Client()
        client.force_login(getattr(cast, who))
        found[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return found


def ask(session: str, method: str, path: str, data: Any) -> str:
    """What the person of a session gets, with everything that it changed taken back."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    with transaction.atomic():
        answer = send(client, method, path, data)
        list(answer)  # a file that is sent is closed at its end
        transaction.set_rollback(True)
    is_sent = answer.headers.get("Location", "").startswith(resolve_url("account_login"))
    return TO_SIGN_IN if is_sent and not session else str(answer.status_code)


def page_of(session: str, path: str, data: Any) -> str:
    """What the page says to the person of a session; "" where it is a file."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    answer = client.get(path, data)
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    content = b"".join(answer)  # a file that is sent is closed at its end
    return content.decode() if is_page else ""


def send(client: Client, method: str, path: str, data: Any) -> Any:
    if method in ("get", "post"):
        return getattr(client, method)(path, data)
    return getattr(client, method)(path, data or {}, content_type="application/json")


def test_every_address_stands_in_the_table() -> None:
    assert sorted({row.name for row in TABLE}) == WALKED


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.id)
def test_an_address_answers_as_the_table_says(row: Row, sessions: dict[str, str], values: dict[str, object]) -> None:
    path = path_of(row.name, values)
    found = {who: ask(sessions[who], row.method, path, row.data) for who in WHO}
    assert found == dict(zip(WHO, row.answers.split(), strict=True))


@pytest.mark.parametrize("name", OURS)
def test_an_address_refuses_every_other_method(name: str, sessions: dict[str, str], values: dict[str, object]) -> None:
    listed = {row.method for row in TABLE if row.name == name}
    path = path_of(name, values)
    unlisted = [method for method in METHODS if method not in listed]
    found = {ask(sessions[who], method, path, None) for method in unlisted for who in ("maya", "dana", "sam")}
    assert found <= REFUSALS


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.id)
def test_the_learning_platform_is_a_stranger_to_every_page(
    row: Row, sessions: dict[str, str], values: dict[str, object]
) -> None:
    machine = User.objects.create(email="a@platform.invalid", name="a", role=Role.PLATFORM, password="!")
    client = Client()
    client.force_login(machine)
    path = path_of(row.name, values)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    found = {each: ask(each, row.method, path, row.data) for each in (session, "")}
    assert found[session].replace("302", TO_SIGN_IN) == found[""].replace("302", TO_SIGN_IN)


@pytest.fixture
def strange(cast: Cast, reset: Reset) -> dict[str, object]:  # noqa: F811
    """Quarry Hill's objects, which are neither Carmen's nor Dana's."""
    school = cast.quarry.schools.all()[0]
    other = Reset.objects.get(district=cast.quarry)
    make_certificate(other, "RP-2027-0418")
    student = Student.objects.filter(district_id=cast.quarry.pk)[0].id
    files = {"file": waits(cast.quarry).pk, "export": ready(cast.quarry).pk, **beside(cast.quarry)}
    files |= {**letters_of(other), "person": cast.omar.pk, "receipt": receipt_of(cast.quarry)}
    return {"site_code": cast.quarry.site_code, "pk": other.pk, "school": school.pk, "student": student, **files}


NUMBERS = ("pk", "school", "file", "export", "student", "contact", "note", "letter", "step", "person")
MISSING: dict[str, object] = {"site_code": "0000000"} | dict.fromkeys(NUMBERS, 0) | {"receipt": UUID(int=0)}
OF_A_DISTRICT = [row for row in TABLE if row.name in OURS and ALL[row.name].parameters & MISSING.keys()]


@pytest.mark.parametrize("row", OF_A_DISTRICT, ids=lambda row: row.id)
def test_anothers_object_answers_like_a_missing_one(
    row: Row, sessions: dict[str, str], strange: dict[str, object]
) -> None:
    for who in ("carmen", "dana"):
        answers = {ask(sessions[who], row.method, path_of(row.name, values), row.data) for values in (strange, MISSING)}
        assert len(answers) == 1, who
        assert answers <= {"403", "404"} or row.name == "resets:api_school", who
