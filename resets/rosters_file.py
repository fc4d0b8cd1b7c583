"""The readings of a district's rosters as a spreadsheet: those of the page's filter, newest first, in numbers alone."""

from typing import Any

from django.utils.translation import gettext as _

from districts.models import District, RosterSync
from exports.columns import Column, Kind
from resets import rosters_page


def columns() -> tuple[Column, ...]:
    return (
        Column(_("When"), Kind.TEXT, _("When it was read, in the district’s time zone."), 24),
        Column(_("Outcome"), Kind.TEXT, _("How the reading ended."), 16),
        Column(_("What it changed"), Kind.TEXT, _("In numbers; empty where it changed nothing."), 80),
        Column(_("School year"), Kind.TEXT, _("Of the roster; empty while it is not known."), 12),
        Column(_("Roster"), Kind.TEXT, _("Where it came from."), 30),
        Column(_("By"), Kind.TEXT, _("Who or what read it."), 24),
        Column(_("Warnings"), Kind.NUMBER, _("How many; the page has their words.")),
    )


def lines(district: District, outcome: str) -> list[tuple[Any, ...]]:
    """A reading a line, a cell a column, in one query."""
    rows = RosterSync.objects.filter(district=district).select_related("file")
    found = rows.filter(outcome=outcome) if outcome else rows
    return [_line(rosters_page.night(sync, district)) for sync in found]


def _line(row: dict[str, Any]) -> tuple[Any, ...]:
    did = "; ".join(row["did"])
    return (
        row["read_at"], str(row["word"]), did, row["school_year"], row["source"], row["by"],
        len(row["warnings"]),
    )  # fmt: skip


def facts(district: District, outcome: str) -> list[tuple[str, object]]:
    """What was asked for, for the sheet that tells about the list."""
    label = str(RosterSync.Outcome(outcome).label) if outcome else _("All")
    return [(_("District"), district.name), (_("Filter"), label)]
