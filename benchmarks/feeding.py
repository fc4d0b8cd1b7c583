"""Both ways of storing the same checked events in turn, each in a district of its own, changed every round."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import psutil

from benchmarks import bulk, events, servers
from benchmarks.rows import IDS_A_DISTRICT, Population, make
from benchmarks.world import settle
from districts import services, shards
from districts.activity.events import Event
from districts.activity.importing import import_events
from districts.models import District, Educator, Pathway, School

AT_LEAST = 3.0
ADDED_BY_OURS_ALONE = {"pointsbalance"}

Store = Callable[[District, list[Event]], object]


@dataclass(frozen=True)
class Round:
    """Seconds of each side, for as many events."""

    events: int
    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        return self.theirs / self.ours


def run(*, students: int, events: int, batches: int, runs: int) -> None:
    """Measures and prints."""
    say(servers.describe())
    pair = [_district(number, students) for number in (1, 2)]
    say(
        f"two districts of {students:,} students, a year's rows in each; {batches} batches of {events:,} events a round"
    )
    rounds = []
    for number in range(runs):
        ours, theirs = pair if number % 2 else pair[::-1]
        rounds.append(_round(ours, theirs, number * batches, batches, events, students))
        _check(pair)
        say(_told(number + 1, rounds[-1]))
    _conclude(rounds)


def _round(ours: District, theirs: District, first: int, batches: int, size: int, students: int) -> Round:
    """A few batches, each stored by one side and then by the other, which begins in turn."""
    spent = {"ours": 0.0, "theirs": 0.0}
    sides: list[tuple[str, District, Store]] = [("ours", ours, _import), ("theirs", theirs, bulk.store)]
    for number in range(first, first + batches):
        batch = events.batch(number, size, students)
        for side, district, store in sides if number % 2 else sides[::-1]:
            began = time.perf_counter()
            store(district, batch)
            spent[side] += time.perf_counter() - began
    return Round(batches * size, **spent)


def _import(district: District, batch: list[Event]) -> object:
    return import_events(district=district, events=enumerate(batch))


def _check(pair: list[District]) -> None:
    """Both districts hold as many rows of every kind: each event was stored on either side."""
    one, other = (shards.count(district.pk) for district in pair)
    differing = {kind for kind in one if one[kind] != other[kind]} - ADDED_BY_OURS_ALONE
    assert not differing, f"The sides differ in {sorted(differing)}."


def _district(number: int, students: int) -> District:
    district = services.create_district(name=f"District {number}", site_code=f"{number:07}")
    school = School.objects.create(district=district, sourced_id="s1", name="School 1")
    teacher = Educator.objects.create(district=district, sourced_id="t1", first_name="Toni", last_name="Teacher")
    pathways = list(Pathway.objects.filter(district=None).values_list("pk", flat=True))
    population = Population(district.pk, students, number * IDS_A_DISTRICT, [school.pk], [teacher.pk], pathways)
    leaves = {model: shards.leaf(model, district.pk) for model in shards.MODELS}
    one_teacher_a_room = {model: leaf for model, leaf in leaves.items() if model.__name__ != "ClassroomTeacher"}
    make(population, one_teacher_a_room)
    services.recount(district.pk)
    settle(*shards.leaves(district.pk))
    return district


def _told(number: int, one: Round) -> str:
    sides = (("import_events", one.ours), ("bulk_create", one.theirs))
    lines = [f"  {name:<14} {spent:>8.3f} s {one.events / spent:>10,.0f} events a second" for name, spent in sides]
    return "\n".join([f"round {number} (load {psutil.getloadavg()[0]:.1f})", *lines, f"  {one.ratio:.2f} times"])


def _conclude(rounds: list[Round]) -> None:
    ratio = round(median(each.ratio for each in rounds), 2)
    rate = round(median(each.events / each.ours for each in rounds))
    verdict = "met" if ratio >= AT_LEAST else "NOT met"
    say(f"\nmedians over {len(rounds)} rounds")
    say(f"  A batch is stored {ratio:.2f} times faster than by bulk_create (at least {AT_LEAST:g}): {verdict}")
    say(json.dumps({"ratio": ratio, "events_per_second": rate}))


def say(text: str) -> None:
    """Prints at once, as a run takes long."""
    print(text, flush=True)
