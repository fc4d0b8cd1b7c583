"""The date adviser by example: the same in words, the recommended day, and the remedies when none is left."""

from dataclasses import replace
from datetime import UTC, date, datetime

from resets.policy import Advice, Calendar, Verdict, advise

from .calendars import CEDAR_VALLEY, EVE, HARBOR_POINT, JUNE, LAKESIDE, POLICY, SPRING, WORKDAYS, day


def advised(calendar: Calendar, now: datetime = SPRING) -> Advice:
    return advise(policy=POLICY, calendar=calendar, now=now)


def told(advice: Advice) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.label, each.verdict.value, each.rules) for each in advice.ranges]


class TestTheSameInWords:
    def test_it_tells_the_season_of_a_late_session_on_the_eve_of_the_default(self) -> None:
        assert told(advised(LAKESIDE, EVE)) == [
            ("June 1 to July 26", "refused", ("W1", "W6", "W10")),
            ("Tue, July 27", "refused", ("W6", "W10")),
            ("July 28 to July 30", "acknowledge", ("W6",)),
            ("Sat, July 31", "recommended", ("W4",)),
            ("Sun, August 1", "allowed", ("W4",)),
            ("August 2 to August 8", "acknowledge", ("W4",)),
            ("August 9 and after", "refused", ("W3", "W4")),
        ]

    def test_it_tells_the_season_of_a_district_that_can_keep_the_default(self) -> None:
        advice = advised(HARBOR_POINT, JUNE)
        assert told(advice) == [
            ("June 1 to June 18", "refused", ("W1", "W6", "W10")),
            ("June 19 to July 27", "allowed", ("W4", "W5")),
            ("Wed, July 28", "recommended", ("W5",)),
            ("July 29 to August 1", "refused", ("W4",)),
            ("August 2 and after", "refused", ("W3", "W4")),
        ]
        assert [each.sentence for each in advice.ranges] == [
            "Before the window opens, Sat, June 19.",
            "The school year has ended by then. Free to choose.",
            "The default. The school year ends before it, so it can stay.",
            "No session ends on or after Wed, July 28, so nothing calls for a later day.",
            "Rostering starts Mon, August 2. The reset must come before it.",
        ]

    def test_ranges_carry_their_first_and_last_day(self) -> None:
        free = advised(HARBOR_POINT, JUNE).ranges[1]
        assert (free.first, free.last, free.verdict) == (day(6, 19), day(7, 27), Verdict.ALLOWED)

    def test_weekends_break_no_range_and_a_note_says_that_they_are_refused(self) -> None:
        calendar = replace(HARBOR_POINT, last_reset_on=date(2026, 7, 19))
        advice = advise(policy=WORKDAYS, calendar=calendar, now=JUNE)
        assert ("June 21 to July 16", "allowed", ("W5",)) in told(advice)
        assert advice.notes == ("Weekends are refused (W1).", "Federal holidays are refused (W1).")
        assert advised(HARBOR_POINT).notes == ()

    def test_a_range_that_is_refused_only_for_now_is_not_said_to_go_on(self) -> None:
        advice = advise(policy=POLICY, calendar=HARBOR_POINT, now=JUNE, first=day(6, 10), last=day(6, 12))
        assert [each.label for each in advice.ranges] == ["June 10 to June 12"]

    def test_one_day_that_is_still_open_is_enough_not_to_say_that_it_goes_on(self) -> None:
        calendar = replace(HARBOR_POINT, rostering_starts=day(6, 20))
        advice = advise(policy=POLICY, calendar=calendar, now=JUNE, first=day(6, 10), last=day(6, 12))
        assert [each.label for each in advice.ranges] == ["June 10 to June 12"]

    def test_a_last_range_that_is_allowed_is_not_said_to_go_on(self) -> None:
        advice = advise(policy=POLICY, calendar=HARBOR_POINT, now=JUNE, first=day(7, 26), last=day(7, 28))
        assert [each.label for each in advice.ranges] == ["July 26 to July 27", "Wed, July 28"]

    def test_it_shows_whole_months_from_the_window_to_the_month_after_the_default(self) -> None:
        days = [each.day for each in advised(HARBOR_POINT).days]
        assert (days[0], days[-1], len(days)) == (day(6, 1), day(8, 31), 92)

    def test_it_shows_on_to_the_month_in_which_rostering_starts(self) -> None:
        assert advised(replace(HARBOR_POINT, rostering_starts=day(9, 7))).days[-1].day == day(9, 30)

    def test_it_shows_on_to_the_month_of_the_recommended_day(self) -> None:
        late = replace(LAKESIDE, summer_session_ends=day(9, 30), rostering_starts=date(2028, 1, 3))
        assert advised(late).days[-1].day == day(10, 31)

    def test_it_shows_the_months_before_the_window_to_those_who_may_leave_it(self) -> None:
        calendar = replace(HARBOR_POINT, school_year_ends=day(4, 9))
        csm = advise(policy=WORKDAYS, calendar=calendar, now=SPRING)
        admin = advise(policy=WORKDAYS, calendar=calendar, now=SPRING, role="district_admin")
        assert (csm.days[0].day, admin.days[0].day) == (day(4, 1), day(6, 1))

    def test_a_default_in_the_last_month_ends_the_page_with_the_year(self) -> None:
        december = replace(POLICY, default_dates=(day(12, 15),))
        advice = advise(policy=december, calendar=HARBOR_POINT, now=SPRING)
        assert advice.days[-1].day == day(12, 31)

    def test_it_shows_the_month_after_the_default_though_rostering_starts_before(self) -> None:
        assert advised(CEDAR_VALLEY).days[-1].day == day(8, 31)


class TestTheRecommendedDay:
    def test_it_is_the_default_where_all_sessions_end_before_it(self) -> None:
        assert advised(HARBOR_POINT).recommended == day(7, 28)

    def test_it_is_the_day_after_a_late_session_and_the_next_leaves_time_for_an_export(self) -> None:
        advice = advised(LAKESIDE)
        assert (advice.recommended, advice.export_day) == (day(7, 31), day(8, 1))

    def test_it_leaves_time_for_an_export_itself_where_sessions_ended_days_before(self) -> None:
        assert advised(HARBOR_POINT).export_day == day(7, 28)

    def test_no_day_leaves_time_for_an_export_when_none_is_allowed(self) -> None:
        advice = advised(replace(HARBOR_POINT, school_year_ends=day(7, 27)))
        assert (advice.recommended, advice.export_day) == (day(7, 28), None)

    def test_it_is_the_nearest_free_day_where_rostering_starts_on_the_default(self) -> None:
        assert advised(CEDAR_VALLEY).recommended == day(7, 27)

    def test_it_comes_after_the_later_end_and_not_after_the_earlier(self) -> None:
        longer = replace(LAKESIDE, school_year_ends=day(8, 3))
        assert advised(longer).recommended == day(8, 4)

    def test_it_is_the_earliest_day_that_is_left_once_the_first_ones_are_past(self) -> None:
        advice = advised(LAKESIDE, datetime(2027, 8, 4, 20, tzinfo=UTC))
        assert advice.recommended == day(8, 5)
        assert {each.verdict for each in advice.days if each.day == day(8, 5)} == {Verdict.ACKNOWLEDGE}

    def test_it_still_stands_where_only_the_rostering_start_is_missing(self) -> None:
        advice = advised(replace(LAKESIDE, rostering_starts=None))
        assert advice.recommended == day(7, 31)
        assert advice.missing == ("rostering date missing",)

    def test_there_is_none_while_session_dates_are_missing(self) -> None:
        advice = advised(Calendar("America/New_York"))
        assert (advice.recommended, advice.export_day) == (None, None)
        assert advice.missing == ("rostering date missing", "session dates missing")
        assert advice.remedies == ()

    def test_nothing_is_missing_where_all_dates_are_known(self) -> None:
        assert advised(HARBOR_POINT).missing == ()


class TestRemedies:
    def test_there_is_none_to_give_while_a_free_day_is_left(self) -> None:
        assert advised(LAKESIDE).remedies == ()

    def test_rostering_on_the_default_is_moved_when_tomorrow_is_too_late(self) -> None:
        advice = advised(CEDAR_VALLEY, EVE)
        assert advice.recommended is None
        assert advice.remedies == ("No earlier day is left: ask the district to start on Thu, July 29 or later.",)

    def test_rostering_before_the_end_of_a_session_is_moved_past_it(self) -> None:
        advice = advised(replace(LAKESIDE, rostering_starts=day(7, 29)))
        assert advice.remedies == (
            "Every earlier day needs a reason: ask the district to start on Sun, August 1 or later.",
        )

    def test_once_rostering_has_begun_the_reset_is_put_on_hold(self) -> None:
        advice = advised(replace(CEDAR_VALLEY, rostering_starts=day(7, 26)), EVE)
        assert advice.remedies == (
            "Put the reset on hold, or have the district take the new roster back and start on Thu, July 29 or later.",
        )

    def test_rostering_that_starts_today_has_begun(self) -> None:
        (remedy,) = advised(replace(CEDAR_VALLEY, rostering_starts=day(7, 27)), EVE).remedies
        assert remedy.startswith("Put the reset on hold")

    def test_with_session_dates_missing_rostering_moves_past_the_first_day_of_the_window(self) -> None:
        advice = advised(Calendar("America/New_York", rostering_starts=day(6, 19)))
        assert advice.remedies == ("No earlier day is left: ask the district to start on Sun, June 20 or later.",)

    def test_past_the_default_only_a_later_session_end_helps(self) -> None:
        (remedy,) = advised(HARBOR_POINT, datetime(2027, 7, 29, 13, tzinfo=UTC)).remedies
        assert remedy == (
            "The default, Wed, July 28, is past and no session is known to end on or after it: "
            "enter a later session end if there is one, else the next season resets this district."
        )

    def test_past_the_window_the_next_season_resets_the_district(self) -> None:
        advice = advise(
            policy=WORKDAYS,
            calendar=replace(HARBOR_POINT, rostering_starts=None),
            now=datetime(2027, 10, 1, 13, tzinfo=UTC),
            role="district_admin",
        )
        assert advice.remedies == (
            "The window closes Fri, October 1 and no day is left in it: the next season resets this district.",
        )

    def test_days_that_only_need_a_reason_are_left(self) -> None:
        assert advised(LAKESIDE, datetime(2027, 8, 4, 20, tzinfo=UTC)).remedies == ()
