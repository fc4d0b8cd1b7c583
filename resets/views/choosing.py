"""Choose a date with its adviser: look at a day, see what it does, set it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from resetportal import clock
from resets import adviser_page, policy, services
from resets.adviser_page import AdviserPage
from resets.forms import DayForm, names_a_school
from resets.models import Reset
from resets.policy import spoken
from resets.views.access import crumbs, district_or_404, forbid, needs_a_season

Note = dict[str, str]


@login_required
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, site_code: str) -> HttpResponse:
    """The adviser. GET `?day=2027-08-03` looks at a day, POST sets it; a school in either is refused (W7)."""
    district = district_or_404(request, site_code, adviser_page.rows())
    page = adviser_page.page_of(district, request.user, at=clock.now())
    if page is None:
        return needs_a_season(request, district)
    forbid(page.may_not_set)
    if names_a_school(request.GET, request.POST):
        return shown(request, page, page.first_look, note=not_one_school(), status=422)
    return _set(request, page) if request.method == "POST" else _look(request, page)


def _look(request: HttpRequest, page: AdviserPage) -> HttpResponse:
    if "day" not in request.GET:
        return shown(request, page, page.first_look)
    form = DayForm({"day": request.GET["day"]})
    if not form.is_valid():
        return shown(request, page, page.first_look, note=wrong(form), status=422)
    return shown(request, page, form.cleaned_data["day"])


def _set(request: HttpRequest, page: AdviserPage) -> HttpResponse:
    form = DayForm(request.POST)
    if not form.is_valid():
        day = form.cleaned_data.get("day") or page.first_look
        return shown(request, page, day, form=form, note=wrong(form), status=422)
    day, version = form.cleaned_data["day"], form.cleaned_data["version"]
    try:
        reset = page.put(day, by=request.user, reason=form.cleaned_data["reason"], version=version)
    except services.ReasonMissing as missing:
        form.add_error("reason", f"{missing} ({', '.join(missing.judgement.rules)})")
        return shown(request, page, day, form=form, status=422)
    except services.Refused as refusal:
        return shown(request, page, day, form=form, note=not_saved(refusal), status=422)
    except (services.Stale, services.NotPossible) as refusal:
        return shown(request, page, day, form=form, note=not_saved(refusal), status=409)
    messages.success(request, _said(page, reset))
    return redirect("resets:district", page.district.site_code)


def shown(
    request: HttpRequest,
    page: AdviserPage,
    day: date,
    *,
    form: DayForm | None = None,
    note: Note | None = None,
    status: int = 200,
) -> HttpResponse:
    """The adviser of whoever sets dates, with a day looked at and what was refused."""
    if page.obstacle:
        return closed(request, page, page.obstacle, status=status)
    context = adviser_page.context(page, day)
    context |= {
        "crumbs": crumbs(request, page.district, _("Reset date")),
        "top_note": adviser_page.note(page),
        "refusal": note,
        "consequences": adviser_page.consequences(page, day),
        **_panel(page, day, form),
    }
    return render(request, "resets/choose.html", context, status=status)


def _panel(page: AdviserPage, day: date, form: DayForm | None) -> dict[str, Any]:
    """What the side panel asks and offers: keeping a default, agreeing to a request, or setting another day."""
    back = reverse("resets:district", args=[page.district.site_code])
    said = spoken(day, page.rules.year)
    if page.keeps_default(day) and page.must_answer_first:
        answer = {"answer_url": reverse("resets:answer", args=[page.district.site_code]), "cancel_url": back}
        return {**answer, "foot": _("The district asks for another day: answer the request first.")}
    if page.keeps_default(day):
        keep = {
            "action": reverse("resets:keep", args=[page.district.site_code]),
            "submit": _("Keep {day}").format(day=said),
        }
        foot = _("It is the default that it has. Keeping it records the district’s answer.")
        return {**keep, "cancel_url": back, "foot": foot, "reason_field": None}
    submit = _("Agree to {day}") if day == page.request else _("Set {day}")
    return {
        "action": reverse("resets:choose", args=[page.district.site_code]),
        "submit": submit.format(day=said),
        "cancel_url": back,
        "foot": _("You can change it again until the reset begins."),
        "reason_field": _reason(page, day, form),
    }


def _reason(page: AdviserPage, day: date, form: DayForm | None) -> Any:
    if not page.judge(day).needs_reason:
        return None
    form = form or DayForm(initial={"reason": _reason_so_far(page, day)})
    asked = form["reason"]  # which may have its label already, where the form was refused
    asked.label = _("Why {day}?").format(day=policy.month_day(day, page.rules.year))
    return asked


def _reason_so_far(page: AdviserPage, day: date) -> str:
    if page.reset is None:
        return ""
    if day == page.request:
        return _("{who} asked for it. {why}").format(who=page.reset.answered_by, why=page.reset.asked_why).strip()
    return page.reset.reason if day == page.reset.date else ""


def _said(page: AdviserPage, reset: Reset) -> str:
    said = _("The reset is set for {date}.").format(date=spoken(reset.date, page.rules.year))
    if page.risks and not page.risks_on(reset):
        better = _("The district is no longer at risk.")
        return f"{said} {better}"
    return said


def closed(request: HttpRequest, page: AdviserPage, why: str, *, status: int = 200) -> HttpResponse:
    """The adviser where no date can be set or asked for any more, or not yet: it says why."""
    here = crumbs(request, page.district, _("Reset date"))
    context = {"district": page.district, "reset": page.reset or page.earlier, "why": why, "crumbs": here}
    return render(request, "resets/adviser_closed.html", context, status=status)


def wrong(form: DayForm) -> Note | None:
    """What is wrong with the day or its version; a reason's own refusal stands under its field."""
    found = [str(error) for name in ("day", "version") for error in form.errors.get(name, ())]
    return {"kind": "stop", "title": _("Nothing was changed."), "text": " ".join(found)} if found else None


def not_saved(refusal: Exception) -> Note:
    return {"kind": "stop", "title": _("Nothing was changed."), "text": str(refusal)}


def not_one_school() -> Note:
    finding = policy.one_school()
    return {"kind": "stop", "title": _("Nothing was changed."), "text": f"{finding.sentence} ({finding.rule})"}
