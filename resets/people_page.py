"""The page of people: who signs in, in which role, when they last did, and what a lead can do about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import District
from districts.moments import moment, stamp
from resets import people, typed

VENDORS_ZONE = "America/Los_Angeles"
ORDER = ("csm_lead", "csm", "engineer", "district_admin")
NEVER = Q(last_login=None, is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)
SHOWS: Mapping[str, Q] = {
    "": Q(),
    "csm_lead": Q(role="csm_lead"),
    "csm": Q(role="csm"),
    "engineer": Q(role="engineer"),
    "district_admin": Q(role="district_admin"),
    "invited": NEVER,
    "disabled": Q(is_active=False),
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a list, and words."""

    show: str = ""
    words: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        show = given.get("show", "")
        return cls(show if show in SHOWS else "", given.get("q", "").replace("\x00", "").strip()[:100])

    def address(self, **changed: str) -> str:
        parts = {"show": self.show, "q": self.words} | changed
        return urlencode({key: value for key, value in parts.items() if value})


def everybody() -> QuerySet[Any]:
    """Who signs in: people, not machines; by role, then by name."""
    order = Case(*(When(role=role, then=Value(place)) for place, role in enumerate(ORDER)), output_field=IntegerField())
    rows = get_user_model().objects.filter(role__in=ORDER).select_related("district")
    return rows.annotate(number_of_districts=Count("districts"), place=order).order_by("place", "name", "pk")


def found(rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    rows = rows.filter(SHOWS[asked.show])
    if not asked.words:
        return rows
    fields = ("name", "email", "district__name", "district__site_code")
    return rows.filter(Q(*((f"{field}__icontains", asked.words) for field in fields), _connector=Q.OR))


def chips(rows: QuerySet[Any], asked: Asked) -> list[dict[str, Any]]:
    """The lists with how many each holds, in one query."""
    wanted = {f"n_{show}": Count("pk", filter=where, distinct=True) for show, where in SHOWS.items()}
    counts = get_user_model().objects.filter(pk__in=rows.order_by().values("pk")).aggregate(**wanted)
    return [
        {
            "label": label,
            "count": counts[f"n_{show}"],
            "url": f"?{asked.address(show=show)}",
            "here": show == asked.show,
        }
        for show, label in labels().items()
    ]


def labels() -> dict[str, str]:
    """What each list is called."""
    return {
        "": _("Everybody"), "csm_lead": _("CSM leads"), "csm": _("CSMs"), "engineer": _("Engineers"),
        "district_admin": _("District admins"), "invited": _("Invited"), "disabled": _("Disabled"),
    }  # fmt: skip


def rows(some: Iterable[Any], by: Any) -> list[dict[str, Any]]:
    """People as the table shows them, with who invited or disabled each."""
    some = list(some)
    noted = _noted(some)
    return [_row(person, by, noted.get(str(person.pk), {})) for person in some]


def _row(person: Any, by: Any, noted: Mapping[str, LogEntry]) -> dict[str, Any]:
    zone = person.district.zone if person.district else VENDORS_ZONE
    is_invited = person.is_active and person.last_login is None and not person.has_usable_password()
    number = person.number_of_districts
    return {
        "person": person,
        "role": person.get_role_display(),
        "district": person.district,
        "number": number,
        "signed_in": moment(person.last_login, zone) if person.last_login else "",
        "signed_in_at": stamp(person.last_login, zone),
        "state": _state(person, is_invited=is_invited),
        "note": _note(person, noted, zone),
        "verbs": [verb for verb in VERBS if not people.obstacle_to(verb, person, by, districts=number)],
        "obstacle": people.obstacle_to("disable", person, by, districts=number) if number else "",
        "is_me": person.pk == by.pk,
    }


VERBS = ("invite", "disable", "enable")


def _state(person: Any, *, is_invited: bool) -> tuple[str, str]:
    if not person.is_active:
        return "held", _("Disabled")
    return ("wait", _("Invited")) if is_invited else ("quiet", _("Active"))


def _note(person: Any, noted: Mapping[str, LogEntry], zone: str) -> str:
    """Who gave somebody access or took it, and when: the newest that holds."""
    said = {
        people.WAS_DISABLED: _("Disabled by %(by)s, %(when)s"),
        people.WAS_ENABLED: _("Enabled by %(by)s, %(when)s"),
        people.WAS_SENT: _("Invitation sent again by %(by)s, %(when)s"),
        people.WAS_INVITED: _("Invited by %(by)s, %(when)s"),
    }
    entries = [entry for kind, entry in noted.items() if (kind == people.WAS_DISABLED) != person.is_active]
    entries = [entry for entry in entries if entry.change_message in said]
    if not entries:
        return ""
    newest = max(entries, key=lambda entry: (entry.action_time, entry.pk))
    return said[newest.change_message] % {"by": newest.user, "when": moment(newest.action_time, zone)}


def _noted(some: list[Any]) -> dict[str, dict[str, LogEntry]]:
    """The newest entry of each kind for each person, in one query."""
    kind = ContentType.objects.get_for_model(get_user_model())
    entries = LogEntry.objects.filter(content_type=kind, object_id__in=[str(person.pk) for person in some])
    noted: dict[str, dict[str, LogEntry]] = {}
    for entry in entries.select_related("user").order_by("action_time"):
        noted.setdefault(entry.object_id or "", {})[entry.change_message] = entry
    return noted


class InviteForm(forms.Form):
    """Somebody who is to sign in."""

    name = typed.Line(label=gettext_lazy("Name"), max_length=150)
    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy("They sign in with it, and get the invitation there."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        widget=forms.RadioSelect,
        choices=(
            (
                "district_admin",
                gettext_lazy("District admin: one district’s answer, exports, reports, educators"),
            ),
            ("csm", gettext_lazy("CSM: the districts that are given to them")),
            ("csm_lead", gettext_lazy("CSM lead: every district, the policy, the letters, people")),
        ),
    )
    district = typed.Line(
        label=gettext_lazy("District"),
        help_text=gettext_lazy("Of a district admin: its site code, or its whole name."),
        max_length=200,
        required=False,
    )
    phone = typed.Line(
        label=gettext_lazy("Phone"),
        help_text=gettext_lazy("Of a CSM: it stands in their letters."),
        max_length=40,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        words, is_admin = given.get("district", "").replace("\x00", "").strip(), given.get("role") == "district_admin"
        given["district"] = self._district(words) if is_admin else None
        if is_admin and not words:
            self.add_error("district", _("A district admin belongs to one district: name it."))
        return given

    def _district(self, words: str) -> District | None:
        same = list(District.objects.filter(Q(site_code=words) | Q(name__iexact=words))[:2]) if words else []
        if words and not same:
            self.add_error("district", _("No district has this site code or name."))
        if len(same) > 1:
            self.add_error("district", _("Several districts have this name: give the site code."))
        return same[0] if len(same) == 1 else None
