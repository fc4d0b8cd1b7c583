"""Makes Student Progress reports: one PDF, or a zip with one PDF a classroom, grouped by teacher.

Students are read in slices, each a short transaction of its own, and set by child processes on every core. A document
of more students than a slice is set in parts, which are joined at the end.
"""

from datetime import date
from pathlib import Path

from exports import reading, report_plan
from exports.made import Made, Progress
from exports.models import ExportFile
from exports.report_press import TITLE, Press
from resetportal import clock


def make(wanted: ExportFile, *, desk: Path, progress: Progress) -> Made:
    """Makes what is wanted on the desk. Raises Interrupted when a reset has begun, and what `progress` raises."""
    at = clock.now()
    with reading.whole(wanted.district_id, generation=wanted.generation):
        documents = report_plan.plan(wanted)
    press = Press(wanted, documents, at, desk, progress)
    try:
        path = press.run()
    finally:
        press.stop()
    return Made(path, name(wanted, press.through), press.reports, press.through, as_of=at)


def name(wanted: ExportFile, through: date) -> str:
    """What a person finds the file by. It outlives the students, so it names none of them, and no classroom."""
    of = report_plan.scope(wanted)
    parts = (report_plan.safe(wanted.district.name), TITLE, report_plan.safe(of))
    return f"{' - '.join(parts)} - {wanted.school_year} through {through}.{wanted.format}"
