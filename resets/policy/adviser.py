"""The date adviser: every day judged, the same in words, and what to do when no day would do."""

import calendar as months
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby

from .case import Case
from .cautions import rostering_gap
from .model import Advice, Calendar, Judgement, Range, Verdict, rule_ids
from .season import Policy
from .speech import gettext as _
from .survey import Survey
from .times import day_after
from .words import month_day, sentences, span, spoken


def judge(day: date, *, policy: Policy, calendar: Calendar, now: datetime, role: str = "csm") -> Judgement:
    """All that the rules say about one day for one district (W1 to W6, W10).

    `day` is a date in the district's zone, any that a date can hold; `now` a time with its zone; `role`
    is who asks, since some may leave the window. Raises ValueError for a time without a zone.
    """
    return Survey(Case.at(now, policy, calendar, role)).judge(day)


def advise(
    *,
    policy: Policy,
    calendar: Calendar,
    now: datetime,
    first: date | None = None,
    last: date | None = None,
    role: str = "csm",
) -> Advice:
    """The adviser's page for one district: every day from `first` to `last` judged, and the same in words.

    Without `first` and `last`: whole months, from the window's first to the one that holds every date
    that matters. Raises ValueError for a time without a zone.
    """
    survey = Survey(Case.at(now, policy, calendar, role))
    first, last = first or _first_shown(survey), last or _last_shown(survey)
    judged = tuple(survey.judge(first + timedelta(days=gap)) for gap in range((last - first).days + 1))
    return Advice(
        recommended=survey.recommended,
        export_day=survey.export_day,
        days=judged,
        ranges=tuple(_ranges(survey, judged)),
        remedies=remedies(survey),
        missing=calendar.missing,
        notes=_notes(policy),
        cautions=tuple(filter(None, (rostering_gap(survey.case),))),
    )


def _first_shown(survey: Survey) -> date:
    earliest = min((survey.case.policy.first_date, *survey.open_days[:1]))
    return earliest.replace(day=1)


def _last_shown(survey: Survey) -> date:
    """The end of the month that holds what matters: the month after the default at least."""
    case = survey.case
    dates = [day_after(case.default, 31), survey.recommended, case.calendar.rostering_starts]
    in_year = [day for day in dates if day and day.year == case.policy.year]
    last = max((*in_year, case.default))
    return last.replace(day=months.monthrange(last.year, last.month)[1])


def _notes(policy: Policy) -> tuple[str, ...]:
    weekend = (_("Weekends are refused (W1)."),) if policy.weekdays_only else ()
    holidays = (_("Federal holidays are refused (W1)."),) if policy.holidays != "none" else ()
    return weekend + holidays


def _ranges(survey: Survey, judged: Sequence[Judgement]) -> Iterator[Range]:
    """Runs of days with one verdict, one main reason and the same advice; days without resets break no run."""
    running = [each for each in judged if survey.case.policy.runs_on(each.day)]
    for (verdict, gist), group in groupby(running, key=_alike):
        days = list(group)
        first, last = days[0].day, days[-1].day
        rules = rule_ids(tuple(finding for each in days for finding in each.findings))
        label = span(first, last, survey.case.policy.year)
        if days[-1] is running[-1] and verdict == Verdict.REFUSED and not _opens_again(survey, last):
            label = _("{day} and after").format(day=month_day(first, survey.case.policy.year))
        yield Range(first, last, verdict, gist, rules, label)


def _alike(judged: Judgement) -> tuple[Verdict, str]:
    said = (judged.findings[0], *judged.warnings, *judged.others)
    return judged.verdict, sentences(*(each.gist for each in said))


def _opens_again(survey: Survey, day: date) -> bool:
    return bool(survey.open_days) and survey.open_days[-1] > day


def remedies(survey: Survey) -> tuple[str, ...]:
    """What a CSM can do where no day would do without a loss (W3, W4): empty where one is left."""
    if survey.free_days:
        return ()
    start = later_rostering_start(survey)
    if start is not None and (not survey.open_days or without_rostering(survey).free_days):
        return (move_rostering(survey, start),)
    return () if survey.open_days else (_season_is_over(survey),)


def later_rostering_start(survey: Survey, wanted: date | None = None) -> date | None:
    """The first day on which rostering could start so that a day before it would do (W3).

    `wanted` is the reset date to keep if it would do then. None: rostering is not what stands in the way.
    """
    starts = survey.case.calendar.rostering_starts
    if starts is None:
        return None
    free = without_rostering(survey)
    best = wanted if wanted in free.free_days else free.recommended or nearest_after(free, starts)
    return day_after(best) if best is not None and best >= starts else None


def without_rostering(survey: Survey) -> Survey:
    """The same district if its rostering started after the season's year, and so stood in nobody's way."""
    never = date(survey.case.policy.year + 1, 1, 1)
    calendar = replace(survey.case.calendar, rostering_starts=never)
    return Survey(replace(survey.case, calendar=calendar))


def nearest_after(survey: Survey, day: date) -> date | None:
    """The first day that is not refused from `day` on."""
    return next((each for each in survey.open_days if each >= day), None)


def move_rostering(survey: Survey, start: date) -> str:
    """The remedy of W3, or what is left of it once rostering has begun."""
    starts, year = survey.case.calendar.rostering_starts, survey.case.policy.year
    if starts is not None and starts <= survey.case.today:
        said = _("Put the reset on hold, or have the district take the new roster back and start on {day} or later.")
    elif survey.open_days:
        said = _("Every earlier day needs a reason: ask the district to start on {day} or later.")
    else:
        said = _("No earlier day is left: ask the district to start on {day} or later.")
    return said.format(day=spoken(start, year))


def _season_is_over(survey: Survey) -> str:
    case = survey.case
    if not any(case.policy.runs_on(day) for day in case.candidates):
        said = _("The window closes {day} and no day is left in it: the next season resets this district.")
        return said.format(day=survey.say(case.policy.closes_on))
    return _(
        "The default, {day}, is past and no session is known to end on or after it: "
        "enter a later session end if there is one, else the next season resets this district."
    ).format(day=survey.say(case.default))
