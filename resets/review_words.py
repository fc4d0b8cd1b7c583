"""What is said of a district's review of its educators on other pages: on a checklist, and as an admin's step."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.educators import Reviewed
from districts.quantities import numbers
from resetportal import clock
from resets.policy import month_day


def checklist_item(now: Reviewed, zone: str) -> dict[str, Any]:
    """The line of a district's checklist, without its title and link."""
    if not now.active and not now.deactivated:
        return {"kind": "quiet", "text": _("No educator is there yet.")}
    if now.to_look:
        said = _("{to_look:,} of {active:,} to look at.")
        if now.last_at:
            said = _("{kept:,} kept and {deactivated:,} deactivated so far. {to_look:,} of {active:,} to look at.")
        told = {name: getattr(now, name) for name in ("kept", "deactivated", "to_look", "active")}
        return {"kind": "wait", "text": said.format(**told)}
    return {"kind": "done", "text": _("{now} Nobody is left to look at.").format(now=outcome(now, zone))}


def outcome(now: Reviewed, zone: str) -> str:
    """What a review came to: `612 kept, 23 deactivated on June 22.`"""
    if now.last_at is None:
        return _("{number} kept.").format(number=numbers(now.active))
    on = clock.local_date(zone, now.last_at)
    return _("{active:,} kept, {deactivated:,} deactivated on {on}.").format(
        active=now.active, deactivated=now.deactivated, on=month_day(on, on.year)
    )


def step(now: Reviewed, zone: str) -> dict[str, Any]:
    """The words of an admin's step, without its title and address."""
    stay = _("Educator accounts stay.")
    if not now.active and not now.deactivated:
        return {"text": _("They come with your roster. {stay}").format(stay=stay), "end": _("Nobody yet")}
    if now.to_look:
        look = ngettext(
            "{number} of {active} needs a look: they left, do not sign in, or are there twice.",
            "{number} of {active} need a look: they left, do not sign in, or are there twice.",
            now.to_look,
        ).format(number=numbers(now.to_look), active=numbers(now.active))
        return {"text": f"{look} {stay}", "submit": _("Review them")}
    return {"text": f"{outcome(now, zone)} {stay}", "submit": _("Look again"), "is_done": True}
