"""Exports on real processes: a worker killed while it makes one, and a disk that is full.

Two kills here; `EXPORT_KILLS=100 pytest tests/faults/test_exports.py` for a campaign.
"""

import os
import random
import time
from pathlib import Path

import psutil
import pytest

from tests.faults.conftest import Installation, wait_for
from tests.faults.oracle import Oracle

pytestmark = pytest.mark.processes

KILLS = int(os.environ.get("EXPORT_KILLS", "2"))
STUDENTS = 20_000  # so that the making of a file lasts long enough to be met
WISH = (
    "INSERT INTO exports_exportfile (district_id, kind, state, format, product, learning_environment, school_year,"
    " is_last, asked_at, asked_by, hours, generation, claim, attempts, done, total, version, rows, name, stored,"
    " digest, size, why)"
    " VALUES (1, 'student_data', 'waiting', 'xlsx', 'imagine_math', '', '2026-27', false, now(), 'Dana', 24,"
    " 0, 0, 0, 0, 0, 0, 0, '', '', '', 0, '') RETURNING id"
)
FILL = (
    "INSERT INTO districts_student_d1 (district_id, sourced_id, first_name, last_name, username, grade_level,"
    " student_information_number, alt_student_information_number, learning_environment, is_ell, is_iep, is_deactivated)"
    " SELECT 1, 'many-' || n, 'Noor', 'Canary-' || n, '', '4', '', '', '', false, false, false"
    f" FROM generate_series(1, {STUDENTS}) n"
)


@pytest.fixture(scope="module")
def folder(installation: Installation, oracle: Oracle) -> Path:
    """Where the installation keeps its files; its first district has many students now."""
    oracle.ask(FILL)
    return Path(installation.environment["EXPORT_FILES"])


def wish(oracle: Oracle) -> int:
    return int(oracle.ask(WISH)[0][0])


def state(oracle: Oracle, file: int) -> str:
    return str(oracle.ask("SELECT state FROM exports_exportfile WHERE id = %s", file)[0][0])


def test_a_file_is_made_after_its_worker_is_killed(installation: Installation, oracle: Oracle, folder: Path) -> None:
    for number in range(KILLS):
        installation.start_worker()
        file = wish(oracle)
        wait_for(lambda file=file: state(oracle, file) != "waiting", "begun")  # type: ignore[misc]
        time.sleep(random.Random(number).uniform(0, 0.8))
        installation.kill("worker")
        assert state(oracle, file) in ("making", "ready")
        installation.start_worker()
        wait_for(lambda file=file: state(oracle, file) == "ready", "made by another worker")  # type: ignore[misc]
        rows = oracle.ask("SELECT rows FROM exports_exportfile WHERE id = %s", file)
        assert rows == oracle.ask("SELECT count(*) FROM districts_student_d1")
        installation.kill("worker")


def test_a_full_disk_leaves_an_error_and_no_file(installation: Installation, oracle: Oracle, folder: Path) -> None:
    before = set(folder.rglob("*"))
    installation.start_worker()
    worker = psutil.Process(installation.family.children["worker"].pid)
    wait_for(lambda: len(worker.children(recursive=True)) > 2, "the worker's processes")
    for process in (worker, *worker.children(recursive=True)):
        process.rlimit(psutil.RLIMIT_FSIZE, (300_000, 300_000))  # no file may grow larger, as on a full disk
    file = wish(oracle)
    wait_for(lambda: state(oracle, file) == "failed", "given up")
    assert "no room left" in str(oracle.ask("SELECT why FROM exports_exportfile WHERE id = %s", file))
    assert {path for path in folder.rglob("*") if path.is_file()} <= before
    installation.kill("worker")
