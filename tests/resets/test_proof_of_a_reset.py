"""A season that asks for proof of the exports holds a reset without it, and lets one with it run."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from districts.models import District, DistrictCounts
from resets import engine, nights, preconditions, services
from resets.models import HeldFor, Reset, Season, Status
from tests.exports.test_proof import FACTS, MATH, an_export
from tests.people import Cast
from tests.resets.conftest import RESET_NIGHT

pytestmark = pytest.mark.usefixtures("night")


@pytest.fixture
def asks_for_proof(season: Season) -> None:
    """The season's policy asks for proof."""
    Season.objects.update(policy=season.policy | {"requires_export_proof": True})


@pytest.fixture
def export(cast: Cast) -> Callable[..., Any]:
    """Makes an export of a product that proves it, through the day before the reset."""
    return lambda product, **fields: an_export(cast.lakeside, product=product, through=date(2027, 7, 27), **fields)


def run(reset: Reset) -> Reset:
    engine.run(reset.pk, worker="w1")
    reset.refresh_from_db()
    return reset


@pytest.mark.usefixtures("asks_for_proof")
def test_without_proof_it_is_held_with_the_reason_and_the_cure(reset: Reset) -> None:
    held = run(reset)
    assert (held.status, held.held_for) == (Status.HELD, HeldFor.EXPORT)
    assert held.held_why == (
        "This season asks for proof that nothing is lost. Imagine Math: No export is made yet. Make one. "
        "Imagine Math Facts: No export is made yet. Make one. Nothing was deleted."
    )
    assert held.held_cure == (
        "Ask the district for its export, or to choose a last export; once it has, retry the reset."
    )


@pytest.mark.usefixtures("asks_for_proof")
def test_one_product_without_proof_is_enough(reset: Reset, export: Callable[..., Any]) -> None:
    export(MATH)
    held = run(reset)
    assert held.held_for == HeldFor.EXPORT
    assert "Imagine Math:" not in held.held_why
    assert "Imagine Math Facts: No export is made yet." in held.held_why


@pytest.mark.usefixtures("asks_for_proof")
def test_with_proof_of_every_product_it_runs(reset: Reset, export: Callable[..., Any]) -> None:
    export(MATH)
    export(FACTS)
    assert run(reset).status == Status.COMPLETED


@pytest.mark.usefixtures("asks_for_proof")
def test_it_is_retried_once_the_proof_is_there(reset: Reset, cast: Cast, export: Callable[..., Any]) -> None:
    run(reset)
    export(MATH)
    export(FACTS)
    services.retry(reset=reset, by=cast.carmen, at=RESET_NIGHT, reason="The exports are there.")
    assert run(reset).status == Status.COMPLETED


@pytest.mark.usefixtures("asks_for_proof")
def test_a_retry_without_the_proof_is_held_again(reset: Reset, cast: Cast) -> None:
    run(reset)
    services.retry(reset=reset, by=cast.carmen, at=RESET_NIGHT, reason="Try it.")
    assert run(reset).held_for == HeldFor.EXPORT


@pytest.mark.usefixtures("asks_for_proof")
def test_a_last_export_that_was_chosen_is_as_good(reset: Reset) -> None:
    Reset.objects.update(last_export_chosen_at=RESET_NIGHT, last_export_chosen_by="Dana Whitfield")
    assert preconditions.missing_proof(Reset.objects.get(pk=reset.pk)) is None


@pytest.mark.usefixtures("asks_for_proof")
def test_a_district_that_holds_nobody_has_nothing_to_prove(reset: Reset) -> None:
    DistrictCounts.objects.filter(pk=reset.district_id).update(accounts=0)
    assert preconditions.missing_proof(Reset.objects.get(pk=reset.pk)) is None


def test_a_season_that_does_not_ask_never_holds_for_it(reset: Reset) -> None:
    assert run(reset).status == Status.COMPLETED


@pytest.mark.usefixtures("asks_for_proof")
def test_it_waits_for_the_district_and_not_for_the_night(reset: Reset) -> None:
    """To wait for an export is no failure, so it spends nothing of the night's error budget."""
    run(reset)
    standing = nights.standing(reset.season, reset.date)
    assert (standing.held, standing.failed) == (1, 0)


def test_the_last_days_of_a_year_that_was_reset_are_forgotten_and_versions_are_not(reset: Reset, cast: Cast) -> None:
    DistrictCounts.objects.filter(pk=reset.district_id).update(math_version=7, facts_version=3)
    run(reset)
    counts = District.objects.get(pk=cast.lakeside.pk).counts
    assert (counts.math_last_on, counts.facts_last_on) == (None, None)
    assert (counts.math_version, counts.facts_version) == (7, 3)
