"""A district's educators: who needs a look and why; its own admin keeps or deactivates one, or many after a preview."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext_lazy
from django.views.decorators.http import require_POST, require_safe

from districts import educators as people
from districts.educators import Evidence
from districts.models import District
from districts.quantities import numbers
from resetportal import clock
from resets import educator_reviews, educators_file, educators_page, workbook
from resets.educators_page import Asked
from resets.views.access import crumbs, district_or_404, roles
from resets.views.reset import role_of

NOT_HERS = gettext_noop("Educators are kept or deactivated by the district’s own admin; you can look on.")
DO = {
    "keep": ngettext_lazy("Keep {number} educator", "Keep {number} educators", "count"),
    "deactivate": ngettext_lazy("Deactivate {number} educator", "Deactivate {number} educators", "count"),
    "reactivate": ngettext_lazy("Reactivate {number} educator", "Reactivate {number} educators", "count"),
}
SAME = {
    "keep": ngettext_lazy(
        "{number} is kept already and stays as it is.", "{number} are kept already and stay as they are.", "count"
    ),
    "deactivate": ngettext_lazy(
        "{number} is deactivated already and stays as it is.",
        "{number} are deactivated already and stay as they are.",
        "count",
    ),
    "reactivate": ngettext_lazy(
        "{number} is active already and stays as it is.", "{number} are active already and stay as they are.", "count"
    ),
}
DONE = {
    "keep": ngettext_lazy("{number} educator is kept.", "{number} educators are kept.", "count"),
    "deactivate": ngettext_lazy(
        "{number} educator is deactivated. Reactivate them under Deactivated.",
        "{number} educators are deactivated. Reactivate them under Deactivated.",
        "count",
    ),
    "reactivate": ngettext_lazy("{number} educator is active again.", "{number} educators are active again.", "count"),
}


@require_safe
@login_required
def educators(request: HttpRequest, site_code: str) -> HttpResponse:
    """The educators of one district. In the address: show (look, all, deactivated, kept), q and page."""
    district = district_or_404(request, site_code)
    known = _known(district)
    context = educators_page.board(district, known, Asked.of(request.GET)) | {
        "district": district,
        "demo_zone": district.zone,
        "school_year": known.school_year,
        "crumbs": crumbs(request, district, _("Educators")),
        "is_admin": role_of(request) == "district_admin",
    }
    return render(request, "resets/educators.html", context)


@require_safe
@login_required
def educators_xlsx(request: HttpRequest, site_code: str) -> HttpResponse:
    """The same list with the same address, through all its pages, as XLSX."""
    district, asked, at = district_or_404(request, site_code), Asked.of(request.GET), clock.now()
    return workbook.answer(
        f"educators-{district.site_code}-{clock.local_date(district.zone, at):%Y-%m-%d}.xlsx",
        _("Educators"),
        educators_file.columns(),
        educators_file.lines(district, _known(district), asked),
        about=educators_file.facts(district, asked),
        by=request.user,
        at=at,
    )


@require_POST
@roles("district_admin", why=NOT_HERS)
def decide(request: HttpRequest, site_code: str) -> HttpResponse:
    """Does the verb to one educator at once, and to many once the preview was confirmed."""
    district = district_or_404(request, site_code)
    sent = request.POST
    verb, ids = _wish(district, sent)
    if not verb or not ids:
        messages.error(request, _("Choose educators first, then what shall happen to them."))
    elif len(ids) > 1 and "confirmed" not in sent:
        return _preview(request, district, verb, ids)
    else:
        changed = educator_reviews.decide(verb, district=district, ids=ids, by=request.user, at=clock.now())
        messages.success(request, _said(verb, changed))
    return redirect(_back(district, sent))


def _known(district: District) -> Evidence:
    at = clock.now()
    return people.evidence(district, educator_reviews.school_year_now(district, at=at), at=at)


def _wish(district: District, sent: QueryDict) -> tuple[str, list[int]]:
    """The verb, and the ids that it is about: of one row, of those chosen, confirmed, or of the whole list."""
    for verb in educator_reviews.VERBS:
        if verb in sent:
            return verb, _ids(sent.getlist(verb)[:1])
    verb = sent.get("verb", "")
    if verb not in educator_reviews.VERBS:
        return "", []
    if "confirmed" in sent:
        return verb, _ids(sent.get("ids", "").split(","))
    if "all" in sent:
        rows = Asked.of(sent).rows(district, _known(district))
        return verb, list(rows.values_list("pk", flat=True)[: educators_page.MOST])
    return verb, _ids(sent.getlist("educator"))


def _ids(sent: list[str]) -> list[int]:
    """What are numbers among them, each once; the verb looks for them in the district alone."""
    numbers = (int(each) for each in sent if each.isascii() and each.isdigit() and len(each) < 19)
    return list(dict.fromkeys(numbers))[: educators_page.MOST]


def _preview(request: HttpRequest, district: District, verb: str, ids: list[int]) -> HttpResponse:
    """What the verb would do to many, and nothing yet."""
    asked = Asked.of(request.POST)
    context: dict[str, Any] = educators_page.preview(district, _known(district), verb, ids) | {
        "district": district,
        "demo_zone": district.zone,
        "verb": verb,
        "asked": asked,
        "back": _back(district, request.POST),
        "crumbs": crumbs(request, district, _("Educators")),
    }
    number, same = context["number"], context["same"]
    context["doing"] = DO[verb].format(count=number, number=numbers(number))
    context["stay"] = SAME[verb].format(count=same, number=numbers(same)) if same else ""
    return render(request, "resets/educators_decide.html", context)


def _said(verb: str, changed: int) -> str:
    return (
        DONE[verb].format(count=changed, number=numbers(changed))
        if changed
        else _("Nothing changed: that was done already.")
    )


def _back(district: District, sent: QueryDict) -> str:
    """The list as it was."""
    query = Asked.of(sent).query()
    here = reverse("resets:educators", args=[district.site_code])
    return f"{here}?{query}" if query else here
