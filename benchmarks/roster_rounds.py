"""Rounds of a roster on both sides in turn: first import, one row changed, the same file again; and the memory of one.

Both sides read the zip with the same reader, write the same tables in one transaction, and are timed whole.
"""

import json
import multiprocessing
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from django.db import connection

from benchmarks import plain_roster, roster_files, servers
from districts import rostering
from districts.models import District, Enrollment, RosterSync, Student
from districts.services import create_district

AT = datetime(2027, 4, 5, 9, tzinfo=UTC)
STEPS = ("first", "one_change", "identical")
GOALS = {"first_ratio": 2, "one_change_ratio": 5, "identical_ratio": 50}
MOST_MB = 300
Side = Callable[[District, Path], None]
Seconds = dict[str, list[float]]


def ours(district: District, path: Path) -> None:
    """The product's own import. Raises AssertionError unless it was applied, or known already."""
    done = rostering.import_roster(district=district, path=path, by="the benchmark", at=AT)
    assert done.sync.outcome in (RosterSync.Outcome.APPLIED, RosterSync.Outcome.UNCHANGED), done.sync.message


def plain(district: District, path: Path) -> None:
    """bulk_create of everything, each time."""
    plain_roster.import_roster(district.pk, path)


def run(*, students: int, runs: int) -> None:
    """Measures, prints the table and the last line."""
    print(servers.describe())
    with TemporaryDirectory() as folder:
        files = _files(Path(folder), students)
        took: dict[str, Seconds] = {side: {step: [] for step in STEPS} for side in ("ours", "plain")}
        for number in range(runs):
            for name, side in (("plain", plain), ("ours", ours)):
                _round(name, side, files, took[name], number)
        peak = _peak_mb(files[0])
    _report(took, peak)


def _files(folder: Path, students: int) -> tuple[Path, Path]:
    first = roster_files.write(folder / "first.zip", students=students)
    second = roster_files.write(folder / "second.zip", students=students, renamed=students // 2)
    print(f"{students:,} students, {students // 19:,} educators, {students * roster_files.CLASSES:,} enrollments")
    return first, second


def _round(name: str, side: Side, files: tuple[Path, Path], took: Seconds, number: int) -> None:
    district = create_district(name=f"{name} {number}", site_code=f"{name}-{number}")
    for step, path in zip(STEPS, (*files, files[1]), strict=True):
        _vacuum()
        begun = perf_counter()
        side(district, path)
        took[step].append(perf_counter() - begun)
        print(f"  {name:6} {step:11} {took[step][-1]:8.3f} s")
    assert Student.objects.of(district).filter(first_name="Renamed").count() == 1
    assert Enrollment.objects.of(district).count() == Student.objects.of(district).count() * roster_files.CLASSES


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def _peak_mb(path: Path) -> float:
    """The most memory that a process of its own takes for a first import, in MB, its libraries included."""
    create_district(name="memory", site_code="memory")
    connection.close()
    context = multiprocessing.get_context("fork")
    answer = context.Queue()
    child = context.Process(target=_import_alone, args=(path, answer))
    child.start()
    peak = float(answer.get())
    child.join()
    return peak


def _import_alone(path: Path, answer: "multiprocessing.Queue[float]") -> None:
    Path("/proc/self/clear_refs").write_text("5")  # the peak is this process's own from here on
    ours(District.objects.get(site_code="memory"), path)
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    answer.put(int(peak.split()[1]) / 1024)


def _report(took: dict[str, Seconds], peak: float) -> None:
    figures: dict[str, float] = {}
    print(f"\n{'':12}{'bulk_create':>13}{'ours':>10}{'ratio':>9}")
    for step in STEPS:
        theirs, mine = median(took["plain"][step]), median(took["ours"][step])
        figures[f"{step}_ratio"] = round(theirs / mine, 1)
        print(f"{step:12}{theirs:11.2f} s{mine:8.3f} s{theirs / mine:8.1f}x")
    for key, least in GOALS.items():
        print(f"{key} {figures[key]} (at least {least}): {'' if figures[key] >= least else 'NOT '}met")
    print(f"peak_mb {peak:.0f} (at most {MOST_MB}): {'' if peak <= MOST_MB else 'NOT '}met")
    print(json.dumps(figures | {"peak_mb": round(peak)}))
