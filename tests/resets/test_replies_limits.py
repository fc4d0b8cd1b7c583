"""How much a district may ask: a link posted in a loop does not bury what others asked."""

from datetime import timedelta
from uuid import uuid4

import pytest

from resets import replies
from resets.models import Delivery, Letter, Question, Reset, ResetEvent
from resets.services import NotPossible
from tests.people import Cast
from tests.resets.conftest import JUNE_1

pytestmark = pytest.mark.django_db
LUIS = replies.ByLink("Luis Park", "Dana Whitfield")


@pytest.fixture
def delivery(reset: Reset) -> Delivery:
    """A letter that asks, at Dana's address."""
    signed = {"written_at": JUNE_1, "written_by": "Carmen Ortiz", "sent_at": JUNE_1, "sent_by": "Carmen Ortiz"}
    about = {"subject": "Your reset", "body": "Dear Dana", "asks": True, "due_from": JUNE_1}
    letter = Letter.objects.create(district=reset.district, season=reset.season, **about, **signed)
    to = {"name": "Dana Whitfield", "address": "dana@lakeside.example"}
    return Delivery.objects.create(letter=letter, **to, sent_at=JUNE_1, sent_by="Carmen Ortiz")


def ask(reset: Reset, text: str, delivery: Delivery | None, *, hours: int = 0) -> Question:
    at = JUNE_1 + timedelta(hours=hours)
    return replies.ask_question(reset=reset, text=text, by=LUIS, at=at, delivery=delivery, token=uuid4())


def test_the_same_words_are_one_question_while_it_waits(reset: Reset, delivery: Delivery, cast: Cast) -> None:
    first = ask(reset, "When?", delivery)
    assert ask(reset, "When?", delivery) == first
    assert ResetEvent.objects.filter(kind="question_asked").count() == 1
    replies.answer_question(question=first, text="At 1:00 AM.", by=cast.carmen, at=JUNE_1)
    assert ask(reset, "When?", delivery) != first


def test_a_link_asks_five_questions_a_day(reset: Reset, delivery: Delivery, cast: Cast) -> None:
    """Also when each is answered at once, so that few wait."""
    for number in range(replies.MOST_A_DAY):
        asked = ask(reset, f"No. {number}?", delivery, hours=number)
        replies.answer_question(question=asked, text="Yes.", by=cast.carmen, at=JUNE_1)
    with pytest.raises(NotPossible, match="5 questions came by this link within a day"):
        ask(reset, "One more?", delivery, hours=23)
    assert ask(reset, "One more?", delivery, hours=25)


def test_whoever_signs_in_asks_as_much_as_may_wait(reset: Reset, delivery: Delivery) -> None:
    for number in range(replies.MOST_OPEN):
        ask(reset, f"No. {number}?", None)
    with pytest.raises(NotPossible, match="10 questions wait for an answer already"):
        ask(reset, "One more?", None)
