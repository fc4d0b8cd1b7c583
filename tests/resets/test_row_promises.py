"""What the database itself holds to in the rows of a season: who with when, one of a kind, sent or stopped."""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.db import IntegrityError, models, transaction

from resets import holds, letters, replies
from resets.models import Delivery, DistrictNote, Hold, Letter, LetterStep, Question, Receipt, Reset, SavedView, Season
from tests.people import Cast
from tests.resets.conftest import JUNE_1

AT = datetime(2027, 6, 7, 17, tzinfo=UTC)
PAIRS: tuple[tuple[type[models.Model], str], ...] = (
    (Letter, "edited"),
    (Letter, "sent"),
    (Letter, "stopped"),
    (Letter, "resumed"),
    (LetterStep, "changed"),
    (LetterStep, "stopped"),
    (Delivery, "sent"),
    (Delivery, "bounced"),
    (Question, "answered"),
    (DistrictNote, "removed"),
    (Hold, "ended"),
    (Reset, "added"),
)


class Rows(NamedTuple):
    """One of each kind."""

    letter: Letter
    delivery: Delivery
    question: Question


@pytest.fixture
def rows(season: Season, reset: Reset, cast: Cast) -> Rows:
    letters.ensure_sequence(season=season, by="the portal", at=JUNE_1)
    words = {"subject": "Hello", "body": "Dear {district}", "asks": True, "token": uuid4()}
    letter = letters.write(district=cast.lakeside, season=season, by=cast.carmen, at=JUNE_1, **words)  # type: ignore[arg-type]
    delivery = Delivery.objects.create(letter=letter, name="Dana Whitfield", address="dana@lakeside.example")
    question = replies.ask_question(reset=reset, text="When?", by=cast.dana, at=JUNE_1, token=uuid4())
    holds.place(district=cast.lakeside, by=cast.carmen, at=JUNE_1, reason="A dispute.")
    DistrictNote.objects.create(district=cast.lakeside, text="Call.", written_at=JUNE_1, written_by="Carmen Ortiz")
    return Rows(letter, delivery, question)


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(("model", "stem"), PAIRS, ids=lambda value: getattr(value, "__name__", value))
def test_who_and_when_are_both_there_or_neither(model: Any, stem: str) -> None:
    for half in ({f"{stem}_at": AT, f"{stem}_by": None}, {f"{stem}_at": None, f"{stem}_by": "Carmen Ortiz"}):
        with pytest.raises(IntegrityError, match=f"{model._meta.model_name}_{stem}_at_and_by"), transaction.atomic():
            model.objects.update(**half)
    assert model.objects.update(**{f"{stem}_at": AT, f"{stem}_by": "Carmen Ortiz"})


def refuse(promise: str, row: models.Model, **changes: object) -> None:
    """A copy of a row with these changes breaks the promise of that name."""
    for field, value in ({"pk": None} | changes).items():
        setattr(row, field, value)
    row._state.adding = True
    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        row.save()


def test_a_letter_is_never_both_sent_and_stopped(rows: Rows) -> None:
    done = {"sent_at": AT, "sent_by": "Carmen Ortiz", "stopped_at": AT, "stopped_by": "Carmen Ortiz"}
    with pytest.raises(IntegrityError, match="a_letter_is_sent_or_stopped"):
        Letter.objects.filter(pk=rows.letter.pk).update(**done)


def test_a_form_writes_one_letter_to_a_district(rows: Rows) -> None:
    refuse("a_written_letter_goes_to_a_district_once", rows.letter)


def test_a_letter_goes_to_an_address_once(rows: Rows) -> None:
    refuse("a_letter_goes_to_an_address_once", rows.delivery)


def test_a_form_asks_one_question(rows: Rows) -> None:
    refuse("a_form_asks_one_question", rows.question, text="And how?")


@pytest.mark.usefixtures("rows")
def test_a_number_of_a_sequence_is_one_letter_s() -> None:
    refuse("a_step_of_a_season_has_one_number", LetterStep.objects.all()[0], name="Another")


@pytest.mark.usefixtures("rows")
def test_a_letter_waits_for_nothing_unknown() -> None:
    with pytest.raises(IntegrityError, match="a_step_waits_for_what_is_known"):
        LetterStep.objects.update(waits_for="whatever")


@pytest.mark.usefixtures("rows")
def test_a_district_has_one_open_hold() -> None:
    refuse("one_open_hold_a_district", Hold.objects.get())


def test_a_name_is_one_view_of_a_person(cast: Cast) -> None:
    refuse("a_view_has_one_name_a_person", SavedView.objects.create(person=cast.carmen, name="Mine", query="show=held"))


def test_a_preview_has_one_receipt(cast: Cast) -> None:
    done = {"done_at": AT, "done_by": "Carmen Ortiz", "person": cast.carmen}
    refuse("token", Receipt.objects.create(kind="date", what="Tue, July 20, 2027", **done))
