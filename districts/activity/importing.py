"""Importing events, of a file or a batch: all are checked before anything is written, and written at once."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from districts import gate
from districts.activity import counters, feed, storing
from districts.activity.events import CUSTOM, SIGN_IN, Event, Malformed
from districts.copying import drop, scrubbed, stage
from districts.models import District, DistrictCounts, Gate, Pathway
from resetportal import clock

Placed = Iterable[tuple[int, Event]]  # events with their lines of a file, or their indices in a batch


@dataclass
class Taken:
    """What an import of events did, in numbers; `strangers` and `closed` are lines, or indices of a batch.

    `new`: rows by kind of event. `strangers`: events of people whom the district does not have. `closed`: events of a
    school year that was reset; they are refused for ever.
    """

    events: int = 0
    new: dict[str, int] = field(default_factory=dict)
    strangers: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """Events that were not stored, whatever the reason."""
        return len(self.strangers) + len(self.closed)


def import_activity(*, district: District, path: Path) -> Taken:
    """Reads the feed at `path` (see docs/activity-feed.md) into a district. Twice is as good as once.

    Raises FeedRefused for a malformed feed, and what import_events raises; nothing was written then.
    """
    try:
        return import_events(district=district, events=feed.read(path))
    except Malformed as wrong:
        raise feed.FeedRefused(feed.told(path.name, wrong.place or 0, wrong)) from None


def import_events(*, district: District, events: Placed) -> Taken:
    """Stores checked events in a district, but for those of a closed year, which are counted.

    Raises gate.Paused while the district is paused, gate.Outdated when it was reset meanwhile, Malformed with its place
    for a pathway that is not there, what `events` raises, and DatabaseError without any row in its text. Nothing was
    written then.
    """
    before = gate.ask(district.pk)
    taken = Taken()
    reading = _Reading(district, before, taken)
    try:
        with scrubbed():
            with transaction.atomic():
                stage(storing.STAGED, storing.COLUMNS, reading.rows(events), lasts=True)
            _write(district, before.resets, reading)
    finally:
        drop(storing.STAGED)
    return taken


def _write(district: District, resets: int, reading: "_Reading") -> None:
    taken = reading.taken
    with gate.writing(district.pk, resets=resets):
        DistrictCounts.objects.select_for_update().get(pk=district.pk)  # one import of a district at a time
        stored = storing.store(district.pk, reading.kinds, zone=district.zone)
        taken.new, taken.strangers = stored.new, stored.strangers
        counters.note(district.pk, stored, refused=len(taken.closed))


class _Reading:
    """One pass over events: rows to stage, without those of a closed year. `kinds`: those to be stored."""

    def __init__(self, district: District, before: Gate, taken: Taken) -> None:
        self.taken = taken
        self.reset_at = before.last_reset_at
        self.reset_on = clock.local_date(district.zone, self.reset_at) if self.reset_at else None
        known = Pathway.objects.filter(Q(district=None) | Q(district=district))
        self.codes = set(known.values_list("code", flat=True))
        self.awaited: dict[str, int] = {}
        self.kinds: set[str] = set()

    def rows(self, events: Placed) -> Iterator[tuple[object, ...]]:
        for place, event in events:
            self.taken.events += 1
            if self._is_closed(event):
                self.taken.closed.append(place)
                continue
            self._note_pathway(place, event)
            self.kinds.add(event.kind)
            happened = event.happened.astimezone(UTC).isoformat()  # the database knows fewer offsets than Python
            yield place, event.kind, event.event_id, event.person, happened, json.dumps(event.data, ensure_ascii=False)
        self._await_pathways()

    def _note_pathway(self, place: int, event: Event) -> None:
        code = event.data.get("pathway", "")
        if event.kind == "pathway" and code.startswith(CUSTOM):
            self.codes.add(code)
        elif code:
            self.awaited.setdefault(code, place)

    def _await_pathways(self) -> None:
        for code, place in self.awaited.items():
            if code not in self.codes:
                raise Malformed(
                    "pathway",
                    "There is no such pathway. Write a pathway's code, or assign the custom pathway in the same feed.",
                    place,
                )

    def _is_closed(self, event: Event) -> bool:
        """Whether the event is of the time before the last reset: by its moment, or by the day that it counts for.

        An educator's sign-in never is: it says nothing of a student, and the account outlives the reset.
        """
        if self.reset_at is None or self.reset_on is None or event.kind == SIGN_IN:
            return False
        return event.happened < self.reset_at or (event.day is not None and event.day < self.reset_on)
