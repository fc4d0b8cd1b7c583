"""One case looked at as a whole: which days would do, which is best, which lies nearest."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from .case import Case
from .cautions import of_other_products, too_near_school
from .model import Finding, Judgement, Level, Verdict
from .rules import findings_on
from .speech import gettext as _
from .words import days, listed, sentences, spoken

_VERDICTS = {Level.REFUSE: Verdict.REFUSED, Level.ACKNOWLEDGE: Verdict.ACKNOWLEDGE}


@dataclass(frozen=True)
class Survey:
    """The days of a season as one district sees them."""

    case: Case

    @cached_property
    def levels(self) -> dict[date, Level]:
        """How hard the worst finding stands against each day that window and time leave open."""
        return {day: self.level_on(day) for day in self.case.candidates}

    def level_on(self, day: date) -> Level:
        """How hard the worst finding stands against any one day, without looking for a better one."""
        return _worst(findings_on(self.case, day))

    @cached_property
    def open_days(self) -> tuple[date, ...]:
        """The days that are not refused, in order."""
        return tuple(day for day, level in self.levels.items() if level != Level.REFUSE)

    @cached_property
    def free_days(self) -> tuple[date, ...]:
        """The days that need no reason, in order."""
        return tuple(day for day, level in self.levels.items() if level == Level.ADVISE)

    @cached_property
    def recommended(self) -> date | None:
        """The best day: after a late session the earliest (W4), else the default or the nearest to it (W5).

        It may need a reason. None while a session's end is unknown, and when no day would do.
        """
        if self.case.later_end is None:
            return None
        if self.case.has_late_session:
            return next((day for day in self.open_days if day > self.case.later_end), None)
        if self.case.default in self.open_days:
            return self.case.default
        return self.day_that_would_do(self.case.default)

    @cached_property
    def export_day(self) -> date | None:
        """The first day from the recommended one on that leaves a whole day to export the session's last."""
        best, end = self.recommended, self.case.later_end
        if best is None or end is None:
            return None
        return next((day for day in self.open_days if day >= best and (day - end).days > 1), None)

    def day_that_would_do(self, day: date) -> date | None:
        """The nearest day that needs no reason, else the nearest that is not refused."""
        return nearest(day, self.free_days) or nearest(day, self.open_days)

    def judge(self, day: date) -> Judgement:
        """All that the rules say about `day`, with the nearest day for each finding."""
        found = findings_on(self.case, day)
        level = _worst(found)
        findings = tuple(self._with_nearest(each, day) for each in found if _matters(each, level))
        if level != Level.REFUSE:
            findings += self._export_note(day)
        near = findings[0].nearest if level != Level.ADVISE else None
        verdict = _VERDICTS.get(level, Verdict.RECOMMENDED if day == self.recommended else Verdict.ALLOWED)
        said = self._sentence(day, verdict, findings)
        if level == Level.REFUSE:
            return Judgement(day, verdict, findings, near, said)
        return Judgement(day, verdict, findings, near, said, self._warnings(day), of_other_products(self.case, day))

    @cached_property
    def unhurried_days(self) -> tuple[date, ...]:
        """The days that need no reason and leave time for accounts before the first day of school."""
        return tuple(day for day in self.free_days if not too_near_school(self.case, day))

    def _warnings(self, day: date) -> tuple[Finding, ...]:
        found = too_near_school(self.case, day)
        if found is None:
            return ()
        near = nearest(day, self.unhurried_days)
        tail = _("Nearest day that leaves time: {day}.").format(day=self.say(near)) if near else ""
        return (replace(found, nearest=near, sentence=sentences(found.sentence, tail)),)

    def _with_nearest(self, finding: Finding, day: date) -> Finding:
        if finding.level == Level.REFUSE:
            near = nearest(day, self.open_days)
            tail = _("No day is left that would do.")
            tail = _("Nearest day: {day}.").format(day=self.say(near)) if near else tail
        elif finding.level == Level.ACKNOWLEDGE:
            near = nearest(day, self.free_days)
            tail = self._without_reason(near)
        else:
            return finding
        return replace(finding, nearest=near, sentence=sentences(finding.sentence, tail))

    def _without_reason(self, near: date | None) -> str:
        if near is None:
            return ""
        grace = [day for day in self.case.grace if day in self.free_days]
        days_said = listed([self.say(each) for each in grace or [near]], "or")
        return _("No reason needed on {days}.").format(days=days_said)

    def _export_note(self, day: date) -> tuple[Finding, ...]:
        """W4: an export holds previous days only: the day after a session is too soon for its last day."""
        end = self.case.later_end
        if end is None or (day - end).days != 1:
            return ()
        gist = _("Leaves no time for an export that holds the last day, {day}.").format(day=self.say(end))
        offer = next((each for each in self.open_days if each > day), None)
        tail = _("{day} does.").format(day=self.say(offer)) if offer else _("No later day is allowed.")
        dates = (("reset", day), ("last day of a session", end))
        return (Finding("W4", Level.ADVISE, sentences(gist, tail), dates, offer, gist),)

    def _sentence(self, day: date, verdict: Verdict, findings: tuple[Finding, ...]) -> str:
        is_free = verdict in (Verdict.ALLOWED, Verdict.RECOMMENDED)
        if is_free and day not in (*self.case.grace, self.case.default):
            no_reason = _("No reason is needed.")
            return f"{self._margins(day)} {no_reason}"
        return findings[0].sentence

    def _margins(self, day: date) -> str:
        """How far a free day lies from the two dates that bound it."""
        end, starts = self.case.later_end, self.case.calendar.rostering_starts
        if end is None or starts is None:
            return ""
        said = _("{after} after the school year ends ({end}) and {before} before rostering starts ({start}).")
        if len(self.case.calendar.session_ends) > 1:
            said = _("{after} after the last session ends ({end}) and {before} before rostering starts ({start}).")
        after, before = days((day - end).days), days((starts - day).days)
        return said.format(after=after, end=self.say(end), before=before, start=self.say(starts))

    def say(self, day: date) -> str:
        """`Tue, July 27`, with the year outside the season's."""
        return spoken(day, self.case.policy.year)


def nearest(day: date, days: Sequence[date]) -> date | None:
    """Of days in order, the one closest to `day`, itself included; of two as close, the earlier."""
    index = bisect_left(days, day)
    around = days[max(index - 1, 0) : index + 1]
    return min(around, key=lambda each: abs(each - day), default=None)


def _matters(finding: Finding, worst: Level) -> bool:
    return worst != Level.REFUSE or finding.level != Level.ADVISE


def _worst(found: Sequence[Finding]) -> Level:
    return found[0].level
