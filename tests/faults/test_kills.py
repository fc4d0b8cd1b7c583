"""Processes killed while a reset runs: the next tick finishes it, nothing else is touched, nothing is half done.

Twenty kills here; `KILLS=1000 pytest tests/faults` for a campaign.
"""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from resets.failpoints import POINTS
from tests.faults import seed
from tests.faults.conftest import DISTRICTS, KILLS, Installation, wait_for
from tests.faults.oracle import Oracle, Sums, empty

pytestmark = pytest.mark.processes

districts = iter(range(1, DISTRICTS + 1))


@pytest.fixture
def district(oracle: Oracle) -> Iterator[int]:
    """A district that no test has used yet; afterwards all others are as they were (I1, I3)."""
    district = next(districts)
    others = {each: oracle.students(each) for each in range(1, DISTRICTS + 1) if each != district}
    kept = oracle.kept(district)
    yield district
    assert {each: oracle.students(each) for each in others} == others
    assert oracle.kept(district) == kept


def wait_until_completed(installation: Installation, oracle: Oracle, district: int, before: Sums) -> None:
    wait_for(lambda: oracle.status(district) in ("completed", "held"), "resumed and ended", 120)
    assert empty(oracle.students(district))
    oracle.completed_once(district, before)
    oracle.no_roster_left(district, Path(installation.environment["ROSTER_FILES"]))
    students = before[f"districts_student_d{district}"][0]
    last = [students, students] if seed.wants_a_last_export(district) else []
    oracle.last_export_alone(district, Path(installation.environment["EXPORT_FILES"]), last)


@pytest.mark.parametrize("point", POINTS)
def test_a_run_ends_after_its_worker_is_killed_at(
    point: str, installation: Installation, oracle: Oracle, district: int, tmp_path: Path
) -> None:
    before = oracle.students(district)
    assert not empty(before)
    installation.start_worker(f"{point}=hang:{tmp_path / 'here'}")
    oracle.make_due(district)
    wait_for((tmp_path / "here").exists, f"the worker at {point}")
    installation.kill("worker")
    assert oracle.students(district) == before or empty(oracle.students(district))  # I2
    installation.start_worker()
    wait_until_completed(installation, oracle, district, before)
    installation.kill("worker")


@pytest.mark.parametrize("point", ["count.after_query", "destroy.before_commit", "verify.after_count"])
def test_a_run_ends_after_worker_beat_and_redis_are_lost_at(
    point: str, installation: Installation, oracle: Oracle, district: int, tmp_path: Path
) -> None:
    before = oracle.students(district)
    installation.start_worker(f"{point}=hang:{tmp_path / 'here'}")
    oracle.make_due(district)
    wait_for((tmp_path / "here").exists, f"the worker at {point}")
    installation.kill("beat")
    installation.kill("worker")
    installation.redis.flushall()
    installation.start_beat()
    installation.start_worker()
    wait_until_completed(installation, oracle, district, before)
    installation.kill("worker")


def test_a_run_ends_after_its_worker_is_killed_at_random_moments(installation: Installation, oracle: Oracle) -> None:
    for number in range(KILLS):
        district = next(districts)
        before = oracle.students(district)
        installation.start_worker()
        oracle.make_due(district)
        delay = random.Random(number).uniform(1.0, 4.0)
        time.sleep(delay)
        installation.kill("worker")
        assert oracle.students(district) == before or empty(oracle.students(district)), delay
        installation.start_worker()
        wait_until_completed(installation, oracle, district, before)
        installation.kill("worker")
