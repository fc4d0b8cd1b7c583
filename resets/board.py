"""My districts: every district that a person looks after, with where its reset stands and what is to be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from districts import gate
from districts.models import Contact, District, Gate, RosterSync, SchoolYear
from exports import proof
from exports.proof import Proof
from resetportal import clock
from resets import answers, earlier, risks, syncs
from resets.calendars import calendar_of
from resets.dates import school_year_of
from resets.models import Answer, Hold, Question, Reset, Season, Status
from resets.policy import Calendar, Policy
from resets.risks import Risk


@dataclass(frozen=True)
class Entry:
    """One district in one season: `reset` is None where it has no date, `rules` where no season was opened.

    `hold` is its open records hold, `question` its oldest without an answer. `is_unsynced`: its syncs are on again and
    no roster was applied since; `last_outcome` is then how the last one went, "" where none came. `is_unread`: nobody
    in it gets letters. `earlier`: the season whose reset this is, where a later one is open and keeps it out.
    """

    district: District
    rules: Policy | None
    reset: Reset | None
    calendar: Calendar
    at: datetime
    proofs: tuple[Proof, ...] = ()
    hold: Hold | None = None
    question: Question | None = None
    is_unsynced: bool = False
    last_outcome: str = ""
    is_unread: bool = False
    earlier: Season | None = None

    @cached_property
    def today(self) -> date:
        """The date in the district's zone."""
        return self.local(self.at)

    def local(self, at: datetime | None) -> date:
        """The date in the district's zone at another moment; today for None."""
        return clock.local_date(self.district.zone, at or self.at)

    @property
    def year(self) -> int:
        """The year of today in the district: dates of it are told without it, those of another with it."""
        return self.today.year

    @property
    def is_kept_out(self) -> bool:
        """Without a date, and its gate waits for another reset: one of an earlier season that is not over."""
        gated = self.district.gate
        return self.reset is None and gated.pauses_on is not None and gated.resumed_at is None

    @property
    def is_of_season(self) -> bool:
        """Whether its reset counts among those of the season that is looked at."""
        return self.reset is not None and self.earlier is None

    @property
    def day(self) -> date | None:
        return self.reset.date if self.reset else None

    @property
    def status(self) -> str:
        return self.reset.status if self.reset else ""

    @cached_property
    def is_at_risk(self) -> bool:
        """Something goes wrong unless somebody acts (W8 and the rest of `risks`)."""
        return bool(self.risk_keys)

    @cached_property
    def risk_keys(self) -> tuple[str, ...]:
        """What makes it so, by `risks.KEYS`; asked once for the numbers, chips and groups of a page."""
        return risks.keys(self)

    @property
    def is_answered(self) -> bool:
        return self.reset is not None and answers.is_given(self.reset)

    @property
    def wants(self) -> date | None:
        """The day that the district asks for, while its CSM can still give it."""
        reset = self.reset
        return reset.asked_for if reset and reset.answer == Answer.ASKS and reset.is_editable else None

    @property
    def is_asking(self) -> bool:
        """The district asks for another day, or has asked a question: its CSM is to answer."""
        return self.wants is not None or self.question is not None

    @property
    def session_ends(self) -> date | None:
        """The last day of its last session; None while one that counts is unknown."""
        ends = self.calendar.session_ends
        return None if self.calendar.sessions_unknown else max(end for _, end in ends)

    @property
    def is_silent(self) -> bool:
        """No answer yet, while one would still count."""
        return self.reset is not None and answers.is_awaited(self.reset)

    @property
    def is_ahead(self) -> bool:
        """Not reset yet, so that its dates still decide something."""
        return self.reset is None or self.reset.is_editable

    @property
    def is_on_default(self) -> bool:
        return self.reset is not None and self.reset.is_default

    @property
    def is_reset(self) -> bool:
        return self.status == Status.COMPLETED

    @property
    def is_waiting(self) -> bool:
        """Reset, with its syncs still paused for it."""
        return self.is_reset and self.has_its_gate and self.district.gate.resumed_at is None

    @property
    def is_ready(self) -> bool:
        """The district said that its new data is there; its CSM turns the syncs on."""
        return self.is_waiting and self.reset is not None and self.reset.data_ready_at is not None

    @property
    def has_its_gate(self) -> bool:
        """Whether the district's syncs are about this reset: a gate serves one at a time, and goes on to the next."""
        return self.district.gate.pauses_on == self.day

    @property
    def is_over(self) -> bool:
        """Reset, and rostering is complete."""
        return self.is_reset and not self.is_waiting

    @property
    def is_paused(self) -> bool:
        return gate.is_paused(self.district.gate, at=self.at)

    @property
    def syncs(self) -> tuple[str, str]:
        """Its syncs as a kind of state and a word."""
        return syncs.word(self.district, at=self.at)

    @property
    def unproven(self) -> tuple[Proof, ...]:
        """What no export proves yet, by product; empty where the run makes a last export itself."""
        return tuple(proof for proof in self.proofs if not proof.is_satisfied)

    @property
    def lacks_proof(self) -> bool:
        """A reset is ahead of which no export proves that nothing is lost."""
        return self.reset is not None and self.reset.is_editable and bool(self.unproven)

    @property
    def has_roster_on_hold(self) -> bool:
        """A roster waits for a person, and can be applied once somebody has looked."""
        return bool(self.district.rosters_on_hold) and not self.is_paused  # type: ignore[attr-defined]  # fetched with it

    @property
    def is_running(self) -> bool:
        """At work, or due: its hour has come."""
        if self.reset is None:
            return False
        return self.reset.is_working or (self.status == Status.SCHEDULED and self.reset.due_from <= self.at)

    def risks(self) -> tuple[Risk, ...]:
        """Why it is at risk, in whole sentences; dear, so asked for the rows of one page alone."""
        return self._risks

    @cached_property
    def _risks(self) -> tuple[Risk, ...]:
        return risks.of(self)

    def clashes(self) -> tuple[Risk, ...]:
        """The risks that are its date's own: another day would help, or another start of rostering."""
        return tuple(risk for risk in self._risks if risk.finding)


def entries(districts: QuerySet[District], season: Season | None, *, at: datetime) -> list[Entry]:
    """The districts with all that a season says of them, in ten queries; in the order of their names.

    One that is not through with an earlier season's reset is as that season has it, in as many more.
    """
    return earlier.instead(_of_season(districts, season, at), season, lambda rows, one: _of_season(rows, one, at))


def _of_season(districts: QuerySet[District], season: Season | None, at: datetime) -> list[Entry]:
    school_year = season.school_year if season else school_year_of(at.date())
    rows = districts.select_related("counts", "gate", "csm", "roster_source").prefetch_related(
        syncs.HELD,
        "holds",
        Prefetch("school_years", SchoolYear.objects.filter(name=school_year)),
        Prefetch("resets", Reset.objects.filter(season=season), to_attr="resets_of_season"),
    )
    chosen = {each.pk for each in rows for reset in each.resets_of_season if reset.last_export_chosen_at}
    held = [hold for each in rows for hold in each.holds.all() if hold.ended_at is None]
    beside = Beside.of([each.pk for each in rows], season, proof.of_many(rows, at=at, last_chosen=chosen), held)
    rules = season.rules if season else None
    return [_entry(district, season, rules, school_year, at, beside) for district in rows]


def in_full(scanned: Iterable[Entry], season: Season | None, *, at: datetime) -> list[Entry]:
    """The entries of a scan with all that their rows tell, in the same order; as many queries for one as for many."""
    order = [entry.district.pk for entry in scanned]
    found = {entry.district.pk: entry for entry in entries(District.objects.filter(pk__in=order), season, at=at)}
    return [found[key] for key in order if key in found]


@dataclass(frozen=True)
class Beside:
    """What stands in other tables about many districts, by a district's id; four queries, or three with the holds."""

    proofs: dict[int, list[Proof]]
    holds: dict[int, Hold]
    questions: dict[int, Question]
    unsynced: dict[int, str]
    unread: frozenset[int]

    @classmethod
    def of(
        cls, ids: proof.Ids, season: Season | None, proofs: dict[int, list[Proof]], held: Iterable[Hold] | None = None
    ) -> "Beside":
        if held is None:
            held = Hold.objects.filter(district__in=ids, ended_at=None)
        asked = Question.objects.filter(reset__season=season, reset__district__in=ids, answered_at=None)
        return cls(
            proofs,
            {hold.district_id: hold for hold in held},
            {question.reset.district_id: question for question in asked.select_related("reset")},
            _unsynced(ids),
            _unread(ids),
        )


def _unsynced(ids: proof.Ids) -> dict[int, str]:
    """Districts whose syncs are on again without a roster applied since; how the last one went, "" for none."""
    since = RosterSync.objects.filter(district=OuterRef("district"), finished_at__gte=OuterRef("resumed_at"))
    good = since.filter(outcome__in=(RosterSync.Outcome.APPLIED, RosterSync.Outcome.UNCHANGED))
    bad = since.exclude(outcome__in=(RosterSync.Outcome.REHEARSED, RosterSync.Outcome.PAUSED))
    gates = Gate.objects.filter(~Exists(good), district__in=ids, resumed_at__isnull=False)
    last = Subquery(bad.order_by("-finished_at", "-id").values("outcome")[:1])
    return {district: outcome or "" for district, outcome in gates.annotate(last=last).values_list("pk", "last")}


def _unread(ids: proof.Ids) -> frozenset[int]:
    """Districts in which nobody gets letters: no admin who can sign in, and no contact that is written to."""
    admins = get_user_model().objects.filter(district=OuterRef("pk"), is_active=True)
    contacts = Contact.objects.filter(district=OuterRef("pk"), gets_letters=True)
    return frozenset(
        District.objects.filter(~Exists(admins), ~Exists(contacts), pk__in=ids).values_list("pk", flat=True)
    )


def _entry(
    district: Any, season: Season | None, rules: Policy | None, school_year: str, at: datetime, beside: Beside
) -> Entry:
    reset = next(iter(district.resets_of_season), None)
    if reset and season:
        reset.season = season  # which its rows would ask for one by one
    return entry_of(district, reset, rules, calendar_of(district, school_year), at, beside)


def entry_of(
    district: Any, reset: Any, rules: Policy | None, calendar: Calendar, at: datetime, beside: Beside
) -> Entry:
    """A district's entry with what stands beside it."""
    key = district.pk
    return Entry(
        district,
        rules,
        reset,
        calendar,
        at,
        tuple(beside.proofs[key]),
        beside.holds.get(key),
        beside.questions.get(key),
        key in beside.unsynced,
        beside.unsynced.get(key, ""),
        key in beside.unread,
    )
