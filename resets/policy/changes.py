"""A changed policy against the dates that districts already have: who would be refused, who would move."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from .case import Case, assigned_default
from .model import Calendar, Level
from .opening import default_for, is_at_risk
from .season import Policy
from .speech import gettext as _
from .survey import Survey
from .times import starts_at
from .words import spoken


class Row(NamedTuple):
    """A district's date as it stands. `key` is the caller's own; `day` is None where it has none yet.

    `answered`: the district kept the default or asked for a day (W9).
    """

    key: object
    day: date | None
    is_default: bool
    answered: bool
    calendar: Calendar


@dataclass(frozen=True)
class Consequences:
    """What a policy makes of the dates that stand, as keys: `judge` and `risks` say why, for those that are shown."""

    refused: tuple[object, ...]
    needing_reason: tuple[object, ...]
    at_risk: tuple[object, ...]
    without_date: tuple[object, ...]
    total: int


@dataclass(frozen=True)
class Move:
    """One district under a changed default: moves from `before` to `after`, or stays and `stays` says why."""

    key: object
    before: date | None
    after: date | None
    stays: str
    at_risk: bool = False
    is_same: bool = field(default=False, compare=False)  # the change was not about it

    @property
    def moves(self) -> bool:
        """Whether the date changes."""
        return not self.stays


def consequences_of_policy(policy: Policy, rows: Iterable[Row], *, now: datetime) -> Consequences:
    """How many districts' dates the policy would refuse, ask a reason for, or put at risk.

    A row without a date is given the policy's default (W2); one that gets none is `without_date`. Looks for no
    better day, so that thousands of districts take no longer than a page may.
    """
    rows = [_dated(policy, row, now) for row in rows]
    dated = [(row, row.day) for row in rows if row.day is not None]
    levels = [(row.key, Survey(Case.at(now, policy, row.calendar)).level_on(day)) for row, day in dated]
    return Consequences(
        refused=tuple(key for key, level in levels if level == Level.REFUSE),
        needing_reason=tuple(key for key, level in levels if level == Level.ACKNOWLEDGE),
        at_risk=tuple(row.key for row, day in dated if is_at_risk(day, row.is_default, calendar=row.calendar)),
        without_date=tuple(row.key for row in rows if row.day is None),
        total=len(rows),
    )


def moves(before: Policy, after: Policy, rows: Iterable[Row], *, now: datetime) -> tuple[Move, ...]:
    """The preview of a default that changes after opening (W9): unanswered defaults move, all else stays.

    No date moves into the past (W2) or once its run has begun (W10). Each move says whether it is at risk then.
    """
    return tuple(_move(before, after, row, now) for row in rows)


def _move(before: Policy, after: Policy, row: Row, now: datetime) -> Move:
    goal = assigned_default(after, row.calendar)
    stays = next((why(before, after, row, now) for why in _STAYS if why(before, after, row, now)), "")
    if stays:
        return Move(row.key, row.day, row.day, stays, is_same=stays == _is_same(before, after, row, now))
    return Move(row.key, row.day, goal, "", is_at_risk(goal, row.is_default, calendar=row.calendar))


def _has_none(before: Policy, after: Policy, row: Row, now: datetime) -> str:
    return _("It has no date this season.") if row.day is None else ""


def _is_chosen(before: Policy, after: Policy, row: Row, now: datetime) -> str:
    return "" if row.is_default else _("Its date was chosen.")


def _is_answered(before: Policy, after: Policy, row: Row, now: datetime) -> str:
    return _("It answered: the default stays as agreed.") if row.answered else ""


def _is_same(before: Policy, after: Policy, row: Row, now: datetime) -> str:
    goal = assigned_default(after, row.calendar)
    same = goal in (row.day, assigned_default(before, row.calendar))
    return _("Its default does not change.") if same else ""


def _has_begun(before: Policy, after: Policy, row: Row, now: datetime) -> str:
    begun = row.day is not None and starts_at(row.day, row.calendar) <= now
    return _("Its reset has started.") if begun else ""


def _is_too_late(before: Policy, after: Policy, row: Row, now: datetime) -> str:
    if default_for(policy=after, calendar=row.calendar, now=now):
        return ""
    day = spoken(assigned_default(after, row.calendar), after.year)
    return _("The new default, {day}, is too soon or past.").format(day=day)


_STAYS: tuple[Callable[[Policy, Policy, Row, datetime], str], ...] = (
    _has_none,
    _is_chosen,
    _is_answered,
    _has_begun,
    _is_same,
    _is_too_late,
)


def _dated(policy: Policy, row: Row, now: datetime) -> Row:
    if row.day is not None:
        return row
    day = default_for(policy=policy, calendar=row.calendar, now=now)
    return row._replace(day=day, is_default=day is not None)
