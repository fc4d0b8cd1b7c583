"""A district's dates around the end of its school year: set by its people, kept in its reset's history."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from districts import services
from districts.models import District, OtherReset, Rostering, SchoolYear
from resets import history
from resets.models import Reset
from resets.policy import school_year_ending, spoken

LABELS = {
    "ends_on": gettext_noop("the school year ends"),
    "has_summer_session": gettext_noop("there is a summer session"),
    "summer_ends_on": gettext_noop("the summer session ends"),
    "rostering_starts_on": gettext_noop("rostering starts"),
    "first_day_on": gettext_noop("school begins"),
}


@transaction.atomic
def set_dates(
    *,
    district: District,
    school_year: str,
    dates: Mapping[str, date | bool | None],
    by: Any,
    at: datetime,
    rostering: str = "",
    others: Mapping[str, date] | None = None,
) -> bool:
    """Sets the dates (see `districts.services.set_dates`) and says so in the history of the year's reset, if any.

    `rostering` is a method, empty to leave it; `others` are the days of the vendor's other products by name, all of
    them, None to leave them. Returns whether anything changed. Raises ValidationError.
    """
    changes = services.set_dates(district=district, school_year=school_year, dates=dates)
    said = [_said(name, after) for name, (_, after) in changes.items()]
    said += _set_rostering(district, rostering)
    said += [] if others is None else _set_others(district, school_year, others)
    reset = Reset.objects.filter(district=district, season__school_year=school_year).select_related("district").first()
    if said and reset:
        history.record("dates_set", reset=reset, by=by, at=at, changes=", ".join(said))
    return bool(said)


def _set_rostering(district: District, method: str) -> list[str]:
    if method in ("", district.rostering):
        return []
    district.rostering = method
    district.full_clean()
    district.save(update_fields=["rostering"])
    return [_(_ROSTERED[Rostering(method)])]


_ROSTERED = {
    Rostering.SELF_MANAGED: gettext_noop("rostering is self-managed"),
    Rostering.ASSISTED: gettext_noop("rostering is one-time assisted"),
    Rostering.AUTOMATED: gettext_noop("rostering is automated, nightly"),
}


def _set_others(district: District, school_year: str, others: Mapping[str, date]) -> list[str]:
    """The other products' days become `others`, told as what changed. The year's row is locked by `set_dates`."""
    year = SchoolYear.objects.get(district=district, name=school_year)
    known = {other.product: other for other in year.other_resets.all()}
    for product in known.keys() - others.keys():
        known[product].delete()
    gone = [_("%(product)s has no day any more") % {"product": name} for name in sorted(known.keys() - others.keys())]
    moved = {name: day for name, day in others.items() if name not in known or known[name].date != day}
    for product, day in moved.items():
        OtherReset.objects.update_or_create(school_year=year, product=product, defaults={"date": day})
    told = [_("%(product)s is reset %(day)s") % {"product": name, "day": spoken(day)} for name, day in moved.items()]
    return gone + told


def first_and_last(school_year: str) -> tuple[date, date]:
    """The days that dates of a school year may lie between: of 2026-27, July 1, 2026 and December 31, 2027."""
    begins = int(school_year[:4])
    return date(begins, 7, 1), date(begins + 1, 12, 31)


def school_year_of(day: date) -> str:
    """The school year whose end a day belongs to, where no season says it: July 2027 is still 2026-27."""
    return school_year_ending(day.year + (day.month > 7))


def _said(name: str, after: date | bool | None) -> str:
    if after is None:
        return _("{value}: not known").format(value=_(LABELS[name]))
    if isinstance(after, bool):
        return _(LABELS[name]) if after else _("there is no summer session")
    return f"{_(LABELS[name])} {spoken(after)}"
