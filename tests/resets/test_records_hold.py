"""Records holds: placed, extended and ended, by hand and by the verbs."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from districts.models import District
from resetportal import clock
from resets import board, certificate_run, engine, history, holds, services
from resets.bulk import Outcome
from resets.bulk_dates import SetDate
from resets.models import HeldFor, Hold, Reset, ResetEvent, Status
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("night")


def hold(*words: str) -> str:
    said = io.StringIO()
    call_command("records_hold", "0620810", "--by", "Dana Whitfield", *words, stdout=said)
    return said.getvalue()


def test_a_held_district_is_not_reset(reset: Reset) -> None:
    assert "not reset until the hold is ended" in hold("--reason", "A request to inspect is open.")
    engine.run(reset.pk, worker="w1")
    reset.refresh_from_db()
    assert reset.held_for == HeldFor.RECORDS


def test_it_is_ended(cast: Cast) -> None:
    hold("--reason", "A request to inspect is open.")
    assert "is ended" in hold("--end")
    assert Hold.objects.get(district=cast.lakeside).ended_by == "Dana Whitfield"


def test_once_it_is_ended_no_page_says_that_it_is_open(reset: Reset) -> None:
    hold("--reason", "A request to inspect is open.")
    engine.run(reset.pk, worker="w1")
    hold("--end")
    reset.refresh_from_db()
    assert (reset.held_for, reset.held_cure) == (HeldFor.RECORDS, "Choose the date again.")
    assert "is open" not in reset.held_why


def test_there_is_one_at_a_time(cast: Cast) -> None:
    hold("--reason", "A request to inspect is open.")
    with pytest.raises(CommandError, match="already"):
        hold("--reason", "Another one.")


@pytest.mark.parametrize(("words", "why"), [(("--end",), "on no records hold"), (("--reason", " "), "Say why")])
def test_it_says_what_is_wrong(cast: Cast, words: tuple[str, ...], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        hold(*words)


AUGUST_20, AUGUST_27 = date(2027, 8, 20), date(2027, 8, 27)
WHY = "A request to inspect is open."


def place(cast: Cast, ends_on: date | None = AUGUST_20) -> Hold:
    return holds.place(district=cast.lakeside, by=cast.dana, at=clock.now(), reason=WHY, ends_on=ends_on)


def told(cast: Cast) -> str:
    return history.sentence(ResetEvent.objects.filter(district_id=cast.lakeside.pk)[0])


def test_its_end_date_is_told(cast: Cast) -> None:
    place(cast)
    assert told(cast) == "Dana Whitfield put the district on a records hold until Fri, August 20, 2027."


def test_one_is_extended_to_a_later_day_saying_why(cast: Cast) -> None:
    held = place(cast)
    holds.extend(held=held, to=AUGUST_27, by=cast.carmen, at=clock.now(), reason="The hearing moved.")
    held.refresh_from_db()
    assert held.ends_on == AUGUST_27
    assert told(cast) == "Carmen Ortiz extended the records hold to Fri, August 27, 2027."


@pytest.mark.parametrize("to", [AUGUST_20, date(2027, 8, 19)])
def test_it_is_not_extended_backwards(cast: Cast, to: date) -> None:
    held = place(cast)
    with pytest.raises(services.NotPossible, match="give a later day, or end it"):
        holds.extend(held=held, to=to, by=cast.carmen, at=clock.now(), reason=WHY)


def test_why_it_was_extended_is_told_where_its_reason_is(reset: Reset, cast: Cast) -> None:
    held = place(cast)
    engine.run(reset.pk, worker="w1")
    holds.extend(held=held, to=AUGUST_27, by=cast.carmen, at=clock.now(), reason="Hearing on August 26.")
    (entry,) = board.entries(District.objects.filter(pk=cast.lakeside.pk), reset.season, at=clock.now())
    reset.refresh_from_db()
    for told in (reset.held_why, " ".join(risk.sentence for risk in entry.risks())):
        assert "A request to inspect is open. Extended: Hearing on August 26." in told


def test_a_reset_that_one_stopped_tells_of_the_next_one_that_is_open(reset: Reset, cast: Cast) -> None:
    held = place(cast)
    engine.run(reset.pk, worker="w1")
    holds.end(held=held, by=cast.dana, at=clock.now())
    holds.place(district=cast.lakeside, by=cast.carmen, at=clock.now(), reason="Another parent asked.")
    reset.refresh_from_db()
    assert reset.held_why.startswith("A records hold is open since Wed, July 28, 2027: Another parent asked.")
    assert "end the hold" in reset.held_cure


def test_another_cause_for_which_a_reset_is_held_is_not_overwritten(reset: Reset, cast: Cast) -> None:
    services.stop(reset=reset, by=cast.carmen, at=clock.now(), reason="A mistake.")
    place(cast)
    reset.refresh_from_db()
    assert (reset.held_for, "A mistake." in reset.held_why) == (HeldFor.STOPPED, True)


def test_an_ended_one_is_not_extended(cast: Cast) -> None:
    held = place(cast)
    holds.end(held=held, by=cast.dana, at=clock.now())
    with pytest.raises(services.NotPossible, match="Dana Whitfield has ended it already"):
        holds.extend(held=held, to=AUGUST_27, by=cast.carmen, at=clock.now(), reason=WHY)


def test_no_end_is_in_the_past_where_the_district_is(cast: Cast, june: time_machine.Traveller) -> None:
    """At 5:30 AM UTC on July 29 it is still July 28 in Los Angeles."""
    june.move_to(datetime(2027, 7, 29, 5, 30, tzinfo=UTC))
    with pytest.raises(services.NotPossible, match="has passed: it is Wed, July 28, 2027 in Lakeside Unified"):
        place(cast, date(2027, 7, 27))
    assert place(cast, date(2027, 7, 28)).pk


def test_its_end_date_ends_nothing_by_itself(reset: Reset, cast: Cast, june: time_machine.Traveller) -> None:
    place(cast)
    june.move_to(datetime(2027, 8, 21, 9, tzinfo=UTC))
    engine.run(reset.pk, worker="w1")
    reset.refresh_from_db()
    assert (reset.status, reset.held_for) == (Status.HELD, HeldFor.RECORDS)


def test_a_second_one_is_refused_and_changes_nothing(cast: Cast) -> None:
    place(cast)
    events = ResetEvent.objects.count()
    with pytest.raises(services.NotPossible, match="on a records hold already"):
        place(cast, AUGUST_27)
    assert (Hold.objects.get().ends_on, ResetEvent.objects.count()) == (AUGUST_20, events)


def test_a_hold_of_a_district_whose_reset_is_completed_stands_in_its_history(reset: Reset, cast: Cast) -> None:
    engine.run(reset.pk, worker="w1")
    place(cast)
    assert "records hold until Fri, August 20" in told(cast)


@pytest.fixture
def august(reset: Reset, cast: Cast, june: time_machine.Traveller) -> Reset:
    """A hold stopped the reset on July 28, and ended on August 2; rostering starts on August 9."""
    held = place(cast)
    engine.run(reset.pk, worker="w1")
    june.move_to(datetime(2027, 8, 2, 16, tzinfo=UTC))
    holds.end(held=held, by=cast.dana, at=clock.now())
    return Reset.objects.select_related("season", "district__gate").get(pk=reset.pk)


def test_a_reset_that_a_hold_kept_from_its_default_is_given_a_later_day_with_a_reason(
    august: Reset, cast: Cast
) -> None:
    sent: dict[str, Any] = {"reset": august, "to": date(2027, 8, 5), "by": cast.carmen, "at": clock.now()}
    with pytest.raises(services.ReasonMissing, match="A records hold over the default, Wed, July 28"):
        services.schedule(**sent)
    later = services.schedule(**sent, reason="The request is closed.")
    assert (later.status, later.date) == (Status.SCHEDULED, date(2027, 8, 5))
    assert services.schedule(**{**sent, "to": date(2027, 8, 6)}, reason="The district asked.").date.day == 6


def test_many_at_once_are_told_the_same_of_a_later_day_after_a_hold(august: Reset, cast: Cast) -> None:
    (entry,) = board.entries(District.objects.filter(pk=cast.lakeside.pk), august.season, at=clock.now())
    line = SetDate(august.season, date(2027, 8, 5)).look(entry, by=cast.carmen, at=clock.now())
    assert (line.outcome, line.rules) == (Outcome.REASON, ("W4",))


def test_a_hold_opens_no_day_on_which_rostering_has_started(august: Reset, cast: Cast) -> None:
    with pytest.raises(services.Refused, match="Rostering starts Mon, August 9"):
        services.schedule(reset=august, to=date(2027, 8, 9), by=cast.carmen, at=clock.now(), reason=WHY)


def test_the_hold_of_another_district_opens_no_day(august: Reset, cast: Cast) -> None:
    Hold.objects.update(district=cast.quarry)
    with pytest.raises(services.Refused, match="No session ends on or after"):
        services.schedule(reset=august, to=date(2027, 8, 5), by=cast.carmen, at=clock.now(), reason=WHY)


def test_the_certificate_tells_each_change_and_not_its_reason(reset: Reset, cast: Cast) -> None:
    held = place(cast)
    holds.extend(held=held, to=AUGUST_27, by=cast.carmen, at=clock.now(), reason="The hearing moved.")
    holds.end(held=held, by=cast.dana, at=clock.now())
    trouble = certificate_run.trouble(reset)
    assert [each["what"] for each in trouble] == [
        "Dana Whitfield put the district on a records hold until Fri, August 20, 2027.",
        "Carmen Ortiz extended the records hold to Fri, August 27, 2027.",
        "Dana Whitfield ended the records hold.",
    ]
    assert not any(words in str(trouble) for words in (WHY, "hearing"))


def test_the_certificate_tells_of_a_hold_that_was_placed_before_the_reset_was_planned(reset: Reset, cast: Cast) -> None:
    early = datetime(2027, 5, 3, 16, tzinfo=UTC)
    held = Hold.objects.create(district=cast.lakeside, reason=WHY, placed_at=early, placed_by="Dana Whitfield")
    holds.end(held=held, by=cast.carmen, at=clock.now(), reason="The request is closed.")
    assert [(each["what"], each["words"].rpartition(", ")[0]) for each in certificate_run.trouble(reset)] == [
        ("Dana Whitfield put the district on a records hold.", "Mon, May 3, 2027"),
        ("Carmen Ortiz ended the records hold.", "Wed, July 28, 2027"),
    ]


def test_the_vendor_says_why_it_ends_what_the_district_placed(reset: Reset, cast: Cast) -> None:
    held = place(cast)
    for nothing in ("", "  "):
        with pytest.raises(services.NotPossible, match="Say why"):
            holds.end(held=held, by=cast.carmen, at=clock.now(), reason=nothing)
    holds.end(held=held, by=cast.carmen, at=clock.now(), reason="Dana says that it is closed.")
    event = ResetEvent.objects.filter(district_id=cast.lakeside.pk)[0]
    assert (history.sentence(event), history.quote(event)) == (
        "Carmen Ortiz ended the records hold.",
        "Dana says that it is closed.",
    )


@pytest.mark.parametrize("by", ["carmen", "maya"])
def test_the_district_does_not_end_what_the_vendor_placed(cast: Cast, by: str) -> None:
    held = holds.place(district=cast.lakeside, by=cast.carmen, at=clock.now(), reason=WHY)
    why = "Carmen Ortiz placed it for the vendor: its CSM or a CSM lead ends it."
    for district in (cast.dana, "Dana Whitfield"):
        with pytest.raises(services.NotPossible, match=why):
            holds.end(held=held, by=district, at=clock.now(), reason="It is closed.")
    holds.end(held=held, by=getattr(cast, by), at=clock.now())
    held.refresh_from_db()
    assert held.ended_by == str(getattr(cast, by))


def test_the_district_extends_what_the_vendor_placed(cast: Cast) -> None:
    held = holds.place(district=cast.lakeside, by=cast.carmen, at=clock.now(), reason=WHY, ends_on=AUGUST_20)
    assert holds.extend(held=held, to=AUGUST_27, by=cast.dana, at=clock.now(), reason=WHY).ends_on == AUGUST_27


def test_one_is_extended_for_a_reason_and_to_no_day_that_has_passed(cast: Cast) -> None:
    held = place(cast, None)
    with pytest.raises(services.NotPossible, match="Say why"):
        holds.extend(held=held, to=AUGUST_27, by=cast.carmen, at=clock.now(), reason=" ")
    with pytest.raises(services.NotPossible, match="has passed"):
        holds.extend(held=held, to=date(2027, 7, 27), by=cast.carmen, at=clock.now(), reason=WHY)
    held.refresh_from_db()
    assert held.ends_on is None


@pytest.mark.parametrize(("by", "is_the_vendor_s"), [("Dana Whitfield", False), ("Carmen Ortiz", True)])
def test_a_name_alone_is_the_district_s_if_one_of_its_admins_has_it(cast: Cast, by: str, is_the_vendor_s: bool) -> None:
    held = holds.place(district=cast.lakeside, by=by, at=clock.now(), reason=WHY)
    assert held.of_vendor is is_the_vendor_s
