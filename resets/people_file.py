"""People as a spreadsheet: exactly the accounts that the page's filter finds, in its order. Staff, never students."""

from typing import Any

from django.utils.translation import gettext as _

from exports.columns import Column, Kind
from resets.people_page import Asked

Row = dict[str, Any]


def columns() -> tuple[Column, ...]:
    return (
        Column(_("Name"), Kind.TEXT, _("Who signs in."), 28),
        Column(_("Email address"), Kind.TEXT, _("With which they sign in."), 34),
        Column(_("Phone"), Kind.TEXT, _("Of a CSM; empty where none is known."), 18),
        Column(_("Role"), Kind.TEXT, _("What they may do."), 26),
        Column(_("District"), Kind.TEXT, _("Of a district admin; empty for the vendor’s people."), 30),
        Column(_("Site code"), Kind.ID, _("Of that district."), 12),
        Column(_("Districts of a CSM"), Kind.NUMBER, _("How many are given to them; empty for the others.")),
        Column(_("Last sign-in"), Kind.TEXT, _("With its zone; empty where they never did."), 24),
        Column(_("Account"), Kind.TEXT, _("Active, invited or disabled."), 12),
        Column(_("Note"), Kind.TEXT, _("Who invited or disabled them, and when."), 60),
    )


def line(row: Row) -> tuple[Any, ...]:
    """One person, a cell a column."""
    person, district = row["person"], row["district"]
    return (
        person.name, person.email, person.phone, row["role"], district.name if district else "",
        district.site_code if district else "", row["number"] if person.role == "csm" else None,
        row["signed_in_at"], row["state"][1], row["note"],
    )  # fmt: skip


def facts(asked: Asked, number: int, labels: dict[str, str], district: Any = None) -> list[tuple[str, object]]:
    """What was asked for, for the sheet that tells about the list."""
    whose: list[tuple[str, object]] = [(_("District"), district.name)] if district else []
    return [
        *whose,
        (_("People"), number),
        (_("Filter"), labels[asked.show]),
        (_("Words"), asked.words or _("None")),
    ]
