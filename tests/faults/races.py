"""python -m tests.faults.races [NUMBER]: 1,000 races of writers against the beginning of a reset, on real servers.

An import, an approved roster, the learning platform's feed and an export, each begun before the pause and caught by it
at a random moment. No student may be written between the pause and the declaration; no file may outlive the reset.
"""

import sys
import tempfile
from pathlib import Path

from resetportal import embedded
from tests.faults.conftest import Installation, fresh_database
from tests.slots import own

INSTANCE = own("races")


def run(number: int, folder: Path) -> None:
    """Races in an installation of their own. Raises CalledProcessError when a promise was broken."""
    embedded.start(INSTANCE)
    try:
        installation = Installation(folder, INSTANCE)
        fresh_database(installation)
        installation.command("manage.py", "migrate", "--verbosity", "0")
        installation.command("-m", "tests.faults.racing", str(number))
    finally:
        embedded.stop(INSTANCE)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, Path(folder))
