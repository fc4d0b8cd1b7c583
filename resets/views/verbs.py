"""What a person does to a reset: stop, retry, release a roster's hold, and say that rostering is complete."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from resetportal import clock
from resets import permitted, progress, resuming_page, services
from resets.forms import NamedForm, ReasonForm
from resets.models import Reset
from resets.views.access import crumbs
from resets.views.reset import found

Verb = Callable[..., Reset]

SAID = {
    "stop": gettext_noop("The reset of {district} is stopped. Nothing was deleted."),
    "retry": gettext_noop("The reset of {district} goes on: every precondition is asked again."),
    "release": gettext_noop("The reset of {district} is released and goes on."),
}


@login_required
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stops a reset before anything is deleted, typing the district's name and saying why."""
    reset = found(request, pk, "stop")
    return _asked(request, reset, "stop", NamedForm(_sent(request), name=reset.district.name))


@login_required
@require_http_methods(["GET", "POST"])
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Lets a held reset go on, saying why."""
    return _asked(request, found(request, pk, "retry"), "retry", ReasonForm(_sent(request)))


@login_required
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Releases a reset held for a roster of the new year (W11): name, reason, then the password again."""
    reset = found(request, pk, "release")
    return _asked(request, reset, "release", NamedForm(_sent(request), name=reset.district.name))


@login_required
@require_http_methods(["GET", "POST"])
def rostering_complete(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what follows; POST turns the district's syncs on again. `next`: the page to go back to."""
    reset = found(request, pk, "rostering_complete")
    if request.method == "GET":
        return _told_first(request, reset)
    try:
        services.declare_rostering_complete(reset=reset, by=request.user, at=clock.now())
    except services.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Rostering of {district} is complete. Syncs are on again.").format(district=reset.district)
        )
    return redirect(_next(request) or reset)


def _told_first(request: HttpRequest, reset: Reset) -> HttpResponse:
    if obstacle := permitted.obstacle_to("rostering_complete", reset):
        messages.warning(request, obstacle)
        return redirect(_next(request) or reset)
    context = {
        "reset": reset,
        "district": reset.district,
        "demo_zone": reset.district.zone,
        "consequences": resuming_page.follows(reset),
        "doubts": list(resuming_page.doubts(reset, at=clock.now())),
        "ready": resuming_page.ready(reset),
        "next": _next(request),
        "crumbs": crumbs(request, reset.district, _("Rostering is complete")),
    }
    return render(request, "resets/rostering_complete.html", context)


def _asked(request: HttpRequest, reset: Reset, verb: str, form: ReasonForm) -> HttpResponse:
    """The form of a verb; a good answer to it does the verb, and goes back to the reset."""
    if obstacle := permitted.obstacle_to(verb, reset):
        messages.warning(request, obstacle)
        return redirect(reset)
    if request.method == "POST" and form.is_valid():
        return _DO[verb](request, reset, form)
    context = {
        "reset": reset,
        "district": reset.district,
        "zone": reset.district.zone,
        "form": form,
        "now": clock.now(),
    }
    context |= {"demo_zone": reset.district.zone, "crumbs": _crumbs(reset, verb)}
    if verb == "release":
        context |= progress.at_stake(reset)
        context["held_note"] = {"kind": "hold", "title": _("Held:"), "text": reset.held_why}
    return render(request, f"resets/{verb}.html", context, status=422 if form.is_bound else 200)


def _do(verb: str, does: Verb) -> Callable[[HttpRequest, Reset, ReasonForm], HttpResponse]:
    def done(request: HttpRequest, reset: Reset, form: ReasonForm) -> HttpResponse:
        try:
            does(reset=reset, by=request.user, at=clock.now(), reason=form.cleaned_data["reason"])
        except services.NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _(SAID[verb]).format(district=reset.district))
        return redirect(reset)

    return done


_DO: dict[str, Callable[..., HttpResponse]] = {
    "stop": _do("stop", services.stop),
    "retry": _do("retry", services.retry),
    "release": reauthentication_required(_do("release", services.release)),
}


_HERE = {"stop": gettext_noop("Stop"), "retry": gettext_noop("Retry"), "release": gettext_noop("Release")}


def _crumbs(reset: Reset, verb: str) -> list[tuple[str, Any]]:
    return [
        (_("Reset of {district}").format(district=reset.district), reset.get_absolute_url()),
        (_(_HERE[verb]), ""),
    ]


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _next(request: HttpRequest) -> str:
    address = request.POST.get("next", request.GET.get("next", ""))
    return address if url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()) else ""
