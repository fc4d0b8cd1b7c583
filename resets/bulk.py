"""What is done to many districts at once: a preview that changes nothing, then all that can be, and a receipt.

A wish (`bulk_dates`, `bulk_letters`, `bulk_csm`) knows its own rules; here is what they share. A receipt stands under
the token of its preview before anything is done, so that a button pressed twice does it once.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from districts.models import District, SchoolYear
from resets import policy
from resets.board import Entry
from resets.models import Receipt, Reset, Season
from resets.services import NotPossible

MOST = 1000  # districts at once: what a web worker does well within its time
SAVE_EVERY = 50


class Outcome(StrEnum):
    """What would become of a district, or what became of it. WAITING: not come to yet."""

    CHANGES = "changes"
    REASON = "reason"
    SAME = "same"
    REFUSED = "refused"
    DONE = "done"
    WAITING = "waiting"


class Line(NamedTuple):
    """One district of a preview. `change` is short, such as `July 28 (default) → July 30`; `version` what it showed."""

    district: District
    outcome: Outcome
    change: str
    sentence: str
    rules: tuple[str, ...] = ()
    version: int = 0

    @property
    def would_change(self) -> bool:
        return self.outcome in (Outcome.CHANGES, Outcome.REASON)


class Result(NamedTuple):
    """What became of one district."""

    outcome: Outcome
    sentence: str


class Wish(Protocol):
    """Something to be done to many districts. `at_once`: in one transaction, else each district in its own."""

    kind: ClassVar[Receipt.Kind]
    at_once: ClassVar[bool]

    @property
    def season(self) -> Season: ...

    @property
    def reason(self) -> str: ...

    @property
    def what(self) -> str:
        """What is done, for the receipt: a day, a subject, a name."""

    def look(self, entry: Entry, *, by: Any, at: datetime) -> Line:
        """What it would do to one district, asked of what was fetched with it."""

    def do(
        self, rows: list[District], versions: Mapping[int, int], *, by: Any, at: datetime, token: UUID
    ) -> Iterator[Result]:
        """Does it, a result a row in the same order."""


def preview(wish: Wish, entries: Iterable[Entry], *, by: Any, at: datetime) -> list[Line]:
    """What would become of each district; changes nothing. What would change stands first."""
    lines = [wish.look(entry, by=by, at=at) for entry in entries]
    order = list(Outcome)
    return sorted(lines, key=lambda line: (order.index(line.outcome), line.district.name))


def apply(wish: Wish, versions: Mapping[int, int], *, by: Any, at: datetime, token: UUID) -> Receipt:
    """Does a wish to districts, by their ids with the version that each preview showed. The same token does it once.

    A district that `by` may not know of is not there: its line names none. One that changed since its preview is
    refused and told.
    """
    with _together(wish):
        rows = list(_rows(wish.season, versions, by))
        receipt, is_new = Receipt.objects.get_or_create(token=token, defaults=_blank(wish, rows, versions, by, at))
        if receipt.person_id != by.pk:
            raise NotPossible(_("Somebody else has done this already."))
        if is_new:
            _carry_out(wish, rows, versions, receipt, by=by, at=at)
    return receipt


def _together(wish: Wish) -> AbstractContextManager[Any]:
    return transaction.atomic() if wish.at_once else nullcontext()


def _rows(season: Season, versions: Mapping[int, int], by: Any) -> QuerySet[District]:
    rows = District.objects.visible_to(by).filter(pk__in=versions).select_related("csm", "counts", "gate")
    resets = Prefetch("resets", Reset.objects.filter(season=season), to_attr="resets_of_season")
    years = Prefetch("school_years", SchoolYear.objects.filter(name=season.school_year))
    return rows.prefetch_related(resets, years, "holds")


def _blank(wish: Wish, rows: list[District], versions: Mapping[int, int], by: Any, at: datetime) -> dict[str, Any]:
    lines = [*(_line(row, Result(Outcome.WAITING, "")) for row in rows), *_not_there(rows, versions)]
    who = {"done_at": at, "done_by": str(by), "person": by}
    return {"kind": wish.kind, "what": wish.what[:200], "reason": wish.reason, "lines": lines, **who}


def _not_there(rows: list[District], versions: Mapping[int, int]) -> list[dict[str, Any]]:
    """A line for each that was previewed and is not this person's any more. It names none: what came may be forged."""
    missing = min(len(versions) - len(rows), MOST)
    about = {"site_code": "", "name": _("A district that was in the preview"), "students": 0}
    told = {"outcome": str(Outcome.REFUSED), "sentence": _("It is not yours any more. Nothing was done to it.")}
    return [{**about, **told} for _each in range(missing)]


def _line(row: District, result: Result) -> dict[str, Any]:
    about = {"site_code": row.site_code, "name": row.name, "students": row.counts.students}
    return {**about, "outcome": str(result.outcome), "sentence": result.sentence}


def _carry_out(
    wish: Wish, rows: list[District], versions: Mapping[int, int], receipt: Receipt, *, by: Any, at: datetime
) -> None:
    """Writes down what became of the districts as it goes, so that little is unknown after a crash."""
    done = wish.do(rows, versions, by=by, at=at, token=receipt.token)
    for number, (row, result) in enumerate(zip(rows, done, strict=True), start=1):
        receipt.lines[number - 1] = _line(row, result)
        if number % SAVE_EVERY == 0:
            receipt.save(update_fields=["lines"])
    receipt.save(update_fields=["lines"])


def reset_of(row: District) -> Reset | None:
    """The season's reset of a row that `apply` has fetched."""
    found: list[Reset] = row.resets_of_season  # type: ignore[attr-defined]  # fetched with it
    return found[0] if found else None


def day_and_mark(day: date, is_default: bool, year: int) -> str:
    """`July 28 (default)`."""
    said = policy.month_day(day, year)
    return _("%(day)s (default)") % {"day": said} if is_default else said
