"""Rounds of an export on both sides in turn, from the database to the file, and the memory of a process that makes one.

Both sides read the same rows by the same COPY. openpyxl is given them plainly: no widths, formats, filter or About.
"""

import json
import multiprocessing
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, TemporaryFile
from time import perf_counter
from unittest.mock import patch

import openpyxl
import psutil
from django.db import connection

from benchmarks import rows, servers, world
from benchmarks.rows import Population
from districts import shards
from districts.models import BenchmarkResult, Classroom, District, Enrollment, PathwayAssignment, Product, Student
from districts.partitioning import ShardModel
from exports import columns, reading, student_data, student_rows
from exports.models import ExportFile
from exports.student_rows import Span
from resetportal import clock

AT = datetime(2027, 6, 1, tzinfo=UTC)  # when it is made: all rows are of days before it
AT_LEAST, AT_MOST = 4.0, 60.0
FEW: Sequence[type[ShardModel]] = (Student, Classroom, Enrollment, PathwayAssignment, BenchmarkResult)
Side = Callable[[ExportFile, Path], int]


def run(*, students: int, many: int, runs: int) -> None:
    """Measures, prints the table and the last line."""
    say(servers.describe())
    wanted = _district(1, students, shards.MODELS)
    wide = len(columns.of(Product.IMAGINE_MATH))
    say(f"{students:,} students by {wide} columns, {rows.total(students):,} rows of data")
    took: dict[str, list[float]] = {"openpyxl": [], "export": []}
    with patch.object(clock, "now", return_value=AT):
        for number in range(runs):
            for name, side in (("openpyxl", plain), ("export", ours))[:: -1 if number % 2 else 1]:
                took[name].append(_timed(name, side, wanted, number + 1))
        peaks = {"peak_mb_60k": _peak_mb(wanted), "peak_mb_500k": _peak_mb(_district(2, many, FEW))}
    conclude(took, peaks, {"peak_mb_60k": students, "peak_mb_500k": many})


def ours(wanted: ExportFile, desk: Path) -> int:
    """The product's own export. Returns its rows."""
    return student_data.make(wanted, desk=desk, progress=lambda done, total: None).rows


def plain(wanted: ExportFile, desk: Path) -> int:
    """The same rows into a write-only workbook of openpyxl."""
    sheet, span = columns.of(wanted.product), Span(None, AT.date(), wanted.district.zone)
    with TemporaryFile(dir=desk) as file:
        with reading.whole(wanted.district_id, generation=wanted.generation):
            count = student_rows.copy(
                file,
                district=wanted.district,
                product=wanted.product,
                environment="",
                columns=sheet,
                operations={},
                span=span,
            )
        book = openpyxl.Workbook(write_only=True)
        students = book.create_sheet("Students")
        students.append([column.name for column in sheet])
        for cells, _ in student_rows.read(file, sheet):
            students.append(cells)
        book.save(desk / "export.xlsx")
    return count


def conclude(took: dict[str, list[float]], peaks: dict[str, float], sizes: dict[str, int]) -> None:
    """Each figure, what was wanted of it and whether it is met; then the line for programs."""
    ratio = median(took["openpyxl"]) / median(took["export"])
    say(f"\nmedians over {len(took['export'])} rounds")
    say(f"  {ratio:.1f} times faster than openpyxl (at least {AT_LEAST:g}): {_verdict(ratio >= AT_LEAST)}")
    for key, peak in peaks.items():
        say(f"  {peak:.1f} MB above idle at {sizes[key]:,} students (at most {AT_MOST:g}): {_verdict(peak < AT_MOST)}")
    say(json.dumps({"ratio": round(ratio, 2)} | {key: round(peak, 1) for key, peak in peaks.items()}))


def say(text: str) -> None:
    """Prints at once, as a run takes long."""
    print(text, flush=True)


def _district(number: int, students: int, kinds: Sequence[type[ShardModel]]) -> ExportFile:
    """A district of so many students with data of `kinds`, and the wish for its export."""
    population: Population = world.district(number, students)
    rows.make(population, {model: shards.leaf(model, population.district_id) for model in kinds})
    world.settle(*shards.leaves(population.district_id))
    return ExportFile.objects.create(
        district=District.objects.get(pk=population.district_id),
        kind=ExportFile.Kind.STUDENT_DATA,
        format=ExportFile.Format.XLSX,
        product=Product.IMAGINE_MATH,
        school_year="2026-27",
        asked_at=AT,
        asked_by="the benchmark",
    )


def _timed(name: str, side: Side, wanted: ExportFile, number: int) -> float:
    with TemporaryDirectory() as desk:
        begun = perf_counter()
        count = side(wanted, Path(desk))
        seconds = perf_counter() - begun
        size = (Path(desk) / "export.xlsx").stat().st_size / 1e6
    load = psutil.getloadavg()[0]
    say(f"  round {number}  {name:9} {seconds:8.2f} s  {count:>9,} rows  {size:7.1f} MB of file  (load {load:.1f})")
    return seconds


def _peak_mb(wanted: ExportFile) -> float:
    """The most memory that a process of its own takes for an export, in MB above what it took before, idle."""
    connection.close()
    context = multiprocessing.get_context("fork")
    answer = context.Queue()
    child = context.Process(target=_export_alone, args=(wanted, answer))
    child.start()
    peak = float(answer.get())
    child.join()
    return peak


def _export_alone(wanted: ExportFile, answer: "multiprocessing.Queue[float]") -> None:
    wanted.refresh_from_db()
    idle = _resident_mb("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here on
    with TemporaryDirectory() as desk:
        ours(wanted, Path(desk))
    answer.put(_resident_mb("VmHWM") - idle)


def _resident_mb(key: str) -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(key))
    return int(line.split()[1]) / 1024


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "NOT met"
