"""The benchmark of the feed still works: on small data, without a look at how fast it is."""

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
    """`benchmarks/activity.py --quick`, in a database of its own on the tests' server."""
    server = os.environ.get("DATABASE_URL") or embedded.environment(settings.EMBEDDED)["DATABASE_URL"]
    ended = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "activity.py"), "--quick"],
        env=os.environ | {"DATABASE_URL": server},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_it_prints_its_figures_in_the_last_line(printed: str) -> None:
    figures = json.loads(printed.splitlines()[-1])
    assert list(figures) == ["ratio", "events_per_second"]
    assert all(figure > 0 for figure in figures.values())


def test_each_side_is_measured_in_each_round(printed: str) -> None:
    assert (printed.count("import_events"), printed.count("bulk_create  ")) == (2, 2)
