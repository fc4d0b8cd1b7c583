"""One reading of one roster under way: its sync as it will be saved, and what it is measured against."""

from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from districts import gate, incoming
from districts.models import District, Gate, RosterFile, RosterSync
from districts.roster import years
from districts.roster.problems import Place, Warnings
from districts.roster.records import Roster
from resetportal import clock

DONE = (RosterSync.Outcome.APPLIED, RosterSync.Outcome.UNCHANGED)


class Reading:
    """A roster being read into a district: `sync` is unsaved, `resets` the generation that the roster came in."""

    def __init__(
        self, district: District, *, by: str, at: datetime, is_rehearsal: bool, file: RosterFile | None = None
    ) -> None:
        self.district, self.by, self.at, self.is_rehearsal = district, by[:200], at, is_rehearsal
        self.resets = Gate.objects.values_list("resets", flat=True).get(pk=district.pk)
        self.warnings = Warnings()
        self.sync = RosterSync(district=district, finished_by=self.by, generation=self.resets)
        self.file: RosterFile | None = None
        self.approved: frozenset[str] = frozenset()
        self.mark()
        if file is not None:
            self.use(file)
            self.approved = _concerns_approved(file)

    path: Path

    def note_source(self, path: Path, *, name: str, as_of: datetime | None) -> None:
        """Where the roster lies, what people call it, and of when it is."""
        self.path, self.sync.source_name, self.sync.as_of = path, name[:255], as_of

    def use(self, file: RosterFile) -> None:
        """Reads the kept copy from now on; the roster counts as of the generation in which it came."""
        self.sync.file = file
        self.file, self.resets, self.sync.generation = file, file.generation, file.generation
        self.sync.digest = file.digest
        self.note_source(incoming.path(file), name=file.source_name, as_of=file.as_of)

    def mark(self) -> None:
        """Dates the sync by the clock, whatever earlier moment the caller meant: W11 is asked of the real day."""
        self.sync.finished_at = max(self.at, clock.now())
        self.sync.local_day = clock.local_date(self.district.zone, self.sync.finished_at)

    def stop(self, outcome: str, message: str) -> None:
        """What became of a roster that was not applied. A kept copy is called by the name that people know."""
        if self.file is not None:
            message = message.replace(self.path.name, self.file.source_name)
        self.sync.outcome, self.sync.message, self.sync.counts = outcome, message, {}

    def gate_before(self) -> Gate:
        """The gate as reading begins. Raises gate.Paused, unless it is a rehearsal."""
        if self.is_rehearsal:
            return Gate.objects.select_related("district").get(pk=self.district.pk)
        return gate.ask(self.district.pk)

    def applied(self) -> QuerySet[RosterSync]:
        """The rosters that were applied since the last reset, the newest first."""
        return RosterSync.objects.filter(district=self.district, generation=self.resets, outcome__in=DONE).order_by(
            "-finished_at", "-id"
        )

    def standing(self, now: Gate) -> years.Standing:
        """What this roster is measured against: the district's pending reset, or else the year that it holds."""
        closed_ending = years.ending_of(now.closed_year) if now.closed_year else 0
        pending = now.pauses_on if now.resumed_at is None else None
        is_pending = pending is not None and pending.year > closed_ending
        closing = years.name_of(pending.year) if pending and is_pending else self.held_year()
        dates = self.district.school_years.filter(name=closing).first()
        return years.Standing(
            today=self.sync.local_day,
            closing=closing,
            rostering_starts=dates.rostering_starts_on if dates else None,
            is_pending=is_pending,
            closed=now.closed_year,
            closed_on=clock.local_date(self.district.zone, now.last_reset_at) if now.last_reset_at else None,
        )

    def held_year(self) -> str:
        """The latest school year that was applied since the last reset, "" for none."""
        told = self.applied().exclude(school_year="").values_list("school_year", flat=True)
        return max(told, default="")

    def note_doubts(self, roster: Roster, told: years.Told) -> None:
        """Says what is accepted and worth knowing, beside what the reader met."""
        for doubt in told.doubts:
            self.warnings.add(Place("academicSessions.csv"), doubt)
        if not told.name:
            self.warnings.add(Place("academicSessions.csv"), _("The roster does not say of which school year it is."))
        if roster.relatives:
            sentence = _("{relatives:,} guardians, parents and relatives were counted and not kept.").format(
                relatives=roster.relatives
            )
            self.warnings.add(Place("users.csv"), sentence)


def _concerns_approved(file: RosterFile) -> frozenset[str]:
    """What somebody approved a roster in spite of: the sentences of its last reading, and no others."""
    last = RosterSync.objects.filter(file=file).first() if file.approved_at else None
    return frozenset(last.concerns) if last else frozenset()
