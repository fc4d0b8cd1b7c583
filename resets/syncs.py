"""A district's roster syncs in words, told from rows: paused, on hold, or on, from where, and how the last one went."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from districts import gate
from districts.models import District, RosterFile, RosterSource, RosterSync
from districts.moments import clock_time, moment
from districts.quantities import numbers
from resetportal import clock
from resets.policy import spoken

Outcome = RosterSync.Outcome
FETCHING = {
    RosterSource.Kind.SFTP: gettext_noop("A roster is fetched from the SFTP folder within a minute."),
    RosterSource.Kind.REST: gettext_noop("A roster is fetched from the OneRoster server within a minute."),
    RosterSource.Kind.FOLDER: gettext_noop("A roster is fetched from a folder of this server within a minute."),
}
_NIGHTLY = {
    RosterSource.Kind.SFTP: gettext_noop("Every night at {time} from the SFTP folder."),
    RosterSource.Kind.REST: gettext_noop("Every night at {time} from the OneRoster server."),
    RosterSource.Kind.FOLDER: gettext_noop("Every night at {time} from a folder of this server."),
}
HELD = Prefetch("roster_files", RosterFile.objects.filter(state=RosterFile.State.ON_HOLD), to_attr="rosters_on_hold")
"""What a list of districts fetches with them, so that `word` asks nothing more."""


@dataclass(frozen=True)
class State:
    """`kind`: of `icons.STATES`; `word` for a table, `text` a sentence or two."""

    kind: str
    word: str
    text: str

    @property
    def note(self) -> str:
        """The kind of note that it makes at the head of a page; "" for a state that needs none."""
        return {"held": "hold", "wait": "wait"}.get(self.kind, "")


def word(district: District, *, at: datetime) -> tuple[str, str]:
    """A district's syncs as a kind of state and a word. The district was fetched with its gate, source and HELD."""
    if gate.is_paused(district.gate, at=at):
        return "held", _("Paused")
    if getattr(district, "rosters_on_hold", ()):
        return "held", _("On hold")
    return ("quiet", _("On")) if district.roster_source.is_fetched else ("quiet", _("By upload"))


def state(district: District, *, at: datetime) -> State:
    """The same with its sentence. Asks for the last sync and for a roster on hold."""
    last = RosterSync.objects.filter(district=district).first()
    if gate.is_paused(district.gate, at=at):
        return State("held", _("Paused"), gate.sentence(district.gate))
    held = RosterFile.objects.filter(district=district, state=RosterFile.State.ON_HOLD).first()
    if held is not None:
        return State("held", _("On hold"), _on_hold(held, last, district))
    if last is not None and last.outcome in _FAILED:
        return State("wait", str(last.get_outcome_display()), f"{_failed(last, district)} {last.message}".strip())
    kind, said = word(district, at=at)
    return State(kind, said, _on(district, last, at=at))


_FAILED = {
    Outcome.REFUSED: gettext_noop("The last roster, {when}, was refused, and the one before it stands."),
    Outcome.UNREACHED: gettext_noop("The source was not reached, {when}; it is tried again."),
}


def _failed(last: RosterSync, district: District) -> str:
    return _(_FAILED[Outcome(last.outcome)]).format(when=moment(last.finished_at, district.zone))


def _on_hold(held: RosterFile, last: RosterSync | None, district: District) -> str:
    day = spoken(clock.local_date(district.zone, held.received_at))
    why = next(iter(last.concerns), "") if last and last.file_id == held.pk else ""
    said = _("A roster is on hold since {day}, until a person has looked.").format(day=day)
    return f"{said} {why}".strip()


def _on(district: District, last: RosterSync | None, *, at: datetime) -> str:
    """When rosters come, and how the last one went."""
    source = district.roster_source
    if not source.is_fetched:
        said = _("Rosters come by upload; nothing is fetched by night.")
    else:
        said = _(_NIGHTLY[RosterSource.Kind(source.kind)]).format(time=hour(source, at=at))
    return f"{said} {_went(last, district, at)}".strip()


def hour(source: RosterSource, *, at: datetime) -> str:
    """The minute of the night in which a district is synced, on its own clock, as `at`'s day has it."""
    local = at.astimezone(ZoneInfo(source.district.zone))
    return clock_time(local.replace(hour=source.sync_hour, minute=source.sync_minute), source.district.zone)


def _went(last: RosterSync | None, district: District, at: datetime) -> str:
    if last is None:
        return _("No roster has come yet.")
    today, day = clock.local_date(district.zone, at), last.local_day
    before = {today: _("Last night: {what}."), today - timedelta(days=1): _("The night before: {what}.")}
    return before.get(day, _("On {day}: {what}.")).format(day=spoken(day), what=outcome(last))


def outcome(sync: RosterSync) -> str:
    """How a reading ended, in a few words."""
    if sync.outcome == Outcome.APPLIED:
        number = changed(sync)
        return ngettext("{number} change", "{number} changes", number).format(number=numbers(number))
    return ended(sync.outcome)


def ended(how: str) -> str:
    """An outcome as it stands in a sentence."""
    return _(_ENDED[Outcome(how)])


_ENDED = {
    Outcome.APPLIED: gettext_noop("applied"),
    Outcome.UNCHANGED: gettext_noop("nothing new"),
    Outcome.REFUSED: gettext_noop("refused"),
    Outcome.PAUSED: gettext_noop("paused"),
    Outcome.ON_HOLD: gettext_noop("on hold"),
    Outcome.REHEARSED: gettext_noop("rehearsed"),
    Outcome.UNREACHED: gettext_noop("source not reached"),
}


def changed(sync: RosterSync) -> int:
    """Rows of all kinds that a reading added, changed or removed."""
    return sum(kind.get(how, 0) for kind in sync.counts.values() for how in ("added", "changed", "removed"))
