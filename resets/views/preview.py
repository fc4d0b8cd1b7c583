"""Preview: what a reset would do to a district, counted now, to look at and to print."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from districts.models import District
from districts.moments import moment
from exports import proof
from resetportal import clock
from resets import adviser_page, holds_page, preview, proof_words
from resets.engine import LOCK_NOT_GRANTED
from resets.models import Reset
from resets.opening import reset_now
from resets.views.access import crumbs, district_or_404


@login_required
@require_safe
def preview_page(request: HttpRequest, site_code: str) -> HttpResponse:
    """By school and kind of data: deleted, set to 0, unassigned, kept, and what a reset will not touch."""
    district = district_or_404(request, site_code, adviser_page.rows())
    context = _context(request, district)
    at = clock.now()
    try:
        context["preview"] = preview.read(district, at=at)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") not in LOCK_NOT_GRANTED:
            raise
        # A run keeps the leaves locked for the seconds in which it deletes; nothing partial is ever shown.
        answer = render(request, "resets/preview_locked.html", context, status=503)
        answer["Retry-After"] = "10"
        return answer
    reset = context["reset"]
    if not (reset and reset.is_destroyed):
        is_chosen = reset is not None and reset.last_export_chosen_at is not None
        context["proofs"] = proof_words.notes(proof.of(district, at=at, last_chosen=is_chosen))
    return render(request, "resets/preview.html", context)


def _context(request: HttpRequest, district: District) -> dict[str, Any]:
    reset = reset_now(district)
    return {
        "district": district,
        "reset": reset,
        "hold_note": _hold_note(district),
        "next_run": _next_run(reset, district) if reset else "",
        "demo_zone": district.zone,
        "untouched": preview.untouched(),
        "crumbs": crumbs(request, district, _("What is deleted")),
    }


def _hold_note(district: District) -> dict[str, str] | None:
    held = next((each for each in district.holds.all() if each.ended_at is None), None)
    return holds_page.note(held, clock.local_date(district.zone, clock.now()))


def _next_run(reset: Reset, district: District) -> str:
    when = moment(reset.due_from, district.zone)
    return _("All schools are reset together (W7): {when}.").format(when=when)
