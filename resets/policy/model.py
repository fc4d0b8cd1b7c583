"""What the rules are asked about and what they answer: a district's calendar, findings, advice."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from .speech import gettext as _

ASSISTED = "assisted"
"""The rostering method after whose resets students cannot sign in for about two weeks."""


class Level(StrEnum):
    """How hard a finding stands in the way of a date."""

    ADVISE = "advise"
    ACKNOWLEDGE = "acknowledge"
    REFUSE = "refuse"


class Verdict(StrEnum):
    """What a day of the adviser's grid is. ACKNOWLEDGE: allowed once the CSM says why."""

    RECOMMENDED = "recommended"
    ALLOWED = "allowed"
    ACKNOWLEDGE = "acknowledge"
    REFUSED = "refused"


class RecordsHold(NamedTuple):
    """The district's days of a records hold. `until` is when it ended or, while open, is to end; None: nobody knows."""

    placed_on: date
    until: date | None
    is_open: bool = False


@dataclass(frozen=True)
class Calendar:
    """A district's dates, all local to its IANA `zone`; None is a date that nobody has told yet.

    `run_hour` (0 to 23) is when its nightly run begins. `last_reset_on` is the date on which its reset
    of the year before really ran. `rostering` is its method, such as ASSISTED; `other_resets` are days on
    which other products of the vendor are reset there: (product, date). Both, and `first_day` of school, advise.
    `holds` are its records holds: one that lay over its default calls for a later day (W4).
    """

    zone: str
    run_hour: int = 1
    school_year_ends: date | None = None
    has_summer_session: bool | None = None
    summer_session_ends: date | None = None
    rostering_starts: date | None = None
    last_reset_on: date | None = None
    first_day: date | None = None
    rostering: str = ""
    other_resets: tuple[tuple[str, date], ...] = ()
    holds: tuple[RecordsHold, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.run_hour <= 23:
            raise ValueError(f"A run hour is 0 to 23, not {self.run_hour}.")

    @property
    def session_ends(self) -> tuple[tuple[str, date], ...]:
        """The ends of sessions that are known: ("School year", date), ("Summer session", date).

        The names are keys, not words of a page: what is said of a session is said in whole sentences.
        """
        summer = self.summer_session_ends if self.has_summer_session else None
        ends = (("School year", self.school_year_ends), ("Summer session", summer))
        return tuple((name, end) for name, end in ends if end is not None)

    @property
    def sessions_unknown(self) -> bool:
        """Whether an end that the rules need is missing (W4)."""
        if self.school_year_ends is None or self.has_summer_session is None:
            return True
        return self.has_summer_session and self.summer_session_ends is None

    @property
    def missing(self) -> tuple[str, ...]:
        """What a CSM still has to ask the district for, in the words of her list (W3, W4)."""
        asked = (
            (_("rostering date missing"), self.rostering_starts is None),
            (_("session dates missing"), self.sessions_unknown),
        )
        return tuple(words for words, is_missing in asked if is_missing)


@dataclass(frozen=True)
class Finding:
    """What one rule says about one day.

    `sentence` is whole: the fact, the dates that collide, the nearest day that would do. `gist` is the
    same without the day itself and without the nearest, so that it holds for a run of days. `dates`
    are the dates that collided, each with its label. `nearest` of a refusal is the nearest day that is
    not refused; of anything that asks for a reason, the nearest day that needs none; None: there is none.
    """

    rule: str
    level: Level
    sentence: str
    dates: tuple[tuple[str, date], ...] = ()
    nearest: date | None = None
    gist: str = ""


@dataclass(frozen=True)
class Judgement:
    """All that the rules say about one day, the worst finding first.

    `warnings` advise against a day that the rules allow, `others` tell of other products; neither has a rule.
    """

    day: date
    verdict: Verdict
    findings: tuple[Finding, ...]
    nearest: date | None
    sentence: str
    warnings: tuple[Finding, ...] = ()
    others: tuple[Finding, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the day cannot be saved at all."""
        return self.verdict == Verdict.REFUSED

    @property
    def needs_reason(self) -> bool:
        """Whether the day can be saved only with a reason, kept in the history."""
        return self.verdict == Verdict.ACKNOWLEDGE

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that speak, in the order of the rules table."""
        return rule_ids(self.findings)


@dataclass(frozen=True)
class Range:
    """A run of days with one verdict and one main reason, for "the same in words".

    Where resets run on weekdays only, weekends and holidays between `first` and `last` are refused.
    """

    first: date
    last: date
    verdict: Verdict
    sentence: str
    rules: tuple[str, ...]
    label: str


@dataclass(frozen=True)
class Advice:
    """The adviser's answer for one district.

    `recommended` may still need a reason (its judgement says so); None while session dates are missing
    or no day would do. `export_day` is the first day from the recommended one on that leaves a whole
    day for an export with the last day of the session in it. `remedies`: what to do when no day would do.
    `notes` say what holds for every range; `cautions` are advice that no choice of a day can heed.
    """

    recommended: date | None
    export_day: date | None
    days: tuple[Judgement, ...]
    ranges: tuple[Range, ...]
    remedies: tuple[str, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


def rule_ids(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Each rule once, by its number: ("W1", "W10")."""
    return tuple(sorted({finding.rule for finding in findings}, key=lambda rule: int(rule[1:])))
