"""Both sides in turn on the same rows, with a reader of other districts during the portal's own."""

import time
from dataclasses import dataclass
from statistics import median, quantiles

from django.db import connection

from benchmarks import deleting, questions, readers, world
from benchmarks.deleting import Deletion
from benchmarks.world import World


@dataclass(frozen=True)
class Round:
    """Both sides once, and what the reader waited before and during the reset, in seconds."""

    cascade: Deletion
    reset: Deletion
    idle: list[float]
    meanwhile: list[float]

    def ratios(self) -> dict[str, float]:
        """The figures that are wanted, by the key under which they are printed."""
        return {
            "destroy_ratio": self.cascade.seconds / self.reset.destroying,
            "reset_ratio": self.cascade.seconds / self.reset.seconds,
            "reader_median_ratio": median(self.meanwhile) / median(self.idle),
            "reader_p95_ratio": p95(self.meanwhile) / p95(self.idle),
        }


def measure(made: World, *, year: int, idle: float) -> Round:
    """One round, with the reader heard for `idle` seconds before the reset of `year`.

    The plain tables hold the target's rows when it begins, and again when it ends. Both sides must have deleted the
    same rows, kind by kind: all that there were.
    """
    cascade = deleting.cascade(made.target)
    world.settle(*world.PLAIN_TABLES)  # what the cascade leaves behind is no burden of the other side's
    world.load_shard(made.target)
    with readers.reading(connection.get_connection_params(), questions.about(made.others)) as reader:
        listened = time.monotonic()
        time.sleep(idle)
        reset = deleting.reset(made.target, year)
    assert cascade.rows == reset.rows, f"The sides differ: {cascade.rows} and {reset.rows}"
    assert sum(reset.rows.values()) == made.rows, "Not all rows were deleted."
    world.load_plain()
    before = reader.between(listened, listened + idle)
    return Round(cascade, reset, before, reader.between(reset.begun, reset.ended))


def p95(seconds: list[float]) -> float:
    """The 95th percentile of at least two numbers."""
    return quantiles(seconds, n=20)[-1]
