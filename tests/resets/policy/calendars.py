"""The season of 2027 under the rules of 2023, the districts that it judges, and times to ask at."""

from dataclasses import replace
from datetime import UTC, date, datetime

from resets.policy import Calendar, Finding, Judgement, judge
from resets.seasons import load, starting_policy

POLICY = starting_policy(2027)
WORKDAYS = load("2024-shaped").moved_to(2027)

# The school year ends Fri, June 18; rostering starts Mon, August 2.
HARBOR_POINT = Calendar(
    "America/New_York",
    school_year_ends=date(2027, 6, 18),
    has_summer_session=False,
    rostering_starts=date(2027, 8, 2),
)
# Summer session ends Fri, July 30, two days after the default.
LAKESIDE = Calendar(
    "America/Los_Angeles",
    school_year_ends=date(2027, 6, 10),
    has_summer_session=True,
    summer_session_ends=date(2027, 7, 30),
    rostering_starts=date(2027, 8, 9),
)
# Rostering starts on the default itself.
CEDAR_VALLEY = replace(HARBOR_POINT, zone="America/Chicago", rostering_starts=date(2027, 7, 28))

SPRING = datetime(2027, 4, 5, 13, tzinfo=UTC)
JUNE = datetime(2027, 6, 1, 13, 5, tzinfo=UTC)
EVE = datetime(2027, 7, 27, 23, 12, tzinfo=UTC)  # Tue, July 27, 4:12 PM in Los Angeles


def day(month: int, number: int) -> date:
    """A day of 2027."""
    return date(2027, month, number)


def judged(when: date, calendar: Calendar = HARBOR_POINT, *, now: datetime = SPRING, role: str = "csm") -> Judgement:
    """The judgement of the 2023 rules."""
    return judge(when, policy=POLICY, calendar=calendar, now=now, role=role)


def only(found: tuple[Finding, ...], rule: str) -> Finding:
    """The one finding of that rule; fails when there is none or more than one."""
    (finding,) = [each for each in found if each.rule == rule]
    return finding
