"""What protects a district from its own roster: each reason, at its threshold, and nothing applied."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from districts import incoming, shards
from districts.models import District, RosterFile, RosterSource, RosterSync, School, Student
from districts.roster import changes, safeguards
from districts.roster.merging import Changes
from districts.rostering import import_roster
from districts.services import create_district
from tests.districts.roster.files import RosterFiles
from tests.people import Cast

good = RosterFiles()
AT = datetime(2027, 4, 5, 9, tzinfo=UTC)


@pytest.fixture
def district(db: None) -> District:
    return create_district(name="Fresh Unified", site_code="0699990", zone="America/Los_Angeles")


@pytest.fixture
def load(district: District, tmp_path: Path) -> Any:
    def load(files: RosterFiles, **details: Any) -> RosterSync:
        path = files.zip(tmp_path / "roster.zip")
        return import_roster(district=district, path=path, by="the nightly roster sync", at=AT, **details).sync

    return load


def active(district: District) -> int:
    return Student.objects.of(district).filter(is_deactivated=False).count()


def reasons(percent: int, **kinds: Changes) -> list[str]:
    return list(safeguards.removals(kinds, percent))


@pytest.mark.parametrize(("removed", "is_held"), [(100, False), (101, True), (500, True)])
def test_more_than_a_tenth_of_a_kind_is_held(removed: int, is_held: bool) -> None:
    assert bool(reasons(10, student=Changes(removed=removed, unchanged=1000 - removed))) is is_held


def test_the_reason_has_figures_and_the_limit() -> None:
    assert reasons(10, student=Changes(removed=1204, unchanged=4796)) == [
        "1,204 of 6,000 student accounts would be deactivated (20%); the limit is 10%."
    ]


def test_accounts_that_are_deactivated_already_make_no_removal_smaller() -> None:
    counts = {"student": Changes(removed=9, unchanged=991)}
    assert list(safeguards.removals(counts, 10, {"student": 60})) == [
        "9 of 60 student accounts would be deactivated (15%); the limit is 10%."
    ]


def test_students_are_measured_against_those_who_are_active(load: Any, district: District) -> None:
    source = RosterSource.objects.filter(district=district)
    source.update(removal_percent=100, school_percent=100)
    full = good.with_students(60)

    def disabling(last: int) -> RosterFiles:
        users = str(full.files["users.csv"])
        for number in range(last):
            users = users.replace(f"\nx{number},,,true", f"\nx{number},,,false")
        return full.holding("users.csv", users)

    load(full)
    assert load(disabling(40)).outcome == "applied"
    source.update(removal_percent=10)
    assert load(disabling(43)).message.startswith("3 of 23 student accounts would be deactivated (13%)")


def test_everybody_marked_as_to_be_deleted_is_held(load: Any, district: District) -> None:
    load(good.with_students(60))
    users = [
        f"x{n},tobedeleted,2027-04-05T10:00:00.000Z,true,north,student,x{n},,Kim,Canary,,,,,,,3," for n in range(60)
    ]
    sync = load(good.changes(users=users))
    assert (sync.outcome, sync.counts["student"]["removed"], active(district)) == ("on_hold", 60, 63)


def test_changes_after_full_files_are_held(load: Any, district: District) -> None:
    load(good.with_students(60))
    sync = load(good.changes(users=["s1,,,true,north,student,ann,,Anne,Canary,Q,00017,,,,,03,"]))
    assert (sync.outcome, sync.concerns) == (
        "on_hold",
        ["This roster holds changes only (delta), and the last one was full (bulk)."],
    )


def test_everything_is_held_whatever_the_limit() -> None:
    assert reasons(100, classroom=Changes(removed=12)) == ["All 12 classrooms would be removed."]


def test_added_rows_hide_no_removal() -> None:
    assert reasons(10, student=Changes(added=10_000, removed=20, unchanged=100))


@pytest.mark.parametrize(
    ("removed", "had", "is_held"), [(20, 30, False), (21, 84, False), (21, 83, True), (300, 400, True)]
)
def test_a_school_loses_at_most_a_quarter_and_twenty(removed: int, had: int, is_held: bool) -> None:
    assert safeguards.is_emptied(removed, had, RosterSource()) is is_held


def test_a_school_that_is_gone_is_named(load: Any, district: District) -> None:
    far = [f"y{n},,,true,south,student,y{n},,Kim,Canary,,,,,,,9," for n in range(40)]
    load(good.with_students(500).adding("users.csv", *far))
    sync = load(good.with_students(500))
    assert sync.outcome == "on_hold"
    assert "South High would lose 40 of its 41 students (98%); the limit is 25% and 20 students." in sync.message
    assert active(district) == 543


def test_students_who_move_to_another_school_are_no_removal(load: Any, district: District) -> None:
    load(good.with_students(60))
    moved = str(good.with_students(60).files["users.csv"]).replace("true,north,student,x", "true,south,student,x")
    sync = load(good.with_students(60).holding("users.csv", moved))
    assert (sync.outcome, sync.counts["student"]["changed"], sync.counts["student"]["removed"]) == ("applied", 60, 0)


def test_students_that_are_only_disabled_are_a_removal_too(load: Any, district: District) -> None:
    load(good.with_students(60))
    off = str(good.with_students(60).files["users.csv"]).replace("true,north,student,x", "false,north,student,x")
    sync = load(good.with_students(60).holding("users.csv", off))
    assert (sync.outcome, sync.counts["student"]["removed"], active(district)) == ("on_hold", 60, 63)


def test_an_older_roster_is_held(load: Any) -> None:
    load(good, as_of=datetime(2027, 4, 4, tzinfo=UTC))
    sync = load(good.with_students(1), as_of=datetime(2027, 4, 3, tzinfo=UTC))
    assert sync.outcome == "on_hold"
    assert sync.message == (
        "This roster is of 2027-04-03 00:00 UTC, older than the last one applied, of 2027-04-04 00:00 UTC."
    )


def test_a_roster_that_another_followed_is_held_when_it_comes_again(load: Any, district: District) -> None:
    load(good.with_students(60))
    load(good.with_students(61))
    sync = load(good.with_students(60))
    assert (sync.outcome, active(district)) == ("on_hold", 64)
    assert sync.message == "This very roster was applied before, and another one since."


def test_full_that_turns_to_changes_is_held_unless_the_portal_asked_for_it() -> None:
    assert list(safeguards.turned("changes", "full", "sftp"))
    assert not list(safeguards.turned("changes", "changes", "sftp"))
    assert not list(safeguards.turned("full", "changes", "sftp"))
    assert not list(safeguards.turned("changes", "full", "rest"))


def test_another_districts_roster_is_held(load: Any, district: District) -> None:
    load(good.with_students(60))
    foreign = RosterFiles({name: str(text).replace("s1", "z1").replace("x", "q") for name, text in good.files.items()})
    sync = load(foreign)
    assert (sync.outcome, active(district)) == ("on_hold", 63)


def test_what_is_on_hold_changes_no_row_of_any_district(load: Any, district: District, cast: Cast) -> None:
    load(good.with_students(60))
    before = {each.pk: checksums(each) for each in (district, cast.lakeside, cast.quarry)}
    assert load(good).outcome == "on_hold"
    assert {each.pk: checksums(each) for each in (district, cast.lakeside, cast.quarry)} == before


def checksums(district: District) -> list[Any]:
    with connection.cursor() as cursor:
        return [_checksum(cursor, shards.leaf(model, district.pk)) for model in shards.MODELS] + [
            list(School.objects.filter(district=district).order_by("pk").values())
        ]


def _checksum(cursor: Any, table: str) -> Any:
    cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY id)) FROM ONLY {table} t")
    return cursor.fetchone()


def test_the_list_of_changes_says_who_where_and_what(load: Any, district: District) -> None:
    load(good.with_students(60))
    load(
        good.with_students(60).replacing("users.csv", "s2,,,true", "s2,,,false").replacing("users.csv", "Ann,", "Anne,")
    )
    listed = changes.read(incoming.changes_path(RosterFile.objects.latest("pk")), kind="student")
    assert [(each.action, each.label, each.school, each.what) for each in listed.rows] == [
        ("changed", "Anne Canary", "North Elementary", ["first_name"]),
        ("removed", "Ben Canary", "South High", []),
    ]
    assert listed.totals == Counter({("student", "changed"): 1, ("student", "removed"): 1})


def test_a_first_roster_lists_no_row(load: Any) -> None:
    sync = load(good)
    assert sync.counts["student"]["added"] == 3
    listed = changes.read(incoming.changes_path(RosterFile.objects.latest("pk")))
    assert {each.kind for each in listed.rows} <= {"school", "educator", "educatorrole"}


def test_a_list_is_read_page_by_page(load: Any, district: District) -> None:
    load(good)
    load(good.with_students(40))
    path = incoming.changes_path(RosterFile.objects.latest("pk"))
    first, second = (changes.read(path, kind="student", page=page) for page in (1, 2))
    assert (len(first.rows), len(second.rows), first.found, first.pages) == (25, 15, 40, 2)
    assert not {each.sourced_id for each in first.rows} & {each.sourced_id for each in second.rows}


@pytest.mark.parametrize("name", ['O"Brien, the 2nd', "\\N", "tab\there", "Иванов", "<script>", "Null"])
def test_a_name_of_any_kind_stands_in_the_list_as_it_came(load: Any, name: str) -> None:
    load(good)
    quoted = '"' + name.replace('"', '""') + '"'
    load(good.adding("users.csv", f"odd,,,true,north,student,odd,,{quoted},Canary,,,,,,,3,"))
    listed = changes.read(incoming.changes_path(RosterFile.objects.latest("pk")), kind="student", action="added")
    assert [each.label for each in listed.rows] == [f"{name} Canary"]


def test_a_list_that_has_ended_is_empty(tmp_path: Path) -> None:
    assert changes.read(tmp_path / "none.changes").found == 0
