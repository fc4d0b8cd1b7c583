"""One letter by hand to many districts: its fields are filled in for each when it goes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from districts.models import Contact, District
from resets import letters, replies
from resets.board import Entry
from resets.bulk import Line, Outcome, Result
from resets.models import Receipt, Season

NOBODY = gettext_noop("Nobody there gets letters. Add a contact on its page.")
NO_LINK = gettext_noop("It carries no link to answer by: its reset has begun or is over, or it has no date.")


@dataclass(frozen=True)
class Write:
    """Writes to each district. `readers`: the names of who gets it, by a district's id (`readers_of`)."""

    season: Season
    subject: str
    body: str
    asks: bool = False
    readers: Mapping[int, Sequence[str]] = field(default_factory=dict)
    reason: str = ""
    kind: ClassVar = Receipt.Kind.LETTER
    at_once: ClassVar = True  # a crash between two letters leaves none, and the form can be sent again

    @property
    def what(self) -> str:
        return self.subject

    def look(self, entry: Entry, *, by: Any, at: datetime) -> Line:
        """Whether anybody would read it."""
        names = self.readers.get(entry.district.pk, ())
        if not names:
            return Line(entry.district, Outcome.REFUSED, _("not written to"), _(NOBODY))
        said = ngettext("%(count)d person gets it: %(names)s.", "%(count)d people get it: %(names)s.", len(names))
        said %= {"count": len(names), "names": ", ".join(names)}
        if self.asks and not replies.can_be_given(entry.reset if entry.is_of_season else None):
            return Line(entry.district, Outcome.CHANGES, _("one letter"), f"{said} {_(NO_LINK)}")
        return Line(entry.district, Outcome.CHANGES, _("one letter"), said)

    def do(
        self, rows: list[District], versions: Mapping[int, int], *, by: Any, at: datetime, token: UUID
    ) -> Iterator[Result]:
        """Writes each letter; it goes at the district's next working hour. Raises Unknown, NotPossible."""
        readers = readers_of([row.pk for row in rows])
        about: dict[str, Any] = {"season": self.season, "subject": self.subject, "body": self.body, "asks": self.asks}
        for row in rows:
            if not readers.get(row.pk):
                yield Result(Outcome.REFUSED, _(NOBODY))
                continue
            letters.write(district=row, **about, by=by, at=at, token=token)
            yield Result(Outcome.DONE, _("Written. It goes at the district’s next working hour."))


def readers_of(ids: list[int]) -> dict[int, list[str]]:
    """Who of each district gets letters, by name, in two queries; an address counts once."""
    found: dict[int, dict[str, str]] = {}
    who = ("district_id", "email", "name")
    admins = get_user_model().objects.filter(district__in=ids, is_active=True).values_list(*who)
    contacts = Contact.objects.filter(district__in=ids, gets_letters=True).values_list(*who)
    for district, address, name in [*admins, *contacts]:
        found.setdefault(district or 0, {}).setdefault(address.lower(), name)
    return {district: list(names.values()) for district, names in found.items()}
