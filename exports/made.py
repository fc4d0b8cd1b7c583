"""What a maker of files answers, and how it says how far it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

Progress = Callable[[int, int], None]
"""`progress(done, total)`, in rows or pages; raises when the work must stop."""


@dataclass(frozen=True)
class Made:
    """A finished file on its desk. `name`: what a person finds it by. `rows`: students, or pages of reports.

    `through`: the last day that is in it, in the district's zone. `version`: of the product's activity when it was
    read, `as_of` when that was (UTC).
    """

    path: Path
    name: str
    rows: int
    through: date | None
    version: int = 0
    as_of: datetime | None = None
