"""A night's resets as a spreadsheet: those that its page counts for this person, in the order in which they start."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from districts.moments import stamp
from exports.columns import Column, Kind
from resets.models import Status
from resets.policy import spoken
from resets.tonight import STUDENTS, Tonight


def columns() -> tuple[Column, ...]:
    zoned = _("In the district’s time zone; empty while it has not happened.")
    return (
        Column(_("District"), Kind.TEXT, _("Its name."), 30),
        Column(_("Site code"), Kind.ID, _("Normally its NCES number."), 12),
        Column(_("CSM"), Kind.TEXT, _("Who looks after it."), 20),
        Column(_("Starts"), Kind.TEXT, _("From when it may run, in the district’s time zone."), 24),
        Column(_("Where it stands"), Kind.TEXT, _("How far the reset is."), 16),
        Column(_("Students counted"), Kind.NUMBER, _("How many were counted before it; empty until then.")),
        Column(_("Started"), Kind.TEXT, zoned, 24),
        Column(_("Completed"), Kind.TEXT, zoned, 24),
        Column(_("Why it is held"), Kind.TEXT, _("Empty where it is not."), 60),
        Column(_("What to do"), Kind.TEXT, _("Of one that is held."), 60),
    )


def lines(night: Tonight) -> Iterator[tuple[Any, ...]]:
    """A reset a line, a cell a column, in one query."""
    rows: Any = night.rows.select_related("district__csm").order_by("due_from", "pk")
    for reset in rows.annotate(students=STUDENTS):
        district = reset.district
        told = [stamp(at, district.zone) for at in (reset.due_from, reset.started_at, reset.completed_at)]
        yield (
            district.name, district.site_code, str(district.csm or ""), told[0], str(Status(reset.status).label),
            reset.students, *told[1:], reset.held_why, reset.held_cure,
        )  # fmt: skip


def facts(night: Tonight) -> list[tuple[str, object]]:
    """What was asked for, for the sheet that tells about the list."""
    return [(_("Night"), spoken(night.day)), (_("Resets"), len(night.mine))]
