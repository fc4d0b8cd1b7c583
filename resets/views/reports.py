"""Student Progress reports: chosen and printed by the district's own admin, and read in the browser, a student each."""

from typing import Any

from django.contrib import messages
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from districts.models import District
from exports import files, printed, reading, report_data
from exports.models import ExportFile
from resetportal import clock
from resets import exports_page, printed_words, reports_page
from resets.engine import LOCK_NOT_GRANTED
from resets.export_forms import ReportsForm
from resets.policy import spoken
from resets.reports_page import Scope
from resets.views.access import crumbs, roles
from resets.views.exports import asked, found, wish, year_and_hours
from resets.views.reset import STOP_POLLING, role_of

Kind = ExportFile.Kind
ITS_OWN = gettext_noop("Students are named in progress reports: they are for the district’s own admin alone.")
IS_DELETED = gettext_noop("The reset is deleting the district’s data now: there are no reports to read any more.")


@require_safe
@roles("district_admin", why=ITS_OWN)
def reports(request: HttpRequest, site_code: str) -> HttpResponse:
    """Whose reports to print. In the address: school or classroom (ids), list (of a school), page."""
    district = found(request, site_code)
    scope = reports_page.scope(district, request.GET)
    return _shown(request, scope, "", _list(request, scope))


@require_POST
@roles("district_admin", why=ITS_OWN)
def find(request: HttpRequest, site_code: str) -> HttpResponse:
    """Finds students by name. Sent as a form's content: an address stands in logs, where no student may be."""
    scope = Scope(found(request, site_code))
    query = reports_page.clean_query(request.POST.get("q", ""))
    if not query:
        return redirect("resets:reports", site_code=scope.district.site_code)
    rows, shown = reports_page.students(scope, printed.of(scope.district), page=None, query=query)
    return _shown(request, scope, query, _listed("students", rows, shown))


def _shown(request: HttpRequest, scope: Scope, query: str, listed: dict[str, Any]) -> HttpResponse:
    district = scope.district
    context = _board(request, district) | {
        "scope": scope,
        "query": query,
        "crumbs": _crumbs(request, scope),
        "through": spoken(exports_page.last_day(district, at=clock.now())),
        "accounts": scope.students().count(),
        "pathways": [] if query else reports_page.by_pathway(scope),
        "may_ask": not district.gate.is_shut and not scope.is_without_school,
        "is_shut": district.gate.is_shut,
        "hours": year_and_hours(exports_page.reset_of(district))[1],
    }
    context["address"] = _address(request)
    context["leads"] = scope.is_narrow or not context["to_take"]
    return render(request, "resets/reports.html", context | listed)


@require_safe
@roles("district_admin", why=ITS_OWN)
def board(request: HttpRequest, site_code: str) -> HttpResponse:
    """What changes while reports are made; 286 once none are."""
    context = _board(request, found(request, site_code))
    status = 200 if context["is_making"] else STOP_POLLING
    context["say"] = "" if context["is_making"] else _("The reports are at their end. See the list.")
    return render(request, "resets/reports.html#polled", context, status=status)


@require_POST
@roles("district_admin", why=ITS_OWN)
def ask(request: HttpRequest, site_code: str) -> HttpResponse:
    """Asks for a PDF, or for a zip with one a classroom; a worker makes it."""
    district = found(request, site_code)
    form = ReportsForm(request.POST, district=district)
    here = reverse("resets:reports", args=[district.site_code])
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(here)
    try:
        wish(request, district, kind=Kind.PROGRESS, format=form.cleaned_data["format"], **form.wish)
    except files.NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, asked(request, district))
    return redirect(f"{here}#files")


@require_safe
@roles("district_admin", why=ITS_OWN)
def report(request: HttpRequest, site_code: str, student: int) -> HttpResponse:
    """The reports of one student, each pathway on its own, as they are printed."""
    district = found(request, site_code)
    try:
        pages = _pages(district, student)
    except reading.Interrupted:
        messages.error(request, _("The reset has begun or is over: there are no reports to read any more."))
        return redirect("resets:reports", site_code=district.site_code)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") not in LOCK_NOT_GRANTED:
            raise
        messages.error(request, _(IS_DELETED))
        return redirect("resets:reports", site_code=district.site_code)
    if not pages:
        raise Http404
    context = {
        "district": district,
        "demo_zone": district.zone,
        "reports": [reports_page.drawn(page) for page in pages],
        "scope": {"fields": [("student", student)]},
        "name": pages[0].student,
        "through": pages[0].through_words,
        "may_ask": not district.gate.is_shut,
        "crumbs": [
            *crumbs(request, district, "")[:-1],
            (_("Progress reports"), reverse("resets:reports", args=[district.site_code])),
            (_("A student"), ""),
        ],
    }
    return render(request, "resets/report.html", context)


def _pages(district: District, student: int) -> list[Any]:
    """The pages of one student, read as a whole: no run deletes the half of them meanwhile."""
    year, _ = year_and_hours(exports_page.reset_of(district))
    with reading.whole(district.pk, generation=district.gate.resets):
        return report_data.pages_of(district, student_ids=[student], school_year=year, at=clock.now())


def _board(request: HttpRequest, district: District) -> dict[str, Any]:
    shown = exports_page.board(exports_page.of(district, Kind.PROGRESS), district, role=role_of(request))
    return shown | {
        "district": district,
        "demo_zone": district.zone,
        "zone": district.zone,
        "is_admin": True,
        "polls": "resets:reports_board",
    }


def _list(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """The list below: schools of the district, classrooms or students of a school, students of anything else."""
    taken, page = printed.of(scope.district), request.GET.get("page")
    if scope.classroom or scope.is_without_school:
        rows, shown = reports_page.students(scope, taken, page=page)
        return _listed("students", rows, shown)
    if scope.school is None:
        found_schools, shown = reports_page.schools(scope, taken, page)
        done, of_all = printed_words.schools_done(scope.district, taken)
        return _listed("schools", found_schools, shown) | {"done": done, "of_all": of_all}
    return _of_a_school(scope, taken, page, request.GET.get("list", ""))


def _of_a_school(scope: Scope, taken: printed.Printed, page: str | None, which: str) -> dict[str, Any]:
    here = "students" if which == "students" else "classrooms"
    if here == "students":
        rows, shown = reports_page.students(scope, taken, page=page)
    else:
        rows, shown = reports_page.classrooms(scope, taken, page)  # type: ignore[assignment]
    return _listed(here, rows, shown) | {"chips": reports_page.views(scope, here)}


def _address(request: HttpRequest) -> str:
    """The address's other parameters, for the pages of a list."""
    asked_for = request.GET.copy()
    asked_for.pop("page", None)
    return asked_for.urlencode()


def _listed(kind: str, page: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"list": kind, "page": page, "rows": rows}


def _crumbs(request: HttpRequest, scope: Scope) -> list[tuple[str, str]]:
    here = reverse("resets:reports", args=[scope.district.site_code])
    found_crumbs = [*crumbs(request, scope.district, "")[:-1], (_("Progress reports"), here)]
    if scope.is_without_school:
        found_crumbs.append((scope.title, ""))
    if scope.school is not None:
        found_crumbs.append((str(scope.school), f"{here}?school={scope.school.pk}"))
    if scope.classroom is not None:
        found_crumbs.append((scope.classroom.name, ""))
    return found_crumbs
