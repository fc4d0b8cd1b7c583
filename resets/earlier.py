"""Districts that are not through with the reset of an earlier season: a list shows each as that season has it.

Such a district gets no date in the season that is open (`opening.EARLIER`), and would drop out of every number of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from districts.models import District
from resets.models import Reset, Season

if TYPE_CHECKING:
    from resets.board import Entry

Look = Callable[[QuerySet[District], Season], "Sequence[Entry]"]


def instead(found: "Sequence[Entry]", season: Season | None, look: Look) -> "list[Entry]":
    """The entries of a season, but those of an earlier one where that is not over; `look` fetches them as of a season.

    Asks nothing more while every gate serves this season; else as much again for each earlier season.
    """
    seasons = _seasons([entry.district.pk for entry in found if entry.is_kept_out], season)
    told: dict[int, Entry] = {}
    for each in dict.fromkeys(seasons.values()):
        ids = [key for key, one in seasons.items() if one == each]
        for entry in look(District.objects.filter(pk__in=ids), each):
            told[entry.district.pk] = replace(entry, earlier=each)
    return [told.get(entry.district.pk, entry) for entry in found]


def _seasons(ids: Sequence[int], season: Season | None) -> dict[int, Season]:
    """Of some districts those with an earlier reset that is not over, and its season."""
    if not ids or season is None:
        return {}
    rows = Reset.objects.unfinished_before(season).filter(district__in=ids)
    pairs = dict(rows.values_list("district_id", "season_id"))
    found = Season.objects.in_bulk(set(pairs.values()))
    return {district: found[key] for district, key in pairs.items()}
