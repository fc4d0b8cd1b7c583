"""My districts: the list that a CSM works from; a lead and an engineer see everybody's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from districts.models import District
from resetportal import clock
from resets import board, board_file, board_order, board_rows, board_scan, permitted, saved_views, workbook
from resets.board import Entry
from resets.models import SavedView, Season
from resets.opening import season_now
from resets.services import NotPossible
from resets.views.access import roles

ON_A_PAGE = 100
VENDOR = ("csm", "csm_lead", "engineer")
WHY_NOT = gettext_noop("The list of districts is the vendor’s. Your page is your district’s.")


@require_safe
@roles(*VENDOR, why=WHY_NOT)
def districts(request: HttpRequest) -> HttpResponse:
    """The districts of one person. In the address: show (a filter), q (words), sort, page; unknown ones do nothing."""
    asked, role, wanted = request.GET, _role(request), _Listing.of(request)
    page = Paginator(wanted.chosen, ON_A_PAGE).get_page(asked.get("page"))
    told = board.in_full(page, wanted.season, at=wanted.at)
    context = wanted.context(asked) | {
        "groups": board_rows.groups(told, wanted.chosen, sort=wanted.sort, role=role),
        "page": page,
        "query": board_rows.address(asked)[1:],
        "is_own": role == "csm",
        "choosing": wanted.season is not None and role in permitted.WHO["choose"],
        "checked": frozenset(asked.getlist("d")),
        "all_of": page.paginator.count if page.has_other_pages() else 0,
        "views": saved_views.shown(request.user, saved_views.query_of(asked)),
        "kept": saved_views.query_of(asked),
    }
    return render(request, "resets/districts.html", context)


@require_safe
@roles(*VENDOR, why=WHY_NOT)
def spreadsheet(request: HttpRequest) -> HttpResponse:
    """The same districts in the same order, through all pages, as XLSX."""
    role, wanted = _role(request), _Listing.of(request)
    told = board.in_full(wanted.chosen, wanted.season, at=wanted.at)
    facts: dict[str, Any] = {"season": wanted.season, "show": wanted.show, "sort": wanted.sort, "words": wanted.words}
    return workbook.answer(
        f"districts-{wanted.at:%Y-%m-%d}.xlsx",
        _("Districts"),
        board_file.columns(),
        (board_file.line(entry, role) for entry in told),
        about=board_file.facts(told, **facts),
        by=request.user,
        at=wanted.at,
    )


@require_POST
@roles(*VENDOR, why=WHY_NOT)
def save_view(request: HttpRequest) -> HttpResponse:
    """Saves the view whose address the form brings, and opens it."""
    query = saved_views.query_of(QueryDict(request.POST.get("query", "")[:2000]))
    try:
        view = saved_views.save(person=request.user, name=request.POST.get("name", ""), query=query)
    except NotPossible as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(f"{reverse('resets:districts')}?{query}")


@require_POST
@roles(*VENDOR, why=WHY_NOT)
def remove_view(request: HttpRequest, view: int) -> HttpResponse:
    """Removes one of the person's own views; the districts in it are not touched."""
    found = SavedView.objects.filter(person_id=request.user.pk, pk=view).first()
    if found is None:
        raise Http404
    found.delete()
    messages.success(request, _("The view “%(name)s” is removed. Its districts stay.") % {"name": found.name})
    return redirect("resets:districts")


@dataclass(frozen=True)
class _Listing:
    """What an address asks for: `entries` are all that the person has, `found` answer to its words, `chosen` to all."""

    season: Season | None
    at: datetime
    show: str
    sort: str
    words: str
    entries: list[Entry]
    found: list[Entry]
    chosen: list[Entry]

    @classmethod
    def of(cls, request: HttpRequest) -> "_Listing":
        asked, season, at = request.GET, season_now(), clock.now()
        show, sort = _known(asked.get("show"), board_order.KEYS), _known(asked.get("sort"), board_order.ORDERS)
        entries = board_scan.scan(District.objects.visible_to(request.user), season, at=at)
        found = board_order.search(entries, asked.get("q", ""))
        chosen = board_order.arranged(found, show=show, sort=sort)
        return cls(season, at, show, sort, asked.get("q", ""), entries, found, chosen)

    def context(self, asked: QueryDict) -> dict[str, Any]:
        """The head of the list: numbers, chips, orders."""
        return {
            "season": self.season,
            "defaults": self.season.rules.default_dates if self.season else (),
            "total": len(self.entries),
            "found": len(self.found),
            "show": self.show,
            "sort": self.sort,
            "words": self.words,
            "numbers": board_rows.numbers(self.entries, self.show),
            "chips": board_rows.chips(self.found, self.show, asked),
            "sorts": board_rows.sorts(self.sort, asked),
            "heads": board_rows.heads(self.sort, asked),
            "sorted_by": _(board_order.SORTS[self.sort.removeprefix("-")].label),
        }


def _role(request: HttpRequest) -> str:
    return str(getattr(request.user, "role", ""))


def _known(value: str | None, keys: Any) -> str:
    return value if value and value in keys else ""
