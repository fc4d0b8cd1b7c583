"""The history: one event a change, only ever added, told as sentences. Holds no name of a student.

The sentence is said in the reader's language. What an event's detail holds as words (why a reset is held, the changes
of a form) was said in the language of that moment, and stays so.
"""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from districts import disposition
from districts.models import District
from districts.quantities import counted, numbers
from resets.models import Reset, ResetEvent, Season, SeasonEvent
from resets.policy import spoken

NO_RESET = 0  # in an event's `reset_id`: no reset has it

SENTENCES = {
    "opened": gettext_noop("The season opened. The reset is on {to}, the default."),
    "added": gettext_noop("The reset was put on {to}."),
    "date_set": gettext_noop("{by} moved the reset from {of} to {to}."),
    "default_moved": gettext_noop("{by} changed the season's default: the reset moved from {of} to {to}."),
    "dates_set": gettext_noop("{by} changed the dates: {changes}."),
    "kept_default": gettext_noop("{by} keeps {to}."),
    "asked": gettext_noop("{by} asked for {to}."),
    "last_export_chosen": gettext_noop("{by} chose a last export: the run makes it before anything is deleted."),
    "last_export_dropped": gettext_noop("{by} wants no last export any more: no file outlives the reset."),
    "last_export_made": gettext_noop(
        "The last export was made: {files}. The district has it for {hours} hours after the reset."
    ),
    "stopped": gettext_noop("{by} stopped the reset."),
    "started": gettext_noop("The run began. Syncs are paused."),
    "counted": gettext_noop("{rows} rows of {schools} were counted."),
    "destroyed": gettext_noop("{rows} rows of {schools} were deleted in one transaction."),
    "verified": gettext_noop("Counted again, independently: nothing is left, and everything that is kept is there."),
    "completed": gettext_noop("The reset is completed. Syncs stay paused until rostering is complete."),
    "held": gettext_noop("The reset is held: {why}"),
    "tried_again": gettext_noop("{step} is tried again, attempt {attempt}. The one before ended by {error}."),
    "retried": gettext_noop("{by} had the run tried again."),
    "released": gettext_noop("{by} released the reset."),
    "hold_placed": gettext_noop("{by} put the district on a records hold."),
    "hold_placed_until": gettext_noop("{by} put the district on a records hold until {to}."),
    "hold_extended": gettext_noop("{by} extended the records hold to {to}."),
    "hold_ended": gettext_noop("{by} ended the records hold."),
    "night_paused": gettext_noop("{by} paused the night of {to}: no further reset begins."),
    "night_resumed": gettext_noop("{by} let the night of {to} go on."),
    "educators_reviewed": gettext_noop("{by} reviewed the educators: {kept} kept, {deactivated} deactivated."),
    "data_ready": gettext_noop("{by} said that the district's new data is ready."),
    "resumed": gettext_noop("Rostering is complete. Syncs are on again."),
    "question_asked": gettext_noop("{by} asked a question."),
    "question_answered": gettext_noop("{by} answered the district's question."),
    "declined": gettext_noop("{by} answered the request for {to}: the reset stays on {of}."),
    "letter_sent": gettext_noop("“{subject}” was sent to {to}."),
    "letter_by_hand": gettext_noop("“{subject}”, which {writer} wrote, was sent to {to}."),
    "letter_stopped": gettext_noop("“{subject}” was not sent: {why}"),
    "letter_bounced": gettext_noop("“{subject}” did not reach {to}."),
    "contact_added": gettext_noop("{by} added {name} to the contacts."),
    "contact_changed": gettext_noop("{by} changed the contact {name}."),
    "contact_letters": gettext_noop("{by} put {name} among those who get the season's letters."),
    "contact_no_letters": gettext_noop("{by} took {name} from those who get the season's letters."),
    "contact_removed": gettext_noop("{by} removed {name} from the contacts."),
    "reassigned": gettext_noop("{by} gave the district to {csm}. Before, {former} looked after it."),
    "resumed_by_policy": gettext_noop("Syncs are on again, as the season's policy says."),
}

TO_THE_DISTRICT = {
    "letter_stopped": gettext_noop("“{subject}” was not sent."),
    "reassigned": SENTENCES["reassigned"],
}
"""What a district admin reads, without a reason: these reasons are about the vendor's people and about hers."""

SEASON_SENTENCES = {
    "drafted": gettext_noop("{by} drafted the season from {source}."),
    "opened": gettext_noop("{by} opened the season. Districts that got their default: {districts}."),
    "changed": gettext_noop("{by} changed the rules: {changes}. Resets that moved: {moved}."),
    "letter_edited": gettext_noop("{by} edited letter {number}, “{letter}”."),
    "letter_stopped": gettext_noop("{by} stopped letter {number}, “{letter}”, for every district."),
    "letter_resumed": gettext_noop("{by} let letter {number}, “{letter}”, go again."),
}


def record(kind: str, *, reset: Reset, by: object, at: datetime, **detail: Any) -> ResetEvent:
    """Adds one event. `detail`: dates, counts and words of staff, never of students."""
    if kind not in SENTENCES:
        raise KeyError(kind)
    return ResetEvent.objects.create(**_event(kind, reset, by, at, detail))


def record_of_district(kind: str, *, district: District, by: object, at: datetime, **detail: Any) -> ResetEvent:
    """Adds an event that belongs to a district and to none of its resets."""
    return record(kind, reset=Reset(pk=NO_RESET, district=district), by=by, at=at, **detail)


def record_many(kind: str, resets: list[Reset], *, by: object, at: datetime, **detail: Any) -> None:
    """The same event for many resets, each with its own date, in one statement."""
    ResetEvent.objects.bulk_create(
        ResetEvent(**_event(kind, reset, by, at, {"to": reset.date, **detail})) for reset in resets
    )


def record_season(kind: str, *, season: Season, by: object, at: datetime, **detail: Any) -> SeasonEvent:
    """Adds one event to a season's own history."""
    if kind not in SEASON_SENTENCES:
        raise KeyError(kind)
    return SeasonEvent.objects.create(season=season, kind=kind, at=at, by=str(by), detail=detail)


def season_sentence(event: SeasonEvent) -> str:
    """One event of a season as a sentence."""
    words = {key: _say_changes(value) if key == "changes" else _say(value) for key, value in event.detail.items()}
    return _(SEASON_SENTENCES[event.kind]).format_map({"by": event.by, **words})


def _say_changes(changes: list[list[str]]) -> str:
    said = _("{label} from {before} to {after}")
    return "; ".join(said.format(label=label, before=before, after=after) for label, before, after in changes)


def sentence(event: ResetEvent, role: str = "csm") -> str:
    """One event as a sentence for a person of this role."""
    words = {key: _say(value, key) for key, value in event.detail.items()}
    said = TO_THE_DISTRICT.get(event.kind) if role == "district_admin" else None
    return _(said or SENTENCES[event.kind]).format_map({"by": event.by, "of": "", "to": "", **words})


def quote(event: ResetEvent, role: str = "csm") -> str:
    """What the person gave as a reason, or an empty string; also where it is not for a person of this role."""
    if role == "district_admin" and event.kind in TO_THE_DISTRICT:
        return ""
    return str(event.detail.get("reason", ""))


def _event(kind: str, reset: Reset, by: object, at: datetime, detail: dict[str, Any]) -> dict[str, Any]:
    return {
        "reset_id": reset.pk,
        "district_id": reset.district_id,
        "district_name": reset.district.name,
        "kind": kind,
        "at": at,
        "by": str(by),
        "detail": {key: value.isoformat() if isinstance(value, date) else value for key, value in detail.items()},
    }


def _say(value: Any, key: str = "") -> str:
    """A fact in words; how many schools a run had was kept as words once, and is a number now."""
    if isinstance(value, int):
        return counted(value, "school") if key == "schools" else numbers(value)
    try:
        return spoken(date.fromisoformat(value))
    except (ValueError, TypeError):  # words, or a list that no sentence tells
        return str(value)


def words_of(kind: str) -> str:
    """A kind of rows in a CSM's words, such as "student accounts" for `student`."""
    return disposition.words_of(kind)
