"""A records hold, placed, extended and ended: a district under one is not reset. Each verb is one transaction."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from districts.models import District
from resetportal import clock
from resets import history, permitted, policy, preconditions, telling
from resets.models import HeldFor, Hold, Reset, Status
from resets.services import NotPossible, said


@transaction.atomic
def place(*, district: District, by: Any, at: datetime, reason: str, ends_on: date | None = None) -> Hold:
    """Puts a district on a records hold: no reset runs while it is open. `reason` never names a student.

    `ends_on` is when it is to be ended, by a person: a day that passes ends nothing. Waits for a step in flight;
    raises NotPossible when it has deleted the data meanwhile.
    """
    said(reason)
    _not_past(ends_on, district, at)
    unfinished = _unfinished(district)
    if any(reset.is_destroyed for reset in unfinished):
        raise NotPossible(_("Its student data is deleted already: the reset is being verified."))
    whose = {"placed_by": str(by), "of_vendor": permitted.is_vendors(by, district)}
    placed = Hold(district=district, reason=reason, ends_on=ends_on, placed_at=at, **whose)
    _the_only_one(placed)
    kind, until = ("hold_placed_until", {"to": ends_on}) if ends_on else ("hold_placed", {})
    for reset in unfinished or _newest(district):
        history.record(kind, reset=reset, by=by, at=at, reason=reason, **until)
        _say_what_stops(reset)
    telling.of_hold(held=placed, what="placed", by=by, at=at)
    return placed


@transaction.atomic
def extend(*, held: Hold, to: date, by: Any, at: datetime, reason: str) -> Hold:
    """Gives an open records hold a later end date. Raises NotPossible."""
    said(reason)
    held = _open_one(held)
    _not_past(to, held.district, at)
    before = held.ends_on
    if before and to <= before:
        raise NotPossible(
            _("It is to end on {before}: give a later day, or end it.").format(before=policy.spoken(before))
        )
    held.ends_on, held.extended_why = to, reason
    held.save(update_fields=["ends_on", "extended_why"])
    for reset in _unfinished(held.district) or _newest(held.district):
        history.record("hold_extended", reset=reset, by=by, at=at, of=before, to=to, reason=reason)
        _say_what_stops(reset)
    telling.of_hold(held=held, what="extended", by=by, at=at)
    return held


@transaction.atomic
def end(*, held: Hold, by: Any, at: datetime, reason: str = "") -> Hold:
    """Ends a records hold; a reset that it stopped waits for its CSM to choose the date again.

    The vendor's own is ended by the vendor, a district's by the district, or by the vendor with a reason.
    Raises NotPossible.
    """
    held = _open_one(held)
    if obstacle := permitted.obstacle_to_ending(held, by):
        raise NotPossible(obstacle)
    if permitted.ends_with_a_reason(held, by):
        said(reason)
    held.ended_at, held.ended_by = at, str(by)
    held.save(update_fields=["ended_at", "ended_by"])
    for reset in _unfinished(held.district) or _newest(held.district):
        history.record("hold_ended", reset=reset, by=by, at=at, **({"reason": reason} if reason.strip() else {}))
        if reset.held_for == HeldFor.RECORDS:
            reset.held_why = _("{by} ended the records hold that stopped it. Nothing was deleted.").format(by=by)
            reset.held_cure = _("Choose the date again.")
            reset.save(update_fields=["held_why", "held_cure"])
    telling.of_hold(held=held, what="ended", by=by, at=at)
    return held


def _say_what_stops(reset: Reset) -> None:
    """Has a reset that a records hold stopped tell of the one that is open now, and of no other."""
    found = preconditions.records_hold(reset) if reset.held_for == HeldFor.RECORDS else None
    if found:
        reset.held_why, reset.held_cure = found.why, found.cure
        reset.save(update_fields=["held_why", "held_cure"])


def _open_one(held: Hold) -> Hold:
    held = Hold.objects.select_for_update(of=("self",)).select_related("district").get(pk=held.pk)
    if held.ended_at:
        raise NotPossible(_("{ended_by} has ended it already.").format(ended_by=held.ended_by))
    return held


def _not_past(day: date | None, district: District, at: datetime) -> None:
    today = clock.local_date(district.zone, at)
    if day and day < today:
        raise NotPossible(
            _("{day} has passed: it is {today} in {district}.").format(
                day=policy.spoken(day), today=policy.spoken(today), district=district
            )
        )


def _the_only_one(placed: Hold) -> None:
    """Saves it, unless somebody else's came first: the database lets one be open in a district."""
    try:
        with transaction.atomic():
            placed.save()
    except IntegrityError:
        raise NotPossible(_("{district} is on a records hold already.").format(district=placed.district)) from None


def _newest(district: District) -> list[Reset]:
    """Where the history of a district is written that has no reset ahead."""
    return list(Reset.objects.filter(district=district).select_related("district").order_by("-pk")[:1])


def _unfinished(district: District) -> list[Reset]:
    """A district's resets that are not completed, locked against a step that is about to run."""
    rows = Reset.objects.filter(district=district).exclude(status=Status.COMPLETED)
    return list(rows.select_for_update(of=("self",)).select_related("district"))
