"""The rules of a reset date, one function a rule: each looks at one day of one case and finds or passes."""

from collections.abc import Callable
from datetime import date

from .case import Case
from .model import Finding, Level
from .season import FREE, SESSION_ONLY
from .speech import gettext as _
from .speech import ngettext
from .words import clock_hour, sentences, spoken

Rule = Callable[[Case, date], Finding | None]
Collision = tuple[str, date]


def outside_the_year(case: Case, day: date) -> Finding | None:
    """W4: a date outside the season's calendar year is refused."""
    if day.year == case.policy.year:
        return None
    year = case.policy.year
    gist = _("Outside {year}, the year of this season's resets.").format(year=year)
    said = _("{day} is outside {year}, the year of this season's resets.").format(day=_say(case, day), year=year)
    return _found("W4", Level.REFUSE, day, gist, said=said)


def past(case: Case, day: date) -> Finding | None:
    """W10: a past date is refused."""
    if day >= case.today:
        return None
    said = _("{day} is past: today is {today}.").format(day=_say(case, day), today=_say(case, case.today))
    return _found("W10", Level.REFUSE, day, _("Past."), ("today", case.today), said=said)


def run_begun(case: Case, day: date) -> Finding | None:
    """W10: today is refused once the district's own run hour has passed."""
    if day != case.today or not case.has_run_begun:
        return None
    began = _("The night's run began at {time}.").format(time=clock_hour(case.calendar.run_hour))
    said = sentences(_("{day} is today.").format(day=_say(case, day)), began)
    return _found("W10", Level.REFUSE, day, sentences(_("Today."), began), ("today", case.today), said=said)


def within_notice(case: Case, day: date) -> Finding | None:
    """W10: a day that leaves less notice than the policy asks for is refused."""
    if not case.today <= day < case.earliest or run_begun(case, day):
        return None
    notice = case.policy.lead_days
    gist = ngettext("Resets need {count} day of notice.", "Resets need {count} days of notice.", notice)
    gist = gist.format(count=notice)
    said = sentences(gist, _("Today is {day}.").format(day=_say(case, case.today)))
    return _found("W10", Level.REFUSE, day, gist, ("today", case.today), said=said)


def outside_the_window(case: Case, day: date) -> Finding | None:
    """W1: a date outside the window is refused, or needs a reason from a role that may leave it."""
    first, last = case.policy.first_date, case.policy.closes_on
    level = Level.ACKNOWLEDGE if case.role in case.policy.outside_window else Level.REFUSE
    if day < first:
        gist = _("Before the window opens, {day}.").format(day=_say(case, first))
        return _found("W1", level, day, gist, ("window opens", first))
    if day > last:
        gist = _("After the window closes, {day}.").format(day=_say(case, last))
        return _found("W1", level, day, gist, ("window closes", last))
    return None


def day_without_resets(case: Case, day: date) -> Finding | None:
    """W1: where resets run on weekdays only, a weekend or a holiday is refused."""
    if day.year != case.policy.year or case.policy.runs_on(day):
        return None
    holiday = case.policy.holiday(day)
    said, gist = _("{day} is a weekend."), _("Resets run on weekdays only.")
    if holiday:
        said, gist = _("{day} is {holiday}."), _("Resets do not run on federal holidays.")
    said = said.format(day=_say(case, day), holiday=holiday)
    return _found("W1", Level.REFUSE, day, gist, said=sentences(said, gist))


def rostering_started(case: Case, day: date) -> Finding | None:
    """W3: a date on or after the start of rostering is refused."""
    starts = case.calendar.rostering_starts
    if starts is None or day < starts:
        return None
    gist = _("Rostering starts {day}. The reset must come before it.").format(day=_say(case, starts))
    return _found("W3", Level.REFUSE, day, gist, ("rostering starts", starts))


def later_without_a_session(case: Case, day: date) -> Finding | None:
    """W4: a date after the default is refused to a district whose sessions end before it, a held one says why."""
    calls_for_later = case.has_late_session or case.calendar.sessions_unknown
    if case.policy.after_default != SESSION_ONLY or day <= case.default or calls_for_later:
        return None
    gist, level = _("No session ends on or after {day}, so nothing calls for a later day."), Level.REFUSE
    if case.was_held_over_default:
        gist = _("A records hold over the default, {day}, calls for a later day.")
        level = Level.ACKNOWLEDGE
    return _found("W4", level, day, gist.format(day=_say(case, case.default)), ("default", case.default), *_ends(case))


def session_in_progress(case: Case, day: date) -> Finding | None:
    """W6: a date on or before the end of a session needs a reason."""
    running = [(name, end) for name, end in case.calendar.session_ends if day <= end]
    if not running:
        return None
    gist = sentences(_until(case, dict(running)), _("Students would lose work in progress."))
    labelled = ((f"{name.lower()} ends", end) for name, end in running)
    return _found("W6", Level.ACKNOWLEDGE, day, gist, *labelled)


def _until(case: Case, running: dict[str, date]) -> str:
    said = _("School year runs until {school} and summer session runs until {summer}.")
    if len(running) == 1:
        one_year = "School year" in running
        said = _("School year runs until {school}.") if one_year else _("Summer session runs until {summer}.")
    days = {name.split()[0].lower(): _say(case, end) for name, end in running.items()}
    return said.format(**days)


def later_than_needed(case: Case, day: date) -> Finding | None:
    """W4: after a late session, a date past the first day that would do and the next needs a reason."""
    if not case.grace or day <= case.grace[-1] or case.policy.after_default == FREE:
        return None
    gist = _("Later than it needs to be. The rule is the earliest day after the session.")
    late = (day - case.grace[0]).days
    said = ngettext("{count} day later than it needs to be.", "{count} days later than it needs to be.", late)
    said = said.format(count=late)
    return _found("W4", Level.ACKNOWLEDGE, day, gist, *_ends(case), said=said)


def rostering_unknown(case: Case, day: date) -> Finding | None:
    """W3: while the start of rostering is unknown, every date needs a reason."""
    if case.calendar.rostering_starts is not None:
        return None
    return _found("W3", Level.ACKNOWLEDGE, day, _("Its rostering start is missing."))


def sessions_unknown(case: Case, day: date) -> Finding | None:
    """W4: while the end of a session is unknown, every date needs a reason."""
    if not case.calendar.sessions_unknown:
        return None
    return _found("W4", Level.ACKNOWLEDGE, day, _("Its session dates are missing."), *_ends(case))


def first_days_after_session(case: Case, day: date) -> Finding | None:
    """W4: the first day after a late session is the one to choose; the next leaves time for an export."""
    if day not in case.grace:
        return None
    gist = _("The first day after the last session.")
    if day != case.grace[0]:
        gist = _("The next day: it leaves time for an export with the session's last day in it.")
    return _found("W4", Level.ADVISE, day, gist, *_ends(case))


def sessions_over(case: Case, day: date) -> Finding | None:
    """W5: where all sessions end before the default it can stay; any other day after them is free."""
    if case.later_end is None or day <= case.later_end or day in case.grace or _is_too_late(case, day):
        return None
    gist = _over_by_then(both=len(case.calendar.session_ends) > 1, is_default=day == case.default)
    return _found("W5", Level.ADVISE, day, gist, ("default", case.default), *_ends(case))


def _is_too_late(case: Case, day: date) -> bool:
    return bool(later_than_needed(case, day) or later_without_a_session(case, day))


def _over_by_then(*, both: bool, is_default: bool) -> str:
    if is_default and both:
        return _("The default. Both sessions end before it, so it can stay.")
    if is_default:
        return _("The default. The school year ends before it, so it can stay.")
    if both:
        return _("Both sessions have ended by then. Free to choose.")
    return _("The school year has ended by then. Free to choose.")


# Within a level, the order in which findings are listed: what cannot be helped first.
RULES: tuple[Rule, ...] = (
    outside_the_year,
    past,
    rostering_started,
    outside_the_window,
    run_begun,
    within_notice,
    later_without_a_session,
    day_without_resets,
    session_in_progress,
    later_than_needed,
    rostering_unknown,
    sessions_unknown,
    first_days_after_session,
    sessions_over,
)
_WORST_FIRST = (Level.REFUSE, Level.ACKNOWLEDGE, Level.ADVISE)


def findings_on(case: Case, day: date) -> list[Finding]:
    """All that the rules find on a day, at least one thing, worst first; none knows the nearest day yet."""
    found = [finding for rule in RULES if (finding := rule(case, day))]
    return sorted(found, key=lambda finding: _WORST_FIRST.index(finding.level))


def _found(rule: str, level: Level, day: date, gist: str, *dates: Collision, said: str = "") -> Finding:
    return Finding(rule, level, said or gist, (("reset", day), *dates), None, gist)


def _ends(case: Case) -> list[Collision]:
    return [(f"{name.lower()} ends", end) for name, end in case.calendar.session_ends]


def _say(case: Case, day: date) -> str:
    return spoken(day, case.policy.year)
