"""`manage.py import_roster`, and the sample rosters of other people where they are at hand."""

import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from districts.models import District, RosterSync, Student
from tests.districts.roster.files import RosterFiles
from tests.districts.roster.test_files_of_changes import Take
from tests.districts.roster.test_files_of_changes import district as district
from tests.districts.roster.test_files_of_changes import take as take
from tests.people import Cast

good = RosterFiles()
ROOT = Path(__file__).resolve().parents[3]
SAMPLES = Path(os.environ.get("RESETPORTAL_SAMPLE_ROSTERS", ROOT.parent / "shared" / "rosters"))
IMPORTED = {
    "catalyst-test-minimal-data-set": (3, "2022-23"),
    "catalyst-test-minimal-data-set/original.zip": (3, "2022-23"),
    "clever-author-generated-small-1.1": (180, "2025-26"),
    "clever-author-generated-small-1.1/OneRoster.zip": (180, "2025-26"),
}
DATED = "clever-author-generated-small-1.1"
MIXED = "users.csv, line 3, column status: Rows with a status and rows without are mixed"
DAY_FIRST = "academicSessions.csv, line 2, column startDate: This is not a date."
REFUSED = {
    "catalyst-test-full-data-set": MIXED,
    "catalyst-test-full-data-set/original.zip": MIXED,
    "catalyst-test01-history": DAY_FIRST,
    "catalyst-test01-history/original.zip": DAY_FIRST,
    "oat-imaginelearning-1.0": "manifest.csv: It is missing. OneRoster 1.0 has none and is not supported.",
    "oat-imaginelearning-1.1": "academicSessions.csv, line 1, column schoolYear: The column is missing.",
    "rest-masterjx9-1.1": "manifest.csv: It is missing. These are answers of a OneRoster REST server",
}


def load(path: Path, *options: str) -> None:
    call_command("import_roster", str(path), "--district", "0699990", *options)


def make(path: Path) -> None:
    load(path, "--create", "Fresh Unified", "--zone", "Pacific/Guam")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample rosters are not on this machine")
@pytest.mark.parametrize("name", IMPORTED)
def test_a_sample_that_is_well_formed_imports(name: str, db: None) -> None:
    make(SAMPLES / name)
    sync = RosterSync.objects.get(district__site_code="0699990")
    assert (sync.counts["student"]["added"], sync.school_year) == IMPORTED[name]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample rosters are not on this machine")
@pytest.mark.parametrize("name", REFUSED)
def test_a_sample_that_is_not_is_refused_whole(name: str, db: None) -> None:
    with pytest.raises(CommandError) as refused:
        make(SAMPLES / name)
    assert REFUSED[name] in str(refused.value)
    assert not Student.objects.of(District.objects.get(site_code="0699990")).exists()


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample rosters are not on this machine")
def test_a_sample_whose_rows_are_dated_reads_the_same_as_changes(take: Take) -> None:
    files = RosterFiles({path.name: path.read_text() for path in (SAMPLES / DATED).glob("*.csv")})
    full, changes = take(files), take(files.replacing("manifest.csv", ",bulk", ",delta"))
    assert (full.mode, changes.mode, changes.concerns) == ("full", "changes", [])
    assert (changes.students, changes.enrollments) == (full.students, full.enrollments)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample rosters are not on this machine")
def test_every_sample_is_judged() -> None:
    found = {path.name for path in SAMPLES.iterdir()}
    assert found == {name.partition("/")[0] for name in IMPORTED | REFUSED}


def test_it_makes_a_district_and_says_what_it_did(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(good.zip(tmp_path / "roster.zip"))
    said = capsys.readouterr()
    assert "Fresh Unified: roster of 2026-27. Applied.\n" in said.out
    assert "  students: 3 added, 0 changed, 0 removed, 0 unchanged\n" in said.out
    assert "users.csv: 1 guardians, parents and relatives were counted and not kept." in said.err
    assert District.objects.get(site_code="0699990").zone == "Pacific/Guam"


def test_it_refuses_a_district_that_is_not_there(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no district with the site code 0699990"):
        load(good.zip(tmp_path / "roster.zip"))


def test_it_makes_no_district_in_a_zone_that_is_not_there(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not an IANA time zone"):
        load(good.zip(tmp_path / "roster.zip"), "--create", "Fresh Unified", "--zone", "Pacific/Nowhere")


def test_a_rehearsal_writes_nothing(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = good.zip(tmp_path / "roster.zip")
    call_command("import_roster", str(path), "--district", "0620810", "--dry-run")
    assert "students: 3 added, 0 changed, 3 removed, 0 unchanged" in (said := capsys.readouterr().out)
    assert "Nothing was written: this was a rehearsal." in said
    assert not Student.objects.of(cast.lakeside).filter(sourced_id="s1").exists()


def test_a_refusal_has_file_line_column_reason_and_cure(cast: Cast, tmp_path: Path) -> None:
    path = good.replacing("users.csv", ",grades,", ",grade,").zip(tmp_path / "roster.zip")
    with pytest.raises(CommandError) as refused:
        call_command("import_roster", str(path), "--district", "0620810")
    assert refused.value.returncode == 2
    assert str(refused.value) == (
        "Refused. users.csv, line 1, column grades: The column is missing. “grade” is there instead. "
        "Name it “grades”, as OneRoster does."
    )
