"""The benchmark of progress reports still works: on small data, without a look at how fast it is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from resetportal import embedded

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def printed() -> str:
    """`benchmarks/reports.py --quick`, in a database of its own on the tests' server."""
    server = os.environ.get("DATABASE_URL") or embedded.environment(settings.EMBEDDED)["DATABASE_URL"]
    ended = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "reports.py"), "--quick"],
        env=os.environ | {"DATABASE_URL": server},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_it_prints_its_figures_in_the_last_line(printed: str) -> None:
    figures = json.loads(printed.splitlines()[-1])
    assert list(figures) == ["pages_per_second", "pages_per_second_of_two_idle_cores"]
    assert all(figure > 0 for figure in figures.values())


def test_each_format_has_two_pages_a_student(printed: str) -> None:
    assert printed.count(" 120 pages") == 2
