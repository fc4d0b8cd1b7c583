"""What a person does about a district's rosters: apply, discard or rehearse one, sync now, say that data is ready."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from districts import gate, holding
from districts.models import District, RosterFile, RosterSource, RosterSync
from resetportal import clock
from resets import rosters_page, services, syncs, waking
from resets.models import Reset
from resets.roster_forms import VerdictForm
from resets.views.access import crumbs, roles
from resets.views.reset import role_of
from resets.views.rosters import file_or_404, found

DECIDES = gettext_noop("A roster that waits is applied or discarded by the district’s admin, its CSM or a CSM lead.")
READY = gettext_noop("The district’s own admin says that its data is ready; a CSM says that rostering is complete.")


@require_http_methods(["GET", "POST"])
@roles(*rosters_page.DECIDE, why=DECIDES)
def apply(request: HttpRequest, site_code: str, file: int) -> HttpResponse:
    """Applies a roster that was rehearsed or put on hold; with a reason where something speaks against it."""
    district = found(request, site_code)
    waits = file_or_404(district, file)
    form = VerdictForm(_sent(request), is_needed=rosters_page.needs_reason(waits))
    if obstacle := rosters_page.obstacle(waits) if waits.is_open else "":
        messages.error(request, obstacle)
        return redirect("resets:rosters", site_code=district.site_code)
    return _asked(request, district, waits, form, "apply")


@require_http_methods(["GET", "POST"])
@roles(*rosters_page.DECIDE, why=DECIDES)
def discard(request: HttpRequest, site_code: str, file: int) -> HttpResponse:
    """Ends a roster unapplied, saying why; the last one stands."""
    district = found(request, site_code)
    return _asked(request, district, file_or_404(district, file), VerdictForm(_sent(request)), "discard")


@require_POST
@roles(*rosters_page.DECIDE, why=DECIDES)
def rehearse(request: HttpRequest, site_code: str, file: int) -> HttpResponse:
    """Has a roster that waits read once more, held against the district as it stands now."""
    district = found(request, site_code)
    return _done(request, district, file_or_404(district, file), "rehearse", "")


@require_POST
@roles("csm", "csm_lead", "engineer", "district_admin")
def sync_now(request: HttpRequest, site_code: str) -> HttpResponse:
    """Makes the district's source due at once; the scheduler fetches it within a minute."""
    district = found(request, site_code)
    source = district.roster_source
    if gate.is_paused(district.gate, at=clock.now()):
        messages.error(request, gate.sentence(district.gate))
    elif not source.is_fetched:
        messages.error(request, _("Rosters of this district come by upload: there is nothing to fetch."))
    else:
        RosterSource.objects.filter(pk=district.pk).update(due_from=clock.now(), attempts=0)
        fetching = _(syncs.FETCHING[RosterSource.Kind(source.kind)])
        below = _("Its night then stands below.")
        messages.success(request, f"{fetching} {below}")
    return redirect("resets:rosters", site_code=district.site_code)


@require_POST
@roles("district_admin", why=READY)
def data_ready(request: HttpRequest, site_code: str) -> HttpResponse:
    """The district's admin says that her new year's data is ready; her CSM turns the syncs on."""
    district = found(request, site_code)
    reset = Reset.objects.filter(district=district).order_by("-season__school_year").first()
    if reset is None:
        raise PermissionDenied(_("Your district has no reset to follow."))
    try:
        services.say_data_is_ready(reset=reset, by=request.user, at=clock.now())
    except services.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        csm = district.csm or _("Your Customer Success Manager")
        messages.success(request, _("Thank you. {csm} is told, and turns your syncs on again.").format(csm=csm))
    return redirect("resets:rosters", site_code=district.site_code)


TITLES = {"apply": gettext_noop("Apply a roster"), "discard": gettext_noop("Discard a roster")}
SAID = {
    "apply": gettext_noop("The roster of {name} is being applied."),
    "discard": gettext_noop("The roster of {name} is discarded. The last one stands."),
    "rehearse": gettext_noop("The roster of {name} is being rehearsed: nothing changes."),
}


STATES = {
    RosterFile.State.WAITING: gettext_noop("being read"),
    RosterFile.State.REHEARSED: gettext_noop("rehearsed"),
    RosterFile.State.ON_HOLD: gettext_noop("on hold"),
    RosterFile.State.APPLIED: gettext_noop("applied"),
    RosterFile.State.REFUSED: gettext_noop("refused"),
    RosterFile.State.DISCARDED: gettext_noop("discarded"),
    RosterFile.State.VOIDED: gettext_noop("voided"),
    RosterFile.State.EXPIRED: gettext_noop("expired"),
}


def _asked(request: HttpRequest, district: District, waits: RosterFile, form: VerdictForm, verb: str) -> HttpResponse:
    """The page with the consequences; a good answer does the verb."""
    if waits.state not in (RosterFile.State.REHEARSED, RosterFile.State.ON_HOLD):
        messages.warning(
            request,
            _("This roster does not wait any more: {state}.").format(state=_(STATES[RosterFile.State(waits.state)])),
        )
        return redirect("resets:rosters", site_code=district.site_code)
    if form.is_valid():
        return _done(request, district, waits, verb, form.cleaned_data["reason"])
    sync = RosterSync.objects.filter(file=waits).first()
    context: dict[str, Any] = {
        "district": district,
        "demo_zone": district.zone,
        "waits": rosters_page.card(waits, sync, district, role_of(request)),
        "form": form,
        "crumbs": crumbs(request, district, _(TITLES[verb])),
        "consequences": [{"icon": icon, "lead": "", "text": text} for icon, text in rosters_page.would(sync)],
    }
    return render(request, f"resets/roster_{verb}.html", context, status=422 if form.is_bound else 200)


def _done(request: HttpRequest, district: District, waits: RosterFile, verb: str, why: str) -> HttpResponse:
    try:
        _do(request, waits, verb, why)
    except holding.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _(SAID[verb]).format(name=district))
    return redirect("resets:rosters", site_code=district.site_code)


@transaction.atomic
def _do(request: HttpRequest, waits: RosterFile, verb: str, why: str) -> None:
    by, at = str(request.user), clock.now()
    if verb == "discard":
        holding.discard(file=waits, by=by, at=at, why=why)
        return
    if verb == "apply":
        holding.approve(file=waits, by=by, at=at, why=why)
    else:
        holding.rehearse(file=waits, by=by, at=at)
    waking.wake(waits.pk)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
