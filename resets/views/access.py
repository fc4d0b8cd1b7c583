"""Who may open a page: signed in, in a role that may, with a district of their own. Another's is a 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.models import District
from resets.policy import Finding

View = Callable[..., HttpResponseBase]


def roles(*allowed: str, why: str = "") -> Callable[[View], View]:
    """Lets in people of these roles alone: signed out goes to sign-in, another role gets a 403 that says `why`."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if getattr(request.user, "role", "") not in allowed:
                raise PermissionDenied(_(why)) if why else PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return wrap


def district_or_404(request: HttpRequest, site_code: str, rows: QuerySet[District] | None = None) -> District:
    """The district if the person may know of it. `rows`: the question to start from, for what else it fetches."""
    if "\x00" in site_code:  # PostgreSQL refuses it before it looks
        raise Http404
    visible = District.objects.visible_to(request.user)
    found = (District.objects.all() if rows is None else rows).filter(pk__in=visible, site_code=site_code).first()
    if found is None:
        raise Http404
    return found


def crumbs(request: HttpRequest, district: District, here: str) -> list[tuple[str, str]]:
    """Where a page of one district stands; a district's admin has no list above hers."""
    lists = {"csm": _("My districts"), "csm_lead": _("Districts"), "engineer": _("Districts")}
    role = getattr(request.user, "role", "")
    above = [(lists[role], reverse("resets:districts"))] if role in lists else []
    return [*above, (str(district), reverse("resets:district", args=[district.site_code])), (here, "")]


def forbid(finding: Finding | None) -> None:
    """A 403 with the rule's own words, where the rules find that this person may not."""
    if finding:
        raise PermissionDenied(f"{finding.sentence} ({finding.rule})")


def needs_a_season(request: HttpRequest, district: District) -> HttpResponse:
    """The answer where a date is asked for and no season is open: the vendor's people and its admin may know."""
    return render(request, "resets/no_season.html", {"district": district})
