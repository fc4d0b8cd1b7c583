"""Nights of the demo's rosters: two districts have had some, and one of them has a roster on hold."""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from districts.models import District
from districts.nights import after
from districts.rostering import import_roster
from resetportal import clock

BY = "the nightly roster sync"
SHOWN = ("Lakeside Unified", "Cedar Valley ISD")
HELD = "Cedar Valley ISD"
HOLDS = 5  # every fifth student: more than a tenth


def nights(district: District, roster: Path, *, begins: datetime) -> Iterator[str]:
    """Two nights before the demo `begins`, and for one district a roster of its own night that has lost every fifth
    student; yields what was done, in sentences."""
    if district.name not in SHOWN or district.roster_syncs.count() > 1:
        return
    parts = [(3, 40), (2, 0), *([(1, HOLDS)] if district.name == HELD else [])]
    with tempfile.TemporaryDirectory() as folder:
        for ago, every in parts:
            clock.move_to(at := after(district.roster_source, begins - timedelta(days=ago)))
            name = f"{at:%Y-%m-%d}.zip"
            place = roster.parent if every == HOLDS else Path(folder)  # the next night finds it again, and holds it
            came = without(roster, place / name, every=every)
            done = import_roster(district=district, path=came, by=BY, at=at, name=name)
            yield f"{district}, {name}: {done.sync.get_outcome_display().lower()}"
    clock.move_to(begins)


def without(roster: Path, to: Path, *, every: int) -> Path:
    """A copy of a OneRoster zip without every n-th student and their memberships; 0 leaves all in."""
    with zipfile.ZipFile(roster) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        gone = _students(old)[::every] if every else []
        for name in old.namelist():
            text = old.read(name).decode()
            kept = _lines(text, set(gone)) if name in ("users.csv", "enrollments.csv", "demographics.csv") else text
            new.writestr(name, kept)
    return to


def _students(roster: zipfile.ZipFile) -> list[str]:
    rows = csv.DictReader(io.StringIO(roster.read("users.csv").decode()))
    return [row["sourcedId"] for row in rows if row["role"] == "student"]


def _lines(text: str, gone: set[str]) -> str:
    rows = csv.DictReader(io.StringIO(text))
    kept = io.StringIO()
    writer = csv.DictWriter(kept, rows.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in rows if not {row["sourcedId"], row.get("userSourcedId")} & gone)
    return kept.getvalue()
