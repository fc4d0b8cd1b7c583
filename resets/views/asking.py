"""Ask for a date: the adviser read as advice by a district's admin, and *keep July 28* (W9)."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from resetportal import clock
from resets import adviser_page, services
from resets.adviser_page import AdviserPage
from resets.forms import DayForm, KeepForm, names_a_school
from resets.policy import month_day, spoken
from resets.views import choosing
from resets.views.access import crumbs, district_or_404, needs_a_season, roles
from resets.views.choosing import Note, closed, not_one_school, not_saved, wrong

NOT_YOURS = gettext_noop("Only the district’s admin asks for a day; a CSM or a lead sets it.")
ANSWERS = gettext_noop("The district or its CSM answers whether the default stays.")
NO_RESET = gettext_noop("Your district has no reset this season: its CSM gives it a date first.")


@require_http_methods(["GET", "POST"])
@roles("district_admin", why=NOT_YOURS)
def ask(request: HttpRequest, site_code: str) -> HttpResponse:
    """GET `?day=` looks at a day, POST asks the CSM for it; the date changes once she agrees."""
    district = district_or_404(request, site_code, adviser_page.rows())
    page = adviser_page.page_of(district, request.user, at=clock.now())
    if page is None:
        return needs_a_season(request, district)
    if page.reset is None or page.obstacle:
        return closed(request, page, page.obstacle or _(NO_RESET))
    if names_a_school(request.GET, request.POST):
        return _shown(request, page, page.first_look, note=not_one_school(), status=422)
    given = request.POST if request.method == "POST" else request.GET
    return _asked(request, page, given) if given else _shown(request, page, page.first_look)


def _asked(request: HttpRequest, page: AdviserPage, given: Any) -> HttpResponse:
    form = DayForm(given)
    if not form.is_valid():
        day = form.cleaned_data.get("day") or page.first_look
        return _shown(request, page, day, form=form, note=wrong(form), status=422)
    day = form.cleaned_data["day"]
    if request.method != "POST":
        return _shown(request, page, day)
    try:
        services.ask_for(
            reset=page.reset,  # type: ignore[arg-type]  # asked above
            day=day,
            by=request.user,
            at=page.at,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
    except services.Stale as stale:
        return _again(request, page, str(stale), day=day, form=form)
    except (services.Refused, services.NotPossible) as refusal:
        return _shown(request, page, day, form=form, note=not_saved(refusal), status=422)
    messages.success(
        request,
        _("{csm} has your request for {day} and will answer it.").format(
            csm=page.csm, day=spoken(day, page.rules.year)
        ),
    )
    return redirect("resets:district", page.district.site_code)


def _shown(
    request: HttpRequest,
    page: AdviserPage,
    day: date,
    *,
    form: DayForm | None = None,
    note: Note | None = None,
    status: int = 200,
) -> HttpResponse:
    advised = replace(page, role="csm")  # judged as the CSM will, who sets the date
    context = adviser_page.context(advised, day)
    context |= {
        "crumbs": crumbs(request, page.district, _("Ask for a date")),
        "top_note": _note(page),
        "refusal": note,
        "csm": page.csm,
        "current": page.reset.date if page.reset else None,
        "consequences": _consequences(page, day),
        **_panel(page, day, form),
    }
    return render(request, "resets/ask.html", context, status=status)


def _panel(page: AdviserPage, day: date, form: DayForm | None) -> dict[str, Any]:
    code, said = page.district.site_code, spoken(day, page.rules.year)
    back = reverse("resets:district", args=[code])
    stands = _("If you do nothing, {page} stands.").format(page=_day_it_has(page))
    if page.keeps_default(day):
        return {
            "action": reverse("resets:keep", args=[code]),
            "submit": _("Keep {day}").format(day=said),
            "cancel_url": back,
        }
    form = form or DayForm(initial={"reason": page.reset.asked_why if page.reset and day == page.request else ""})
    asked = form["reason"]  # which may have its words already, where the form was refused
    asked.label = _("Why {day}?").format(day=month_day(day, page.rules.year))
    asked.help_text = _("{csm} reads it. You may leave it empty. Never name a student here.").format(csm=page.csm)
    asks = {"action": reverse("resets:ask", args=[code]), "submit": _("Ask for {said}").format(said=said)}
    return {**asks, "cancel_url": back, "foot": stands, "reason_field": asked}


def _note(page: AdviserPage) -> dict[str, str] | None:
    if page.request:
        text = _("{who} asked for {request}. {csm} has not answered yet.").format(
            who=page.reset.answered_by if page.reset else "",
            request=spoken(page.request, page.rules.year),
            csm=page.csm,
        )
        return {"kind": "wait", "title": "", "text": text, "detail": _("Asking again replaces the request.")}
    if page.reset and page.risks:
        title = _("{date} is at risk.").format(date=spoken(page.reset.date, page.rules.year))
        return {"kind": "stop", "title": title, "text": " ".join(one.gist for one in page.risks), "detail": ""}
    return None


def _consequences(page: AdviserPage, day: date) -> list[dict[str, str]]:
    if page.keeps_default(day):
        return adviser_page.consequences(page, day)[:3]
    asked = {
        "icon": "speech",
        "lead": page.csm,
        "text": _("gets your request. Until the answer comes, {page} stands.").format(page=_day_it_has(page)),
    }
    return [asked, *adviser_page.consequences(page, day)[:3]]


def _day_it_has(page: AdviserPage) -> str:
    return month_day(page.reset.date, page.rules.year) if page.reset else _("the default")


@require_POST
@roles("csm", "csm_lead", "district_admin", why=ANSWERS)
def keep(request: HttpRequest, site_code: str) -> HttpResponse:
    """Records the answer *keep July 28*: the date and its mark *default* stay (W9)."""
    page = adviser_page.page_of(district_or_404(request, site_code, adviser_page.rows()), request.user, at=clock.now())
    if page is None or page.reset is None:
        messages.error(request, _("The district has no reset date to keep."))
        return redirect("resets:district", site_code)
    form = KeepForm(request.POST)
    if not form.is_valid():
        return _again(request, page, str(form.LOOK_AGAIN))
    try:
        reset = services.keep_default(reset=page.reset, by=request.user, at=page.at, **form.cleaned_data)
    except services.Stale as stale:
        return _again(request, page, str(stale))
    except (services.Refused, services.NotPossible) as refusal:
        messages.error(request, _("Nothing was changed. {refusal}").format(refusal=refusal))
    else:
        messages.success(
            request, _("{date} is kept. The answer is in the history.").format(date=spoken(reset.date, page.rules.year))
        )
    return redirect("resets:district", site_code)


def _again(
    request: HttpRequest, page: AdviserPage, why: str, *, day: date | None = None, form: DayForm | None = None
) -> HttpResponse:
    """The adviser as it stands by now, as whoever pressed reads it: nothing was changed."""
    now = replace(page, reset=adviser_page.reset_of(page.district, page.season))
    if now.obstacle:
        return closed(request, now, now.obstacle, status=409)
    day = day or (now.reset.date if now.reset else now.first_look)
    shown = _shown if page.role == "district_admin" else choosing.shown
    note = not_saved(services.Stale(why))
    return shown(request, now, day, form=form, note=note, status=409)
