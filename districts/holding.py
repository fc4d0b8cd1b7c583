"""What a person does with a roster that waits for one: apply it, approve it in spite of its reasons, discard it.

Each verb is one transaction that records the wish, told who and when; a worker does the work.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from districts import gate, incoming, rostering
from districts.models import RosterFile, RosterSync

if TYPE_CHECKING:
    from resetportal.models import User

State = RosterFile.State


class NotPossible(Exception):
    """The roster is not in a state in which this can be done; the message says what can."""


class ReasonMissing(NotPossible):
    """A roster with reasons to look first is approved, or a roster is discarded, only by somebody who says why."""


def concerns_of(file: RosterFile) -> list[str]:
    """Why a person looks at this roster first, by its last reading: sentences, empty when nothing speaks against it."""
    last = RosterSync.objects.filter(file=file).first()
    return list(last.concerns) if last else []


@transaction.atomic
def approve(*, file: RosterFile, by: "str | User", at: datetime, why: str = "") -> RosterFile:
    """Lets a roster that was rehearsed or put on hold be applied. `why` is needed where something spoke against it.

    The pause and W11 are asked now, and again when it is applied. Raises NotPossible, ReasonMissing.
    """
    file = _waiting_for_a_person(file)
    concerns = concerns_of(file)
    _may_be_applied(file)
    if concerns:
        _said(why)
        file.approved_at, file.approved_by, file.why = at, str(by)[:200], why
    return _send(file, RosterFile.Wish.APPLY)


@transaction.atomic
def rehearse(*, file: RosterFile, by: "str | User", at: datetime) -> RosterFile:
    """Has a roster that waits read once more, without applying it. Raises NotPossible."""
    return _send(_waiting_for_a_person(file), RosterFile.Wish.REHEARSE)


@transaction.atomic
def discard(*, file: RosterFile, by: "str | User", at: datetime, why: str) -> RosterFile:
    """Ends a roster unapplied; the same one is not taken again by a nightly sync. Raises NotPossible, ReasonMissing."""
    file = _waiting_for_a_person(file)
    _said(why)
    incoming.end(file, State.DISCARDED, by=str(by), at=at, why=why)
    return file


def _waiting_for_a_person(file: RosterFile) -> RosterFile:
    gate.lock(file.district_id, shared=True)  # a reset voids rosters: either it came first, or it waits
    file = RosterFile.objects.select_for_update(of=("self",)).select_related("district").get(pk=file.pk)
    if file.state in (State.REHEARSED, State.ON_HOLD):
        return file
    if file.state == State.WAITING:
        raise NotPossible(_("It is being read now. Look again in a minute."))
    said = _(_DONE[State(file.state)]).format(person=file.ended_by)
    raise NotPossible(f"{said} {file.why}".strip())


_DONE = {
    State.APPLIED: gettext_noop("It was applied already by {person}."),
    State.REFUSED: gettext_noop("It was refused already by {person}."),
    State.DISCARDED: gettext_noop("It was discarded already by {person}."),
    State.VOIDED: gettext_noop("It was voided already by {person}."),
    State.EXPIRED: gettext_noop("It was expired already by {person}."),
}


def _may_be_applied(file: RosterFile) -> None:
    try:
        if held := rostering.too_early(file):
            raise NotPossible(held)
    except gate.Paused as paused:
        raise NotPossible(str(paused)) from None


def _said(why: str) -> None:
    if not why.strip():
        raise ReasonMissing(_("Say why: it is kept with the roster. Name no student."))


def _send(file: RosterFile, wish: str) -> RosterFile:
    file.state, file.wish = State.WAITING, wish
    file.save(update_fields=["state", "wish", "approved_at", "approved_by", "why"])
    return file
