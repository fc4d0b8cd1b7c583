"""Events into the same tables by Django's own means: bulk_create(ignore_conflicts=True), a call a kind.

It does less than the portal: no balances of points, no newest avatar or fact over an older one, no numbers of the
district, no list of unknown students.
"""

from collections import defaultdict
from typing import Any

from districts import gate
from districts.activity.events import Event
from districts.models import (
    Avatar,
    BenchmarkResult,
    DailyUsage,
    District,
    FactsProgress,
    FactsTest,
    LessonResult,
    Pathway,
    PathwayAssignment,
    PointsEntry,
    Student,
)
from districts.partitioning import ShardModel

TABLES: dict[str, type[Any]] = {
    "lesson": LessonResult,
    "benchmark": BenchmarkResult,
    "usage": DailyUsage,
    "points": PointsEntry,
    "avatar": Avatar,
    "pathway": PathwayAssignment,
    "facts_test": FactsTest,
    "facts_progress": FactsProgress,
}
WITH_A_DAY = {"usage", "pathway"}  # their rows keep no moment


def store(district: District, batch: list[Event]) -> None:
    """Stores a batch under the district's lock."""
    with gate.writing(district.pk):
        named = {event.person for event in batch}
        students = dict(Student.objects.of(district).filter(sourced_id__in=named).values_list("sourced_id", "id"))
        pathways = dict(Pathway.objects.filter(district=None).values_list("code", "pk"))
        rows: dict[str, list[ShardModel]] = defaultdict(list)
        for event in batch:
            rows[event.kind].append(_row(district.pk, students[event.person], pathways, event))
        for kind, made in rows.items():
            TABLES[kind].objects.bulk_create(made, ignore_conflicts=True)


def _row(district_id: int, student_id: int, pathways: dict[str, int], event: Event) -> ShardModel:
    fields = dict(event.data)
    if "pathway" in fields:
        fields["pathway_id"] = pathways[fields.pop("pathway")]
    if event.kind == "facts_test":
        fields["kind"] = fields.pop("test")
    if event.kind not in WITH_A_DAY:
        fields["happened"] = event.happened
    made: ShardModel = TABLES[event.kind](
        district_id=district_id, student_id=student_id, event_id=event.event_id, **fields
    )
    return made
