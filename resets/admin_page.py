"""A district admin's page: her reset in her words, one decision, and numbered steps of what she can do now."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts import educators
from districts.models import SchoolYear
from districts.moments import clock_time, moment
from districts.quantities import numbers
from exports.models import ExportFile
from resetportal import clock
from resets import answers, holds_page, last_export, policy, printed_words, proof_words, review_words, run_days
from resets.board import Entry
from resets.models import Answer, Reset, Status
from resets.policy import month_day

Words = dict[str, Any]


def heading(reset: Reset, *, is_on_hold: bool = False) -> str:
    """The page's title: what happens to her data, and when. `is_on_hold`: a records hold is open."""
    day = _say(reset.date, reset)
    if reset.status == Status.COMPLETED:
        return _was_reset(reset)
    if reset.status == Status.HELD:
        return _("Your reset of {day} is on hold.").format(day=day)
    if reset.is_working:
        return _("Your student data is being reset now.")
    if is_on_hold:
        return _("Nothing is reset while your records hold is open. The date is {day}.").format(day=day)
    return _("Your student data will be reset on {day}.").format(day=day)


def _was_reset(reset: Reset) -> str:
    days, year = run_days.of(reset), _this_year(reset)
    said = _("Your student data was reset on %(day)s.") % {"day": policy.spoken(days.day, year)}
    planned = _("It was planned for %(day)s.") % {"day": policy.spoken(days.planned, year)}
    return f"{said} {planned}" if days.is_late else said


def lead(entry: Entry, reset: Reset, *, today: date, can_set: bool) -> str:
    """What the title means for her, and what she can do about it."""
    csm = _csm(entry)
    if reset.status == Status.COMPLETED:
        return _after(entry, csm)
    if reset.status == Status.HELD:
        said = _("{csm} looks after it. Your data is all there.")
        if reset.is_destroyed:
            said = _("{csm} looks after it. Your data is deleted.")
        return said.format(csm=_start(csm))
    if reset.is_working:
        return _("All of your schools together. {csm} watches it; there is nothing for you to do.").format(
            csm=_start(csm)
        )
    if entry.hold:
        return holds_page.of_date(reset)
    if reset.answer == Answer.ASKS and reset.asked_for:
        asked, stands = _say(reset.asked_for, reset), _say(reset.date, reset)
        said = _("{who} asked for {asked}. {csm} answers; until then {stands} stands.")
        return said.format(who=reset.answered_by, asked=asked, csm=_start(csm), stands=stands)
    return _before(entry, reset, csm, today, can_set)


def _before(entry: Entry, reset: Reset, csm: str, today: date, can_set: bool) -> str:
    harm, when = _harm(entry), _when(reset.date, today)
    if harm:
        do = _("Choose another day.") if can_set else _("Ask for another day, and {csm} answers you.").format(csm=csm)
        return f"{when} {harm} {do}"
    return _("{when} All of your schools are reset together, and your nightly syncs pause from that day.").format(
        when=when
    )


def _after(entry: Entry, csm: str) -> str:
    if entry.is_waiting:
        return _(
            "Nothing of your students is left. Syncs stay paused until your new rosters are complete: tell {csm}."
        ).format(csm=csm)
    came = entry.district.counts.accounts
    if not came:
        return _("Nothing of your students is left, and your nightly syncs are on again.")
    return ngettext(
        "Last year’s students are deleted. {number} account of the new year is there, and your nightly syncs are on.",
        "Last year’s students are deleted. {number} accounts of the new year are there, and your nightly syncs are on.",
        came,
    ).format(number=numbers(came))


def milestones(reset: Reset, year: SchoolYear | None, *, today: date) -> list[Words]:
    """The dates of her season in their order: dicts of day, label, kind (today, reset, early, risk or plain)."""
    known: list[tuple[date | None, str, str]] = [
        (today, _("Today"), "today"),
        (run_days.of(reset).day, _("Reset") if reset.status != Status.SCHEDULED else _("Reset, as it stands"), "reset"),
    ]
    if year:
        ends = ((year.ends_on, _("School year ends")), (year.summer_ends_on, _("Summer session ends")))
        known += [(day, label, _end_kind(day, reset)) for day, label in ends]
        known.append((year.rostering_starts_on, _("Rostering starts"), _start_kind(year.rostering_starts_on, reset)))
        known.append((year.first_day_on, _("First day of school"), "plain"))
    order = {"reset": 1, "today": 0}
    dated = sorted(((day, order.get(kind, 2), label, kind) for day, label, kind in known if day))
    return [{"day": day, "label": label, "kind": kind} for day, _place, label, kind in dated]


def _end_kind(day: date | None, reset: Reset) -> str:
    return "early" if day and reset.is_editable and reset.is_default and day >= reset.date else "plain"


def _start_kind(day: date | None, reset: Reset) -> str:
    return "risk" if day and reset.is_editable and day <= reset.date else "plain"


def choices(entry: Entry, reset: Reset, *, can_set: bool) -> list[Words]:
    """Her one decision, while the day can still change: another day, or the day as it stands."""
    if reset.status != Status.SCHEDULED:
        return []
    is_better = bool(entry.clashes())
    another = _another(entry, is_better, can_set)
    if reset.answer in (Answer.KEEPS, Answer.AGREED) or not reset.is_default:
        return [another]
    return sorted((another, _keep(entry, reset, not is_better)), key=_first)


def answered(reset: Reset) -> str:
    """What was answered already, as a note; empty while the question is open."""
    day = _say(reset.date, reset)
    if reset.status != Status.SCHEDULED or reset.answer in (Answer.NONE, Answer.ASKS):
        return ""
    if reset.answer == Answer.TOLD:
        return answers.declined(reset)
    if reset.answer == Answer.KEEPS:
        return _("{answered_by} answered: {day} is right.").format(answered_by=reset.answered_by, day=day)
    return _("{day} is agreed. {who}").format(day=day, who=answers.agreed(reset))


def _first(choice: Words) -> bool:
    return not choice["recommended"]


def _another(entry: Entry, is_better: bool, can_set: bool) -> Words:
    name, code = ("resets:choose" if can_set else "resets:ask"), [entry.district.site_code]
    return {
        "title": _("Choose another day") if can_set else _("Ask for another day"),
        "text": _best(entry),
        "url": reverse(name, args=code),
        "submit": _("Choose a day"),
        "icon": "calendar",
        "recommended": is_better,
    }


def _best(entry: Entry) -> str:
    near = next((finding.nearest for finding in entry.clashes() if finding.nearest), None)
    starts = entry.calendar.rostering_starts
    days = _("The calendar shows every day.") if near else _("The calendar shows which days would do.")
    if starts:
        days = _("The calendar shows which days would do before {starts}, when rostering starts.")
        if near:
            days = _("The calendar shows every day before {starts}, when rostering starts.")
        days = days.format(starts=_in(starts, entry.year))
    said = _("{day} is the nearest day that would do.").format(day=_in(near, entry.year)) if near else ""
    return f"{said} {days}".strip()


def _keep(entry: Entry, reset: Reset, is_better: bool) -> Words:
    starts = clock_time(reset.due_from, reset.district.zone)
    together = _("The reset starts at {starts}, for all of your schools together.").format(starts=starts)
    return {
        "title": _("Keep {day}").format(day=_say(reset.date, reset)),
        "text": " ".join(filter(None, (together, _harm(entry), _("It cannot be undone.")))),
        "action": reverse("resets:keep", args=[entry.district.site_code]),
        "day": reset.date,
        "version": reset.version,
        "submit": _("Keep {day}").format(day=month_day(reset.date, reset.date.year)),
        "recommended": is_better,
    }


def _harm(entry: Entry) -> str:
    return " ".join(f"{finding.gist.rstrip('.')}." for finding in entry.clashes())


def steps(entry: Entry, reset: Reset) -> list[Words]:
    """What to do next, numbered; what is done keeps its tick."""
    found = list(_steps(entry, reset))
    open_ones = [step for step in found if not step.get("is_done")]
    return [step | {"number": None if step.get("is_done") else open_ones.index(step) + 1} for step in found]


def _steps(entry: Entry, reset: Reset) -> Iterator[Words]:
    code, missing = [entry.district.site_code], entry.calendar.missing
    yield {
        "title": _("Check your dates"),
        "text": f"{', '.join(missing).capitalize()}."
        if missing
        else _("The end of school, and when rostering starts."),
        "url": reverse("resets:dates", args=code),
        "submit": _("Enter the dates") if missing else _("Look again"),
        "is_done": not missing,
    }
    if not reset.is_destroyed:
        if export := proof_words.step(entry):
            yield export
        if reports := printed_words.step(entry):
            yield reports
        yield {
            "title": _("See what is deleted"),
            "text": _("School by school, in numbers. Keep a copy of what you need before the reset."),
            "url": reverse("resets:preview", args=code),
            "submit": _("See it"),
        }
    elif files := last_export.waiting(entry.district):
        yield _last_export(entry, files)
    yield _educators(entry, reset)
    yield _tell(entry, reset)


def _last_export(entry: Entry, files: list[ExportFile]) -> Words:
    names = get_text_list([file.get_product_display() for file in files], _("and"))
    until = moment(files[0].lasts_until, entry.district.zone) if files[0].lasts_until else ""
    return {
        "title": _("Download your last export"),
        "text": _(
            "{names}, made by the reset before anything was deleted. It is there until {until}, then removed."
        ).format(names=names, until=until),
        "url": reverse("resets:exports", args=[entry.district.site_code]),
        "submit": _("Go to your files"),
        "is_done": all(file.downloads.exists() for file in files),
    }


def _educators(entry: Entry, reset: Reset) -> Words:
    now = educators.reviewed(entry.district, reset.season.school_year, at=entry.at)
    address = reverse("resets:educators", args=[entry.district.site_code])
    return {"title": _("Review your educators"), "url": address, **review_words.step(now, entry.district.zone)}


def _tell(entry: Entry, reset: Reset) -> Words:
    title = _("Tell {entry} when your new data is ready").format(entry=_csm(entry))
    if entry.is_reset and not entry.is_waiting:
        return {"title": title, "text": _("Your nightly syncs are on again."), "is_done": True, "end": _("Done")}
    if reset.data_ready_at:
        told = _("{start} was told, and turns your syncs on again.").format(start=_start(_csm(entry)))
        return {"title": title, "text": told, "is_done": True, "end": _("Done")}
    starts = entry.calendar.rostering_starts
    said = _("Your nightly syncs stay paused until then.")
    if starts:
        since = _in(starts, entry.year)
        said = _("From {since}. Your nightly syncs stay paused until then.").format(since=since)
    step = {"title": title, "text": said}
    rosters = reverse("resets:rosters", args=[entry.district.site_code])
    return step | ({"url": rosters, "submit": _("Say it")} if entry.is_waiting else {"end": _("Not yet")})


def _start(words: str) -> str:
    """Words as a sentence begins with them."""
    return words[0].upper() + words[1:]


def _when(day: date, today: date) -> str:
    gap = (day - today).days
    return {0: _("That is today."), 1: _("That is tomorrow.")}.get(
        gap, _("That is in {gap} days.").format(gap=gap) if gap > 0 else ""
    )


def _csm(entry: Entry) -> str:
    return str(entry.district.csm) if entry.district.csm else _("your Customer Success Manager")


def _say(day: date, reset: Reset) -> str:
    return _in(day, _this_year(reset))


def _in(day: date, year: int) -> str:
    return policy.spoken(day, year)


def _this_year(reset: Reset) -> int:
    """A season opens in the summer before its year as well: its dates are then told with their year."""
    return clock.local_date(reset.district.zone, clock.now()).year
