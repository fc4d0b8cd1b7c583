"""My districts: the list that a CSM works from; a lead and an engineer see everybody's."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from districts.models import District
from resetportal import clock
from resets import board, board_rows, board_scan
from resets.opening import season_now
from resets.views.access import roles

ON_A_PAGE = 100


@require_safe
@roles("csm", "csm_lead", "engineer", why="The list of districts is the vendor’s. Your page is your district’s.")
def districts(request: HttpRequest) -> HttpResponse:
    """The districts of one person. In the address: show (a filter), q (words), sort, page; unknown ones do nothing."""
    asked, role = request.GET, str(getattr(request.user, "role", ""))
    season = season_now()
    visible = District.objects.visible_to(request.user)
    at = clock.now()
    entries = board_scan.scan(visible, season, at=at)
    show, sort = _known(asked.get("show"), board.KEYS), _known(asked.get("sort"), board.SORTS)
    found = board.search(entries, asked.get("q", ""))
    chosen = board.arranged(found, show=show, sort=sort)
    page = Paginator(chosen, ON_A_PAGE).get_page(asked.get("page"))
    context: dict[str, Any] = {
        "season": season,
        "defaults": season.rules.default_dates if season else (),
        "total": len(entries),
        "found": len(found),
        "show": show,
        "sort": sort,
        "words": asked.get("q", ""),
        "numbers": board_rows.numbers(entries, show),
        "chips": board_rows.chips(found, show, asked),
        "sorts": board_rows.sorts(sort, asked),
        "sorted_by": board.SORTS[sort][0],
        "groups": board_rows.groups(board.in_full(page, season, at=at), chosen, sort=sort, role=role),
        "page": page,
        "query": board_rows.address(asked)[1:],
        "is_own": role == "csm",
    }
    return render(request, "resets/districts.html", context)


def _known(value: str | None, keys: Any) -> str:
    return value if value and value in keys else ""
