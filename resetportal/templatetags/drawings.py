"""Drawings made of plain data: the adviser's grid, both timelines, the wave board. Load with `{% load drawings %}`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import template

from resetportal import words
from resetportal.drawing import measures as measured
from resetportal.drawing import milestones as line
from resetportal.drawing import month, night, season

register = template.Library()


@register.inclusion_tag("components/month_grid.html")
def month_grid(
    days: Iterable[month.Judged],
    today: date,
    chosen: date | None = None,
    labels: Mapping[date, str] | None = None,
    marks: Mapping[date, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """Months of day buttons named `day`, to stand in a form of method get. See `components/month_grid.html`."""
    days = list(days)
    return {
        "months": month.months(days, today=today, chosen=chosen, labels=labels, marks=marks),
        "weekdays": month.WEEKDAYS,
        "has_warnings": any(getattr(one, "warnings", ()) for one in days),
        "has_marks": bool(marks),
    }


@register.inclusion_tag("components/adviser_words.html", takes_context=True)
def adviser_words(context: Mapping[str, Any], ranges: Iterable[Any], chosen: date | None = None) -> dict[str, Any]:
    """The grid in words. `ranges`: objects with first, last, verdict, sentence and rules, in order of date.

    The rules' numbers are the vendor's: a district reads the sentences.
    """
    is_of_vendor = getattr(context.get("user"), "role", "district_admin") != "district_admin"
    return {"rows": list(_rows(list(ranges), chosen)), "is_of_vendor": is_of_vendor}


@register.inclusion_tag("components/season_timeline.html")
def season_timeline(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A district's season as five lanes; what `facts` holds stands at `drawing.season.timeline`."""
    return {"drawn": season.timeline(facts), "facts": facts}


@register.inclusion_tag("components/small_timeline.html")
def small_timeline(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Session, choice and rostering on one line; `facts` as at `drawing.season.small_timeline`."""
    return {"drawn": season.small_timeline(facts)}


@register.inclusion_tag("components/milestones.html")
def milestones(points: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A few dates on one line; `points` as at `drawing.milestones.milestones`."""
    return {"drawn": line.milestones(points)}


@register.inclusion_tag("components/measures.html")
def measures(points: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Measures of one year on a line; `points` as at `drawing.measures.measures`."""
    return {"drawn": measured.measures(points)}


@register.inclusion_tag("components/wave_board.html")
def wave_board(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A night, zone by zone; `facts` as at `drawing.night.wave_board`."""
    return {"board": night.wave_board(facts)}


def _rows(ranges: list[Any], chosen: date | None) -> Iterable[dict[str, Any]]:
    for one in ranges:
        rules = one.rules if isinstance(one.rules, str) else ", ".join(one.rules)
        days = getattr(one, "label", "") or words.day_range(one.first, one.last)
        yield {
            "days": days, "verdict": one.verdict, "sentence": one.sentence,
            "rules": rules, "here": chosen is not None and one.first <= chosen <= one.last,
        }  # fmt: skip
