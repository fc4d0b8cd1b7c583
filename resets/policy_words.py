"""The fields of a season's policy in a CSM's words, and what changed between two policies."""

from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resets.policy import Policy, spoken

LABELS: Final = {
    "default_dates": gettext_lazy("Default dates"),
    "default_assignment": gettext_lazy("Which default a district gets"),
    "first_date": gettext_lazy("First day"),
    "last_date": gettext_lazy("Last day"),
    "after_default": gettext_lazy("Days after the default"),
    "weekdays_only": gettext_lazy("Weekdays only"),
    "holidays": gettext_lazy("Holidays"),
    "lead_days": gettext_lazy("Days of notice"),
    "setters": gettext_lazy("Who may set a date"),
    "outside_window": gettext_lazy("Who may leave the window"),
    "resumes_on": gettext_lazy("Syncs resume"),
    "requires_export_proof": gettext_lazy("Export proof required"),
    "export_hours": gettext_lazy("Files of a district last"),
    "last_export_hours": gettext_lazy("A last export lasts"),
    "opening_notice_days": gettext_lazy("Notice before the first default"),
}

CHOICES: Final = {
    "default_assignment": {
        "single": gettext_lazy("One default for every district"),
        "closest_to_last_reset": gettext_lazy("The default closest to the day its last reset really ran"),
    },
    "after_default": {
        "session_only": gettext_lazy("Refused, unless a session ends on or after the default"),
        "earliest_day": gettext_lazy("Allowed; a reason is asked for when a late session ended days ago"),
        "free": gettext_lazy("Free to choose"),
    },
    "holidays": {
        "none": gettext_lazy("Resets run on holidays too"),
        "us_federal": gettext_lazy("No resets on federal holidays"),
    },
    "resumes_on": {
        "rostering_complete": gettext_lazy("When rostering is declared complete"),
        "reset_complete": gettext_lazy("As soon as the reset is completed"),
    },
}

ROLES: Final = {
    "csm": gettext_lazy("CSM"),
    "csm_lead": gettext_lazy("CSM lead"),
    "district_admin": gettext_lazy("District admin"),
}


def said(name: str, value: Any) -> str:
    """A field's value in words: dates spoken, roles and choices by their names."""
    if name in ("setters", "outside_window"):
        return ", ".join(sorted(str(ROLES[role]) for role in value)) or _("Nobody")
    if name == "default_dates":
        return ", ".join(spoken(day) for day in value)
    if name == "last_date" and value is None:
        return _("the end of the year")
    if isinstance(value, date):
        return spoken(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(CHOICES.get(name, {}).get(value, value))


def differences(before: Policy, after: Policy) -> list[tuple[str, str, str]]:
    """What changed: (label, before, after) in words, in the order of the form; empty when nothing did."""
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in LABELS]
    return [(str(LABELS[name]), said(name, old), said(name, new)) for name, old, new in pairs if old != new]
