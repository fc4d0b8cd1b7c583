"""What a person may do with a reset now. One guard: the page offers by it, the form and the verb refuse by it."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from districts.models import District
from resets.models import Answer, HeldFor, Hold, Reset, Status

WHO: dict[str, frozenset[str]] = {
    "stop": frozenset({"csm", "csm_lead", "engineer"}),
    "retry": frozenset({"csm", "csm_lead", "engineer"}),
    "release": frozenset({"csm", "csm_lead"}),
    "rostering_complete": frozenset({"csm", "csm_lead"}),
    "data_ready": frozenset({"district_admin"}),
    "choose": frozenset({"csm", "csm_lead"}),
    "last_export": frozenset({"district_admin"}),
    "decline": frozenset({"csm", "csm_lead"}),
}
ON_HOLD = gettext_lazy("A records hold is open. End it first, then choose the date.")
"""Why a reset that a records hold stopped cannot be given a date, while it is open."""
HOLDERS = frozenset({"csm", "csm_lead", "district_admin"})
"""Who places and extends a records hold: it is a district's, with a reset or without. Who ends it: below."""


def obstacle_to(verb: str, reset: Reset) -> str:
    """Why this cannot be done with the reset as it stands, in a sentence that says what can; empty when it can."""
    return _OBSTACLES[verb](reset)


def offers(reset: Reset, role: str) -> list[str]:
    """The verbs that a page offers to a person of this role, as the reset stands."""
    return [verb for verb, roles in WHO.items() if role in roles and not obstacle_to(verb, reset)]


def is_vendors(by: Any, district: District) -> bool:
    """Whether somebody acts for the vendor. A name alone (of a command) is the district's if an admin there has it."""
    role = getattr(by, "role", "")
    return role != "district_admin" if role else not district.admins.filter(name=str(by)).exists()


def obstacle_to_ending(held: Hold, by: Any) -> str:
    """Why somebody may not end a records hold: the vendor's is the vendor's to end. Empty when she may."""
    if held.of_vendor and not is_vendors(by, held.district):
        return _("{placed_by} placed it for the vendor: its CSM or a CSM lead ends it.").format(
            placed_by=held.placed_by
        )
    return ""


def ends_with_a_reason(held: Hold, by: Any) -> bool:
    """Whether ending it asks why: where the vendor ends what the district placed."""
    return not held.of_vendor and is_vendors(by, held.district)


def obstacle_to_keeping(reset: Reset, *, of_vendor: bool) -> str:
    """Why the default may not be kept in a district's name while it asks for another day: it waits for an answer."""
    if of_vendor and not _to_decline(reset):
        return _("The district asks for another day: answer the request first.")
    return ""


def _to_stop(reset: Reset) -> str:
    if reset.is_destroyed:
        return _("The data is deleted already.")
    return _("It is held already.") if reset.status == Status.HELD else ""


def _to_retry(reset: Reset) -> str:
    if reset.status != Status.HELD:
        return _not_held(reset)
    if reset.held_for == HeldFor.RECORDS and reset.district.holds.filter(ended_at=None).exists():
        return _("The records hold is open: end it first.")
    if reset.held_for == HeldFor.NEW_YEAR and reset.new_year_released_at is None:
        return _("A roster of the new year is there: release it with your password (W11).")
    return ""


def _to_release(reset: Reset) -> str:
    if reset.status != Status.HELD:
        return _not_held(reset)
    if reset.held_for != HeldFor.NEW_YEAR:
        return _("Only a reset held for a roster of the new year is released; retry this one.")
    return ""


def _to_declare(reset: Reset) -> str:
    if reset.status != Status.COMPLETED:
        return _("Rostering can be declared complete only after the reset is completed.")
    if reset.rostering_completed_at:
        return _("{rostering_completed_by} has declared it already.").format(
            rostering_completed_by=reset.rostering_completed_by
        )
    return "" if _is_waited_for(reset) else _("Syncs do not wait for this reset.")


def _to_say_ready(reset: Reset) -> str:
    if reset.status != Status.COMPLETED:
        return _("Say so after the reset: what is sent before it would be deleted with the old year.")
    if reset.data_ready_at:
        return _("{data_ready_by} has said so already.").format(data_ready_by=reset.data_ready_by)
    if reset.rostering_completed_at:
        return _("{rostering_completed_by} has declared rostering complete already.").format(
            rostering_completed_by=reset.rostering_completed_by
        )
    return "" if _is_waited_for(reset) else _("Syncs do not wait for this reset.")


def _is_waited_for(reset: Reset) -> bool:
    """Whether the district's syncs are paused for this reset, and for no other."""
    gate = reset.district.gate
    return gate.resumed_at is None and gate.closed_year == reset.season.school_year and not is_pending_again(reset)


def is_pending_again(reset: Reset) -> bool:
    """Whether the gate already waits for the reset of a later season."""
    return reset.district.gate.pauses_on != reset.date


def _to_choose(reset: Reset) -> str:
    return "" if reset.is_editable else _("The reset has started. Its date can no longer be changed (W10).")


def _to_decline(reset: Reset) -> str:
    if not reset.is_editable:
        return _("The reset has started. Its date can no longer be changed (W10).")
    return "" if reset.answer == Answer.ASKS and reset.asked_for else _("The district does not ask for another day.")


def _to_choose_last_export(reset: Reset) -> str:
    return "" if reset.is_editable else _("The reset has started. What it makes beforehand can no longer be chosen.")


def _not_held(reset: Reset) -> str:
    return _("It is not held: it is {standing}.").format(standing=standing(reset))


_OBSTACLES: dict[str, Callable[[Reset], str]] = {
    "stop": _to_stop,
    "retry": _to_retry,
    "release": _to_release,
    "rostering_complete": _to_declare,
    "data_ready": _to_say_ready,
    "decline": _to_decline,
    "choose": _to_choose,
    "last_export": _to_choose_last_export,
}


def standing(reset: Reset) -> str:
    """Where a reset stands, as a sentence says it."""
    return _(_STANDING[Status(reset.status)])


_STANDING = {
    Status.SCHEDULED: gettext_noop("scheduled"),
    Status.COUNTING: gettext_noop("counting"),
    Status.DESTROYING: gettext_noop("destroying"),
    Status.VERIFYING: gettext_noop("verifying"),
    Status.COMPLETED: gettext_noop("completed"),
    Status.HELD: gettext_noop("held"),
}
