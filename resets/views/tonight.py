"""Tonight: the night's page, its fragment, and the pause."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from resetportal import clock
from resets import night_verbs, services, tonight, tonight_file, workbook
from resets.forms import ReasonForm
from resets.models import Night, Reset, ResetQuerySet
from resets.tonight import Tonight
from resets.views.access import roles
from resets.views.reset import STOP_POLLING

SEE = ("csm", "csm_lead", "engineer")
PAUSE = ("csm_lead", "engineer")
WHY_NOT = gettext_noop("A night is paused and resumed by a CSM lead or an engineer.")
OURS = gettext_noop("The night belongs to the vendor’s people. Your district’s page tells when its reset runs.")
SAID = {
    "pause": gettext_noop("The night is paused: nothing new begins. What runs goes on to its end."),
    "resume": gettext_noop("The night goes on, with a new error budget."),
}
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@roles(*SEE, why=OURS)
@require_safe
def tonight_page(request: HttpRequest) -> HttpResponse:
    """The night that it is, or the one of ?date=2027-07-28."""
    day = _day(request) or tonight.night_of(_visible(request), at=clock.now())
    read = tonight.read(request.user, day, at=clock.now()) if day else None
    if read is None:
        return render(request, "resets/tonight_empty.html", _empty(request, day))
    return render(request, "resets/tonight.html", _context(request, read))


@roles(*SEE, why=OURS)
@require_safe
def night_file(request: HttpRequest) -> HttpResponse:
    """The resets of the night of ?date=2027-07-28, as a spreadsheet."""
    read = _read(request)
    return workbook.answer(
        f"night-{read.day:%Y-%m-%d}.xlsx",
        _("Resets"),
        tonight_file.columns(),
        tonight_file.lines(read),
        about=tonight_file.facts(read),
        by=request.user,
        at=read.at,
    )


@roles(*SEE)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What changes while a night goes on; 286 once nothing of it is left to run."""
    read = _read(request)
    seen = request.GET.get("seen", "")
    context = _context(request, read) | {"say": "" if seen == _state(read) else _said(read)}
    return render(request, "resets/tonight.html#polled", context, status=STOP_POLLING if read.is_over else 200)


@roles(*PAUSE, why=WHY_NOT)
@require_http_methods(["GET", "POST"])
def pause_night(request: HttpRequest) -> HttpResponse:
    """Lets nothing new begin, saying why."""
    return _asked(request, "pause", night_verbs.pause)


@roles(*PAUSE, why=WHY_NOT)
@require_http_methods(["GET", "POST"])
def resume_night(request: HttpRequest) -> HttpResponse:
    """Lets a paused night, or one that has stopped by itself, go on, saying why."""
    return _asked(request, "resume", night_verbs.resume)


def _asked(request: HttpRequest, verb: str, does: Callable[..., Night]) -> HttpResponse:
    read, form = _read(request), ReasonForm(request.POST if request.method == "POST" else None)
    page = f"{reverse('resets:tonight')}?date={read.day:%Y-%m-%d}"
    if request.method == "POST" and form.is_valid():
        try:
            does(season=read.season, day=read.day, by=request.user, at=clock.now(), reason=form.cleaned_data["reason"])
        except services.NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _(SAID[verb]))
        return redirect(page)
    context = {"tonight": read, "form": form, "verb": verb, "page": page, "demo_zone": read.zone}
    return render(request, "resets/pause_night.html", context, status=422 if form.is_bound else 200)


def _read(request: HttpRequest) -> Tonight:
    day = _day(request)
    read = tonight.read(request.user, day, at=clock.now()) if day else None
    if read is None:
        raise Http404
    return read


def _day(request: HttpRequest) -> date | None:
    """The date that the address names; a 404 for what is none, so that a mistyped link says so."""
    given = request.POST.get("date", request.GET.get("date"))
    if given is None:
        return None
    try:
        return date.fromisoformat(given if DATE.fullmatch(given) else "")
    except ValueError:
        raise Http404 from None


def _visible(request: HttpRequest) -> ResetQuerySet:
    return Reset.objects.visible_to(request.user)


def _context(request: HttpRequest, read: Tonight) -> dict[str, Any]:
    rows = _visible(request)
    return {
        "tonight": read,
        "zone": read.zone,
        "demo_zone": read.zone,
        "state": _state(read),
        "pause": tonight.pause_in_words(read),
        "may_pause": getattr(request.user, "role", "") in PAUSE,
        "board": {"now": read.at, "zone": read.zone, "waves": read.waves},
        "before": rows.filter(date__lt=read.day).order_by("-date").values_list("date", flat=True).first(),
        "after": rows.filter(date__gt=read.day).order_by("date").values_list("date", flat=True).first(),
    }


def _empty(request: HttpRequest, day: date | None) -> dict[str, Any]:
    today = day or clock.local_date("America/New_York", clock.now())
    return {"day": day, "next": tonight.next_night(_visible(request), after=today)}


def _state(read: Tonight) -> str:
    """What a listener is told of a change of: how many are done, in steps of a tenth, and how many are held."""
    done = 10 * read.counts["completed"] // len(read.mine)
    return f"{done}-{read.counts['held']}-{read.standing.is_paused:d}"


def _said(read: Tonight) -> str:
    return _("{value:,} of {mine:,} completed, {value2:,} held.").format(
        value=read.counts["completed"], mine=len(read.mine), value2=read.counts["held"]
    )
