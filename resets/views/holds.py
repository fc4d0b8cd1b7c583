"""A records hold: placed, extended and ended by the district's admin, its CSM or a lead, told first what it means."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from districts.models import District
from resetportal import clock
from resets import holds, holds_page, permitted, policy, services
from resets.holds_page import EndForm, HoldForm
from resets.models import Hold, Reset
from resets.opening import reset_now
from resets.views.access import crumbs, district_or_404, roles

WHO = gettext_noop("A records hold is placed and ended by the district’s admin, its CSM or a CSM lead.")


@require_http_methods(["GET", "POST"])
@roles(*permitted.HOLDERS, why=WHO)
def records_hold(request: HttpRequest, site_code: str) -> HttpResponse:
    """GET says how it stands and what it would mean; POST with `do`: place, extend or end."""
    district = district_or_404(request, site_code, District.objects.select_related("csm"))
    held = Hold.objects.filter(district=district, ended_at=None).select_related("district").first()
    do = request.POST.get("do", "")
    if do in ("extend", "end") and held is None:
        messages.error(request, _("No records hold is open."))
        return redirect("resets:records_hold", site_code)
    if do in ("extend", "end") and held and request.POST.get("hold", str(held.pk)) != str(held.pk):
        messages.error(request, _("Another records hold is open by now. Look again before you change it."))
        return redirect("resets:records_hold", site_code)
    if do == "end" and held:
        return _ended(request, district, held)
    return _placed(request, district, held) if do in ("place", "extend") else _shown(request, district, held)


def _placed(request: HttpRequest, district: District, held: Hold | None) -> HttpResponse:
    """Places a hold, or gives the open one a later end: the forms are alike."""
    form = _form(district, held, request.POST)
    if not form.is_valid():
        return _shown(request, district, held, form)
    by, at, reason = request.user, clock.now(), form.cleaned_data["reason"]
    ends_on = form.cleaned_data["ends_on"]
    try:
        if request.POST["do"] == "place":
            holds.place(district=district, by=by, at=at, reason=reason, ends_on=ends_on)
        elif held:
            holds.extend(held=held, to=ends_on, by=by, at=at, reason=reason)
    except services.NotPossible as refusal:
        messages.error(request, _("Nothing was changed. %(why)s") % {"why": refusal})
        return redirect("resets:records_hold", district.site_code)
    said = _("%(district)s is on a records hold until %(day)s. It is not reset before somebody ends it.")
    messages.success(request, said % {"district": district, "day": policy.spoken(ends_on)})
    return redirect("resets:district", district.site_code)


def _ended(request: HttpRequest, district: District, held: Hold) -> HttpResponse:
    form = EndForm(request.POST, auto_id="id_end_%s") if permitted.ends_with_a_reason(held, request.user) else None
    if form and not form.is_valid():
        return _shown(request, district, held, ending=form)
    reason = form.cleaned_data["reason"] if form else ""
    try:
        holds.end(held=held, by=request.user, at=clock.now(), reason=reason)
    except services.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, holds_page.ended(district, _reset(district), at=clock.now()))
    return redirect("resets:district", district.site_code)


def _shown(
    request: HttpRequest,
    district: District,
    held: Hold | None,
    form: HoldForm | None = None,
    ending: EndForm | None = None,
) -> HttpResponse:
    context = holds_page.context(district, held, _reset(district), by=request.user, at=clock.now())
    context |= {"form": form or _form(district, held), "end_form": ending or EndForm(auto_id="id_end_%s")}
    context["crumbs"] = crumbs(request, district, _("Records hold"))
    return render(request, "resets/records_hold.html", context, status=422 if form or ending else 200)


def _form(district: District, held: Hold | None, sent: Any = None) -> HoldForm:
    return HoldForm(sent, today=clock.local_date(district.zone, clock.now()), held=held)


def _reset(district: District) -> Reset | None:
    return reset_now(district)
