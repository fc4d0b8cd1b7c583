"""Hostile archives, made by code: what the reader must refuse, or take without harm, within 5 seconds and 300 MB.

`python -m tests.districts.roster.hostile` reads each in a process of its own and prints what it took, as JSON.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from tests.districts.roster import hostile_files, hostile_zips

Make = Callable[[Path], object]

REFUSED: dict[str, Make] = {**hostile_zips.REFUSED, **hostile_files.REFUSED}
HARMLESS: dict[str, Make] = {**hostile_zips.HARMLESS, **hostile_files.HARMLESS}  # the good roster, in a strange dress
EITHER: dict[str, Make] = {**hostile_zips.EITHER, **hostile_files.EITHER}
ALL: dict[str, Make] = {**REFUSED, **HARMLESS, **EITHER}


def measured(name: str, folder: Path) -> dict[str, object]:
    """What became of one archive: its outcome, the seconds and the peak of megabytes of the process that read it."""
    path = folder / "roster.zip"
    if _in_a_child(lambda: ALL[name](path))[0]:
        raise RuntimeError(f"The archive “{name}” could not be made.")
    started = monotonic()
    code, kilobytes = _in_a_child(lambda: _read(path))
    seconds = monotonic() - started
    path.unlink()
    outcome = {0: "read", 3: "refused"}.get(code, "crashed")
    return {"name": name, "outcome": outcome, "seconds": seconds, "megabytes": kilobytes / 1000}


def _in_a_child(work: Callable[[], object]) -> tuple[int, int]:
    """Exit code and peak memory, in kilobytes, of a process that does the work."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            found = work()
            code = found if found == 3 else 0
        finally:
            os._exit(code)
    _, status, usage = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss


def _read(path: Path) -> int:
    from districts.roster import archive, oneroster
    from districts.roster.problems import RosterRefused, Warnings

    warnings = Warnings()
    try:
        with archive.opened(path, warnings) as opened:
            oneroster.read(opened, warnings)
    except RosterRefused:
        return 3
    return 0


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from districts.roster import oneroster  # noqa: F401 (before the processes part, so that none pays for it)

    with tempfile.TemporaryDirectory() as folder:
        json.dump([measured(name, Path(folder)) for name in sys.argv[1:] or ALL], sys.stdout)


if __name__ == "__main__":
    main()
