"""Opening a season (W2), its defaults, and who is at risk from that day on (W8)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from resets.policy import Calendar, Level, assigned_default, default_for, is_at_risk, opening, risks
from resets.policy.model import Finding

from .calendars import CEDAR_VALLEY, EVE, HARBOR_POINT, LAKESIDE, POLICY, SPRING, WORKDAYS, day


class TestDefaultFor:
    def test_every_district_gets_the_one_default(self) -> None:
        assert default_for(policy=POLICY, calendar=HARBOR_POINT, now=SPRING) == day(7, 28)

    @pytest.mark.parametrize(("hour", "given"), [(4, True), (5, False)])
    def test_it_gives_none_once_the_run_hour_of_the_default_has_passed(self, hour: int, given: bool) -> None:
        now = datetime(2027, 7, 28, hour, tzinfo=UTC)  # midnight and 1:00 AM in New York
        assert (default_for(policy=POLICY, calendar=HARBOR_POINT, now=now) is not None) is given

    def test_it_gives_none_within_the_policys_notice(self) -> None:
        policy = replace(POLICY, lead_days=2)
        now = datetime(2027, 7, 26, 13, tzinfo=UTC)
        assert default_for(policy=policy, calendar=HARBOR_POINT, now=now) == day(7, 28)
        now = datetime(2027, 7, 27, 13, tzinfo=UTC)
        assert default_for(policy=policy, calendar=HARBOR_POINT, now=now) is None

    @pytest.mark.parametrize(
        ("last", "given"),
        [
            (date(2026, 6, 19), (7, 19)),
            (date(2026, 7, 26), (7, 19)),  # seven days from either: the earlier
            (date(2026, 7, 28), (8, 2)),
            (date(2025, 8, 9), (8, 2)),
            (date(2026, 8, 10), (8, 16)),
            (date(2024, 2, 29), (7, 19)),
            (date(2027, 1, 2), (8, 16)),  # it ran late, past the end of 2026
            (date(9999, 12, 31), (8, 16)),
            (None, (8, 16)),
        ],
    )
    def test_of_several_it_gives_the_one_closest_to_the_last_reset(
        self, last: date | None, given: tuple[int, int]
    ) -> None:
        calendar = replace(HARBOR_POINT, last_reset_on=last)
        assert assigned_default(WORKDAYS, calendar) == day(*given)

    def test_a_single_default_does_not_look_at_the_last_reset(self) -> None:
        calendar = replace(HARBOR_POINT, last_reset_on=date(2026, 6, 19))
        assert assigned_default(POLICY, calendar) == day(7, 28)


class TestOpening:
    def test_a_season_opens_two_weeks_before_its_default(self) -> None:
        now = datetime(2027, 7, 14, 12, tzinfo=UTC)
        assert opening(POLICY, now=now, zones=["America/New_York"]) == ()

    def test_it_does_not_open_a_day_later(self) -> None:
        now = datetime(2027, 7, 15, 12, tzinfo=UTC)
        (finding,) = opening(POLICY, now=now, zones=["America/New_York"])
        assert finding.rule == "W2"
        assert finding.level == Level.REFUSE
        assert finding.dates == (("default", day(7, 28)), ("today", day(7, 15)))
        assert finding.nearest == day(7, 29)
        assert finding.gist == "A season opens only while every default is at least 14 days ahead."
        assert finding.sentence == (
            "The default Wed, July 28 is 13 days ahead. A season opens only while every default is at "
            "least 14 days ahead. Nearest day: Thu, July 29."
        )

    def test_the_district_whose_date_is_furthest_on_counts(self) -> None:
        now = datetime(2027, 7, 14, 14, tzinfo=UTC)  # July 15 in Guam
        assert opening(POLICY, now=now, zones=["America/New_York", "Pacific/Guam"])
        assert not opening(POLICY, now=now, zones=["America/New_York"])

    def test_without_districts_the_date_in_utc_counts(self) -> None:
        assert opening(POLICY, now=datetime(2027, 7, 15, 0, tzinfo=UTC), zones=[])
        assert not opening(POLICY, now=datetime(2027, 7, 14, 23, tzinfo=UTC), zones=[])

    def test_each_default_that_is_too_close_is_named(self) -> None:
        found = opening(WORKDAYS, now=datetime(2027, 7, 23, 12, tzinfo=UTC), zones=[])
        assert [each.dates[0][1] for each in found] == [day(7, 19), day(8, 2)]
        assert "The default Mon, July 19 is past." in found[0].sentence
        assert found[0].nearest == day(8, 6)

    def test_a_default_of_today_is_said_to_be_today(self) -> None:
        (finding,) = opening(POLICY, now=datetime(2027, 7, 28, 12, tzinfo=UTC), zones=[])
        assert finding.sentence.startswith("The default Wed, July 28 is today.")

    def test_a_default_of_tomorrow_is_one_day_ahead(self) -> None:
        (finding,) = opening(POLICY, now=datetime(2027, 7, 27, 12, tzinfo=UTC), zones=[])
        assert finding.sentence.startswith("The default Wed, July 28 is 1 day ahead.")

    def test_the_nearest_day_is_one_on_which_resets_run(self) -> None:
        found = opening(WORKDAYS, now=datetime(2027, 7, 17, 12, tzinfo=UTC), zones=[])
        assert {each.nearest for each in found} == {day(8, 2)}
        found = opening(WORKDAYS, now=datetime(2027, 7, 18, 12, tzinfo=UTC), zones=[])
        assert {each.nearest for each in found} == {day(8, 2)}

    def test_before_the_window_the_nearest_day_is_the_one_on_which_it_opens(self) -> None:
        early = replace(POLICY, default_dates=(day(6, 19),))
        (finding,) = opening(early, now=datetime(2027, 6, 7, 12, tzinfo=UTC), zones=[])
        assert finding.nearest == day(6, 21)

    def test_past_the_window_it_names_no_day(self) -> None:
        (*_, finding) = opening(WORKDAYS, now=datetime(2027, 9, 20, 12, tzinfo=UTC), zones=[])
        assert finding.nearest is None
        assert finding.sentence.endswith("No day of the window is that far ahead.")

    def test_the_last_day_of_the_window_still_is_one(self) -> None:
        (*_, finding) = opening(WORKDAYS, now=datetime(2027, 9, 17, 12, tzinfo=UTC), zones=[])
        assert finding.nearest == day(10, 1)


def risk(calendar: Calendar, now: datetime = SPRING, *, default: bool = True) -> Finding:
    (finding,) = risks(day(7, 28), default, policy=POLICY, calendar=calendar, now=now)
    return finding


class TestRisks:
    def test_a_session_that_ends_after_the_default_puts_it_at_risk(self) -> None:
        found = risk(LAKESIDE, EVE)
        assert (found.rule, found.level, found.nearest) == ("W6", Level.ACKNOWLEDGE, day(7, 31))
        assert found.dates == (("reset", day(7, 28)), ("summer session ends", day(7, 30)))
        assert found.gist.endswith("students would lose work in progress.")
        assert found.sentence == (
            "Summer session ends Fri, July 30, two days after the reset: students would lose work in "
            "progress. Nearest day that would do: Sat, July 31."
        )

    @pytest.mark.parametrize(("ends", "words"), [(28, "the day of the reset"), (29, "the day after the reset")])
    def test_it_says_how_the_two_dates_lie(self, ends: int, words: str) -> None:
        calendar = replace(HARBOR_POINT, school_year_ends=day(7, ends))
        assert words in risk(calendar).sentence

    def test_rostering_on_the_default_puts_it_at_risk_while_an_earlier_day_is_left(self) -> None:
        found = risk(CEDAR_VALLEY)
        assert (found.rule, found.level, found.nearest) == ("W3", Level.REFUSE, day(7, 27))
        assert found.dates == (("reset", day(7, 28)), ("rostering starts", day(7, 28)))
        assert found.gist == "Rostering starts Wed, July 28, the day of the reset, and must come after it."
        assert found.sentence == (
            "Rostering starts Wed, July 28, the day of the reset, and must come after it. "
            "Nearest day that would do: Tue, July 27."
        )

    def test_with_no_earlier_day_left_it_asks_to_move_rostering(self) -> None:
        found = risk(CEDAR_VALLEY, EVE)
        assert found.nearest is None
        assert found.sentence == (
            "Rostering starts Wed, July 28, the day of the reset, and must come after it. "
            "No earlier day is left: ask the district to start on Thu, July 29 or later."
        )

    def test_rostering_that_has_begun_would_lose_the_new_years_students(self) -> None:
        found = risk(replace(CEDAR_VALLEY, rostering_starts=day(7, 26)), EVE)
        assert found.sentence == (
            "Rostering started Mon, July 26, two days before the reset: students of the new year would be "
            "deleted with the old year's. Put the reset on hold, or have the district take the new roster "
            "back and start on Thu, July 29 or later."
        )

    def test_rostering_that_starts_today_has_begun(self) -> None:
        assert risk(replace(CEDAR_VALLEY, rostering_starts=day(7, 27)), EVE).sentence.startswith(
            "Rostering started Tue, July 27, the day before the reset"
        )

    def test_a_nearest_day_that_needs_a_reason_says_so(self) -> None:
        found = risk(replace(CEDAR_VALLEY, school_year_ends=day(7, 27)))
        assert found.sentence.endswith("Nearest day that would do: Tue, July 27 (with a reason).")

    def test_a_late_session_without_a_rostering_date_still_names_the_day_after_it(self) -> None:
        found = risk(replace(LAKESIDE, rostering_starts=None))
        assert found.sentence.endswith("Nearest day that would do: Sat, July 31 (with a reason).")

    def test_each_session_in_progress_is_a_risk_of_its_own(self) -> None:
        calendar = replace(LAKESIDE, school_year_ends=day(7, 29))
        found = risks(day(7, 28), True, policy=POLICY, calendar=calendar, now=SPRING)
        assert [each.dates[1][0] for each in found] == ["school year ends", "summer session ends"]
        assert {each.nearest for each in found} == {day(7, 31)}

    def test_rostering_before_a_session_ends_is_to_be_moved_past_it(self) -> None:
        calendar = replace(LAKESIDE, rostering_starts=day(7, 29))
        found = risk(calendar)
        assert found.nearest is None
        assert found.sentence.endswith(
            "Every earlier day needs a reason: ask the district to start on Sun, August 1 or later."
        )

    def test_a_session_beyond_the_year_leaves_no_day(self) -> None:
        found = risk(replace(LAKESIDE, summer_session_ends=date(2028, 1, 31), rostering_starts=date(2028, 2, 2)))
        assert found.sentence.endswith("No day is left that would do.")

    def test_rostering_comes_first_when_both_collide(self) -> None:
        calendar = replace(LAKESIDE, rostering_starts=day(7, 28))
        found = risks(day(7, 28), True, policy=POLICY, calendar=calendar, now=SPRING)
        assert [each.rule for each in found] == ["W3", "W6"]

    def test_a_chosen_date_is_at_risk_from_rostering_alone(self) -> None:
        assert risks(day(7, 28), False, policy=POLICY, calendar=LAKESIDE, now=SPRING) == ()
        assert risk(CEDAR_VALLEY, default=False).rule == "W3"
        assert not is_at_risk(day(7, 28), False, calendar=LAKESIDE)
        assert is_at_risk(day(7, 28), False, calendar=CEDAR_VALLEY)

    def test_a_chosen_date_that_is_at_risk_can_be_kept_if_rostering_moves_past_it(self) -> None:
        calendar = replace(CEDAR_VALLEY, rostering_starts=day(7, 15))
        now = datetime(2027, 7, 14, 20, tzinfo=UTC)
        (found,) = risks(day(7, 20), False, policy=POLICY, calendar=calendar, now=now)
        assert found.sentence.endswith("ask the district to start on Wed, July 21 or later.")

    def test_missing_dates_are_no_risk(self) -> None:
        unknown = Calendar("America/New_York")
        assert risks(day(7, 28), True, policy=POLICY, calendar=unknown, now=SPRING) == ()
        assert not is_at_risk(day(7, 28), True, calendar=unknown)

    def test_a_default_that_breaks_nothing_is_not_at_risk(self) -> None:
        assert risks(day(7, 28), True, policy=POLICY, calendar=HARBOR_POINT, now=SPRING) == ()
        assert not is_at_risk(day(7, 28), True, calendar=HARBOR_POINT)

    def test_a_session_that_ends_on_the_default_is_at_risk(self) -> None:
        assert is_at_risk(day(7, 28), True, calendar=replace(HARBOR_POINT, school_year_ends=day(7, 28)))
