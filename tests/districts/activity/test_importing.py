"""A feed into its district: once by event id, all or nothing, never of a closed year."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, connection

from districts import gate, shards
from districts.activity import storing
from districts.activity.feed import FeedRefused
from districts.activity.importing import Taken, import_activity
from districts.models import (
    Avatar,
    BenchmarkResult,
    DailyUsage,
    DistrictCounts,
    Educator,
    FactsProgress,
    Gate,
    LessonResult,
    Pathway,
    PathwayAssignment,
    PointsBalance,
    PointsEntry,
)
from tests.districts.activity import feeds
from tests.districts.activity.feeds import event
from tests.people import Cast


@pytest.fixture
def load(cast: Cast, tmp_path: Path) -> Any:
    """Imports events into Lakeside."""

    def load(*events: dict[str, Any]) -> Taken:
        return import_activity(district=cast.lakeside, path=feeds.write(tmp_path / "feed", *events))

    return load


def everything() -> list[dict[str, Any]]:
    return [event(kind, number) for number, kind in enumerate(feeds.KINDS)]


def test_it_stores_every_kind(load: Any, cast: Cast) -> None:
    taken = load(*everything())
    assert taken.events == 9
    assert taken.new == dict.fromkeys(feeds.KINDS, 1)
    lesson = LessonResult.objects.of(cast.lakeside).get(lesson="g4-13")
    assert lesson.pathway is not None
    assert (lesson.pathway.code, lesson.passed, lesson.minutes, lesson.title) == ("g4", True, 12, "")
    assert lesson.happened == datetime(2027, 5, 6, 17, 15, tzinfo=UTC)
    assert BenchmarkResult.objects.of(cast.lakeside).get(number=2).quantile == "725Q"
    assert PathwayAssignment.objects.of(cast.lakeside).filter(pathway__code="g5").count() == 1


@pytest.mark.parametrize("offset", ["+23:59", "-23:59"])
def test_a_moment_of_any_offset_is_stored(load: Any, cast: Cast, offset: str) -> None:
    load(event("lesson", happened=f"2027-05-06T10:15:00{offset}"))
    stored = LessonResult.objects.of(cast.lakeside).get(lesson="g4-13")
    assert (
        stored.happened.isoformat()
        == datetime.fromisoformat(f"2027-05-06T10:15:00{offset}").astimezone(UTC).isoformat()
    )


def test_twice_is_as_good_as_once(load: Any, cast: Cast) -> None:
    load(*everything())
    before = shards.count(cast.lakeside.pk), PointsBalance.objects.of(cast.lakeside).values_list("earned").first()
    again = load(*everything())
    assert again.new == dict.fromkeys(feeds.KINDS, 0)
    after = shards.count(cast.lakeside.pk), PointsBalance.objects.of(cast.lakeside).values_list("earned").first()
    assert after == before


def test_an_event_that_stands_twice_in_a_feed_counts_once(load: Any) -> None:
    assert load(event("points"), event("points")).new["points"] == 1


def test_points_make_a_balance(load: Any, cast: Cast) -> None:
    load(event("points", 1, amount=40), event("points", 2, amount=-15), event("points", 3, currency="tokens", amount=5))
    load(event("points", 4, amount=10))
    balances = PointsBalance.objects.of(cast.lakeside).filter(student__sourced_id="student-1")
    assert set(balances.values_list("currency", "earned", "to_spend")) == {
        ("think_points", 50 + 50, 50 + 35),
        ("tokens", 5, 5),
    }


def test_the_balance_is_the_sum_of_its_entries(load: Any, cast: Cast) -> None:
    load(*(event("points", number, amount=number - 5) for number in range(20)))
    amounts = (
        PointsEntry.objects.of(cast.lakeside).filter(student__sourced_id="student-1").values_list("amount", flat=True)
    )
    balance = PointsBalance.objects.of(cast.lakeside).get(student__sourced_id="student-1", currency="think_points")
    assert (balance.earned, balance.to_spend) == (sum(a for a in amounts if a > 0), sum(amounts))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_newest_avatar_wins_in_whatever_order_it_comes(load: Any, cast: Cast, order: tuple[int, int]) -> None:
    events = [
        event("avatar", 1, parts={"hair": "red"}, happened="2027-06-01T10:00:00Z"),
        event("avatar", 2, parts={"hair": "blue"}, happened="2027-06-02T10:00:00Z"),
    ]
    for index in order:
        load(events[index])
    load(*(events[index] for index in order))
    assert Avatar.objects.of(cast.lakeside).get(student__sourced_id="student-1").parts == {"hair": "blue"}


def test_the_newest_answer_to_a_fact_wins(load: Any, cast: Cast) -> None:
    load(event("facts_progress", 1, passed=False, happened="2027-06-02T10:00:00Z"))
    load(event("facts_progress", 2, passed=True, happened="2027-06-01T10:00:00Z"))
    assert not FactsProgress.objects.of(cast.lakeside).get(student__sourced_id="student-1").passed


def test_custom_pathways_become_definitions_of_the_district(load: Any, cast: Cast) -> None:
    definition = {"pathway": "custom:bridge", "name": "Summer Bridge", "learning_environment": "three_plus"}
    load(event("pathway", 1, **definition), event("lesson", 2, pathway="custom:bridge"))
    load(event("pathway", 3, **definition), event("lesson", 4, pathway="custom:bridge"))
    bridge = Pathway.objects.get(code="custom:bridge")
    assert (bridge.district, bridge.name) == (cast.lakeside, "Summer Bridge")
    assert LessonResult.objects.of(cast.lakeside).filter(pathway=bridge).count() == 2


@pytest.mark.parametrize("code", ["g13", "custom:nobody"])
def test_a_pathway_that_is_not_there_refuses_the_feed(load: Any, code: str) -> None:
    with pytest.raises(FeedRefused, match=r"feed, line 2, field pathway: There is no such pathway"):
        load(event("usage"), event("lesson", pathway=code))


def test_another_districts_custom_pathway_is_not_there(load: Any, cast: Cast) -> None:
    Pathway.objects.create(district=cast.quarry, code="custom:own", name="Own", learning_environment="three_plus")
    with pytest.raises(FeedRefused, match="There is no such pathway"):
        load(event("lesson", pathway="custom:own"))


def test_events_of_unknown_students_are_listed_and_not_stored(load: Any, cast: Cast) -> None:
    taken = load(event("usage", 1), event("usage", 2, student="nobody"), event("lesson", 3, student="nobody"))
    assert taken.strangers == [2, 3]
    assert taken.new["usage"] == 1


def test_students_of_other_districts_are_unknown_here(load: Any, cast: Cast) -> None:
    before = shards.count(cast.quarry.pk)
    load(event("usage"))
    assert shards.count(cast.quarry.pk) == before


def last_sign_in(cast: Cast) -> date | None:
    return Educator.objects.get(district=cast.lakeside, sourced_id="t1").last_sign_in_on


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_educators_last_sign_in_is_the_newest_by_the_districts_days(
    load: Any, cast: Cast, order: tuple[int, int]
) -> None:
    events = [
        event("educator_sign_in", 1, happened="2027-05-06T17:00:00Z"),
        event("educator_sign_in", 2, happened="2027-06-02T05:00:00Z"),
    ]
    for index in order:
        load(events[index])
    assert last_sign_in(cast) == date(2027, 6, 1)


def test_sign_ins_of_one_batch_change_an_educator_once(load: Any, cast: Cast) -> None:
    taken = load(*(event("educator_sign_in", day, happened=f"2027-05-0{day}T17:00:00Z") for day in (3, 5, 4)))
    assert (taken.new["educator_sign_in"], last_sign_in(cast)) == (1, date(2027, 5, 5))


def test_an_unknown_educator_is_listed_like_an_unknown_student(load: Any, cast: Cast) -> None:
    Educator.objects.create(district=cast.quarry, sourced_id="theirs", first_name="A", last_name="B")
    named = ("nobody", "student-1", "t1", "theirs")
    taken = load(*(event("educator_sign_in", number, educator=name) for number, name in enumerate(named)))
    assert (taken.strangers, taken.new["educator_sign_in"]) == ([1, 2, 4], 1)
    assert not Educator.objects.filter(district=cast.quarry).exclude(last_sign_in_on=None).exists()


def test_a_sign_in_from_before_the_reset_counts_since_the_account_is_kept(load: Any, cast: Cast) -> None:
    at = datetime(2027, 7, 28, 8, 5, tzinfo=UTC)
    Gate.objects.filter(pk=cast.lakeside.pk).update(last_reset_at=at, last_reset_by="the nightly run", resets=1)
    taken = load(event("educator_sign_in"), event("lesson", 2))
    assert (taken.closed, last_sign_in(cast)) == ([2], date(2027, 5, 6))


def test_a_malformed_line_refuses_the_whole_feed(load: Any, cast: Cast) -> None:
    before = shards.count(cast.lakeside.pk)
    with pytest.raises(FeedRefused, match=r"feed, line 2, field minutes: Write 0 to 1,440\."):
        load(event("lesson", 1), event("lesson", 2, minutes=-3))
    assert shards.count(cast.lakeside.pk) == before


def test_an_event_before_the_last_reset_is_refused_for_ever(load: Any, cast: Cast) -> None:
    at = datetime(2027, 7, 28, 8, 5, tzinfo=UTC)
    Gate.objects.filter(pk=cast.lakeside.pk).update(last_reset_at=at, last_reset_by="the nightly run", resets=1)
    taken = load(
        event("lesson", 1, happened="2027-07-28T08:04:59Z"),
        event("lesson", 2, happened="2027-07-28T08:05:00Z"),
        event("usage", 3, happened="2027-09-01T08:00:00Z", day="2027-07-27"),
        event("pathway", 4, happened="2027-09-01T08:00:00Z", assigned_on="2027-05-01"),
    )
    assert taken.closed == [1, 3, 4]
    assert (taken.new["lesson"], taken.new["usage"], taken.new["pathway"]) == (1, 0, 0)


def test_a_closed_years_pathway_refuses_nothing_of_the_new_one(load: Any, cast: Cast) -> None:
    at = datetime(2027, 5, 20, tzinfo=UTC)
    Gate.objects.filter(pk=cast.lakeside.pk).update(last_reset_at=at, last_reset_by="the nightly run", resets=1)
    taken = load(
        event("lesson", 1, pathway="custom:forgotten"),
        event("lesson", 2, happened="2027-09-01T08:00:00Z", pathway="g4"),
    )
    assert (taken.closed, taken.new["lesson"]) == ([1], 1)


def test_a_paused_district_takes_nothing(load: Any, cast: Cast) -> None:
    Gate.objects.filter(pk=cast.lakeside.pk).update(is_shut=True)
    before = shards.count(cast.lakeside.pk)
    with pytest.raises(gate.Paused):
        load(event("usage"))
    assert shards.count(cast.lakeside.pk) == before


@pytest.mark.parametrize(("change", "error"), [({"is_shut": True}, gate.Paused), ({"resets": 1}, gate.Outdated)])
def test_a_pause_or_reset_while_the_feed_is_read_is_seen(
    load: Any, cast: Cast, change: dict[str, Any], error: type[Exception]
) -> None:
    real = storing.store

    def meanwhile(*args: Any, **options: Any) -> Any:
        Gate.objects.filter(pk=cast.lakeside.pk).update(**change)
        return writing(*args, **options)

    writing = gate.writing
    with patch("districts.activity.importing.gate.writing", meanwhile), pytest.raises(error):
        load(event("usage"))
    assert storing.store is real
    assert not DailyUsage.objects.of(cast.lakeside).filter(day=date(2027, 3, 2)).exists()


def test_it_keeps_the_districts_numbers(load: Any, cast: Cast) -> None:
    before = DistrictCounts.objects.get(pk=cast.lakeside.pk)
    load(event("usage"), event("lesson"))
    after = DistrictCounts.objects.get(pk=cast.lakeside.pk)
    assert (after.minutes - before.minutes, after.lessons - before.lessons) == (30, 1)


def test_what_the_database_refuses_is_told_without_a_row(load: Any) -> None:
    with (
        patch.object(storing, "store", side_effect=DataError("Key (student)=(Noor Canary)")),
        pytest.raises(DataError) as told,
    ):
        load(event("usage"))
    assert "Canary" not in str(told.value)


def test_nothing_staged_is_left_behind(load: Any) -> None:
    load(event("usage"))
    with pytest.raises(FeedRefused):
        load(event("usage", minutes=3))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname = 'staged_event'")
        assert cursor.fetchone() == (0,)


def test_by_hand_it_says_what_it_did(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = feeds.write(tmp_path / "feed.gz", event("usage"), event("usage", 2, student="nobody"), packed=True)
    call_command("import_activity", str(path), "--district", "0620810")
    assert capsys.readouterr().out == (
        "Lakeside Unified: 2 events read; stored: 1 usage.\n  1 events of unknown students, not stored (lines 2)\n"
    )


def test_by_hand_it_refuses_with_file_line_and_field(cast: Cast, tmp_path: Path) -> None:
    path = feeds.write(tmp_path / "feed", event("usage", day=None))
    with pytest.raises(
        CommandError, match=r"Nothing was imported\. feed, line 1, field day: It is missing\."
    ) as refused:
        call_command("import_activity", str(path), "--district", "0620810")
    assert refused.value.returncode == 2


def test_by_hand_it_fails_when_every_event_was_refused(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = feeds.write(tmp_path / "feed", event("usage", student="nobody"))
    with pytest.raises(CommandError, match="Every event was refused") as refused:
        call_command("import_activity", str(path), "--district", "0620810")
    assert refused.value.returncode == 2
    assert "1 events of unknown students" in capsys.readouterr().out


def test_by_hand_it_refuses_a_district_that_is_not_there(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no district with the site code 0000000"):
        call_command("import_activity", str(tmp_path), "--district", "0000000")
