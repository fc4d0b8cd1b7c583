"""A district's season as the drawn time line takes it: sessions, the reset, the pause, the new year."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from districts.models import Gate, SchoolYear
from districts.moments import clock_time
from exports.proof import Proof
from resetportal import clock
from resets import permitted, run_days
from resets.board import Entry
from resets.models import Reset, Status
from resets.policy import month_day, spoken

FOR_ITS_LABEL = timedelta(days=9)  # of the school year, so that its bar can say what it is


def facts(reset: Reset, year: SchoolYear | None, gate: Gate, *, today: date) -> dict[str, Any]:
    """Plain data for `{% season_timeline %}`, all dates local to the district; an unknown date is left out."""
    first, last = _span(reset, year)
    return {
        "first": first,
        "last": last,
        "today": today,
        "sessions": _sessions(year) if year else [],
        "default": _default(reset),
        "reset": _reset(reset),
        "paused": _paused(reset, gate),
        "new_year": _new_year(year, reset) if year else [],
    }


def records(entry: Entry, reset: Reset) -> list[dict[str, Any]]:
    """The marks of the lane *Records*: exports that were made, the one that is owed, and a records hold's end."""
    marks = list(_made(entry, reset))
    if reset.is_editable and entry.unproven and entry.today < reset.date:
        due, through = reset.date - timedelta(days=1), reset.date - timedelta(days=2)
        said = {
            "label": _("Export due {due}").format(due=_day(due, reset)),
            "detail": _("can hold work up to {through}").format(through=_month_day(through, reset)),
        }
        marks.append({"at": due, "tone": "quiet", **said})
    if entry.hold and entry.hold.ends_on:
        ends = entry.hold.ends_on
        marks.append(
            {
                "at": ends,
                "tone": "hold",
                "label": _("Records hold"),
                "detail": _("to end {ends}").format(ends=_day(ends, reset)),
            }
        )
    return marks


def _made(entry: Entry, reset: Reset) -> Iterator[dict[str, Any]]:
    """A mark a day: two products that were exported together are one."""
    found: dict[date, list[Proof]] = {}
    for proof in entry.proofs:
        if proof.file and proof.file.made_at:
            found.setdefault(entry.local(proof.file.made_at), []).append(proof)
    for day, made in found.items():
        through = min((one.file.through for one in made if one.file and one.file.through), default=None)
        label = _("Export made {day}") if len(made) == len(entry.proofs) else _("Export made {day}, {product}")
        yield {
            "at": day,
            "label": label.format(day=_month_day(day, reset), product=made[0].name),
            "detail": _("holds up to {through}").format(through=_month_day(through, reset)) if through else "",
            "tone": "done" if all(one.is_proven for one in made) else "wait",
        }


def _span(reset: Reset, year: SchoolYear | None) -> tuple[date, date]:
    """Whole months of the season's calendar year around all that is known."""
    rules = reset.season.rules
    known = [reset.date, run_days.of(reset).day, rules.first_date, *rules.default_dates]
    if year:
        dates = (year.ends_on, year.summer_ends_on, year.rostering_starts_on, year.first_day_on)
        known += [day for day in dates if day]
        known += [year.ends_on - FOR_ITS_LABEL] if year.ends_on else []
    inside = [day for day in known if day.year == rules.year]
    last = max(inside) + timedelta(days=7)
    last = last if last.year == rules.year else date(rules.year, 12, 31)
    return min(inside).replace(day=1), last.replace(day=monthrange(last.year, last.month)[1])


def _sessions(year: SchoolYear) -> list[dict[str, Any]]:
    """When a summer session begins is not asked; it is drawn from the end of the school year."""
    bars = []
    if year.ends_on:
        detail = _("to {day}").format(day=month_day(year.ends_on, year.ends_on.year))
        bars.append({"label": _("School"), "detail": detail, "first": None, "last": year.ends_on})
    if year.summer_ends_on:
        begins = year.ends_on + timedelta(days=1) if year.ends_on else None
        detail = _("to {day}").format(day=spoken(year.summer_ends_on, year.summer_ends_on.year))
        if begins is None or begins <= year.summer_ends_on:
            bars.append({"label": _("Summer session"), "detail": detail, "first": begins, "last": year.summer_ends_on})
    return bars


def _reset(reset: Reset) -> dict[str, Any]:
    """Its mark, at the day on which it ran; a late one says beside it what it was planned for."""
    days = run_days.of(reset)
    planned = days.planned_words(reset.season.rules.year)
    detail = ", ".join(filter(None, (_state(reset), planned)))
    return {"at": days.day, "label": _("Reset, {day}").format(day=_day(days.day, reset)), "detail": detail}


def _default(reset: Reset) -> date | None:
    """The default, where there is one for all; drawn beside a day that was chosen."""
    defaults = reset.season.rules.default_dates
    return defaults[0] if len(defaults) == 1 else None


def _state(reset: Reset) -> str:
    if reset.status == Status.SCHEDULED:
        mark = _("default") if reset.is_default else _("chosen")
        return f"{clock_time(reset.due_from, reset.district.zone)}, {mark}"
    return permitted.standing(reset)


def _paused(reset: Reset, gate: Gate) -> dict[str, Any] | None:
    if gate.pauses_on is None:
        return None
    resumed, waits = gate.resumed_at, reset.season.rules.resumes_on == "rostering_complete"
    until = _("Paused until rostering is complete") if waits else _("Paused until the reset is completed")
    label = _("Paused") if resumed else until
    return {"first": gate.pauses_on, "last": resumed and clock.local_date(reset.district.zone, resumed), "label": label}


def _new_year(year: SchoolYear, reset: Reset) -> list[dict[str, Any]]:
    known = ((_("Rostering starts"), year.rostering_starts_on), (_("First day of school"), year.first_day_on))
    return [{"at": day, "label": label, "detail": _day(day, reset)} for label, day in known if day]


def _month_day(day: date, reset: Reset) -> str:
    return month_day(day, reset.season.rules.year)


def _day(day: date, reset: Reset) -> str:
    return spoken(day, reset.season.rules.year)
