"""The benchmark of rosters still works: on small data, without a look at how fast it is."""

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


def test_it_measures_both_sides_and_prints_its_figures_in_the_last_line() -> None:
    server = os.environ.get("DATABASE_URL") or embedded.environment(settings.EMBEDDED)["DATABASE_URL"]
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "roster.py"), "--quick"],
        env=os.environ | {"DATABASE_URL": server},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert list(figures) == ["first_ratio", "one_change_ratio", "identical_ratio", "peak_mb"]
    assert all(figure > 0 for figure in figures.values())
    assert "950 students, 50 educators, 2,850 enrollments" in done.stdout
