"""Where a district's rosters come from: set by the vendor's people, seen without its secret by the district's admin."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from districts.models import District, RosterSource
from districts.moments import moment
from districts.sources import fetching
from districts.sources.errors import SourceError
from districts.sources.setting import SecretNeeded, set_source
from resetportal import clock
from resets.source_facts import source_facts, thresholds
from resets.source_form import SourceForm
from resets.views.access import crumbs, roles
from resets.views.reset import role_of
from resets.views.rosters import found

log = logging.getLogger(__name__)

SETTERS = ("csm", "csm_lead", "engineer")
NOT_A_SETTER = gettext_noop(
    "Where rosters come from is set by the district’s CSM, a CSM lead or an engineer, since it decides whose word the "
    "portal takes for the district’s, and what protects the district from a wrong one. Ask your CSM."
)


@require_http_methods(["GET", "POST"])
@login_required
def roster_source(request: HttpRequest, site_code: str) -> HttpResponse:
    """The source and the thresholds of one district; a district's admin reads them."""
    district, role = found(request, site_code), role_of(request)
    source = district.roster_source
    source.district = district
    if role not in SETTERS:
        if request.method == "POST":
            raise PermissionDenied(_(NOT_A_SETTER))
        return _shown(request, district, None)
    form = SourceForm(request.POST if request.method == "POST" else None, source=source, is_engineer=role == "engineer")
    if form.is_valid() and _saved(request, district, form):
        return redirect("resets:roster_source", site_code=district.site_code)
    return _shown(request, district, form)


@require_POST
@roles(*SETTERS, why=NOT_A_SETTER)
def try_source(request: HttpRequest, site_code: str) -> HttpResponse:
    """Asks the source as it is saved whether it answers, fetches nothing, and says so on the page."""
    district = found(request, site_code)
    source = district.roster_source
    source.district = district
    try:
        messages.success(request, fetching.look(source, at=clock.now()))
    except SourceError as error:
        messages.error(request, error.sentence)
    except Exception as error:  # whatever another's server does, this page stands
        log.error("The source of district %s could not be tried: %s", district.pk, type(error).__name__)
        said = _("The source could not be tried ({kind}). Tell the portal’s engineers.")
        messages.error(request, said.format(kind=type(error).__name__))
    return redirect("resets:roster_source", site_code=district.site_code)


def _saved(request: HttpRequest, district: District, form: SourceForm) -> bool:
    try:
        set_source(source=district.roster_source, way=form.way(), secret=form.secret(), by=request.user, at=clock.now())
    except SecretNeeded as needed:
        form.add_error(f"{form.cleaned_data['kind']}_secret", str(needed))
        return False
    messages.success(request, _("Where rosters of {district} come from is saved.").format(district=district))
    return True


def _shown(request: HttpRequest, district: District, form: SourceForm | None) -> HttpResponse:
    source = district.roster_source
    context: dict[str, Any] = {
        "district": district,
        "demo_zone": district.zone,
        "crumbs": crumbs(request, district, _("Where rosters come from")),
        "form": form,
        "source": source,
        "set": _set(source, district),
        "facts": source_facts(source),
        "thresholds": thresholds(source),
        "may_try": source.is_fetched,
    }
    return render(request, "resets/roster_source.html", context, status=422 if form and form.is_bound else 200)


def _set(source: RosterSource, district: District) -> str:
    """Who set it and when; what is secret is only said to be there."""
    if source.set_at is None:
        return ""
    secret = _("Its secret is set, and never shown again. ") if source.secret else ""
    return _("{secret}Last set by {set_by}, {set_at}.").format(
        secret=secret, set_by=source.set_by, set_at=moment(source.set_at, district.zone)
    )
