"""W11 is asked twice: by a sync, which cannot import the rules, and by the run. Both must say the same."""

from datetime import date

import pytest

from districts.roster import years
from resets import policy, seasons

POLICY = seasons.starting_policy(2027)


@pytest.mark.parametrize("starts", [date(2027, 8, 9), None])
@pytest.mark.parametrize("year", ["", "2025-26", "2026-27", "2027-28", "2028-29"])
@pytest.mark.parametrize("day", [date(2027, 6, 1), date(2027, 8, 8), date(2027, 8, 9), date(2027, 9, 1)])
def test_a_sync_waits_for_just_those_rosters_that_would_hold_the_run(day: date, year: str, starts: date | None) -> None:
    standing = years.Standing(day, "2026-27", starts, is_pending=True, closed="", closed_on=None)
    waits = bool(years.early(standing) or years.ahead(year, standing))
    calendar = policy.Calendar("America/New_York", rostering_starts=starts)
    holds = policy.new_year(day, year or None, policy=POLICY, calendar=calendar)
    assert waits is (holds is not None)
