"""A letter asks where the district can answer: elsewhere it carries no link, and its preview shows none."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail

from resets import correspondence, engine, letter_preview, letters, services
from resets.models import Letter, Reset
from tests.people import Cast

MORNING = datetime(2027, 7, 28, 16, tzinfo=UTC)  # 9:00 in Lakeside, after its reset
pytestmark = pytest.mark.django_db


def by_hand(reset: Reset, cast: Cast) -> Letter:
    words: dict[str, Any] = {"subject": "Hello", "body": "Words", "asks": True}
    about: dict[str, Any] = {"district": cast.lakeside, "season": reset.season, "by": cast.carmen, "at": MORNING}
    return letters.write(**words, **about, token=uuid4())


def read() -> str:
    mail.outbox.clear()
    correspondence.send(at=MORNING)
    (letter,) = [each for each in mail.outbox if each.subject == "Hello"]
    return str(letter.body)


def paper(reset: Reset | None, cast: Cast) -> bool:
    about: dict[str, Any] = {"district": cast.lakeside, "season": Letter.objects.get(subject="Hello").season}
    return bool(letter_preview.preview(subject="a", body="b", asks=True, reset=reset, at=MORNING, **about)["asks"])


def test_a_district_that_is_reset_gets_no_link_to_answer_by(
    reset: Reset, cast: Cast, night: time_machine.Traveller
) -> None:
    engine.run(reset.pk, worker="w1")
    letter = by_hand(reset, cast)
    assert "/r/" not in read()
    letter.refresh_from_db()
    assert (letter.asks, letter.sent_at is not None) == (False, True)
    reset.refresh_from_db()
    assert not paper(reset, cast)


def test_a_district_without_a_date_gets_none_either(reset: Reset, cast: Cast) -> None:
    by_hand(reset, cast)
    Reset.objects.filter(pk=reset.pk).delete()
    assert "/r/" not in read()
    assert not paper(None, cast)


@pytest.mark.parametrize("is_held", [False, True])
def test_a_district_whose_date_can_be_answered_gets_it(reset: Reset, cast: Cast, is_held: bool) -> None:
    if is_held:
        services.stop(reset=reset, by=cast.carmen, at=reset.date_set_at, reason="Wait.")
    by_hand(reset, cast)
    assert "/r/" in read()
    assert paper(reset, cast)
