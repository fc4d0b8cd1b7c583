"""How much faster than Django's bulk_create a roster comes in: the first one, one row changed, and the same file again.

    python benchmarks/roster.py [--quick] [--runs 3] [--students 95000]

Prints a table, and one JSON object of medians as its last line. Runs on a server of its own unless DATABASE_URL is set.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

QUICK = {"students": 950, "runs": 1}
FULL = {"students": 95_000, "runs": 3}


def main() -> None:
    """Reads the command line, then measures in a database of the benchmark's own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small data: shows that it works, its figures mean little")
    parser.add_argument("--runs", type=int, help="how often each side runs, in turn")
    parser.add_argument("--students", type=int, help="students; educators are a nineteenth of them, enrollments thrice")
    given = vars(parser.parse_args())
    usual = QUICK if given.pop("quick") else FULL
    sizes: dict[str, Any] = usual | {name: value for name, value in given.items() if value is not None}
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from benchmarks import roster_rounds, servers

    with servers.own_database():
        roster_rounds.run(**sizes)


if __name__ == "__main__":
    main()
