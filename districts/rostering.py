"""Importing a district's roster: asked first whether it may come now, read whole, compared, decided, applied at once.

Every reading leaves one RosterSync; none of its words comes out of the roster. What speaks against a roster puts it
on hold until a person has looked.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import DataError, IntegrityError, OperationalError, transaction
from django.db.models import Max, Q

from districts import gate, incoming, notices, services, turns
from districts.models import District, DistrictCounts, Gate, Notice, RosterFile, RosterSource, RosterSync
from districts.reading import Reading
from districts.roster import archive, changes, completing, new_year, oneroster, safeguards, sync, years
from districts.roster.problems import Place, RosterRefused
from districts.roster.records import Roster

if TYPE_CHECKING:
    from resetportal.models import User

log = logging.getLogger(__name__)

Outcome, State, Wish = RosterSync.Outcome, RosterFile.State, RosterFile.Wish
DONE = (Outcome.APPLIED, Outcome.UNCHANGED)


class OnHold(Exception):
    """The roster came before the reset (W11); the message begins with the rule's id."""


class Known(Exception):
    """The same roster, byte by byte, came before since the district's last reset; `outcome` says what became of it."""

    def __init__(self, outcome: str, message: str, school_year: str = "") -> None:
        self.outcome, self.school_year = outcome, school_year
        super().__init__(message)


@dataclass
class Imported:
    """What one import did. `sync` is saved unless it was a rehearsal by path; `warnings` are sentences by place."""

    sync: RosterSync
    warnings: list[str] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        return self.sync.outcome in (*DONE, Outcome.REHEARSED)


def import_roster(
    *,
    district: District,
    path: Path,
    by: "str | User",
    at: datetime,
    dry_run: bool = False,
    name: str = "",
    as_of: datetime | None = None,
    reaches: datetime | None = None,
) -> Imported:
    """Reads the OneRoster CSV zip or folder at `path` into a district and records the sync.

    `at`: this moment, aware. `dry_run`: a rehearsal, which does everything, takes it back and leaves no record.
    `name`: what people call the roster, the file's own name without it. `as_of`: of when it is, if that can be told.
    `reaches`: for answers of a REST server, how far they reach.
    Refusals, the pause, holds and W11 are outcomes of the sync, not exceptions. Raises OperationalError, scrubbed, when
    the database is busy or away: nothing was written then and a later try can do.
    """
    record = Reading(district, by=str(by), at=at, is_rehearsal=dry_run)
    record.note_source(path, name=name or path.name, as_of=as_of)
    try:
        with _outcomes(record):
            if not dry_run:
                _receive(record, reaches)
            _read(record)
    except OperationalError:
        if record.file is not None:  # it is fetched again; a copy each time would fill the disk
            incoming.drop(record.file, by=record.by, at=record.at)
        raise
    return _settled(record)


def take(file_id: int, *, at: datetime) -> RosterSync | None:
    """Reads a roster that waits, as its wish says: rehearses or applies it. None when it does not wait any more.

    The caller has the district's turn (`districts.turns`).
    """
    file = RosterFile.objects.select_related("district").filter(pk=file_id, state=State.WAITING).first()
    if file is None:
        return None
    by = file.approved_by or file.received_by
    record = Reading(file.district, by=by, at=at, is_rehearsal=file.wish == Wish.REHEARSE, file=file)
    try:
        with _outcomes(record):
            _read(record)
    except OperationalError:
        raise
    except Exception as error:  # else it would be read again every minute, for ever
        log.error("The roster %s could not be read: %s", file.pk, type(error).__name__)
        record.stop(Outcome.REFUSED, f"The import stopped in a way that nobody foresaw ({type(error).__name__}).")
    return _settled(record).sync


def too_early(file: RosterFile) -> str:
    """Why a roster cannot be applied before the reset (W11), or "". Raises gate.Paused."""
    now = gate.ask(file.district_id)
    record = Reading(file.district, by="", at=file.received_at, is_rehearsal=True, file=file)
    last = RosterSync.objects.filter(file=file).first()
    standing = record.standing(now)
    return years.early(standing) or years.ahead(last.school_year if last else "", standing)


def _receive(record: Reading, reaches: datetime | None) -> None:
    """Keeps the roster, once it is known that it is a new one. A paused district takes none at all."""
    gate.ask(record.district.pk)
    record.sync.digest = incoming.digest_of(record.path) if record.path.exists() else ""
    _is_new(record)
    _was_not_judged(record)
    if not record.path.exists():
        raise RosterRefused(Place(record.path.name), "There is no such file or folder.", "Check the path.")
    record.use(
        incoming.receive(
            district=record.district,
            content=record.path,
            name=record.sync.source_name,
            by=record.by,
            at=record.at,
            as_of=record.sync.as_of,
            reaches=reaches,
            generation=record.resets,
        )
    )


def _read(record: Reading) -> None:
    _may_come(record, record.gate_before())
    with archive.opened(record.path, record.warnings) as opened:
        record.sync.digest = record.sync.digest or opened.digest
        _is_new(record)
        roster = oneroster.read(opened, record.warnings, known=lambda: completing.known(record.district.pk))
    told = years.told(roster.sessions)
    if roster.partial:  # changes need not say again of which year the full roster was
        told = years.Told(max(told.name, record.held_year()), told.doubts)
    record.sync.school_year, record.sync.mode = told.name, roster.mode
    record.note_doubts(roster, told)
    _write(record, roster)


def _write(record: Reading, roster: Roster) -> None:
    """The writing transaction. Every question is asked again in it, since reading took its time."""
    with _room(record) as now:
        DistrictCounts.objects.select_for_update().get(pk=record.district.pk)  # one import of a district at a time
        turns.check(record.district.pk)
        record.mark()
        _may_come(record, now)
        _is_new(record)
        _is_of_this_year(record, now)
        _is_full_at_first(record, roster)
        held = safeguards.before(record.district.pk)
        counts = sync.apply(roster, district_id=record.district.pk, by=record.by, at=record.at)
        record.sync.counts = {kind: each.to_data() for kind, each in counts.items()}
        record.sync.concerns = _concerns(record, roster, counts, now, held)
        _list_changes(record)
        record.sync.outcome = _decided(record)
        if record.sync.outcome in DONE and not record.is_rehearsal:
            _keep(record)
        else:
            transaction.set_rollback(True)


@contextmanager
def _room(record: Reading) -> Iterator[Gate]:
    """A transaction in which the district may be written; a rehearsal, which writes nothing, asks for no pause."""
    if not record.is_rehearsal:
        with gate.writing(record.district.pk, resets=record.resets) as now:
            yield now
        return
    with transaction.atomic():
        gate.lock(record.district.pk, shared=True)
        yield Gate.objects.select_related("district").get(pk=record.district.pk)


def _concerns(record: Reading, roster: Roster, counts: sync.Counts, now: Gate, held: safeguards.BySchool) -> list[str]:
    """Why a person looks first: the safeguards, and for the first roster of a new year how the last one stood."""
    last = record.applied().first()
    source = RosterSource.objects.get(pk=record.district.pk)
    newest = record.applied().aggregate(newest=Max("as_of"))["newest"]
    found = safeguards.concerns(counts, roster, source, held=held, last=last, as_of=record.sync.as_of, newest=newest)
    if record.sync.digest and record.applied().filter(digest=record.sync.digest).exists():
        found.append("This very roster was applied before, and another one since.")
    if last is None and now.closed_year:
        found = [*found, *new_year.concerns(record.district.pk, now.closed_year)]
    return found


def _decided(record: Reading) -> RosterSync.Outcome:
    """What becomes of a roster that was read and compared."""
    if record.is_rehearsal:
        return Outcome.REHEARSED
    if not record.approved.issuperset(record.sync.concerns):
        return Outcome.ON_HOLD
    changed = (how for counts in record.sync.counts.values() for how in ("added", "changed", "removed") if counts[how])
    return Outcome.APPLIED if any(changed) else Outcome.UNCHANGED


def _list_changes(record: Reading) -> None:
    if record.file is not None:
        changes.write(incoming.changes_path(record.file))


def _keep(record: Reading) -> None:
    """The record of an applied roster, in the transaction that applied it."""
    services.recount(record.district.pk)
    record.sync.save()
    if record.file is not None:
        by, at = record.by, record.sync.finished_at
        if record.sync.outcome == Outcome.APPLIED:
            incoming.supersede(record.file, by=by, at=at, why="A newer roster was applied.")
        incoming.end(record.file, State.APPLIED, by=by, at=at)
        if record.file.reaches:
            same = Q(set_at=None) | Q(set_at__lt=record.file.received_at)  # another source knows nothing of it
            RosterSource.objects.filter(same, pk=record.district.pk).update(changed_from=record.file.reaches)


@contextmanager
def _outcomes(record: Reading) -> Iterator[None]:
    """Turns what stops an import into the sync's outcome and message."""
    try:
        yield
    except gate.Paused as paused:
        record.stop(Outcome.PAUSED, str(paused))
    except OnHold as held:
        record.sync.concerns = [str(held)]
        record.stop(Outcome.REHEARSED if record.is_rehearsal else Outcome.ON_HOLD, str(held))
    except Known as known:
        record.sync.school_year = known.school_year
        record.stop(known.outcome, str(known))
    except (RosterRefused, gate.Outdated, IntegrityError, DataError) as refused:
        record.stop(Outcome.REFUSED, str(refused))


def _settled(record: Reading) -> Imported:
    """The import as it ended: its sync saved, its file where its outcome puts it, and whoever must look told."""
    if record.sync.outcome == Outcome.ON_HOLD and not record.sync.message:
        record.sync.message = " ".join(record.sync.concerns)
    record.sync.warnings = record.warnings.sentences()
    if record.file is None and record.is_rehearsal:
        return Imported(record.sync, record.sync.warnings)
    with transaction.atomic():
        record.sync.save()
        if record.file is not None and incoming.still_waits(record.file):
            _put(record, record.file)
    incoming.forget_changes(record.district.pk, but=record.file)
    return Imported(record.sync, record.sync.warnings)


def _put(record: Reading, file: RosterFile) -> None:
    """Moves a roster that was not applied to where it waits, or ends."""
    by, at, message = record.by, record.sync.finished_at, record.sync.message
    if record.sync.outcome == Outcome.REHEARSED:
        file.state = State.REHEARSED
        file.save(update_fields=["state"])
    elif record.sync.outcome == Outcome.ON_HOLD:
        _hold(record, file)
    elif record.sync.outcome == Outcome.REFUSED:
        incoming.end(file, State.REFUSED, by=by, at=at, why=message)
    elif record.sync.outcome == Outcome.PAUSED:
        incoming.end(file, State.VOIDED, by=by, at=at, why=message)
    else:
        incoming.end(file, State.APPLIED, by=by, at=at, why=message)


def _hold(record: Reading, file: RosterFile) -> None:
    """Puts a roster on hold in the place of an older one. Its people are told once a roster, of W11 once a year."""
    is_early = record.sync.message.startswith("W11")
    incoming.supersede(file, by=record.by, at=record.at, why="A newer roster took its place.")
    file.state, file.approved_at, file.approved_by = State.ON_HOLD, None, None
    file.save(update_fields=["state", "approved_at", "approved_by"])
    about = f"early {record.resets}" if is_early else str(file.pk)
    notices.give(
        record.district, Notice.Kind.ROSTER_ON_HOLD, about=about, text=record.sync.message, at=record.sync.finished_at
    )


def _may_come(record: Reading, now: Gate) -> None:
    if held := years.early(record.standing(now)):
        raise OnHold(held)


def _is_new(record: Reading) -> None:
    last = record.applied().first()
    if last and last.digest and last.digest == record.sync.digest:
        raise Known(Outcome.UNCHANGED, "The roster is the one that was applied last.", last.school_year)


def _was_not_judged(record: Reading) -> None:
    """A roster that waits for a person, or that one discarded, is not taken again because it comes again."""
    same = RosterFile.objects.filter(
        district=record.district, generation=record.resets, digest=record.sync.digest, state__in=_JUDGED
    ).first()
    if same is None:
        return
    if same.state == State.DISCARDED:
        raise Known(Outcome.REFUSED, f"{same.ended_by} discarded this roster: {same.why}")
    said = RosterSync.objects.filter(file=same).first()
    raise Known(Outcome.ON_HOLD, said.message if said else "This roster is on hold.", said.school_year if said else "")


_JUDGED = (State.ON_HOLD, State.DISCARDED)


def _is_full_at_first(record: Reading, roster: Roster) -> None:
    if roster.partial and not record.applied().exists():
        raise RosterRefused(
            Place("manifest.csv"),
            "It holds changes only, and no full roster has been applied since the last reset.",
            "Send a full (bulk) roster first.",
        )


def _is_of_this_year(record: Reading, now: Gate) -> None:
    standing, year = record.standing(now), record.sync.school_year
    if behind := years.behind(year, standing):
        raise RosterRefused(Place("academicSessions.csv"), *behind)
    if held := years.ahead(year, standing):
        raise OnHold(held)
