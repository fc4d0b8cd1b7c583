"""The season's districts one by one: the rows of a day, and all of them as a spreadsheet."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from districts import moments
from exports.columns import Column, Kind
from resets import board, run_days, season_calendar
from resets.board import Entry
from resets.season_look import SeasonPage, is_held


def row(entry: Entry, *, is_now: bool = True) -> dict[str, Any]:
    """One district of the day listed. `is_now`: of the season whose dates can still be moved."""
    kind, word = state(entry)
    zone = entry.district.zone
    return {
        "name": entry.district.name,
        "site_code": entry.district.site_code,
        "url": reverse("resets:district", args=[entry.district.site_code]),
        "csm": str(entry.district.csm or _("No CSM")),
        "students": entry.district.counts.students,
        "kind": kind,
        "word": word,
        "run": run_days.of(entry.reset, zone).run_words(entry.year) if entry.reset else "",
        "zone": moments.zone_abbreviation(entry.reset.due_from.astimezone(ZoneInfo(zone))) if entry.reset else "",
        "is_movable": entry.is_ahead and is_now,
    }


def state(entry: Entry) -> tuple[str, str]:
    """Where a district stands, what needs a person first: a kind of state and a word."""
    cases = (
        (entry.is_at_risk, "risk", _("At risk")),
        (is_held(entry), "held", _("Held")),
        (entry.is_running, "now", _("Running or due")),
        (entry.is_reset, "done", _("Reset")),
        (entry.is_silent, "wait", _("No answer")),
    )
    return next(((kind, word) for holds, kind, word in cases if holds), ("done", _("Answered")))


def columns() -> tuple[Column, ...]:
    """What the spreadsheet's columns are, in the reader's language."""
    return (
        Column(_("Site code"), Kind.ID, _("The district's number.")),
        Column(_("District"), Kind.TEXT, _("Its name."), 30),
        Column(_("CSM"), Kind.TEXT, _("Who looks after it."), 20),
        Column(_("Zone"), Kind.TEXT, _("Its time zone, in which its reset starts."), 20),
        Column(_("Reset date"), Kind.DATE, _("In its zone.")),
        Column(_("Run on"), Kind.DATE, _("The day on which its data was deleted; empty while it was not.")),
        Column(_("Default or chosen"), Kind.TEXT, _("Whether it kept the season's default.")),
        Column(_("State"), Kind.TEXT, _("Where it stands, what needs a person first."), 16),
        Column(_("Schools"), Kind.NUMBER, _("How many are reset, all together.")),
        Column(_("Students"), Kind.NUMBER, _("How many it has now.")),
        Column(
            _("Session ends"), Kind.DATE, _("The later of school year and summer session; empty while one is missing.")
        ),
        Column(_("Rostering starts"), Kind.DATE, _("Of the new school year.")),
        Column(_("At risk because"), Kind.TEXT, _("Each reason, with the way out."), 80),
    )


def sheet(page: SeasonPage) -> list[Sequence[Any]]:
    """The season's districts of the chosen CSM and zone by date, as rows of `columns`."""
    districts = season_calendar.narrowed(page.visible, csm=page.csm, zone=page.zone)
    found = [entry for entry in board.entries(districts, page.season, at=page.at) if entry.is_of_season]
    return [_cells(entry) for entry in sorted(found, key=lambda entry: (entry.day or date.max, entry.district.name))]


def _cells(entry: Entry) -> Sequence[Any]:
    district, dates = entry.district, entry.calendar
    return (
        district.site_code,
        district.name,
        str(district.csm or ""),
        district.zone,
        entry.day,
        run_days.of(entry.reset, district.zone).ran if entry.reset else None,
        _("default") if entry.is_on_default else _("chosen"),
        state(entry)[1],
        district.counts.schools,
        district.counts.students,
        None if dates.sessions_unknown else max(end for _name, end in dates.session_ends),
        dates.rostering_starts,
        " ".join(risk.sentence for risk in entry.risks()),
    )


def about(page: SeasonPage) -> list[tuple[str, object]]:
    """What was asked for, for the sheet that tells about the list."""
    return [
        (_("Season"), str(page.season)),
        (_("CSM"), page.csms.get(page.csm, _("All that you see")) if page.csm else _("All that you see")),
        (_("Zone"), moments.zone_name(page.zone) if page.zone else _("All")),
    ]
