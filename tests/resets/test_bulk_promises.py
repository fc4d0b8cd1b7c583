"""What a preview says of a district is what becomes of it: what would be refused is refused beforehand."""

from datetime import date
from uuid import uuid4

from districts.models import District, DistrictCounts
from resets import board, bulk, holds, opening, services, what_if
from resets.bulk import Outcome
from resets.bulk_dates import SetDate
from resets.models import HeldFor, Letter, Reset, Season
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.crowds import fail

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
    earlier = Season.objects.create(school_year="2025-26", policy={**season.policy, "school_year": "2025-26"})
    Reset.objects.filter(district=cast.quarry).update(season=earlier)
    DistrictCounts.objects.filter(district=cast.quarry).update(accounts=5)
    waiting = opening.not_free(season, [cast.lakeside.pk, cast.quarry.pk])
    assert waiting == {cast.quarry.pk}
    assert seen_and_done(SetDate(season, DAY, waiting=waiting), season, cast) == [
        ("Lakeside Unified", "changes", "done"),
        ("Quarry Hill", "refused", "refused"),
    ]


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
