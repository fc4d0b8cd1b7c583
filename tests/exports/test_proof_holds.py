"""Whatever came in which order: what is proven is what a later look finds, event by event and cell by cell."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from districts import services
from districts.activity.events import event
from districts.activity.importing import import_events
from districts.models import DailyUsage, PathwayAssignment
from exports import files, making, proof
from exports.models import ExportFile
from exports.proof_cases import WORK
from tests.districts.activity import feeds
from tests.people import Cast, make_student

BEGINS = datetime(2027, 7, 1, 19, tzinfo=UTC)
PRODUCTS = ("imagine_math", "math_facts")
KINDS = [kind for kind in feeds.KINDS if kind != "educator_sign_in"]
LAKESIDE = ZoneInfo("America/Los_Angeles")

# An event is of a day up to so many days ago; ids are few, so that some come again.
EVENT = st.tuples(
    st.just("event"),
    st.sampled_from(KINDS),
    st.integers(1, 5),
    st.sampled_from(("student-1", "student-2", "no-school")),
    st.integers(0, 4),
    st.sampled_from(PRODUCTS),
)
STEP = (
    EVENT
    | st.tuples(st.just("export"), st.sampled_from(PRODUCTS), st.booleans())
    | st.tuples(st.just("download"), st.integers(0, 3))
    | st.tuples(st.just("days"), st.integers(1, 2))
    | st.just(("student",))
)
STEPS = st.lists(STEP, max_size=8)
FEW = st.lists(STEP, max_size=2)
BOTH = (("export", "imagine_math"), ("export", "math_facts"))


class Summer:
    """Lakeside, step by step. `held`: what each export that was made held then, `taken`: what was downloaded."""

    def __init__(self, cast: Cast, clock: time_machine.Traveller) -> None:
        self.cast, self.clock, self.now = cast, clock, BEGINS
        self.made: list[ExportFile] = []
        self.held: dict[int, set[Any]] = {}
        self.taken: dict[int, str] = {}
        self.students = 0

    def take(self, step: tuple[Any, ...]) -> None:
        getattr(self, step[0])(*step[1:])

    def event(self, kind: str, number: int, student: str, ago: int, product: str) -> None:
        on = self.now - timedelta(days=ago)
        days = {"usage": {"day": f"{on:%F}", "product": product}, "pathway": {"assigned_on": f"{on:%F}"}}
        raw = feeds.event(kind, number, student=student, happened=on.isoformat(), **days.get(kind, {}))
        import_events(district=self.cast.lakeside, events=[(0, event(raw))])

    def export(self, product: str, is_downloaded: bool = True) -> None:
        file = self._ask(product)
        self.made.append(file)
        assert file.through is not None
        self.held[file.pk] = self.ids(product, file.through)
        if is_downloaded:
            self.download(0)

    def download(self, back: int) -> None:
        for file in self.made[-1 - back : len(self.made) - back]:
            self.taken[file.pk] = self._read(file)

    def days(self, number: int) -> None:
        self.now += timedelta(days=number)
        self.clock.move_to(self.now)
        files.sweep(at=self.now)
        self.made = [file for file in self.made if file.lasts_until and file.lasts_until > self.now]

    def student(self) -> None:
        self.students += 1
        make_student(self.cast.lakeside, None, f"new-{self.students}")
        services.recount(self.cast.lakeside.pk)

    def ids(self, product: str, through: date) -> set[Any]:
        """Every row of the product's work up to a day: its table, its event's id, its student."""
        ends = datetime.combine(through + timedelta(days=1), time(), LAKESIDE)
        mine = self.cast.lakeside
        rows = [DailyUsage.objects.of(mine).filter(product=product, day__lte=through)]
        rows += [kind.objects.of(mine).filter(happened__lt=ends) for kind in WORK[product]]
        if product == "imagine_math":
            rows.append(PathwayAssignment.objects.of(mine).filter(assigned_on__lte=through))  # type: ignore[arg-type]
        return {(some.model, *row) for some in rows for row in some.values_list("event_id", "student_id")}

    def everything(self, product: str) -> str:
        """An export made long after all that happened."""
        self.clock.move_to(self.now + timedelta(days=400))
        return self._read(self._ask(product))

    def _ask(self, product: str) -> ExportFile:
        wish: dict[str, Any] = {"kind": "student_data", "product": product, "format": "csv", "hours": 24}
        at: dict[str, Any] = {"at": datetime.now(UTC), "by": self.cast.dana, "school_year": "2026-27"}
        file = files.ask(district=self.cast.lakeside, **wish, **at)
        making.make(file.pk, worker="a worker")
        file.refresh_from_db()
        assert file.state == ExportFile.State.READY, file.why
        return file

    def _read(self, file: ExportFile) -> str:
        with files.hand_out(file, person=self.cast.dana, at=datetime.now(UTC)) as content:
            return content.read().decode("utf-8-sig")


def cells(sheet: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(sheet)))


@contextmanager
def summer(cast: Cast) -> Iterator[Summer]:
    """A summer that leaves nothing behind."""
    with time_machine.travel(BEGINS, tick=False) as clock, transaction.atomic():
        yield Summer(cast, clock)
        transaction.set_rollback(True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(before=[("event", "pathway", 1, "student-1", 0, "imagine_math")], days=0, after=[])
@example(before=[("event", "lesson", 1, "student-1", 0, "imagine_math")], days=0, after=[])
@example(before=[], days=1, after=[("event", "usage", 1, "student-1", 2, "math_facts")])
@example(before=[], days=1, after=[("student",)])
@given(before=STEPS, days=st.integers(0, 1), after=FEW)
def test_what_is_proven_loses_nothing(
    cast: Cast, before: list[tuple[Any, ...]], days: int, after: list[tuple[Any, ...]]
) -> None:
    with summer(cast) as lakeside:
        for step in (*before, ("days", days), *BOTH, *after):
            lakeside.take(step)
        for each in proof.of(cast.lakeside, at=lakeside.now):
            if each.is_proven:
                assert each.file is not None
                assert lakeside.held[each.file.pk] == lakeside.ids(each.product, date(2028, 12, 31))
                assert cells(lakeside.taken[each.file.pk]) == cells(lakeside.everything(each.product))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=STEPS)
def test_whatever_came_before_an_export_of_the_next_day_proves_it(cast: Cast, before: list[tuple[Any, ...]]) -> None:
    with summer(cast) as lakeside:
        for step in (*before, ("days", 1), *BOTH):
            lakeside.take(step)
        assert all(each.is_proven for each in proof.of(cast.lakeside, at=lakeside.now))
