"""The ledger of what was destroyed: a row in the destroying transaction, a line in a file outside the database.

After a backup from before a reset is restored, the file tells what must be destroyed again.
"""

import fcntl
import json
import os
from pathlib import Path

from django.conf import settings

from resets.models import LedgerEntry, Reset


class LedgerError(Exception):
    """The ledger's file could not be written or does not say what was written; the run cannot be verified."""


def enter(reset: Reset, rows: dict[str, int]) -> LedgerEntry:
    """The row, inside the destroying transaction. `rows`: deleted rows by kind. Names no student."""
    line = json.dumps(
        {
            "reset": reset.pk,
            "district": reset.district_id,
            "site_code": reset.district.site_code,
            "school_year": reset.season.school_year,
            "reset_number": reset.district.gate.resets + 1,
            "destroyed_at": reset.destroyed_at and reset.destroyed_at.isoformat(),
            "destroyed_by": reset.destroyed_by,
            "rows": rows,
        },
        sort_keys=True,
    )
    return LedgerEntry.objects.create(reset=reset, line=line)


def append(entry: LedgerEntry) -> None:
    """Appends the line to LEDGER_PATH, to the disk, and reads it back. A line may stand twice after a crash.

    Raises LedgerError.
    """
    path = Path(settings.LEDGER_PATH)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _write(file.fileno(), f"{entry.line}\n".encode())
    except OSError as error:
        raise LedgerError(f"The ledger {path} cannot be written: {error.strerror}.") from error


def _write(file: int, data: bytes) -> None:
    start = os.lseek(file, 0, os.SEEK_END)
    if start and os.pread(file, 1, start - 1) != b"\n":
        start += os.write(file, b"\n")  # a line that a full disk or a kill tore: the next one stands for itself
    os.write(file, data)
    os.fsync(file)
    if os.pread(file, len(data), start) != data:
        raise LedgerError("The ledger does not hold what was written to it.")
