"""What must hold after every fault, asked over a connection of its own that shares no code with the portal."""

from pathlib import Path
from typing import Any

from psycopg2.extensions import connection

STUDENT_DATA = (
    *("student", "classroom", "classroomteacher", "enrollment", "pathwayassignment", "lessonresult"),
    *("benchmarkresult", "dailyusage", "pointsentry", "pointsbalance", "avatar", "factstest", "factsprogress"),
)
KEPT = {
    "districts_district": "id = {0}",
    "districts_school": "district_id = {0}",
    "districts_educator": "district_id = {0}",
    "districts_educatorrole": "educator_id IN (SELECT id FROM districts_educator WHERE district_id = {0})",
    "districts_pathway": "district_id IS NULL OR district_id = {0}",
}
OF_LETTERS = ("letter_sent", "letter_by_hand", "letter_stopped", "letter_bounced")
BESIDE = ("tried_again", "last_export_chosen", "last_export_made", *OF_LETTERS)
RUN = ["opened", "started", "counted", "destroyed", "verified", "completed"]

Sums = dict[str, tuple[int, str]]


class Oracle:
    """Looks at one installation's database."""

    def __init__(self, connection: connection) -> None:
        self.connection = connection
        self.connection.autocommit = True
        self.ask("SET statement_timeout = '20s'")

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def students(self, district: int) -> Sums:
        """Rows and an ordered checksum of every leaf of a district (I1, I2)."""
        return self._sums({f"districts_{kind}_d{district}": "true" for kind in STUDENT_DATA})

    def kept(self, district: int) -> Sums:
        """The same of what a reset keeps (I3)."""
        return self._sums({table: where.format(district) for table, where in KEPT.items()})

    def status(self, district: int) -> str:
        return str(self.ask("SELECT status FROM resets_reset WHERE district_id = %s", district)[0][0])

    def make_due(self, district: int) -> None:
        """Lets a district's reset fall due at once: its hour was a minute ago by the demo's clock."""
        self.ask(
            "UPDATE resets_reset SET due_from = now() - interval '1 minute'"
            " + (SELECT offset_seconds FROM resetportal_democlock) * interval '1 second',"
            " date_set_at = '2027-01-01' WHERE district_id = %s",
            district,
        )

    def completed_once(self, district: int, before: Sums) -> None:
        """I4, I6, I7: one completed reset, its counts equal to what was there, syncs paused, the history whole."""
        resets = self.ask("SELECT id, status FROM resets_reset WHERE district_id = %s", district)
        assert [status for _, status in resets] == ["completed"]
        parts = self.ask("SELECT before, acted, rows_left FROM resets_schoolreset WHERE reset_id = %s", resets[0][0])
        for kind in STUDENT_DATA:
            there = before[f"districts_{kind}_d{district}"][0]
            assert sum(part[0][kind] for part in parts) == sum(part[1][kind] for part in parts) == there
        assert {part[2] for part in parts} == {0}
        gate = self.ask("SELECT is_shut, resets, resumed_at FROM districts_gate WHERE district_id = %s", district)
        assert gate == [(True, 1, None)]
        history = self.ask("SELECT kind FROM resets_resetevent WHERE district_id = %s ORDER BY id", district)
        assert [kind for (kind,) in history if kind not in BESIDE] == RUN

    def no_roster_left(self, district: int, folder: Path) -> None:
        """After a reset: no roster file of the closed year on disk, and none that still waits for a person."""
        left = [path for path in (folder / f"d{district}").rglob("*") if path.is_file()]
        waiting = self.ask(
            "SELECT stored FROM districts_rosterfile f JOIN districts_gate g USING (district_id)"
            " WHERE district_id = %s AND ended_at IS NULL",
            district,
        )
        old = self.ask(
            "SELECT count(*) FROM districts_rosterfile f JOIN districts_gate g USING (district_id)"
            " WHERE district_id = %s AND f.ended_at IS NULL AND f.generation < g.resets",
            district,
        )
        assert old == [(0,)]
        assert {path.stem for path in left} <= {Path(stored).stem for (stored,) in waiting}

    def no_export_left(self, district: int, folder: Path) -> None:
        """After a reset: no file of the district in the storage or on a desk, and none that is offered."""
        self.last_export_alone(district, folder, [])

    def last_export_alone(self, district: int, folder: Path, students: list[int]) -> None:
        """After a reset: the files of the last export, with so many students each, and nothing else of the district."""
        ready = (
            "SELECT stored, state, is_last, rows FROM exports_exportfile WHERE district_id = %s AND ended_at IS NULL"
        )
        files = self.ask(ready, district)
        assert [(state, is_last, rows) for _, state, is_last, rows in files] == [("ready", True, n) for n in students]
        there = {str(path.relative_to(folder / "kept")) for path in folder.glob(f"kept/d{district}/*")}
        assert there == {stored for stored, *_ in files}
        assert not [*folder.glob(f"making/d{district}-*")]

    def _sums(self, tables: dict[str, str]) -> Sums:
        one = "SELECT '{0}', count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY t::text), '')) FROM {0} t"
        each = (f"{one.format(table)} WHERE {where}" for table, where in tables.items())
        return {table: (rows, checksum) for table, rows, checksum in self.ask(" UNION ALL ".join(each))}


def empty(sums: Sums) -> bool:
    """Whether nothing at all is left."""
    return not any(rows for rows, _ in sums.values())
