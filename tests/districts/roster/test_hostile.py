"""Hostile archives: none crashes the reader, takes 5 seconds or 300 MB, or leaves anything half applied."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from districts.models import District
from districts.rostering import import_roster
from districts.services import create_district
from tests.districts.roster import hostile
from tests.districts.roster.files import RosterFiles
from tests.districts.roster.test_importing import checksums

ROOT = Path(__file__).resolve().parents[3]
AT = datetime(2027, 4, 5, 9, tzinfo=UTC)
BULKY = {name for name in hostile.ALL if any(word in name for word in ("bomb", "entries", "fifty thousand", "million"))}
Measured = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def measured() -> Measured:
    """What became of every archive, each read in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.districts.roster.hostile"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=300)
    return {each["name"]: each for each in json.loads(said.stdout)}


def test_there_are_at_least_150() -> None:
    assert len(hostile.REFUSED) >= 150


def test_every_one_is_refused(measured: Measured) -> None:
    assert {name: measured[name]["outcome"] for name in hostile.REFUSED} == dict.fromkeys(hostile.REFUSED, "refused")


def test_a_good_roster_in_a_strange_dress_is_read(measured: Measured) -> None:
    assert {name: measured[name]["outcome"] for name in hostile.HARMLESS} == dict.fromkeys(hostile.HARMLESS, "read")


def test_none_crashes_the_reader(measured: Measured) -> None:
    assert [name for name, each in measured.items() if each["outcome"] == "crashed"] == []


def test_none_takes_five_seconds(measured: Measured) -> None:
    assert [each for each in measured.values() if each["seconds"] >= 5] == []


def test_none_takes_300_megabytes(measured: Measured) -> None:
    assert [each for each in measured.values() if each["megabytes"] >= 300] == []


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_none_is_half_applied(db: None, tmp_path: Path) -> None:
    district = create_district(name="Fresh Unified", site_code="0699990", zone="America/Los_Angeles")
    path = RosterFiles().zip(tmp_path / "good.zip")
    assert take(district, path) == "applied"
    before = checksums(district.pk)
    outcomes = {name: take(district, made(name, tmp_path)) for name in hostile.ALL if name not in BULKY}
    assert {name for name in outcomes if outcomes[name] not in ("refused", "unchanged")} == set()
    assert checksums(district.pk) == before


def take(district: District, path: Path) -> str:
    return import_roster(district=district, path=path, by="Ellis Park", at=AT).sync.outcome


def made(name: str, folder: Path) -> Path:
    hostile.ALL[name](folder / "roster.zip")
    return folder / "roster.zip"
