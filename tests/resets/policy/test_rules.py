"""Each rule of a reset date by example: what it refuses, asks a reason for or advises, and in which words."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from resets.policy import Calendar, Level, RecordsHold, Verdict, advise, judge

from .calendars import (
    HARBOR_POINT,
    LAKESIDE,
    POLICY,
    SPRING,
    WORKDAYS,
    day,
    judged,
    only,
)


def held(placed: date, until: date | None, *, is_open: bool = False) -> Calendar:
    """Harbor Point with a records hold."""
    return replace(HARBOR_POINT, holds=(RecordsHold(placed, until, is_open),))


class TestW1Window:
    def test_it_refuses_the_day_before_the_window_opens(self) -> None:
        found = judged(day(6, 18), replace(HARBOR_POINT, school_year_ends=day(6, 1)))
        assert found.verdict == Verdict.REFUSED
        assert found.sentence == "Before the window opens, Sat, June 19. Nearest day: Sat, June 19."
        finding = only(found.findings, "W1")
        assert finding.dates == (("reset", day(6, 18)), ("window opens", day(6, 19)))
        assert finding.nearest == found.nearest == day(6, 19)

    def test_it_allows_the_day_on_which_the_window_opens(self) -> None:
        assert judged(day(6, 19)).verdict == Verdict.ALLOWED

    def test_it_allows_the_last_day_of_the_window_and_refuses_the_next(self) -> None:
        calendar = replace(HARBOR_POINT, rostering_starts=day(12, 1))
        last = judge(day(10, 1), policy=WORKDAYS, calendar=calendar, now=SPRING, role="district_admin")
        late = judge(day(10, 4), policy=WORKDAYS, calendar=calendar, now=SPRING, role="district_admin")
        assert not last.refused
        assert late.refused
        assert late.sentence == "After the window closes, Fri, October 1. Nearest day: Fri, October 1."
        assert late.findings[0].dates == (("reset", day(10, 4)), ("window closes", day(10, 1)))

    def test_a_csm_may_leave_the_window_with_a_reason_where_the_policy_lets_her(self) -> None:
        calendar = replace(HARBOR_POINT, rostering_starts=day(12, 1))
        late = judge(day(10, 4), policy=WORKDAYS, calendar=calendar, now=SPRING, role="csm")
        assert late.verdict == Verdict.ACKNOWLEDGE
        assert late.rules == ("W1", "W5")
        assert late.nearest == day(10, 1)

    def test_it_refuses_a_weekend_where_resets_run_on_weekdays(self) -> None:
        found = judge(day(7, 17), policy=WORKDAYS, calendar=HARBOR_POINT, now=SPRING)
        assert found.refused
        assert found.sentence == ("Sat, July 17 is a weekend. Resets run on weekdays only. Nearest day: Fri, July 16.")
        assert found.findings[0].rule == "W1"
        assert found.findings[0].gist == "Resets run on weekdays only."

    def test_of_two_days_as_near_the_earlier_is_named(self) -> None:
        found = judge(day(7, 4), policy=WORKDAYS, calendar=HARBOR_POINT, now=SPRING)
        assert found.nearest == day(7, 2)

    def test_it_refuses_a_federal_holiday_on_the_day_it_is_observed(self) -> None:
        found = judge(day(7, 5), policy=WORKDAYS, calendar=HARBOR_POINT, now=SPRING)
        assert found.refused
        assert found.sentence == (
            "Mon, July 5 is Independence Day (observed). Resets do not run on federal holidays. "
            "Nearest day: Tue, July 6."
        )
        assert found.findings[0].gist == "Resets do not run on federal holidays."

    def test_the_rules_of_2023_know_no_weekends_and_no_holidays(self) -> None:
        assert not judged(day(7, 4)).refused


class TestW3Rostering:
    def test_it_refuses_the_day_on_which_rostering_starts(self) -> None:
        found = judged(day(8, 9), LAKESIDE)
        assert found.refused
        assert found.sentence == (
            "Rostering starts Mon, August 9. The reset must come before it. Nearest day: Sun, August 8."
        )
        finding = only(found.findings, "W3")
        assert finding.level == Level.REFUSE
        assert finding.dates == (("reset", day(8, 9)), ("rostering starts", day(8, 9)))

    def test_it_does_not_refuse_the_day_before_rostering_starts(self) -> None:
        assert not judged(day(8, 8), LAKESIDE).refused

    def test_an_unknown_start_of_rostering_asks_for_a_reason(self) -> None:
        found = judged(day(7, 20), replace(HARBOR_POINT, rostering_starts=None))
        assert found.verdict == Verdict.ACKNOWLEDGE
        assert found.findings[0].rule == "W3"
        assert found.sentence == "Its rostering start is missing."
        assert found.findings[0].dates == (("reset", day(7, 20)),)
        assert found.nearest is None

    def test_a_rostering_start_in_another_year_is_said_with_its_year(self) -> None:
        found = judged(day(7, 20), replace(HARBOR_POINT, rostering_starts=date(2026, 8, 9)))
        assert found.sentence.startswith("Rostering starts Sun, August 9, 2026.")
        assert found.sentence.endswith("No day is left that would do.")


class TestW4AfterTheDefault:
    def test_it_refuses_a_later_day_to_a_district_whose_sessions_end_before_the_default(self) -> None:
        found = judged(day(7, 29))
        assert found.refused
        assert found.sentence == (
            "No session ends on or after Wed, July 28, so nothing calls for a later day. Nearest day: Wed, July 28."
        )
        assert only(found.findings, "W4").dates == (
            ("reset", day(7, 29)),
            ("default", day(7, 28)),
            ("school year ends", day(6, 18)),
        )

    @pytest.mark.parametrize(("ends", "refused"), [(27, True), (28, False)])
    def test_a_session_that_ends_on_the_default_itself_allows_a_later_day(self, ends: int, refused: bool) -> None:
        assert judged(day(7, 29), replace(HARBOR_POINT, school_year_ends=day(7, ends))).refused is refused

    def test_a_records_hold_over_the_default_calls_for_a_later_day_with_a_reason(self) -> None:
        found = judged(day(7, 31), held(day(6, 21), day(7, 29)), now=datetime(2027, 7, 30, 9, tzinfo=UTC))
        assert (found.verdict, found.nearest) == (Verdict.ACKNOWLEDGE, None)
        assert found.sentence == "A records hold over the default, Wed, July 28, calls for a later day."
        (finding,) = found.findings
        assert (finding.rule, finding.level) == ("W4", Level.ACKNOWLEDGE)
        assert finding.dates[1:] == (("default", day(7, 28)), ("school year ends", day(6, 18)))

    @pytest.mark.parametrize(
        ("placed", "until", "is_open", "refused"),
        [
            (day(7, 28), day(7, 28), False, False),
            (day(6, 21), day(7, 27), False, True),  # ended in time for the default
            (day(7, 29), day(8, 20), False, True),  # came after it
            (day(6, 21), None, True, False),
            (day(6, 21), day(8, 20), True, False),
            (day(6, 21), day(6, 30), True, True),  # is to end in time for it
        ],
    )
    def test_only_a_hold_that_lies_over_the_default_does(
        self, placed: date, until: date | None, is_open: bool, refused: bool
    ) -> None:
        assert judged(day(7, 29), held(placed, until, is_open=is_open)).refused is refused

    def test_a_hold_that_is_still_open_lies_over_every_day_up_to_today(self) -> None:
        overdue = held(day(6, 21), day(6, 30), is_open=True)
        assert not judged(day(8, 1), overdue, now=datetime(2027, 7, 28, 15, tzinfo=UTC)).refused

    @pytest.mark.parametrize(("ended", "refused"), [(25, True), (26, False)])
    def test_a_hold_that_left_no_notice_for_the_default_lay_over_it(self, ended: int, refused: bool) -> None:
        policy = replace(POLICY, lead_days=3)
        found = judge(day(7, 29), policy=policy, calendar=held(day(6, 21), day(7, ended)), now=SPRING)
        assert found.refused is refused

    def test_a_held_district_is_still_reset_before_its_rostering_starts(self) -> None:
        assert "W3" in judged(day(8, 2), held(day(6, 21), day(7, 29))).rules
        assert judged(day(8, 2), held(day(6, 21), day(7, 29))).refused

    def test_the_first_day_that_is_left_is_recommended_after_a_hold(self) -> None:
        now = datetime(2027, 7, 29, 15, tzinfo=UTC)
        found = advise(policy=POLICY, calendar=held(day(6, 21), day(7, 29)), now=now)
        assert (found.recommended, found.remedies) == (day(7, 30), ())

    def test_a_late_session_recommends_the_day_after_its_end(self) -> None:
        found = judged(day(7, 31), LAKESIDE)
        assert found.verdict == Verdict.RECOMMENDED
        assert not found.needs_reason
        assert found.sentence == "The first day after the last session."

    def test_the_day_after_a_session_leaves_no_time_for_an_export(self) -> None:
        note = judged(day(7, 31), LAKESIDE).findings[-1]
        assert note.level == Level.ADVISE
        assert note.sentence == (
            "Leaves no time for an export that holds the last day, Fri, July 30. Sun, August 1 does."
        )
        assert (note.rule, note.nearest) == ("W4", day(8, 1))
        assert note.dates == (("reset", day(7, 31)), ("last day of a session", day(7, 30)))
        assert note.gist == "Leaves no time for an export that holds the last day, Fri, July 30."

    def test_it_says_when_no_later_day_is_allowed_for_the_export(self) -> None:
        note = judged(day(7, 28), replace(HARBOR_POINT, school_year_ends=day(7, 27))).findings[-1]
        assert note.sentence.endswith("Tue, July 27. No later day is allowed.")
        assert note.nearest is None

    def test_the_next_day_needs_no_reason_and_leaves_time_for_an_export(self) -> None:
        found = judged(day(8, 1), LAKESIDE)
        assert found.verdict == Verdict.ALLOWED
        assert found.sentence == ("The next day: it leaves time for an export with the session's last day in it.")
        assert found.rules == ("W4",)
        assert len(found.findings) == 1

    def test_a_later_day_asks_for_a_reason_and_names_the_days_that_need_none(self) -> None:
        found = judged(day(8, 3), LAKESIDE)
        assert found.verdict == Verdict.ACKNOWLEDGE
        assert found.sentence == (
            "3 days later than it needs to be. No reason needed on Sat, July 31 or Sun, August 1."
        )
        assert found.nearest == day(8, 1)
        assert found.rules == ("W4",)
        assert found.findings[0].dates[1:] == (
            ("school year ends", day(6, 10)),
            ("summer session ends", day(7, 30)),
        )

    def test_the_third_day_is_the_first_that_needs_a_reason(self) -> None:
        assert judged(day(8, 2), LAKESIDE).needs_reason

    def test_where_resets_run_on_weekdays_the_first_two_weekdays_need_no_reason(self) -> None:
        policy = replace(WORKDAYS, after_default="earliest_day")
        calendar = replace(LAKESIDE, last_reset_on=date(2026, 7, 19), rostering_starts=day(9, 1))
        verdicts = {
            each: judge(day(8, each), policy=policy, calendar=calendar, now=SPRING).verdict for each in (1, 2, 3, 4)
        }
        assert verdicts == {
            1: Verdict.REFUSED,
            2: Verdict.RECOMMENDED,
            3: Verdict.ALLOWED,
            4: Verdict.ACKNOWLEDGE,
        }

    def test_an_unknown_session_end_asks_for_a_reason_and_refuses_no_later_day(self) -> None:
        for unknown in (
            replace(LAKESIDE, school_year_ends=None),
            replace(LAKESIDE, has_summer_session=None),
            replace(LAKESIDE, summer_session_ends=None),
        ):
            found = judged(day(8, 3), unknown)
            assert found.verdict == Verdict.ACKNOWLEDGE
            assert "Its session dates are missing." in [each.sentence for each in found.findings]

    def test_the_milder_policy_refuses_no_later_day_but_asks_why_one_after_a_late_session(self) -> None:
        mild = replace(POLICY, after_default="earliest_day")
        assert judge(day(7, 30), policy=mild, calendar=HARBOR_POINT, now=SPRING).verdict == Verdict.ALLOWED
        assert judge(day(8, 3), policy=mild, calendar=LAKESIDE, now=SPRING).needs_reason

    def test_the_free_policy_asks_for_nothing_after_a_late_session(self) -> None:
        free = replace(POLICY, after_default="free")
        found = judge(day(8, 3), policy=free, calendar=LAKESIDE, now=SPRING)
        assert found.verdict == Verdict.ALLOWED
        assert found.rules == ("W5",)
        assert judge(day(7, 31), policy=free, calendar=LAKESIDE, now=SPRING).verdict == Verdict.RECOMMENDED

    @pytest.mark.parametrize("when", [date(2028, 7, 1), date(2026, 7, 1), date.min, date.max])
    def test_it_refuses_a_date_outside_the_seasons_year(self, when: date) -> None:
        found = judged(when)
        assert found.refused
        assert "is outside 2027, the year of this season's resets." in found.sentence
        assert found.findings[0].rule == "W4"
        assert found.findings[0].dates == (("reset", when),)
        assert found.findings[0].gist == "Outside 2027, the year of this season's resets."
        assert found.nearest in (day(6, 19), day(7, 28))


class TestW5LeaveTheDefault:
    def test_it_recommends_the_default_where_the_school_year_ends_before_it(self) -> None:
        found = judged(day(7, 28))
        assert found.verdict == Verdict.RECOMMENDED
        assert found.sentence == "The default. The school year ends before it, so it can stay."
        assert found.findings[0].rule == "W5"
        assert found.findings[0].dates == (
            ("reset", day(7, 28)),
            ("default", day(7, 28)),
            ("school year ends", day(6, 18)),
        )

    def test_it_speaks_of_both_sessions_where_there_are_two(self) -> None:
        calendar = replace(LAKESIDE, summer_session_ends=day(7, 9))
        assert judged(day(7, 28), calendar).sentence == "The default. Both sessions end before it, so it can stay."
        assert judged(day(7, 20), calendar).findings[0].gist == "Both sessions have ended by then. Free to choose."

    def test_an_earlier_day_is_free_and_says_how_far_it_lies_from_both_dates(self) -> None:
        found = judged(day(7, 6))
        assert found.verdict == Verdict.ALLOWED
        assert found.nearest is None
        assert found.findings[0].gist == "The school year has ended by then. Free to choose."
        assert found.sentence == (
            "18 days after the school year ends (Fri, June 18) and 27 days before rostering starts "
            "(Mon, August 2). No reason is needed."
        )

    def test_the_margins_speak_of_the_last_session_where_there_are_two(self) -> None:
        found = judged(day(7, 20), replace(LAKESIDE, summer_session_ends=day(7, 9)))
        assert found.sentence.startswith("11 days after the last session ends (Fri, July 9) and 20 days before")


class TestW6WorkInProgress:
    def test_the_last_day_of_a_session_asks_for_a_reason_and_the_next_does_not(self) -> None:
        calendar = replace(HARBOR_POINT, school_year_ends=day(7, 1))
        assert judged(day(7, 1), calendar).verdict == Verdict.ACKNOWLEDGE
        assert judged(day(7, 2), calendar).verdict == Verdict.ALLOWED

    def test_it_says_until_when_the_session_runs_and_which_days_need_no_reason(self) -> None:
        found = judged(day(7, 28), LAKESIDE)
        assert found.findings[0].rule == "W6"
        assert found.sentence == (
            "Summer session runs until Fri, July 30. Students would lose work in progress. "
            "No reason needed on Sat, July 31 or Sun, August 1."
        )
        assert found.findings[0].dates == (("reset", day(7, 28)), ("summer session ends", day(7, 30)))
        assert found.nearest == day(7, 31)

    def test_it_names_both_sessions_when_both_are_in_progress(self) -> None:
        found = judged(day(6, 20), replace(LAKESIDE, school_year_ends=day(6, 25)))
        assert found.findings[0].gist == (
            "School year runs until Fri, June 25 and summer session runs until Fri, July 30. "
            "Students would lose work in progress."
        )
        assert found.findings[0].dates[1:] == (
            ("school year ends", day(6, 25)),
            ("summer session ends", day(7, 30)),
        )

    def test_without_a_late_session_it_names_the_nearest_day_that_needs_no_reason(self) -> None:
        found = judged(day(6, 20), replace(HARBOR_POINT, school_year_ends=day(6, 25)))
        assert found.sentence.endswith("No reason needed on Sat, June 26.")

    def test_a_summer_session_that_does_not_take_place_has_no_end(self) -> None:
        calendar = replace(HARBOR_POINT, summer_session_ends=day(8, 20))
        assert judged(day(7, 28), calendar).verdict == Verdict.RECOMMENDED
