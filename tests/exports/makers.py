"""Makers of files for tests of what happens around the making: a small file, a full disk, a reset in the middle."""

import errno
from pathlib import Path

from exports.made import Made, Progress
from exports.models import ExportFile

SAID = "Noor Canary-Whitcombe"


def small(wanted: ExportFile, *, desk: Path, progress: Progress) -> Made:
    """A file with one student."""
    path = desk / "sheet"
    path.write_text(SAID)
    progress(1, 1)
    return Made(path, "Lakeside Unified.xlsx", 1, None)


def full(wanted: ExportFile, *, desk: Path, progress: Progress) -> Made:
    """A disk that is full when half of the file is written."""
    (desk / "half").write_text(SAID)
    raise OSError(errno.ENOSPC, "No space left on device")


def broken(wanted: ExportFile, *, desk: Path, progress: Progress) -> Made:
    """A fault whose text holds a row's values."""
    (desk / "half").write_text(SAID)
    raise ValueError(SAID)
