"""Who asked for a reset's date and who set it, as the certificate says, for every way by which a date comes about."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from resets import bulk, certificate_date, certificate_page, engine, holds, opening, policy, replies, seasons, services
from resets.bulk_dates import SetDate
from resets.models import Certificate, HeldFor, Hold, Reset, Season, Status
from tests.people import Cast
from tests.resets.conftest import JUNE_1, RESET_NIGHT

JULY_20, JULY_26 = date(2027, 7, 20), date(2027, 7, 26)
WHY = "Noor Canary-Whitcombe moves."


def told(reset: Reset) -> tuple[str, str, str, str]:
    """Who asked and how, who approved and how."""
    reset.refresh_from_db()
    story = certificate_date.of(reset)
    asked, approved = certificate_date.asked(story), certificate_date.approved(story)
    assert "Canary" not in f"{asked}{approved}"
    return asked["by"], asked["how"], approved["by"], approved["how"]


def held_on_the_night(reset: Reset, cast: Cast, june: time_machine.Traveller, night: datetime = RESET_NIGHT) -> None:
    """A records hold stops the run; it is ended the next day, and the reset waits for its date."""
    placed = holds.place(district=cast.lakeside, by=cast.dana, at=JUNE_1, reason=WHY)
    june.move_to(night)
    engine.run(reset.pk, worker="w1")
    reset.refresh_from_db()
    assert (reset.status, reset.held_for) == (Status.HELD, HeldFor.RECORDS)
    june.shift(timedelta(days=1))
    holds.end(held=Hold.objects.get(pk=placed.pk), by=cast.dana, at=night + timedelta(days=1))


def set_again(reset: Reset, cast: Cast, to: date) -> None:
    at = RESET_NIGHT + timedelta(days=1)
    services.schedule(reset=reset, to=to, by=cast.carmen, at=at, reason=WHY)


@pytest.fixture
def late_summer(reset: Reset) -> None:
    """A session that ends after the default, so that dates after it are allowed (W4)."""
    reset.district.school_years.update(has_summer_session=True, summer_ends_on=date(2027, 8, 2))


def test_the_default_stood_since_nobody_answered(reset: Reset) -> None:
    asked, approved = told(reset)[:2], told(reset)[2:]
    assert asked == ("", "nobody answered: it is the season’s default")
    assert approved == ("Maya Lindqvist", "the season’s default: Wed, July 28, 2027")


def test_the_district_kept_the_default(reset: Reset, cast: Cast) -> None:
    services.keep_default(reset=reset, by=cast.dana, at=JUNE_1)
    assert told(reset)[:2] == ("Dana Whitfield", "kept the season’s default")


def test_the_policys_default_moved(reset: Reset, season: Season, cast: Cast) -> None:
    rules = policy.Policy.from_data(seasons.starting_policy(2027).to_data() | {"default_dates": ["2027-07-20"]})
    opening.change_policy(season=season, after=rules, by=cast.maya, at=JUNE_1)
    moved = "the season’s default, moved from Wed, July 28, 2027 with the season’s policy: Tue, July 20, 2027"
    assert told(reset) == ("", "nobody answered: it is the season’s default", "Maya Lindqvist", moved)


def test_the_district_asked_and_its_csm_agreed(reset: Reset, cast: Cast) -> None:
    services.ask_for(reset=reset, day=JULY_20, by=cast.dana, at=JUNE_1, reason=WHY)
    services.schedule(reset=reset, to=JULY_20, by=cast.carmen, at=JUNE_1, reason=WHY)
    assert told(reset) == (
        "Dana Whitfield",
        "asked for Tue, July 20, 2027",
        "Carmen Ortiz",
        "chosen: Tue, July 20, 2027",
    )


def test_the_csm_chose_alone(reset: Reset, cast: Cast) -> None:
    services.schedule(reset=reset, to=JULY_26, by=cast.carmen, at=JUNE_1)
    chosen = "no request is recorded: Carmen Ortiz chose the date for the district"
    assert told(reset) == ("", chosen, "Carmen Ortiz", "chosen: Mon, July 26, 2027")


def test_the_districts_own_admin_chose_where_the_policy_lets_her(reset: Reset, season: Season, cast: Cast) -> None:
    season.policy = season.policy | {"setters": ["csm", "csm_lead", "district_admin"]}
    season.save()
    services.schedule(reset=reset, to=JULY_26, by=cast.dana, at=JUNE_1)
    assert told(reset)[:3] == (
        "Dana Whitfield",
        "chose Mon, July 26, 2027 for the district, as its admin",
        "Dana Whitfield",
    )


def in_bulk(reset: Reset, cast: Cast, day: date) -> None:
    reset.refresh_from_db()
    wish = SetDate(reset.season, day, WHY)
    bulk.apply(wish, {reset.district_id: reset.version}, by=cast.maya, at=JUNE_1, token=uuid4())


def test_a_date_set_in_bulk_names_who_set_it(reset: Reset, cast: Cast) -> None:
    in_bulk(reset, cast, JULY_26)
    assert told(reset)[1:3] == (
        "no request is recorded: Maya Lindqvist chose the date for the district",
        "Maya Lindqvist",
    )


def test_a_date_set_in_bulk_does_not_hide_what_the_district_asked_for(reset: Reset, season: Season, cast: Cast) -> None:
    services.ask_for(reset=reset, day=JULY_20, by=cast.dana, at=JUNE_1, reason=WHY)
    in_bulk(reset, cast, JULY_26)
    assert told(reset)[:2] == ("Dana Whitfield", "asked for Tue, July 20, 2027; Mon, July 26, 2027 was set instead")


def test_a_date_set_in_bulk_as_it_was_asked_for_was_asked_for(reset: Reset, cast: Cast) -> None:
    services.ask_for(reset=reset, day=JULY_26, by=cast.dana, at=JUNE_1, reason=WHY)
    in_bulk(reset, cast, JULY_26)
    assert told(reset)[:2] == ("Dana Whitfield", "asked for Mon, July 26, 2027")


@pytest.mark.usefixtures("late_summer")
def test_a_hold_that_moved_a_granted_wish_leaves_it_told(
    reset: Reset, cast: Cast, june: time_machine.Traveller
) -> None:
    services.ask_for(reset=reset, day=JULY_20, by=cast.dana, at=JUNE_1, reason=WHY)
    services.schedule(reset=reset, to=JULY_20, by=cast.carmen, at=JUNE_1, reason=WHY)
    held_on_the_night(reset, cast, june, RESET_NIGHT - timedelta(days=8))
    set_again(reset, cast, date(2027, 8, 3))
    again = "Tue, August 3, 2027 was set instead after a records hold"
    assert told(reset) == (
        "Dana Whitfield",
        f"asked for Tue, July 20, 2027, which was set; {again}",
        "Carmen Ortiz",
        "chosen after a records hold: Tue, August 3, 2027",
    )


@pytest.mark.usefixtures("late_summer")
def test_a_hold_that_moved_a_kept_default_leaves_it_told(
    reset: Reset, cast: Cast, june: time_machine.Traveller
) -> None:
    services.keep_default(reset=reset, by=cast.dana, at=JUNE_1)
    held_on_the_night(reset, cast, june)
    set_again(reset, cast, date(2027, 8, 3))
    assert told(reset)[:2] == (
        "Dana Whitfield",
        "kept the season’s default, Wed, July 28, 2027; Tue, August 3, 2027 was set instead after a records hold",
    )


def test_a_wish_that_was_declined_is_told_with_who_declined(reset: Reset, cast: Cast) -> None:
    services.ask_for(reset=reset, day=JULY_20, by=cast.dana, at=JUNE_1, reason=WHY)
    replies.decline(reset=reset, why=WHY, by=cast.carmen, at=JUNE_1, asked=JULY_20)
    stood = "asked for Tue, July 20, 2027; Carmen Ortiz declined, so the default, Wed, July 28, 2027, stood"
    assert told(reset)[:2] == ("Dana Whitfield", stood)
    services.schedule(reset=reset, to=JULY_26, by=cast.carmen, at=JUNE_1, reason=WHY)
    later = "asked for Tue, July 20, 2027; Carmen Ortiz declined, and Mon, July 26, 2027 was set later"
    assert told(reset)[:2] == ("Dana Whitfield", later)


def test_a_wish_that_nobody_answered_is_told(reset: Reset, cast: Cast) -> None:
    services.schedule(reset=reset, to=JULY_26, by=cast.carmen, at=JUNE_1, reason=WHY)
    services.ask_for(reset=reset, day=JULY_20, by=cast.dana, at=JUNE_1, reason=WHY)
    stood = "asked for Tue, July 20, 2027; nobody answered, so Mon, July 26, 2027 stood"
    assert told(reset)[:2] == ("Dana Whitfield", stood)


def test_the_sheet_names_who_chose(reset: Reset, cast: Cast, june: time_machine.Traveller) -> None:
    services.schedule(reset=reset, to=JULY_26, by=cast.carmen, at=JUNE_1)
    june.move_to(datetime.fromisoformat("2027-07-26T08:05:00Z"))
    engine.run(reset.pk, worker="w1")
    facts = certificate_page.of(Certificate.objects.get(reset=reset))
    assert facts["people"][0]["lines"] == ["No request is recorded", "Carmen Ortiz chose the date for the district"]
