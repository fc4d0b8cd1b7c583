"""Many districts given to another CSM by a lead: the list, the history, and a message to both CSMs."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import District
from resets import history, letter_mail
from resets.board import Entry
from resets.bulk import Line, Outcome, Result
from resets.models import Receipt, Reset, Season

if TYPE_CHECKING:
    from resetportal.models import User

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reassign:
    """Gives each district to `to`. Its letters still to come bear the new name: they are filled in when they go."""

    season: Season
    to: "User"
    reason: str = ""
    kind: ClassVar = Receipt.Kind.CSM
    at_once: ClassVar = True

    @property
    def what(self) -> str:
        return str(self.to)

    def look(self, entry: Entry, *, by: Any, at: datetime) -> Line:
        """Whose it is now."""
        district, version = entry.district, entry.district.csm_id or 0
        if district.csm_id == self.to.pk:
            said = _("%(name)s looks after it already.") % {"name": self.to}
            return Line(district, Outcome.SAME, _("stays with %(name)s") % {"name": self.to}, said, (), version)
        before = district.csm or _("nobody")
        change = f"{before} → {self.to}"
        said = _("Letters still to come bear %(name)s’s name.") % {"name": self.to}
        return Line(district, Outcome.CHANGES, change, said, (), version)

    def do(
        self, rows: list[District], versions: Mapping[int, int], *, by: Any, at: datetime, token: UUID
    ) -> Iterator[Result]:
        """Gives all of them in one statement, but for those that somebody gave away since the preview.

        None to whoever was disabled since: their account stays locked till the end, as `people.disable` locks it.
        """
        locked = District.objects.select_for_update(of=("self",)).select_related("csm")
        now = {each.pk: each for each in locked.filter(pk__in=[row.pk for row in rows]).order_by("pk")}
        accounts = get_user_model().objects.select_for_update(no_key=True).filter(pk=self.to.pk, is_active=True)
        if not list(accounts):
            return iter([self._disabled()] * len(rows))
        moved = [each for each in now.values() if each.csm_id != self.to.pk and (each.csm_id or 0) == versions[each.pk]]
        District.objects.filter(pk__in=[each.pk for each in moved]).update(csm=self.to)
        self._record(moved, by, at)
        transaction.on_commit(lambda: _tell(moved, self, by, token), robust=True)
        ids = {each.pk for each in moved}
        return (self._result(now.get(row.pk, row), row.pk in ids) for row in rows)

    def _disabled(self) -> Result:
        said = _("The account of %(name)s was disabled meanwhile. Choose somebody else.")
        return Result(Outcome.REFUSED, said % {"name": self.to})

    def _result(self, row: District, is_moved: bool) -> Result:
        if is_moved:
            return Result(
                Outcome.DONE, _("%(before)s → %(name)s") % {"before": row.csm or _("nobody"), "name": self.to}
            )
        if row.csm_id == self.to.pk:
            return Result(Outcome.SAME, _("%(name)s looked after it already.") % {"name": self.to})
        said = _("Somebody gave it to %(name)s meanwhile. Look again.")
        return Result(Outcome.REFUSED, said % {"name": row.csm or _("nobody")})

    def _record(self, moved: list[District], by: Any, at: datetime) -> None:
        """An event in the history of each district's newest reset; one statement for each CSM who gives."""
        newest = Reset.objects.filter(district__in=[each.pk for each in moved]).order_by("district_id", "-pk")
        resets = sorted(newest.distinct("district_id").select_related("district"), key=lambda reset: reset.district_id)
        before = {each.pk: str(each.csm or "nobody") for each in moved}
        by_former = sorted(resets, key=lambda reset: before[reset.district_id])
        for former, some in groupby(by_former, key=lambda reset: before[reset.district_id]):
            history.record_many(
                "reassigned", list(some), by=by, at=at, former=former, csm=str(self.to), reason=self.reason
            )


def csms() -> "list[User]":
    """To whom a district can be given."""
    return list(get_user_model().objects.filter(role="csm", is_active=True).order_by("name"))


def _tell(moved: list[District], wish: Reassign, by: Any, token: UUID) -> None:
    """A message to the new CSM, and one to each who had some of them; none to whoever did it herself."""
    if not moved:
        return
    address = f"{settings.BASE_URL}{reverse('resets:districts')}"
    count = len(moved)
    gained = ngettext("%(count)d district is yours now", "%(count)d districts are yours now", count) % {"count": count}
    _mail(wish.to, gained, moved, wish, by, address)
    given = sorted((each for each in moved if each.csm), key=lambda each: each.csm_id or 0)
    for _id, some in groupby(given, key=lambda each: each.csm_id):
        theirs = list(some)
        said = ngettext("%(count)d district goes to %(name)s", "%(count)d districts go to %(name)s", len(theirs))
        _mail(theirs[0].csm, said % {"count": len(theirs), "name": wish.to}, theirs, wish, by, address)


def _mail(person: "User | None", subject: str, rows: list[District], wish: Reassign, by: Any, address: str) -> None:
    if person is None or not person.is_active or person.pk == by.pk:
        return
    context = {"person": person, "by": by, "to": wish.to, "rows": rows, "reason": wish.reason, "address": address}
    body = render_to_string("emails/reassigned.txt", context)
    try:
        EmailMessage(subject=letter_mail.one_line(subject), body=body, to=[person.email]).send()
    except (OSError, ValueError) as error:  # the list and the receipt tell it all the same
        log.warning("A message about districts given away could not be sent: %s", type(error).__name__)
