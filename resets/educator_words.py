"""One educator in words: who, where, what speaks for a look, and what was decided."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from districts.educators import Evidence, Twin
from districts.models import Educator
from districts.quantities import numbers
from resetportal import clock
from resets.policy import spoken

SCHOOLS = 3  # named in a row; the others are counted


class Reason(NamedTuple):
    """A sentence about an educator; `name` is a person's, set apart since it may be written in any direction."""

    lead: str
    name: str = ""
    tail: str = ""


def others_of(shown: Iterable[Educator], known: Evidence) -> dict[int, Educator]:
    """The accounts that seem to be the same people as those shown."""
    return Educator.objects.in_bulk({twin.other for each in shown for twin in known.twins.get(each.pk, ())})


def row(educator: Educator, known: Evidence, others: Mapping[int, Educator], zone: str) -> dict[str, Any]:
    """One educator: who, where, last seen, standing, what speaks for a look, and what can be done."""
    kind, word = standing(educator, known)
    return {
        "pk": educator.pk,
        "name": str(educator),
        "address": educator.email or educator.username,
        "schools": schools(educator),
        "roles": ", ".join(dict.fromkeys(role_words(each.role) for each in educator.roles.all())),
        "signed_in": educator.last_sign_in_on,
        "left_on": educator.left_roster_on,
        "kind": kind,
        "word": word,
        "reasons": reasons(educator, known, others),
        "decided": decided(educator, known, zone),
        "needs_a_look": known.needs_a_look(educator),
        "verbs": _verbs(educator, known),
    }


def _verbs(educator: Educator, known: Evidence) -> tuple[tuple[str, str], ...]:
    if educator.deactivated_at:
        return (("reactivate", _("Reactivate")),)
    keep = () if _is_kept(educator, known) else (("keep", _("Keep")),)
    return (*keep, ("deactivate", _("Deactivate")))


def _is_kept(educator: Educator, known: Evidence) -> bool:
    return educator.kept_at is not None and educator.review_year == known.school_year


def standing(educator: Educator, known: Evidence) -> tuple[str, str]:
    """An educator's standing as a kind of state and its word."""
    if educator.deactivated_at:
        return "refused", _("Deactivated")
    if _is_kept(educator, known):
        return "done", _("Kept")
    return ("wait", _("Needs a look")) if known.needs_a_look(educator) else ("quiet", _("Active"))


def reasons(educator: Educator, known: Evidence, others: Mapping[int, Educator]) -> list[Reason]:
    """What speaks for a look at an account that is active; of one that is not, whether a roster still has it."""
    left = educator.left_roster_on
    if educator.deactivated_at:
        still = _("Still in the newest roster: take them out of your student information system too.")
        return [Reason(_("Not in the rosters since {left}.").format(left=spoken(left)) if left else still)]
    found = []
    if left:
        found.append(Reason(_("Not in the newest roster: left out on {left}.").format(left=spoken(left))))
    pairs = [twin for twin in known.twins.get(educator.pk, ()) if twin.other in others]
    found += [_twice(twin, others[twin.other], tells=known.tells_sign_ins) for twin in pairs]
    if known.is_idle(educator):
        found.append(Reason(_idle(educator, known)))
    return found


def _twice(twin: Twin, other: Educator, *, tells: bool) -> Reason:
    address = other.email or other.username or other.sourced_id
    last = other.last_sign_in_on
    said = _TWICE[twin.by][0 if not tells else 1 if last else 2]
    return Reason(_("There twice:"), str(other), _(said).format(address=address, last=spoken(last) if last else ""))


_TWICE: Final = {
    "name": (
        gettext_noop("({address}) has the same name at the same school."),
        gettext_noop("({address}) has the same name at the same school, and signed in last on {last}."),
        gettext_noop("({address}) has the same name at the same school, and never signed in."),
    ),
    "address": (
        gettext_noop("({address}) has the same user name."),
        gettext_noop("({address}) has the same user name, and signed in last on {last}."),
        gettext_noop("({address}) has the same user name, and never signed in."),
    ),
}
"""By what tells two accounts of one person: where sign-ins are not known, with the other's last, and without one."""


def _idle(educator: Educator, known: Evidence) -> str:
    if educator.last_sign_in_on is None:
        if educator.joined_on is None:
            return _("Never signed in.")
        return _("Never signed in, and in the rosters since {day}.").format(day=spoken(educator.joined_on))
    days = (known.today - educator.last_sign_in_on).days
    said = ngettext(
        "Not signed in since {day}, {number} day ago.", "Not signed in since {day}, {number} days ago.", days
    )
    return said.format(day=spoken(educator.last_sign_in_on), number=numbers(days))


def decided(educator: Educator, known: Evidence, zone: str) -> str:
    """Who decided, and on which day of the district's."""
    if educator.deactivated_at:
        day = spoken(clock.local_date(zone, educator.deactivated_at))
        said = _("{who} deactivated the account on {day}.")
        if not educator.review_year:
            said = _("A roster ({who}) deactivated the account on {day}.")
        return said.format(who=educator.deactivated_by, day=day)
    if _is_kept(educator, known) and educator.kept_at:
        return _("{kept_by} kept the account on {spoken}.").format(
            kept_by=educator.kept_by, spoken=spoken(clock.local_date(zone, educator.kept_at))
        )
    return ""


def schools(educator: Educator) -> str:
    """The schools of an educator, the first few by name."""
    names = list(dict.fromkeys(each.school.name for each in educator.roles.all() if each.school))
    more = len(names) - SCHOOLS
    if not names:
        return _("District") if educator.roles.all() else ""
    first = ", ".join(names[:SCHOOLS])
    return _("{names} and {more} more").format(names=first, more=more) if more > 0 else first


def role_words(role: str) -> str:
    """A role of OneRoster as people say it: `districtAdministrator` is "District administrator"."""
    return _(_ROLES.get(role) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", role).capitalize())


_ROLES: Final = {
    "teacher": gettext_noop("Teacher"),
    "aide": gettext_noop("Aide"),
    "proctor": gettext_noop("Proctor"),
    "principal": gettext_noop("Principal"),
    "administrator": gettext_noop("Administrator"),
    "counselor": gettext_noop("Counselor"),
    "districtAdministrator": gettext_noop("District administrator"),
    "siteAdministrator": gettext_noop("Site administrator"),
    "systemAdministrator": gettext_noop("System administrator"),
}
"""Those of OneRoster's that a catalogue knows; another is said as its roster has it."""
