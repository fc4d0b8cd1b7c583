"""A district's educators as a spreadsheet: exactly those whom the page's filter finds, in its order. Staff alone."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from districts.educators import Evidence
from districts.models import District, EducatorRole
from exports.columns import Column, Kind
from resets import educator_words, educators_page
from resets.educators_page import Asked


def columns() -> tuple[Column, ...]:
    return (
        Column(_("Name"), Kind.TEXT, _("The educator, as the roster has them."), 30),
        Column(_("Address"), Kind.TEXT, _("The email address, or else the user name."), 34),
        Column(_("Schools"), Kind.TEXT, _("Where they work; the first few by name."), 44),
        Column(_("Roles"), Kind.TEXT, _("What they are there."), 28),
        Column(_("Last sign-in"), Kind.DATE, _("In the district’s time zone; empty while none is known."), 14),
        Column(_("Account"), Kind.TEXT, _("Active, kept, deactivated, or in need of a look."), 16),
        Column(_("What speaks for a look"), Kind.TEXT, _("Empty where nothing does."), 80),
        Column(_("Decided"), Kind.TEXT, _("Who kept or deactivated the account, and when."), 60),
    )


def lines(district: District, known: Evidence, asked: Asked) -> Iterator[tuple[Any, ...]]:
    """An educator a line, a cell a column, in as many queries however many they are."""
    roles = Prefetch("roles", EducatorRole.objects.select_related("school").order_by("school__name", "role"))
    found = list(asked.rows(district, known).prefetch_related(roles))
    others = educator_words.others_of(found, known)
    for educator in found:
        row = educator_words.row(educator, known, others, district.zone)
        reasons = " ".join(" ".join(filter(None, reason)) for reason in row["reasons"])
        yield (
            row["name"], row["address"], row["schools"], row["roles"], row["signed_in"], row["word"], reasons,
            row["decided"],
        )  # fmt: skip


def facts(district: District, asked: Asked) -> list[tuple[str, object]]:
    """What was asked for, for the sheet that tells about the list."""
    return [
        (_("District"), district.name),
        (_("Filter"), str(educators_page.SHOWS[asked.show])),
        (_("Words"), asked.words or _("None")),
    ]
