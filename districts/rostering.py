"""Importing a district's roster: asked first whether it may come now, read whole, applied in one transaction.

Every reading leaves one RosterSync; none of its words comes out of the roster.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import DataError, IntegrityError, transaction
from django.db.models import QuerySet

from districts import gate, services
from districts.models import District, DistrictCounts, Gate, RosterSync
from districts.roster import archive, oneroster, sync, years
from districts.roster.problems import Place, RosterRefused, Warnings
from districts.roster.records import Roster
from resetportal import clock

if TYPE_CHECKING:
    from resetportal.models import User

Outcome = RosterSync.Outcome
DONE = (Outcome.APPLIED, Outcome.UNCHANGED)


class OnHold(Exception):
    """The roster came before the reset (W11); the message begins with the rule's id."""


class Same(Exception):
    """The roster is, byte by byte, the one that was applied last since the district's last reset."""


@dataclass
class Imported:
    """What one import did. `sync` is saved unless it was a rehearsal; `warnings` are sentences by place."""

    sync: RosterSync
    warnings: list[str] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        return self.sync.outcome in DONE


def import_roster(*, district: District, path: Path, by: "str | User", at: datetime, dry_run: bool = False) -> Imported:
    """Reads the OneRoster 1.1 CSV zip or folder at `path` into a district and records the sync.

    `at`: this moment, aware. `dry_run`: does everything and takes it back, leaving no record either.
    Refusals, the pause and W11 are outcomes of the sync, not exceptions. Raises OperationalError, scrubbed, when the
    database is busy or away: nothing was written then and a later try can do.
    """
    record = _Record(district, path, str(by), at, dry_run)
    with _outcomes(record):
        _import(record, path)
    if not dry_run and record.sync.outcome not in DONE:
        record.sync.save()
    return Imported(record.sync, record.warnings.sentences())


class _Record:
    """One import under way: its sync, unsaved, and its warnings."""

    def __init__(self, district: District, path: Path, by: str, at: datetime, dry_run: bool) -> None:
        self.district, self.by, self.at, self.dry_run = district, by, at, dry_run
        self.resets = Gate.objects.values_list("resets", flat=True).get(pk=district.pk)
        self.warnings = Warnings()
        self.sync = RosterSync(
            district=district,
            finished_by=by[:200],
            source_name=path.name[:255],
            generation=self.resets,
        )
        self.mark()

    def mark(self) -> None:
        """Dates the sync by the clock, whatever earlier moment the caller meant: W11 is asked of the real day."""
        self.sync.finished_at = max(self.at, clock.now())
        self.sync.local_day = clock.local_date(self.district.zone, self.sync.finished_at)


def _import(record: _Record, path: Path) -> None:
    _may_come(record, gate.ask(record.district.pk))
    with archive.opened(path, record.warnings) as source:
        record.sync.digest = source.digest
        _is_new(record)
        roster = oneroster.read(source, record.warnings)
    told = years.told(roster.sessions)
    record.sync.school_year = told.name
    _note(record, roster, told)
    _write(record, roster)


def _write(record: _Record, roster: Roster) -> None:
    """The writing transaction. Every question is asked again in it, since reading took its time."""
    with gate.writing(record.district.pk, resets=record.resets) as now:
        DistrictCounts.objects.select_for_update().get(pk=record.district.pk)  # one import of a district at a time
        record.mark()
        _may_come(record, now)
        _is_new(record)
        _is_of_this_year(record, now)
        counts = sync.apply(roster, district_id=record.district.pk, by=record.by, at=record.at)
        services.recount(record.district.pk)
        record.sync.outcome = Outcome.APPLIED if any(counts.values()) else Outcome.UNCHANGED
        record.sync.counts = {kind: changes.to_data() for kind, changes in counts.items()}
        if record.dry_run:
            transaction.set_rollback(True)
        else:
            record.sync.save()


@contextmanager
def _outcomes(record: _Record) -> Iterator[None]:
    """Turns what stops an import into the sync's outcome and message."""
    try:
        yield
    except gate.Paused as paused:
        _stop(record, Outcome.PAUSED, str(paused))
    except OnHold as held:
        _stop(record, Outcome.ON_HOLD, str(held))
    except Same:
        record.sync.outcome = Outcome.UNCHANGED
        record.sync.message = "The roster is the one that was applied last."
        if not record.dry_run:
            record.sync.save()
    except (RosterRefused, gate.Outdated, IntegrityError, DataError) as refused:
        _stop(record, Outcome.REFUSED, str(refused))


def _stop(record: _Record, outcome: str, message: str) -> None:
    record.sync.outcome, record.sync.message, record.sync.counts = outcome, message, {}


def _may_come(record: _Record, now: Gate) -> None:
    if held := years.early(_standing(record, now)):
        raise OnHold(held)


def _is_new(record: _Record) -> None:
    last = _applied(record).first()
    if last and last.digest == record.sync.digest:
        record.sync.school_year = last.school_year
        raise Same


def _is_of_this_year(record: _Record, now: Gate) -> None:
    standing, year = _standing(record, now), record.sync.school_year
    if behind := years.behind(year, standing):
        raise RosterRefused(Place("academicSessions.csv"), *behind)
    if held := years.ahead(year, standing):
        raise OnHold(held)


def _standing(record: _Record, now: Gate) -> years.Standing:
    """What this district's rosters are measured against: its pending reset, or else the year that it holds."""
    closed_ending = years.ending_of(now.closed_year) if now.closed_year else 0
    pending = now.pauses_on if now.resumed_at is None else None
    is_pending = pending is not None and pending.year > closed_ending
    closing = years.name_of(pending.year) if pending and is_pending else _held_year(record)
    dates = record.district.school_years.filter(name=closing).first()
    return years.Standing(
        today=record.sync.local_day,
        closing=closing,
        rostering_starts=dates.rostering_starts_on if dates else None,
        is_pending=is_pending,
        closed=now.closed_year,
        closed_on=clock.local_date(record.district.zone, now.last_reset_at) if now.last_reset_at else None,
    )


def _held_year(record: _Record) -> str:
    """The latest school year that was applied since the last reset, "" for none."""
    told = _applied(record).exclude(school_year="").values_list("school_year", flat=True)
    return max(told, default="")


def _applied(record: _Record) -> QuerySet[RosterSync]:
    return RosterSync.objects.filter(district=record.district, generation=record.resets, outcome__in=DONE).order_by(
        "-finished_at", "-id"
    )


def _note(record: _Record, roster: Roster, told: years.Told) -> None:
    """Says what is accepted and worth knowing, beside what the reader met."""
    for doubt in told.doubts:
        record.warnings.add(Place("academicSessions.csv"), doubt)
    if not told.name:
        record.warnings.add(Place("academicSessions.csv"), "The roster does not say of which school year it is.")
    if roster.relatives:
        sentence = f"{roster.relatives:,} guardians, parents and relatives were counted and not kept."
        record.warnings.add(Place("users.csv"), sentence)
