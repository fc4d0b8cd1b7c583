"""The first page after signing in: each role's own."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from resetportal.models import Role


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Sends a district admin to her district, an engineer to tonight, and a CSM or lead to the list of districts."""
    district = getattr(request.user, "district", None)
    if district is not None:
        return redirect("resets:district", site_code=district.site_code)
    return redirect("resets:tonight" if getattr(request.user, "role", "") == Role.ENGINEER else "resets:districts")
