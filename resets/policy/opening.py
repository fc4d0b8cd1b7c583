"""Opening a season and living with its defaults: W2's notice, who gets which date, who is at risk (W8)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from .adviser import later_rostering_start, move_rostering
from .case import Case
from .model import Calendar, Finding, Level
from .season import Policy
from .speech import gettext as _
from .speech import ngettext
from .survey import Survey, nearest
from .times import today_in
from .words import apart, days, sentences, spoken


def default_for(*, policy: Policy, calendar: Calendar, now: datetime) -> date | None:
    """The default that a district is given at `now`, or None once it is too late for it (W2).

    Never a past date, nor today once the run hour has passed, nor one within the policy's notice.
    """
    case = Case.at(now, policy, calendar)
    return case.default if case.default >= case.earliest else None


def opening(policy: Policy, *, now: datetime, zones: Iterable[str]) -> tuple[Finding, ...]:
    """Why the season may not open now: a finding for every default date less than the notice ahead (W2).

    `zones` are those of the districts that will get a date; the day is that of the one furthest ahead.
    """
    today = max((today_in(zone, now) for zone in zones), default=today_in("UTC", now))
    soonest = today + timedelta(days=policy.opening_notice_days)
    return tuple(_too_soon(policy, day, today, soonest) for day in policy.default_dates if day < soonest)


def _too_soon(policy: Policy, day: date, today: date, soonest: date) -> Finding:
    near = soonest
    while not policy.runs_on(near):
        near += timedelta(days=1)
    notice = days(policy.opening_notice_days)
    gist = _("A season opens only while every default is at least {days} ahead.").format(days=notice)
    fits = near <= policy.closes_on
    cure = _("Nearest day: {day}.") if fits else _("No day of the window is that far ahead.")
    sentence = sentences(_how_far(policy, day, today), gist, cure.format(day=spoken(near, policy.year)))
    return Finding("W2", Level.REFUSE, sentence, (("default", day), ("today", today)), near if fits else None, gist)


def _how_far(policy: Policy, day: date, today: date) -> str:
    ahead = (day - today).days
    said = ngettext("The default {day} is {count} day ahead.", "The default {day} is {count} days ahead.", ahead)
    if ahead <= 0:
        said = _("The default {day} is past.") if ahead else _("The default {day} is today.")
    return said.format(day=spoken(day, policy.year), count=ahead)


def risks(day: date, is_default: bool, *, policy: Policy, calendar: Calendar, now: datetime) -> tuple[Finding, ...]:
    """What goes wrong on `day` unless somebody acts (W8): worst first, empty when nothing does.

    A default is at risk when it breaks W3 or W6; a chosen date when it breaks W3, since a CSM gave her
    reason for the rest. Missing dates are no risk; `Calendar.missing` lists them.
    """
    survey = Survey(Case.at(now, policy, calendar))
    found = [_rostering_risk(survey, day)] if _breaks_w3(day, calendar) else []
    ends = calendar.session_ends if is_default else ()
    found += [_session_risk(survey, day, name, end) for name, end in ends if day <= end]
    return tuple(found)


def is_at_risk(day: date, is_default: bool, *, calendar: Calendar) -> bool:
    """Whether `risks` would find anything, without looking for a better day: for lists of districts."""
    late = is_default and any(day <= end for _, end in calendar.session_ends)
    return late or _breaks_w3(day, calendar)


def _breaks_w3(day: date, calendar: Calendar) -> bool:
    return calendar.rostering_starts is not None and day >= calendar.rostering_starts


def _rostering_risk(survey: Survey, day: date) -> Finding:
    starts = survey.case.calendar.rostering_starts or day
    said = _("Rostering starts {day}, {apart}, and must come after it.")
    if starts <= survey.case.today:
        said = _("Rostering started {day}, {apart}: students of the new year would be deleted with the old year's.")
    if starts <= survey.case.today == day:  # one that was kept from its own day could run today at the soonest
        said = _("Rostering started {day}: students of the new year would be deleted with the old year's.")
    gist = said.format(day=survey.say(starts), apart=apart(starts, day))
    near = survey.day_that_would_do(day)
    sentence = sentences(gist, _way_out(survey, day, near))
    return Finding("W3", Level.REFUSE, sentence, (("reset", day), ("rostering starts", starts)), near, gist)


def _session_risk(survey: Survey, day: date, name: str, end: date) -> Finding:
    said = _("School year ends {day}, {apart}: students would lose work in progress.")
    if name == "Summer session":
        said = _("Summer session ends {day}, {apart}: students would lose work in progress.")
    gist = said.format(day=survey.say(end), apart=apart(end, day))
    last = max(last for _, last in survey.case.calendar.session_ends)
    later = tuple(each for each in survey.open_days if each > last)
    near = nearest(day, survey.free_days) or nearest(day, later)
    sentence = sentences(gist, _way_out(survey, day, near))
    dates = (("reset", day), (f"{name.lower()} ends", end))
    return Finding("W6", Level.ACKNOWLEDGE, sentence, dates, near, gist)


def _way_out(survey: Survey, day: date, near: date | None) -> str:
    if near is not None:
        said = _("Nearest day that would do: {day} (with a reason).")
        said = _("Nearest day that would do: {day}.") if near in survey.free_days else said
        return said.format(day=survey.say(near))
    start = later_rostering_start(survey, day)
    return move_rostering(survey, start) if start else _("No day is left that would do.")
