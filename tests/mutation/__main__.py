"""Measure how many broken rules the tests notice, and fail below 90 of 100: `make mutation`.

mutmut breaks `resets/policy` in one small way after another and runs the tests of the rules on each. Its
work lies in `mutants/`, which is made anew every time, so that the figure is never one of an older tree.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "mutants"
STATS = WORK / "mutmut-cicd-stats.json"
MUTMUT = Path(sys.executable).with_name("mutmut")
LEAST = 0.90


def score(stats: dict[str, int]) -> float:
    """The share of all mutants that a test noticed, by failing or by running out of time.

    What no test reaches, what was skipped and what was never checked all count as not noticed.
    """
    if not stats["total"]:
        raise ValueError("mutmut made no mutant, so there is no score.")
    return (stats["killed"] + stats["timeout"]) / stats["total"]


def measure() -> dict[str, int]:
    """Run mutmut and read its figures. Raises CalledProcessError when it cannot run."""
    shutil.rmtree(WORK, ignore_errors=True)
    subprocess.run([MUTMUT, "run"], cwd=ROOT, check=True)
    subprocess.run([MUTMUT, "export-cicd-stats"], cwd=ROOT, check=True)
    stats: dict[str, int] = json.loads(STATS.read_text(encoding="utf-8"))
    return stats


def main() -> int:
    """Print the figures; 0 when the score is high enough, 1 when it is not."""
    stats = measure()
    reached = score(stats)
    figures = ", ".join(f"{name} {count}" for name, count in stats.items() if count)
    sys.stdout.write(f"{figures}\nMutation score of resets/policy: {reached:.1%}, at least {LEAST:.0%} asked.\n")
    if reached < LEAST:
        sys.stdout.write("Which ones survived: .venv/bin/mutmut results, then mutmut show NAME.\n")
    return int(reached < LEAST)


if __name__ == "__main__":
    sys.exit(main())
