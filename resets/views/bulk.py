"""Many districts at once: set a date, write, reassign. Each a preview first; then what can be done, with a receipt."""

from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from resetportal import clock
from resets import bulk, bulk_page, letter_fields, workbook
from resets.bulk_forms import CsmForm, DateForm, LetterForm, WishForm
from resets.bulk_letters import Write
from resets.bulk_page import Chosen
from resets.models import Receipt
from resets.opening import season_now
from resets.services import NotPossible
from resets.views import kept
from resets.views.access import roles

NOT_HIS = gettext_noop("A CSM or a CSM lead does this to many districts at once.")
NOT_HERS = gettext_noop("A CSM lead gives districts to another CSM.")


@require_http_methods(["GET", "POST"])
@roles("csm", "csm_lead", why=NOT_HIS)
def set_date(request: HttpRequest) -> HttpResponse:
    """One date for the chosen districts (W1 to W6, W9, W10). Nothing is saved before it is confirmed."""
    return _answer(request, DateForm, "resets/bulk_date.html")


@require_http_methods(["GET", "POST"])
@roles("csm", "csm_lead", why=NOT_HIS)
def write(request: HttpRequest) -> HttpResponse:
    """One letter with fields to the chosen districts."""
    return _answer(request, LetterForm, "resets/bulk_letter.html")


@require_http_methods(["GET", "POST"])
@roles("csm_lead", why=NOT_HERS)
def reassign(request: HttpRequest) -> HttpResponse:
    """The chosen districts to another CSM."""
    return _answer(request, CsmForm, "resets/bulk_csm.html")


@require_safe
@roles("csm", "csm_lead", why=NOT_HIS)
def receipt_page(request: HttpRequest, receipt: UUID) -> HttpResponse:
    """What was done to many, for whoever did it and for leads."""
    found = _receipt_or_404(request, receipt)
    return render(request, "resets/receipt.html", bulk_page.receipt_context(found))


@require_safe
@roles("csm", "csm_lead", why=NOT_HIS)
def receipt_xlsx(request: HttpRequest, receipt: UUID) -> HttpResponse:
    """The same as a workbook."""
    found, at = _receipt_or_404(request, receipt), clock.now()
    about = [(_("What"), found.get_kind_display()), (_("Namely"), found.what), (_("Done by"), found.done_by)]
    about += [(_("Why"), found.reason)] if found.reason else []
    rows = bulk_page.sheet(found)
    return workbook.answer(
        f"receipt-{found.done_at:%Y-%m-%d}-{str(found.token)[:8]}.xlsx",
        _("Districts"),
        bulk_page.columns(),
        rows,
        about=about,
        by=request.user,
        at=at,
    )


def _receipt_or_404(request: HttpRequest, token: UUID) -> Receipt:
    found = Receipt.objects.filter(token=token).first()
    user: Any = request.user
    if found is None or (user.role != "csm_lead" and found.person_id != user.pk):
        raise Http404
    return found


def _answer(request: HttpRequest, form_class: type[WishForm], template: str) -> HttpResponse:
    season = season_now()
    if season is None:
        return _back(request, _("No season is open: nothing is reset until a CSM lead opens one."))
    if request.method == "POST" and "confirmed" not in request.POST:
        return kept.ask_again(request)
    if done := _done_before(request):
        return redirect("resets:receipt", done.token)
    if request.method != "POST" and kept.is_gone(request):
        return _back(request, _("This preview is not kept any more. Nothing was done: choose the districts again."))
    sent = request.POST if request.method == "POST" else kept.asked(request) or request.GET
    chosen = Chosen.of(sent, request.user, season, at=clock.now())
    if not chosen.entries and chosen.versions:
        return _back(request, _("No district of that preview is yours any more. Nothing was done."))
    if not chosen.entries:
        return _back(request, _("Choose districts in the list first."))
    if why := bulk_page.too_many(chosen.entries):
        return _back(request, why)
    desk = Desk(request, sent, chosen, template)
    if not any(name in sent for name in form_class.base_fields):
        return desk.shown(form_class(season=season))
    return desk.answer(form_class(sent, season=season))


def _back(request: HttpRequest, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("resets:districts")


def _done_before(request: HttpRequest) -> Receipt | None:
    """The receipt, if the same button was pressed before."""
    token, user = bulk_page.token_of(request.POST.get("token", "")), request.user
    return Receipt.objects.filter(token=token, person_id=user.pk).first() if token else None


class Desk(NamedTuple):
    """One request about the chosen districts."""

    request: HttpRequest
    sent: QueryDict
    chosen: Chosen
    template: str

    def answer(self, form: WishForm) -> HttpResponse:
        """The preview of what was asked for, or the deed and its receipt."""
        if not form.is_valid():
            return self.shown(form, status=422)
        wish, at = form.wish(self.chosen.entries), clock.now()
        is_confirmed = "confirmed" in self.sent
        is_pressed = is_confirmed and self.request.method == "POST"
        if is_pressed and self.chosen.versions is not None and wish.reason:
            return self._do(wish, self.chosen.versions)
        lines = bulk.preview(wish, self.chosen.entries, by=self.request.user, at=at)
        seen = bulk_page.preview(lines)
        if is_pressed and self.chosen.versions is not None and not seen["needs_reason"]:
            return self._do(wish, self.chosen.versions)
        if is_confirmed and seen["needs_reason"]:
            form.add_error("reason", _("Say why: a rule asks for a reason."))
        carried = self.sent["chosen"] if is_confirmed and "chosen" in self.sent else bulk_page.carried(lines)
        more = {"preview": seen, "wish": wish, "carried": carried, "token": uuid4()}
        if isinstance(wish, Write):
            more["sample"] = bulk_page.sample(wish, self.chosen.entries, self.sent.get("sample", ""), at=at)
        return self.shown(form, status=422 if form.errors else 200, **more)

    def _do(self, wish: bulk.Wish, versions: dict[int, int]) -> HttpResponse:
        token = bulk_page.token_of(self.sent.get("token", "")) or uuid4()
        try:
            done = bulk.apply(wish, versions, by=self.request.user, at=clock.now(), token=token)
        except NotPossible as refusal:
            return _back(self.request, str(refusal))
        return redirect("resets:receipt", done.token)

    def shown(self, form: WishForm, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page: the question, and under it the preview once it is answered. After a button it has an address."""
        if self.request.method == "POST":
            return kept.ask_again(self.request)
        entries = self.chosen.entries
        context = {
            "form": form,
            "entries": entries,
            "count": len(entries),
            "students": sum(entry.district.counts.students for entry in entries),
            "carried": bulk_page.carried_entries(entries),
            "back": bulk_page.list_address(self.sent, entries),
            "kept_of_list": {name: self.sent[name] for name in bulk_page.LIST_PARAMETERS if self.sent.get(name)},
            "fields": letter_fields.FIELDS,
        }
        return render(self.request, self.template, context | more, status=status)
