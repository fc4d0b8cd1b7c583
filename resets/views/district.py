"""The page of one district: for the vendor's people everything about it, for its admin her reset in her words."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from districts.models import District
from resetportal import clock
from resets import (
    admin_page,
    board,
    dates,
    desk_page,
    district_page,
    holds_page,
    lately,
    permitted,
    policy,
    run_days,
    syncs,
    timeline,
)
from resets.board import Entry
from resets.desk import ContactForm, NoteForm
from resets.models import Reset, Season
from resets.opening import season_now
from resets.views.access import district_or_404
from resets.views.reset import certificate_of

DELETED = (
    gettext_noop("Student accounts"),
    gettext_noop("Assessment, progress, pathway and usage data"),
    gettext_noop("THINK Points, tokens and avatars"),
    gettext_noop("Classrooms"),
)
OWED = ("wait", "asks")  # kinds of the checklist's lines for which somebody has to act
KEPT = (
    gettext_noop("Educator accounts and their schools"),
    gettext_noop("Your district and its schools"),
    gettext_noop("Pathways you made, with nobody assigned"),
)


@require_safe
@login_required
def district(request: HttpRequest, site_code: str) -> HttpResponse:
    """One district in the season that is open."""
    return shown(request, district_or_404(request, site_code))


def shown(
    request: HttpRequest,
    found: District,
    *,
    contact: ContactForm | None = None,
    note: NoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a district. `contact`, `note`: a form that came back with refusals."""
    now, at = season_now(), clock.now()
    entry = board.entries(District.objects.filter(pk=found.pk), now, at=at)[0]
    season = entry.earlier or now
    if entry.reset and season:
        entry.reset.season, entry.reset.district = season, entry.district
    role = str(getattr(request.user, "role", ""))
    context = _common(entry, season, role) | desk_page.contacts(entry.district, role, contact)
    if role == "district_admin":
        page = context | _for_admin(entry, season)
        return render(request, "resets/district_admin.html", page, status=status)
    page = context | _for_vendor(entry, season, role) | desk_page.notes(entry.district, role, note)
    return render(request, "resets/district.html", page, status=status)


def _common(entry: Entry, season: Season | None, role: str) -> dict[str, Any]:
    district = entry.district
    may_edit = role in permitted.WHO["choose"] or role == "district_admin"
    return {
        "district": district,
        "demo_zone": district.zone,
        "season": season,
        "reset": entry.reset,
        "certificate": certificate_of(entry.reset),
        "school_year": season.school_year if season else dates.school_year_of(entry.at.date()),
        "syncs": syncs.state(district, at=entry.at),
        "hold": entry.hold,
        "hold_said": holds_page.state(entry.hold, entry.today),
        "hold_ends": holds_page.who_ends(of_vendor=entry.hold.of_vendor) if entry.hold else "",
        "may_hold": role in permitted.HOLDERS,
        "people": district_page.people(district),
        "events": district_page.events(district, role),
        **desk_page.mail(entry, season),
        "dates_url": reverse("resets:dates", args=[district.site_code]) if may_edit else "",
    }


def _for_vendor(entry: Entry, season: Season | None, role: str) -> dict[str, Any]:
    district, can_set = entry.district, role in permitted.WHO["choose"]
    above = _("My districts") if role == "csm" else _("Districts")
    context: dict[str, Any] = {
        "crumbs": [(above, reverse("resets:districts")), (district.name, "")],
        "may_add": can_set and season is not None and entry.reset is None,
        "facts": district_page.key_facts(district, season.school_year if season else ""),
        "dates": district_page.dates_in_words(entry),
        **desk_page.asked(entry, role),
        **desk_page.writing(entry, role),
    }
    return context | (_of_reset(entry, entry.reset, role, can_set) if entry.reset else {"offers": []})


def _of_reset(entry: Entry, reset: Reset, role: str, can_set: bool) -> dict[str, Any]:
    today = clock.local_date(entry.district.zone, entry.at)
    items = district_page.checklist(entry, reset, can_set=can_set)
    return {
        "chosen": not reset.is_default,
        "run": run_days.of(reset),
        "ahead": district_page.in_days(reset.date, today) if reset.is_editable else "",
        "risks": entry.risks(),
        "offers": permitted.offers(reset, role),
        "waits_for_rostering": entry.is_waiting,
        "items": items,
        "done": sum(item["kind"] == "done" for item in items),
        "owed": sum(item["kind"] in OWED for item in items) if reset.is_editable else 0,
        "line": timeline.facts(reset, district_page.year_of(entry), entry.district.gate, today=today)
        | {"records": timeline.records(entry, reset)},
    }


def _for_admin(entry: Entry, season: Season | None) -> dict[str, Any]:
    reset = entry.reset
    if reset is None or season is None:
        title = _("Your reset has no date yet.") if season else _("No reset is planned yet.")
        return {"title": title, "lead": _("Your Customer Success Manager will write to you."), "choices": []}
    today = clock.local_date(entry.district.zone, entry.at)
    can_set = policy.may_set("district_admin", policy=season.rules) is None
    return {
        "title": admin_page.heading(reset, is_on_hold=entry.hold is not None),
        "lead": admin_page.lead(entry, reset, today=today, can_set=can_set),
        "answered": admin_page.answered(reset),
        "news": lately.told(entry, reset),
        "points": admin_page.milestones(reset, district_page.year_of(entry), today=today),
        "choices": admin_page.choices(entry, reset, can_set=can_set),
        "steps": admin_page.steps(entry, reset),
        "csm": entry.district.csm,
        "question_url": desk_page.question_url(entry),
        "hold_title": _("Your records hold is open: nothing is reset until it is ended."),
        "deleted": [_(each) for each in DELETED],
        "kept": [_(each) for each in KEPT],
    }
