"""Preview: what a reset would do to a district, counted now, to look at and to print."""

from django.contrib.auth.decorators import login_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from districts.models import District
from resetportal import clock
from resets import adviser_page, preview
from resets.engine import LOCK_NOT_GRANTED
from resets.models import Reset
from resets.opening import season_now
from resets.views.access import district_or_404


@login_required
@require_safe
def preview_page(request: HttpRequest, site_code: str) -> HttpResponse:
    """By school and kind of data: deleted, set to 0, unassigned, kept, and what a reset will not touch."""
    district = district_or_404(request, site_code, adviser_page.rows())
    context = _context(request, district)
    try:
        context["preview"] = preview.read(district, at=clock.now())
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") not in LOCK_NOT_GRANTED:
            raise
        # A run keeps the leaves locked for the seconds in which it deletes; nothing partial is ever shown.
        answer = render(request, "resets/preview_locked.html", context, status=503)
        answer["Retry-After"] = "10"
        return answer
    return render(request, "resets/preview.html", context)


def _context(request: HttpRequest, district: District) -> dict[str, object]:
    season = season_now()
    back = reverse("resets:district", args=[district.site_code])
    return {
        "district": district,
        "reset": Reset.objects.filter(season=season, district=district).first() if season else None,
        "season": season,
        "demo_zone": district.zone,
        "untouched": preview.UNTOUCHED,
        "crumbs": [(str(district), back), ("What is deleted", "")],
    }
