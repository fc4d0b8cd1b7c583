"""Days that are too late to choose (W10), and days on which several rules collide."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from resets.policy import Level, judge

from .calendars import CEDAR_VALLEY, EVE, HARBOR_POINT, JUNE, LAKESIDE, SPRING, WORKDAYS, day, judged


class TestW10Past:
    def test_it_refuses_a_past_day(self) -> None:
        found = judged(day(7, 26), LAKESIDE, now=EVE)
        assert found.refused
        assert found.sentence == "Mon, July 26 is past: today is Tue, July 27. Nearest day: Wed, July 28."
        assert found.findings[0].rule == "W10"
        assert found.findings[0].gist == "Past."
        assert found.findings[0].dates == (("reset", day(7, 26)), ("today", day(7, 27)))

    def test_it_refuses_today_once_the_run_hour_has_passed(self) -> None:
        found = judged(day(7, 27), LAKESIDE, now=EVE)
        assert found.refused
        assert found.sentence == ("Tue, July 27 is today. The night's run began at 1:00 AM. Nearest day: Wed, July 28.")
        assert found.findings[0].gist == "Today. The night's run began at 1:00 AM."
        assert found.findings[0].dates == (("reset", day(7, 27)), ("today", day(7, 27)))

    @pytest.mark.parametrize(("minute", "refused"), [(59, False), (60, True)])
    def test_today_is_lost_at_the_run_hour_itself(self, minute: int, refused: bool) -> None:
        now = datetime(2027, 7, 6, 4 + minute // 60, minute % 60, tzinfo=UTC)  # midnight in New York is 04:00
        assert judged(day(7, 6), now=now).refused is refused

    def test_today_is_the_districts_and_not_the_servers(self) -> None:
        guam = replace(HARBOR_POINT, zone="Pacific/Guam")
        assert judged(day(7, 6), guam, now=datetime(2027, 7, 6, 13, tzinfo=UTC)).refused
        assert not judged(day(7, 7), guam, now=datetime(2027, 7, 6, 14, tzinfo=UTC)).refused
        assert judged(day(7, 7), guam, now=datetime(2027, 7, 6, 15, tzinfo=UTC)).refused

    def test_a_days_notice_refuses_today_and_two_days_notice_tomorrow(self) -> None:
        now = datetime(2027, 7, 6, 4, 30, tzinfo=UTC)  # 12:30 AM: today's run is still to come
        found = judge(day(7, 6), policy=WORKDAYS, calendar=HARBOR_POINT, now=now)
        assert found.sentence == ("Resets need 1 day of notice. Today is Tue, July 6. Nearest day: Wed, July 7.")
        assert found.findings[0].rule == "W10"
        assert found.findings[0].dates == (("reset", day(7, 6)), ("today", day(7, 6)))
        two = replace(WORKDAYS, lead_days=2)
        found = judge(day(7, 7), policy=two, calendar=HARBOR_POINT, now=now)
        assert found.findings[0].gist == "Resets need 2 days of notice."
        assert not judge(day(7, 8), policy=two, calendar=HARBOR_POINT, now=now).refused

    def test_once_the_run_has_begun_it_says_so_rather_than_speak_of_notice(self) -> None:
        found = judge(day(7, 6), policy=WORKDAYS, calendar=HARBOR_POINT, now=datetime(2027, 7, 6, 5, tzinfo=UTC))
        assert [each.gist for each in found.findings] == ["Today. The night's run began at 1:00 AM."]

    def test_it_refuses_to_judge_by_a_time_without_a_zone(self) -> None:
        with pytest.raises(ValueError, match="The rules need a time with its zone"):
            judged(day(7, 6), now=SPRING.replace(tzinfo=None))


class TestSeveralCollisions:
    def test_all_are_listed_the_worst_first(self) -> None:
        calendar = replace(LAKESIDE, rostering_starts=day(6, 15))
        found = judged(day(6, 16), calendar, now=datetime(2027, 6, 17, 13, tzinfo=UTC))
        assert [(each.rule, each.level) for each in found.findings] == [
            ("W10", Level.REFUSE),
            ("W3", Level.REFUSE),
            ("W1", Level.REFUSE),
            ("W6", Level.ACKNOWLEDGE),
        ]
        assert found.rules == ("W1", "W3", "W6", "W10")

    def test_a_refused_day_carries_no_advice(self) -> None:
        assert all(each.level != Level.ADVISE for each in judged(day(8, 20)).findings)

    def test_before_the_season_the_window_explains_today(self) -> None:
        assert judged(day(6, 1), now=JUNE).findings[0].gist == "Before the window opens, Sat, June 19."

    def test_every_refusal_of_a_day_names_the_same_nearest_day(self) -> None:
        found = judged(day(8, 20), CEDAR_VALLEY)
        assert {each.nearest for each in found.findings} == {day(7, 27)}
