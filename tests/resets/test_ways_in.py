"""Every way in which student data is written, each tried when it may, in the pause, and caught by a reset.

docs/architecture.md lists the same ways. What no list can promise, a watch does: whoever changes a student table
holds its district's lock, and no module but those named here knows a student table at all.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from districts import gate, holding, incoming, nightly, rostering, shards
from districts.activity import importing
from districts.models import District, RosterFile, RosterSource
from districts.roster import safeguards
from resetportal import clock, tokens
from resets import engine, services
from resets.models import Reset, Status
from tests.districts.activity import feeds
from tests.districts.roster.files import RosterFiles
from tests.people import Cast, make_student
from tests.resets.conftest import RESET_NIGHT

ROOT = Path(__file__).parents[2]
Content = dict[str, str]


@dataclass
class Place:
    """A district, and files that somebody would bring into it."""

    district: District
    folder: Path
    roster: Path = field(init=False)
    feed: Path = field(init=False)
    event: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.roster = RosterFiles().zip(self.folder / "2027-06-01.zip")
        self.event = feeds.event("lesson")
        self.feed = feeds.write(self.folder / "feed.ndjson", self.event)
        fetched = {"kind": "folder", "folder": str(self.folder), "due_from": clock.now()}
        RosterSource.objects.filter(pk=self.district.pk).update(**fetched)

    def received(self, **fields: Any) -> RosterFile:
        file = incoming.receive(
            district=self.district, content=self.roster, name="r.zip", by="Dana Whitfield", at=clock.now()
        )
        RosterFile.objects.filter(pk=file.pk).update(**fields)
        file.refresh_from_db()
        return file


@pytest.fixture
def place(reset: Reset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Lakeside, on June 1. No safeguard stops a roster, so that what does is the pause."""
    monkeypatch.setattr(safeguards, "concerns", lambda *_, **__: [])
    return Place(reset.district, tmp_path)


def nightly_sync(place: Place) -> None:
    nightly.sync_next(at=clock.now())


def sync_by_hand(place: Place) -> None:
    call_command("sync_rosters", district=place.district.site_code, stdout=StringIO())


def roster_by_command(place: Place) -> None:
    with suppress(CommandError):
        words = {"district": place.district.site_code, "stdout": StringIO(), "stderr": StringIO()}
        call_command("import_roster", place.roster, **words)


def upload(place: Place) -> None:
    nightly.take_file(place.received().pk, at=clock.now())


def approved_roster(place: Place) -> None:
    file = place.received(state=RosterFile.State.ON_HOLD)
    with suppress(holding.NotPossible):
        holding.approve(file=file, by="Dana Whitfield", at=clock.now(), why="They have left.")
    nightly.take_file(file.pk, at=clock.now())


def feed_by_command(place: Place) -> None:
    with suppress(CommandError):
        call_command("import_activity", place.feed, district=place.district.site_code, stdout=StringIO())


def feed_by_http(place: Place) -> None:
    headers = {"Authorization": f"Bearer {tokens.issue('platform', days=400)[0]}"}
    body = json.dumps({"district": place.district.site_code, "events": [place.event]})
    Client().post("/api/v1/activity/", body, content_type="application/json", headers=headers)


WAYS = [nightly_sync, sync_by_hand, roster_by_command, upload, approved_roster, feed_by_command, feed_by_http]
each_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
Way = Callable[[Place], None]


def content(district: District) -> Content:
    """A checksum of every leaf of a district."""
    one = "SELECT '{0}', md5(coalesce(string_agg(md5(t::text), '' ORDER BY t::text), '')) FROM ONLY {0} t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(leaf) for leaf in shards.leaves(district.pk)))
        return dict(cursor.fetchall())


@each_way
def test_it_writes_while_nothing_forbids_it(place: Place, way: Way) -> None:
    before = content(place.district)
    way(place)
    assert content(place.district) != before


@each_way
def test_it_writes_nothing_from_midnight_of_the_reset_date_on(
    place: Place, way: Way, june: time_machine.Traveller
) -> None:
    june.move_to(RESET_NIGHT - timedelta(hours=1))
    before = content(place.district)
    way(place)
    assert content(place.district) == before


@each_way
def test_it_writes_nothing_between_the_reset_and_the_declaration(
    place: Place, way: Way, june: time_machine.Traveller
) -> None:
    _reset(place.district, june)
    june.shift(timedelta(days=10))
    way(place)
    assert not any(shards.count(place.district.pk).values())


@each_way
def test_what_was_read_before_the_reset_is_not_written_after_it(
    place: Place, way: Way, june: time_machine.Traveller, cast: Cast
) -> None:
    def reset_and_declare() -> None:
        reset = _reset(place.district, june)
        services.declare_rostering_complete(reset=reset, by=cast.carmen, at=clock.now())

    with _between_reading_and_writing(reset_and_declare) as caught:
        way(place)
    assert caught == [1]
    assert not any(shards.count(place.district.pk).values())


@pytest.mark.parametrize("way", [roster_by_command, upload, feed_by_command], ids=lambda way: way.__name__)
def test_what_was_read_before_the_reset_is_not_written_even_if_it_would_do_for_the_new_year(
    place: Place, way: Way, june: time_machine.Traveller, cast: Cast
) -> None:
    RosterFiles().of_year(2028).zip(place.roster)
    with _between_reading_and_writing(lambda: _new_year(place, june, cast)):
        way(place)
    rows = shards.count(place.district.pk)
    assert (rows.pop("student"), any(rows.values())) == (1, False)


@each_way
def test_it_writes_under_its_districts_lock_alone(place: Place, way: Way) -> None:
    watch = Watch(place.district.pk)
    with connection.execute_wrapper(watch):
        way(place)
    assert (watch.writes > 0, watch.unlocked) == (True, [])


def test_the_watch_sees_a_writer_without_the_lock(place: Place) -> None:
    watch = Watch(place.district.pk)
    leaf = shards.leaf(shards.MODELS[0], place.district.pk)
    with connection.execute_wrapper(watch), connection.cursor() as cursor:
        cursor.execute(f"UPDATE ONLY {leaf} SET is_ell = true")
    assert (watch.writes, len(watch.unlocked)) == (1, 1)


def test_a_rehearsal_writes_nothing_ever(place: Place) -> None:
    before = content(place.district)
    file = place.received(wish=RosterFile.Wish.REHEARSE)
    sync = rostering.take(file.pk, at=clock.now())
    assert sync is not None
    assert (sync.outcome, content(place.district)) == ("rehearsed", before)


def test_no_page_of_the_admin_shows_a_student_table() -> None:
    assert not set(admin.site._registry) & set(shards.MODELS)


def _new_year(place: Place, june: time_machine.Traveller, cast: Cast) -> None:
    """The district is reset and rostered, and a new student has the sourced id of an old one."""
    services.declare_rostering_complete(reset=_reset(place.district, june), by=cast.carmen, at=clock.now())
    make_student(place.district, None, "student-1")


def _reset(district: District, june: time_machine.Traveller) -> Reset:
    june.move_to(RESET_NIGHT)
    reset = Reset.objects.get(district=district)
    engine.run(reset.pk, worker="w1")
    reset.refresh_from_db()
    assert reset.status == Status.COMPLETED
    return reset


@contextmanager
def _between_reading_and_writing(happens: Callable[[], None]) -> Iterator[list[int]]:
    """Has something happen once a writer has read what it will write; answers in a list how often it did."""
    caught: list[int] = []

    def first(write: Callable[..., None]) -> Callable[..., None]:
        def happens_then_write(*args: Any, **more: Any) -> None:
            caught.append(1)
            happens()
            write(*args, **more)

        return happens_then_write

    with (
        patch.object(rostering, "_write", first(rostering._write)),
        patch.object(importing, "_write", first(importing._write)),
    ):
        yield caught


class Watch:
    """Counts statements that change a student table of a district, and keeps those sent without its lock."""

    def __init__(self, district_id: int) -> None:
        tables = "|".join(shards.parent(model) for model in shards.MODELS)
        verbs = r"INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE|COPY"
        self.changes = re.compile(rf'\b({verbs})\s+(ONLY\s+)?"?({tables})(_d\d+)?\b', re.I)
        self.district_id, self.writes, self.unlocked = district_id, 0, list[str]()

    def __call__(self, execute: Callable[..., Any], statement: Any, params: Any, many: bool, context: Any) -> Any:
        words = statement if isinstance(statement, str) else statement.as_string(context["cursor"].cursor)
        if self.changes.search(words):
            self.writes += 1
            if not self._is_locked():
                self.unlocked.append(words[:200])
        return execute(statement, params, many, context)

    def _is_locked(self) -> bool:
        held = (
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s"
            " AND pid = pg_backend_pid() AND granted)"
        )
        with connection.connection.cursor() as cursor:  # past the watch
            cursor.execute(held, [gate.LOCKS, self.district_id])
            return bool(cursor.fetchone()[0])


IN_GATE, READS, RUNS, TABLES = "writes inside gate.writing", "reads", "is the run, which locks", "makes empty tables"
NAMING_STUDENT_TABLES = {
    "districts/activity/counters.py": READS,
    "districts/activity/storing.py": IN_GATE,
    "districts/management/commands/repair_shards.py": TABLES,
    "districts/roster/completing.py": READS,
    "districts/roster/new_year.py": READS,
    "districts/roster/safeguards.py": READS,
    "districts/roster/sync.py": IN_GATE,
    "districts/services.py": TABLES,
    "districts/shards.py": TABLES,
    "districts/year_counts.py": RUNS,
    "exports/files.py": READS,
    "exports/proof_cases.py": READS,
    "exports/reading.py": READS,
    "exports/report_facts.py": READS,
    "exports/report_plan.py": READS,
    "exports/report_reading.py": READS,
    "exports/report_sections.py": READS,
    "exports/student_sql.py": READS,
    "resets/certificate_text.py": READS,
    "resets/claims.py": RUNS,
    "resets/counting.py": READS,
    "resets/export_forms.py": READS,
    "resets/exports_page.py": READS,
    "resets/preconditions.py": READS,
    "resets/preview.py": READS,
    "resets/printed_words.py": READS,
    "resets/reports_page.py": READS,
    "resets/steps.py": RUNS,
}


def test_no_other_module_knows_a_student_table() -> None:
    apps = (ROOT / app for app in ("districts", "exports", "resets", "resetportal"))
    modules = (path for app in apps for path in app.rglob("*.py") if not {"migrations", "models"} & set(path.parts))
    found = {str(path.relative_to(ROOT)) for path in modules if _names_a_student_table(path.read_text())}
    assert found <= set(NAMING_STUDENT_TABLES), "Have it write inside gate.writing, try it here, and name it."


def _names_a_student_table(code: str) -> bool:
    tables = "|".join(shards.parent(model) for model in shards.MODELS)
    if re.search(rf"\b({tables})(_d|\b)", code):
        return True
    named = {model.__name__ for model in shards.MODELS} | {"shards"}
    imports = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom))
    ours = (node for node in imports if node.module in ("districts", "districts.models", "districts.shards"))
    values = {"BenchmarkResult", "FactsTest", "LessonResult"} if "class Malformed" in code else set()  # their choices
    return any(alias.name in named - values for node in ours for alias in node.names)
