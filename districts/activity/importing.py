"""Importing a feed: the whole file is checked before anything is written, and written in one transaction."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from districts import gate, services
from districts.activity import feed, storing
from districts.activity.events import CUSTOM, Event
from districts.copying import drop, scrubbed, stage
from districts.models import District, DistrictCounts, Gate, Pathway
from resetportal import clock


@dataclass
class Taken:
    """What an import of a feed did, in numbers; `strangers` and `closed` are line numbers.

    `new`: rows by kind of event. `strangers`: events of students whom the district does not have. `closed`: events of
    a school year that was reset; they are refused for ever.
    """

    events: int = 0
    new: dict[str, int] = field(default_factory=dict)
    strangers: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)


def import_activity(*, district: District, path: Path) -> Taken:
    """Reads the feed at `path` (see docs/activity-feed.md) into a district. Twice is as good as once.

    Raises FeedRefused for a malformed feed, gate.Paused while the district is paused, gate.Outdated when it was reset
    meanwhile, and DatabaseError without any row in its text; nothing was written then.
    """
    before = gate.ask(district.pk)
    taken = Taken()
    reading = _Reading(district, path, before, taken)
    try:
        with scrubbed():
            with transaction.atomic():
                stage(storing.STAGED, storing.COLUMNS, reading.rows(), lasts=True)
            _write(district.pk, before.resets, taken)
    finally:
        drop(storing.STAGED)
    return taken


def _write(district_id: int, resets: int, taken: Taken) -> None:
    with gate.writing(district_id, resets=resets):
        DistrictCounts.objects.select_for_update().get(pk=district_id)  # one import of a district at a time
        taken.new = storing.store(district_id)
        taken.strangers = storing.strangers(district_id)
        services.recount(district_id)


class _Reading:
    """One pass over a feed: checked events as rows to stage, without those of a closed year."""

    def __init__(self, district: District, path: Path, before: Gate, taken: Taken) -> None:
        self.path, self.taken = path, taken
        self.reset_at = before.last_reset_at
        self.reset_on = clock.local_date(district.zone, self.reset_at) if self.reset_at else None
        known = Pathway.objects.filter(Q(district=None) | Q(district=district))
        self.codes = set(known.values_list("code", flat=True))
        self.awaited: dict[str, int] = {}

    def rows(self) -> Iterator[tuple[object, ...]]:
        for line, event in feed.read(self.path):
            self.taken.events += 1
            self._note_pathway(line, event)
            if self._is_closed(event):
                self.taken.closed.append(line)
                continue
            data = json.dumps(event.data, ensure_ascii=False)
            yield line, event.kind, event.event_id, event.student, event.happened.isoformat(), data
        for code, line in self.awaited.items():
            if code not in self.codes:
                raise feed.FeedRefused(
                    f"{self.path.name}, line {line:,}, field pathway: There is no such pathway. "
                    "Write a pathway's code, or assign the custom pathway in the same feed."
                )

    def _note_pathway(self, line: int, event: Event) -> None:
        code = event.data.get("pathway", "")
        if event.kind == "pathway" and code.startswith(CUSTOM):
            self.codes.add(code)
        elif code:
            self.awaited.setdefault(code, line)

    def _is_closed(self, event: Event) -> bool:
        """Whether the event is of the time before the last reset: by its moment, or by the day that it counts for."""
        if self.reset_at is None or self.reset_on is None:
            return False
        return event.happened < self.reset_at or (event.day is not None and event.day < self.reset_on)
