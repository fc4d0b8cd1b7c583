"""Opening a season and living with its defaults: W2's notice, who gets which date, who is at risk (W8)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from .adviser import later_rostering_start, move_rostering
from .case import Case
from .model import Calendar, Finding, Level
from .season import Policy
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
    ahead = f"{days((day - today).days)} ahead" if day > today else "past" if day < today else "today"
    gist = f"A season opens only while every default is at least {days(policy.opening_notice_days)} ahead."
    fits = near <= policy.closes_on
    cure = f"Nearest day: {spoken(near, policy.year)}." if fits else "No day of the window is that far ahead."
    sentence = sentences(f"The default {spoken(day, policy.year)} is {ahead}.", gist, cure)
    return Finding("W2", Level.REFUSE, sentence, (("default", day), ("today", today)), near if fits else None, gist)


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
    begun = starts <= survey.case.today
    gist = f"Rostering {'started' if begun else 'starts'} {survey.say(starts)}, {apart(starts, day)}"
    gist += ": students of the new year would be deleted with the old year's." if begun else ", and must come after it."
    near = survey.day_that_would_do(day)
    sentence = sentences(gist, _way_out(survey, day, near))
    return Finding("W3", Level.REFUSE, sentence, (("reset", day), ("rostering starts", starts)), near, gist)


def _session_risk(survey: Survey, day: date, name: str, end: date) -> Finding:
    gist = f"{name} ends {survey.say(end)}, {apart(end, day)}: students would lose work in progress."
    last = max(last for _, last in survey.case.calendar.session_ends)
    later = tuple(each for each in survey.open_days if each > last)
    near = nearest(day, survey.free_days) or nearest(day, later)
    sentence = sentences(gist, _way_out(survey, day, near))
    dates = (("reset", day), (f"{name.lower()} ends", end))
    return Finding("W6", Level.ACKNOWLEDGE, sentence, dates, near, gist)


def _way_out(survey: Survey, day: date, near: date | None) -> str:
    if near is not None:
        reason = "" if near in survey.free_days else " (with a reason)"
        return f"Nearest day that would do: {survey.say(near)}{reason}."
    start = later_rostering_start(survey, day)
    return move_rostering(survey, start) if start else "No day is left that would do."
