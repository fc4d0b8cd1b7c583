"""The benchmark of the reset still works: on small data, without a look at how fast it is."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.db import connection

from resetportal import embedded

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parents[2]
DELETED = re.compile(r"(cascade|reset) .* s +([\d,]+) rows deleted")


class Run(NamedTuple):
    """A benchmark that has ended: its process id and what it printed."""

    process: int
    printed: str

    @property
    def figures(self) -> dict[str, Any]:
        return dict(json.loads(self.printed.splitlines()[-1]))


@pytest.fixture(scope="module")
def run() -> Run:
    """`benchmarks/destroy.py --quick`, in a database of its own on the tests' server."""
    server = os.environ.get("DATABASE_URL") or embedded.environment(settings.EMBEDDED)["DATABASE_URL"]
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "benchmarks" / "destroy.py"), "--quick", "--runs", "2"],
        env=os.environ | {"DATABASE_URL": server},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    printed, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return Run(process.pid, printed)


def test_it_prints_its_figures_in_the_last_line(run: Run) -> None:
    keys = ["rows", "destroy_ratio", "reset_ratio", "reader_median_ratio", "reader_p95_ratio"]
    assert list(run.figures) == keys
    assert all(figure > 0 for figure in run.figures.values())


def test_both_sides_delete_the_same_number_of_rows_in_each_round(run: Run) -> None:
    deleted = [(side, int(number.replace(",", ""))) for side, number in DELETED.findall(run.printed)]
    assert deleted == [("cascade", run.figures["rows"]), ("reset", run.figures["rows"])] * 2


def test_it_says_of_each_figure_whether_it_is_met(run: Run) -> None:
    assert len(re.findall(r"\(at (?:least|most) [\d.]+\): (?:NOT )?met$", run.printed, re.MULTILINE)) == 4


def test_it_leaves_no_database_behind(run: Run, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname = %s", [f"benchmark_{run.process}"])
        assert not cursor.fetchall()
