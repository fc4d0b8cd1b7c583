"""Contacts and notes of a district, and its history as a file: kept on its page, so each answer goes back to it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from districts.models import Contact, District
from resetportal import clock
from resets import desk, desk_page
from resets.desk import ContactForm, NoteForm
from resets.models import DistrictNote
from resets.services import NotPossible
from resets.views import district as page
from resets.views.access import district_or_404, roles

CONTACTS = gettext_noop("Contacts are kept by the district’s admin, its CSM or a CSM lead.")
NOTES = gettext_noop("Notes are kept by the district’s CSM or a CSM lead.")


@require_POST
@roles(*desk.MAY_KEEP_CONTACTS, why=CONTACTS)
def add_contact(request: HttpRequest, site_code: str) -> HttpResponse:
    """Adds a person of the district who does not sign in."""
    district = district_or_404(request, site_code)
    form = ContactForm(request.POST, district=district)
    return _kept(request, district, form, _("%(name)s is a contact now."))


@require_POST
@roles(*desk.MAY_KEEP_CONTACTS, why=CONTACTS)
def change_contact(request: HttpRequest, site_code: str, contact: int) -> HttpResponse:
    """Changes a contact, or removes it: `do=remove`."""
    district = district_or_404(request, site_code)
    found = get_object_or_404(Contact, pk=contact, district=district)
    if request.POST.get("do") == "remove":
        desk.remove_contact(found, by=request.user, at=clock.now())
        messages.success(request, _("%(name)s is no contact any more.") % {"name": found.name})
        return _back(district, "people")
    return _kept(
        request, district, ContactForm(request.POST, instance=found, district=district), _("%(name)s is saved.")
    )


def _kept(request: HttpRequest, district: District, form: ContactForm, said: str) -> HttpResponse:
    if not form.is_valid():
        return page.shown(request, district, contact=form, status=422)
    try:
        kept = desk.keep_contact(form, by=request.user, at=clock.now())
    except NotPossible as refusal:
        form.add_error("email", str(refusal))
        return page.shown(request, district, contact=form, status=422)
    messages.success(request, said % {"name": kept.name})
    return _back(district, "people")


@require_POST
@roles(*desk.MAY_KEEP_NOTES, why=NOTES)
def add_note(request: HttpRequest, site_code: str) -> HttpResponse:
    """Adds a note, which the district does not see."""
    district = district_or_404(request, site_code)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return page.shown(request, district, note=form, status=422)
    desk.write_note(district=district, text=form.cleaned_data["text"], by=request.user, at=clock.now())
    messages.success(request, _("The note is saved."))
    return _back(district, "notes")


@require_POST
@roles(*desk.MAY_KEEP_NOTES, why=NOTES)
def remove_note(request: HttpRequest, site_code: str, note: int) -> HttpResponse:
    """Takes a note off the page."""
    district = district_or_404(request, site_code)
    found = get_object_or_404(DistrictNote, pk=note, district=district)
    try:
        desk.remove_note(note=found, by=request.user, at=clock.now())
    except NotPossible as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The note is removed."))
    return _back(district, "notes")


@require_safe
@login_required
def history_file(request: HttpRequest, site_code: str) -> HttpResponse:
    """The district's history as a workbook, for whoever sees the district."""
    found = district_or_404(request, site_code)
    return desk_page.history_file(found, by=request.user, at=clock.now())


def _back(district: District, part: str) -> HttpResponse:
    return redirect(reverse("resets:district", args=[district.site_code]) + f"#{part}")
