"""What every page's frame needs: who is signed in, where they may go, what the demo's clock says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

from resetportal import clock
from resetportal.models import Role, User


@dataclass(frozen=True)
class Place:
    """A place in the navigation: its words and the URL's name. Whoever is at an address under it is there."""

    label: str
    name: str


_DISTRICTS: Final = Place(gettext_noop("My districts"), "resets:districts")
_ALL_DISTRICTS: Final = Place(gettext_noop("Districts"), "resets:districts")
_SEASON: Final = Place(gettext_noop("Season"), "resets:season")
_TONIGHT: Final = Place(gettext_noop("Tonight"), "resets:tonight")
_LETTERS: Final = Place(gettext_noop("Letters"), "resets:letters")
_PEOPLE: Final = Place(gettext_noop("People"), "resets:people")
_POLICY: Final = Place(gettext_noop("Policy"), "resets:policy")

NAVIGATION: Final[dict[str, tuple[Place, ...]]] = {
    Role.CSM: (_DISTRICTS, _SEASON, _TONIGHT, _LETTERS),
    Role.CSM_LEAD: (_ALL_DISTRICTS, _SEASON, _TONIGHT, _LETTERS, _POLICY, _PEOPLE),
    Role.ENGINEER: (_ALL_DISTRICTS, _SEASON, _TONIGHT, _LETTERS),
}

OWN: Final = (
    Place(gettext_noop("Home"), "resets:district"),
    Place(gettext_noop("Export"), "resets:exports"),
    Place(gettext_noop("Progress reports"), "resets:reports"),
    Place(gettext_noop("Educators"), "resets:educators"),
    Place(gettext_noop("Rosters"), "resets:rosters"),
    Place(gettext_noop("People"), "resets:district_people"),
)
"""A district admin's places, each in her own district."""


def portal(request: HttpRequest) -> Mapping[str, Any]:
    """Context for `base.html`: `navigation` (dicts of label, url, here), `demo_now` (aware UTC, only in a demo),
    `demo_zone` (the zone the strip shows it in, unless the page knows a better one), `find_url` (the list to search,
    for those who have more districts than one) and `base_url`."""
    demo = getattr(settings, "DEMO", False)
    return {
        "navigation": _navigation(request),
        "demo_now": clock.now() if demo else None,
        "demo_zone": _demo_zone(request),
        "find_url": _find_url(request),
        "base_url": getattr(settings, "BASE_URL", ""),
    }


def _demo_zone(request: HttpRequest) -> str:
    """A district admin's own zone; the vendor's for everybody else."""
    user = getattr(request, "user", None)
    return user.district.zone if isinstance(user, User) and user.district else "America/Los_Angeles"


def _find_url(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.role not in (Role.CSM, Role.CSM_LEAD):
        return ""
    return next((link["url"] for link in _links(request, [(_DISTRICTS, [])])), "")


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return []
    if user.role == Role.DISTRICT_ADMIN and user.district is not None:
        return _links(request, [(place, [user.district.site_code]) for place in OWN])
    return _links(request, [(place, []) for place in NAVIGATION.get(user.role, ())])


def _links(request: HttpRequest, places: list[tuple[Place, list[str]]]) -> list[dict[str, Any]]:
    links: list[dict[str, Any]] = []
    for place, args in places:
        try:
            url = reverse(place.name, args=args)
        except NoReverseMatch:  # an app whose pages are not wired yet is no reason for every page to fail
            continue
        links.append({"label": gettext(place.label), "url": url})
    nearest = max((link["url"] for link in links if request.path.startswith(link["url"])), key=len, default="")
    return [link | {"here": link["url"] == nearest} for link in links]
