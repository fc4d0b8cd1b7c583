"""Season: the calendar of resets with what a day holds; it only reads, and every look has an address."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from districts.models import District
from resetportal import clock
from resets import season_after, season_look, season_page, season_rows, season_summary, what_if, workbook
from resets.bulk_page import Chosen
from resets.models import Season
from resets.opening import season_now
from resets.season_look import SeasonPage
from resets.views.access import roles

SEE = ("csm", "csm_lead", "engineer")
WHY_NOT = gettext_noop("The season’s calendar is the vendor’s. Your district’s page tells when its reset runs.")
LEADS = gettext_noop("The season’s summary is a CSM lead’s.")


@roles(*SEE, why=WHY_NOT)
@require_safe
def season(request: HttpRequest) -> HttpResponse:
    """June to September. In the address: csm, zone, day, show (a chip), page; unknown ones do nothing."""
    page = _page(request)
    if page is None:
        return render(request, "resets/season.html", {"season": None})
    return render(request, "resets/season.html", season_page.context(page))


@roles(*SEE, why=WHY_NOT)
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The districts of the same address, by date, as a spreadsheet."""
    page = _open(request)
    return workbook.answer(
        f"season-{page.season}.xlsx",
        _("Season"),
        season_rows.columns(),
        season_rows.sheet(page),
        about=season_rows.about(page),
        by=request.user,
        at=page.at,
    )


@roles(*SEE, why=WHY_NOT)
@require_http_methods(["GET", "HEAD", "POST"])
def if_moved(request: HttpRequest) -> HttpResponse:
    """What if the districts of `d` (site codes) moved to the day `to`. Changes nothing, whatever is asked.

    With `all`: every district that the calendar lists at the same csm, zone, day and show. A list's choice comes as
    POST, since it may be long; it leads to the same address.
    """
    page = _open(request)
    if request.method == "POST":
        return _of_list(request, page)
    codes = page.movable if request.GET.get("all") else request.GET.getlist("d")
    to, no_day = season_look.day_of(request.GET.get("to")), page.is_no_day(request.GET.get("to", ""))
    context: dict[str, Any] = {
        "season": page.season,
        "crumbs": [(_("Season"), reverse("resets:season")), (_("What if"), "")],
        "codes": codes[: what_if.MOST],
        "left_out": max(len(codes) - what_if.MOST, 0) + what_if.count_of(request.GET.get("more")),
        "rules": page.season.rules,
        "no_day": no_day,
    }
    resets = what_if.of(page.season, page.visible, codes)
    context["dateless"] = what_if.without_date(page.season, page.visible, codes, found=len(resets))
    if resets and "to" not in request.GET:
        return render(request, "resets/season_what_if.html", context | {"chosen": [each.district for each in resets]})
    if to is None or no_day or not resets:
        return render(request, "resets/season_what_if.html", context, status=422)
    asked = what_if.WhatIf(page.season, resets, to, page.role, page.at, page.own_zone)
    return render(request, "resets/season_what_if.html", context | what_if.context(asked))


def _of_list(request: HttpRequest, page: SeasonPage) -> HttpResponse:
    """What was chosen in My districts, as an address of this page."""
    chosen = Chosen.of(request.POST, request.user, page.season, at=page.at).entries
    return redirect(what_if.address([entry.district.site_code for entry in chosen]))


@roles(*SEE, why=WHY_NOT)
@require_safe
def after(request: HttpRequest) -> HttpResponse:
    """Districts that are reset and wait for their new year. In the address: show (a chip), csm, page."""
    page = _page(request)
    if page is None:
        return render(request, "resets/season_after.html", {"season": None})
    return render(request, "resets/season_after.html", season_after.context(page))


@roles(*SEE, why=WHY_NOT)
@require_safe
def after_download(request: HttpRequest) -> HttpResponse:
    """The same list as a spreadsheet."""
    page = _open(request)
    return workbook.answer(
        f"after-the-reset-{page.season}.xlsx",
        _("After the reset"),
        season_after.columns(),
        season_after.sheet(page),
        about=[*season_rows.about(page), (_("Shown"), season_after.label_of(page))],
        by=request.user,
        at=page.at,
    )


@roles("csm_lead", why=LEADS)
@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """A season CSM by CSM, in numbers."""
    page = _page(request)
    if page is None:
        return render(request, "resets/season_summary.html", {"season": None})
    return render(request, "resets/season_summary.html", season_summary.context(page))


@roles("csm_lead", why=LEADS)
@require_safe
def summary_download(request: HttpRequest) -> HttpResponse:
    """The same as a spreadsheet."""
    page = _open(request)
    return workbook.answer(
        f"summary-{page.season}.xlsx",
        _("Summary"),
        season_summary.columns(),
        season_summary.sheet(page.season, at=page.at),
        about=[(_("Season"), str(page.season))],
        by=request.user,
        at=page.at,
    )


def _page(request: HttpRequest) -> SeasonPage | None:
    """This person's look at the season of the address, else at the one looked after now; None before the first."""
    now, asked = season_now(), request.GET.get("season", "")
    if now is None:
        return None
    season = now if asked in ("", now.school_year) else _opened(asked)
    visible = District.objects.visible_to(request.user)
    role = str(getattr(request.user, "role", ""))
    return SeasonPage(season, visible, request.GET, role, clock.now(), is_now=season == now)


def _opened(name: str) -> Season:
    """A season that was opened, by its school year. A link to one that is not there must not show another's numbers."""
    rows = Season.objects.filter(opened_at__isnull=False)
    found = None if "\x00" in name else rows.filter(school_year=name).first()
    if found is None:
        raise Http404
    return found


def _open(request: HttpRequest) -> SeasonPage:
    page = _page(request)
    if page is None:
        raise Http404(_("No season is open."))
    return page
