"""How long the server takes for My districts: of 150 districts among 5,000, and of all of them for a lead.

    python benchmarks/pages.py [--quick] [--runs 40] [--districts 5000]

Prints a table, and one JSON object as its last line. Runs on a server of its own unless DATABASE_URL is set.
"""

import argparse
import os
import sys
from pathlib import Path

QUICK = {"districts": 200, "runs": 2}
FULL = {"districts": 5_000, "runs": 40}


def main() -> None:
    """Reads the command line, then measures in a database of the benchmark's own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small data: shows that it works, its figures mean little")
    parser.add_argument("--runs", type=int, help="how often each page is asked for")
    parser.add_argument("--districts", type=int, help="districts in the database, at least 200")
    given = vars(parser.parse_args())
    usual = QUICK if given.pop("quick") else FULL
    sizes = usual | {name: value for name, value in given.items() if value is not None}
    if sizes["districts"] < QUICK["districts"]:
        parser.error("Of fewer than 200 districts, nobody has 150 and somebody else 10.")
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from benchmarks import listing, servers

    with servers.own_database():
        listing.run(**sizes)


if __name__ == "__main__":
    main()
