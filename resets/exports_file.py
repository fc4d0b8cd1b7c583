"""A district's export files as a spreadsheet: that each was made, taken and is gone; never of whom it is."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from districts.models import District
from districts.moments import stamp
from exports.columns import Column, Kind
from exports.models import ExportFile
from exports.proof import Proof
from resets import exports_page


def columns() -> tuple[Column, ...]:
    return (
        Column(_("File"), Kind.TEXT, _("What kind of file it is."), 28),
        Column(_("What was asked for"), Kind.TEXT, _("Its days, its part of the district, its format."), 48),
        Column(_("State"), Kind.TEXT, _("Ready, gone, not made, or on its way."), 14),
        Column(_("Why"), Kind.TEXT, _("Of a file that is gone or was not made."), 48),
        Column(_("Asked for by"), Kind.TEXT, _("A person, or the reset's own run."), 26),
        Column(_("Asked for"), Kind.TEXT, _("In the district’s time zone."), 24),
        Column(_("Made"), Kind.TEXT, _("In the district’s time zone; empty where it was not."), 24),
        Column(_("Rows"), Kind.NUMBER, _("Students of an export, pages of reports.")),
        Column(_("Downloads"), Kind.NUMBER, _("How often it was taken away.")),
        Column(_("Last download"), Kind.TEXT, _("In the district’s time zone; empty where nobody took it."), 24),
        Column(_("Last download by"), Kind.TEXT, _("Told to the district’s own people."), 26),
        Column(_("SHA-256"), Kind.ID, _("Digest of the file; told to the district’s own people."), 66),
    )


def lines(files: QuerySet[ExportFile], district: District, *, is_own: bool) -> list[tuple[Any, ...]]:
    """A file a line, a cell a column, in two queries. `is_own`: for the district's admin, who may know who took it."""
    return [_line(file, district.zone, is_own) for file in files]


def _line(file: ExportFile, zone: str, is_own: bool) -> tuple[Any, ...]:
    taken = list(file.downloads.all())
    last = taken[0] if taken else None
    is_made = file.made_at is not None
    return (
        exports_page.of_what(file), exports_page.about(file), _(exports_page.STATES[ExportFile.State(file.state)][1]),
        file.why, str(file.asked_by), stamp(file.asked_at, zone), stamp(file.made_at, zone),
        file.rows if is_made else None, len(taken) if is_made else None,
        stamp(last.downloaded_at if last else None, zone), last.downloaded_by if last and is_own else "",
        file.digest if is_own else "",
    )  # fmt: skip


def facts(district: District, proofs: list[Proof]) -> list[tuple[str, object]]:
    """What is proven by product, for the sheet that tells about the list."""
    return [(_("District"), district.name), *((proof.name, proof.sentence) for proof in proofs)]
