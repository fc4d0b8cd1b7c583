"""The demo's clock is moved on by the strip above every page; outside the demo the address does not exist."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from resetportal import clock
from resets.models import Reset, Status

A_MOMENT = timedelta(minutes=1)


def demo_clock(request: HttpRequest) -> HttpResponse:
    """Moves the clock on by `move` (hour, day, reset_night, rostering), for everybody; then goes to `next`."""
    if not settings.DEMO:
        raise Http404
    return _move(request)


@require_POST
@login_required
def _move(request: HttpRequest) -> HttpResponse:
    forward = _MOVES.get(request.POST.get("move", ""))
    if forward is None:
        return HttpResponseBadRequest("The clock moves by an hour, a day, to reset night or to the start of rostering.")
    if at := forward(request):
        clock.move_to(at)
    else:
        messages.warning(request, "The clock stays where it is: nothing of the kind lies ahead.")
    return redirect(_next(request))


def _reset_night(request: HttpRequest) -> datetime | None:
    """A minute after the reset of the page's district is due, or the next of this person's; None: none lies ahead."""
    rows = Reset.objects.visible_to(request.user).filter(status=Status.SCHEDULED, due_from__gt=clock.now())
    ahead = rows.order_by("due_from").values_list("due_from", flat=True)
    due = ahead.filter(_of_the_page(_next(request))).first() or ahead.first()
    return due + A_MOMENT if due else None


def _rostering(request: HttpRequest) -> datetime | None:
    """Nine in the morning on which the rostering of the page's district starts, or of the next of this person's."""
    waiting = Reset.objects.visible_to(request.user).filter(status=Status.COMPLETED, rostering_completed_at=None)
    rows = waiting.filter(district__school_years__name=F("season__school_year"))
    starts = rows.values_list("district__zone", "district__school_years__rostering_starts_on")
    here, anywhere = starts.filter(_of_the_page(_next(request))), starts
    return _next_morning(here) or _next_morning(anywhere)


def _next_morning(starts: Iterable[tuple[str, date | None]]) -> datetime | None:
    mornings = (datetime.combine(day, time(9), ZoneInfo(zone)) for zone, day in starts if day)
    return min((morning for morning in mornings if morning > clock.now()), default=None)


def _of_the_page(address: str) -> Q:
    """The resets that a page is about: one district's, one reset, or any."""
    try:
        named = resolve(urlsplit(address).path).kwargs
    except Resolver404:
        return Q()
    site_code, pk = named.get("site_code"), named.get("pk")
    return (Q(district__site_code=site_code) if site_code else Q()) & (Q(pk=pk) if pk else Q())


_MOVES: dict[str, Callable[[HttpRequest], datetime | None]] = {
    "hour": lambda request: clock.now() + timedelta(hours=1),
    "day": lambda request: clock.now() + timedelta(days=1),
    "reset_night": _reset_night,
    "rostering": _rostering,
}


def _next(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    return address if url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()) else "/"
