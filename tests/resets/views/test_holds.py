"""The page of a records hold: what it means is said before it is done; who may not is refused; slips are told."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from resets import engine, holds
from resets.models import Hold, Reset
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.views.reading import text, words

PAGE = "/districts/0620810/hold/"
WHY = "A parent’s request to inspect records is open."


def send(client: Client, **sent: str) -> str:
    """What the page says that follows, or the page with its refusals."""
    answer: Any = client.post(PAGE, sent, follow=True)
    return text(answer.content)


@pytest.fixture
def dana(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.dana)
    return client


def place(client: Client, **sent: str) -> str:
    return send(client, **{"do": "place", "ends_on": "2027-08-20", "reason": WHY, **sent})


def test_it_says_before_what_it_means(dana: Client, cast: Cast) -> None:
    said = words(dana, cast.dana, PAGE)
    assert "Lakeside Unified is not reset while the hold is open" in said
    assert "The reset stays on Wed, July 28, 2027 if the hold has ended by then. If it is open on that day" in said
    assert "It does not end by itself." in said
    assert "Past Wed, July 28, 2027. The reset then needs a later day" in said
    assert "before rostering starts, Mon, August 9, 2027. Should the hold last until then" in said
    assert "(W" not in said
    assert "Never name a student here." in said


def test_an_overdue_one_says_so_beside_its_end_and_why_it_was_extended(
    dana: Client, cast: Cast, june: time_machine.Traveller
) -> None:
    place(dana, ends_on="2027-06-18")
    send(dana, do="extend", ends_on="2027-06-21", reason="Hearing on June 19.")
    said = words(dana, cast.dana, PAGE)
    assert "Mon, June 21, 2027" in said
    assert "overdue" not in said
    assert "Why extended Hearing on June 19." in said
    june.move_to(datetime(2027, 6, 22, 16, tzinfo=UTC))
    assert "Mon, June 21, 2027, overdue" in words(dana, cast.dana, PAGE)


@pytest.mark.parametrize("who", ["dana", "carmen", "maya"])
def test_each_of_them_places_one(client: Client, cast: Cast, reset: Reset, who: str) -> None:
    person = getattr(cast, who)
    client.force_login(person)
    assert "Lakeside Unified is on a records hold until Fri, August 20, 2027." in place(client)
    held = Hold.objects.get()
    assert (held.reason, held.ends_on, held.placed_by) == (WHY, date(2027, 8, 20), str(person))


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"ends_on": ""}, "Give an end date."),
        ({"ends_on": "soon"}, "Write a date such as"),
        ({"ends_on": "2027-05-31"}, "Mon, May 31, 2027 has passed. Give today, Tue, June 1, 2027, or a later day."),
        ({"ends_on": "2072-08-20"}, "Give a day from Tue, June 1, 2027 to Thu, June 1, 2028."),
        ({"reason": " "}, "Say why: it is kept in the history."),
    ],
)
def test_a_slip_is_told_and_nothing_is_placed(dana: Client, sent: dict[str, str], why: str) -> None:
    assert why in place(dana, **sent)
    assert not Hold.objects.exists()


def test_the_open_one_is_told_and_extended(dana: Client, cast: Cast) -> None:
    place(dana)
    said = words(dana, cast.dana, PAGE)
    assert WHY in said
    assert "The reset is on Wed, July 28, 2027 again, and begins then." in said
    assert "Give a day from Sat, August 21, 2027" in place(dana, do="extend", ends_on="2027-08-20")
    assert "until Fri, August 27, 2027" in place(dana, do="extend", ends_on="2027-08-27", reason="The hearing moved.")


def test_it_is_ended(dana: Client) -> None:
    place(dana)
    assert "The records hold of Lakeside Unified is ended. The reset is on Wed, July 28" in send(dana, do="end")
    assert Hold.objects.get().ended_by == "Dana Whitfield"
    assert "No records hold is open." in send(dana, do="end")


def test_the_vendor_ends_the_districts_saying_why(client: Client, cast: Cast, reset: Reset) -> None:
    held = holds.place(district=cast.lakeside, by=cast.dana, at=JUNE_1, reason=WHY)
    said = words(client, cast.carmen, PAGE)
    assert "Who may end it The district’s: its admin ends it, or its CSM or a CSM lead, who then says why." in said
    assert "Why is it ended? Such as: the district says that the request is closed. Kept" in said
    assert "Say why: it is kept in the history." in send(client, do="end", hold=str(held.pk), reason=" ")
    assert Hold.objects.get().ended_at is None
    assert "is ended. The reset" in send(client, do="end", hold=str(held.pk), reason="Dana says that it is closed.")


def test_the_districts_admin_is_told_that_the_vendors_is_not_hers_to_end(dana: Client, cast: Cast) -> None:
    said = words(dana, cast.dana, PAGE)
    assert "Who ends it. The district’s: its admin ends it" in said
    holds.place(district=cast.lakeside, by=cast.carmen, at=JUNE_1, reason=WHY)
    said = words(dana, cast.dana, PAGE)
    assert "Carmen Ortiz placed it for the vendor: its CSM or a CSM lead ends it." in said
    assert "End the records hold" not in said
    assert "Extend the records hold" in said
    assert "its CSM or a CSM lead ends it" in send(dana, do="end")
    assert Hold.objects.get().ended_at is None
    assert "The vendor’s: the district’s CSM or a CSM lead ends it." in words(dana, cast.dana, "/districts/0620810/")


def test_past_its_end_it_is_still_open_and_says_so(dana: Client, cast: Cast, june: time_machine.Traveller) -> None:
    place(dana, ends_on="2027-06-10")
    june.move_to(datetime(2027, 6, 11, 16, tzinfo=UTC))
    assert "Its end date has passed." in words(dana, cast.dana, PAGE)


def test_one_that_stopped_a_reset_says_that_the_date_is_chosen_again(
    dana: Client, cast: Cast, reset: Reset, june: time_machine.Traveller
) -> None:
    place(dana)
    june.move_to(datetime(2027, 7, 28, 8, 5, tzinfo=UTC))
    engine.run(reset.pk, worker="w1")
    assert "stays held: nothing begins until Carmen Ortiz chooses its date again." in words(dana, cast.dana, PAGE)
    assert "stays held: nothing begins until Carmen Ortiz" in send(dana, do="end")


def test_two_who_place_one_at_once_are_told(dana: Client, cast: Cast) -> None:
    holds.place(district=cast.lakeside, by=cast.carmen, at=JUNE_1, reason=WHY)
    assert "Nothing was changed. Lakeside Unified is on a records hold already." in place(dana)


def test_before_a_season_it_says_that_there_is_no_date(client: Client, cast: Cast) -> None:
    assert "The district has no reset date in this season." in words(client, cast.carmen, PAGE)


def test_ending_one_of_a_reset_that_is_due_begins_it_at_once(
    dana: Client, cast: Cast, june: time_machine.Traveller
) -> None:
    place(dana)
    june.move_to(datetime(2027, 7, 28, 8, 5, tzinfo=UTC))
    assert "The reset of Wed, July 28, 2027 is due and begins at once." in words(dana, cast.dana, PAGE)


def test_a_hold_that_another_one_has_replaced_changes_nothing(dana: Client, cast: Cast) -> None:
    place(dana)
    old = Hold.objects.get()
    holds.end(held=old, by=cast.dana, at=JUNE_1)
    place(dana)
    for sent in ({"do": "end"}, {"do": "extend", "ends_on": "2027-08-27", "reason": WHY}):
        assert "Another records hold is open by now." in send(dana, hold=str(old.pk), **sent)
    now = Hold.objects.get(ended_at=None)
    assert now.ends_on == date(2027, 8, 20)
    assert "is ended. The reset" in send(dana, do="end", hold=str(now.pk))
