"""My districts as a spreadsheet: exactly the districts that the list shows, in its order, without any student."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from exports.columns import Column, Kind
from resets import board_order, board_rows, proof_words
from resets.board import Entry


def columns() -> tuple[Column, ...]:
    """What the spreadsheet's columns are, in the reader's language."""
    return (
        Column(_("District"), Kind.TEXT, _("Its name."), 30),
        Column(_("Site code"), Kind.ID, _("Normally its NCES number."), 12),
        Column(_("CSM"), Kind.TEXT, _("Who looks after it."), 20),
        Column(_("Time zone"), Kind.TEXT, _("Its dates are of this zone."), 22),
        Column(_("Schools"), Kind.NUMBER, _("How many it has.")),
        Column(_("Students"), Kind.NUMBER, _("How many are in its roster now.")),
        Column(_("Reset date"), Kind.DATE, _("In its time zone; empty where it has none.")),
        Column(_("Date is"), Kind.TEXT, _("The season's default, or chosen."), 10),
        Column(_("Session ends"), Kind.DATE, _("The last day of its last session; empty while one is not known.")),
        Column(_("Rostering starts"), Kind.DATE, _("Of the new school year; empty while it is not known."), 15),
        Column(_("First day of school"), Kind.DATE, _("Of the new school year; empty while it is not known."), 17),
        Column(_("Answer"), Kind.TEXT, _("What the district told its CSM."), 22),
        Column(_("Export proof"), Kind.TEXT, _("Whether its exports prove that nothing is lost."), 16),
        Column(_("Syncs"), Kind.TEXT, _("Its nightly imports of rosters."), 12),
        Column(_("At risk"), Kind.TEXT, _("Why it is at risk; empty where it is not."), 80),
        Column(_("Next step"), Kind.TEXT, _("What is to be done next."), 28),
    )


def line(entry: Entry, role: str) -> tuple[Any, ...]:
    """One district, a cell a column."""
    row, counts, calendar = board_rows.row(entry, role), entry.district.counts, entry.calendar
    chosen = _("chosen") if row["chosen"] else _("default")
    return (
        entry.district.name,
        entry.district.site_code,
        str(entry.district.csm or ""),
        entry.district.zone,
        counts.schools,
        counts.students,
        entry.day,
        chosen if entry.day else "",
        entry.session_ends,
        calendar.rostering_starts,
        calendar.first_day,
        row["answer"][1],
        proof_words.state(entry)[1],
        row["syncs"][1],
        " ".join(row["reasons"]),
        row["next"][0] if row["next"] else "",
    )


def facts(found: Sequence[Entry], *, season: Any, show: str, sort: str, words: str) -> list[tuple[str, object]]:
    """What was asked for, for the sheet that tells about the list."""
    order = _("{order}, turned round") if sort.startswith("-") else "{order}"
    return [
        (_("School year"), season.school_year if season else _("No season is open.")),
        (_("Districts"), len(found)),
        (_("Filter"), _(board_order.KEYS[show].label)),
        (_("Words"), words or _("None")),
        (_("Order"), order.format(order=_(board_order.SORTS[sort.removeprefix("-")].label))),
    ]
