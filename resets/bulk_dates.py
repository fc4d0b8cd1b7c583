"""One reset date for many districts: what the rules say of it for each, and the date set where it can be."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from districts.models import District
from resets import answers, opening, permitted, policy, risks, services
from resets.board import Entry
from resets.bulk import Line, Outcome, Result, day_and_mark, reset_of
from resets.models import HeldFor, Receipt, Reset, Season, Status
from resets.policy import Judgement, spoken


@dataclass(frozen=True)
class SetDate:
    """Sets `day` for each district. `reason`: for all, asked for by the rules of some.

    `waiting`: ids of those whose reset of an earlier season is not over (`opening.not_free`).
    """

    season: Season
    day: date
    reason: str = ""
    waiting: frozenset[int] = frozenset()
    kind: ClassVar = Receipt.Kind.DATE
    at_once: ClassVar = False  # a run must not wait for hundreds of others

    @property
    def what(self) -> str:
        return spoken(self.day)

    @property
    def _year(self) -> int:
        return self.season.rules.year

    def look(self, entry: Entry, *, by: Any, at: datetime) -> Line:
        """What the rules say about the day for one district (W1 to W6, W9, W10)."""
        obstacle = self._obstacle(entry, by)
        if obstacle:
            return self._line(entry, Outcome.REFUSED, *obstacle)
        if entry.reset and entry.reset.stands_on(self.day):
            return self._line(entry, Outcome.SAME, _("It has this date already."))
        judged = policy.judge(self.day, policy=self.season.rules, calendar=entry.calendar, now=at, role=by.role)
        return self._judged(entry, judged, by)

    def _obstacle(self, entry: Entry, by: Any) -> tuple[str, tuple[str, ...]] | None:
        """Why no date at all can be set, with the rules that say so."""
        finding = policy.may_set(by.role, policy=self.season.rules, csm=str(entry.district.csm or _("a CSM lead")))
        if finding:
            return finding.sentence, (finding.rule,)
        reset = entry.reset
        if entry.earlier or (reset is None and entry.district.pk in self.waiting):
            return str(opening.EARLIER), ()
        if reset is None:
            return None
        if why := permitted.obstacle_to("choose", reset):
            return why.removesuffix(" (W10)."), ("W10",)
        if reset.held_for == HeldFor.RECORDS and entry.hold:
            return str(permitted.ON_HOLD), ()
        return None

    def _judged(self, entry: Entry, judged: Judgement, by: Any) -> Line:
        if judged.refused:
            return self._line(entry, Outcome.REFUSED, judged.sentence, judged.rules)
        outcome = Outcome.REASON if judged.needs_reason else Outcome.CHANGES
        said = (self._wish_of_theirs(entry), judged.sentence, self._risk(entry, judged, by))
        return self._line(entry, outcome, " ".join(filter(None, said)), judged.rules)

    def _wish_of_theirs(self, entry: Entry) -> str:
        """What the district has asked for and would have answered by the change."""
        if entry.wants is None:
            return ""
        return _("It asks for %(day)s; a letter tells it which day it has.") % {"day": spoken(entry.wants)}

    def _risk(self, entry: Entry, judged: Judgement, by: Any) -> str:
        """Whether the district leaves the list of those at risk by the change or comes upon it, and what stays."""
        held = _("It is held now: the date lets it go on.") if entry.status == Status.HELD else ""
        left = " ".join(risk.gist.strip() for risk in risks.of(self._after(entry, by)))
        if not left:
            return held or (self._leaves(judged) if entry.is_at_risk else "")
        said = _("It stays at risk: %(risks)s") if entry.is_at_risk else _("It would be at risk: %(risks)s")
        return f"{held} {said % {'risks': left}}".strip()

    def _leaves(self, judged: Judgement) -> str:
        """A reason takes a risk over and takes it off the list: that must not read as if the day were a better one."""
        if judged.needs_reason:
            return _("It leaves the at-risk list: you take the risk, with your reason.")
        return _("It leaves the at-risk list.")

    def _after(self, entry: Entry, by: Any) -> Entry:
        """The district as it would be with the date; what its exports prove is told of the date that it has now."""
        reset = copy(entry.reset) or Reset(season=self.season, district=entry.district)
        reset.answer = answers.by_a_date(reset, by, self.day)
        reset.date, reset.is_default, reset.status = self.day, False, Status.SCHEDULED
        untold = tuple(replace(each, sentence="") for each in entry.proofs)
        return replace(entry, reset=reset, proofs=untold)

    def _line(self, entry: Entry, outcome: Outcome, sentence: str, rules: tuple[str, ...] = ()) -> Line:
        reset = entry.reset
        version = reset.version if reset else 0
        return Line(entry.district, outcome, self._change(reset, outcome), sentence, rules, version)

    def _change(self, reset: Reset | None, outcome: Outcome) -> str:
        now = day_and_mark(reset.date, reset.is_default, self._year) if reset else _("no date")
        if outcome in (Outcome.REFUSED, Outcome.SAME):
            return _("stays %(day)s") % {"day": now} if reset else _("stays without a date")
        return f"{now} → {policy.month_day(self.day, self._year)}"

    def do(
        self, rows: list[District], versions: Mapping[int, int], *, by: Any, at: datetime, token: UUID
    ) -> Iterator[Result]:
        """Sets each date in its own transaction, with the version that the preview showed."""
        for row in rows:
            try:
                yield self._set(row, versions[row.pk], by, at)
            except (services.Refused, services.ReasonMissing, services.NotPossible, services.Stale) as refusal:
                yield Result(Outcome.REFUSED, str(refusal))

    def _set(self, row: District, version: int, by: Any, at: datetime) -> Result:
        reset = reset_of(row)
        if reset is None:
            self._add(row, version, by, at)
            return Result(Outcome.DONE, _("The reset was put on %(day)s.") % {"day": self.what})
        if reset.stands_on(self.day) and reset.version == version:
            return Result(Outcome.SAME, _("It had this date already."))
        before = day_and_mark(reset.date, reset.is_default, self._year)
        services.schedule(reset=reset, to=self.day, by=by, at=at, reason=self.reason, version=version)
        return Result(Outcome.DONE, _("Moved from %(before)s to %(day)s.") % {"before": before, "day": self.what})

    def _add(self, row: District, version: int, by: Any, at: datetime) -> None:
        if version:
            raise services.Stale(_("It has no reset any more. Look again."))
        opening.add_district(season=self.season, district=row, to=self.day, by=by, at=at, reason=self.reason)
