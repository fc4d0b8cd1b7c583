"""Why a district is at risk: what goes wrong in its season unless somebody acts, each as a whole sentence.

`keys` is cheap enough for thousands of districts; `of` looks for the way out too, so it is for what one page shows.
Neither asks the database anything: the entry was fetched with all that they read (`board.entries`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import RosterSync
from resets import policy
from resets.models import Status
from resets.policy import Finding

if TYPE_CHECKING:
    from resets.board import Entry

BREAKS_RULE, DATES_MISSING, NO_PROOF = "breaks-rule", "dates-missing", "no-proof"
SYNC_STUCK, NOT_ROSTERED, HELD = "sync-stuck", "not-rostered", "held"
EARLIER = "earlier"
NOT_ANSWERED, NOT_RESET = "not-answered", "not-reset"

DATES_MATTER = timedelta(days=30)  # before a reset: time enough for a letter, a reminder and a move
PROOF_MATTERS = timedelta(days=14)
ANSWER_MATTERS = timedelta(days=14)
SYNC_PATIENCE = timedelta(days=2)  # two nights: the first may only have missed its turn
SCHOOL_IS_NEAR = timedelta(days=14)


@dataclass(frozen=True)
class Risk:
    """One reason: `nearest` a day that would do, `cure` what to do in a few words, `finding` that of a rule."""

    key: str
    sentence: str
    nearest: date | None = None
    cure: str = ""
    finding: Finding | None = None

    @property
    def rule(self) -> str:
        """The rule that is broken, such as W3; "" where none is."""
        return self.finding.rule if self.finding else ""

    @property
    def gist(self) -> str:
        """The fact without the way out."""
        return self.finding.gist if self.finding else self.sentence


def of(entry: "Entry") -> tuple[Risk, ...]:
    """Every reason for which a district is at risk at `entry.at`, the worst first."""
    return tuple(risk for key, (holds, says) in _RISKS.items() if holds(entry) for risk in says(entry))


def keys(entry: "Entry") -> tuple[str, ...]:
    """The keys of those reasons alone: as many comparisons, no search for a better day."""
    return tuple(key for key, (holds, _says) in _RISKS.items() if holds(entry))


def _breaks_a_rule(entry: "Entry") -> bool:
    reset = entry.reset
    if reset is None or entry.rules is None or not reset.is_editable:
        return False
    return policy.is_at_risk(_soonest(entry), reset.is_default, calendar=entry.calendar)


def _soonest(entry: "Entry") -> date:
    """The day of its reset, or today for one that was kept from it: it can only run later."""
    return max(entry.day or entry.today, entry.today)


def _broken_rules(entry: "Entry") -> Iterator[Risk]:
    if entry.reset is None or entry.rules is None:
        return
    day, is_default = _soonest(entry), entry.reset.is_default
    for each in policy.risks(day, is_default, policy=entry.rules, calendar=entry.calendar, now=entry.at):
        cure = _("Set %(day)s") % {"day": _say(entry, each.nearest)} if each.nearest else _("Move rostering")
        yield Risk(BREAKS_RULE, each.sentence, each.nearest, cure, each)


def _lacks_dates(entry: "Entry") -> bool:
    if entry.is_waiting:
        return _lacks_first_day(entry)
    reset = entry.reset
    if reset is None or not reset.is_editable or entry.today < reset.date - DATES_MATTER:
        return False
    return entry.calendar.rostering_starts is None or _lacks_sessions(entry)


def _lacks_sessions(entry: "Entry") -> bool:
    """Of a default alone: for a chosen day its CSM has said why, session dates or not."""
    return entry.is_on_default and entry.calendar.sessions_unknown


def _lacks_first_day(entry: "Entry") -> bool:
    return entry.calendar.first_day is None and entry.day is not None and entry.today >= entry.day + DATES_MATTER


def _missing_dates(entry: "Entry") -> Iterator[Risk]:
    day = entry.day or entry.today
    if entry.is_waiting:
        said = _(
            "The first day of school is missing: nobody can tell how long rostering may take. A risk since %(since)s."
        )
        yield _of_dates(entry, said, day + DATES_MATTER, _("Enter the first day of school"))
        return
    since = day - DATES_MATTER
    if entry.calendar.rostering_starts is None:
        said = _(
            "The rostering start is missing: one on %(day)s or earlier would bring new students into the reset. "
            "A risk since %(since)s."
        )
        yield _of_dates(entry, said, since, _("Enter the rostering start"))
    if _lacks_sessions(entry):
        yield _of_dates(entry, _missing_session(entry), since, _("Enter the session dates"))


def _missing_session(entry: "Entry") -> str:
    if entry.calendar.school_year_ends is None:
        return _(
            "The end of the school year is missing: one on %(day)s or later would cost students work in progress. "
            "A risk since %(since)s."
        )
    return _(
        "The end of the summer session, or that there is none, is missing: one on %(day)s or later would cost students "
        "work in progress. A risk since %(since)s."
    )


def _of_dates(entry: "Entry", said: str, since: date, cure: str) -> Risk:
    return Risk(DATES_MISSING, said % {"day": _say(entry, _soonest(entry)), "since": _say(entry, since)}, cure=cure)


def _lacks_proof(entry: "Entry") -> bool:
    return entry.lacks_proof and entry.day is not None and entry.today >= entry.day - PROOF_MATTERS


def _missing_proof(entry: "Entry") -> Iterator[Risk]:
    why = " ".join(dict.fromkeys(proof.sentence for proof in entry.unproven))
    said = _("No export proves yet that nothing is lost, and the reset is %(when)s. %(why)s")
    if entry.rules and entry.rules.requires_export_proof:
        said = _("No export proves yet that nothing is lost: without one, the reset is held %(when)s. %(why)s")
    if entry.day and entry.day < entry.today:
        said = _("No export proves yet that nothing is lost; the reset was to be %(when)s, and has not run. %(why)s")
    when = {"when": _when(entry, entry.day or entry.today), "why": why}
    yield Risk(NO_PROOF, said % when, cure=cure_of_proof(entry))


def cure_of_proof(entry: "Entry") -> str:
    """What helps: an export that is there already is not asked for again."""
    is_made = entry.unproven and all(each.only_waits_for_download for each in entry.unproven)
    return _("Ask them to download it") if is_made else _("Ask for its export")


def _is_sync_stuck(entry: "Entry") -> bool:
    """Syncs are on again, and no roster of the new year was applied since: one failed, or none came in two days."""
    resumed = entry.district.gate.resumed_at
    if not entry.is_reset or not entry.has_its_gate or resumed is None or not entry.is_unsynced:
        return False
    return bool(entry.last_outcome) or entry.has_roster_on_hold or entry.at - resumed > SYNC_PATIENCE


def _stuck_sync(entry: "Entry") -> Iterator[Risk]:
    said = _("Rostering is complete since %(since)s, and no roster has come since.")
    if entry.last_outcome:
        said = _("Rostering is complete since %(since)s, and no roster was applied since.")
    if entry.has_roster_on_hold:
        said = _("Rostering is complete since %(since)s, and the first roster is on hold until a person has looked.")
    elif entry.last_outcome == RosterSync.Outcome.REFUSED:
        said = _("Rostering is complete since %(since)s, and the first roster was refused.")
    elif entry.last_outcome == RosterSync.Outcome.UNREACHED:
        said = _("Rostering is complete since %(since)s, and the source of its rosters is not reached.")
    since = {"since": _say(entry, entry.local(entry.district.gate.resumed_at))}
    yield Risk(SYNC_STUCK, said % since, cure=_("Look at the roster"))


def _is_not_rostered(entry: "Entry") -> bool:
    return (
        entry.is_waiting
        and entry.calendar.first_day is not None
        and entry.today >= entry.calendar.first_day - SCHOOL_IS_NEAR
    )


def _unrostered(entry: "Entry") -> Iterator[Risk]:
    first = entry.calendar.first_day or entry.today
    said = _("Reset, and not rostered yet: syncs are paused, and school starts %(when)s.")
    if first < entry.today:
        said = _("Reset, and not rostered yet: syncs are paused, and school started %(when)s.")
    if entry.is_ready:
        said = _(
            "The district said that its new data is ready: say that rostering is complete. School starts %(when)s."
        )
        if first < entry.today:
            said = _(
                "The district said that its new data is ready: say that rostering is complete. School started %(when)s."
            )
    yield Risk(NOT_ROSTERED, said % {"when": _when(entry, first)}, cure=_("Ask about rostering"))


def _is_of_earlier(entry: "Entry") -> bool:
    return entry.earlier is not None


def _unfinished(entry: "Entry") -> Iterator[Risk]:
    """A later season is open, and this district cannot have a date in it."""
    said = _("Its reset of %(season)s is not over, and it gets no date in the next season before that.")
    if entry.is_waiting:
        said = _(
            "Rostering after its reset of %(season)s is not complete: its syncs stay paused, and it gets no date in "
            "the next season before that."
        )
    elif entry.status == Status.HELD:
        said = _("Its reset of %(season)s is still held, and it gets no date in the next season before that is over.")
    yield Risk(EARLIER, said % {"season": entry.earlier})


def _is_kept_from_its_day(entry: "Entry") -> bool:
    """Held or overtaken, not reset, and school is near: nobody has rostered for the new year either."""
    first, reset = entry.calendar.first_day, entry.reset
    if reset is None or first is None or not reset.is_editable:
        return False
    is_late = reset.status == Status.HELD or reset.date < entry.today
    return is_late and entry.today >= first - SCHOOL_IS_NEAR


def _unreset(entry: "Entry") -> Iterator[Risk]:
    first, day = entry.calendar.first_day or entry.today, entry.day or entry.today
    said = _("Not reset yet, and held: its day is %(day)s, and school starts %(when)s.")
    if day < entry.today:
        said = _("Not reset yet: it was to be %(day)s, and school starts %(when)s.")
    if first < entry.today:
        said = _("Not reset yet: it was to be %(day)s, and school started %(when)s.")
    yield Risk(NOT_RESET, said % {"day": _say(entry, day), "when": _when(entry, first)}, cure=_("Choose the date"))


def _is_on_hold(entry: "Entry") -> bool:
    return entry.hold is not None and entry.reset is not None and entry.is_ahead


def _held(entry: "Entry") -> Iterator[Risk]:
    if entry.hold is None:
        return
    ends, cure = entry.hold.ends_on, _("See the records hold")
    said = _("A records hold without an end date is open, and stops the reset: %(reason)s")
    if ends and ends < entry.today:
        said = _("A records hold should have ended %(ends)s and still stops the reset: extend it or end it. %(reason)s")
    elif ends:
        said = _("A records hold until %(ends)s stops the reset: %(reason)s")
    yield Risk(HELD, said % {"ends": _say(entry, ends or entry.today), "reason": entry.hold.why}, cure=cure)


def _is_kept_waiting(entry: "Entry") -> bool:
    return entry.wants is not None and entry.today >= min(entry.wants, entry.day or entry.wants) - ANSWER_MATTERS


def _kept_waiting(entry: "Entry") -> Iterator[Risk]:
    said = _("The district asked for %(wanted)s and has no answer: its reset is %(when)s.")
    if entry.day and entry.day < entry.today:
        said = _("The district asked for %(wanted)s and has no answer; its reset was to be %(when)s, and has not run.")
    when = {"wanted": _say(entry, entry.wants), "when": _when(entry, entry.day or entry.today)}
    yield Risk(NOT_ANSWERED, said % when, cure=_("Answer the request"))


def _say(entry: "Entry", day: date | None) -> str:
    """A day, with its year outside the season's."""
    return policy.spoken(day, entry.year) if day else ""


def _when(entry: "Entry", day: date) -> str:
    """`Wed, July 28, in 9 days`, counted in the district's zone."""
    said, days = _say(entry, day), (day - entry.today).days
    if days == 0:
        return _("today, %(day)s") % {"day": said}
    text = ngettext("%(day)s, in %(count)d day", "%(day)s, in %(count)d days", days)
    if days < 0:
        text = ngettext("%(day)s, %(count)d day ago", "%(day)s, %(count)d days ago", -days)
    return text % {"day": said, "count": abs(days)}


_RISKS: dict[str, tuple[Callable[["Entry"], bool], Callable[["Entry"], Iterator[Risk]]]] = {
    EARLIER: (_is_of_earlier, _unfinished),
    BREAKS_RULE: (_breaks_a_rule, _broken_rules),
    HELD: (_is_on_hold, _held),
    NOT_ANSWERED: (_is_kept_waiting, _kept_waiting),
    DATES_MISSING: (_lacks_dates, _missing_dates),
    NO_PROOF: (_lacks_proof, _missing_proof),
    NOT_RESET: (_is_kept_from_its_day, _unreset),
    NOT_ROSTERED: (_is_not_rostered, _unrostered),
    SYNC_STUCK: (_is_sync_stuck, _stuck_sync),
}
KEYS = tuple(_RISKS)
