"""A district's educators: what speaks for a look at one of them, and what a person decides. Every reset keeps them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from districts import gate
from districts.models import District, DistrictCounts, Educator
from resetportal import clock

IDLE_DAYS = 180  # without a sign-in: half a year, summer included
NEW_DAYS = 30  # in which an account that just came need not have been used
MOST_ALIKE = 5  # accounts of one person; what more of them share is a common mailbox

Rows = QuerySet[Educator]


class Twin(NamedTuple):
    """Another account that seems to be the same person, by the same `name` at one school, or the same `address`."""

    other: int
    by: str


class Reviewed(NamedTuple):
    """How far the review of one school year is: accounts that are active, and of these kept by a person; deactivated by
    a person; deactivated by whomever and whenever (`off`); those who need a look; and when a person decided last."""

    active: int
    kept: int
    deactivated: int
    off: int
    to_look: int
    last_at: datetime | None


@dataclass(frozen=True)
class Evidence:
    """What is known on `today`, in the district's zone, for the review of `school_year`.

    `twins`: by educator. `tells_sign_ins`: whether the platform has told of any; without, their lack says nothing.
    """

    today: date
    school_year: str
    twins: Mapping[int, tuple[Twin, ...]]
    tells_sign_ins: bool

    @property
    def idle_before(self) -> date:
        return self.today - timedelta(days=IDLE_DAYS)

    @property
    def new_since(self) -> date:
        return self.today - timedelta(days=NEW_DAYS)

    @property
    def left(self) -> Q:
        """Not in the newest roster, and active all the same."""
        return Q(deactivated_at=None, left_roster_on__isnull=False)

    @property
    def twice(self) -> Q:
        return Q(deactivated_at=None, pk__in=list(self.twins))

    @property
    def idle(self) -> Q:
        """Not signed in for so long, or never, unless the account is new."""
        if not self.tells_sign_ins:
            return Q(pk__in=())
        is_new = Q(joined_on__isnull=False, joined_on__gte=self.new_since)
        never = Q(last_sign_in_on=None) & ~is_new
        return Q(deactivated_at=None) & (Q(last_sign_in_on__lt=self.idle_before) | never)

    @property
    def kept(self) -> Q:
        return Q(kept_at__isnull=False, review_year=self.school_year)

    @property
    def to_look(self) -> Q:
        """Something speaks for a look, and nobody kept them in this school year."""
        return (self.left | self.twice | self.idle) & ~self.kept

    def is_idle(self, educator: Educator) -> bool:
        """The same of one educator."""
        if not self.tells_sign_ins or educator.deactivated_at:
            return False
        if educator.last_sign_in_on is None:
            return educator.joined_on is None or educator.joined_on < self.new_since
        return educator.last_sign_in_on < self.idle_before

    def needs_a_look(self, educator: Educator) -> bool:
        """The same of one educator."""
        if educator.deactivated_at or (educator.kept_at and educator.review_year == self.school_year):
            return False
        return bool(educator.left_roster_on or educator.pk in self.twins or self.is_idle(educator))

    def ranked(self, rows: Rows) -> Rows:
        """With a `rank`: 0 left the roster, 1 is there twice, 2 does not sign in, 3 none of these; in this order."""
        cases = [When(each, then=Value(rank)) for rank, each in enumerate((self.left, self.twice, self.idle))]
        ranked = rows.annotate(rank=Case(*cases, default=Value(3), output_field=IntegerField()))
        return ranked.order_by("rank", "last_name", "first_name", "id")


def evidence(district: District, school_year: str, *, at: datetime) -> Evidence:
    """What speaks for a look at a district's educators; two queries."""
    signed_in = Educator.objects.filter(district=district, last_sign_in_on__isnull=False)
    return Evidence(clock.local_date(district.zone, at), school_year, twins(district.pk), signed_in.exists())


def counts(district: District, known: Evidence) -> Reviewed:
    """The district's educators by where they stand; one query."""
    decided = Q(review_year=known.school_year)
    active = Q(deactivated_at=None)
    return Reviewed(
        **Educator.objects.filter(district=district).aggregate(
            active=Count("pk", filter=active),
            kept=Count("pk", filter=active & known.kept),
            deactivated=Count("pk", filter=~active & decided),
            off=Count("pk", filter=~active),
            to_look=Count("pk", filter=known.to_look),
            last_at=Max(Greatest("kept_at", "deactivated_at"), filter=decided),
        )
    )


def reviewed(district: District, school_year: str, *, at: datetime) -> Reviewed:
    """How far a district's review of its educators is; three queries."""
    return counts(district, evidence(district, school_year, at=at))


def keep(*, district: District, ids: Iterable[int], school_year: str, by: str, at: datetime) -> int:
    """Says that educators stay, in the review of a school year; who was deactivated is active again.

    Answers how many changed. A roster deactivates them again only if it newly leaves them out.
    """
    return _decide(district, _still(ids, Q(kept_at=None) | ~Q(review_year=school_year)), _kept(school_year, by, at))


def reactivate(*, district: District, ids: Iterable[int], school_year: str, by: str, at: datetime) -> int:
    """Takes a deactivation back, a person's or a roster's: the educators stay, as if they had been kept."""
    return _decide(district, _still(ids, Q(deactivated_at__isnull=False)), _kept(school_year, by, at))


def deactivate(*, district: District, ids: Iterable[int], school_year: str, by: str, at: datetime) -> int:
    """Deactivates accounts of educators, which stay as every reset keeps them. Answers how many changed.

    A roster takes them back only if it newly has them.
    """
    changes = {"deactivated_at": at, "deactivated_by": by, "kept_at": None, "kept_by": None, "review_year": school_year}
    return _decide(district, _still(ids, Q(deactivated_at=None)), changes)


def _kept(school_year: str, by: str, at: datetime) -> dict[str, Any]:
    gone = {"deactivated_at": None, "deactivated_by": None}
    return {"kept_at": at, "kept_by": by, "review_year": school_year, **gone}


def _still(ids: Iterable[int], standing: Q) -> Q:
    return Q(pk__in=list(ids)) & standing


def _decide(district: District, which: Q, changes: Mapping[str, Any]) -> int:
    with _room(district):
        changed = Educator.objects.filter(which, district=district).update(**changes)
        active = Educator.objects.filter(district=district, deactivated_at=None).count()
        DistrictCounts.objects.filter(pk=district.pk).update(educators=active)
    return changed


@contextmanager
def _room(district: District) -> Iterator[None]:
    """A transaction beside which no roster is applied, and no run compares what it keeps."""
    with transaction.atomic():
        gate.lock(district.pk, shared=True)
        DistrictCounts.objects.select_for_update().get(pk=district.pk)
        yield


def twins(district_id: int) -> dict[int, tuple[Twin, ...]]:
    """Active accounts that seem to be of one person, each with the others.

    Names and addresses are compared as people read them: NFKC, case folded, spaces as one.
    """
    found: dict[int, dict[int, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TWINS, {"district": district_id, "most": MOST_ALIKE})
        for by, ids in cursor.fetchall():
            for each in ids:
                found.setdefault(each, {}).update((other, by) for other in ids if other != each)
    return {key: tuple(Twin(*pair) for pair in sorted(others.items())) for key, others in found.items()}


_TWINS = """
    WITH account AS (
      SELECT id, casefold(normalize(btrim(regexp_replace(first_name || ' ' || last_name, '\\s+', ' ', 'g')), NFKC)
        COLLATE pg_unicode_fast) AS name,
        array(SELECT casefold(normalize(split_part(btrim(each), '@', 1), NFKC) COLLATE pg_unicode_fast)
          FROM unnest(ARRAY[email, username]) AS each) AS locals
      FROM districts_educator WHERE district_id = %(district)s AND deactivated_at IS NULL
    ), trait AS (
      SELECT a.id, 'name' AS by, coalesce(r.school_id, 0) AS school, a.name AS value
      FROM account a LEFT JOIN districts_educatorrole r ON r.educator_id = a.id
      UNION SELECT a.id, 'address', 0, part FROM account a CROSS JOIN unnest(a.locals) AS part
    )
    SELECT by, array_agg(DISTINCT id) FROM trait WHERE value <> ''
    GROUP BY by, school, value HAVING count(DISTINCT id) BETWEEN 2 AND %(most)s ORDER BY by
"""
