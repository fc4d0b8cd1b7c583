"""An export as LibreOffice saves it anew after it recalculated it: what became of its cells."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.escape import unescape

from exports import writers
from exports.columns import ID, TEXT, Column
from tests.exports.names import DANGEROUS, ODD

COLUMNS = (Column("first_name", TEXT, "A name."), Column("username", ID, "A name."))
NAMES = DANGEROUS + ODD
# Comma, quotation mark, UTF-8, from line 1, numbers detected as LibreOffice likes, formulas evaluated (the last one)
AS_CSV = "Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,0,true"


def main() -> int:
    """The exit code: 1 when a cell became a formula, a dangerous name changed, or nothing could be tried."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        say("LibreOffice was not found, so nothing was tried. Install it: apt install libreoffice-calc")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        return max(_xlsx(office, Path(folder)), _csv(office, Path(folder)))


def say(text: str) -> None:
    """One line, for whoever asked."""
    sys.stdout.write(f"{text}\n")


def _xlsx(office: str, folder: Path) -> int:
    rows = [[name, name] for name in NAMES]
    writers.write_xlsx(folder / "a.xlsx", COLUMNS, rows, count=len(rows), about=lambda: [("District", "=1+1")])
    return _judge("XLSX", _recalculated(office, folder / "a.xlsx"), NAMES)


def _csv(office: str, folder: Path) -> int:
    writers.write_csv(folder / "b.csv", COLUMNS, [[name, name] for name in NAMES])
    return _judge("CSV", _recalculated(office, folder / "b.csv", f"--infilter={AS_CSV}"), map(writers.guarded, NAMES))


def _recalculated(office: str, path: Path, *more: str) -> Any:
    """The workbook that LibreOffice makes of a file, in a profile of its own."""
    saved = path.parent / "saved"
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [office, profile, "--headless", *more, "--convert-to", "xlsx", "--outdir", str(saved), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return openpyxl.load_workbook(saved / f"{path.stem}.xlsx")


def _judge(kind: str, book: Any, names: Any) -> int:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas = [cell.coordinate for cell in cells if cell.data_type == "f"]
    found = [unescape(str(name or "")) for (name,) in book.worksheets[0].iter_rows(2, max_col=1, values_only=True)]
    pairs = [(name, one) for name, one in zip(names, found + [""] * len(NAMES), strict=False) if name != one]
    changed = [name for name, one in pairs if writers.plain(name) in DANGEROUS and name.split() != one.split()]
    say(f"{kind}: {len(cells)} cells, {len(formulas)} formulas, {len(changed)} dangerous names changed")
    for name, _ in pairs:
        say(f"  came back in another form: {name!a}")
    return int(bool(formulas or changed))
