"""python -m tests.faults.racing NUMBER [FIRST]: races of a writer, or an export, against the beginning of a reset.

Run by `tests.faults.races` as a process of its own, in an installation of its own. Writer and run are threads with
connections of their own; local midnight, from which nobody may write, comes at a random moment of the writer's work.
"""

import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django

DAY = date(2027, 7, 28)
MIDNIGHT = datetime(2027, 7, 28, 4, tzinfo=UTC)  # in New York
PATIENCE = 60  # seconds for a reset of a few students, deadlocks and lock time-outs included
WRITERS = ("import", "approve", "activity", "export")
BASE, MORE = 20, 30  # students besides the three of the good roster: before, and in the roster that races


@dataclass
class Race:
    """One race: what writes, when midnight comes after its start, how long it rests between reading and writing."""

    number: int
    writer: str
    midnight_after: float
    rests: float
    is_declared: bool

    @classmethod
    def of(cls, number: int) -> "Race":
        chance = random.Random(number)
        rests = chance.choice([0, 0, chance.uniform(0, 0.1), chance.uniform(0.1, 0.6)])
        after = chance.uniform(0, 0.15 + min(rests, 0.1))
        return cls(number, WRITERS[number % len(WRITERS)], after, rests, chance.random() < 0.5)


class Shift:
    """The clock of this process, moved so that midnight comes when a race wants it."""

    ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def midnight_in(self, seconds: float) -> None:
        self.ahead = MIDNIGHT - timedelta(seconds=seconds) - datetime.now(UTC)


def main(number: int, first: int = 0) -> None:
    """Runs the races, prints what became of the writers, and fails on the first that breaks a promise."""
    django.setup()
    shift, ends, begun = Shift(), Counter[str](), time.monotonic()
    with patch("resetportal.clock.now", shift.now), tempfile.TemporaryDirectory() as folder:
        shift.midnight_in(40 * 86_400)
        ground = Ground(Path(folder), shift)
        for each in range(first, first + number):
            race = Race.of(each)
            ends[f"{race.writer}: {ground.run(race)}"] += 1
    seconds = time.monotonic() - begun
    print(f"{number} races in {seconds:.0f} s. " + ", ".join(f"{end} {n}" for end, n in sorted(ends.items())))  # noqa: T201


class Ground:
    """Where races take place: a season, and for each race a district of its own with a day-old roster."""

    def __init__(self, folder: Path, shift: Shift) -> None:
        from django.db import connection

        from resets import seasons
        from resets.models import Season
        from tests.districts.activity import feeds
        from tests.districts.roster.files import RosterFiles
        from tests.faults.oracle import Oracle

        self.shift = shift
        policy = seasons.starting_policy(2027).to_data()
        many = {"first_wave": 30_000, "runs_at_once": 30_000}
        opened = {"opened_at": shift.now(), "opened_by": "Maya Lindqvist"}
        self.season = Season.objects.create(school_year="2026-27", policy=policy, **many, **opened)
        self.base = RosterFiles().with_students(BASE).zip(folder / "base.zip")
        self.more = RosterFiles().with_students(MORE).zip(folder / "more.zip")
        self.less = RosterFiles().zip(folder / "less.zip")
        self.feed = feeds.write(folder / "feed.ndjson", feeds.event("lesson", student="s1"))
        self.oracle = Oracle(connection.get_new_connection(connection.get_connection_params()))

    def run(self, race: Race) -> str:
        from districts import shards

        self.shift.midnight_in(3600)
        reset = self._prepare(race.number)
        work = self._work(race, reset.district)
        end = _raced(race, self.shift, work, reset)
        try:
            self._check(race, reset, end)
        except AssertionError as broken:
            raise AssertionError(f"{race}, ended {end}: {broken}") from broken
        shards.drop(reset.district_id)
        return end

    def _prepare(self, number: int) -> Any:
        from districts import services
        from resets import gates, history
        from resets.models import Reset

        district = services.create_district(name=f"Race {number}", site_code=f"{number:07}", zone="America/New_York")
        dates = {"ends_on": date(2027, 6, 10), "rostering_starts_on": date(2027, 8, 9)}
        services.set_dates(district=district, school_year="2026-27", dates=dates)
        self._import(district, self.base)
        set_at = MIDNIGHT - timedelta(days=50)
        reset = Reset.objects.create(
            season=self.season, district=district, date=DAY, due_from=MIDNIGHT, date_set_at=set_at, date_set_by="Carmen"
        )
        gates.pause_from(district.pk, DAY)
        history.record("opened", reset=reset, by="Maya Lindqvist", at=set_at, to=DAY)
        return reset

    def _import(self, district: Any, path: Path) -> str:
        from districts.rostering import import_roster

        done = import_roster(district=district, path=path, by="the nightly roster sync", at=self.shift.now())
        return str(done.sync.outcome)

    def _work(self, race: Race, district: Any) -> Callable[[], str]:
        """What the writer does, once the race begins."""
        if race.writer == "import":
            return lambda: self._import(district, self.more)
        if race.writer == "activity":
            return lambda: self._take_activity(district)
        if race.writer == "export":
            return lambda: self._export(district)
        assert self._import(district, self.less) == "on_hold"
        return lambda: self._approve(district)

    def _approve(self, district: Any) -> str:
        from districts import holding, rostering
        from districts.models import RosterFile

        file = RosterFile.objects.get(district=district, state=RosterFile.State.ON_HOLD)
        try:
            holding.approve(file=file, by="Dana Whitfield", at=self.shift.now(), why="They have left.")
        except holding.NotPossible:
            return "not possible"
        done = rostering.take(file.pk, at=self.shift.now())
        return str(done.outcome) if done else "voided"

    def _take_activity(self, district: Any) -> str:
        from districts import gate
        from districts.activity.importing import import_activity

        try:
            taken = import_activity(district=district, path=self.feed)
        except gate.Paused:
            return "paused"
        except gate.Outdated:
            return "outdated"
        return "applied" if taken.new.get("lesson") else "refused"

    def _export(self, district: Any) -> str:
        """Asks for an export and makes it; answers what became of it, or why nothing did."""
        from exports import files, making
        from exports.models import ExportFile

        wish: dict[str, Any] = {"kind": "student_data", "product": "imagine_math", "format": "xlsx", "hours": 24}
        try:
            file = files.ask(district=district, by=None, at=self.shift.now(), school_year="2026-27", **wish)
        except files.NotNow:
            return "not now"
        making.make(file.pk, worker="w2")
        file = ExportFile.objects.get(pk=file.pk)
        return "made" if file.made_at else str(file.state)

    def _check(self, race: Race, reset: Any, end: str) -> None:
        """Nothing is left; what was counted and deleted is what the writer says that it wrote; nobody waits."""
        from django.conf import settings

        district = reset.district_id
        left = {name: rows for name, (rows, _) in self.oracle.students(district).items() if rows}
        assert not left, f"left: {left}"
        history = [kind for (kind,) in self.oracle.ask(_HISTORY, district)]
        expected = ["opened", "started", "counted", "destroyed", "verified", "completed"]
        assert history == expected + ["resumed"] * race.is_declared, f"history: {history}"
        assert self.oracle.ask(_GATE, district) == [(not race.is_declared, 1, race.is_declared)]
        self.oracle.no_roster_left(district, Path(settings.ROSTER_FILES))
        self.oracle.no_export_left(district, Path(settings.EXPORT_FILES))
        wrong = self.oracle.ask(_NOT_WHOLE, district, BASE + 3)
        assert wrong == [], f"an export that is not whole: {wrong}"
        written = _written(race.writer, is_applied=end == "applied")
        there = self.oracle.ask(_COUNTED, reset.pk)[0] + self.oracle.ask(_KEPT, district)[0]
        assert there == written, f"accounts, lessons, active: {there}, not {written}"
        late = self.oracle.ask(_LATE, district)
        assert late == [(0,)], f"applied after the rows were counted: {late}"


_HISTORY = "SELECT kind FROM resets_resetevent WHERE district_id = %s ORDER BY id"
_GATE = "SELECT is_shut, resets, resumed_at IS NOT NULL FROM districts_gate WHERE district_id = %s"
_COUNTED = (
    "SELECT sum((acted->>'student')::int)::int, sum((acted->>'lessonresult')::int)::int"
    " FROM resets_schoolreset WHERE reset_id = %s"
)
_KEPT = "SELECT sum(students)::int FROM districts_yearcount WHERE district_id = %s"
_NOT_WHOLE = "SELECT id, rows FROM exports_exportfile WHERE district_id = %s AND made_at IS NOT NULL AND rows <> %s"
_LATE = (
    "SELECT count(*) FROM districts_rostersync s JOIN resets_reset r USING (district_id)"
    " WHERE district_id = %s AND s.outcome IN ('applied', 'unchanged') AND s.finished_at > r.counted_at"
)


def _written(writer: str, *, is_applied: bool) -> tuple[int, int, int]:
    """Accounts, lessons and active students that the run must have found."""
    before = BASE + 3
    if not is_applied:
        return before, 0, before
    written = {"import": (MORE + 3, 0, MORE + 3), "approve": (before, 0, 3), "activity": (before, 1, before)}
    return written[writer]


def _raced(race: Race, shift: Shift, work: Callable[[], str], reset: Any) -> str:
    """Starts both at once and waits for both; answers how the writer ended."""
    ends: dict[str, Any] = {}
    start = threading.Barrier(2)
    threads = [
        threading.Thread(target=_alone, args=(ends, "writer", start, work)),
        threading.Thread(target=_alone, args=(ends, "run", start, lambda: _run(race, shift, reset.pk))),
    ]
    with _resting(race.rests):
        shift.midnight_in(race.midnight_after)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
    assert set(ends) == {"writer", "run"}, f"{race}: somebody waits for ever"
    for end in ends.values():
        if isinstance(end, BaseException):
            raise AssertionError(f"{race}: {type(end).__name__}") from end
    return str(ends["writer"])


def _alone(ends: dict[str, Any], name: str, start: threading.Barrier, work: Callable[[], object]) -> None:
    from django.db import connection

    try:
        connection.ensure_connection()
        start.wait(PATIENCE)
        ends[name] = work()
    except BaseException as error:
        ends[name] = error
    finally:
        connection.close()


def _run(race: Race, shift: Shift, reset_id: int) -> str:
    """The nightly run from midnight on, and in every second race the declaration right after it."""
    from resets import engine, services
    from resets.models import Reset, Status

    time.sleep(max(0.0, (MIDNIGHT - shift.now()).total_seconds()))
    end = time.monotonic() + PATIENCE
    while Reset.objects.values_list("status", flat=True).get(pk=reset_id) != Status.COMPLETED:
        assert time.monotonic() < end, "the reset did not end"
        engine.run(reset_id, worker="w1")
        time.sleep(0.005)
    if race.is_declared:
        services.declare_rostering_complete(reset=Reset(pk=reset_id), by="Carmen Ortiz", at=shift.now())
    return "completed"


@contextmanager
def _resting(seconds: float) -> Iterator[None]:
    """Has writers rest between what they read and their writing transaction, and exports before they are published."""
    from districts import rostering
    from districts.activity import importing
    from exports import files

    def resting(write: Callable[..., Any]) -> Callable[..., Any]:
        def rest_then_write(*args: Any, **kwargs: Any) -> Any:
            time.sleep(seconds)
            return write(*args, **kwargs)

        return rest_then_write

    with (
        patch.object(rostering, "_write", resting(rostering._write)),
        patch.object(importing, "_write", resting(importing._write)),
        patch.object(files, "publish", resting(files.publish)),
    ):
        yield


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
