"""A writer that is at work when the reset begins: either it was first and is deleted, or nothing of it is written.

Forty races here; `RACES=1000 pytest tests/faults/test_races.py` or `python -m tests.faults.races` for a campaign.
"""

import os
from pathlib import Path

import pytest

from tests.faults import races

pytestmark = pytest.mark.processes

RACES = int(os.environ.get("RACES", "42"))


def test_no_student_is_written_between_the_pause_and_the_declaration(tmp_path: Path) -> None:
    races.run(RACES, tmp_path)
