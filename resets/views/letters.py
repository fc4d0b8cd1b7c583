"""Letters: the season's sequence and its log, and one step of it; of a CSM's own districts, or of everybody's."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from districts.models import District
from districts.moments import moment
from resetportal import clock
from resets import history, letter_preview, letter_steps, letters, letters_log, letters_page, workbook
from resets.letter_forms import StepForm
from resets.letters_log import Asked
from resets.letters_page import Outlook
from resets.models import LetterStep, Season, SeasonEvent
from resets.opening import season_now
from resets.services import NotPossible, Stale
from resets.views import kept
from resets.views.access import roles

SEE = ("csm", "csm_lead", "engineer")
WHY_NOT = gettext_noop("Letters are the vendor’s. What was written to your district stands on its page.")
LEAD = gettext_noop(
    "A CSM lead edits the season’s letters. A letter to one of your districts you edit or stop on its page."
)
ON_A_PAGE = 50


@require_safe
@roles(*SEE, why=WHY_NOT)
def letters_of_season(request: HttpRequest) -> HttpResponse:
    """The sequence and its log. In the address: show (a list), step, q (words), page."""
    season = season_now()
    if season is None:
        return render(request, "resets/letters.html", {"season": None})
    asked, outlook = Asked.of(request.GET.dict()), outlook_of(request, season)
    counts, found = letters_log.totals(outlook), letters_log.found(outlook, asked)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "season": season,
        "steps": letters_page.sequence(outlook),
        "step": next((step for step in outlook.steps if step.number == asked.step), None),
        "numbers": letters_page.numbers(outlook, counts, asked.show),
        "chips": letters_log.chips(outlook, asked, counts),
        "rows": letters_log.rows(outlook, asked, page.object_list),
        "page": page,
        "asked": asked,
        "query": asked.address(),
        "without_step": asked.address(step=None),
        "may_arrange": role_of(request) in letters_page.ARRANGES,
        "is_own": role_of(request) == "csm",
        "unread": outlook.unread,
    }
    return render(request, "resets/letters.html", context)


@require_safe
@roles(*SEE, why=WHY_NOT)
def spreadsheet(request: HttpRequest) -> HttpResponse:
    """The same list with the same address, through all its pages, as XLSX."""
    season = season_now()
    if season is None:
        raise Http404
    asked, outlook = Asked.of(request.GET.dict()), outlook_of(request, season)
    rows = letters_log.rows(outlook, asked, letters_log.found(outlook, asked))
    return workbook.answer(
        f"letters-{season}.xlsx",
        _("Letters"),
        letters_log.columns(),
        map(letters_log.line, rows),
        about=letters_log.facts(asked, season),
        by=request.user,
        at=outlook.at,
    )


@require_http_methods(["GET", "POST"])
@roles(*SEE, why=WHY_NOT)
def step_page(request: HttpRequest, place: int) -> HttpResponse:
    """One letter of the sequence, as a district would read it; a lead edits it. POST without `save` looks only."""
    season, step = _step_or_404(place)
    may_edit = role_of(request) in letters_page.ARRANGES
    if request.method == "POST" and not may_edit:
        raise PermissionDenied(_(LEAD))
    if kept.only_looks(request, "save"):
        return kept.ask_again(request)
    form = StepForm(kept.given(request), initial=StepForm.initial_of(step))
    if request.method == "POST" and form.is_valid() and "save" in request.POST:
        try:
            letter_steps.edit_step(step=step, by=request.user, at=clock.now(), **form.changes())
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        except Stale as refusal:
            season, step = _step_or_404(place)
            form.add_error(None, not_saved(refusal))
            return _shown(request, season, step, form, may_edit=may_edit, theirs=step)
        else:
            messages.success(request, _("“%(letter)s” is saved.") % {"letter": form.cleaned_data["name"]})
            return redirect("resets:letter_step", place)
    return _shown(request, season, step, form, may_edit=may_edit)


def not_saved(refusal: Stale) -> str:
    """What is said above words that somebody else came before."""
    yours = _("Your words stand below and are not saved. Save again to put them in place of theirs.")
    return f"{refusal} {yours}"


def _shown(
    request: HttpRequest,
    season: Season,
    step: LetterStep,
    form: StepForm,
    *,
    may_edit: bool,
    theirs: LetterStep | None = None,
) -> HttpResponse:
    outlook = outlook_of(request, season)
    given = kept.given(request) or request.GET
    reset, is_found = _sample(outlook, step, given.get("district", ""))
    template = "resets/letter_step.html#look" if request.headers.get("HX-Request") else "resets/letter_step.html"
    context: dict[str, Any] = {
        "season": season,
        "step": step,
        "form": form,
        "may_edit": may_edit,
        "theirs": theirs,
        "their_name": step.changed_by,
        "version": step.version if form.non_field_errors() else given.get("version") or step.version,
        "about": next(one for one in letters_page.sequence(outlook) if one["step"].pk == step.pk),
        "sample": reset.district if reset else None,
        "sample_asked": given.get("district", ""),
        "is_sample_found": is_found,
        "samples": [one.reset.district for one in outlook.coming if one.step.pk == step.pk][:40],
        "crumbs": [(_("Letters"), reverse("resets:letters")), (step.name, "")],
        "steps": outlook.steps,
        "events": [_event(each) for each in letter_steps.events(step)],
    }
    if reset:
        context |= _filled(form, step, reset, season, outlook)
    bad = (form.is_bound and not form.is_valid()) or bool(form.non_field_errors())
    status = 422 if bad and not request.headers.get("HX-Request") else 200
    return render(request, template, context, status=status)


def _event(event: SeasonEvent) -> dict[str, Any]:
    """What a person did to it, with the words that it had before."""
    before = event.detail.get("before", {})
    words = {name: before.get(name, "") for name in ("subject", "body")}
    return {"text": history.season_sentence(event), "when": moment(event.at, "UTC"), **words}


def _filled(form: StepForm, step: LetterStep, reset: Any, season: Season, outlook: Outlook) -> dict[str, Any]:
    """The words of the form, as they are typed, with one district's values."""
    about = {"district": reset.district, "reset": reset, "season": season, "at": outlook.at}
    words = form.words() if form.is_bound else letters.words_of(step)
    said = {name: words[name] for name in ("subject", "body", "asks")} if words else None
    paper = letter_preview.preview(**said, **about) if said else None
    return {"paper": paper, "fields": letter_preview.values_of(**about)}


def _sample(outlook: Outlook, step: LetterStep, words: str) -> tuple[Any, bool]:
    """The reset of the district whose values fill the preview, and whether it is the one that was named."""
    named = words.strip().lower()
    if named:
        for reset in outlook.resets:
            if named in (reset.district.site_code.lower(), str(reset.district).lower()):
                return reset, True
        part = next((reset for reset in outlook.resets if named in str(reset.district).lower()), None)
        if part:
            return part, True
    waiting = next((one.reset for one in outlook.coming if one.step.pk == step.pk), None)
    return waiting or next(iter(outlook.resets), None), not named


@require_POST
@roles("csm_lead", why=LEAD)
def stop_step(request: HttpRequest, place: int) -> HttpResponse:
    """Stops a letter of the sequence for every district to which it has not gone."""
    _season, step = _step_or_404(place)
    done = _("“%(letter)s” is stopped: it goes to nobody any more.") % {"letter": step.name}
    return _turned(request, step, letter_steps.stop_step, done)


@require_POST
@roles("csm_lead", why=LEAD)
def resume_step(request: HttpRequest, place: int) -> HttpResponse:
    """Lets it go again, to those whose day is still to come."""
    _season, step = _step_or_404(place)
    done = _("“%(letter)s” goes again, where its day is still to come.") % {"letter": step.name}
    return _turned(request, step, letter_steps.resume_step, done)


def _turned(request: HttpRequest, step: LetterStep, verb: Callable[..., None], done: str) -> HttpResponse:
    """Pressed twice, or by two leads, it is done once."""
    try:
        verb(step=step, by=request.user, at=clock.now())
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("resets:letter_step", step.number)


def outlook_of(request: HttpRequest, season: Season) -> Outlook:
    return Outlook(season, District.objects.visible_to(request.user), clock.now())


def role_of(request: HttpRequest) -> str:
    return str(getattr(request.user, "role", ""))


def _step_or_404(place: int) -> tuple[Season, LetterStep]:
    season = season_now()
    step = season.letter_steps.filter(number=place).first() if season and place < 32_768 else None
    if season is None or step is None:
        raise Http404
    return season, step
