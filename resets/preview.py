"""What a reset of a district would do now, by school and by the article's rows: the run's own counts, read whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from districts import disposition, gate, shards
from districts.disposition import Action
from districts.models import District, School
from resets import counting

SHARED = "ACCESS SHARE"
WORDS = {
    disposition.POINTS: "Deleted, set to 0",
    disposition.AVATARS: "Deleted; students make new ones",
    disposition.ACCOUNTS: "Deleted; all students get new accounts",
}
UNTOUCHED = (
    ("The district’s SIS", "and every roster file that it holds."),
    ("Files that people downloaded:", "exports, reports, rosters on their own computers."),
    ("Backups of the database,", "until they expire."),
    ("Logs and this history:", "they hold counts and names of staff, never a student."),
)


@dataclass(frozen=True)
class Line:
    """A row of the article's table: what happens to it, how many rows it is, and of which kinds."""

    row: str
    action: Action
    words: str
    count: int
    kinds: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Preview:
    """`gone` and `kept` in the order of the article's table; `schools` are (name, counts in the order of `gone`)."""

    at: datetime
    gone: tuple[Line, ...]
    kept: tuple[Line, ...]
    schools: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def rows(self) -> int:
        return sum(line.count for line in self.gone)

    @property
    def totals(self) -> list[int]:
        return [line.count for line in self.gone]


def read(district: District, *, at: datetime) -> Preview:
    """Counts a district whole: no writer in between, no run. Raises OperationalError when a run keeps it locked.

    `at` is shown as the time of the count. TRUNCATE is not MVCC-safe, hence the locks: the district's shared
    lock and every leaf, in one transaction, before the first count.
    """
    with transaction.atomic():
        shards.limit_lock_waits()
        gate.lock(district.pk, shared=True)
        shards.lock(district.pk, SHARED)
        schools = list(School.objects.filter(district=district))
        counts = counting.by_school(district.pk, [school.pk for school in schools])
        kept = {kind: len(ids) for kind, ids in counting.kept(district).items()}
    named: list[tuple[int | None, str]] = [(school.pk, school.name) for school in schools]
    parts = [(name, counts[pk]) for pk, name in (*named, (None, _("Students without a school")))]
    return Preview(
        at=at,
        gone=_lines(counting.by_kind(counts)),
        kept=_lines(kept),
        schools=tuple((name, tuple(line.count for line in _lines(of_school))) for name, of_school in parts),
    )


def _lines(counts: dict[str, int]) -> tuple[Line, ...]:
    """Counts by kind as rows of the article's table, in the order in which `disposition` has them."""
    kinds = sorted(counts, key=_ORDER.index)
    grouped = groupby(kinds, key=lambda kind: disposition.of(kind).row)
    return tuple(_line(row, list(of_row), counts) for row, of_row in grouped)


def _line(row: str, kinds: Iterable[str], counts: dict[str, int]) -> Line:
    pairs = tuple((disposition.of(kind).words, counts[kind]) for kind in kinds)
    action = disposition.of(next(iter(kinds))).action
    return Line(row, action, WORDS.get(row, _SAID[action]), sum(count for _, count in pairs), pairs)


_SAID = {
    Action.DELETED: "Deleted",
    Action.UNASSIGNED: "Kept, nobody is assigned any more",
    Action.RETAINED: "Kept",
}
_ORDER = [label.partition(".")[2].lower() for label in disposition.DISPOSITIONS]
