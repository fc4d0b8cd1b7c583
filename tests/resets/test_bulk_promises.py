"""What a preview says of a district is what becomes of it: what would be refused is refused beforehand."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from districts.models import District, DistrictCounts, SchoolYear
from resets import board, bulk, holds, opening, seasons, services, what_if
from resets.bulk import Line, Outcome
from resets.bulk_dates import SetDate
from resets.bulk_letters import readers_of
from resets.models import HeldFor, Letter, Reset, Season, Status
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.crowds import fail, put
from tests.resets.turning import SPRING, turned

__all__ = ["turned"]

DAY = date(2027, 7, 21)


def seen_and_done(wish: SetDate, season: Season, cast: Cast) -> list[tuple[str, str, str]]:
    """Name, what the preview said and what became of it."""
    found = board.entries(District.objects.all(), season, at=JUNE_1)
    lines = bulk.preview(wish, found, by=cast.maya, at=JUNE_1)
    versions = {line.district.pk: line.version for line in lines}
    receipt = bulk.apply(wish, versions, by=cast.maya, at=JUNE_1, token=uuid4())
    done = {line["name"]: line["outcome"] for line in receipt.lines}
    return sorted((line.district.name, str(line.outcome), done[line.district.name]) for line in lines)


def test_a_district_whose_earlier_reset_is_not_over_is_refused_beforehand(
    cast: Cast, season: Season, reset: Reset
) -> None:
    earlier = Season.objects.create(school_year="2025-26", policy=seasons.starting_policy(2026).to_data())
    Reset.objects.filter(district=cast.quarry).update(season=earlier)
    DistrictCounts.objects.filter(district=cast.quarry).update(accounts=5)
    waiting = opening.not_free(season, [cast.lakeside.pk, cast.quarry.pk])
    assert waiting == {cast.quarry.pk}
    assert seen_and_done(SetDate(season, DAY, waiting=waiting), season, cast) == [
        ("Lakeside Unified", "changes", "done"),
        ("Quarry Hill", "refused", "refused"),
    ]


def test_what_the_last_season_has_not_finished_is_refused_beforehand(turned: Season, cast: Cast) -> None:
    found = board.entries(District.objects.filter(pk__in=[cast.lakeside.pk, cast.quarry.pk]), turned, at=SPRING)
    for line in bulk.preview(SetDate(turned, date(2028, 7, 20)), found, by=cast.maya, at=SPRING):
        assert (line.outcome, line.sentence) == (Outcome.REFUSED, str(opening.EARLIER))


@pytest.mark.parametrize("day", [DAY, date(2027, 7, 28)])
def test_what_if_and_the_change_of_many_agree_on_a_held_reset(
    cast: Cast, season: Season, reset: Reset, day: date
) -> None:
    fail([reset])
    (moved,) = what_if.of(season, District.objects.all(), ["0620810"])
    asked = what_if.WhatIf(season, [moved], day, "csm_lead", JUNE_1, "America/Chicago")
    assert [line.moves for line in asked.lines] == [True]
    assert seen(season, cast, day=day).would_change
    assert asked.nights[0].after.resets == len(season.resets.filter(date=day).exclude(pk=reset.pk)) + 1


def test_what_a_records_hold_stopped_moves_in_no_preview(cast: Cast, season: Season, reset: Reset) -> None:
    holds.place(district=cast.lakeside, by=cast.carmen, at=JUNE_1, reason="A dispute.")
    fail([reset], HeldFor.RECORDS)
    (moved,) = what_if.of(season, District.objects.all(), ["0620810"])
    asked = what_if.WhatIf(season, [moved], DAY, "csm_lead", JUNE_1, "America/Chicago")
    assert [(line.moves, line.sentence) for line in asked.lines] == [
        (False, "A records hold is open. End it first, then choose the date.")
    ]
    assert seen_and_done(SetDate(season, DAY), season, cast)[0] == ("Lakeside Unified", "refused", "refused")


def test_a_request_is_named_before_many_dates_answer_it(cast: Cast, season: Season, reset: Reset) -> None:
    services.ask_for(reset=reset, day=date(2027, 7, 20), by=cast.dana, at=JUNE_1)
    found = board.entries(District.objects.filter(pk=cast.lakeside.pk), season, at=JUNE_1)
    (line,) = bulk.preview(SetDate(season, DAY), found, by=cast.maya, at=JUNE_1)
    assert line.outcome is Outcome.CHANGES
    assert line.sentence.startswith("It asks for Tue, July 20, 2027; a letter tells it which day it has.")
    bulk.apply(SetDate(season, DAY), {line.district.pk: line.version}, by=cast.maya, at=JUNE_1, token=uuid4())
    assert "You asked for another day." in Letter.objects.get(district=cast.lakeside).body


def seen(season: Season, cast: Cast, *, by: Any = None, day: date = DAY, at: datetime = JUNE_1) -> Line:
    """What the preview of a date says of Lakeside."""
    found = board.entries(District.objects.filter(pk=cast.lakeside.pk), season, at=at)
    (line,) = bulk.preview(SetDate(season, day), found, by=by or cast.maya, at=at)
    return line


def test_a_date_of_a_reset_that_has_begun_is_refused_beforehand_with_its_rule_once(
    cast: Cast, season: Season, reset: Reset
) -> None:
    put([reset], Status.DESTROYING)
    line = seen(season, cast)
    assert (line.outcome, line.change, line.rules) == (Outcome.REFUSED, "stays July 28 (default)", ("W10",))
    assert line.sentence == "The reset has started. Its date can no longer be changed"


def test_whoever_the_policy_lets_set_no_date_is_told_whom_to_ask(cast: Cast, season: Season, reset: Reset) -> None:
    line = seen(season, cast, by=cast.dana)
    assert (line.outcome, line.rules) == (Outcome.REFUSED, ("W9",))
    assert "ask Carmen Ortiz, or a CSM lead in her place" in line.sentence


def test_a_district_that_was_never_at_risk_leaves_no_list(cast: Cast, season: Season, reset: Reset) -> None:
    assert "at-risk list" not in seen(season, cast).sentence


def test_a_date_that_breaks_a_rule_says_that_it_would_be_a_risk(cast: Cast, season: Season, reset: Reset) -> None:
    SchoolYear.objects.filter(district=cast.lakeside).update(rostering_starts_on=None)
    line = seen(season, cast, day=date(2027, 6, 25))
    assert line.outcome is Outcome.REASON
    assert "It would be at risk: The rostering start is missing" in line.sentence


def test_a_chosen_day_within_a_session_needs_a_reason_and_is_no_risk(cast: Cast, season: Season, reset: Reset) -> None:
    SchoolYear.objects.filter(district=cast.lakeside).update(ends_on=date(2027, 7, 29))
    line = seen(season, cast)
    assert line.outcome is Outcome.REASON
    assert line.sentence.endswith("It leaves the at-risk list: you take the risk, with your reason.")


def test_a_date_that_answers_a_request_takes_it_off_the_list(cast: Cast, season: Season, reset: Reset) -> None:
    services.ask_for(reset=reset, day=date(2027, 7, 20), by=cast.dana, at=JUNE_1)
    Reset.objects.filter(pk=reset.pk).update(asked_for=date(2027, 6, 2))
    assert seen(season, cast).sentence.endswith("It leaves the at-risk list.")


def test_what_its_exports_prove_is_not_told_of_another_day(cast: Cast, season: Season, reset: Reset) -> None:
    soon = seen(season, cast, day=date(2027, 6, 25), at=JUNE_1 + timedelta(days=14))
    assert soon.sentence.endswith(
        "It would be at risk: No export proves yet that nothing is lost, and the reset is Fri, June 25, in 10 days."
    )


def test_a_day_that_it_has_already_is_no_change(cast: Cast, season: Season, reset: Reset) -> None:
    line = seen(season, cast, day=date(2027, 7, 28))
    assert (line.outcome, line.change) == (Outcome.SAME, "stays July 28 (default)")


@pytest.mark.parametrize("day", [DAY, date(2027, 7, 28)])
def test_a_held_reset_goes_on_by_its_date_also_by_the_one_that_it_has(
    cast: Cast, season: Season, reset: Reset, day: date
) -> None:
    fail([reset])
    line = seen(season, cast, day=day)
    assert line.outcome is Outcome.CHANGES
    assert "It is held now: the date lets it go on." in line.sentence


def test_once_its_records_hold_has_ended_a_date_can_be_set(cast: Cast, season: Season, reset: Reset) -> None:
    held = holds.place(district=cast.lakeside, by=cast.carmen, at=JUNE_1, reason="A dispute.")
    fail([reset], HeldFor.RECORDS)
    assert seen(season, cast).outcome is Outcome.REFUSED
    holds.end(held=held, by=cast.carmen, at=JUNE_1)
    assert seen(season, cast).outcome is Outcome.CHANGES


def test_a_district_without_a_date_stays_so_where_a_rule_refuses(cast: Cast, season: Season, reset: Reset) -> None:
    reset.delete()
    line = seen(season, cast, day=date(2027, 6, 18))
    assert (line.outcome, line.change) == (Outcome.REFUSED, "stays without a date")
    assert line.rules == ("W1",)


def become(season: Season, cast: Cast, version: int) -> dict[str, str]:
    """What the receipt says once the day is set for Lakeside, whose preview showed `version`."""
    receipt = bulk.apply(SetDate(season, DAY), {cast.lakeside.pk: version}, by=cast.maya, at=JUNE_1, token=uuid4())
    (line,) = receipt.lines
    return {name: line[name] for name in ("outcome", "sentence")}


def test_a_reason_that_a_rule_asks_for_since_the_preview_is_told(cast: Cast, season: Season, reset: Reset) -> None:
    SchoolYear.objects.filter(district=cast.lakeside).update(rostering_starts_on=None)
    told = become(season, cast, reset.version)
    assert told["outcome"] == "refused"
    assert told["sentence"].startswith("Say why: ")


def test_a_rule_that_refuses_since_the_preview_is_told(cast: Cast, season: Season, reset: Reset) -> None:
    SchoolYear.objects.filter(district=cast.lakeside).update(rostering_starts_on=DAY)
    told = become(season, cast, reset.version)
    assert told["outcome"] == "refused"
    assert told["sentence"].endswith("(W3)")


def test_the_same_day_set_meanwhile_is_told_as_what_it_is(cast: Cast, season: Season, reset: Reset) -> None:
    set_now = services.schedule(reset=reset, to=DAY, by=cast.carmen, at=JUNE_1)
    assert become(season, cast, reset.version) == {
        "outcome": "refused",
        "sentence": "Carmen Ortiz set it to Wed, July 21, 2027 meanwhile. Look again.",
    }
    assert become(season, cast, set_now.version) == {"outcome": "same", "sentence": "It had this date already."}


def test_a_reset_that_is_gone_since_the_preview_is_not_made_again(cast: Cast, season: Season, reset: Reset) -> None:
    version = reset.version
    reset.delete()
    assert become(season, cast, version) == {
        "outcome": "refused",
        "sentence": "It has no reset any more. Look again.",
    }


def test_a_letter_counts_whoever_reads_it_once(cast: Cast, season: Season, reset: Reset) -> None:
    named = {"added_at": JUNE_1, "added_by": "Carmen Ortiz"}
    cast.lakeside.contacts.create(name="Dana Whitfield", email="Dana@Lakeside.example", gets_letters=True, **named)
    assert readers_of([cast.lakeside.pk]) == {cast.lakeside.pk: ["Dana Whitfield"]}
    cast.lakeside.contacts.create(name="Luis Park", email="luis@lakeside.example", gets_letters=False, **named)
    type(cast.dana).objects.filter(pk=cast.dana.pk).update(is_active=False)
    assert readers_of([cast.lakeside.pk]) == {cast.lakeside.pk: ["Dana Whitfield"]}
    cast.lakeside.contacts.filter(name="Dana Whitfield").delete()
    assert readers_of([cast.lakeside.pk]) == {}
