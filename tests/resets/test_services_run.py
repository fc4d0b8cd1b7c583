"""What people do to a run: stop, retry, release, holds, and the declaration that rostering is complete."""

from collections.abc import Callable

import pytest

from districts.models import Gate, Notice, RosterSync
from resetportal import clock
from resets import engine, gates, history, holds, permitted, services
from resets.models import HeldFor, Reset, ResetEvent, Status
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("night")

Act = Callable[..., Reset]


def run(reset: Reset) -> Reset:
    engine.run(reset.pk, worker="w1")
    return fresh(reset)


def fresh(reset: Reset) -> Reset:
    reset.refresh_from_db()
    return reset


def stopped(reset: Reset, cast: Cast) -> Reset:
    services.stop(reset=reset, by=cast.carmen, at=clock.now(), reason="The district called.")
    return fresh(reset)


def new_year_came(reset: Reset) -> Reset:
    """The run finds a roster of the new year, and is held (W11)."""
    RosterSync.objects.create(
        district=reset.district,
        finished_at=clock.now(),
        finished_by="nightly sync",
        local_day="2027-07-20",
        outcome=RosterSync.Outcome.APPLIED,
        school_year="2027-28",
    )
    return run(reset)


def last_event(reset: Reset) -> ResetEvent:
    return ResetEvent.objects.filter(reset_id=reset.pk).latest("id")


@pytest.mark.parametrize("verb", [services.stop, services.retry, services.release])
def test_each_verb_asks_for_a_reason(reset: Reset, cast: Cast, verb: Act) -> None:
    if verb is not services.stop:
        new_year_came(reset)
        Reset.objects.update(new_year_released_at=clock.now(), new_year_released_by="Maya Lindqvist")
    with pytest.raises(services.NotPossible, match="Say why"):
        verb(reset=reset, by=cast.maya, at=clock.now(), reason="  ")


def test_a_stopped_reset_says_who_stopped_it_and_why(reset: Reset, cast: Cast) -> None:
    stopped(reset, cast)
    assert (reset.status, reset.held_for, reset.held_from) == (Status.HELD, HeldFor.STOPPED, Status.SCHEDULED)
    assert reset.held_why == "Carmen Ortiz stopped it: The district called. Nothing was deleted."


def test_a_stopped_reset_is_not_run(reset: Reset, cast: Cast) -> None:
    stopped(reset, cast)
    assert run(reset).status == Status.HELD


def test_it_is_not_stopped_twice(reset: Reset, cast: Cast) -> None:
    stopped(reset, cast)
    with pytest.raises(services.NotPossible, match="held already"):
        stopped(reset, cast)


def test_it_cannot_be_stopped_once_the_data_is_gone(reset: Reset, cast: Cast) -> None:
    for _ in range(3):
        engine.advance(reset.pk, worker="w1", at=clock.now())
    assert fresh(reset).status == Status.VERIFYING
    with pytest.raises(services.NotPossible, match="deleted already"):
        stopped(reset, cast)


def test_a_stopped_reset_goes_on_when_it_is_retried(reset: Reset, cast: Cast) -> None:
    stopped(reset, cast)
    services.retry(reset=reset, by=cast.ellis, at=clock.now(), reason="It was a mistake.")
    assert last_event(reset).detail["reason"] == "It was a mistake."
    assert run(reset).status == Status.COMPLETED


def test_what_is_not_held_is_not_retried(reset: Reset, cast: Cast) -> None:
    with pytest.raises(services.NotPossible, match="It is not held: it is scheduled"):
        services.retry(reset=reset, by=cast.ellis, at=clock.now(), reason="To be sure.")


def test_a_records_hold_is_not_retried_away(reset: Reset, cast: Cast) -> None:
    holds.place(district=cast.lakeside, by=cast.dana, at=clock.now(), reason="A request to inspect is open.")
    run(reset)
    with pytest.raises(services.NotPossible, match="end it first"):
        services.retry(reset=reset, by=cast.ellis, at=clock.now(), reason="It takes too long.")


def test_a_retry_does_not_stand_in_for_a_release(reset: Reset, cast: Cast) -> None:
    new_year_came(reset)
    with pytest.raises(services.NotPossible, match="W11"):
        services.retry(reset=reset, by=cast.ellis, at=clock.now(), reason="Somebody said so.")
    assert fresh(reset).status == Status.HELD


def test_a_released_reset_is_completed(reset: Reset, cast: Cast) -> None:
    new_year_came(reset)
    services.release(reset=reset, by=cast.maya, at=clock.now(), reason="Carmen spoke with Dana.")
    assert history.sentence(last_event(reset)) == "Maya Lindqvist released the reset."
    assert run(reset).status == Status.COMPLETED


@pytest.mark.parametrize("held", [True, False])
def test_only_a_hold_for_the_new_year_is_released(reset: Reset, cast: Cast, held: bool) -> None:
    if held:
        stopped(reset, cast)
    with pytest.raises(services.NotPossible, match="retry this one" if held else "not held"):
        services.release(reset=reset, by=cast.maya, at=clock.now(), reason="Let it go.")


def test_a_failed_verification_is_only_verified_again(reset: Reset, cast: Cast) -> None:
    for _ in range(3):
        engine.advance(reset.pk, worker="w1", at=clock.now())
    fresh(reset).kept = {"school": [2**40]}
    reset.save(update_fields=["kept"])
    assert run(reset).held_for == HeldFor.VERIFICATION
    services.retry(reset=reset, by=cast.ellis, at=clock.now(), reason="The school is back.")
    assert fresh(reset).status == Status.VERIFYING


def test_rostering_is_not_complete_before_the_reset_is(reset: Reset, cast: Cast) -> None:
    with pytest.raises(services.NotPossible, match="only after the reset is completed"):
        services.declare_rostering_complete(reset=reset, by=cast.carmen, at=clock.now())
    assert Gate.objects.get(pk=reset.district_id).resumed_at is None


def test_rostering_is_declared_complete_once(reset: Reset, cast: Cast) -> None:
    run(reset)
    services.declare_rostering_complete(reset=reset, by=cast.carmen, at=clock.now())
    with pytest.raises(services.NotPossible, match="Carmen Ortiz has declared it already"):
        services.declare_rostering_complete(reset=reset, by=cast.maya, at=clock.now())


def test_one_district_has_one_open_records_hold(reset: Reset, cast: Cast) -> None:
    held = holds.place(district=cast.lakeside, by=cast.dana, at=clock.now(), reason="A request is open.")
    holds.end(held=held, by=cast.dana, at=clock.now())
    with pytest.raises(services.NotPossible, match="Dana Whitfield has ended it already"):
        holds.end(held=held, by=cast.carmen, at=clock.now())


def test_a_records_hold_stands_in_the_history(reset: Reset, cast: Cast) -> None:
    held = holds.place(district=cast.lakeside, by=cast.dana, at=clock.now(), reason="A request is open.")
    assert history.quote(last_event(reset)) == "A request is open."
    holds.end(held=held, by=cast.dana, at=clock.now())
    assert history.sentence(last_event(reset)) == "Dana Whitfield ended the records hold."


def test_a_gate_that_is_not_there_says_how_to_mend_it(reset: Reset) -> None:
    Gate.objects.filter(pk=reset.district_id).delete()
    with pytest.raises(LookupError, match="repair_shards"):
        gates.shut(reset.district_id)


@pytest.mark.parametrize(
    ("role", "verbs"),
    [
        ("csm", ["stop", "choose"]),
        ("csm_lead", ["stop", "choose"]),
        ("engineer", ["stop"]),
        ("district_admin", ["last_export"]),
    ],
)
def test_a_scheduled_reset_offers_what_each_role_may_do(reset: Reset, role: str, verbs: list[str]) -> None:
    assert permitted.offers(reset, role) == verbs


def test_a_completed_reset_offers_the_declaration_and_the_word_that_data_is_ready(reset: Reset) -> None:
    run(reset)
    assert {role: permitted.offers(reset, role) for role in ("csm", "csm_lead", "engineer", "district_admin")} == {
        "csm": ["rostering_complete"],
        "csm_lead": ["rostering_complete"],
        "engineer": [],
        "district_admin": ["data_ready"],
    }


def test_a_hold_for_the_new_year_offers_its_release_to_the_csm_and_the_lead(reset: Reset) -> None:
    new_year_came(reset)
    assert "release" in permitted.offers(reset, "csm")
    assert "release" in permitted.offers(reset, "csm_lead")
    assert permitted.offers(reset, "engineer") == []


def test_an_old_seasons_reset_declares_nothing(reset: Reset, cast: Cast) -> None:
    run(reset)
    Gate.objects.filter(pk=reset.district_id).update(pauses_on="2028-07-28", is_shut=True)
    with pytest.raises(services.NotPossible, match="do not wait for this reset"):
        services.declare_rostering_complete(reset=reset, by=cast.carmen, at=clock.now())
    assert Gate.objects.get(pk=reset.district_id).is_shut


def test_what_resumed_by_itself_is_not_declared(reset: Reset, cast: Cast) -> None:
    run(reset)
    Gate.objects.filter(pk=reset.district_id).update(is_shut=False, resumed_at=clock.now(), resumed_by="the policy")
    with pytest.raises(services.NotPossible, match="do not wait for this reset"):
        services.declare_rostering_complete(reset=reset, by=cast.carmen, at=clock.now())


def test_a_district_says_that_its_data_is_ready_and_its_csm_is_told(reset: Reset, cast: Cast) -> None:
    said = services.say_data_is_ready(reset=run(reset), by=cast.dana, at=clock.now())
    notice = Notice.objects.get(district=cast.lakeside, kind=Notice.Kind.DATA_READY)
    assert (said.data_ready_by, Gate.objects.get(pk=cast.lakeside.pk).resumed_at) == ("Dana Whitfield", None)
    assert notice.text == "Dana Whitfield said so on Wed, July 28, 2027, 1:05 AM PDT."
    assert history.sentence(last_event(reset)) == "Dana Whitfield said that the district's new data is ready."


def test_data_is_not_ready_before_the_reset(reset: Reset, cast: Cast) -> None:
    with pytest.raises(services.NotPossible, match="after the reset"):
        services.say_data_is_ready(reset=reset, by=cast.dana, at=clock.now())
    assert not Notice.objects.exists()


def test_data_is_said_to_be_ready_once(reset: Reset, cast: Cast) -> None:
    services.say_data_is_ready(reset=run(reset), by=cast.dana, at=clock.now())
    with pytest.raises(services.NotPossible, match="Dana Whitfield has said so already"):
        services.say_data_is_ready(reset=reset, by=cast.dana, at=clock.now())


def test_data_is_not_said_to_be_ready_after_the_declaration(reset: Reset, cast: Cast) -> None:
    services.declare_rostering_complete(reset=run(reset), by=cast.carmen, at=clock.now())
    with pytest.raises(services.NotPossible, match="Carmen Ortiz has declared"):
        services.say_data_is_ready(reset=reset, by=cast.dana, at=clock.now())
