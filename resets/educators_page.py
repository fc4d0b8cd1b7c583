"""What the page of a district's educators shows: each with what speaks for a look, and what was decided, in words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import QueryDict
from django.utils.translation import gettext as _

from districts import educators
from districts.educators import Evidence, Reviewed, Twin
from districts.models import District, Educator, EducatorRole, RosterSync
from resetportal import clock
from resets.policy import month_day, spoken

ON_A_PAGE = 50
SCHOOLS = 3  # named in a row; the others are counted
SHOWN = 50  # named in the preview of a decision
MOST = 10_000  # decided about at once
WORDS = 100  # letters of a search
SHOWS: Final = {"look": "Needs a look", "all": "All", "deactivated": "Deactivated", "kept": "Kept"}
GROUPS: Final = ("Not in the newest roster", "There twice", "Not signed in", "")
NOTES: Final = (
    "The roster left them out, and their accounts are active",
    "Two accounts that seem to be one person",
    f"Not for {educators.IDLE_DAYS} days, or never",
    "",
)
BY: Final = {"name": "has the same name at the same school", "address": "has the same user name"}


class Reason(NamedTuple):
    """A sentence about an educator; `name` is a person's, set apart since it may be written in any direction."""

    lead: str
    name: str = ""
    tail: str = ""


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
        return (("reactivate", "Reactivate"),)
    keep = () if asked.show == "kept" else (("keep", "Keep"),)
    return (*keep, ("deactivate", "Deactivate"))


def chips(now: Reviewed, asked: Asked) -> list[dict[str, Any]]:
    """The filters, each an address, with their counts."""
    found = {"look": now.to_look, "all": now.active + now.off, "deactivated": now.off, "kept": now.kept}
    return [
        {
            "label": label,
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
    others = others_of(page.object_list, known)
    found: dict[str, dict[str, Any]] = {}
    for educator in page.object_list:
        rank = getattr(educator, "rank", 0) if asked.show == "look" else len(GROUPS) - 1
        group = found.setdefault(GROUPS[rank], {"title": GROUPS[rank], "note": NOTES[rank], "rows": []})
        group["rows"].append(row(educator, known, others, zone))
    return list(found.values())


def others_of(shown: Iterable[Educator], known: Evidence) -> dict[int, Educator]:
    """The accounts that seem to be the same people as those shown."""
    return Educator.objects.in_bulk({twin.other for each in shown for twin in known.twins.get(each.pk, ())})


def row(educator: Educator, known: Evidence, others: Mapping[int, Educator], zone: str) -> dict[str, Any]:
    """One educator: who, where, last seen, standing, what speaks for a look, and what can be done."""
    kind, word = standing(educator, known)
    return {
        "pk": educator.pk,
        "name": str(educator),
        "address": educator.email or educator.username,
        "schools": schools(educator),
        "roles": ", ".join(dict.fromkeys(role_words(each.role) for each in educator.roles.all())),
        "signed_in": educator.last_sign_in_on,
        "left_on": educator.left_roster_on,
        "kind": kind,
        "word": word,
        "reasons": reasons(educator, known, others),
        "decided": decided(educator, known, zone),
        "needs_a_look": known.needs_a_look(educator),
        "verbs": _verbs(educator, known),
    }


def _verbs(educator: Educator, known: Evidence) -> tuple[tuple[str, str], ...]:
    if educator.deactivated_at:
        return (("reactivate", "Reactivate"),)
    keep = () if _is_kept(educator, known) else (("keep", "Keep"),)
    return (*keep, ("deactivate", "Deactivate"))


def _is_kept(educator: Educator, known: Evidence) -> bool:
    return educator.kept_at is not None and educator.review_year == known.school_year


def standing(educator: Educator, known: Evidence) -> tuple[str, str]:
    """An educator's standing as a kind of state and its word."""
    if educator.deactivated_at:
        return "refused", "Deactivated"
    if _is_kept(educator, known):
        return "done", "Kept"
    return ("wait", _("Needs a look")) if known.needs_a_look(educator) else ("quiet", "Active")


def reasons(educator: Educator, known: Evidence, others: Mapping[int, Educator]) -> list[Reason]:
    """What speaks for a look at an account that is active; of one that is not, whether a roster still has it."""
    left = educator.left_roster_on
    if educator.deactivated_at:
        still = _("Still in the newest roster: take them out of your student information system too.")
        return [Reason(_("Not in the rosters since {left}.").format(left=spoken(left)) if left else still)]
    found = []
    if left:
        found.append(Reason(_("Not in the newest roster: left out on {left}.").format(left=spoken(left))))
    pairs = [twin for twin in known.twins.get(educator.pk, ()) if twin.other in others]
    found += [_twice(twin, others[twin.other], tells=known.tells_sign_ins) for twin in pairs]
    if known.is_idle(educator):
        found.append(Reason(_idle(educator, known)))
    return found


def _twice(twin: Twin, other: Educator, *, tells: bool) -> Reason:
    address = other.email or other.username or other.sourced_id
    last = other.last_sign_in_on
    seen = _("signed in last on {last}").format(last=spoken(last)) if last else _("never signed in")
    return Reason(_("There twice:"), str(other), f"({address}) {BY[twin.by]}{f', and {seen}' if tells else ''}.")


def _idle(educator: Educator, known: Evidence) -> str:
    if educator.last_sign_in_on is None:
        since = (
            _(", and in the rosters since {joined_on}").format(joined_on=spoken(educator.joined_on))
            if educator.joined_on
            else ""
        )
        return _("Never signed in{since}.").format(since=since)
    days = (known.today - educator.last_sign_in_on).days
    return _("Not signed in since {last_sign_in_on}, {days:,} days ago.").format(
        last_sign_in_on=spoken(educator.last_sign_in_on), days=days
    )


def decided(educator: Educator, known: Evidence, zone: str) -> str:
    """Who decided, and on which day of the district's."""
    if educator.deactivated_at:
        day = spoken(clock.local_date(zone, educator.deactivated_at))
        who = educator.deactivated_by if educator.review_year else f"A roster ({educator.deactivated_by})"
        return _("{who} deactivated the account on {day}.").format(who=who, day=day)
    if _is_kept(educator, known) and educator.kept_at:
        return _("{kept_by} kept the account on {spoken}.").format(
            kept_by=educator.kept_by, spoken=spoken(clock.local_date(zone, educator.kept_at))
        )
    return ""


def schools(educator: Educator) -> str:
    """The schools of an educator, the first few by name."""
    names = list(dict.fromkeys(each.school.name for each in educator.roles.all() if each.school))
    more = len(names) - SCHOOLS
    if not names:
        return "District" if educator.roles.all() else ""
    return ", ".join(names[:SCHOOLS]) + (_(" and {more} more").format(more=more) if more > 0 else "")


def role_words(role: str) -> str:
    """A role of OneRoster as people say it: `districtAdministrator` is "District administrator"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", role).capitalize()


DID: Final = {"keep": "kept", "deactivate": "deactivated", "reactivate": "active"}


def preview(district: District, known: Evidence, verb: str, ids: Sequence[int]) -> dict[str, Any]:
    """What a verb would do to many: whom it changes, with what speaks for a look, and who stays as they are."""
    changes = {"keep": ~known.kept, "deactivate": Q(deactivated_at=None), "reactivate": Q(deactivated_at__isnull=False)}
    rows = Educator.objects.filter(changes[verb], district=district, pk__in=ids)
    changing = list(rows.values_list("pk", flat=True))
    shown = list(
        known.ranked(rows).prefetch_related(Prefetch("roles", EducatorRole.objects.select_related("school")))[:SHOWN]
    )
    others = others_of(shown, known)
    same = Educator.objects.filter(district=district, pk__in=ids).count() - len(changing)
    return {
        "number": len(changing),
        "ids": ",".join(map(str, changing)),
        "rows": [row(each, known, others, district.zone) for each in shown],
        "more": len(changing) - len(shown),
        "same": same,
        "emptied": emptied(changing, known) if verb == "deactivate" else 0,
        "did": DID[verb],
    }


def emptied(ids: Iterable[int], known: Evidence) -> int:
    """How many people who seem to be there twice would have none of their accounts left."""
    chosen = set(ids)
    pairs = {frozenset((each, *(twin.other for twin in known.twins[each]))) for each in chosen & known.twins.keys()}
    return sum(pair <= chosen for pair in pairs)


# What is said of a review elsewhere.


def checklist_item(now: Reviewed, zone: str) -> dict[str, Any]:
    """The line of a district's checklist, without its title and link."""
    if not now.active and not now.deactivated:
        return {"kind": "quiet", "text": _("No educator is there yet.")}
    if now.to_look:
        so_far = (
            _("{kept:,} kept and {deactivated:,} deactivated so far. ").format(
                kept=now.kept, deactivated=now.deactivated
            )
            if now.last_at
            else ""
        )
        return {
            "kind": "wait",
            "text": _("{so_far}{to_look:,} of {active:,} to look at.").format(
                so_far=so_far, to_look=now.to_look, active=now.active
            ),
        }
    return {"kind": "done", "text": _("{now} Nobody is left to look at.").format(now=outcome(now, zone))}


def outcome(now: Reviewed, zone: str) -> str:
    """What a review came to: `612 kept, 23 deactivated on June 22.`"""
    if now.last_at is None:
        return f"{now.active:,} kept."
    on = clock.local_date(zone, now.last_at)
    return _("{active:,} kept, {deactivated:,} deactivated on {on}.").format(
        active=now.active, deactivated=now.deactivated, on=month_day(on, on.year)
    )


def step(now: Reviewed, zone: str) -> dict[str, Any]:
    """The words of an admin's step, without its title and address."""
    stay = _("Educator accounts stay.")
    if not now.active and not now.deactivated:
        return {"text": _("They come with your roster. {stay}").format(stay=stay), "end": _("Nobody yet")}
    if now.to_look:
        need = "needs" if now.to_look == 1 else "need"
        look = _("{to_look:,} of {active:,} {need} a look: they left, do not sign in, or are there twice.").format(
            to_look=now.to_look, active=now.active, need=need
        )
        return {"text": f"{look} {stay}", "submit": _("Review them")}
    return {"text": f"{outcome(now, zone)} {stay}", "submit": _("Look again"), "is_done": True}
