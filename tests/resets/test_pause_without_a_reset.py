"""The portal's own mail of a pause never says that a reset comes while a hold is open or the reset is held."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from districts import notices, standstill
from resets import engine, holds, services
from resets.models import HeldFor, Hold, Reset, Status
from tests.people import Cast
from tests.resets.conftest import JUNE_1

EVE = datetime(2027, 7, 27, 17, 5, tzinfo=UTC)  # 10:05 AM in Lakeside, the day before its reset
NEXT_MORNING = datetime(2027, 7, 28, 15, 5, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def place(cast: Cast, at: datetime = JUNE_1) -> Hold:
    until = date(2027, 9, 1)
    return holds.place(district=cast.lakeside, by=cast.dana, at=at, reason="A request is open.", ends_on=until)


def stop(reset: Reset, cast: Cast) -> None:
    services.stop(reset=reset, by=cast.carmen, at=JUNE_1, reason="The district called.")


def told(clock: time_machine.Traveller, at: datetime) -> list[str]:
    """What Lakeside's admin reads from the portal at a moment, each mail as one line with its subject."""
    clock.move_to(at)
    mail.outbox.clear()
    notices.tell(at=at)
    mine = (each for each in mail.outbox if "dana@lakeside.example" in each.to)
    return [f"{each.subject} | {' '.join(str(each.body).split())}" for each in mine]


def is_of_a_pause_alone(said: str) -> bool:
    return not any(words in said for words in ("is reset", "last day on which", "data is ready", "rostering"))


def test_a_district_on_a_records_hold_hears_of_the_pause_alone(
    reset: Reset, cast: Cast, june: time_machine.Traveller
) -> None:
    place(cast)
    (eve,) = told(june, EVE)
    assert "From the beginning of tomorrow, Wed, July 28, 2027, nightly roster syncs of Lakeside Unified are" in eve
    assert "on a records hold: while it is open, no student data is deleted and no reset runs." in eve
    june.move_to(NEXT_MORNING)
    engine.run(reset.pk, worker="w1")
    (morning,) = told(june, NEXT_MORNING)
    assert "Nightly roster syncs of Lakeside Unified are paused since Wed, July 28, 2027." in morning
    assert is_of_a_pause_alone(eve)
    assert is_of_a_pause_alone(morning)


def test_a_district_whose_reset_is_stopped_hears_of_the_pause_alone(
    reset: Reset, cast: Cast, june: time_machine.Traveller
) -> None:
    stop(reset, cast)
    for said in (*told(june, EVE), *told(june, NEXT_MORNING)):
        assert "The reset of the district is held: no student data is deleted until a person has looked" in said
        assert is_of_a_pause_alone(said)
    assert len(told(june, NEXT_MORNING)) == 0


def test_a_hold_that_has_ended_in_time_leaves_the_words_of_every_reset(
    reset: Reset, cast: Cast, june: time_machine.Traveller
) -> None:
    holds.end(held=place(cast), by=cast.dana, at=JUNE_1 + timedelta(days=1))
    (said,) = told(june, EVE)
    assert "Tomorrow, Wed, July 28, 2027, the student data of Lakeside Unified is reset." in said


def test_of_a_message_that_waited_the_words_are_of_the_hour_it_goes(
    reset: Reset, cast: Cast, june: time_machine.Traveller
) -> None:
    notices.give(cast.lakeside, "pause_tomorrow", about="2027-07-28", at=EVE)
    place(cast, at=EVE - timedelta(minutes=1))
    assert [is_of_a_pause_alone(said) for said in told(june, EVE) if "pause tomorrow" in said] == [True]


def test_a_reset_whose_data_is_deleted_does_not_stand_still(reset: Reset, cast: Cast) -> None:
    Reset.objects.filter(pk=reset.pk).update(
        status=Status.HELD, held_from=Status.VERIFYING, held_for=HeldFor.STOPPED, held_at=EVE, held_by="a",
        held_why="Stopped.", held_cure="Retry it.", destroyed_at=EVE, destroyed_by="a",
    )  # fmt: skip
    assert standstill.why(reset.district_id) == ""


def test_another_district_s_hold_is_none_of_its_business(reset: Reset, cast: Cast) -> None:
    place(cast)
    assert standstill.why(cast.quarry.pk) == ""
    assert standstill.why(cast.lakeside.pk)


def test_a_hold_after_the_reset_is_over_leaves_nothing_standing_still(
    reset: Reset, cast: Cast, night: time_machine.Traveller
) -> None:
    engine.run(reset.pk, worker="w1")
    place(cast, at=NEXT_MORNING)
    assert standstill.why(cast.lakeside.pk) == ""
