"""A district's Student Data Exports: asked for, looked at while they are made, downloaded; and its last export."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from districts.models import District
from exports import files, proof
from exports.models import ExportFile
from resetportal import clock
from resets import exports_file, exports_page, services, waking, workbook
from resets.dates import school_year_of
from resets.export_forms import ExportForm
from resets.models import Reset
from resets.policy import school_year_ending, spoken
from resets.views.access import crumbs, district_or_404, roles
from resets.views.reset import STOP_POLLING, role_of

Kind = ExportFile.Kind
ASKERS = ("csm", "csm_lead", "district_admin")
NOT_AN_ASKER = gettext_noop("An export is asked for by the district’s admin, its CSM or a CSM lead.")
ITS_OWN = gettext_noop(
    "Students are named in it: a file is downloaded by the district’s own admin alone. Ask her for what you need."
)
CHOOSES = gettext_noop("A last export is chosen by the district’s own admin.")
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "zip": "application/zip",
}
HOURS = 24  # how long a file lasts where no season says it


@require_safe
@login_required
def exports(request: HttpRequest, site_code: str) -> HttpResponse:
    """The exports of one district. In the address: page, of those that are gone."""
    district = found(request, site_code)
    return _shown(request, district, form_of(district))


@require_safe
@login_required
def board(request: HttpRequest, site_code: str) -> HttpResponse:
    """What changes while a file is made; 286 once none is."""
    context = _board(request, found(request, site_code))
    status = 200 if context["is_making"] else STOP_POLLING
    context["say"] = "" if context["is_making"] else _("The export is at its end. See the list.")
    return render(request, "resets/exports.html#polled", context, status=status)


@require_safe
@login_required
def exports_xlsx(request: HttpRequest, site_code: str) -> HttpResponse:
    """The files of the page's lists, through all its pages, as XLSX."""
    district, at = found(request, site_code), clock.now()
    is_own = role_of(request) == "district_admin"
    return workbook.answer(
        f"exports-{district.site_code}-{clock.local_date(district.zone, at):%Y-%m-%d}.xlsx",
        _("Exports"),
        exports_file.columns(),
        exports_file.lines(exports_page.of(district, *_kinds(request)), district, is_own=is_own),
        about=exports_file.facts(district, _proofs(district, exports_page.reset_of(district))),
        by=request.user,
        at=at,
    )


@require_POST
@roles(*ASKERS, why=NOT_AN_ASKER)
def ask(request: HttpRequest, site_code: str) -> HttpResponse:
    """Asks for an export; a worker makes it while the page looks on, or is closed. Twice the same wish is one."""
    district = found(request, site_code)
    form = form_of(district, request.POST)
    if not form.is_valid():
        return _shown(request, district, form, status=422)
    try:
        wish(request, district, kind=Kind.STUDENT_DATA, **form.wish)
    except files.NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, asked(request, district))
    return redirect("resets:exports", site_code=district.site_code)


@require_safe
@login_required
def lead_to(request: HttpRequest, site_code: str, export: int) -> HttpResponse:
    """Where the link of a mail leads: to the page on which a file stands. The vendor sees all files on one."""
    district = found(request, site_code)
    file = get_object_or_404(ExportFile, district=district, pk=export)
    is_report = file.kind == Kind.PROGRESS and role_of(request) == "district_admin"
    page = "resets:reports" if is_report else "resets:exports"
    return redirect(f"{reverse(page, args=[district.site_code])}#files")


@require_safe
@roles("district_admin", why=ITS_OWN)
def download(request: HttpRequest, site_code: str, export: int) -> HttpResponseBase:
    """A file of the district, for its own admin; the download is recorded. 410, with the reason, for one that is gone.

    A HEAD takes nothing away, so it records nothing.
    """
    district = found(request, site_code)
    file = get_object_or_404(ExportFile, district=district, pk=export)
    if request.method == "HEAD":
        return _headed(HttpResponse(status=200 if _is_there(file) else 410), file)
    try:
        content = files.hand_out(file, person=request.user, at=clock.now())
    except files.Gone as gone:
        return _gone(request, district, file, str(gone))
    return _headed(FileResponse(content, as_attachment=True, filename=file.name), file)


@require_POST
@roles("district_admin", why=CHOOSES)
def last_export(request: HttpRequest, site_code: str) -> HttpResponse:
    """Chooses a last export, or takes the choice back, while the reset is scheduled."""
    district = found(request, site_code)
    reset, is_chosen = exports_page.reset_of(district), "choose" in request.POST
    try:
        if reset is None:
            raise services.NotPossible(_("Your district has no reset before which a last export could be made."))
        _choose(reset, request.user, is_chosen)
    except services.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _said(reset, is_chosen))
    return redirect("resets:exports", site_code=district.site_code)


def found(request: HttpRequest, site_code: str) -> District:
    """The district, with its gate and counts, if the person may know of it."""
    return district_or_404(request, site_code, District.objects.select_related("gate", "counts", "csm"))


def wish(request: HttpRequest, district: District, **wishes: Any) -> ExportFile:
    """Asks for a file in this person's name and wakes a worker for it. Raises NotNow."""
    year, hours = year_and_hours(exports_page.reset_of(district))
    with transaction.atomic():
        file = files.ask(district=district, by=request.user, at=clock.now(), school_year=year, hours=hours, **wishes)
        waking.wake_to_make(file.pk)
    return file


def year_and_hours(reset: Reset | None) -> tuple[str, int]:
    """The school year that a file is of, and for how many hours it lasts: as the district's season says.

    What is there after a completed reset is of the year after it, whatever the day.
    """
    today = school_year_of(clock.now().date())
    if reset is None:
        return today, HOURS
    rules = reset.season.rules
    year = max(today, school_year_ending(rules.year + 1)) if reset.completed_at else reset.season.school_year
    return year, rules.export_hours


def asked(request: HttpRequest, district: District) -> str:
    """What the page says once a file is asked for."""
    if role_of(request) == "district_admin":
        return _("It is being made. You may close this page: a mail with the link comes when it is ready.")
    return _("It is being made. The admins of {district} get a mail with the link when it is ready.").format(
        district=district
    )


def form_of(district: District, data: Any = None) -> ExportForm:
    """The form of an export of this district, today."""
    return ExportForm(data, district=district, last=exports_page.last_day(district, at=clock.now()))


def _choose(reset: Reset, by: Any, is_chosen: bool) -> None:
    verb = services.choose_last_export if is_chosen else services.drop_last_export
    verb(reset=reset, by=by, at=clock.now())


def _said(reset: Reset, is_chosen: bool) -> str:
    if is_chosen:
        return _("A last export is made on {date}, by the run itself. A mail with the link comes then.").format(
            date=spoken(reset.date)
        )
    return _("No last export is made. What you want to keep, download before the reset.")


def _headed(answer: Any, file: ExportFile) -> HttpResponseBase:
    answer["Content-Type"] = TYPES[file.format]
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer  # type: ignore[no-any-return]


def _is_there(file: ExportFile) -> bool:
    return bool(file.state == ExportFile.State.READY and file.lasts_until and file.lasts_until > clock.now())


def _gone(request: HttpRequest, district: District, file: ExportFile, why: str) -> HttpResponse:
    is_export = file.kind == Kind.STUDENT_DATA
    back, words = ("resets:exports", _("Exports")) if is_export else ("resets:reports", _("Progress reports"))
    context = {
        "district": district,
        "demo_zone": district.zone,
        "file": file,
        "why": why,
        "is_yet_to_come": file.state in (ExportFile.State.WAITING, ExportFile.State.MAKING),
        "is_shut": district.gate.is_shut,
        "back": back,
        "crumbs": crumbs(request, district, words),
    }
    return render(request, "resets/export_gone.html", context, status=410)


def _shown(request: HttpRequest, district: District, form: ExportForm, status: int = 200) -> HttpResponse:
    role, reset = role_of(request), exports_page.reset_of(district)
    context = _board(request, district) | {
        "crumbs": crumbs(request, district, _("Exports")),
        "form": form,
        "may_ask": role in ASKERS and not district.gate.is_shut,
        "is_shut": district.gate.is_shut,
        "accounts": district.counts.accounts,
        "through": spoken(form.last),
        "hours": year_and_hours(reset)[1],
        "last": exports_page.last_export(reset),
        "reset": reset,
    }
    return render(request, "resets/exports.html", context, status=status)


def _board(request: HttpRequest, district: District) -> dict[str, Any]:
    """What the polled part of the page shows: what is proven, and the files. The vendor sees that all kinds exist."""
    role = role_of(request)
    files = exports_page.of(district, *_kinds(request))
    shown = exports_page.board(files, district, role=role, page=request.GET.get("page"))
    return shown | {
        "district": district,
        "demo_zone": district.zone,
        "zone": district.zone,
        "is_admin": role == "district_admin",
        "proofs": exports_page.proven(_proofs(district, exports_page.reset_of(district))),
        "polls": "resets:exports_board",
    }


def _kinds(request: HttpRequest) -> tuple[str, ...]:
    """The kinds of files on this page: the admin has another for reports."""
    return (Kind.STUDENT_DATA,) if role_of(request) == "district_admin" else ()


def _proofs(district: District, reset: Reset | None) -> list[proof.Proof]:
    is_chosen = reset is not None and reset.last_export_chosen_at is not None
    return proof.of(district, at=clock.now(), last_chosen=is_chosen)
