"""The fields of a season's policy in a CSM's words, and what changed between two policies."""

from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from resets.policy import Policy, spoken

LABELS: Final = {
    "default_dates": "Default dates",
    "default_assignment": "Which default a district gets",
    "first_date": "First day",
    "last_date": "Last day",
    "after_default": "Days after the default",
    "weekdays_only": "Weekdays only",
    "holidays": "Holidays",
    "lead_days": "Days of notice",
    "setters": "Who may set a date",
    "outside_window": "Who may leave the window",
    "resumes_on": "Syncs resume",
    "requires_export_proof": "Export proof required",
    "export_hours": "Files of a district last",
    "last_export_hours": "A last export lasts",
    "opening_notice_days": "Notice before the first default",
}

CHOICES: Final = {
    "default_assignment": {
        "single": "One default for every district",
        "closest_to_last_reset": "The default closest to the day its last reset really ran",
    },
    "after_default": {
        "session_only": "Refused, unless a session ends on or after the default",
        "earliest_day": "Allowed; a reason is asked for when a late session ended days ago",
        "free": "Free to choose",
    },
    "holidays": {"none": "Resets run on holidays too", "us_federal": "No resets on federal holidays"},
    "resumes_on": {
        "rostering_complete": "When rostering is declared complete",
        "reset_complete": "As soon as the reset is completed",
    },
}

ROLES: Final = {"csm": "CSM", "csm_lead": "CSM lead", "district_admin": "District admin"}


def said(name: str, value: Any) -> str:
    """A field's value in words: dates spoken, roles and choices by their names."""
    if name in ("setters", "outside_window"):
        return ", ".join(sorted(ROLES[role] for role in value)) or "Nobody"
    if name == "default_dates":
        return ", ".join(spoken(day) for day in value)
    if name == "last_date" and value is None:
        return _("the end of the year")
    if isinstance(value, date):
        return spoken(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return CHOICES.get(name, {}).get(value, str(value))


def differences(before: Policy, after: Policy) -> list[tuple[str, str, str]]:
    """What changed: (label, before, after) in words, in the order of the form; empty when nothing did."""
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in LABELS]
    return [(LABELS[name], said(name, old), said(name, new)) for name, old, new in pairs if old != new]
