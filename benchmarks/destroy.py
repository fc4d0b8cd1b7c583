"""How much faster than Django's cascade a district is destroyed, and whether readers of other districts notice.

    python benchmarks/destroy.py [--quick] [--runs 3] [--students 60000] [--others 4]

Prints a table, and one JSON object of medians as its last line. Runs on a server of its own unless DATABASE_URL is set.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

QUICK = {"students": 300, "others": 1, "runs": 1, "idle": 0.3}
FULL = {"students": 60_000, "others": 4, "runs": 3, "idle": 10.0}


def main() -> None:
    """Reads the command line, then measures in a database of the benchmark's own."""
    sizes = _sizes()
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from benchmarks import report, servers

    with servers.own_database():
        report.run(**sizes)


def _sizes() -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small data: shows that it works, its figures mean little")
    parser.add_argument("--runs", type=int, help="how often each side runs, in turn")
    parser.add_argument("--students", type=int, help="students of the district that is reset")
    parser.add_argument("--others", type=int, help="other districts, each a ninth larger")
    parser.add_argument("--idle", type=float, help="seconds for which readers are heard before each reset")
    given = vars(parser.parse_args())
    usual = QUICK if given.pop("quick") else FULL
    return usual | {name: value for name, value in given.items() if value is not None}


if __name__ == "__main__":
    main()
