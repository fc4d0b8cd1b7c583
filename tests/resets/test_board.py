"""The list's two ways of looking at districts: all of them at a glance, and those of a page in full."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from django.urls import reverse

from districts.models import District, Gate, RosterFile, SchoolYear
from resets import board, board_order, board_rows, board_scan, holds, risks, services
from resets.board import Entry
from resets.models import Answer, Question, Reset, Season, Status
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.crowds import fail, put

DEFAULT = date(2027, 7, 28)
DATES = ("zone", "run_hour", "session_ends", "sessions_unknown", "rostering_starts", "last_reset_on", "first_day")
MOMENTS = [JUNE_1, JUNE_1 + timedelta(days=57), JUNE_1 + timedelta(days=90)]


def both(at: datetime) -> Iterator[tuple[Entry, Entry]]:
    season = Season.objects.first()
    full, scanned = (
        board.entries(District.objects.all(), season, at=at),
        board_scan.scan(District.objects.all(), season, at=at),
    )
    assert len(full) == len(scanned)
    return zip(full, scanned, strict=True)


def agree(at: datetime) -> None:
    """Every filter, every order and every number reads the same of both."""
    for full, scanned in both(at):
        assert [getattr(scanned.calendar, name) for name in DATES] == [getattr(full.calendar, name) for name in DATES]
        assert [each.key for each in board_order.FILTERS if each.holds(scanned)] == [
            each.key for each in board_order.FILTERS if each.holds(full)
        ]
        assert board_order.stage_of(scanned) == board_order.stage_of(full)
        assert [each.by(scanned) for each in board_order.SORTS.values()] == [
            each.by(full) for each in board_order.SORTS.values()
        ]
        assert board_order.search([scanned], full.district.csm.name if full.district.csm else "") == [scanned]


def as_it_is(reset: Reset, cast: Cast) -> None:
    return None


def at_risk(reset: Reset, cast: Cast) -> None:
    SchoolYear.objects.filter(district=reset.district).update(rostering_starts_on=DEFAULT, ends_on=None)


def asking(reset: Reset, cast: Cast) -> None:
    services.ask_for(reset=reset, day=date(2027, 7, 20), by=cast.dana, at=JUNE_1)
    Question.objects.create(reset=reset, text="Why?", asked_at=JUNE_1, asked_by="Dana Whitfield")


def last_export(reset: Reset, cast: Cast) -> None:
    Reset.objects.filter(pk=reset.pk).update(last_export_chosen_at=JUNE_1, last_export_chosen_by="Dana Whitfield")


def stopped(reset: Reset, cast: Cast) -> None:
    fail([reset])


def completed(reset: Reset, cast: Cast) -> None:
    put([reset], Status.COMPLETED)
    Gate.objects.filter(pk=reset.district_id).update(is_shut=True, last_reset_at=JUNE_1, last_reset_by="night")


def resumed(reset: Reset, cast: Cast) -> None:
    put([reset], Status.COMPLETED)
    Gate.objects.filter(pk=reset.district_id).update(resumed_at=JUNE_1 + timedelta(days=60), resumed_by="Carmen")


def on_hold(reset: Reset, cast: Cast) -> None:
    holds.place(district=cast.lakeside, by=cast.carmen, at=JUNE_1, reason="A request to inspect is open.")
    file = {"stored": "x", "source_name": "x.zip", "digest": "x", "size": 1, "received_at": JUNE_1, "received_by": "n"}
    RosterFile.objects.create(district=cast.lakeside, state=RosterFile.State.ON_HOLD, **file)


def without_a_date(reset: Reset, cast: Cast) -> None:
    reset.delete()
    SchoolYear.objects.all().delete()


def of_nobody(reset: Reset, cast: Cast) -> None:
    District.objects.update(csm=None)
    Reset.objects.update(answer=Answer.KEEPS, answered_at=JUNE_1, answered_by="Dana Whitfield", is_default=False)


CASES = [as_it_is, at_risk, asking, last_export, stopped, completed, resumed, on_hold, without_a_date, of_nobody]


@pytest.mark.parametrize(("case", "at"), list(product(CASES, MOMENTS)))
def test_a_glance_and_a_full_look_agree(reset: Reset, cast: Cast, case: object, at: datetime) -> None:
    case(reset, cast)  # type: ignore[operator]  # one of CASES
    agree(at)


def test_they_agree_without_a_season(cast: Cast) -> None:
    agree(JUNE_1)


def test_a_page_is_told_in_the_order_that_it_was_chosen_in(season: Season) -> None:
    scanned = board_scan.scan(District.objects.all(), season, at=JUNE_1)[::-1]
    told = board.in_full(scanned, season, at=JUNE_1)
    assert [entry.district.name for entry in told] == ["Quarry Hill", "Lakeside Unified"]


def test_a_scan_takes_as_many_queries_for_two_as_for_one(season: Season, django_assert_num_queries: object) -> None:
    for districts in (District.objects.all(), District.objects.filter(site_code="0620810")):
        with django_assert_num_queries(7):  # type: ignore[operator]  # a fixture
            board_scan.scan(districts, season, at=JUNE_1)


def test_every_risk_has_a_page_on_which_it_is_cured() -> None:
    assert board_rows.PLACES.keys() == set(risks.KEYS)
    assert all(reverse(place, args=["0620810"]) for place in board_rows.PLACES.values())
