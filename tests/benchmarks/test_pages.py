"""The benchmark of long pages still works: on small data, without a look at how fast they are."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from benchmarks.listing import OF_A_LEAD
from resetportal import embedded

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def printed() -> str:
    """`benchmarks/pages.py --quick`, in a database of its own on the tests' server."""
    server = os.environ.get("DATABASE_URL") or embedded.environment(settings.EMBEDDED)["DATABASE_URL"]
    ended = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "pages.py"), "--quick"],
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
    assert list(figures) == ["list_ms_150", "list_queries_10", "list_queries_150", *OF_A_LEAD]
    assert all(figure > 0 for figure in figures.values())


def test_ten_districts_and_150_take_as_many_queries(printed: str) -> None:
    figures = json.loads(printed.splitlines()[-1])
    assert figures["list_queries_10"] == figures["list_queries_150"]


def test_each_page_is_measured_by_the_clock_and_by_its_own_work(printed: str) -> None:
    assert printed.count("   cpu ") == 1 + len(OF_A_LEAD)
