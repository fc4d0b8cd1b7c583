"""How much faster than bulk_create(ignore_conflicts=True) a batch of the learning platform's events is stored.

    python benchmarks/activity.py [--quick] [--runs 3] [--batches 5] [--events 10000] [--students 20000]

Prints a table, and one JSON object of medians as its last line. Runs on a server of its own unless DATABASE_URL is set.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

QUICK = {"students": 200, "events": 300, "batches": 1, "runs": 2}
FULL = {"students": 20_000, "events": 10_000, "batches": 5, "runs": 3}


def main() -> None:
    """Reads the command line, then measures in a database of the benchmark's own."""
    sizes = _sizes()
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from benchmarks import feeding, servers

    with servers.own_database():
        feeding.run(**sizes)


def _sizes() -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small data: shows that it works, its figures mean little")
    parser.add_argument("--runs", type=int, help="rounds; each side stores its batches in every one")
    parser.add_argument("--batches", type=int, help="batches of each side in a round")
    parser.add_argument("--events", type=int, help="events of a batch")
    parser.add_argument("--students", type=int, help="students of each of the two districts")
    given = vars(parser.parse_args())
    usual = QUICK if given.pop("quick") else FULL
    return usual | {name: value for name, value in given.items() if value is not None}


if __name__ == "__main__":
    main()
