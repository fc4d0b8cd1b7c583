"""The same language on pages in other states: asked, at risk, held, running, completed, with files and rosters."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import time_machine
from django.test import Client

from districts import rostering
from districts.models import Educator, SchoolYear
from resetportal import clock
from resets import engine, holds, services
from resets.models import Reset
from tests.districts.roster.files import RosterFiles
from tests.people import Cast
from tests.resets.conftest import JUNE_1, RESET_NIGHT
from tests.resets.views.district_files import ended, ready, reports, taken, wish
from tests.resets.views.marked import left_in_english, marked  # noqa: F401  (fixture)

LAKESIDE = "/districts/0620810/"
SAID = "⟦What a person writes.⟧"


class Scene(NamedTuple):
    """Where a state is made."""

    cast: Cast
    reset: Reset
    clock: time_machine.Traveller
    folder: Path

    def run(self, steps: int) -> None:
        """The night of the reset, so many steps of its run."""
        self.clock.move_to(RESET_NIGHT)
        for _ in range(steps):
            engine.advance(self.reset.pk, worker="⟦w1⟧", at=clock.now())
        self.reset.refresh_from_db()


def asked(scene: Scene) -> None:
    services.ask_for(reset=scene.reset, day=date(2027, 7, 20), by=scene.cast.dana, at=JUNE_1, reason=SAID)


def chosen(scene: Scene) -> None:
    services.schedule(reset=scene.reset, to=date(2027, 7, 26), by=scene.cast.carmen, at=JUNE_1, reason=SAID)


def at_risk(scene: Scene) -> None:
    years = SchoolYear.objects.filter(district=scene.cast.lakeside)
    years.update(has_summer_session=True, summer_ends_on=date(2027, 7, 30), rostering_starts_on=None, first_day_on=None)


def on_hold(scene: Scene) -> None:
    holds.place(district=scene.cast.lakeside, by=scene.cast.dana, at=JUNE_1, reason=SAID, ends_on=date(2027, 8, 20))


def held(scene: Scene) -> None:
    on_hold(scene)
    scene.run(1)


def stopped(scene: Scene) -> None:
    services.stop(reset=scene.reset, by=scene.cast.carmen, at=JUNE_1, reason=SAID)


def counting(scene: Scene) -> None:
    scene.run(1)


def verifying(scene: Scene) -> None:
    scene.run(3)


def completed(scene: Scene) -> None:
    scene.run(4)


def rostered(scene: Scene) -> None:
    scene.run(4)
    services.declare_rostering_complete(reset=scene.reset, by=scene.cast.carmen, at=clock.now())


def with_files(scene: Scene) -> None:
    lakeside = scene.cast.lakeside
    taken(ready(lakeside, since=date(2026, 8, 1), format="xlsx"), scene.cast.dana)
    wish(lakeside, learning_environment="prek_2", until=date(2027, 5, 30))
    wish(lakeside, state="failed", why=SAID, ended_at=JUNE_1, ended_by="⟦a worker⟧")
    ended(reports(lakeside), SAID)
    reports(lakeside)


def to_look_at(scene: Scene) -> None:
    people = Educator.objects.filter(district=scene.cast.lakeside)
    people.update(left_roster_on=date(2027, 5, 1), joined_on=date(2026, 8, 1), last_name="Teacher 1")
    people.filter(sourced_id="t2").update(last_sign_in_on=JUNE_1.date() - timedelta(days=200))


def with_a_roster(scene: Scene) -> None:
    path = RosterFiles().zip(scene.folder / "june.zip")
    rostering.import_roster(district=scene.cast.lakeside, path=path, by="⟦a sync⟧", at=JUNE_1)


RUN = ("carmen /resets/{pk}/", f"carmen {LAKESIDE}", f"dana {LAKESIDE}", "carmen /tonight/", "carmen /districts/")
STATES: dict[Callable[[Scene], None], tuple[str, ...]] = {
    asked: (f"carmen {LAKESIDE}", f"carmen {LAKESIDE}answer/", "carmen /districts/", f"dana {LAKESIDE}ask/"),
    chosen: (f"carmen {LAKESIDE}", f"dana {LAKESIDE}", "carmen /season/?day=2027-07-26", "maya /season/summary/"),
    at_risk: (f"carmen {LAKESIDE}", "carmen /districts/", f"carmen {LAKESIDE}date/?day=2027-07-29", f"dana {LAKESIDE}"),
    on_hold: (f"carmen {LAKESIDE}hold/", f"dana {LAKESIDE}", "carmen /districts/"),
    held: RUN,
    stopped: (*RUN, "carmen /resets/{pk}/retry/", f"carmen {LAKESIDE}date/"),
    counting: RUN,
    verifying: RUN,
    completed: (
        *RUN,
        "carmen /resets/{pk}/rostering-complete/",
        "carmen /season/after/",
        "maya /season/summary/",
        f"dana {LAKESIDE}reports/",
    ),
    rostered: (*RUN, f"carmen {LAKESIDE}rosters/", "carmen /season/after/"),
    with_files: (f"dana {LAKESIDE}exports/", f"dana {LAKESIDE}reports/", f"carmen {LAKESIDE}exports/"),
    to_look_at: (f"dana {LAKESIDE}educators/", f"carmen {LAKESIDE}educators/?show=all", f"carmen {LAKESIDE}"),
    with_a_roster: (f"dana {LAKESIDE}rosters/", f"carmen {LAKESIDE}rosters/", "carmen /districts/"),
}
LEFT: frozenset[tuple[str, str]] = frozenset()
"""What is known to be left: the state and the line. An entry that is mended has to go."""


@pytest.fixture
def scene(marked: None, cast: Cast, reset: Reset, june: time_machine.Traveller, tmp_path: Path) -> Scene:  # noqa: F811
    return Scene(cast, reset, june, tmp_path)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_text_of_a_state_is_asked_of_the_catalogue(
    client: Client, scene: Scene, state: Callable[[Scene], None]
) -> None:
    state(scene)
    found = set()
    for who, page in (each.split() for each in STATES[state]):
        client.force_login(getattr(scene.cast, who))
        answer = client.get(page.format(pk=scene.reset.pk))
        assert answer.status_code == 200, page
        found |= {(state.__name__, line) for line in left_in_english(answer.content.decode())}
    assert found == {each for each in LEFT if each[0] == state.__name__}
