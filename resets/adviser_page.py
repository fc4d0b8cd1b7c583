"""What the date adviser shows for one district: the day looked at, the note above it, and what will happen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import District
from districts.moments import clock_time, moment
from districts.quantities import counted, numbers
from resetportal import clock
from resets import answers, counting, holds_page, opening, permitted, policy, services
from resets.calendars import calendar_of, with_other_resets
from resets.models import Answer, Hold, Reset, Season
from resets.policy import Advice, Calendar, Finding, Judgement, Policy, spoken
from resets.policy.words import listed

SATURDAY = 5


@dataclass(frozen=True)
class AdviserPage:
    """One person's look at one district's reset date. `reset` is None for a district that has no date yet."""

    district: District
    season: Season
    reset: Reset | None
    role: str
    at: datetime

    @cached_property
    def rules(self) -> Policy:
        return self.season.rules

    @cached_property
    def calendar(self) -> Calendar:
        year = self.season.school_year
        return with_other_resets(calendar_of(self.district, year), self.district, year)

    @cached_property
    def today(self) -> date:
        return clock.local_date(self.district.zone, self.at)

    @cached_property
    def hold(self) -> Hold | None:
        """The district's open records hold."""
        return next((held for held in self.district.holds.all() if held.ended_at is None), None)

    @cached_property
    def advice(self) -> Advice:
        return policy.advise(policy=self.rules, calendar=self.calendar, now=self.at, role=self.role)

    @cached_property
    def default(self) -> date:
        return policy.assigned_default(self.rules, self.calendar)

    @cached_property
    def risks(self) -> tuple[Finding, ...]:
        """W8: what goes wrong on the date as it stands."""
        return self.risks_on(self.reset) if self.reset else ()

    def risks_on(self, reset: Reset) -> tuple[Finding, ...]:
        return policy.risks(reset.date, reset.is_default, policy=self.rules, calendar=self.calendar, now=self.at)

    @property
    def csm(self) -> str:
        return str(self.district.csm or _("a CSM lead"))

    @property
    def may_not_set(self) -> Finding | None:
        """W9: why this person may not set the date."""
        return policy.may_set(self.role, policy=self.rules, csm=self.csm)

    @property
    def obstacle(self) -> str:
        """Why no date can be set now, whoever asks; empty when one can."""
        if self.reset:
            return permitted.obstacle_to("choose", self.reset)
        return str(opening.EARLIER) if self.earlier else ""

    @cached_property
    def earlier(self) -> Reset | None:
        """The reset of an earlier season that keeps the district without a date, as it is not over."""
        rows = Reset.objects.filter(district=self.district).unfinished_before(self.season)
        return None if self.reset else rows.first()

    @property
    def request(self) -> date | None:
        """The day that the district asked for and has no answer to yet."""
        asks = self.reset is not None and self.reset.answer == Answer.ASKS
        return self.reset.asked_for if asks and self.reset else None

    @property
    def first_look(self) -> date:
        """The day that is shown before one is chosen: what was asked for, the date if it can stay, the best day."""
        if self.request:
            return self.request
        stands = self.reset is not None and self.reset.date >= self.today and not self.risks
        if self.reset and stands:
            return self.reset.date
        return self.advice.recommended or self.default

    def judge(self, day: date) -> Judgement:
        return policy.judge(day, policy=self.rules, calendar=self.calendar, now=self.at, role=self.role)

    def keeps_default(self, day: date) -> bool:
        """Whether this is the default that it has: choosing it is an answer, not another date (W9)."""
        return self.reset is not None and self.reset.is_default and answers.is_its_day(self.reset, day)

    @property
    def must_answer_first(self) -> bool:
        """Whether the district waits for an answer, so that its vendor's people do not keep the default for it."""
        of_vendor = self.role != "district_admin"
        return self.reset is not None and bool(permitted.obstacle_to_keeping(self.reset, of_vendor=of_vendor))

    def put(self, day: date, *, by: Any, reason: str, version: int | None) -> Reset:
        """Sets the date, or gives the district its first. Raises what `services.schedule` and `add_district` do."""
        if self.reset:
            return services.schedule(reset=self.reset, to=day, by=by, at=self.at, reason=reason, version=version)
        return opening.add_district(
            season=self.season, district=self.district, to=day, by=by, at=self.at, reason=reason
        )


def rows() -> QuerySet[District]:
    """Districts with all that the adviser reads of them."""
    return District.objects.select_related("csm", "gate", "counts").prefetch_related(
        "school_years__other_resets", "holds"
    )


def page_of(district: District, user: Any, *, at: datetime) -> AdviserPage | None:
    """The adviser for one person and district; None while no season is open."""
    season = opening.season_now()
    if season is None:
        return None
    return AdviserPage(district, season, reset_of(district, season), str(user.role), at)


def reset_of(district: District, season: Season) -> Reset | None:
    """The district's reset of a season, as the database has it now."""
    return Reset.objects.filter(season=season, district=district).first()


def context(page: AdviserPage, day: date) -> dict[str, Any]:
    """What both adviser pages show, whoever looks: the grid, the same in words, the day, its line."""
    judgement = page.judge(day)
    return {
        "district": page.district,
        "reset": page.reset,
        "hold_note": holds_page.note(page.hold, page.today),
        "advice": page.advice,
        "today": page.today,
        "chosen": day,
        "labels": labels(page),
        "marks": marks(page),
        "named_days": sorted(marks(page).items()),
        "judgement": judgement,
        "line": line(page, day),
        "demo_zone": page.district.zone,
        "version": page.reset.version if page.reset else None,
        "preview_url": reverse("resets:preview", args=[page.district.site_code]),
        "dates_url": reverse("resets:dates", args=[page.district.site_code]),
        "missing": capfirst(listed(page.calendar.missing)),
    }


def labels(page: AdviserPage) -> dict[date, str]:
    """The words on the edges of days to come: the window's first, the default, the date it has, rostering."""
    found = {page.rules.first_date: _("opens")} if page.rules.first_date > page.today else {}
    found[page.default] = _("default")
    if page.reset and not page.reset.is_default:
        found[page.reset.date] = _("reset")
    if page.calendar.first_day:
        found[page.calendar.first_day] = _("school")
    if page.calendar.rostering_starts:
        found[page.calendar.rostering_starts] = _("rostering")
    return {day: word for day, word in found.items() if day >= page.today}


def marks(page: AdviserPage) -> dict[date, list[str]]:
    """What else the days of the grid are: a weekday holiday, the first day of school, another product's reset."""
    found: dict[date, list[str]] = {}
    for day, name in _named_days(page):
        if day >= page.today:
            found.setdefault(day, []).append(name)
    return found


def _named_days(page: AdviserPage) -> Iterator[tuple[date, str]]:
    shown = {one.day for one in page.advice.days}
    for day in sorted(shown):
        holiday = policy.federal_holiday(day) if day.weekday() < SATURDAY else None
        if holiday:
            yield day, holiday
    if page.calendar.first_day in shown and page.calendar.first_day:
        yield page.calendar.first_day, _("First day of school")
    for product, day in page.calendar.other_resets:
        if day in shown:
            yield day, _("%(product)s is reset") % {"product": product}


def line(page: AdviserPage, day: date) -> dict[str, Any] | None:
    """Facts for the small timeline; None for a day of another year, which no line could hold."""
    if day.year != page.rules.year or not (page.calendar.session_ends or page.calendar.rostering_starts):
        return None
    label, ends = max(page.calendar.session_ends, key=lambda one: one[1], default=("", None))
    return {
        "chosen": day,
        "session_ends": ends,
        "session_label": {"School year": _("School year"), "Summer session": _("Summer session")}.get(label, ""),
        "rostering_starts": page.calendar.rostering_starts,
        "recommended": page.advice.recommended,
    }


def note(page: AdviserPage) -> dict[str, str] | None:
    """The note on top: at risk, asked for, or both; None when nobody waits for anything."""
    asked = _asked(page)
    if page.reset and page.risks and not page.obstacle:
        title = _("At risk on {date} (default).") if page.reset.is_default else _("At risk on {date} (chosen).")
        title = title.format(date=spoken(page.reset.date, page.rules.year))
        return {"kind": "stop", "title": title, "text": " ".join(one.gist for one in page.risks), "detail": asked}
    return {"kind": "wait", "title": "", "text": asked, "detail": ""} if asked else None


def _asked(page: AdviserPage) -> str:
    if page.reset is None or page.request is None or page.reset.answered_at is None:
        return ""
    when = moment(page.reset.answered_at, page.district.zone)
    why = f"“{page.reset.asked_why}”" if page.reset.asked_why else _("No reason was given.")
    day = spoken(page.request, page.rules.year)
    return _("{answered_by} asked for {day} and is waiting for your answer since {when}. {why}").format(
        answered_by=page.reset.answered_by, day=day, when=when, why=why
    )


def consequences(page: AdviserPage, day: date) -> list[dict[str, str]]:
    """What will happen if the reset runs on `day`, with what the district holds now."""
    held = counting.headline(page.district)
    starts = policy.starts_at(day, page.calendar)
    begins = f"{spoken(day, page.rules.year)}, {clock_time(starts, page.district.zone)}"
    schools = ngettext("{number} school,", "{number} schools together,", held["school"])
    told = [_deleted(schools.format(number=numbers(held["school"])), begins, held), _kept(held), _paused(page, day)]
    told = ([_only_after_the_hold()] if page.hold else []) + told
    return told + ([_answer(page)] if page.request else [])


def _only_after_the_hold() -> dict[str, str]:
    text = _("Open on that day, it stops the reset: nothing is deleted, and the date is chosen again.")
    return {"icon": "bars", "lead": _("Only if the records hold has ended by then."), "text": text}


def _deleted(lead: str, begins: str, held: dict[str, int]) -> dict[str, str]:
    students, classrooms = counted(held["student"], "student account"), counted(held["classroom"], "classroom")
    text = _("{begins}. {students}, {classrooms} and all academic data are deleted. This cannot be undone.").format(
        begins=begins, students=students, classrooms=classrooms
    )
    return {"icon": "trash", "lead": lead, "text": text}


def _kept(held: dict[str, int]) -> dict[str, str]:
    kept = (
        counted(held["educator"], "educator"),
        counted(held["school"] + 1, "organization"),
        counted(held["pathway"], "pathway definition"),
    )
    return {"icon": "archive", "lead": _("Kept:"), "text": f"{', '.join(kept)}."}


def _paused(page: AdviserPage, day: date) -> dict[str, str]:
    midnight = clock_time(policy.pauses_at(day, page.calendar), page.district.zone)
    text = _("from {day}, {midnight} until rostering is complete.")
    if page.rules.resumes_on == "reset_complete":
        text = _("from {day}, {midnight} until the reset is completed.")
    text = text.format(day=policy.month_day(day, page.rules.year), midnight=midnight)
    return {"icon": "sync", "lead": _("Syncs pause"), "text": text}


def _answer(page: AdviserPage) -> dict[str, str]:
    who = page.reset.answered_by if page.reset else ""
    return {
        "icon": "speech",
        "lead": str(who),
        "text": _("gets the answer as a letter, and the request is closed."),
    }
