"""The rounds of the benchmark, printed for people, and the medians for programs as the last line."""

import json
from statistics import median

import psutil

from benchmarks import comparison, servers, world
from benchmarks.comparison import Round, p95
from benchmarks.deleting import Deletion
from benchmarks.world import World

FIRST_YEAR = 2027
AT_LEAST = {
    "destroy_ratio": (100.0, "TRUNCATE to commit is {} times faster than Django's cascade"),
    "reset_ratio": (15.0, "The whole reset is {} times faster than Django's cascade"),
}
AT_MOST = {
    "reader_median_ratio": (1.5, "Readers' median during a reset is {} times that before it"),
    "reader_p95_ratio": (3.0, "Readers' 95th percentile during a reset is {} times that before it"),
}


def run(*, students: int, others: int, runs: int, idle: float) -> None:
    """Measures and prints. `idle`: seconds for which readers are heard before each reset."""
    say(servers.describe())
    made = world.build(students, others)
    say(f"{students:,} students and {made.rows:,} rows in the district that is reset")
    say(f"{made.rows_in_all:,} rows in {others + 1} districts, in shards, and again in plain tables\n")
    rounds = []
    for number in range(runs):
        rounds.append(comparison.measure(made, year=FIRST_YEAR + number, idle=idle))
        say(told(number + 1, rounds[-1]))
    conclude(made, rounds)


def told(number: int, one: Round) -> str:
    """One round, a line a side and one for the readers."""
    steps = ", ".join(f"{name} {seconds:.3f}" for name, seconds in one.reset.steps.items())
    return "\n".join(
        (
            f"round {number} (load {psutil.getloadavg()[0]:.1f})",
            _side("Django's cascade", one.cascade),
            _side("whole reset", one.reset) + f"   steps: {steps}",
            f"  {'TRUNCATE to commit':<18} {one.reset.destroying:>9.3f} s",
            f"  {'readers before':<18} {_waits(one.idle)}",
            f"  {'readers meanwhile':<18} {_waits(one.meanwhile)}",
        )
    )


def conclude(made: World, rounds: list[Round]) -> None:
    """Each figure, what was wanted of it and whether it is met; then the line for programs."""
    ratios = [each.ratios() for each in rounds]
    medians = {name: round(median(each[name] for each in ratios), 2) for name in ratios[0]}
    say(f"\nmedians over {len(rounds)} rounds")
    for name, (limit, words) in AT_LEAST.items():
        say(f"  {words.format(f'{medians[name]:.1f}')} (at least {limit:g}): {_verdict(medians[name] >= limit)}")
    for name, (limit, words) in AT_MOST.items():
        say(f"  {words.format(f'{medians[name]:.2f}')} (at most {limit:g}): {_verdict(medians[name] <= limit)}")
    say(json.dumps({"rows": made.rows} | medians))


def say(text: str) -> None:
    """Prints at once, as a run takes long."""
    print(text, flush=True)


def _side(name: str, done: Deletion) -> str:
    deleted = sum(done.rows.values())
    return f"  {name:<18} {done.seconds:>9.3f} s {deleted:>12,} rows deleted {done.log / 1e6:>9,.1f} MB of log"


def _waits(seconds: list[float]) -> str:
    middle, late, most = (1000 * each for each in (median(seconds), p95(seconds), max(seconds)))
    return f"median {middle:>7.3f} ms   p95 {late:>7.3f} ms   longest {most:>7.1f} ms   {len(seconds):,} answers"


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "NOT met"
