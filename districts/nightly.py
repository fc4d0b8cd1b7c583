"""The nightly schedule: each district once a night at its own hour, told by rows.

A missed minute, a second beat, a lost or doubled message changes nothing. What people wait for comes first.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import OperationalError, models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from districts import gate, incoming, nights, notices, turns
from districts.models import District, Gate, Notice, RosterFile, RosterSource, RosterSync
from districts.rostering import DONE, import_roster, take
from districts.sources import fetching
from districts.sources.errors import NothingNew, SourceError
from resetportal import clock

log = logging.getLogger(__name__)

BY = "the nightly roster sync"
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 45, 120))
ATTEMPTS = len(RETRIES) + 1  # in one night
BUSY = timedelta(minutes=1)
FULL_AFTER = timedelta(days=6, hours=12)  # so that the seventh night's is full, a little early or late
UNTENDED = timedelta(minutes=2)  # a roster that waits longer has lost its message
Outcome = RosterSync.Outcome


class NotPossible(Exception):
    """A sync by hand cannot begin; the message says why."""


@dataclass(frozen=True)
class Served:
    """What became of one turn: a `sync`, or nothing yet and the reason, tried again from `again_at` (UTC)."""

    district: District
    sync: RosterSync | None = None
    reason: str = ""
    again_at: datetime | None = None


def due(*, at: datetime) -> models.QuerySet[RosterSource]:
    """Fetched districts whose moment has come, the longest waiting first."""
    fetched = RosterSource.objects.exclude(kind=RosterSource.Kind.UPLOAD)
    return fetched.filter(due_from__lte=at).order_by("due_from", "pk")


def untended(*, at: datetime) -> models.QuerySet[RosterFile]:
    """Rosters that wait to be read and that nobody reads."""
    return RosterFile.objects.filter(state=RosterFile.State.WAITING, received_at__lte=at - UNTENDED).order_by("pk")


def tick(*, at: datetime) -> int:
    """How many workers are wanted now: for each free place one, as far as something waits."""
    nights.put_right(at=at)
    free = turns.free_places()
    return min(free, due(at=at).count() + untended(at=at).count()) if free else 0


def work(*, seconds: float = 180) -> bool:
    """Serves what waits, one after another, until nothing does or `seconds` passed; answers whether more may wait.

    Short of a night, so that a worker that a reset needs is soon there.
    """
    end = monotonic() + seconds
    while monotonic() < end:
        if not (_take_next(at=clock.now()) or sync_next(at=clock.now())):
            return False
    return tick(at=clock.now()) > 0


def sync_next(*, at: datetime) -> Served | None:
    """Syncs the district that has waited longest; None when none is due, or no place is free. `at`: this moment."""
    turn = turns.take(due(at=at))
    if turn is None:
        return None
    with turns.kept(turn):
        try:
            return _serve(turn, at)
        except turns.Lost as lost:
            return Served(District.objects.get(pk=turn.district_id), reason=str(lost))


def sync_one(source: RosterSource, *, at: datetime, by: str) -> RosterSync:
    """Syncs one district by hand, due or not; its night stays as it is. Raises NotPossible."""
    if not source.is_fetched:
        raise NotPossible(fetching.NOTHING_TO_FETCH)
    turn = turns.take(RosterSource.objects.filter(pk=source.pk), is_capped=False)
    if turn is None:
        raise NotPossible(
            _("{district} is being synced now. Try again when it is done.").format(district=source.district)
        )
    with turns.kept(turn):
        try:
            return _read(source, at=at, by=by)
        except SourceError as error:
            return _noted(source, _failing(error), error.sentence, at=at, by=by)
        except turns.Lost as lost:
            raise NotPossible(str(lost)) from None
        finally:
            turns.give_back(turn, attempts=turn.attempt - 1)


def take_file(file_id: int, *, at: datetime) -> RosterSync | None:
    """Reads a roster that waits; None when it does not wait any more, or when its district's turn is not free."""
    file = RosterFile.objects.filter(pk=file_id, state=RosterFile.State.WAITING).first()
    turn = turns.take(RosterSource.objects.filter(pk=file.district_id)) if file else None
    if file is None or turn is None:
        return None
    with turns.kept(turn):
        if file.attempts >= ATTEMPTS:
            _refuse(file, at)
        RosterFile.objects.filter(pk=file_id).update(attempts=F("attempts") + 1)
        try:
            return take(file_id, at=at)
        finally:
            turns.give_back(turn, attempts=turn.attempt - 1)  # the night's own attempts are no matter of this one's


def _take_next(*, at: datetime) -> bool:
    """Reads one roster whose message was lost, if there is one that can be read now."""
    free = RosterSource.objects.filter(turns.free()).values("pk")
    for file_id in untended(at=at).filter(district__in=free).values_list("pk", flat=True)[:20]:
        try:
            if take_file(file_id, at=at) is not None:
                return True
        except OperationalError as error:
            log.warning("The database was busy; roster %s is read next minute: %s", file_id, type(error).__name__)
    return False


def _serve(turn: turns.Turn, at: datetime) -> Served:
    """One district's turn in its night, and when the next one comes."""
    source = RosterSource.objects.select_related("district").get(pk=turn.district_id)
    try:
        sync = _read(source, at=at, by=BY) if turn.attempt <= ATTEMPTS else _cut_short(source, at)
    except OperationalError as error:
        log.warning("The database was busy; district %s is synced next minute: %s", source.pk, type(error).__name__)
        return _again(turn, source, _("The database was busy."), at + BUSY, attempts=turn.attempt - 1)
    except SourceError as error:
        if error.can_retry and turn.attempt < ATTEMPTS:
            return _again(turn, source, error.sentence, at + RETRIES[turn.attempt - 1], attempts=turn.attempt)
        sync = _gave_up(source, error, at)
    turns.give_back(turn, attempts=0, due_from=nights.after(source, max(at, clock.now())))
    return Served(source.district, sync)


def _again(turn: turns.Turn, source: RosterSource, reason: str, again_at: datetime, *, attempts: int) -> Served:
    turns.give_back(turn, attempts=attempts, due_from=again_at)
    return Served(source.district, reason=reason, again_at=again_at)


def _read(source: RosterSource, *, at: datetime, by: str) -> RosterSync:
    """Fetches and imports, unless the district is paused: then nothing is fetched. Raises SourceError."""
    try:
        gate.ask(source.pk)
    except gate.Paused as paused:
        return _noted(source, Outcome.PAUSED, str(paused), at=at, by=by)
    try:
        with _disk(), incoming.desk(source.pk) as desk:
            fetched = fetching.fetch(source, desk, at=at, full=must_be_full(source, at=at))
            return _imported(source, fetched, at=at, by=by)
    except NothingNew as none:
        return _unchanged(source, none, at=at, by=by)
    except (OperationalError, SourceError):
        raise
    except Exception as error:
        log.error("The roster of district %s could not be imported: %s", source.pk, type(error).__name__)
        message = _("The import stopped in a way that nobody foresaw ({name}).").format(name=type(error).__name__)
        return _noted(source, Outcome.REFUSED, message, at=at, by=by)


def _imported(source: RosterSource, fetched: fetching.Fetched, *, at: datetime, by: str) -> RosterSync:
    sync = import_roster(
        district=source.district,
        path=fetched.path,
        by=by,
        at=at,
        name=fetched.name,
        as_of=fetched.as_of,
        reaches=fetched.reaches,
    ).sync
    if sync.outcome == Outcome.UNCHANGED and not sync.mode:  # known by its digest: it was not read again
        sync.mode = RosterSync.Mode.CHANGES if fetched.is_changes else RosterSync.Mode.FULL
        sync.save(update_fields=["mode"])
        if fetched.reaches:
            RosterSource.objects.filter(pk=source.pk).update(changed_from=fetched.reaches)
    return sync


def _unchanged(source: RosterSource, none: NothingNew, *, at: datetime, by: str) -> RosterSync:
    """A server has no changes. A reset meanwhile forgot the time of the last ones, and that stays forgotten."""
    sync = _noted(source, Outcome.UNCHANGED, str(none), at=at, by=by)
    sync.mode = RosterSync.Mode.CHANGES
    sync.save(update_fields=["mode"])
    same = RosterSource.objects.filter(pk=source.pk, changed_from=source.changed_from)
    same.update(changed_from=none.reaches)
    return sync


def must_be_full(source: RosterSource, *, at: datetime) -> bool:
    """Whether everything is asked for: of a source that gives no changes, first after a reset, and once a week."""
    if not source.takes_changes or source.kind != RosterSource.Kind.REST or source.changed_from is None:
        return True
    resets = Gate.objects.values_list("resets", flat=True).get(pk=source.pk)
    applied = RosterSync.objects.filter(district=source.district, generation=resets, outcome__in=DONE)
    last = applied.filter(mode=RosterSync.Mode.FULL).first()
    return last is None or at - last.finished_at >= FULL_AFTER


@contextmanager
def _disk() -> Iterator[None]:
    """A disk that is full, or a folder that a reset removed meanwhile, is a reason to try again."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise SourceError(
            _("The portal could not keep the roster: {reason}.").format(reason=reason), can_retry=True
        ) from None


@transaction.atomic
def _gave_up(source: RosterSource, error: SourceError, at: datetime) -> RosterSync:
    """The night passes without a roster; of a source that is down, its people are told once until it answers again."""
    sync = _noted(source, _failing(error), error.sentence, at=at, by=BY)
    if sync.outcome == Outcome.UNREACHED:
        answered = source.district.roster_syncs.exclude(outcome=Outcome.UNREACHED).first()
        about = f"since {answered.pk if answered else 0}"
        notices.give(source.district, Notice.Kind.SOURCE_DOWN, about=about, text=error.sentence, at=sync.finished_at)
    return sync


def _failing(error: SourceError) -> Outcome:
    return Outcome.UNREACHED if error.can_retry else Outcome.REFUSED


def _cut_short(source: RosterSource, at: datetime) -> RosterSync:
    return _noted(source, Outcome.REFUSED, _CUT_SHORT, at=at, by=BY)


def _refuse(file: RosterFile, at: datetime) -> None:
    incoming.end(file, RosterFile.State.REFUSED, by=BY, at=at, why=_CUT_SHORT)


_CUT_SHORT = f"Reading it was cut short {ATTEMPTS} times. An engineer should look why the worker ended."


@transaction.atomic
def _noted(source: RosterSource, outcome: Outcome, message: str, *, at: datetime, by: str) -> RosterSync:
    """A sync that read nothing, dated by the clock. A turn that was lost meanwhile leaves no record."""
    finished_at = max(at, clock.now())
    gate.lock(source.pk, shared=True)  # a reset came before it, or waits
    turns.check(source.pk)
    return RosterSync.objects.create(
        district=source.district,
        finished_at=finished_at,
        finished_by=by,
        local_day=clock.local_date(source.district.zone, finished_at),
        outcome=outcome,
        generation=Gate.objects.values_list("resets", flat=True).get(pk=source.pk),
        message=message,
    )
