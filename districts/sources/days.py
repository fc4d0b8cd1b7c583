"""Rosters named by day: which of a folder's zips is the newest."""

import re
from collections.abc import Iterable
from datetime import date

DAY = re.compile(r"(?<![0-9])([0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])")


def day_in(name: str) -> date | None:
    """The day that a file's name holds as YYYY-MM-DD, None for none or one that no calendar has."""
    found = DAY.search(name)
    try:
        return date.fromisoformat(found.group(1)) if found else None
    except ValueError:
        return None


def newest(names: Iterable[str], today: date) -> str | None:
    """The name of the latest day up to `today`; names without a day are passed over."""
    dated = [(day, name) for name in names if (day := day_in(name)) and day <= today]
    return max(dated)[1] if dated else None
