"""A season's policy: the rules of one year as data, with what makes a policy consistent."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, timedelta
from typing import Any, Self

from .speech import gettext as _
from .words import spoken
from .workdays import federal_holiday

SINGLE, CLOSEST = "single", "closest_to_last_reset"
SESSION_ONLY, EARLIEST_DAY, FREE = "session_only", "earliest_day", "free"
NO_HOLIDAYS, US_FEDERAL = "none", "us_federal"
ROSTERING_COMPLETE, RESET_COMPLETE = "rostering_complete", "reset_complete"

CHOICES = {
    "default_assignment": (SINGLE, CLOSEST),
    "after_default": (SESSION_ONLY, EARLIEST_DAY, FREE),
    "holidays": (NO_HOLIDAYS, US_FEDERAL),
    "resumes_on": (ROSTERING_COMPLETE, RESET_COMPLETE),
}
ALWAYS_SETTERS = frozenset({"csm", "csm_lead"})
POSSIBLE_SETTERS = ALWAYS_SETTERS | {"district_admin"}
YEARS = range(2000, 3000)


class PolicyError(ValueError):
    """A policy that cannot be. `problems` are (field, sentence with the cure) pairs, at least one."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{name}: {cure}" for name, cure in problems))

    @property
    def field(self) -> str:
        """The first field that is wrong."""
        return self.problems[0][0]


@dataclass(frozen=True)
class Policy:
    """One season's rules. Dates are local to each district. Raises PolicyError if it contradicts itself.

    `year` is the calendar year of the resets (W4). `default_dates` in order; more than one only when a
    district gets the `closest_to_last_reset` (W2). The window is `first_date` to `last_date` (W1), to the
    year's end when that is None. `after_default` (W4): `session_only` refuses a later day to a district
    whose sessions end before its default; `earliest_day` refuses nothing, but asks for a reason where a
    late session ended days ago; `free` asks for nothing. `lead_days` of notice (W10). `setters`: roles
    that may set a date (W9); `outside_window`: those of them that may leave the window, with a reason (W1).
    Files that a district makes end after `export_hours`; a last export, which the run makes, after `last_export_hours`.
    """

    school_year: str
    year: int
    default_dates: tuple[date, ...]
    default_assignment: str
    first_date: date
    last_date: date | None
    after_default: str
    weekdays_only: bool
    holidays: str
    lead_days: int
    setters: frozenset[str]
    resumes_on: str
    requires_export_proof: bool
    opening_notice_days: int = 14
    export_hours: int = 24
    last_export_hours: int = 72
    outside_window: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        problems = tuple(_problems(self))
        if problems:
            raise PolicyError(problems)

    @property
    def closes_on(self) -> date:
        """The last day of the window."""
        return self.last_date or date(self.year, 12, 31)

    def runs_on(self, day: date) -> bool:
        """Whether resets run on that day of the week and of the year (W1)."""
        return not (self.weekdays_only and day.weekday() > 4) and not self.holiday(day)

    def holiday(self, day: date) -> str | None:
        """The holiday on which no reset runs, by name, or None."""
        return federal_holiday(day) if self.holidays == US_FEDERAL else None

    def moved_to(self, year: int) -> "Policy":
        """The same rules in another year.

        February 29 becomes the 28th in a year without it; a default that falls on a day without resets
        becomes the nearest day with them inside the window, the earlier of two. Raises PolicyError for a year
        before 2000 or after 2999.
        """
        if year not in YEARS:
            raise PolicyError((_wrong_year(),))
        data = self.to_data()
        data["first_date"] = same_day_in(year, self.first_date).isoformat()
        data["last_date"] = self.last_date and same_day_in(year, self.last_date).isoformat()
        data["default_dates"] = [day.isoformat() for day in self._defaults_in(year)]
        data |= {"year": year, "school_year": school_year_ending(year)}
        return Policy.from_data(data)

    def _defaults_in(self, year: int) -> list[date]:
        first, last = same_day_in(year, self.first_date), same_day_in(year, self.closes_on)
        moved = (same_day_in(year, day) for day in self.default_dates)
        return sorted({_nearest_running(self, day, first, last) for day in moved})

    def to_data(self) -> dict[str, Any]:
        """The policy as JSON can hold it; `from_data` reads it back."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The policy that `to_data` wrote, or a person. Raises PolicyError naming the fields and cures."""
        values: dict[str, Any] = {}
        problems = [(name, _("is not a field of a policy: take it out.")) for name in data if name not in _READ]
        for each in fields(cls):
            try:
                if each.name in data:
                    values[each.name] = _READ[each.name](data[each.name])
                elif each.default is MISSING and each.default_factory is MISSING:
                    problems.append((each.name, _("is missing: add it.")))
            except ValueError as error:
                problems.append((each.name, str(error)))
        if problems:
            raise PolicyError(tuple(problems))
        return cls(**values)


def same_day_in(year: int, day: date) -> date:
    """The same month and day in another year; February 29 becomes the 28th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def school_year_ending(year: int) -> str:
    """`2026-27` for 2027."""
    return f"{year - 1}-{year % 100:02d}"


def _nearest_running(policy: Policy, day: date, first: date, last: date) -> date:
    near = sorted(range(-14, 15), key=lambda gap: (abs(gap), gap))
    days = (day + timedelta(days=gap) for gap in near)
    return next((each for each in days if first <= each <= last and policy.runs_on(each)), day)


def _wrong_year() -> tuple[str, str]:
    return "year", _("must be from {first} to {last}.").format(first=YEARS[0], last=YEARS[-1])


def _problems(policy: Policy) -> Iterator[tuple[str, str]]:
    if policy.year not in YEARS:
        yield _wrong_year()
        return
    if policy.school_year != school_year_ending(policy.year):
        said = _('must be the one that ends in {year}: "{school_year}".')
        yield "school_year", said.format(year=policy.year, school_year=school_year_ending(policy.year))
    for name, choices in CHOICES.items():
        if getattr(policy, name) not in choices:
            yield name, _("must be one of {choices}.").format(choices=", ".join(choices))
    yield from _window_problems(policy)
    yield from _default_problems(policy)
    yield from _notice_problems(policy)
    yield from _people_problems(policy)


def _window_problems(policy: Policy) -> Iterator[tuple[str, str]]:
    for name in ("first_date", "last_date"):
        day = getattr(policy, name)
        if day is not None and day.year != policy.year:
            yield name, _("must lie in {year}, the year of the resets.").format(year=policy.year)
    if policy.closes_on < policy.first_date:
        said = _("must not come before the first date, {day}.")
        yield "last_date", said.format(day=spoken(policy.first_date))


def _default_problems(policy: Policy) -> Iterator[tuple[str, str]]:
    days = policy.default_dates
    if not days:
        yield "default_dates", _("must hold at least one date.")
    if list(days) != sorted(set(days)):
        yield "default_dates", _("must be in order, each date once.")
    if policy.default_assignment == SINGLE and len(days) > 1:
        yield "default_dates", _("must hold one date, or be assigned by {way}.").format(way=CLOSEST)
    for day in days:
        if not policy.first_date <= day <= policy.closes_on:
            yield "default_dates", _("{day} must lie inside the window.").format(day=spoken(day))
        elif not policy.runs_on(day):
            yield "default_dates", _("{day} must be a day on which resets run.").format(day=spoken(day))


def _notice_problems(policy: Policy) -> Iterator[tuple[str, str]]:
    if not 0 <= policy.lead_days <= 60:
        yield "lead_days", _("must be from {first} to {last}.").format(first=0, last=60)
    if not max(policy.lead_days, 1) <= policy.opening_notice_days <= 120:
        yield "opening_notice_days", _("must be from 1 to 120, and at least the lead days.")
    for name, most in (("export_hours", 24 * 14), ("last_export_hours", 24 * 14)):
        if not 1 <= getattr(policy, name) <= most:
            yield name, _("must be from {first} to {last}.").format(first=1, last=most)


def _people_problems(policy: Policy) -> Iterator[tuple[str, str]]:
    if not ALWAYS_SETTERS <= policy.setters <= POSSIBLE_SETTERS:
        yield "setters", _("must hold csm and csm_lead, and may add district_admin.")
    if not policy.outside_window <= policy.setters:
        yield "outside_window", _("must be roles that may set a date.")


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | frozenset):
        return sorted(_plain(each) for each in value)
    return value


def _date(value: Any) -> date:
    # Only this spelling: Python itself also reads 20270728 and 2027-W30-3.
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError(_("must be a date such as 2027-07-28."))
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(
            _("{day} is no date of the calendar: write one such as 2027-07-28.").format(day=value)
        ) from None


def _last_date(value: Any) -> date | None:
    return None if value is None else _date(value)


def _each(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(_("must be a list."))
    return value


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(_("must be a whole number."))
    return value


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("must be true or false."))
    return value


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(_("must be a word."))
    return value


def _words(value: Any) -> frozenset[str]:
    return frozenset(_word(each) for each in _each(value))


_READ: dict[str, Callable[[Any], Any]] = {
    "school_year": _word,
    "year": _whole,
    "default_dates": lambda value: tuple(_date(each) for each in _each(value)),
    "default_assignment": _word,
    "first_date": _date,
    "last_date": _last_date,
    "after_default": _word,
    "weekdays_only": _yes_or_no,
    "holidays": _word,
    "lead_days": _whole,
    "setters": _words,
    "resumes_on": _word,
    "requires_export_proof": _yes_or_no,
    "opening_notice_days": _whole,
    "export_hours": _whole,
    "last_export_hours": _whole,
    "outside_window": _words,
}
