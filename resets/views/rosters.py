"""A district's rosters: its syncs and nights, the roster that waits, an upload, and what a person says about them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from districts import gate, incoming
from districts.models import District, RosterFile, RosterSync
from districts.roster.problems import RosterRefused
from districts.uploads import TOO_LARGE
from resetportal import clock
from resets import permitted, roster_changes, rosters_file, rosters_page, syncs, waking, workbook
from resets.models import Reset
from resets.roster_forms import UploadForm
from resets.source_facts import source_facts
from resets.views.access import crumbs, district_or_404, roles
from resets.views.reset import STOP_POLLING, role_of

UPLOADERS = ("csm", "csm_lead", "district_admin")
NOT_AN_UPLOADER = gettext_noop("A roster is uploaded by the district’s admin, its CSM or a CSM lead.")
SAID = {
    "rehearse": gettext_noop("The roster has come. It is being rehearsed: nothing in the district changes."),
    "apply": gettext_noop("The roster has come and is being read."),
}


@require_safe
@login_required
def rosters(request: HttpRequest, site_code: str) -> HttpResponse:
    """The rosters of one district. In the address: outcome, page (of the nights); kind, action, changes (of a list)."""
    return _shown(request, found(request, site_code), UploadForm())


@require_safe
@login_required
def nights_file(request: HttpRequest, site_code: str) -> HttpResponse:
    """The readings of the same filter, through all the pages, as XLSX."""
    district, outcome, at = found(request, site_code), _outcome(request), clock.now()
    return workbook.answer(
        f"rosters-{district.site_code}-{clock.local_date(district.zone, at):%Y-%m-%d}.xlsx",
        _("Rosters"),
        rosters_file.columns(),
        rosters_file.lines(district, outcome),
        about=rosters_file.facts(district, outcome),
        by=request.user,
        at=at,
    )


@require_safe
@login_required
def waiting(request: HttpRequest, site_code: str) -> HttpResponse:
    """What changes while a roster is read; 286, with how it ended, once none is."""
    district = found(request, site_code)
    context = _board(request, district)
    status = 200 if context["is_reading"] else STOP_POLLING
    if not context["is_reading"]:
        last = RosterSync.objects.filter(district=district).first()
        context["say"] = _("The roster was read: {last}.").format(last=syncs.outcome(last)) if last else ""
    return render(request, "resets/rosters.html#polled", context, status=status)


@require_POST
@roles(*UPLOADERS, why=NOT_AN_UPLOADER)
def upload(request: HttpRequest, site_code: str) -> HttpResponse:
    """Takes a roster from a person's machine; a worker reads it while the page looks on, or is closed."""
    district = found(request, site_code)
    form = UploadForm(request.POST, request.FILES, is_too_large=TOO_LARGE in request.META, paused=_paused(district))
    if not (form.is_valid() and _received(request, district, form)):
        return _shown(request, district, form, status=422)
    messages.success(request, _(SAID[form.cleaned_data["wish"]]))
    here = reverse("resets:rosters", args=[district.site_code])
    return HttpResponseClientRedirect(here) if getattr(request, "htmx", False) else redirect(here)


@transaction.atomic
def _received(request: HttpRequest, district: District, form: UploadForm) -> bool:
    """Under the district's lock: the file came before its reset, which voids it, or after it."""
    gate.lock(district.pk, shared=True)
    given = form.cleaned_data["roster"]
    try:
        file = incoming.receive(
            district=district,
            content=given,
            name=given.name,
            by=str(request.user),
            at=clock.now(),
            wish=form.cleaned_data["wish"],
        )
    except RosterRefused as refused:
        form.add_error("roster", str(refused))
    except OSError:
        form.add_error("roster", _("The portal could not keep the file: its disk may be full. Tell its operators."))
    else:
        waking.wake(file.pk)
        return True
    return False


def found(request: HttpRequest, site_code: str) -> District:
    """The district, with its gate and its source, if the person may know of it."""
    rows = District.objects.select_related("gate", "roster_source", "counts", "csm")
    return district_or_404(request, site_code, rows)


def file_or_404(district: District, pk: int) -> RosterFile:
    """A roster of the district."""
    return get_object_or_404(RosterFile, district=district, pk=pk)


def _paused(district: District) -> str:
    return gate.sentence(district.gate) if gate.is_paused(district.gate, at=clock.now()) else ""


def _shown(request: HttpRequest, district: District, form: UploadForm, status: int = 200) -> HttpResponse:
    context = _board(request, district) | {
        "crumbs": crumbs(request, district, _("Rosters")),
        "form": form,
        "may_upload": role_of(request) in UPLOADERS,
        "source_facts": source_facts(district.roster_source),
    }
    return render(request, "resets/rosters.html", context, status=status)


def _board(request: HttpRequest, district: District) -> dict[str, Any]:
    """What the polled part of the page shows."""
    role, at, asked = role_of(request), clock.now(), request.GET
    district.roster_source.district = district
    waits = rosters_page.waiting(district, role=role)
    outcome = _outcome(request)
    page, rows = rosters_page.nights(district, outcome=outcome, page=asked.get("page"))
    is_reading = rosters_page.is_reading(waits)
    listed = None if is_reading else rosters_page.at_hand([each["file"] for each in waits], district)
    reset = _reset_of(district)
    is_admin = role == "district_admin"
    return {
        "district": district,
        "demo_zone": district.zone,
        "zone": district.zone,
        "is_admin": is_admin,
        "state": syncs.state(district, at=at),
        "waits": waits,
        "is_reading": is_reading,
        "chips": rosters_page.chips(district, outcome),
        "outcome": outcome,
        "query": f"outcome={outcome}" if outcome else "",
        "page": page,
        "nights": rows,
        "list": roster_changes.read(listed, asked, with_names=is_admin) if listed else None,
        "reset": reset,
        "offers": permitted.offers(reset, role) if reset else [],
        "may_sync": district.roster_source.is_fetched and not gate.is_paused(district.gate, at=at),
    }


def _outcome(request: HttpRequest) -> str:
    """The filter of the nights that the address asks for."""
    outcome = request.GET.get("outcome", "")
    return outcome if outcome in RosterSync.Outcome.values else ""


def _reset_of(district: District) -> Reset | None:
    """The district's newest reset, which its syncs wait for or waited for last."""
    rows = Reset.objects.filter(district=district).select_related("season").order_by("-season__school_year")
    reset = rows.first()
    if reset is not None:
        reset.district = district
    return reset
