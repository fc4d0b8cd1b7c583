"""A writer that is at work when the reset begins: either it was first and is deleted, or nothing of it is written.

Some forty races here; `RACES=1000 pytest tests/faults/test_races.py` or `python -m tests.faults.races` for a campaign.
"""

import os
from pathlib import Path

import pytest

from tests.faults import races

pytestmark = pytest.mark.processes

RACES = int(os.environ.get("RACES", "44"))


def test_no_student_is_written_in_the_pause_and_no_file_outlives_the_reset(tmp_path: Path) -> None:
    races.run(RACES, tmp_path)
