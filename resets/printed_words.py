"""What the pages say of a district's Student Progress reports: a line of the checklist, a step of its admin."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import District, Student
from districts.quantities import counted, numbers
from exports import printed
from resets.board import Entry
from resets.models import Reset
from resets.proof_words import SOON


def schools_done(district: District, taken: printed.Printed) -> tuple[int, int]:
    """Of how many schools the reports were downloaded, and how many schools have students. One query."""
    rows = Student.objects.filter(district_id=district.pk).order_by().values_list("school", flat=True).distinct()
    ids = [school for school in rows if school is not None]
    return printed.schools_done(taken, ids), len(ids)


def line(entry: Entry, reset: Reset) -> dict[str, Any]:
    """The checklist's line, as `components/checklist.html` takes it. Two queries before the reset."""
    if reset.is_destroyed:
        return {"kind": "quiet", "text": _("Not asked for after the reset.")}
    done, of_all = schools_done(entry.district, printed.of(entry.district))
    if not of_all:
        return {"kind": "quiet", "text": _("No school has a student, so there is nothing to print.")}
    if done == of_all:
        return {
            "kind": "done",
            "text": _("The district downloaded those of {schools}.").format(schools=counted(of_all, "school")),
        }
    is_far = entry.day is not None and entry.day - entry.at.date() > SOON
    return {"kind": "next" if is_far else "wait", "text": f"{_said(done, of_all)} {_after()}"}


def step(entry: Entry) -> dict[str, Any] | None:
    """The admin's step, as `components/steps.html` takes it; None where there is nothing to print. Two queries."""
    done, of_all = schools_done(entry.district, printed.of(entry.district))
    if not of_all:
        return None
    is_done = done == of_all
    return {
        "title": _("Print Student Progress reports"),
        "text": _said(done, of_all) if is_done else f"{_said(done, of_all)} {_after()}",
        "url": reverse("resets:reports", args=[entry.district.site_code]),
        "submit": _("Look again") if is_done else _("Choose schools"),
        "is_done": is_done,
    }


def _said(done: int, of_all: int) -> str:
    if not done:
        return _("None of {schools} has done it yet.").format(schools=counted(of_all, "school"))
    said = ngettext("{number} of {schools} has done it.", "{number} of {schools} have done it.", of_all)
    return said.format(number=numbers(done), schools=counted(of_all, "school"))


def _after() -> str:
    return _("Teachers cannot print them after the reset.")
