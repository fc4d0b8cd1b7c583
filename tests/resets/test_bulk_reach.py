"""What is done to many districts never reaches one that its person does not look after, whatever was sent."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from resets import bulk
from resets.bulk_csm import Reassign
from resets.bulk_dates import SetDate
from resets.bulk_letters import Write
from resets.models import Letter, Receipt, Reset, Season
from tests.people import Cast
from tests.resets.conftest import JUNE_1


@pytest.mark.parametrize("kind", ["date", "letter", "csm"])
def test_a_csm_reaches_her_own_districts_alone(cast: Cast, season: Season, reset: Reset, kind: str) -> None:
    wishes: dict[str, Any] = {
        "date": SetDate(season, date(2027, 7, 21)),
        "letter": Write(season, "Before the summer", "Please answer."),
        "csm": Reassign(season, cast.omar),
    }
    cast.quarry.contacts.create(
        name="Rosa Quinn", email="rosa@quarry.example", gets_letters=True, added_at=JUNE_1, added_by="Maya Lindqvist"
    )
    other = Reset.objects.get(district=cast.quarry)
    versions = {cast.lakeside.pk: reset.version, cast.quarry.pk: other.version}
    receipt = bulk.apply(wishes[kind], versions, by=cast.carmen, at=JUNE_1, token=uuid4())
    assert [line["site_code"] for line in receipt.lines] == [cast.lakeside.site_code, ""]
    assert cast.quarry.name not in str(receipt.lines)
    cast.quarry.refresh_from_db()
    other.refresh_from_db()
    assert (other.date, cast.quarry.csm) == (date(2027, 7, 28), cast.omar)
    assert not Letter.objects.filter(district=cast.quarry).exists()
    assert Receipt.objects.get() == receipt
