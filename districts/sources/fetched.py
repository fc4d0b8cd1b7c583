"""What a source gave."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Fetched:
    """One roster as a OneRoster CSV zip at `path`, called `name` by people.

    `as_of`: of when it is, UTC. `reaches`: for a server's answers, up to when they hold every change, UTC; the next
    changes are asked for since then. `is_changes`: whether it holds changes only.
    """

    path: Path
    name: str
    as_of: datetime | None = None
    reaches: datetime | None = None
    is_changes: bool = False
