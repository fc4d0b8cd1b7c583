"""The history: one event a change, only ever added, told as sentences. Holds no name of a student."""

from datetime import date, datetime
from typing import Any

from districts import disposition
from districts.models import District
from resets.models import Reset, ResetEvent, Season, SeasonEvent
from resets.policy import spoken

NO_RESET = 0  # in an event's `reset_id`: no reset has it

SENTENCES = {
    "opened": "The season opened. The reset is on {to}, the default.",
    "added": "The reset was put on {to}.",
    "date_set": "{by} moved the reset from {of} to {to}.",
    "default_moved": "{by} changed the season's default: the reset moved from {of} to {to}.",
    "dates_set": "{by} changed the dates: {changes}.",
    "kept_default": "{by} keeps {to}.",
    "asked": "{by} asked for {to}.",
    "last_export_chosen": "{by} chose a last export: the run makes it before anything is deleted.",
    "last_export_dropped": "{by} wants no last export any more: no file outlives the reset.",
    "last_export_made": "The last export was made: {files}. The district has it for {hours} hours after the reset.",
    "stopped": "{by} stopped the reset.",
    "started": "The run began. Syncs are paused.",
    "counted": "{rows} rows of {schools} were counted.",
    "destroyed": "{rows} rows of {schools} were deleted in one transaction.",
    "verified": "Counted again, independently: nothing is left, and everything that is kept is there.",
    "completed": "The reset is completed. Syncs stay paused until rostering is complete.",
    "held": "The reset is held: {why}",
    "tried_again": "{step} is tried again, attempt {attempt}. The one before ended by {error}.",
    "retried": "{by} had the run tried again.",
    "released": "{by} released the reset.",
    "hold_placed": "{by} put the district on a records hold.",
    "hold_placed_until": "{by} put the district on a records hold until {to}.",
    "hold_extended": "{by} extended the records hold to {to}.",
    "hold_ended": "{by} ended the records hold.",
    "night_paused": "{by} paused the night of {to}: no further reset begins.",
    "night_resumed": "{by} let the night of {to} go on.",
    "educators_reviewed": "{by} reviewed the educators: {kept} kept, {deactivated} deactivated.",
    "data_ready": "{by} said that the district's new data is ready.",
    "resumed": "Rostering is complete. Syncs are on again.",
    "question_asked": "{by} asked a question.",
    "question_answered": "{by} answered the district's question.",
    "declined": "{by} answered the request for {to}: the reset stays on {of}.",
    "letter_sent": "“{subject}” was sent to {to}.",
    "letter_stopped": "“{subject}” was not sent: {why}",
    "letter_bounced": "“{subject}” did not reach {to}.",
    "contact_added": "{by} added {name} to the contacts.",
    "contact_changed": "{by} changed the contact {name}.",
    "contact_letters": "{by} put {name} among those who get the season's letters.",
    "contact_no_letters": "{by} took {name} from those who get the season's letters.",
    "contact_removed": "{by} removed {name} from the contacts.",
    "reassigned": "{by} gave the district to {csm}. Before, {former} looked after it.",
    "resumed_by_policy": "Syncs are on again, as the season's policy says.",
}

SEASON_SENTENCES = {
    "drafted": "{by} drafted the season from {source}.",
    "opened": "{by} opened the season. Districts that got their default: {districts}.",
    "changed": "{by} changed the rules: {changes}. Resets that moved: {moved}.",
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
    return SEASON_SENTENCES[event.kind].format_map({"by": event.by, **words})


def _say_changes(changes: list[list[str]]) -> str:
    return "; ".join(f"{label} from {before} to {after}" for label, before, after in changes)


def sentence(event: ResetEvent) -> str:
    """One event as a sentence for a CSM."""
    words = {key: _say(value) for key, value in event.detail.items()}
    return SENTENCES[event.kind].format_map({"by": event.by, "of": "", "to": "", **words})


def quote(event: ResetEvent) -> str:
    """What the person gave as a reason, or an empty string."""
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


def _say(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    try:
        return spoken(date.fromisoformat(value))
    except (ValueError, TypeError):  # words, or a list that no sentence tells
        return str(value)


def words_of(kind: str) -> str:
    """A kind of rows in a CSM's words, such as "student accounts" for `student`."""
    return disposition.words_of(kind)
