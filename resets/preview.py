"""What a reset of a district would do now, by school and by the article's rows: the run's own counts, read whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from districts import disposition, gate, shards
from districts.disposition import Action
from districts.models import District, School
from resets import counting

SHARED = "ACCESS SHARE"
WORDS = {
    disposition.POINTS: gettext_noop("Deleted, set to 0"),
    disposition.AVATARS: gettext_noop("Deleted; students make new ones"),
    disposition.ACCOUNTS: gettext_noop("Deleted; all students get new accounts"),
}
_UNTOUCHED = (
    (gettext_noop("The district’s SIS"), gettext_noop("and every roster file that it holds.")),
    (
        gettext_noop("Files that people downloaded:"),
        gettext_noop("exports, reports, rosters on their own computers."),
    ),
    (gettext_noop("Backups of the database,"), gettext_noop("until they expire.")),
    (
        gettext_noop("Logs and this history:"),
        gettext_noop("they hold counts and names of staff, never a student."),
    ),
)


def untouched() -> list[tuple[str, str]]:
    """What a reset does not touch: its beginning, which a page stresses, and the rest of a line."""
    return [(_(lead), _(rest)) for lead, rest in _UNTOUCHED]


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
    pairs = tuple((disposition.words_of(kind), counts[kind]) for kind in kinds)
    action = disposition.of(next(iter(kinds))).action
    return Line(_(row), action, _(WORDS.get(row, _SAID[action])), sum(count for _, count in pairs), pairs)


_SAID = {
    Action.DELETED: gettext_noop("Deleted"),
    Action.UNASSIGNED: gettext_noop("Kept, nobody is assigned any more"),
    Action.RETAINED: gettext_noop("Kept"),
}
_ORDER = [label.partition(".")[2].lower() for label in disposition.DISPOSITIONS]
