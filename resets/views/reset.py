"""The page of one reset, and its fragment that a browser asks for while a run is on."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from resetportal import clock
from resets import permitted, progress, run_days
from resets.models import Certificate, Reset

STOP_POLLING = 286  # what htmx takes as: this was the last time
NOTHING_NEW = 204

REFUSALS = {
    "stop": gettext_noop("A reset is stopped by the district's CSM, a CSM lead or an engineer. Ask your CSM (W9)."),
    "retry": gettext_noop("A held reset is tried again by the district's CSM, a CSM lead or an engineer."),
    "release": gettext_noop(
        "A reset held for a roster of the new year is released by the district's CSM or a CSM lead (W11)."
    ),
    "rostering_complete": gettext_noop(
        "Tell your CSM that rostering is complete: she, or a CSM lead, turns the syncs on."
    ),
    "data_ready": gettext_noop("That the data is ready is said by the district's own admin."),
}


def found(request: HttpRequest, pk: int, verb: str = "") -> Reset:
    """The reset if its district is visible to this person, else a 404; a 403 where she may see it but not `verb`."""
    rows = Reset.objects.visible_to(request.user).select_related("season", "district__gate", "district__csm")
    rows = rows.select_related("district__counts").prefetch_related("district__school_years")
    reset = get_object_or_404(rows, pk=pk)
    if verb and role_of(request) not in permitted.WHO[verb]:
        raise PermissionDenied(_(REFUSALS[verb]))
    return reset


def role_of(request: HttpRequest) -> str:
    """The role of the person who is signed in."""
    return str(getattr(request.user, "role", ""))


@login_required
@require_safe
def reset_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One reset: scheduled, running, completed or held."""
    return render(request, "resets/reset.html", _context(request, found(request, pk)))


@login_required
@require_safe
def progress_fragment(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes while a run is on. `seen`: the status that the page shows; 286 once there is nothing to wait for."""
    context = _context(request, found(request, pk))
    reset, seen = context["reset"], request.GET.get("seen", "")
    if context["progress"].is_live and reset.status == seen == "scheduled":
        return HttpResponse(status=NOTHING_NEW)
    context["say"] = f"{reset.district}: {reset.get_status_display()}." if reset.status != seen else ""
    status = 200 if context["progress"].is_live else STOP_POLLING
    return render(request, "resets/reset.html#polled", context, status=status)


def _context(request: HttpRequest, reset: Reset) -> dict[str, Any]:
    district = reset.district
    read = progress.read(reset, role=role_of(request), at=clock.now())
    return {
        "reset": reset,
        "district": district,
        "progress": read,
        "run": run_days.of(reset),
        "zone": district.zone,
        "demo_zone": district.zone,
        "certificate": certificate_of(reset),
        "status": str(reset.status),
        "crumbs": [_above(request, reset), (_("Reset {season}").format(season=reset.season), "")],
    } | {f"can_{verb}": verb in read.offers for verb in permitted.WHO}


def certificate_of(reset: Reset | None) -> Certificate | None:
    """The certificate of a reset that has one, without its text."""
    if reset is None or reset.completed_at is None:
        return None
    return Certificate.objects.filter(reset=reset).defer("text").first()


def _above(request: HttpRequest, reset: Reset) -> tuple[str, str]:
    return reset.district.name, reverse("resets:district", args=[reset.district.site_code])
