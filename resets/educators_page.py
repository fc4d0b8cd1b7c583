"""What the page of a district's educators shows: the list that its address asks for, and the preview of a decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts import educators
from districts.educators import Evidence, Reviewed
from districts.models import District, Educator, EducatorRole, RosterSync
from resets import educator_words
from resets.policy import spoken

ON_A_PAGE = 50
SHOWN = 50  # named in the preview of a decision
MOST = 10_000  # decided about at once
WORDS = 100  # letters of a search
SHOWS: Final = {
    "look": gettext_lazy("Needs a look"),
    "all": gettext_lazy("All"),
    "deactivated": gettext_lazy("Deactivated"),
    "kept": gettext_lazy("Kept"),
}
GROUPS: Final = (
    gettext_lazy("Not in the newest roster"),
    gettext_lazy("There twice"),
    gettext_lazy("Not signed in"),
    "",
)
NOTES: Final = (
    gettext_lazy("The roster left them out, and their accounts are active"),
    gettext_lazy("Two accounts that seem to be one person"),
    format_lazy(gettext_lazy("Not for {days} days, or never"), days=educators.IDLE_DAYS),
    "",
)


@dataclass(frozen=True)
class Asked:
    """What a list's address asks for: whom to show, words to find, and the page's number."""

    show: str
    words: str
    page: str

    @classmethod
    def of(cls, sent: QueryDict) -> "Asked":
        show = sent.get("show", "")
        words = sent.get("q", "").replace("\0", "").strip()[:WORDS]
        return cls(show if show in SHOWS else "look", words, sent.get("page", ""))

    def query(self, **changes: str) -> str:
        """The address's parameters without those that say nothing."""
        asked = {"show": self.show, "q": self.words, "page": self.page} | changes
        plain = {"show": "look", "page": "1"}
        return urlencode({key: value for key, value in asked.items() if value and value != plain.get(key)})

    def rows(self, district: District, known: Evidence) -> QuerySet[Educator]:
        """The educators of the list, in its order."""
        standings = {"look": known.to_look, "deactivated": Q(deactivated_at__isnull=False), "kept": known.kept}
        rows = known.ranked(Educator.objects.filter(standings.get(self.show, Q()), district=district))
        if self.show != "look":
            rows = rows.order_by("last_name", "first_name", "id")
        return _found(rows, self.words) if self.words else rows


def _found(rows: QuerySet[Educator], words: str) -> QuerySet[Educator]:
    at_school = EducatorRole.objects.filter(educator=OuterRef("pk"), school__name__icontains=words)
    named = rows.annotate(whole=Concat("first_name", Value(" "), "last_name"))
    return named.filter(
        Q(whole__icontains=words)
        | Q(email__icontains=words)
        | Q(username__icontains=words)
        | Q(sourced_id__iexact=words)
        | Exists(at_school)
    )


def board(district: District, known: Evidence, asked: Asked) -> dict[str, Any]:
    """The list as its template takes it: chips, groups of rows, the page, and what stands above them."""
    now = educators.counts(district, known)
    rows = asked.rows(district, known).prefetch_related(
        Prefetch("roles", EducatorRole.objects.select_related("school").order_by("school__name", "role"))
    )
    page = Paginator(rows, ON_A_PAGE).get_page(asked.page)
    return {
        "asked": asked,
        "now": now,
        "chips": chips(now, asked),
        "page": page,
        "query": asked.query(page=""),
        "groups": groups(page, known, asked, district.zone),
        "newest": newest_roster(district),
        "tells_sign_ins": known.tells_sign_ins,
        "many": _many(asked),
    }


def _many(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What can be done with many of this list: pairs of verb and words."""
    if asked.show == "deactivated":
        return (("reactivate", _("Reactivate")),)
    keep = () if asked.show == "kept" else (("keep", _("Keep")),)
    return (*keep, ("deactivate", _("Deactivate")))


def chips(now: Reviewed, asked: Asked) -> list[dict[str, Any]]:
    """The filters, each an address, with their counts."""
    found = {"look": now.to_look, "all": now.active + now.off, "deactivated": now.off, "kept": now.kept}
    return [
        {
            "label": str(label),
            "count": found[show],
            "url": f"?{asked.query(show=show, page='')}",
            "here": asked.show == show,
        }
        for show, label in SHOWS.items()
    ]


def newest_roster(district: District) -> str:
    """Which roster the evidence is of, in words; "" before the first."""
    done = (RosterSync.Outcome.APPLIED, RosterSync.Outcome.UNCHANGED)
    last = RosterSync.objects.filter(district=district, outcome__in=done).first()
    return _("The newest roster is of {local_day}.").format(local_day=spoken(last.local_day)) if last else ""


def groups(page: Page[Educator], known: Evidence, asked: Asked, zone: str) -> list[dict[str, Any]]:
    """The page's rows, in the list of those who need a look under what speaks for it most."""
    others = educator_words.others_of(page.object_list, known)
    found: dict[int, dict[str, Any]] = {}
    for educator in page.object_list:
        rank = getattr(educator, "rank", 0) if asked.show == "look" else len(GROUPS) - 1
        group = found.setdefault(rank, {"title": GROUPS[rank], "note": NOTES[rank], "rows": []})
        group["rows"].append(educator_words.row(educator, known, others, zone))
    return list(found.values())


def preview(district: District, known: Evidence, verb: str, ids: Sequence[int]) -> dict[str, Any]:
    """What a verb would do to many: whom it changes, with what speaks for a look, and who stays as they are."""
    changes = {"keep": ~known.kept, "deactivate": Q(deactivated_at=None), "reactivate": Q(deactivated_at__isnull=False)}
    rows = Educator.objects.filter(changes[verb], district=district, pk__in=ids)
    changing = list(rows.values_list("pk", flat=True))
    shown = list(
        known.ranked(rows).prefetch_related(Prefetch("roles", EducatorRole.objects.select_related("school")))[:SHOWN]
    )
    others = educator_words.others_of(shown, known)
    same = Educator.objects.filter(district=district, pk__in=ids).count() - len(changing)
    return {
        "number": len(changing),
        "ids": ",".join(map(str, changing)),
        "rows": [educator_words.row(each, known, others, district.zone) for each in shown],
        "more": len(changing) - len(shown),
        "same": same,
        "emptied": emptied(changing, known) if verb == "deactivate" else 0,
    }


def emptied(ids: Iterable[int], known: Evidence) -> int:
    """How many people who seem to be there twice would have none of their accounts left."""
    chosen = set(ids)
    pairs = {frozenset((each, *(twin.other for twin in known.twins[each]))) for each in chosen & known.twins.keys()}
    return sum(pair <= chosen for pair in pairs)
