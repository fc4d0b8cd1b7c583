"""Which Student Progress reports a district has: those that somebody downloaded, of the year that is there now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max

from districts.models import District
from exports.models import ExportFile

Kind = ExportFile.Kind


@dataclass(frozen=True)
class Printed:
    """When reports were downloaded last: of the whole district, by school, by classroom, by student (ids)."""

    district: datetime | None = None
    schools: dict[int, datetime] = field(default_factory=dict)
    classrooms: dict[int, datetime] = field(default_factory=dict)
    students: dict[int, datetime] = field(default_factory=dict)

    def of_school(self, school_id: int | None) -> datetime | None:
        """When a school's reports were downloaded: its own file's, or the district's. None stands for no school."""
        return _newest(self.district, self.schools.get(school_id or 0))

    def of_classroom(self, classroom_id: int, school_id: int | None) -> datetime | None:
        """When a classroom's reports were downloaded: its own file's, its school's or the district's."""
        return _newest(self.of_school(school_id), self.classrooms.get(classroom_id))

    def of_student(self, student_id: int, school_id: int | None, rooms: Iterable[int] = ()) -> datetime | None:
        """When a student's reports were downloaded, in a file of any of these."""
        taken = [self.classrooms.get(room) for room in rooms]
        return _newest(self.of_school(school_id), self.students.get(student_id), *taken)


def of(district: District) -> Printed:
    """What a district has downloaded, in one query. `district` comes with its gate.

    Only whole reports count: a file of one pathway or one product is a part of them. What was downloaded and is gone
    since counts, since the copy is with the district.
    """
    files = ExportFile.objects.of(district).filter(
        kind=Kind.PROGRESS, generation=district.gate.resets, product="", pathway_id=None, downloads__isnull=False
    )
    rows = (
        files.order_by().values_list("school", "classroom_id", "student_id").annotate(Max("downloads__downloaded_at"))
    )
    return _sorted(list(rows))


def _sorted(rows: list[tuple[Any, ...]]) -> Printed:
    """Each file's newest download under the narrowest thing that it is of."""
    whole: list[datetime] = []
    schools: dict[int, datetime] = {}
    rooms: dict[int, datetime] = {}
    students: dict[int, datetime] = {}
    for school, room, student, at in rows:
        places = ((students, student), (rooms, room), (schools, school))
        place, key = next((each for each in places if each[1]), (None, 0))
        if place is None:
            whole.append(at)
        else:
            place[key] = max(at, place.get(key, at))
    return Printed(_newest(*whole), schools, rooms, students)


def schools_done(printed: Printed, school_ids: Iterable[int]) -> int:
    """How many of these schools have all of their reports."""
    return sum(printed.of_school(school) is not None for school in school_ids)


def _newest(*moments: datetime | None) -> datetime | None:
    return max((each for each in moments if each is not None), default=None)
