"""A policy as data: read and written, moved to another year, refused with the field and its cure."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from resets.policy import Policy, PolicyError
from resets.seasons import load, names, starting_policy

from .calendars import POLICY, WORKDAYS, day

DATA = POLICY.to_data()


def problems(**changed: Any) -> dict[str, str]:
    """What is wrong with the 2023 rules after these changes to their data."""
    with pytest.raises(PolicyError) as caught:
        Policy.from_data(DATA | changed)
    return dict(caught.value.problems)


USUAL = {"opening_notice_days", "export_hours", "last_export_hours", "outside_window"}


class TestData:
    @pytest.mark.parametrize("name", ["2023", "2024-shaped"])
    def test_it_survives_the_way_through_json(self, name: str) -> None:
        policy = load(name)
        assert Policy.from_data(json.loads(json.dumps(policy.to_data()))) == policy

    def test_what_is_written_is_plain_and_in_order(self) -> None:
        assert WORKDAYS.to_data() == {
            "school_year": "2026-27",
            "year": 2027,
            "default_dates": ["2027-07-19", "2027-08-02", "2027-08-16"],
            "default_assignment": "closest_to_last_reset",
            "first_date": "2027-06-01",
            "last_date": "2027-10-01",
            "after_default": "free",
            "weekdays_only": True,
            "holidays": "us_federal",
            "lead_days": 1,
            "setters": ["csm", "csm_lead", "district_admin"],
            "resumes_on": "reset_complete",
            "requires_export_proof": False,
            "opening_notice_days": 14,
            "export_hours": 24,
            "last_export_hours": 72,
            "outside_window": ["csm", "csm_lead"],
        }

    def test_fields_with_a_usual_value_may_be_left_out(self) -> None:
        short = {name: value for name, value in DATA.items() if name not in USUAL}
        assert Policy.from_data(short) == POLICY

    @pytest.mark.parametrize("name", sorted(set(DATA) - USUAL))
    def test_every_other_field_must_be_there(self, name: str) -> None:
        with pytest.raises(PolicyError) as caught:
            Policy.from_data({key: value for key, value in DATA.items() if key != name})
        assert caught.value.problems == ((name, "is missing: add it."),)
        assert caught.value.field == name

    def test_a_field_that_it_does_not_know_is_refused(self) -> None:
        assert problems(colour="blue") == {"colour": "is not a field of a policy: take it out."}

    def test_all_that_is_wrong_is_said_at_once(self) -> None:
        with pytest.raises(PolicyError) as caught:
            Policy.from_data(DATA | {"colour": "blue", "year": "x", "lead_days": None})
        assert str(caught.value) == (
            "colour: is not a field of a policy: take it out.; year: must be a whole number.; "
            "lead_days: must be a whole number."
        )

    @pytest.mark.parametrize("text", ["20270728", "2027-W30-3", "7/28/2027", "2027-7-28", "2027-07-28 ", 5, None])
    def test_a_date_has_one_spelling(self, text: object) -> None:
        assert problems(first_date=text) == {"first_date": "must be a date such as 2027-07-28."}

    def test_a_day_that_does_not_exist_is_said_to_be_none(self) -> None:
        assert problems(last_date="2027-02-29") == {
            "last_date": "2027-02-29 is no date of the calendar: write one such as 2027-07-28."
        }

    @pytest.mark.parametrize(
        ("name", "value", "cure"),
        [
            ("default_dates", "2027-07-28", "must be a list."),
            ("setters", "csm", "must be a list."),
            ("setters", [1], "must be a word."),
            ("outside_window", [None], "must be a word."),
            ("school_year", 2026, "must be a word."),
            ("default_assignment", 1, "must be a word."),
            ("after_default", None, "must be a word."),
            ("holidays", False, "must be a word."),
            ("resumes_on", 0, "must be a word."),
            ("year", True, "must be a whole number."),
            ("lead_days", 1.0, "must be a whole number."),
            ("opening_notice_days", "14", "must be a whole number."),
            ("weekdays_only", 1, "must be true or false."),
            ("requires_export_proof", "no", "must be true or false."),
            ("default_dates", [5], "must be a date such as 2027-07-28."),
            ("last_date", 5, "must be a date such as 2027-07-28."),
        ],
    )
    def test_a_value_of_another_kind_is_refused_with_the_kind(self, name: str, value: object, cure: str) -> None:
        assert problems(**{name: value}) == {name: cure}


class TestConsistency:
    @pytest.mark.parametrize(
        ("name", "value", "cure"),
        [
            ("year", 1999, "must be from 2000 to 2999."),
            ("year", 3000, "must be from 2000 to 2999."),
            ("school_year", "2027-28", 'must be the one that ends in 2027: "2026-27".'),
            ("default_assignment", "random", "must be one of single, closest_to_last_reset."),
            ("after_default", "never", "must be one of session_only, earliest_day, free."),
            ("holidays", "moon", "must be one of none, us_federal."),
            ("resumes_on", "monday", "must be one of rostering_complete, reset_complete."),
            ("last_date", "2028-01-01", "must lie in 2027, the year of the resets."),
            ("first_date", "2026-06-19", "must lie in 2027, the year of the resets."),
            ("default_dates", [], "must hold at least one date."),
            ("default_dates", ["2027-06-18"], "Fri, June 18, 2027 must lie inside the window."),
            ("default_dates", ["2028-01-01"], "Sat, January 1, 2028 must lie inside the window."),
            ("lead_days", -1, "must be from 0 to 60."),
            ("opening_notice_days", 0, "must be from 1 to 120, and at least the lead days."),
            ("opening_notice_days", 121, "must be from 1 to 120, and at least the lead days."),
            ("setters", ["csm"], "must hold csm and csm_lead, and may add district_admin."),
            (
                "setters",
                ["csm", "csm_lead", "engineer"],
                "must hold csm and csm_lead, and may add district_admin.",
            ),
            ("outside_window", ["district_admin"], "must be roles that may set a date."),
        ],
    )
    def test_a_policy_that_cannot_be_names_the_field_and_its_cure(self, name: str, value: object, cure: str) -> None:
        assert problems(**{name: value}) == {name: cure}

    def test_the_window_ends_after_it_begins(self) -> None:
        found = problems(last_date="2027-06-18", default_dates=["2027-06-19"])
        assert found["last_date"] == "must not come before the first date, Sat, June 19, 2027."

    def test_the_window_may_be_one_day_long(self) -> None:
        policy = Policy.from_data(DATA | {"last_date": "2027-06-19", "default_dates": ["2027-06-19"]})
        assert policy.closes_on == policy.first_date

    def test_a_single_default_is_one(self) -> None:
        assert problems(default_dates=["2027-07-28", "2027-07-29"]) == {
            "default_dates": "must hold one date, or be assigned by closest_to_last_reset."
        }

    @pytest.mark.parametrize("days", [["2027-08-02", "2027-07-19"], ["2027-07-19", "2027-07-19"]])
    def test_defaults_stand_in_order_and_each_once(self, days: list[str]) -> None:
        found = problems(default_dates=days, default_assignment="closest_to_last_reset")
        assert found == {"default_dates": "must be in order, each date once."}

    def test_a_default_is_a_day_on_which_resets_run(self) -> None:
        with pytest.raises(PolicyError) as caught:
            replace(WORKDAYS, default_dates=(day(7, 5),))
        assert caught.value.problems == (("default_dates", "Mon, July 5, 2027 must be a day on which resets run."),)

    def test_all_who_set_dates_may_be_let_out_of_the_window(self) -> None:
        policy = replace(WORKDAYS, outside_window=WORKDAYS.setters)
        assert policy.outside_window == {"csm", "csm_lead", "district_admin"}

    def test_notice_at_its_limits_is_allowed(self) -> None:
        assert replace(POLICY, lead_days=60, opening_notice_days=60).lead_days == 60
        assert replace(POLICY, opening_notice_days=120).opening_notice_days == 120
        assert replace(POLICY, opening_notice_days=1).opening_notice_days == 1

    def test_opening_leaves_every_default_its_notice(self) -> None:
        assert "opening_notice_days" in problems(lead_days=15)
        assert problems(lead_days=61, opening_notice_days=70) == {"lead_days": "must be from 0 to 60."}

    def test_the_first_and_the_last_year_can_be(self) -> None:
        assert starting_policy(2000).school_year == "1999-00"
        assert starting_policy(2999).year == 2999


class TestMovedTo:
    def test_the_rules_of_2023_move_with_their_dates(self) -> None:
        assert (POLICY.year, POLICY.school_year) == (2027, "2026-27")
        assert (POLICY.first_date, POLICY.last_date) == (day(6, 19), None)
        assert POLICY.default_dates == (day(7, 28),)
        assert POLICY.closes_on == day(12, 31)
        assert POLICY.after_default == load("2023").after_default

    def test_a_default_that_falls_on_a_weekend_moves_to_the_nearest_weekday(self) -> None:
        moved = load("2024-shaped").moved_to(2026)  # July 19, August 2 and 16 are Sundays
        assert moved.default_dates == (date(2026, 7, 20), date(2026, 8, 3), date(2026, 8, 17))

    def test_a_default_on_a_saturday_moves_back_to_friday(self) -> None:
        moved = load("2024-shaped").moved_to(2025)
        assert moved.default_dates == (date(2025, 7, 18), date(2025, 8, 1), date(2025, 8, 15))

    def test_a_default_at_the_windows_edge_stays_inside_it(self) -> None:
        policy = replace(WORKDAYS, first_date=day(7, 19))
        assert policy.moved_to(2025).default_dates[0] == date(2025, 7, 21)
        policy = replace(WORKDAYS, last_date=day(8, 16))
        assert policy.moved_to(2026).default_dates[-1] == date(2026, 8, 14)

    def test_a_default_on_an_observed_holiday_moves_to_the_nearest_working_day(self) -> None:
        policy = replace(load("2024-shaped"), default_dates=(date(2024, 7, 5),))
        assert policy.moved_to(2027).default_dates == (day(7, 6),)

    def test_defaults_that_meet_on_one_day_become_one(self) -> None:
        policy = replace(load("2024-shaped"), default_dates=(date(2024, 7, 19), date(2024, 7, 22)))
        assert policy.moved_to(2028).default_dates == (date(2028, 7, 19), date(2028, 7, 21))
        assert policy.moved_to(2029).default_dates == (date(2029, 7, 19), date(2029, 7, 23))
        close = replace(policy, default_dates=(date(2024, 7, 18), date(2024, 7, 19)))
        assert close.moved_to(2026).default_dates == (date(2026, 7, 17), date(2026, 7, 20))
        assert close.moved_to(2025).default_dates == (date(2025, 7, 18),)

    def test_of_two_working_days_as_near_a_default_takes_the_earlier(self) -> None:
        policy = replace(load("2024-shaped"), last_date=None, default_dates=(date(2024, 11, 25),))
        assert policy.moved_to(2027).default_dates == (day(11, 24),)  # the 25th is Thanksgiving Day

    def test_a_default_on_the_windows_first_or_last_day_stays_there(self) -> None:
        policy = replace(WORKDAYS, first_date=day(7, 19), last_date=day(8, 16))
        assert policy.moved_to(2027).default_dates == policy.default_dates

    def test_february_29_becomes_the_28th_where_there_is_none(self) -> None:
        leap = replace(POLICY.moved_to(2028), first_date=date(2028, 2, 29), last_date=date(2028, 7, 31))
        assert leap.moved_to(2029).first_date == date(2029, 2, 28)
        assert leap.moved_to(2032).first_date == date(2032, 2, 29)
        assert leap.moved_to(2032).last_date == date(2032, 7, 31)

    def test_there_and_back_is_where_it_was(self) -> None:
        assert POLICY.moved_to(2023) == load("2023")

    @pytest.mark.parametrize("year", [0, 1999, 3000, 10_000])
    def test_it_does_not_move_out_of_its_years(self, year: int) -> None:
        with pytest.raises(PolicyError) as caught:
            POLICY.moved_to(year)
        assert caught.value.problems == (("year", "must be from 2000 to 2999."),)


class TestDaysWithResets:
    def test_weekdays_alone_where_the_policy_says_so(self) -> None:
        assert [WORKDAYS.runs_on(day(7, each)) for each in (16, 17, 18, 19)] == [True, False, False, True]
        assert POLICY.runs_on(day(7, 17))

    @pytest.mark.parametrize(
        ("when", "name"),
        [
            (date(2027, 6, 18), "Juneteenth National Independence Day (observed)"),
            (date(2027, 7, 5), "Independence Day (observed)"),
            (date(2021, 12, 31), "New Year's Day (observed)"),
            (date(2027, 9, 6), "Labor Day"),
            (date(2027, 9, 7), None),
        ],
    )
    def test_federal_holidays_are_known_by_the_day_they_are_observed(self, when: date, name: str | None) -> None:
        assert WORKDAYS.holiday(when) == name
        assert POLICY.holiday(when) is None


class TestSeasons:
    def test_both_seasons_are_there_to_start_from(self) -> None:
        assert names() == ("2023", "2024-shaped")

    def test_the_season_of_2023_is_the_articles(self) -> None:
        policy = load("2023")
        assert policy.default_dates == (date(2023, 7, 28),)
        assert policy.first_date == date(2023, 6, 19)
        assert (policy.school_year, policy.year, policy.last_date) == ("2022-23", 2023, None)
        assert (policy.after_default, policy.resumes_on) == ("session_only", "rostering_complete")
        assert policy.setters == {"csm", "csm_lead"}
        assert not policy.weekdays_only
        assert (policy.holidays, policy.lead_days, policy.opening_notice_days) == ("none", 0, 14)

    def test_a_season_that_is_not_there_is_an_error(self) -> None:
        with pytest.raises(FileNotFoundError):
            load("1999")
