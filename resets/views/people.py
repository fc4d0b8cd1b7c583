"""People: accounts, roles, last sign-in; a CSM lead invites and disables. A district's people see its own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from resetportal import clock
from resets import people, people_file, people_page, workbook
from resets.people_page import Asked, InviteForm
from resets.services import NotPossible
from resets.views.access import crumbs, district_or_404, roles

ON_A_PAGE = 50
WHY_NOT = gettext_noop("A CSM lead looks after people’s accounts.")


@require_safe
@roles("csm_lead", "engineer", why=WHY_NOT)
def everybody(request: HttpRequest) -> HttpResponse:
    """All accounts. In the address: show (a list), q (words), page."""
    return _listed(request, people_page.everybody(), {"may_invite": _is_lead(request)})


@require_safe
@roles("csm", "csm_lead", "engineer", "district_admin")
def of_a_district(request: HttpRequest, site_code: str) -> HttpResponse:
    """The accounts of one district, to look at."""
    district = district_or_404(request, site_code)
    rows = people_page.everybody().filter(district=district)
    context = {"district": district, "crumbs": crumbs(request, district, _("People"))}
    return _listed(request, rows, context)


@require_safe
@roles("csm_lead", "engineer", why=WHY_NOT)
def everybody_file(request: HttpRequest) -> HttpResponse:
    """What the page of people shows, as a spreadsheet: the same address, the same filter, without its pages."""
    return _file(request, people_page.everybody(), f"people-{clock.now():%Y-%m-%d}.xlsx")


@require_safe
@roles("csm", "csm_lead", "engineer", "district_admin")
def district_file(request: HttpRequest, site_code: str) -> HttpResponse:
    """The accounts of one district as a spreadsheet."""
    district = district_or_404(request, site_code)
    rows = people_page.everybody().filter(district=district)
    return _file(request, rows, f"people-{district.site_code}-{clock.now():%Y-%m-%d}.xlsx", district)


def _file(request: HttpRequest, everybody: Any, filename: str, district: Any = None) -> HttpResponse:
    asked = Asked.of(request.GET.dict())
    rows = people_page.rows(people_page.found(everybody, asked), request.user)
    return workbook.answer(
        filename,
        _("People"),
        people_file.columns(),
        map(people_file.line, rows),
        about=people_file.facts(asked, len(rows), people_page.labels(), district),
        by=request.user,
        at=clock.now(),
    )


def _listed(request: HttpRequest, everybody: Any, context: dict[str, Any]) -> HttpResponse:
    asked = Asked.of(request.GET.dict())
    page = Paginator(people_page.found(everybody, asked), ON_A_PAGE).get_page(request.GET.get("page"))
    context |= {
        "asked": asked,
        "query": asked.address(),
        "page": page,
        "rows": people_page.rows(page.object_list, request.user),
        "chips": [] if "district" in context else people_page.chips(everybody, asked),
    }
    return render(request, "resets/people.html", context)


@require_http_methods(["GET", "POST"])
@roles("csm_lead", why=WHY_NOT)
def invite(request: HttpRequest) -> HttpResponse:
    """Makes an account and mails the link that sets its password."""
    start = {"role": "district_admin", "district": request.GET.get("district", "")}
    form = InviteForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            person = people.invite(**form.cleaned_data, by=request.user, at=clock.now())
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            _send(request, person)
            return redirect("resets:people")
    context = {"form": form, "crumbs": [(_("People"), reverse("resets:people")), (_("Invite somebody"), "")]}
    return render(request, "resets/people_invite.html", context, status=422 if form.is_bound else 200)


@require_POST
@roles("csm_lead", why=WHY_NOT)
def change(request: HttpRequest, person: int) -> HttpResponse:
    """`do`: disable, enable, or invite (send the invitation again)."""
    somebody = people_page.everybody().filter(pk=person).first() if person < 2**63 else None
    verb = request.POST.get("do", "")
    if somebody is None or verb not in people_page.VERBS:
        raise Http404
    if verb == "invite":
        _send(request, somebody, again=True)
    else:
        _do(request, verb, somebody)
    return redirect("resets:people")


def _do(request: HttpRequest, verb: str, person: Any) -> None:
    does, said = {
        "disable": (people.disable, _("%(person)s can no longer sign in, and is signed out.")),
        "enable": (people.enable, _("%(person)s can sign in again.")),
    }[verb]
    somebody = get_user_model().objects.get(pk=person.pk)
    try:
        does(person=somebody, by=request.user, at=clock.now())
    except NotPossible as refusal:
        messages.error(request, _("Nothing was changed. %(why)s") % {"why": refusal})
    else:
        messages.success(request, said % {"person": person})


def _send(request: HttpRequest, person: Any, *, again: bool = False) -> None:
    try:
        people.send_invitation(person=person, by=request.user, again_at=clock.now() if again else None)
    except NotPossible as refusal:
        messages.error(request, _("Nothing was sent. %(why)s") % {"why": refusal})
    except OSError:
        said = _("The account of %(person)s is there, but the mail could not be sent. Send it again from the list.")
        messages.error(request, said % {"person": person})
    else:
        messages.success(request, _("%(email)s has an invitation.") % {"email": person.email})


def _is_lead(request: HttpRequest) -> bool:
    return getattr(request.user, "role", "") == people.LEADS
