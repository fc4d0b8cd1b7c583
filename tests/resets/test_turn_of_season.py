"""When the next season opens, a district that is not through with the last one stays where its CSM looks."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from pytest_django import Settings

from districts.models import District, Gate
from resets import board, board_order, board_rows, board_scan, opening
from resets.board import Entry
from resets.models import Question, Reset, Season
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.crowds import make_crowd
from tests.resets.turning import SPRING, reset_but_not_rostered, turned
from tests.resets.views.reading import text, words

__all__ = ["turned"]
Asks = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def long_sessions(settings: Settings) -> None:
    """Whoever signed in is there in May of the next year."""
    settings.SESSION_COOKIE_AGE = 500 * 24 * 3600


@pytest.fixture
def maya(client: Client, cast: Cast, turned: Season) -> Client:
    client.force_login(cast.maya)
    return client


def scanned(season: Season) -> list[Entry]:
    return board_scan.scan(District.objects.all(), season, at=SPRING)


def rows(season: Season) -> dict[str, Any]:
    found = board.in_full(scanned(season), season, at=SPRING)
    return {entry.district.name: board_rows.row(entry, "csm_lead") for entry in found}


def test_a_held_reset_of_the_last_season_stays_with_its_risk_and_its_next_step(turned: Season, cast: Cast) -> None:
    row = rows(turned)["Lakeside Unified"]
    assert "Its reset of 2026-27 is still held" in " ".join(row["reasons"])
    reset = Reset.objects.get(district=cast.lakeside)
    assert row["next"] == ("See why it is held", f"/resets/{reset.pk}/")


def test_who_was_never_rostered_stays_with_its_risk_and_its_next_step(turned: Season) -> None:
    row = rows(turned)["Quarry Hill"]
    assert "Rostering after its reset of 2026-27 is not complete" in " ".join(row["reasons"])
    assert row["syncs"][1] == "Paused"
    assert row["next"] == ("Ask about rostering", "/districts/3609930/")


def test_a_glance_and_a_full_look_agree_at_the_turn(turned: Season) -> None:
    assert {entry.district.name: str(entry.earlier) for entry in scanned(turned) if entry.earlier} == {
        "Lakeside Unified": "2026-27",
        "Quarry Hill": "2026-27",
    }
    for full, glance in zip(board.entries(District.objects.all(), turned, at=SPRING), scanned(turned), strict=True):
        assert [each.key for each in board_order.FILTERS if each.holds(glance)] == [
            each.key for each in board_order.FILTERS if each.holds(full)
        ]
        assert board_order.stage_of(glance) == board_order.stage_of(full)


def test_the_numbers_count_them_as_what_they_are(turned: Season) -> None:
    chips = {chip["label"]: chip["count"] for chip in board_rows.chips(scanned(turned), "", QueryDict())}
    assert {label: chips[label] for label in ("At risk", "Held", "Waiting for rostering")} == {
        "At risk": 2,
        "Held": 1,
        "Waiting for rostering": 1,
    }
    assert chips["Of an earlier season"] == 2
    assert "No reset date" not in chips
    numbers = {each["label"]: (each["value"], each["of"]) for each in board_rows.numbers(scanned(turned), "")}
    assert numbers["At risk"] == (2, 3)
    assert numbers["Reset"] == (0, 1)
    assert numbers["Waiting for rostering"] == (1, 1)


def test_dates_that_they_cannot_use_yet_are_not_missed(turned: Season, cast: Cast) -> None:
    held, waits = (
        next(each for each in scanned(turned) if each.district.pk == one.pk) for one in (cast.lakeside, cast.quarry)
    )
    assert not board_order.KEYS["no-rostering-start"].holds(waits)
    assert board_order.KEYS["no-rostering-start"].holds(held) is (held.calendar.rostering_starts is None)
    assert held.earlier == waits.earlier == Season.objects.get(school_year="2026-27")


def test_many_that_wait_are_no_more_queries(turned: Season, cast: Cast, django_assert_max_num_queries: Asks) -> None:
    last = Season.objects.get(school_year="2026-27")
    for reset in make_crowd(last, 30):
        reset_but_not_rostered(reset)
    with django_assert_max_num_queries(7 + 2 + 7):
        found = board_scan.scan(District.objects.all(), turned, at=SPRING)
    assert sum(entry.earlier is not None for entry in found) == 32


def test_a_district_that_is_through_has_no_date_and_no_earlier_season(turned: Season, cast: Cast) -> None:
    cast.quarry.gate.resumed_at, cast.quarry.gate.resumed_by = SPRING, "Omar Haddad"
    cast.quarry.gate.is_shut = False
    cast.quarry.gate.save()
    (entry,) = board_scan.scan(District.objects.filter(pk=cast.quarry.pk), turned, at=SPRING)
    assert (entry.reset, entry.earlier) == (None, None)


def test_the_page_of_a_district_shows_the_reset_that_is_not_over_with_what_can_be_done(
    maya: Client, cast: Cast
) -> None:
    reset = Reset.objects.get(district=cast.quarry)
    page = maya.get("/districts/3609930/").content
    assert f"/resets/{reset.pk}/rostering-complete/" in page.decode()
    assert "Reset on Wed, July 28, 2027" in text(page)
    assert "came after the season opened" not in text(page)


def test_the_page_of_a_district_that_is_held_leads_to_its_reset(maya: Client, cast: Cast) -> None:
    reset = Reset.objects.get(district=cast.lakeside)
    page = maya.get("/districts/0620810/").content
    assert f"/resets/{reset.pk}/" in page.decode()
    assert "Its reset of 2026-27 is still held" in text(page)


def test_its_admin_reads_of_the_reset_that_is_not_over(client: Client, cast: Cast, turned: Season) -> None:
    assert "Your reset of Wed, July 28" in words(client, cast.dana, "/districts/0620810/")


@pytest.mark.parametrize("page", ["date", "ask"])
def test_the_adviser_says_at_once_that_the_earlier_reset_comes_first(
    client: Client, cast: Cast, turned: Season, page: str
) -> None:
    client.force_login(cast.maya if page == "date" else cast.dana)
    reset = Reset.objects.get(district=cast.lakeside)
    found = client.get(f"/districts/0620810/{page}/").content
    assert "Its reset of an earlier season is not over" in text(found)
    assert f"/resets/{reset.pk}/" in found.decode()


def test_a_question_of_the_last_season_is_still_answered(maya: Client, cast: Cast) -> None:
    reset = Reset.objects.get(district=cast.lakeside)
    Question.objects.create(reset=reset, text="When does it go on?", asked_at=JUNE_1, asked_by="Dana Whitfield")
    assert "When does it go on?" in words(maya, cast.maya, "/districts/0620810/answer/")


@pytest.mark.parametrize("page", ["dates", "letters", "hold", "preview"])
def test_the_other_pages_of_a_district_are_about_it_too(maya: Client, page: str) -> None:
    assert maya.get(f"/districts/0620810/{page}/").status_code == 200


def test_a_date_of_another_year_is_told_with_it(client: Client, cast: Cast, turned: Season) -> None:
    assert "Your reset of Wed, July 28, 2027 is on hold." in words(client, cast.dana, "/districts/0620810/")
    assert "of 2026-27" in words(client, cast.maya, "/districts/")


def test_its_dates_are_those_of_its_own_school_year(maya: Client, cast: Cast) -> None:
    assert "2026-27" in words(maya, cast.maya, "/districts/3609930/dates/")


def test_after_the_reset_lists_who_still_waits_of_the_last_season(maya: Client) -> None:
    (row,) = maya.get("/season/after/").context["rows"]
    assert (row["name"], row["earlier"]) == ("Quarry Hill", "2026-27")
    assert row["first_day"] is None or row["first_day"].year == 2027
    assert row["declare"]


def test_every_page_of_a_season_has_the_last_one_by_address(maya: Client) -> None:
    for page, said in (("/season/", "Season 2026-27"), ("/season/summary/", "Summary of 2026-27")):
        answer = maya.get(page, {"season": "2026-27"})
        assert said in text(answer.content)
        assert 'href="/season/after/?season=2026-27"' in answer.content.decode()
    assert maya.get("/season/after/", {"season": "2026-27"}).context["season"].school_year == "2026-27"
    assert maya.get("/season/summary/", {"season": "2026-27"}).context["total"]["completed"] == 1
    assert maya.get("/season/summary/").context["total"]["completed"] == 0


def test_downloads_are_of_the_season_of_the_address(maya: Client) -> None:
    for page in ("/season/summary/", "/season/after/", "/season/"):
        answer = maya.get(page, {"season": "2026-27"}).content.decode()
        address = re.search(r'href="(/season/[^"]*download/\?[^"]*season=2026-27[^"]*)"', answer)
        assert address, page
        assert "2026-27.xlsx" in maya.get(address[1].replace("&amp;", "&"))["Content-Disposition"]


def test_a_menu_leads_from_one_season_to_the_other(maya: Client) -> None:
    for page in ("/season/", "/season/after/", "/season/summary/"):
        found = maya.get(page, {"season": "2026-27"}).context
        (menu,) = [each for each in found.get("filters") or found["menus"] if each["label"] == "Season"]
        assert [(link["label"], link["url"], link["here"]) for link in menu["links"]] == [
            ("2027-28", "?", False),
            ("2026-27", "?season=2026-27", True),
        ]


@pytest.mark.parametrize("name", ["2040-41", "2026-27\x00"])
def test_a_season_that_was_never_opened_has_no_pages(maya: Client, name: str) -> None:
    for page in ("/season/", "/season/after/", "/season/summary/", "/season/summary/download/"):
        assert maya.get(page, {"season": name}).status_code == 404


def test_dates_of_a_season_gone_by_are_not_moved(maya: Client) -> None:
    found = maya.get("/season/", {"season": "2026-27", "day": "2027-07-28"}).context
    assert [row["name"] for row in found["rows"]] == ["Lakeside Unified", "Quarry Hill"]
    assert not any(row["is_movable"] for row in found["rows"])
    assert found["movable"] == 0


def test_a_district_that_has_gone_on_is_not_said_to_wait_in_the_season_gone_by(
    maya: Client, cast: Cast, turned: Season
) -> None:
    last = Reset.objects.get(district=cast.quarry)
    Reset.objects.filter(pk=last.pk).update(rostering_completed_at=JUNE_1, rostering_completed_by="Omar Haddad")
    Gate.objects.filter(pk=cast.quarry.pk).update(is_shut=False, resumed_at=SPRING, resumed_by="Omar Haddad")
    opening.add_district(season=turned, district=cast.quarry, to=date(2028, 7, 18), by=cast.maya, at=SPRING, reason="x")
    asked = {"season": "2026-27"}
    assert maya.get("/season/summary/", asked).context["total"]["waiting"] == 0
    assert maya.get("/season/after/", asked).context["rows"] == []
    (row,) = maya.get("/season/after/", asked | {"show": "done"}).context["rows"]
    assert row["sync"] == ("quiet", "Syncs wait for its next reset")
    (row, _other) = reversed(maya.get("/season/", asked | {"day": "2027-07-28"}).context["rows"])
    assert row["word"] == "Reset"
