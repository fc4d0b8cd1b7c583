"""What the adviser says beside the rules: the first day of school, assisted rostering, other products' days."""

from dataclasses import replace
from datetime import date

import pytest

from resets.policy import Advice, Calendar, Verdict, advise, federal_holiday

from .calendars import HARBOR_POINT, JUNE, POLICY, day, judged

SOON = replace(HARBOR_POINT, first_day=day(8, 2))
ASSISTED = replace(HARBOR_POINT, first_day=day(8, 9), rostering="assisted")


def advised(calendar: Calendar) -> Advice:
    return advise(policy=POLICY, calendar=calendar, now=JUNE)


class TestTheFirstDayOfSchool:
    def test_a_day_too_near_it_is_advised_against_and_stays_allowed(self) -> None:
        near = replace(SOON, rostering_starts=day(7, 30), first_day=day(7, 30))
        found = judged(day(7, 28), near)
        assert found.verdict == Verdict.RECOMMENDED
        (warning,) = found.warnings
        assert warning.sentence == (
            "School begins Fri, July 30, two days after the reset. New accounts take about three days after a reset, "
            "and would not be there. Nearest day that leaves time: Tue, July 27."
        )
        assert (warning.rule, warning.nearest) == ("", day(7, 27))
        assert warning.dates == (("reset", day(7, 28)), ("first day of school", day(7, 30)))

    def test_three_days_are_enough(self) -> None:
        near = replace(SOON, rostering_starts=day(7, 30), first_day=day(7, 30))
        assert judged(day(7, 27), near).warnings == ()

    def test_an_unknown_first_day_warns_of_nothing(self) -> None:
        assert judged(day(7, 28), replace(ASSISTED, first_day=None)).warnings == ()

    def test_a_day_after_it_is_warned_of_where_no_rule_refuses_it(self) -> None:
        unknown = replace(HARBOR_POINT, rostering_starts=None, first_day=day(7, 26))
        (warning,) = judged(day(7, 28), unknown).warnings
        assert "School begins Mon, July 26, two days before the reset." in warning.sentence
        assert warning.nearest is None  # every day asks for a reason, and none is offered in its place
        assert "Nearest" not in warning.sentence

    def test_a_refused_day_is_not_warned_of_besides(self) -> None:
        found = judged(day(8, 5), ASSISTED)
        assert found.refused
        assert (found.warnings, found.others) == ((), ())


class TestAssistedRostering:
    def test_two_weeks_before_school_are_advised_against(self) -> None:
        (warning,) = judged(day(7, 28), ASSISTED).warnings
        assert warning.sentence == (
            "School begins Mon, August 9, 12 days after the reset. Rostering is assisted: students cannot sign in "
            "for about two weeks after a reset. Nearest day that leaves time: Mon, July 26."
        )

    @pytest.mark.parametrize(("number", "is_warned"), [(26, False), (27, True)])
    def test_fourteen_days_are_enough(self, number: int, is_warned: bool) -> None:
        assert bool(judged(day(7, number), ASSISTED).warnings) == is_warned

    def test_no_other_method_waits_so_long(self) -> None:
        for method in ("", "automated", "self_managed"):
            assert judged(day(7, 28), replace(ASSISTED, rostering=method)).warnings == ()

    def test_the_words_tell_the_days_that_are_advised_against_apart(self) -> None:
        told = {each.label: each.sentence for each in advised(ASSISTED).ranges}
        assert told["June 19 to July 26"] == "The school year has ended by then. Free to choose."
        assert told["Tue, July 27"] == (
            "The school year has ended by then. Free to choose. "
            "Advised against: too near the first day of school, Mon, August 9."
        )

    def test_the_recommended_day_stays_the_rules_own(self) -> None:
        assert advised(ASSISTED).recommended == day(7, 28)


class TestAGapThatNoDayMends:
    def test_rostering_that_starts_too_near_school_is_said_once(self) -> None:
        calendar = replace(HARBOR_POINT, first_day=day(8, 4))
        assert advised(calendar).cautions == (
            "Rostering starts Mon, August 2, 2 days before the first day of school. A new roster takes about three "
            "days, so new accounts may not be there in time, whatever day the reset is on.",
        )

    def test_on_the_first_day_itself(self) -> None:
        assert "Mon, August 2, on the first day of school." in advised(SOON).cautions[0]

    @pytest.mark.parametrize("first_day", [None, day(8, 5)])
    def test_time_enough_or_nothing_known_is_no_caution(self, first_day: date | None) -> None:
        assert advised(replace(HARBOR_POINT, first_day=first_day)).cautions == ()

    def test_an_unknown_start_is_no_caution(self) -> None:
        assert advised(replace(SOON, rostering_starts=None)).cautions == ()


class TestOtherProducts:
    CALENDAR = replace(HARBOR_POINT, other_resets=(("Imagine Español", day(7, 20)),))

    def test_another_day_is_told(self) -> None:
        (other,) = judged(day(7, 28), self.CALENDAR).others
        assert other.sentence == "Imagine Español is reset Tue, July 20, eight days before the reset."
        assert (other.rule, other.nearest) == ("", day(7, 20))
        assert other.dates == (("reset", day(7, 28)), ("Imagine Español", day(7, 20)))

    def test_the_same_day_is_told(self) -> None:
        (other,) = judged(day(7, 20), self.CALENDAR).others
        assert other.sentence == "Imagine Español is reset on the same day."

    def test_the_words_mark_the_same_day(self) -> None:
        told_of_the_default = "The default. The school year ends before it, so it can stay."
        told = {each.label: each.sentence for each in advised(self.CALENDAR).ranges}
        assert told["Tue, July 20"].endswith("Imagine Español is reset on the same day.")
        assert told["Wed, July 28"] == told_of_the_default

    def test_it_adds_no_rule(self) -> None:
        assert judged(day(7, 28), self.CALENDAR).rules == judged(day(7, 28)).rules


def test_holidays_have_names() -> None:
    assert federal_holiday(day(7, 5)) == "Independence Day (observed)"
    assert federal_holiday(day(7, 6)) is None
