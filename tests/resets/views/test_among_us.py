"""What the vendor's people say of each other and of a district's people is read by none of the district's."""

from io import BytesIO

import openpyxl
import pytest
from django.test import Client

from resets import history
from resets.models import Reset
from tests.people import Cast
from tests.resets.conftest import JUNE_1

DISTRICT = "/districts/0620810/"
SAID = ("Carmen is on leave.", "Dana never reads her mail.")


@pytest.fixture
def told(reset: Reset) -> Reset:
    history.record(
        "reassigned", reset=reset, by="Maya Chen", at=JUNE_1, csm="Omar Haddad", former="Carmen Ortiz", reason=SAID[0]
    )
    history.record("letter_stopped", reset=reset, by="Maya Chen", at=JUNE_1, subject="Your dates", why=SAID[1])
    return reset


def read(client: Client, reset: Reset) -> dict[str, str]:
    """What the three places of a history say."""
    pages = {place: client.get(place).text for place in (DISTRICT, f"/resets/{reset.pk}/")}
    book = openpyxl.load_workbook(BytesIO(client.get(f"{DISTRICT}history.xlsx").content))
    return pages | {"history.xlsx": "\n".join(str(cell) for row in book["History"].values for cell in row)}


@pytest.mark.parametrize("said", SAID)
def test_its_csm_reads_it(client: Client, cast: Cast, told: Reset, said: str) -> None:
    client.force_login(cast.carmen)
    assert [place for place, text in read(client, told).items() if said not in text] == []


@pytest.mark.parametrize("said", SAID)
def test_the_districts_admin_does_not(client: Client, cast: Cast, told: Reset, said: str) -> None:
    client.force_login(cast.dana)
    assert [place for place, text in read(client, told).items() if said in text] == []


def test_the_admin_reads_that_it_was_done(client: Client, cast: Cast, told: Reset) -> None:
    client.force_login(cast.dana)
    for text in read(client, told).values():
        assert "Maya Chen gave the district to Omar Haddad." in text
        assert "“Your dates” was not sent." in text
