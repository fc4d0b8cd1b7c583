"""Setting, keeping and asking for a date: W1 to W6, W9 and W10 as the services hold them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from districts.models import Gate, SchoolYear
from resets import answers, engine, history, holds, services
from resets.models import Answer, HeldFor, Reset, ResetEvent, Season, Status
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.crowds import put

JULY_6 = date(2027, 7, 6)
JULY_28 = date(2027, 7, 28)


def schedule(reset: Reset, to: date, by: object, **more: object) -> Reset:
    services.schedule(reset=reset, to=to, by=by, at=JUNE_1, **more)  # type: ignore[arg-type]
    return Reset.objects.get(pk=reset.pk)


def with_summer_session_to(day: date) -> None:
    SchoolYear.objects.update(has_summer_session=True, summer_ends_on=day)


def test_a_csm_chooses_a_date(reset: Reset, cast: Cast) -> None:
    changed = schedule(reset, JULY_6, cast.carmen)
    assert (changed.date, changed.is_default, changed.date_set_by) == (JULY_6, False, "Carmen Ortiz")
    assert changed.due_from == datetime(2027, 7, 6, 8, tzinfo=UTC)  # 1:00 AM PDT


def test_the_lead_chooses_in_her_place(reset: Reset, cast: Cast) -> None:
    assert schedule(reset, JULY_6, cast.maya).date_set_by == "Maya Lindqvist"


def test_the_syncs_pause_on_the_new_date(reset: Reset, cast: Cast) -> None:
    schedule(reset, JULY_6, cast.carmen)
    assert Gate.objects.get(pk=cast.lakeside.pk).pauses_on == JULY_6


def test_the_history_says_who_moved_it_from_where(reset: Reset, cast: Cast) -> None:
    schedule(reset, JULY_6, cast.carmen)
    event = ResetEvent.objects.filter(reset_id=reset.pk).first()
    assert event
    assert history.sentence(event) == ("Carmen Ortiz moved the reset from Wed, July 28, 2027 to Tue, July 6, 2027.")


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        (date(2027, 6, 18), "W1"),
        (date(2027, 8, 9), "W3"),
        (date(2027, 7, 29), "W4"),
        (date(2028, 1, 1), "W4"),
        (date(2027, 5, 31), "W10"),
        (date.min, "W4"),
        (date.max, "W4"),
    ],
)
def test_a_date_that_a_rule_forbids_is_not_saved(reset: Reset, cast: Cast, day: date, rule: str) -> None:
    with pytest.raises(services.Refused) as refusal:
        schedule(reset, day, cast.carmen, reason="Because.")
    assert rule in {finding.rule for finding in refusal.value.findings}
    reset.refresh_from_db()
    assert (reset.date, reset.version) == (JULY_28, 1)


def test_a_date_inside_a_session_needs_a_reason(reset: Reset, cast: Cast) -> None:
    with_summer_session_to(date(2027, 7, 10))
    for empty in ("", "   "):
        with pytest.raises(services.ReasonMissing, match="work in progress"):
            schedule(reset, JULY_6, cast.carmen, reason=empty)


def test_a_reason_is_kept_with_the_date_and_in_the_history(reset: Reset, cast: Cast) -> None:
    with_summer_session_to(date(2027, 7, 10))
    assert schedule(reset, JULY_6, cast.carmen, reason="The school moves house.").reason == "The school moves house."
    event = ResetEvent.objects.filter(reset_id=reset.pk).first()
    assert event
    assert history.quote(event) == "The school moves house."


def test_a_form_that_somebody_overtook_changes_nothing(reset: Reset, cast: Cast) -> None:
    schedule(reset, JULY_6, cast.maya, version=1)
    with pytest.raises(services.Stale, match="Maya Lindqvist set it to Tue, July 6, 2027"):
        schedule(reset, date(2027, 7, 7), cast.carmen, version=1)
    reset.refresh_from_db()
    assert reset.date == JULY_6


@pytest.mark.parametrize("who", ["dana", "ellis"])
def test_only_a_csm_or_lead_sets_a_date(reset: Reset, cast: Cast, who: str) -> None:
    with pytest.raises(services.Refused, match=r"ask Carmen Ortiz.*\(W9\)"):
        schedule(reset, JULY_6, getattr(cast, who))


def test_nobody_changes_the_date_of_a_run_that_has_begun(reset: Reset, cast: Cast) -> None:
    Reset.objects.update(status=Status.COUNTING)
    with pytest.raises(services.Refused, match=r"The reset has started.*\(W10\)"):
        schedule(reset, JULY_6, cast.carmen)


def test_a_held_reset_is_scheduled_again_by_a_new_date(reset: Reset, cast: Cast) -> None:
    services.stop(reset=reset, by=cast.carmen, at=JUNE_1, reason="The district asked.")
    changed = schedule(reset, JULY_6, cast.carmen)
    assert (changed.status, changed.held_why, changed.held_at) == (Status.SCHEDULED, "", None)


def test_a_reset_on_a_records_hold_gets_no_new_date_while_it_is_open(
    reset: Reset, cast: Cast, june: time_machine.Traveller
) -> None:
    hold = holds.place(district=cast.lakeside, by=cast.carmen, at=JUNE_1, reason="A parent asked.")
    june.move_to(datetime(2027, 7, 28, 8, 5, tzinfo=UTC))
    engine.run(reset.pk, worker="w1")
    reset.refresh_from_db()
    assert reset.held_for == HeldFor.RECORDS
    with pytest.raises(services.NotPossible, match="records hold is open"):
        schedule(reset, JULY_6, cast.carmen)
    holds.end(held=hold, by=cast.carmen, at=JUNE_1)
    assert schedule(reset, JULY_6, cast.carmen).status == Status.SCHEDULED


def test_keeping_the_default_is_an_answer_and_changes_no_date(reset: Reset, cast: Cast) -> None:
    services.keep_default(reset=reset, by=cast.dana, at=JUNE_1)
    reset.refresh_from_db()
    assert (reset.answer, reset.answered_by, reset.answered_at) == (Answer.KEEPS, "Dana Whitfield", JUNE_1)
    assert (reset.date, reset.is_default) == (JULY_28, True)


def test_a_form_that_was_opened_before_an_answer_is_stale(reset: Reset, cast: Cast) -> None:
    services.keep_default(reset=reset, by=cast.dana, at=JUNE_1 + timedelta(minutes=1))
    with pytest.raises(services.Stale, match="Dana Whitfield answered meanwhile"):
        services.schedule(reset=reset, to=JULY_6, by=cast.carmen, at=JUNE_1 + timedelta(minutes=2), version=1)


def test_a_chosen_date_is_no_default_to_keep(reset: Reset, cast: Cast) -> None:
    schedule(reset, JULY_6, cast.carmen)
    with pytest.raises(services.NotPossible, match="Tue, July 6, 2027, was chosen"):
        services.keep_default(reset=reset, by=cast.dana, at=JUNE_1)


def test_nothing_is_kept_or_asked_once_the_run_has_begun(reset: Reset, cast: Cast) -> None:
    Reset.objects.update(status=Status.COUNTING)
    with pytest.raises(services.Refused, match="W10"):
        services.keep_default(reset=reset, by=cast.dana, at=JUNE_1)
    with pytest.raises(services.Refused, match="W10"):
        services.ask_for(reset=reset, day=JULY_6, by=cast.dana, at=JUNE_1)


def test_asking_leaves_the_date_as_it_is(reset: Reset, cast: Cast) -> None:
    services.ask_for(reset=reset, day=JULY_6, by=cast.dana, at=JUNE_1, reason="We close early.")
    reset.refresh_from_db()
    assert (reset.answer, reset.asked_for, reset.asked_why) == (Answer.ASKS, JULY_6, "We close early.")
    assert (reset.date, reset.is_default) == (JULY_28, True)


def test_a_day_that_no_csm_could_set_cannot_be_asked_for(reset: Reset, cast: Cast) -> None:
    with pytest.raises(services.Refused, match="W3"):
        services.ask_for(reset=reset, day=date(2027, 8, 9), by=cast.dana, at=JUNE_1)
    reset.refresh_from_db()
    assert reset.answer == Answer.NONE


def test_a_date_that_a_csm_sets_alone_is_no_answer_of_the_district(reset: Reset, cast: Cast) -> None:
    changed = schedule(reset, JULY_6, cast.carmen)
    assert (changed.is_default, changed.answer, changed.answered_by) == (False, Answer.NONE, None)
    assert answers.answer_of(changed) == ("wait", "None yet; Carmen Ortiz set the date")


def test_what_a_district_kept_is_no_answer_to_another_day(reset: Reset, cast: Cast) -> None:
    services.keep_default(reset=reset, by=cast.dana, at=JUNE_1)
    reset.refresh_from_db()
    changed = schedule(reset, JULY_6, cast.carmen)
    assert (changed.answer, changed.answered_at, changed.answered_by) == (Answer.NONE, None, None)
    assert answers.answer_of(changed) == ("wait", "None yet; Carmen Ortiz set the date")


def test_another_day_than_it_asked_for_is_not_agreed_on(reset: Reset, cast: Cast) -> None:
    services.ask_for(reset=reset, day=JULY_6, by=cast.dana, at=JUNE_1, reason="We close early.")
    changed = schedule(reset, date(2027, 7, 7), cast.carmen)
    assert (changed.answer, changed.asked_for, changed.asked_why) == (Answer.NONE, None, "")


def test_what_it_said_of_the_day_stays_when_that_day_is_set_again(reset: Reset, cast: Cast) -> None:
    services.keep_default(reset=reset, by=cast.dana, at=JUNE_1)
    services.stop(reset=reset, by=cast.carmen, at=JUNE_1, reason="Wait.")
    changed = schedule(Reset.objects.get(pk=reset.pk), JULY_28, cast.carmen)
    assert (changed.status, changed.answer, changed.answered_by) == (Status.SCHEDULED, Answer.KEEPS, "Dana Whitfield")


def test_a_district_asks_for_a_day_while_its_reset_is_held(reset: Reset, cast: Cast) -> None:
    services.stop(reset=reset, by=cast.carmen, at=JUNE_1, reason="Wait.")
    for day in (JULY_6, JULY_28):
        services.ask_for(reset=reset, day=day, by=cast.dana, at=JUNE_1)
        reset.refresh_from_db()
        assert (reset.status, reset.answer, reset.asked_for) == (Status.HELD, Answer.ASKS, day)


def test_of_a_held_reset_no_day_is_kept_and_it_is_not_said_to_have_started(reset: Reset, cast: Cast) -> None:
    services.stop(reset=reset, by=cast.carmen, at=JUNE_1, reason="Wait.")
    with pytest.raises(services.NotPossible, match="The reset is held: its date is chosen again first"):
        services.keep_default(reset=reset, by=cast.dana, at=JUNE_1)


def test_the_day_that_it_has_is_not_asked_for(reset: Reset, cast: Cast) -> None:
    with pytest.raises(services.NotPossible, match="Wed, July 28, 2027 is the day that it has"):
        services.ask_for(reset=reset, day=JULY_28, by=cast.dana, at=JUNE_1)
    reset.refresh_from_db()
    assert (reset.answer, reset.asked_for) == (Answer.NONE, None)


def test_the_csms_date_answers_the_request(reset: Reset, cast: Cast) -> None:
    services.ask_for(reset=reset, day=JULY_6, by=cast.dana, at=JUNE_1)
    changed = schedule(reset, JULY_6, cast.carmen)
    assert (changed.answer, changed.answered_by, changed.date_set_by) == (
        Answer.AGREED,
        "Dana Whitfield",
        "Carmen Ortiz",
    )
    assert answers.agreed(changed) == "Carmen Ortiz set the day that Dana Whitfield asked for."


def test_keeping_the_default_takes_a_request_back(reset: Reset, cast: Cast) -> None:
    services.ask_for(reset=reset, day=JULY_6, by=cast.dana, at=JUNE_1, reason="We close early.")
    services.keep_default(reset=reset, by=cast.dana, at=JUNE_1)
    reset.refresh_from_db()
    assert (reset.asked_for, reset.asked_why) == (None, "")


def test_another_districts_date_stays_as_it_is(reset: Reset, season: Season, cast: Cast) -> None:
    schedule(reset, JULY_6, cast.carmen)
    assert season.resets.get(district=cast.quarry).date == JULY_28


def test_a_date_that_the_district_sets_itself_is_its_answer(reset: Reset, cast: Cast, season: Season) -> None:
    season.policy |= {"setters": ["csm", "csm_lead", "district_admin"]}
    season.save()
    changed = schedule(Reset.objects.get(pk=reset.pk), JULY_6, cast.dana)
    assert (changed.answer, changed.answered_by) == (Answer.AGREED, "Dana Whitfield")


def test_what_a_district_says_is_waited_for_and_listed_while_it_counts(reset: Reset, cast: Cast) -> None:
    assert (answers.is_awaited(reset), answers.answer_of(reset)) == (True, ("wait", "None yet"))
    asked = services.ask_for(reset=reset, day=JULY_6, by=cast.dana, at=JUNE_1)
    assert (answers.is_awaited(asked), answers.answer_of(asked)) == (False, ("asks", "Asks for July 6"))
    put([reset], Status.DESTROYING, answer=Answer.NONE, asked_for=None)
    begun = Reset.objects.get(pk=reset.pk)
    assert (answers.is_awaited(begun), answers.answer_of(begun)) == (False, ("quiet", "None"))
