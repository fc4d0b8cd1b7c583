"""How many pages of Student Progress reports a second are made for a district, as one PDF and as a zip.

    python benchmarks/reports.py [--quick] [--runs 1] [--students 5000]

Prints a table, and one JSON object as its last line. Runs on a server of its own unless DATABASE_URL is set.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

QUICK = {"students": 60, "runs": 1}
FULL = {"students": 5_000, "runs": 1}


def main() -> None:
    """Reads the command line, then measures in a database of the benchmark's own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small data: shows that it works, its figures mean little")
    parser.add_argument("--runs", type=int, help="how often each format is made")
    parser.add_argument("--students", type=int, help="students of the district")
    given = vars(parser.parse_args())
    usual = QUICK if given.pop("quick") else FULL
    sizes: dict[str, Any] = usual | {name: value for name, value in given.items() if value is not None}
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from benchmarks import printing, servers

    with servers.own_database():
        printing.run(**sizes)


if __name__ == "__main__":
    main()
