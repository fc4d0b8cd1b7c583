"""The command that asks LibreOffice notices a formula, a changed name, and that there is none. By a stand-in for it."""

import sys
from pathlib import Path

import pytest

from tests.exports import recalculated

STAND_IN = r"""#!{python}
import csv, pathlib, re, sys
import openpyxl
source, folder = pathlib.Path(sys.argv[-1]), pathlib.Path(sys.argv[-2])
folder.mkdir(exist_ok=True)
if source.suffix == ".csv":
    book = openpyxl.Workbook()
    for number, row in enumerate(csv.reader(source.open(encoding="utf-8-sig", newline="")), start=1):
        for place, text in enumerate(row, start=1):
            cell = book.active.cell(number, place, re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "?", text))
            cell.data_type = "s"
else:
    book = openpyxl.load_workbook(source)
{deed}
book.save(folder / (source.stem + ".xlsx"))
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a stand-in for LibreOffice is looked for; nothing else is found."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path / "soffice"


def write(office: Path, deed: str = "") -> None:
    office.write_text(STAND_IN.format(python=sys.executable, deed=deed))
    office.chmod(0o700)


def test_it_says_that_libreoffice_is_missing(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert recalculated.main() == 1
    assert "LibreOffice was not found, so nothing was tried." in capsys.readouterr().out


def test_it_is_content_when_all_stays_text(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(office)
    assert recalculated.main() == 0
    assert capsys.readouterr().out.count(" 0 formulas, 0 dangerous names changed") == 2


@pytest.mark.parametrize("value", ["=1+1", "other"])
def test_it_fails_on_a_formula_and_on_a_changed_name(office: Path, value: str) -> None:
    write(office, f"book.worksheets[0]['A2'] = '{value}'")
    assert recalculated.main() == 1
