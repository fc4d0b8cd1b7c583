"""A district's progress reports, made as one PDF and as a zip with one PDF a classroom, by the clock."""

import json
import resource
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psutil

from benchmarks import rows, servers, world
from districts import shards
from districts.models import District
from exports import progress_reports
from exports.models import ExportFile
from resetportal import clock

AT_LEAST = 50.0
MIB = 2**20


@dataclass(frozen=True)
class Run:
    """One file. `used`: seconds of all cores together, in this process and its children."""

    format: str
    pages: int
    seconds: float
    used: float
    size: int

    @property
    def rate(self) -> float:
        return self.pages / self.seconds


def run(*, students: int, runs: int) -> None:
    """Measures and prints."""
    say(servers.describe())
    district = _district(students)
    say(f"{students:,} students, a year's rows of each: a page of Imagine Math and one of Math Facts")
    done = []
    for number in range(runs):
        for wish in (ExportFile.Format.PDF, ExportFile.Format.ZIP):
            done.append(_made(district, wish))
            say(_told(number + 1, done[-1]))
    _conclude(done)


def _district(students: int) -> District:
    """A district whose students have one pathway each, as most have."""
    population = world.district(1, students)
    population = replace(population, pathways=population.pathways[:1])
    rows.make(population, {model: shards.leaf(model, population.district_id) for model in shards.MODELS})
    world.settle(*shards.leaves(population.district_id))
    return District.objects.get(pk=population.district_id)


def _made(district: District, wish: str) -> Run:
    wanted = ExportFile.objects.create(
        district=district,
        kind=ExportFile.Kind.PROGRESS,
        format=wish,
        school_year="2026-27",
        until=date(2027, 7, 1),
        asked_at=clock.now(),
        asked_by="a benchmark",
    )
    with TemporaryDirectory() as desk:
        began, used = time.perf_counter(), _used()
        made = progress_reports.make(wanted, desk=Path(desk), progress=lambda done, total: None)
        seconds = time.perf_counter() - began
        return Run(wish, made.rows, seconds, _used() - used, made.path.stat().st_size)


def _used() -> float:
    """Seconds of processors used by this process and by children that ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def _told(number: int, one: Run) -> str:
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return (
        f"round {number} {one.format:<4} (load {psutil.getloadavg()[0]:.1f}) {one.pages:>6,} pages "
        f"in {one.seconds:>6.1f} s, {one.rate:>6.1f} a second; {one.used:.1f} s of processors; "
        f"{one.size / MIB:.1f} MiB; peak {peaks[0]:.0f} MiB here, {peaks[1]:.0f} MiB in a child"
    )


def _conclude(done: list[Run]) -> None:
    rate = round(min(median(each.rate for each in done if each.format == wish) for wish in {e.format for e in done}), 1)
    alone = round(min(2 * each.pages / each.used for each in done), 1)
    verdict = "met" if rate >= AT_LEAST else "NOT met"
    say(f"\n{rate} pages a second in the slower format (at least {AT_LEAST:g}): {verdict}")
    say(f"by the processors' own time, two of them without other work would make {alone} a second")
    say(json.dumps({"pages_per_second": rate, "pages_per_second_of_two_idle_cores": alone}))


def say(text: str) -> None:
    """Prints at once, as a run takes long."""
    print(text, flush=True)
