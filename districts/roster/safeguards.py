"""What protects a district from its own roster: reasons for which a person looks before anything is applied.

The thresholds are the district's own, on its source. A reason is a sentence with figures and without any name of a
person. Moving students between schools is no removal.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from psycopg2 import sql

from districts import disposition, shards
from districts.models import RosterSource, RosterSync, School, Student
from districts.quantities import numbers
from districts.roster import changes
from districts.roster.merging import Changes
from districts.roster.records import Roster

BySchool = dict[int | None, int]
_DEACTIVATED = (
    gettext_noop("All {had} {words} would be deactivated."),
    gettext_noop("{removed} of {had} {words} would be deactivated ({share}%); the limit is {percent}%."),
)
_REMOVED = (
    gettext_noop("All {had} {words} would be removed."),
    gettext_noop("{removed} of {had} {words} would be removed ({share}%); the limit is {percent}%."),
)


def before(district_id: int) -> BySchool:
    """Active students by school (None: without one), as they stand before a roster is applied."""
    return _by_school(district_id)


def concerns(
    counts: Mapping[str, Changes],
    roster: Roster,
    source: RosterSource,
    *,
    held: BySchool,
    last: RosterSync | None,
    as_of: datetime | None,
    newest: datetime | None,
) -> list[str]:
    """Why a roster that was applied in this transaction must not be committed before a person has looked.

    `held`: what `before` answered. `last`: the roster that was applied last since the district's last reset, None for
    the first one. `as_of`: of when this roster is, if that can be told; `newest`: of when the newest applied one is.
    """
    had = {"student": sum(held.values())}
    found = [*roster.concerns, *removals(counts, source.removal_percent, had), *_emptied_schools(held, source)]
    if last is not None:
        found += [*turned(roster.mode, last.mode, source.kind), *older(as_of, newest)]
    return found


def removals(counts: Mapping[str, Changes], percent: int, active: Mapping[str, int] | None = None) -> Iterator[str]:
    """A removal of everything, or of more than `percent` of any kind.

    `active`: by kind how many there were to remove, where that cannot be told from the counts: among rows that do not
    change are accounts that were deactivated before.
    """
    for kind, each in counts.items():
        had = (active or {}).get(kind, each.removed + each.changed + each.unchanged)
        all_go, too_many = _DEACTIVATED if kind in ("student", "educator") else _REMOVED
        said = {"words": disposition.words_of(kind), "had": numbers(had), "removed": numbers(each.removed)}
        if each.removed and each.removed == had:
            yield _(all_go).format(**said)
        elif each.removed * 100 > had * percent:
            yield _(too_many).format(**said, share=f"{each.removed * 100 / had:.0f}", percent=percent)


def _emptied_schools(held: BySchool, source: RosterSource) -> Iterator[str]:
    removed = changes.removed_by_school()
    schools = dict(School.objects.filter(pk__in=[pk for pk in removed if pk]).values_list("pk", "name"))
    for school, number in sorted(removed.items(), key=lambda each: -each[1]):
        if school in schools and is_emptied(number, held.get(school, 0), source):
            had = held.get(school, 0)
            yield (
                _(
                    "{school} would lose {number} of its {had} students ({share}%); the limit is {percent}% and "
                    "{students} students."
                ).format(
                    school=schools[school],
                    number=numbers(number),
                    had=numbers(had),
                    share=f"{number * 100 / max(1, had):.0f}",
                    percent=source.school_percent,
                    students=numbers(source.school_students),
                )
            )


def is_emptied(removed: int, had: int, source: RosterSource) -> bool:
    """Whether one school would lose more than its share, and more than so many students."""
    return removed > source.school_students and removed * 100 > had * source.school_percent


def turned(mode: str, last_mode: str, kind: str) -> Iterator[str]:
    """A file of changes where full ones came before. Changes of a REST server are what the portal asked for."""
    asked = kind == RosterSource.Kind.REST
    if mode == RosterSync.Mode.CHANGES and last_mode == RosterSync.Mode.FULL and not asked:
        yield _("This roster holds changes only (delta), and the last one was full (bulk).")


def older(as_of: datetime | None, last: datetime | None) -> Iterator[str]:
    """A roster from before the one that was applied last."""
    if as_of is not None and last is not None and as_of < last:
        yield _("This roster is of {as_of}, older than the last one applied, of {last}.").format(
            as_of=_minute(as_of), last=_minute(last)
        )


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _by_school(district_id: int) -> BySchool:
    query = sql.SQL("SELECT school_id, count(*) FROM ONLY {} WHERE NOT is_deactivated GROUP BY 1")
    with connection.cursor() as cursor:
        cursor.execute(query.format(sql.Identifier(shards.leaf(Student, district_id))))
        return dict(cursor.fetchall())
