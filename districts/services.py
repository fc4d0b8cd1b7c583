"""Verbs about districts that span rows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q, Sum

from districts import shards
from districts.models import (
    Avatar,
    BenchmarkResult,
    Classroom,
    DailyUsage,
    District,
    DistrictCounts,
    Educator,
    FactsProgress,
    FactsTest,
    Gate,
    LessonResult,
    PathwayAssignment,
    PointsEntry,
    Product,
    RosterSource,
    School,
    SchoolYear,
    Student,
)
from resetportal import clock


@transaction.atomic
def create_district(*, name: str, site_code: str, **fields: Any) -> District:
    """A district with all that it must have, in one transaction: shard, gate, numbers, a source of rosters.

    Raises ValidationError for a zone, hour or site code that will not do.
    """
    district = District(name=name, site_code=site_code, **fields)
    district.full_clean()
    district.save(force_insert=True)
    Gate.objects.create(district=district)
    DistrictCounts.objects.create(district=district)
    RosterSource.objects.create(district=district, sync_minute=district.pk % 60)
    shards.create(district.pk)
    return district


DATES = ("ends_on", "has_summer_session", "summer_ends_on", "rostering_starts_on", "first_day_on")


@transaction.atomic
def set_dates(
    *, district: District, school_year: str, dates: Mapping[str, date | bool | None]
) -> dict[str, tuple[Any, Any]]:
    """Sets a district's dates around the end of a school year such as "2026-27"; a date may be None: not known.

    `dates`: any of DATES, local to the district. Returns what changed, as (before, after) by field. Raises
    ValidationError where the dates contradict each other.
    """
    year, _ = SchoolYear.objects.select_for_update().get_or_create(district=district, name=school_year)
    changes = {name: (getattr(year, name), dates[name]) for name in DATES if name in dates}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    for name, (_, after) in changes.items():
        setattr(year, name, after)
    year.full_clean()
    year.save(update_fields=list(changes))
    return changes


_OF_MATH = (LessonResult, BenchmarkResult, PointsEntry, Avatar)
_OF_FACTS = (FactsTest, FactsProgress)


@transaction.atomic
def recount(district_id: int) -> None:
    """Brings a district's numbers up to date, after student data was written and in the same transaction.

    An active student has used a product for at least one minute this school year. Versions stay: they only grow, with
    each batch of events that brought something.
    """
    DistrictCounts.objects.select_for_update().get(pk=district_id)  # no batch of events in between
    usage = DailyUsage.objects.of(district_id).aggregate(
        active=Count("student_id", distinct=True, filter=Q(school_minutes__gt=0) | Q(home_minutes__gt=0)),
        school=Sum("school_minutes"),
        home=Sum("home_minutes"),
        last=Max("day"),
        math=Max("day", filter=Q(product=Product.IMAGINE_MATH)),
        facts=Max("day", filter=Q(product=Product.MATH_FACTS)),
    )
    assigned = PathwayAssignment.objects.of(district_id).aggregate(last=Max("assigned_on"))["last"]
    DistrictCounts.objects.filter(pk=district_id).update(
        schools=School.objects.filter(district=district_id).count(),
        educators=Educator.objects.filter(district=district_id, deactivated_at=None).count(),
        classrooms=Classroom.objects.of(district_id).count(),
        students=Student.objects.of(district_id).filter(is_deactivated=False).count(),
        accounts=Student.objects.of(district_id).count(),
        active_students=usage["active"],
        minutes=(usage["school"] or 0) + (usage["home"] or 0),
        lessons=LessonResult.objects.of(district_id).count(),
        last_activity_on=usage["last"],
        math_last_on=_latest(district_id, usage["math"], assigned, of=_OF_MATH),
        facts_last_on=_latest(district_id, usage["facts"], of=_OF_FACTS),
    )


def _latest(district_id: int, *days: date | None, of: Sequence[type[Any]]) -> date | None:
    """The last of days, and of those on which something of these kinds happened, in the district's zone."""
    zone = District.objects.values_list("zone", flat=True).get(pk=district_id)
    found = (kind.objects.of(district_id).aggregate(last=Max("happened"))["last"] for kind in of)
    return max((*filter(None, days), *(clock.local_date(zone, last) for last in found if last)), default=None)
