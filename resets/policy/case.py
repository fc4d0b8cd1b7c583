"""One question to the rules: a policy, a district's calendar, and what the time makes of both."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Self

from .model import Calendar, RecordsHold
from .season import SINGLE, Policy, same_day_in
from .times import day_after, starts_at, today_in


@dataclass(frozen=True)
class Case:
    """`today` is the district's date; `has_run_begun` tells whether today's run hour has passed (W10)."""

    policy: Policy
    calendar: Calendar
    today: date
    has_run_begun: bool
    role: str = "csm"

    @classmethod
    def at(cls, now: datetime, policy: Policy, calendar: Calendar, role: str = "csm") -> Self:
        """The case as it stands at `now` (a time with its zone) for a person of `role`."""
        today = today_in(calendar.zone, now)
        return cls(policy, calendar, today, starts_at(today, calendar) <= now, role)

    @cached_property
    def earliest(self) -> date:
        """The first day that is neither past nor too short a notice (W10)."""
        return day_after(self.today, max(self.policy.lead_days, int(self.has_run_begun)))

    @cached_property
    def default(self) -> date:
        """The default that the policy gives this district, be it past or ahead (W2)."""
        return assigned_default(self.policy, self.calendar)

    @cached_property
    def later_end(self) -> date | None:
        """The later end of its sessions; None while one that counts is unknown (W4)."""
        if self.calendar.sessions_unknown:
            return None
        return max(end for _, end in self.calendar.session_ends)

    @cached_property
    def has_late_session(self) -> bool:
        """Whether a session is known to end on or after the default (W4)."""
        return any(end >= self.default for _, end in self.calendar.session_ends)

    @cached_property
    def was_held_over_default(self) -> bool:
        """Whether a records hold lay over its default, or is to: open that day until it was too late for it (W4)."""
        return any(self._lies_over_default(held) for held in self.calendar.holds)

    def _lies_over_default(self, held: RecordsHold) -> bool:
        until = held.until and (max(held.until, self.today) if held.is_open else held.until)
        too_late = day_after(until, max(self.policy.lead_days, 1)) if until else date.max
        return held.placed_on <= self.default < too_late

    @cached_property
    def grace(self) -> tuple[date, ...]:
        """After a late session, the first two days with resets: they need no reason (W4)."""
        if self.later_end is None or not self.has_late_session:
            return ()
        return tuple(self._running_days_after(self.later_end, 2))

    def _running_days_after(self, day: date, count: int) -> list[date]:
        # Fourteen days hold two with resets, whatever weekends and holidays do.
        ahead = (day + timedelta(days=gap) for gap in range(1, min(14, (date.max - day).days) + 1))
        return [each for each in ahead if each.year == self.policy.year and self.policy.runs_on(each)][:count]

    @cached_property
    def candidates(self) -> tuple[date, ...]:
        """Every day that the window and the time leave open, before the other rules are asked."""
        whole_year = self.role in self.policy.outside_window
        opens = date(self.policy.year, 1, 1) if whole_year else self.policy.first_date
        closes = date(self.policy.year, 12, 31) if whole_year else self.policy.closes_on
        first = max(opens, self.earliest)
        return tuple(first + timedelta(days=gap) for gap in range((closes - first).days + 1))


def assigned_default(policy: Policy, calendar: Calendar) -> date:
    """The default of one district, be it past or ahead (W2).

    Of several, the one closest to the month and day of its last reset, the earlier of two. A district
    without a last reset gets the latest: a reset that comes too late is held by W11, one that comes too
    early has deleted work in progress.
    """
    if policy.default_assignment == SINGLE or calendar.last_reset_on is None:
        return policy.default_dates[-1]
    # A reset that ran late, into January of this season's year, still belongs to the year before.
    year = max(policy.year, min(calendar.last_reset_on.year + 1, date.max.year))
    last = same_day_in(year, calendar.last_reset_on)
    return min(policy.default_dates, key=lambda day: abs(day - last))
