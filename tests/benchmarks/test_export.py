"""The benchmark of the Student Data Export still works: on small data, without a look at how fast it is."""

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
        [sys.executable, str(ROOT / "benchmarks" / "export.py"), "--quick"],
        env=os.environ | {"DATABASE_URL": server},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert list(figures) == ["ratio", "peak_mb_60k", "peak_mb_500k"]
    assert all(figure > 0 for figure in figures.values())
    assert "600 students by 43 columns" in done.stdout
    assert done.stdout.count("        600 rows") == 2
