"""The letters of one district: what is to come, edited or stopped before it goes; one that is written by hand."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from districts.models import District
from districts.moments import moment
from resetportal import clock
from resets import answers, letter_mail, letter_page, letter_preview, letters, letters_log, letters_page
from resets.letter_forms import LetterForm, StopForm, WordsForm
from resets.models import Letter, Reset, Season
from resets.opening import season_of
from resets.services import NotPossible, Stale
from resets.views import kept
from resets.views.access import district_or_404, roles
from resets.views.letters import SEE, WHY_NOT, not_saved, role_of

NOT_YOURS = gettext_noop("A district’s CSM or a CSM lead writes to it.")


@require_safe
@roles(*SEE, why=WHY_NOT)
def district_letters(request: HttpRequest, site_code: str) -> HttpResponse:
    """The sequence as it stands for one district, and everything that was written to it."""
    district, season = _district_and_season(request, site_code)
    reset = _reset(district, season)
    plan = letters.planned(season=season, district=district, at=clock.now()) if season else []
    prefetch_related_objects([one.letter for one in plan if one.letter], "deliveries")
    sent = letters_page.visible_letters(season, District.objects.filter(pk=district.pk)) if season else []
    context = {
        "district": district,
        "season": season,
        "reset": reset,
        "plan": [letter_page.planned(one, district, reset) for one in plan],
        "rows": [letters_log.row_of(letter, reset) for letter in sent],
        "people": letters_page.people_of(district),
        "answer": answers.answer_of(reset),
        "may_edit": role_of(request) in letters_page.EDITS,
        "crumbs": letter_page.crumbs(district),
    }
    return render(request, "resets/district_letters.html", context)


@require_http_methods(["GET", "POST"])
@roles(*SEE, why=WHY_NOT)
def district_letter(request: HttpRequest, site_code: str, step: int) -> HttpResponse:
    """A letter of the sequence before it goes to one district: `save` gives it other words, `stop` keeps it."""
    district, season = _district_and_season(request, site_code)
    reset = _reset(district, season)
    of_season = season.letter_steps.filter(number=step).first() if season and step < 32_768 else None
    if season is None or reset is None or of_season is None:
        raise Http404
    rows = Letter.objects.filter(district=district, step=of_season).select_related("step")
    there = letters.of_now(rows, reset).get(of_season.pk)
    if request.method != "POST" and there:
        return redirect("resets:letter", there.pk)
    taken = Letter(district=district, season=season, step=of_season, **letters.words_of(of_season))
    return _worked_on(request, there or taken, reset)


@require_http_methods(["GET", "POST"])
@roles(*SEE, why=WHY_NOT)
def letter(request: HttpRequest, letter: int) -> HttpResponse:
    """One letter: its words, to whom it went and what became of it. Before it goes, `save` and `stop` as above."""
    mine = _letter(request, letter)
    reset = _reset(mine.district, mine.season)
    return _worked_on(request, mine, reset)


@require_POST
@roles("csm", "csm_lead", why=NOT_YOURS)
def resume_letter(request: HttpRequest, letter: int) -> HttpResponse:
    """Lets a stopped letter go after all."""
    mine = _letter(request, letter)
    try:
        letters.resume(letter=mine, by=request.user, at=clock.now())
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It goes after all, if its day is still to come."))
    return redirect("resets:letter", mine.pk)


@require_http_methods(["GET", "POST"])
@roles("csm", "csm_lead", why=NOT_YOURS)
def write(request: HttpRequest, site_code: str) -> HttpResponse:
    """A letter by hand: looked at as the district will read it, then sent."""
    district, season = _district_and_season(request, site_code)
    if season is None:
        messages.error(request, _("No season is open: letters are written in a season."))
        return redirect("resets:district", district.site_code)
    if kept.only_looks(request, "send"):
        return kept.ask_again(request)
    form = WordsForm(kept.given(request))
    if request.method == "POST" and form.is_valid() and "send" in request.POST:
        token, words = _token(request), form.cleaned_data
        try:
            made = letters.write(
                district=district, season=season, by=request.user, at=clock.now(), token=token, **words
            )
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _goes(made))
            return redirect("resets:letter", made.pk)
    context = {"token": _token(request), "form": form, "crumbs": letter_page.crumbs(district, _("Write a letter"))}
    context["writer"] = request.user
    return _looked_at(request, "resets/letter_write.html", context, form, district, season)


def _worked_on(request: HttpRequest, mine: Letter, reset: Reset | None) -> HttpResponse:
    """The page of one letter, or what its form asks for."""
    may_edit = role_of(request) in letters_page.EDITS
    if request.method == "POST" and not may_edit:
        raise PermissionDenied(_(NOT_YOURS))
    if kept.only_looks(request, "save", "stop"):
        return kept.ask_again(request)
    words, given = {"subject": mine.subject, "body": mine.body}, kept.given_here(request)
    form, theirs = LetterForm(given if "subject" in given else None, initial=words), None
    stopping = StopForm(request.POST if "stop" in request.POST else None)
    if "stop" in request.POST and stopping.is_valid():
        return _done(request, mine, reset, stopping.cleaned_data)
    if "save" in request.POST and form.is_valid():
        try:
            return _done(request, mine, reset, form.cleaned_data)
        except Stale as refusal:
            theirs = mine = _as_it_is(mine)
            form.add_error(None, not_saved(refusal))
    waits = not (mine.sent_at or mine.stopped_at or (mine.pk and mine.deliveries.exists()))
    context = {
        **letter_page.about(mine, reset),
        "form": form,
        "stopping": stopping,
        "may_edit": may_edit,
        "waits": waits,
    }
    version = "" if theirs else given.get("version", "")
    context |= {
        "theirs": theirs,
        "their_name": letters.changed_by(mine),
        "version": version or letters.version_of(mine),
    }
    if not waits and mine.sent_at:
        context["paper"] = letter_preview.as_sent(mine, [(one.name, one.address) for one in context["deliveries"]])
        return render(request, "resets/letter.html", context)
    context["writer"] = letter_mail.writer_of(mine)
    return _looked_at(request, "resets/letter.html", context, form, mine.district, mine.season, asks=mine.asks)


def _as_it_is(mine: Letter) -> Letter:
    """A letter with the words that it has by now: those of its row, or of its step while it has none."""
    there = _rows().filter(Q(pk=mine.pk) if mine.pk else mine.that_waits).first()
    if there or mine.step is None:
        return there or mine
    mine.step.refresh_from_db()
    return Letter(district=mine.district, season=mine.season, step=mine.step, **letters.words_of(mine.step))


def _done(request: HttpRequest, mine: Letter, reset: Reset | None, given: dict[str, Any]) -> HttpResponse:
    """Edits or stops it; a letter of the sequence gets its row with that, or neither happens. Raises Stale."""
    at, by = clock.now(), request.user
    try:
        with transaction.atomic():
            if mine._state.adding and mine.step and reset:
                mine = letters.take_up(step=mine.step, reset=reset, season=mine.season, by=by, at=at)
            if "why" in given:
                letters.stop(letter=mine, why=given["why"], by=by, at=at)
            else:
                words = {name: given[name] for name in ("subject", "body", "version")}
                letters.edit(letter=mine, by=by, at=at, **words)
    except NotPossible as refusal:
        messages.error(request, _("Nothing was changed. %(why)s") % {"why": refusal})
        return redirect(request.path)
    said = _("It does not go to %(district)s.") if "why" in given else _("Saved, for %(district)s alone.")
    messages.success(request, said % {"district": mine.district})
    return redirect("resets:letter", mine.pk)


def _looked_at(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    form: WordsForm,
    district: District,
    season: Season,
    *,
    asks: bool = False,
) -> HttpResponse:
    """The form with the letter beside it as the district would read it; for htmx the letter alone."""
    about: dict[str, Any] = {
        "district": district,
        "season": season,
        "reset": _reset(district, season),
        "at": clock.now(),
    }
    words = form.words() if form.is_bound else dict(form.initial)
    if words:
        said = {"subject": words["subject"], "body": words["body"], "asks": words.get("asks", asks)}
        signed = letter_preview.signed_by(context.get("writer"))
        context["paper"] = letter_preview.preview(**said, **about) | signed
    context |= {"fields": letter_preview.values_of(**about), "sample": district, "district": district}
    is_live = bool(request.headers.get("HX-Request"))
    bad = (form.is_bound and bool(form.errors)) or ("stop" in request.POST)
    return render(
        request, f"{template}#look" if is_live else template, context, status=422 if bad and not is_live else 200
    )


def _goes(made: Letter) -> str:
    zone = made.district.zone
    if made.due_from <= clock.now():
        return _("It goes within minutes. Until then you can edit or stop it here.")
    words = _("It goes %(when)s, the district’s next working hour. Until then you can edit or stop it here.")
    return words % {"when": moment(made.due_from, zone)}


def _token(request: HttpRequest) -> UUID:
    """Of the form: the same form sent twice is one letter."""
    try:
        return UUID(kept.given_here(request).get("token", ""))
    except ValueError:
        return uuid4()


def _district(request: HttpRequest, site_code: str) -> District:
    return district_or_404(request, site_code, District.objects.select_related("csm", "gate", "counts"))


def _letter(request: HttpRequest, number: int) -> Letter:
    visible = District.objects.visible_to(request.user)
    found = _rows().filter(pk=number, district__in=visible).first() if number < 2**63 else None
    if found is None:
        raise Http404
    return found


def _rows() -> QuerySet[Letter]:
    return Letter.objects.select_related("district__csm", "district__counts", "season", "step", "writer")


def _district_and_season(request: HttpRequest, site_code: str) -> tuple[District, Season | None]:
    district = _district(request, site_code)
    return district, season_of(district)


def _reset(district: District, season: Season | None) -> Reset | None:
    """The district's reset of the season, knowing the district that the page knows."""
    reset = season.resets.filter(district=district).first() if season else None
    if reset and season:
        reset.district, reset.season = district, season
    return reset
