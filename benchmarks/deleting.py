"""The two sides: Django's cascade school by school, and the portal's own reset. Both tell what they deleted."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from django.db import connection

from benchmarks.plain_models.models import Classroom, Student
from benchmarks.rows import Population
from resets import engine, opening, seasons, services
from resets.models import Reset, SchoolReset, Season, Status

WHO = "the benchmark"


@dataclass(frozen=True)
class Deletion:
    """What one side did: moments of `time.monotonic` in seconds, rows by kind, write-ahead log in bytes.

    `destroying`: from TRUNCATE to commit; `steps`: whole steps of the run in seconds, by name.
    """

    begun: float
    ended: float
    rows: dict[str, int]
    log: int
    destroying: float = 0.0
    steps: dict[str, float] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return self.ended - self.begun


def cascade(target: Population) -> Deletion:
    """`QuerySet.delete()` with its collector: each school's students and classrooms, then those without a school."""
    rows: Counter[str] = Counter()
    log, begun = _log_position(), monotonic()
    for school in (*target.schools, None):
        of_school = {"district": target.district_id, "school": school}
        rows.update(Student.objects.filter(**of_school).delete()[1])
        rows.update(Classroom.objects.filter(**of_school).delete()[1])
    ended = monotonic()
    kinds = {label.partition(".")[2].lower(): number for label, number in rows.items()}
    return Deletion(begun, ended, kinds, _log_position() - log)


def reset(target: Population, year: int) -> Deletion:
    """The whole run of a reset that is due in `year`, as a worker does it. It must complete."""
    due = _schedule(target, year)
    log, begun = _log_position(), monotonic()
    steps, truncated = _run(due)
    ended = monotonic()
    due.refresh_from_db()
    assert due.status == Status.COMPLETED, f"{due.held_why} {due.last_error}"
    services.declare_rostering_complete(reset=due, by=WHO, at=due.due_from)
    destroying = steps[Status.DESTROYING][1] - truncated
    lengths = {name: end - start for name, (start, end) in steps.items()}
    return Deletion(begun, ended, _acted(due), _log_position() - log, destroying, lengths)


def _schedule(target: Population, year: int) -> Reset:
    """The target's reset in a new season, on its default day."""
    policy = seasons.starting_policy(year).to_data()
    season = Season.objects.create(school_year=f"{year - 1}-{year % 100:02}", policy=policy)
    opening.open_season(season=season, by=WHO, at=datetime(year, 6, 1, tzinfo=UTC))
    return Reset.objects.get(season=season, district=target.district_id)


def _run(due: Reset) -> tuple[dict[str, tuple[float, float]], float]:
    """`engine.run`, with a look at the clock between its steps and at its TRUNCATE."""
    truncates: list[float] = []

    def notice(execute: Any, sql: Any, *rest: Any) -> Any:
        if "TRUNCATE" in str(sql):
            truncates.append(monotonic())
        return execute(sql, *rest)

    steps: dict[str, tuple[float, float]] = {}
    with connection.execute_wrapper(notice):
        for status in (Status.SCHEDULED, Status.COUNTING, Status.DESTROYING, Status.VERIFYING):
            begun = monotonic()
            engine.advance(due.pk, worker=WHO, at=due.due_from)
            steps[status.value] = (begun, monotonic())
    (truncated,) = truncates
    return steps, truncated


def _acted(reset: Reset) -> dict[str, int]:
    rows: Counter[str] = Counter()
    for acted in SchoolReset.objects.filter(reset=reset).values_list("acted", flat=True):
        rows.update(acted)
    return dict(rows)


def _log_position() -> int:
    """Bytes of write-ahead log that the server has ever written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
        return int(cursor.fetchone()[0])
