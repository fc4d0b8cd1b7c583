"""The rules of a season's resets, W1 to W11, as pure functions: no Django, no files, no clock."""

from .adviser import advise, judge
from .case import assigned_default
from .changes import Consequences, Move, Row, consequences_of_policy, moves
from .guards import already_started, may_set, new_year, one_school
from .model import Advice, Calendar, Finding, Judgement, Level, Range, RecordsHold, Verdict
from .opening import default_for, is_at_risk, opening, risks
from .season import CHOICES, POSSIBLE_SETTERS, Policy, PolicyError, school_year_ending
from .times import pauses_at, starts_at
from .words import month_day, spoken
from .workdays import federal_holiday

__all__ = [
    "CHOICES",
    "POSSIBLE_SETTERS",
    "Advice",
    "Calendar",
    "Consequences",
    "Finding",
    "Judgement",
    "Level",
    "Move",
    "Policy",
    "PolicyError",
    "Range",
    "RecordsHold",
    "Row",
    "Verdict",
    "advise",
    "already_started",
    "assigned_default",
    "consequences_of_policy",
    "default_for",
    "federal_holiday",
    "is_at_risk",
    "judge",
    "may_set",
    "month_day",
    "moves",
    "new_year",
    "one_school",
    "opening",
    "pauses_at",
    "risks",
    "school_year_ending",
    "spoken",
    "starts_at",
]
