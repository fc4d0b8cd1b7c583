"""My districts as a spreadsheet: exactly the districts that the list shows, in its order, without any student."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from exports.columns import Column, Kind
from resets import board, board_rows, proof_words
from resets.board import Entry

COLUMNS = (
    Column("District", Kind.TEXT, "Its name.", 30),
    Column("Site code", Kind.ID, "Normally its NCES number.", 12),
    Column("CSM", Kind.TEXT, "Who looks after it.", 20),
    Column("Time zone", Kind.TEXT, "Its dates are of this zone.", 22),
    Column("Schools", Kind.NUMBER, "How many it has."),
    Column("Students", Kind.NUMBER, "How many are in its roster now."),
    Column("Reset date", Kind.DATE, "In its time zone; empty where it has none."),
    Column("Date is", Kind.TEXT, "The season's default, or chosen.", 10),
    Column("Session ends", Kind.DATE, "The last day of its last session; empty while one is not known."),
    Column("Rostering starts", Kind.DATE, "Of the new school year; empty while it is not known.", 15),
    Column("First day of school", Kind.DATE, "Of the new school year; empty while it is not known.", 17),
    Column("Answer", Kind.TEXT, "What the district told its CSM.", 22),
    Column("Export proof", Kind.TEXT, "Whether its exports prove that nothing is lost.", 16),
    Column("Syncs", Kind.TEXT, "Its nightly imports of rosters.", 12),
    Column("At risk", Kind.TEXT, "Why it is at risk; empty where it is not.", 80),
    Column("Next step", Kind.TEXT, "What is to be done next.", 28),
)


def line(entry: Entry, role: str) -> tuple[Any, ...]:
    """One district, a cell a column."""
    row, counts, calendar = board_rows.row(entry, role), entry.district.counts, entry.calendar
    chosen = "chosen" if row["chosen"] else "default"
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
    turned = _(", turned round") if sort.startswith("-") else ""
    return [
        (_("School year"), season.school_year if season else _("No season is open.")),
        (_("Districts"), len(found)),
        (_("Filter"), _(board.KEYS[show].label)),
        (_("Words"), words or _("None")),
        (_("Order"), _(board.SORTS[sort.removeprefix("-")].label) + turned),
    ]
