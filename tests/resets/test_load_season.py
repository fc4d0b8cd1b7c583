"""Seasons loaded from data: 2023's rules, and a year shaped like 2024, without a line of code."""

import json
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from districts import gate
from districts.models import Gate
from resetportal import clock
from resets import engine, seasons, services
from resets.models import Answer, Reset, Season, Status
from tests.people import Cast
from tests.resets.conftest import JUNE_1

OPEN = ("--open", "--by", "maya@vendor.example")


def load(*arguments: str) -> str:
    said = StringIO()
    call_command("load_season", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def like_2024(cast: Cast, june: time_machine.Traveller) -> Season:
    """2027 with rules shaped like 2024's; Lakeside's last reset really ran on July 30, 2026."""
    Gate.objects.filter(pk=cast.lakeside.pk).update(
        last_reset_at=datetime(2026, 7, 30, 8, tzinfo=UTC), last_reset_by="the nightly run"
    )
    load("2024-shaped", "--year", "2027", *OPEN)
    return Season.objects.get()


@pytest.fixture
def lakesides(like_2024: Season, cast: Cast) -> Reset:
    return like_2024.resets.get(district=cast.lakeside)


def test_a_season_is_drafted_by_name(cast: Cast) -> None:
    assert load("2023", "--year", "2027") == "The season of 2026-27 is drafted with the rules of 2023.\n"
    season = Season.objects.get()
    assert (season.rules, season.opened_at) == (seasons.starting_policy(2027), None)


def test_a_season_is_loaded_from_a_file(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "ours.json").write_text(json.dumps(seasons.load("2023").to_data() | {"lead_days": 2}))
    load(str(tmp_path / "ours.json"), "--year", "2027")
    assert Season.objects.get().rules.lead_days == 2


def test_it_opens_the_season_in_a_leads_name(cast: Cast, june: time_machine.Traveller) -> None:
    assert "Districts that got their default: 2." in load("2023", "--year", "2027", *OPEN)
    assert Season.objects.get().opened_by == "Maya Lindqvist"


@pytest.mark.parametrize("by", [(), ("--by", "carmen@vendor.example"), ("--by", "nobody@vendor.example")])
def test_only_a_lead_or_an_engineer_opens_it(cast: Cast, by: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="a CSM lead or an engineer"):
        load("2023", "--year", "2027", "--open", *by)
    assert not Season.objects.exists()


def test_a_season_whose_default_is_too_near_stays_a_draft(cast: Cast, june: time_machine.Traveller) -> None:
    june.move_to(datetime(2027, 7, 20, tzinfo=UTC))
    with pytest.raises(CommandError, match=r"stays a draft.*\(W2\)"):
        load("2023", "--year", "2027", *OPEN)
    assert Season.objects.get().opened_at is None


def test_an_open_season_is_not_loaded_over(like_2024: Season) -> None:
    with pytest.raises(CommandError, match="opened 2026-27 already"):
        load("2023", "--year", "2027")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "one JSON object"),
        ("{}", "school_year: is missing"),
        (json.dumps({"lead_days": "one"}), "lead_days: must be a whole number"),
        (json.dumps({"lede_days": 1}), "lede_days: is not a field of a policy"),
    ],
)
def test_a_wrong_file_is_refused_with_its_field_and_cure(db: None, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "wrong.json").write_text(text)
    with pytest.raises(CommandError, match=said):
        load(str(tmp_path / "wrong.json"))


def test_an_unknown_name_says_which_are_known(db: None) -> None:
    with pytest.raises(CommandError, match="2023, 2024-shaped"):
        load("2025")


def test_a_year_out_of_range_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="from 2000 to 2999"):
        load("2023", "--year", "0")


def test_2024_gives_the_default_closest_to_the_last_real_reset(lakesides: Reset) -> None:
    assert lakesides.date == date(2027, 8, 2)  # of July 19, August 2 and August 16, moved off weekends


def test_2024_gives_the_last_default_where_no_reset_is_known(like_2024: Season, cast: Cast) -> None:
    assert like_2024.resets.get(district=cast.quarry).date == date(2027, 8, 16)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2027, 7, 10), "Resets run on weekdays only"),
        (date(2027, 7, 5), "Resets do not run on federal holidays"),  # Independence Day, observed
    ],
)
def test_2024_refuses_weekends_and_holidays(lakesides: Reset, cast: Cast, day: date, said: str) -> None:
    with pytest.raises(services.Refused, match=said):
        services.schedule(reset=lakesides, to=day, by=cast.carmen, at=JUNE_1)


def test_2024_wants_a_days_notice(lakesides: Reset, cast: Cast) -> None:
    half_past_midnight = datetime(2027, 7, 8, 7, 30, tzinfo=UTC)
    with pytest.raises(services.Refused, match="1 day of notice"):
        services.schedule(reset=lakesides, to=date(2027, 7, 8), by=cast.carmen, at=half_past_midnight)


def test_2024_lets_the_district_admin_set_the_date(lakesides: Reset, cast: Cast) -> None:
    services.schedule(reset=lakesides, to=date(2027, 7, 8), by=cast.dana, at=JUNE_1)
    lakesides.refresh_from_db()
    assert (lakesides.date, lakesides.date_set_by) == (date(2027, 7, 8), "Dana Whitfield")
    assert (lakesides.answer, lakesides.answered_by) == (Answer.AGREED, "Dana Whitfield")


def test_2024_lets_only_the_csm_leave_the_window(lakesides: Reset, cast: Cast) -> None:
    outside = {"reset": lakesides, "to": date(2027, 5, 24), "at": datetime(2027, 5, 3, tzinfo=UTC), "reason": "Abroad."}
    with pytest.raises(services.Refused, match="W1"):
        services.schedule(**outside, by=cast.dana)  # type: ignore[arg-type]
    assert services.schedule(**outside, by=cast.carmen).date == date(2027, 5, 24)  # type: ignore[arg-type]


def test_2024_turns_syncs_on_again_when_the_reset_is_completed(lakesides: Reset, june: time_machine.Traveller) -> None:
    june.move_to(datetime(2027, 8, 2, 8, 5, tzinfo=UTC))
    with pytest.raises(gate.Paused):
        gate.ask(lakesides.district_id)
    engine.run(lakesides.pk, worker="w1", at=clock.now())
    lakesides.refresh_from_db()
    assert lakesides.status == Status.COMPLETED
    assert gate.ask(lakesides.district_id).resumed_at
