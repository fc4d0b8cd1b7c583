"""Preview: what a reset would do, counted by the run's own functions under its locks."""

from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client

from districts import disposition, gate, shards
from districts.disposition import Action
from resetportal import clock
from resets import counting, engine, preview
from resets.models import Reset, SchoolReset
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.views.reading import words

PAGE = "/districts/0620810/preview/"


def test_it_counts_what_the_run_then_deletes(reset: Reset, cast: Cast, night: time_machine.Traveller) -> None:
    foreseen = preview.read(cast.lakeside, at=clock.now())
    engine.run(reset.pk, worker="w1")
    done = list(SchoolReset.objects.filter(reset=reset))
    assert [name for name, _ in foreseen.schools] == [part.name for part in done]
    assert [sum(counts) for _, counts in foreseen.schools] == [sum(part.acted.values()) for part in done]
    assert foreseen.rows == sum(part.rows_before for part in done) > 0


def test_it_counts_what_is_kept_as_the_run_does(reset: Reset, cast: Cast) -> None:
    kept = {kind: len(ids) for kind, ids in counting.kept(cast.lakeside).items()}
    lines = preview.read(cast.lakeside, at=JUNE_1).kept
    assert {words: count for line in lines for words, count in line.kinds} == {
        disposition.of(kind).words: count for kind, count in kept.items()
    }


def test_every_row_of_the_article_is_there(cast: Cast) -> None:
    found = preview.read(cast.lakeside, at=JUNE_1)
    told = {each.row for each in disposition.DISPOSITIONS.values() if each.action != Action.SYSTEM}
    assert {line.row for line in (*found.gone, *found.kept)} == told


def test_each_row_says_what_happens_to_it(client: Client, cast: Cast, reset: Reset) -> None:
    said = words(client, cast.carmen, PAGE)
    assert "Student accounts Deleted; all students get new accounts 3" in said
    assert "THINK Points and tokens point and token entries 2 · point and token balances 2 Deleted, set to 0 4" in said
    assert "Pathway definitions Kept, nobody is assigned any more" in said
    assert "Schools and district schools 2 · districts 1 Kept 3" in said


def test_each_school_has_its_row_and_the_rest_theirs(client: Client, cast: Cast, reset: Reset) -> None:
    said = words(client, cast.carmen, PAGE)
    assert "School 1 1 2 1 2 2 1 1 3" in said
    assert "Students without a school 1 0 0 0 0 0 0 0" in said


def test_it_says_what_a_reset_does_not_touch(client: Client, cast: Cast, reset: Reset) -> None:
    said = words(client, cast.carmen, PAGE)
    for what in ("SIS", "Files that people downloaded", "Backups"):
        assert what in said


def test_it_says_when_the_reset_runs(client: Client, cast: Cast, reset: Reset) -> None:
    assert "All schools are reset together (W7): Wed, July 28, 2027, 1:00 AM PDT." in words(client, cast.dana, PAGE)


def test_it_stands_without_a_season(client: Client, cast: Cast) -> None:
    assert "Student accounts" in words(client, cast.carmen, PAGE)


def test_no_student_is_named(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.dana)
    assert b"Canary" not in client.get(PAGE).content


def test_it_holds_the_districts_lock_and_its_leaves_before_it_counts(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TRUNCATE is not MVCC-safe: whoever must see a whole holds both before the first count."""
    counted, held = counting.by_school, []

    def watched(*args: Any) -> counting.Counts:
        held.extend(locks())
        return counted(*args)

    monkeypatch.setattr(counting, "by_school", watched)
    preview.read(cast.lakeside, at=JUNE_1)
    assert {(name, "AccessShareLock") for name in shards.leaves(cast.lakeside.pk)} <= set(held)
    assert (f"{gate.LOCKS} {cast.lakeside.pk}", "ShareLock") in held


def locks() -> list[tuple[str, str]]:
    """What this connection has locked: tables by name, the district's lock by its two keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(c.relname, l.classid || ' ' || l.objid), l.mode FROM pg_locks l"
            " LEFT JOIN pg_class c ON c.oid = l.relation WHERE l.pid = pg_backend_pid()"
        )
        return list(cursor.fetchall())


def test_a_district_that_a_run_keeps_locked_shows_nothing_half_counted(
    client: Client, cast: Cast, reset: Reset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*args: object, **more: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = 'lock_not_available'; END $$")

    monkeypatch.setattr(gate, "lock", locked)
    client.force_login(cast.carmen)
    answer = client.get(PAGE)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "nothing half counted is shown" in answer.content.decode()


def test_a_database_that_is_away_is_not_called_a_lock(
    client: Client, cast: Cast, reset: Reset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **more: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(gate, "lock", away)
    client.force_login(cast.carmen)
    with pytest.raises(OperationalError, match="closed the connection"):
        client.get(PAGE)
