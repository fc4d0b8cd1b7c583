"""Policy: a season's rules looked at, changed after a preview, drafted and opened by a CSM lead."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.models import SchoolYear
from resets import opening, policy_words, seasons, services
from resets.models import Reset, Season
from resets.policy import CHOICES, Policy
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.turning import reset_but_not_rostered
from tests.resets.views.reading import text, words

PAGE, DRAFT, OPEN = "/policy/", "/policy/draft/", "/policy/open/"
JULY_28, AUGUST_2 = date(2027, 7, 28), date(2027, 8, 2)
OF_2023 = {
    "default_dates": ["2027-07-28", ""],
    "default_assignment": "single",
    "first_date": "2027-06-19",
    "last_date": "",
    "after_default": "session_only",
    "holidays": "none",
    "lead_days": "0",
    "export_hours": "24",
    "last_export_hours": "72",
    "resumes_on": "rostering_complete",
    "opening_notice_days": "14",
}


@pytest.fixture
def maya(client: Client, cast: Cast, season: Season) -> Client:
    client.force_login(cast.maya)
    return client


@pytest.fixture
def draft(cast: Cast, june: time_machine.Traveller) -> Season:
    """A draft of the season of 2026-27, with none before it."""
    return opening.draft_season(policy=seasons.starting_policy(2027), by=cast.maya, at=JUNE_1, source="2023")


def look(client: Client, address: str = PAGE, **changed: Any) -> HttpResponse:
    seen = client.get(address).context["seen"]
    return client.post(address, OF_2023 | changed | {"seen": seen})  # type: ignore[return-value]


def save(client: Client, looked: Any, address: str = PAGE, **changed: Any) -> HttpResponse:
    marks = {name: looked.context[name] for name in ("seen", "looked")}
    return client.post(address, OF_2023 | changed | marks)  # type: ignore[return-value]


def test_the_rules_stand_as_they_are(maya: Client, cast: Cast, season: Season) -> None:
    answer: Any = look(maya)
    assert "Nothing: the rules are as they were." in text(answer.content)
    assert answer.context["form"].policy == season.rules


def test_a_look_says_what_would_change_and_saves_nothing(maya: Client, season: Season) -> None:
    said = text(look(maya, default_dates=["2027-08-02"]).content)
    assert "Default dates Wed, July 28, 2027 Mon, August 2, 2027" in said
    assert "2 resets would move:" in said
    assert "Lakeside Unified Wed, July 28 to Mon, August 2" in said
    assert set(season.resets.values_list("date", flat=True)) == {JULY_28}


def test_what_was_looked_at_is_saved_and_moves_the_defaults(maya: Client, season: Season) -> None:
    changed: dict[str, Any] = {"default_dates": ["2027-08-02"]}
    answer = save(maya, look(maya, **changed), **changed)
    assert "The rules of 2026-27 are saved. 2 resets moved." in text(maya.get(answer["Location"]).content)
    assert set(season.resets.values_list("date", flat=True)) == {AUGUST_2}


def test_what_was_not_looked_at_is_shown_first(maya: Client, season: Season) -> None:
    looked = look(maya, default_dates=["2027-08-02"])
    answer = save(maya, looked, default_dates=["2027-08-03"])
    assert "Mon, August 3" not in text(answer.content)
    assert "Tue, August 3" in text(answer.content)
    season.refresh_from_db()
    assert season.rules.default_dates == (JULY_28,)


def test_a_move_that_became_another_since_the_look_is_shown_again(maya: Client, cast: Cast, season: Season) -> None:
    changed: dict[str, Any] = {"default_dates": ["2027-08-02"]}
    looked = look(maya, **changed)
    services.keep_default(reset=season.resets.get(district=cast.lakeside), by=cast.dana, at=JUNE_1)
    answer = save(maya, looked, **changed)
    assert "1 reset would move:" in text(answer.content)
    assert "1 reset stays. It answered" in text(answer.content)
    season.refresh_from_db()
    assert season.rules.default_dates == (JULY_28,)


def test_somebody_elses_change_is_not_written_over(maya: Client, cast: Cast, season: Season) -> None:
    changed: dict[str, Any] = {"default_dates": ["2027-08-02"]}
    looked = look(maya, **changed)
    other = Policy.from_data(season.policy | {"lead_days": 2})
    opening.change_policy(season=season, after=other, by=cast.ellis, at=JUNE_1)
    answer = save(maya, looked, **changed)
    assert answer.status_code == 409
    assert "Somebody changed the rules meanwhile." in text(answer.content)
    season.refresh_from_db()
    assert season.rules == other


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"default_dates": ["2027-06-01"]}, "Tue, June 1, 2027 must lie inside the window."),
        ({"default_dates": ["2027-07-20", "2027-07-28"]}, "Must hold one date, or be assigned by"),
        ({"default_dates": [""]}, "Must hold at least one date."),
        ({"default_dates": ["soon"]}, "Must be a date such as 2027-07-28."),
        ({"default_dates": ["2027-07-28\x00"]}, "Must be a date such as 2027-07-28."),
        ({"default_dates": ["2027-07-31"], "weekdays_only": "on"}, "must be a day on which resets run."),
        ({"first_date": "2026-06-19"}, "Must lie in 2027, the year of the resets."),
        ({"first_date": "20270619"}, "Enter a valid date."),
        ({"last_date": "2027-06-01"}, "Must not come before the first date"),
        ({"lead_days": "61"}, "Must be from 0 to 60."),
        ({"lead_days": "one"}, "Enter a whole number."),
        ({"opening_notice_days": "0"}, "Must be from 1 to 120"),
        ({"setters": ["engineer"]}, "is not one of the available choices."),
        ({"outside_window": ["district_admin"]}, "Must be roles that may set a date."),
        ({"holidays": "all"}, "is not one of the available choices."),
    ],
)
def test_a_rule_that_cannot_be_is_refused_under_its_field(
    maya: Client, season: Season, changed: Mapping[str, Any], said: str
) -> None:
    answer: Any = look(maya, **changed)
    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors[next(iter(changed))])
    assert said in text(answer.content)
    season.refresh_from_db()
    assert season.rules == seasons.starting_policy(2027)


def test_nothing_typed_is_lost(maya: Client) -> None:
    answer = look(maya, default_dates=["2027-06-01", "2027-06-02"], lead_days="61")
    for value in ("2027-06-01", "2027-06-02", "61"):
        assert f'value="{value}"'.encode() in answer.content


def test_a_season_shaped_like_2024_can_be_written_by_hand(maya: Client, season: Season) -> None:
    changed: dict[str, Any] = {
        "default_dates": ["2027-07-19", "2027-08-02", "2027-08-16"],
        "default_assignment": "closest_to_last_reset",
        "first_date": "2027-06-01",
        "last_date": "2027-10-01",
        "after_default": "free",
        "weekdays_only": "on",
        "holidays": "us_federal",
        "lead_days": "1",
        "setters": ["district_admin"],
        "outside_window": ["csm", "csm_lead"],
        "resumes_on": "reset_complete",
    }
    assert save(maya, look(maya, **changed), **changed).status_code == 302
    season.refresh_from_db()
    assert season.rules == seasons.load("2024-shaped").moved_to(2027)


def test_the_page_says_what_the_rules_do_to_the_districts(maya: Client, cast: Cast) -> None:
    SchoolYear.objects.filter(district=cast.lakeside).update(rostering_starts_on=JULY_28)
    said = words(maya, cast.maya, PAGE)
    assert "2 resets to run" in said
    assert "At risk 1 Lakeside Unified Rostering starts Wed, July 28" in said
    assert "Would be refused 1 Lakeside Unified Wed, July 28: Rostering starts" in said


def test_the_entries_are_judged_before_they_are_saved(maya: Client) -> None:
    said = text(look(maya, default_dates=["2027-08-10"]).content)
    assert "What the entries do" in said
    assert "Would be refused 2" in said


def test_the_history_says_who_changed_what(maya: Client, cast: Cast) -> None:
    save(maya, look(maya, lead_days="2"), lead_days="2")
    assert "Maya Lindqvist changed the rules: Days of notice from 0 to 2. Resets that moved: 0." in words(
        maya, cast.maya, PAGE
    )


def test_the_next_season_is_drafted_from_this_ones_rules(maya: Client, season: Season) -> None:
    answer = maya.post(DRAFT, {"year": "2028", "source": "season 2026-27"})
    assert answer["Location"] == "/policy/?season=2027-28"
    drafted = Season.objects.get(school_year="2027-28")
    assert (drafted.rules, drafted.opened_at) == (season.rules.moved_to(2028), None)
    assert "Open 2027-28" in text(maya.get(answer["Location"]).content)


def test_a_season_is_drafted_from_a_year_gone_by(maya: Client) -> None:
    maya.post(DRAFT, {"year": "2028", "source": "2024-shaped"})
    assert Season.objects.get(school_year="2027-28").rules == seasons.load("2024-shaped").moved_to(2028)


@pytest.mark.parametrize(
    ("year", "said"), [("2027", "There is a season of 2026-27 already"), ("1", "2000"), ("", "required")]
)
def test_a_year_that_cannot_be_drafted_is_refused(maya: Client, year: str, said: str) -> None:
    answer = maya.post(DRAFT, {"year": year, "source": "2023"})
    assert answer.status_code == 422
    assert said in text(answer.content)
    assert Season.objects.count() == 1


def test_a_draft_is_changed_like_an_open_season(client: Client, cast: Cast, draft: Season) -> None:
    client.force_login(cast.maya)
    address = "/policy/?season=2026-27"
    save(client, look(client, address, lead_days="1"), address, lead_days="1")
    draft.refresh_from_db()
    assert draft.rules.lead_days == 1


def test_it_opens_once_its_school_year_is_typed(client: Client, cast: Cast, draft: Season) -> None:
    assert "2 districts get their default date" in words(client, cast.maya, OPEN, season="2026-27")
    answer = client.post(f"{OPEN}?season=2026-27", {"name": " 2026-27 "})
    assert "The season of 2026-27 is open. 2 resets got their default date." in text(
        client.get(answer["Location"]).content
    )
    assert Reset.objects.count() == 2


@pytest.mark.parametrize("name", ["", "2027-28", "Lakeside Unified"])
def test_another_name_opens_nothing(client: Client, cast: Cast, draft: Season, name: str) -> None:
    client.force_login(cast.maya)
    answer = client.post(f"{OPEN}?season=2026-27", {"name": name})
    assert answer.status_code == 422
    assert "That is not the season’s name." in text(answer.content)
    assert not Reset.objects.exists()


def test_a_default_too_near_is_said_before_and_refused_after(
    client: Client, cast: Cast, draft: Season, june: time_machine.Traveller
) -> None:
    june.move_to(datetime(2027, 7, 20, 16, tzinfo=UTC))
    said = words(client, cast.maya, OPEN, season="2026-27")
    assert "It cannot open yet. The default Wed, July 28 is 8 days ahead." in said
    assert "W2" in said
    client.force_login(cast.maya)
    assert client.post(f"{OPEN}?season=2026-27", {"name": "2026-27"}).status_code == 422
    assert not Reset.objects.exists()


def test_it_says_who_is_left_out_and_whose_syncs_stay_paused(maya: Client, cast: Cast, season: Season) -> None:
    reset_but_not_rostered(season.resets.get(district=cast.quarry))
    opening.draft_season(policy=seasons.starting_policy(2028), by=cast.maya, at=JUNE_1, source="2023")
    said = words(maya, cast.maya, OPEN, season="2027-28")
    assert "2 districts get no date: their earlier resets are not over." in said
    assert "1 district waits for rostering, and its syncs stay paused: Quarry Hill" in said
    assert "1 district has an earlier reset that is held or has not run: Lakeside Unified" in said
    assert maya.post(f"{OPEN}?season=2027-28", {"name": "2027-28"}).status_code == 422


def test_an_open_season_is_not_opened_again(maya: Client) -> None:
    answer = maya.post(f"{OPEN}?season=2026-27", {"name": "2026-27"})
    assert "There is no draft of that season to open." in text(maya.get(answer["Location"]).content)


@pytest.mark.parametrize("name", ["2040-41", "2026-27\x00"])
def test_a_season_that_is_not_there_is_not_found(maya: Client, name: str) -> None:
    assert maya.get(PAGE, {"season": name}).status_code == 404
    assert maya.get(OPEN, {"season": name}).status_code == 404


def test_before_the_first_season_one_can_be_drafted(client: Client, cast: Cast) -> None:
    assert "No season yet." in words(client, cast.maya, PAGE)


def test_a_csm_is_told_whose_it_is(maya: Client, cast: Cast) -> None:
    maya.force_login(cast.carmen)
    for answer in (maya.get(PAGE), maya.post(DRAFT), maya.get(OPEN)):
        assert answer.status_code == 403
        assert "A CSM lead sets a season’s rules." in text(answer.content)


def test_every_field_of_a_policy_has_its_words() -> None:
    rules = seasons.load("2024-shaped").to_data()
    assert set(policy_words.LABELS) == set(rules) - {"school_year", "year"}


def test_every_choice_of_a_policy_has_its_words() -> None:
    assert {name: tuple(found) for name, found in policy_words.CHOICES.items()} == CHOICES


def test_every_change_is_said_in_words() -> None:
    before, after = seasons.starting_policy(2027), seasons.load("2024-shaped").moved_to(2027)
    said = {label: f"{old} → {new}" for label, old, new in policy_words.differences(before, after)}
    assert said["Default dates"] == "Wed, July 28, 2027 → Mon, July 19, 2027, Mon, August 2, 2027, Mon, August 16, 2027"
    assert said["Last day"] == "the end of the year → Fri, October 1, 2027"
    assert said["Weekdays only"] == "no → yes"
    assert said["Who may set a date"] == "CSM, CSM lead → CSM, CSM lead, District admin"
    assert said["Who may leave the window"] == "Nobody → CSM, CSM lead"
    assert said["Holidays"] == "Resets run on holidays too → No resets on federal holidays"
    assert "Export proof" not in said


def test_the_page_asks_as_many_questions_for_two_districts_as_for_one(
    maya: Client, season: Season, cast: Cast, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as for_two:
        maya.get(PAGE)
    season.resets.filter(district=cast.quarry).delete()
    with django_assert_num_queries(len(for_two)):
        maya.get(PAGE)
