"""United States federal holidays, computed without a network."""

from datetime import date
from functools import lru_cache

from holidays import country_holidays


def federal_holiday(day: date) -> str | None:
    """The name of the federal holiday that is observed on `day`, or None."""
    return _of_year(day.year).get(day)


@lru_cache(maxsize=64)
def _of_year(year: int) -> dict[date, str]:
    # New Year's Day that falls on a Saturday is observed in the year before.
    known = country_holidays("US", years=(year, year + 1), observed=True, expand=False, language="en_US")
    return {day: name for day, name in known.items() if day.year == year}
