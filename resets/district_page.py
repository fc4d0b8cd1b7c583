"""What the page of one district says: its checklist, key facts, people and history, in words."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts import educators
from districts.models import District, RosterSync, SchoolYear
from districts.moments import moment, zone_name
from districts.quantities import numbers
from resetportal import clock
from resets import answers, history, policy, printed_words, proof_words, review_words, syncs
from resets.board import Entry
from resets.models import Answer, Reset, ResetEvent, Status
from resets.policy import spoken

HISTORY = 50  # events on the page, the newest
FILLED = {"opened", "added", "date_set", "default_moved", "destroyed"}
STATES = {Status.COMPLETED: "done", Status.HELD: "held", Status.SCHEDULED: "next"}


def checklist(entry: Entry, reset: Reset, *, can_set: bool) -> list[dict[str, Any]]:
    """What is done and what is owed, as `components/checklist.html` takes it."""
    return [
        {"title": _("Answered"), **_answered(reset, can_set)},
        {"title": _("Dates known"), **dates_known(entry, can_set)},
        {"title": _("Export proven"), **proof_words.line(entry, reset)},
        {"title": _("Reports printed"), **printed_words.line(entry, reset)},
        {"title": _("Educators reviewed"), **_educators(entry, reset)},
        {"title": _("Reset"), **_run(reset)},
        {"title": _("Rostering complete"), **_rostering(entry, reset)},
    ]


def _answered(reset: Reset, can_set: bool) -> dict[str, Any]:
    when = _day_of(reset.answered_at, reset.district.zone) if reset.answered_at else ""
    if reset.answer == Answer.ASKS and reset.asked_for:
        asked = _("{answered_by} asked for {asked_for}").format(
            answered_by=reset.answered_by, asked_for=spoken(reset.asked_for)
        )
        if not reset.is_editable:
            return {
                "kind": "quiet",
                "text": _("{asked}; nobody answered before the reset.").format(asked=asked),
                "end": when,
            }
        text = _("{asked} and waits for an answer.").format(asked=asked)
        address = f"{reverse('resets:choose', args=[reset.district.site_code])}?day={reset.asked_for.isoformat()}"
        return {"kind": "asks", "text": text} | ({"end": _("Answer"), "end_url": address} if can_set else {"end": when})
    if reset.answer == Answer.KEEPS:
        return {
            "kind": "done",
            "text": _("{answered_by} keeps the default.").format(answered_by=reset.answered_by),
            "end": when,
        }
    if reset.answer == Answer.AGREED:
        return {
            "kind": "done",
            "text": answers.agreed(reset),
            "end": when,
        }
    if reset.is_editable:
        said = _("No answer yet. {person} set the date. Without one, {date} stands (W8).")
        if reset.is_default:
            said = _("No answer yet. Without one, {date} stands (W8).")
        if reset.status == Status.HELD:
            said = _("No answer yet. The reset is held, and no day stands before its date is chosen again.")
        return {"kind": "wait", "text": said.format(person=reset.date_set_by, date=spoken(reset.date))}
    return {"kind": "quiet", "text": _("The district did not answer.")}


def dates_known(entry: Entry, can_set: bool) -> dict[str, Any]:
    """Which of the dates that the rules need are there."""
    address = {"end_url": reverse("resets:dates", args=[entry.district.site_code])} if can_set else {}
    if entry.calendar.missing:
        words = ", ".join(entry.calendar.missing)
        return {"kind": "wait", "text": f"{words.capitalize()}.", "end": _("Enter") if can_set else "", **address}
    text = _("School year, summer session if there is one, and the start of rostering.")
    return {"kind": "done", "text": text, "end": _("Edit") if can_set else "", **address}


def _educators(entry: Entry, reset: Reset) -> dict[str, Any]:
    now = educators.reviewed(entry.district, reset.season.school_year, at=entry.at)
    address = reverse("resets:educators", args=[entry.district.site_code])
    return {"end": _("See them"), "end_url": address, **review_words.checklist_item(now, entry.district.zone)}


def _run(reset: Reset) -> dict[str, Any]:
    end = {"end": _("See the reset"), "end_url": reset.get_absolute_url()}
    kind = STATES.get(Status(reset.status), "now")
    if reset.status == Status.HELD:
        return {"kind": kind, "text": _("Held: {why}").format(why=reset.held_why), **end}
    if reset.completed_at:
        done = moment(reset.completed_at, reset.district.zone)
        return {"kind": kind, "text": _("Completed {done}. Counted again: nothing is left.").format(done=done), **end}
    if reset.is_working:
        return {
            "kind": kind,
            "text": _("{get_status_display}, now.").format(get_status_display=reset.get_status_display()),
            **end,
        }
    return {
        "kind": kind,
        "text": _("Begins {due_from}.").format(due_from=moment(reset.due_from, reset.district.zone)),
        **end,
    }


def _rostering(entry: Entry, reset: Reset) -> dict[str, Any]:
    end = {"end": _("See the rosters"), "end_url": reverse("resets:rosters", args=[entry.district.site_code])}
    if reset.rostering_completed_at:
        when = moment(reset.rostering_completed_at, reset.district.zone)
        return {
            "kind": "done",
            "text": _("{rostering_completed_by} said so {when}. Syncs are on again.").format(
                rostering_completed_by=reset.rostering_completed_by, when=when
            ),
        }
    if entry.is_waiting and reset.data_ready_at:
        when = moment(reset.data_ready_at, reset.district.zone)
        return {
            "kind": "asks",
            "text": _("{data_ready_by} said that the district’s data is ready, {when}.").format(
                data_ready_by=reset.data_ready_by, when=when
            ),
            **end,
        }
    if entry.is_waiting:
        return {"kind": "wait", "text": _("Syncs stay paused until somebody says so."), **end}
    if entry.is_reset:
        return {"kind": "done", "text": _("Not asked for: this season’s syncs came on again with the reset.")}
    starts = entry.calendar.rostering_starts
    said = _("Can be said after the reset. Turns the syncs back on.")
    if starts:
        said = _("Can be said after the reset. Turns the syncs back on. Rostering starts {starts}.")
    return {"kind": "next", "text": said.format(starts=spoken(starts) if starts else "")}


def key_facts(district: District, school_year: str) -> list[tuple[str, str]]:
    """The district in numbers and words. Reads its newest sync."""
    counts = district.counts
    return [
        (_("Schools"), numbers(counts.schools)),
        (_("Students"), numbers(counts.students)),
        (_("Classrooms"), numbers(counts.classrooms)),
        (_("Educators"), numbers(counts.educators)),
        (_("Products"), ", ".join(district.products)),
        (_("Rosters"), district.get_rostering_display()),
        (_("Last sync"), last_sync(district)),
        (_("Time zone"), f"{zone_name(district.zone)}, {district.zone}"),
        (_("School year"), school_year),
    ]


def last_sync(district: District) -> str:
    """The newest roster sync in words; its message names no student."""
    sync = RosterSync.objects.filter(district=district).first()
    if sync is None:
        return _("None yet")
    changed = sum(sum(kind.get(how, 0) for how in ("added", "changed", "removed")) for kind in sync.counts.values())
    outcome = syncs.ended(sync.outcome)
    if sync.outcome == RosterSync.Outcome.APPLIED:
        outcome = ngettext("{number} row changed", "{number} rows changed", changed).format(number=numbers(changed))
    return _("{when}: {what}").format(when=moment(sync.finished_at, district.zone), what=outcome)


def people(district: District) -> list[dict[str, str]]:
    """Whom to speak to: the CSM, and the district's admins."""
    vendor = [(district.csm, _("CSM"))] if district.csm else []
    admins = [(admin, _("District admin")) for admin in district.admins.all() if admin.is_active]
    return [
        {"name": each.name, "initials": each.initials, "about": ", ".join(filter(None, (what, each.email, each.phone)))}
        for each, what in (*vendor, *admins)
    ]


def events(district: District, role: str) -> list[dict[str, Any]]:
    """The district's history, newest first, as `components/history.html` takes it."""
    newest = ResetEvent.objects.filter(district_id=district.pk)[:HISTORY]
    return [
        {
            "text": history.sentence(event, role),
            "quote": history.quote(event, role),
            "when": moment(event.at, district.zone),
            "is_reset": event.kind in FILLED,
        }
        for event in newest
    ]


def in_days(day: date, today: date) -> str:
    """How far a day is ahead: `today`, `tomorrow`, `in 7 days`; empty for the past."""
    gap = (day - today).days
    ahead = ngettext("in {gap} day", "in {gap} days", gap).format(gap=gap) if gap > 0 else ""
    return {0: _("today"), 1: _("tomorrow")}.get(gap, ahead)


def year_of(entry: Entry) -> SchoolYear | None:
    """The district's dates of the entry's school year, the only one fetched with it."""
    return next(iter(entry.district.school_years.all()), None)


def dates_in_words(entry: Entry) -> list[tuple[str, str]]:
    """The district's dates of the school year, each known or missing."""
    year = year_of(entry) or SchoolYear()
    summer = _("None") if year.has_summer_session is False else _day_or(year.summer_ends_on)
    return [
        (_("School year ends"), _day_or(year.ends_on)),
        (_("Summer session ends"), summer),
        (_("Rostering starts"), _day_or(year.rostering_starts_on)),
        (_("First day of school"), _day_or(year.first_day_on)),
    ]


def _day_or(day: date | None) -> str:
    return spoken(day) if day else _("Missing")


def _day_of(at: datetime, zone: str) -> str:
    return policy.month_day(clock.local_date(zone, at))
