"""manage.py sync_rosters: the night by hand."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.core.management import CommandError, call_command

from districts import nightly, turns
from districts.models import RosterSource, RosterSync
from tests.districts.nightly.conftest import MINUTE, NIGHT, down, state
from tests.people import Cast


def test_by_hand_one_district_is_synced_whether_it_is_due_or_not(
    source: RosterSource, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("sync_rosters", district="0620810")
    call_command("sync_rosters", district="0620810")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Lakeside Unified, 2027-04-06: Applied. ")
    assert "Students: 3 added." in first
    assert second.startswith("Lakeside Unified, 2027-04-06: Nothing new.")
    assert state(source).due_from == NIGHT


def test_by_hand_what_is_due_is_synced(
    source: RosterSource, clock: time_machine.Traveller, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.move_to(NIGHT + MINUTE)
    call_command("sync_rosters", "--at", "2027-04-06T02:00:00-07:00")
    call_command("sync_rosters", "--at", "2027-04-06T02:01:00-07:00")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Lakeside Unified, 2027-04-06: Applied.")
    assert second == "No district is due."


def test_by_hand_a_source_that_is_down_says_when_it_is_tried_again(
    source: RosterSource, clock: time_machine.Traveller, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.move_to(NIGHT)
    with patch("districts.nightly.fetching.fetch", down):
        call_command("sync_rosters")
    assert "It is tried again from Tue, April 6, 2027, 2:05 AM PDT." in capsys.readouterr().out


def test_by_hand_nothing_is_read_before_its_time(source: RosterSource) -> None:
    with pytest.raises(CommandError, match="lies ahead"):
        call_command("sync_rosters", at=NIGHT + timedelta(minutes=1))


def test_by_hand_a_district_that_is_being_synced_is_left_alone(source: RosterSource) -> None:
    assert turns.take(nightly.due(at=NIGHT))
    with pytest.raises(CommandError, match="is being synced now"):
        call_command("sync_rosters", district="0620810")


def test_a_sync_is_dated_by_the_clock_whatever_moment_was_meant(
    source: RosterSource, clock: time_machine.Traveller
) -> None:
    clock.move_to(NIGHT + timedelta(days=3))
    call_command("sync_rosters", district="0620810", at=NIGHT)
    assert RosterSync.objects.get().local_day == date(2027, 4, 9)


def test_by_hand_a_moment_needs_its_offset(source: RosterSource) -> None:
    with pytest.raises(CommandError, match="needs an offset"):
        call_command("sync_rosters", "--at", "2027-04-06T02:00:00")


@pytest.mark.parametrize(("site_code", "why"), [("0620810", "come by upload"), ("nobody", "no district with the site")])
def test_by_hand_a_district_needs_a_source(cast: Cast, site_code: str, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("sync_rosters", district=site_code)
