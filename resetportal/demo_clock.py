"""The demo's clock is moved on by the strip above every page; outside the demo the address does not exist."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from resetportal import clock
from resets.models import Reset, Status

A_MOMENT = timedelta(minutes=1)


def demo_clock(request: HttpRequest) -> HttpResponse:
    """Moves the clock by `move`: hour, day or reset_night, for everybody; never back. `next`: where to go then."""
    if not settings.DEMO:
        raise Http404
    return _move(request)


@require_POST
@login_required
def _move(request: HttpRequest) -> HttpResponse:
    forward = _MOVES.get(request.POST.get("move", ""))
    if forward is None:
        return HttpResponseBadRequest("The clock moves by an hour, a day, or to reset night.")
    if at := forward(request):
        clock.move_to(at)
    else:
        messages.warning(request, "The clock stays where it is: no reset lies ahead.")
    return redirect(_next(request))


def _reset_night(request: HttpRequest) -> datetime | None:
    """A minute after the next of this person's resets is due; None when nothing lies ahead."""
    rows = Reset.objects.visible_to(request.user).filter(status=Status.SCHEDULED, due_from__gt=clock.now())
    due = rows.order_by("due_from").values_list("due_from", flat=True).first()
    return due + A_MOMENT if due else None


_MOVES: dict[str, Callable[[HttpRequest], datetime | None]] = {
    "hour": lambda request: clock.now() + timedelta(hours=1),
    "day": lambda request: clock.now() + timedelta(days=1),
    "reset_night": _reset_night,
}


def _next(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    return address if url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()) else "/"
