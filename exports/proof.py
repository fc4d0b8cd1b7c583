"""Whether a district's exports prove that a reset would lose nothing of its year; where not, why, and what helps.

It rests on the rows of files and downloads, which outlive the files. What a roster changes after an export (a name, a
school, a classroom) is not asked for: the district's own SIS has it, and no student's work is in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from districts.activity.counters import NAMES
from districts.models import District, Product
from exports.models import Download, ExportFile
from exports.proof_cases import FLAWS, Case
from resetportal import clock

LAST = gettext_noop(
    "The run makes a last export itself, once nobody can write any more and before it deletes anything."
)
BEING_MADE, NONE_YET = gettext_noop("Being made"), gettext_noop("None yet")

JUDGED = ("district", "product", "made_at", "since", "until", "learning_environment", "through", "version", "rows")
Ids = Sequence[int] | QuerySet[Any]


@dataclass(frozen=True)
class Proof:
    """What is proven of one product: `sentence` says why, or why not and what helps; `word` is for a list.

    `file`: the export that proves it, or comes nearest to it.
    """

    product: str
    is_proven: bool
    sentence: str
    file: ExportFile | None
    is_last_chosen: bool = False
    word: str = ""

    @property
    def label(self) -> str:
        """Its word in the reader's language; the word itself is English, so that it can be compared."""
        return _(self.word) if self.word else ""

    @property
    def is_satisfied(self) -> bool:
        """Whether a season that asks for proof lets the reset begin."""
        return self.is_proven or self.is_last_chosen

    @property
    def only_waits_for_download(self) -> bool:
        """Whether it is made, whole and of today's data, and nobody has taken it."""
        return not self.is_proven and self.word == FLAWS[-1].word

    @property
    def name(self) -> str:
        """The product in words."""
        return str(Product(self.product).label)


def of(district: District, *, at: datetime, last_chosen: bool = False, advises: bool = True) -> list[Proof]:
    """A proof for each product of a district, none for one without students. Counts students in the shard.

    `last_chosen`: the district has chosen that the run makes a last export. `advises`: what helps is said, too.
    """
    cases = _cases([district.pk], at=at, is_counted=True)
    return [_proof(replace(case, advises=advises), last_chosen) for case in cases]


def of_many(
    districts: Iterable[District], *, at: datetime, last_chosen: AbstractSet[int] = frozenset()
) -> dict[int, list[Proof]]:
    """The same for a list, by district, from kept numbers alone: two queries. `last_chosen`: ids of districts."""
    found: dict[int, list[Proof]] = {district.pk: [] for district in districts}
    for case in _cases(list(found), at=at, is_counted=False):
        found[case.district.pk].append(_proof(case, case.district.pk in last_chosen))
    return found


def untold(
    districts: Iterable[Any], *, ids: Ids, at: datetime, last_chosen: AbstractSet[int]
) -> dict[int, list[Proof]]:
    """The same for a very long list, in one query: without sentences, of districts that have their numbers with them.

    What a district must have: pk, zone, counts, gate, and which products it uses. `ids`: theirs, as a query of them.
    """
    found: dict[int, list[Proof]] = {district.pk: [] for district in districts}
    files = _files(ids, only=JUDGED)
    for district in districts:
        for product in products(district) if district.counts.accounts else ():
            mine = files.get((district.pk, product), [])
            case = Case(district, product, mine, clock.local_date(district.zone, at), is_counted=False)
            found[district.pk].append(_proof(case, district.pk in last_chosen, is_told=False))
    return found


def products(district: District) -> list[Product]:
    """Products that a district uses, or has work of; each has an export of its own."""
    uses = ((district.uses_imagine_math, Product.IMAGINE_MATH), (district.uses_math_facts, Product.MATH_FACTS))
    return [product for is_used, product in uses if is_used or getattr(district.counts, f"{NAMES[product]}_last_on")]


def _cases(ids: list[int], *, at: datetime, is_counted: bool) -> Iterator[Case]:
    """Every product of the districts that hold students; numbers and files as they are now, in two queries."""
    files = _files(ids)
    for district in District.objects.filter(pk__in=ids, counts__accounts__gt=0).select_related("gate", "counts"):
        for product in products(district):
            mine = files.get((district.pk, product), [])
            yield Case(district, product, mine, clock.local_date(district.zone, at), is_counted)


def _files(ids: Ids, only: Sequence[str] = ()) -> dict[tuple[int, str], list[ExportFile]]:
    """Exports of the data that is there now, by district and product, newest first; `is_downloaded`: as it was made."""
    taken = Download.objects.filter(file=OuterRef("pk"), digest=OuterRef("digest"))
    rows = ExportFile.objects.filter(
        district__in=ids, kind=ExportFile.Kind.STUDENT_DATA, generation=F("district__gate__resets")
    )
    found: dict[tuple[int, str], list[ExportFile]] = {}
    rows = rows.only(*only) if only else rows
    for file in rows.annotate(is_downloaded=Exists(taken)).order_by("-made_at", "-pk"):
        found.setdefault((file.district_id, file.product), []).append(file)
    return found


def _proof(case: Case, is_last_chosen: bool, *, is_told: bool = True) -> Proof:
    file = case.best
    flaw = next((flaw for flaw in FLAWS if file is None or flaw.is_in(case, file)), None)
    if not is_told:
        return Proof(case.product, flaw is None, "", file, is_last_chosen)
    if flaw is None:
        return Proof(case.product, True, case.proven(), file, is_last_chosen, gettext_noop("Proven"))
    if is_last_chosen:
        return Proof(case.product, False, _(LAST), file, True, gettext_noop("Last export"))
    if file is None:
        return Proof(case.product, False, case.unmade(), None, word=BEING_MADE if case.is_being_made else NONE_YET)
    return Proof(case.product, False, flaw.why(case, file), file, word=flaw.word)
