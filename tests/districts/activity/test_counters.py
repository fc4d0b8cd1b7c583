"""A district's numbers, added to batch by batch, are those that a full count of its leaf finds."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from districts import services
from districts.activity.events import event
from districts.activity.importing import Taken, import_events
from districts.models import Avatar, DailyUsage, District, DistrictCounts, FactsProgress, Gate, Product
from tests.districts.activity import feeds
from tests.people import Cast

STUDENTS = ("student-1", "student-2", "no-school", "nobody")
LEARNING = [kind for kind in feeds.KINDS if kind != "educator_sign_in"]
FACTS = {"product": "math_facts"}
MINUTES = st.sampled_from((0, 0, 1, 30))
USAGE = st.builds(
    lambda number, **changes: feeds.event("usage", number, **changes),
    st.integers(1, 12),  # few ids, so that events come again, also with another's student or minutes
    student=st.sampled_from(STUDENTS),
    day=st.dates(datetime(2027, 1, 1, tzinfo=UTC).date(), datetime(2027, 8, 1, tzinfo=UTC).date()).map(str),
    product=st.sampled_from(Product.values),
    school_minutes=MINUTES,
    home_minutes=MINUTES,
)
LESSON = st.builds(
    lambda number, student: feeds.event("lesson", number, student=student),
    st.integers(1, 8),
    st.sampled_from(STUDENTS),
)
MOMENTS = st.datetimes(datetime(2027, 5, 1), datetime(2027, 5, 9), timezones=st.just(UTC)).map(datetime.isoformat)  # noqa: DTZ001
OTHER = st.builds(
    lambda kind, number, student, happened: feeds.event(kind, number, student=student, happened=happened),
    st.sampled_from(("benchmark", "points", "avatar", "pathway", "facts_test", "facts_progress")),
    st.integers(1, 8),
    st.sampled_from(STUDENTS),
    MOMENTS,
)
BATCHES = st.lists(st.lists(USAGE | LESSON | OTHER, min_size=1, max_size=12), min_size=1, max_size=4)


def send(district: District, *raw: dict[str, Any]) -> Taken:
    return import_events(district=district, events=enumerate(map(event, raw)))


def numbers(district: District) -> dict[str, Any]:
    return model_to_dict(DistrictCounts.objects.get(pk=district.pk))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=BATCHES)
def test_what_batches_add_is_what_a_full_count_finds(cast: Cast, batches: list[list[dict[str, Any]]]) -> None:
    for batch in batches:
        send(cast.lakeside, *batch)
        added = numbers(cast.lakeside)
        services.recount(cast.lakeside.pk)
        assert added == numbers(cast.lakeside)


def test_it_holds_from_the_first_event_of_a_year(cast: Cast) -> None:
    DailyUsage.objects.of(cast.lakeside).delete()
    services.recount(cast.lakeside.pk)
    send(cast.lakeside, feeds.event("usage"))
    found = numbers(cast.lakeside)
    assert (found["active_students"], found["minutes"], str(found["last_activity_on"])) == (1, 30, "2027-03-02")


def test_a_day_of_no_minutes_makes_nobody_active(cast: Cast) -> None:
    before = numbers(cast.lakeside)["active_students"]
    send(cast.lakeside, feeds.event("usage", student="no-school", school_minutes=0, home_minutes=0))
    assert numbers(cast.lakeside)["active_students"] == before
    send(cast.lakeside, feeds.event("usage", 2, student="no-school", school_minutes=0, home_minutes=1))
    assert numbers(cast.lakeside)["active_students"] == before + 1


def test_another_districts_numbers_stay(cast: Cast) -> None:
    before = numbers(cast.quarry)
    send(cast.lakeside, feeds.event("usage"), feeds.event("lesson", 2))
    assert numbers(cast.quarry) == before


def test_events_of_a_closed_year_are_counted_each_time_they_are_refused(cast: Cast) -> None:
    at = datetime(2027, 7, 28, 8, 5, tzinfo=UTC)
    Gate.objects.filter(pk=cast.lakeside.pk).update(last_reset_at=at, last_reset_by="the nightly run", resets=1)
    for times in (1, 2):
        send(cast.lakeside, feeds.event("usage"), feeds.event("lesson", 2))
        assert numbers(cast.lakeside)["refused_events"] == 2 * times


def versions(district: District) -> tuple[int, int]:
    found = numbers(district)
    return found["math_version"], found["facts_version"]


def last_days(district: District) -> tuple[str, str]:
    found = numbers(district)
    return str(found["math_last_on"]), str(found["facts_last_on"])


@pytest.mark.parametrize("kind", ["lesson", "benchmark", "usage", "points", "avatar", "pathway"])
def test_something_new_of_imagine_math_is_a_new_version_of_it(cast: Cast, kind: str) -> None:
    send(cast.lakeside, feeds.event(kind, student="no-school"))
    assert versions(cast.lakeside) == (1, 0)


@pytest.mark.parametrize(("kind", "changes"), [("facts_test", {}), ("facts_progress", {}), ("usage", FACTS)])
def test_something_new_of_math_facts_is_a_new_version_of_it(cast: Cast, kind: str, changes: dict[str, Any]) -> None:
    send(cast.lakeside, feeds.event(kind, student="no-school", **changes))
    assert versions(cast.lakeside) == (0, 1)


def test_what_was_sent_before_is_no_new_version(cast: Cast) -> None:
    every = [feeds.event(kind, number, student="no-school") for number, kind in enumerate(LEARNING, 1)]
    send(cast.lakeside, *every)
    send(cast.lakeside, *every)
    assert versions(cast.lakeside) == (1, 1)


def test_a_batch_of_unknown_students_alone_is_no_new_version(cast: Cast) -> None:
    send(cast.lakeside, feeds.event("usage", student="nobody"), feeds.event("facts_test", 2, student="nobody"))
    assert versions(cast.lakeside) == (0, 0)


@pytest.mark.parametrize(("kind", "model"), [("avatar", Avatar), ("facts_progress", FactsProgress)])
def test_what_takes_the_place_of_something_older_is_a_new_version(cast: Cast, kind: str, model: Any) -> None:
    before = model.objects.of(cast.lakeside).count()
    send(cast.lakeside, feeds.event(kind))
    assert model.objects.of(cast.lakeside).count() == before
    assert sum(versions(cast.lakeside)) == 1


@pytest.mark.parametrize("kind", ["avatar", "facts_progress"])
def test_what_comes_too_late_to_change_anything_is_no_new_version(cast: Cast, kind: str) -> None:
    send(cast.lakeside, feeds.event(kind, happened="2027-01-04T17:30:00Z"))
    assert versions(cast.lakeside) == (0, 0)


def test_a_day_of_use_moves_the_last_day_of_its_own_product(cast: Cast) -> None:
    send(cast.lakeside, feeds.event("usage", day="2027-05-20"), feeds.event("usage", 2, day="2027-05-21", **FACTS))
    assert last_days(cast.lakeside) == ("2027-05-20", "2027-05-21")


@pytest.mark.parametrize("kind", ["lesson", "benchmark", "points", "avatar"])
def test_work_without_minutes_moves_the_last_day_in_the_districts_zone(cast: Cast, kind: str) -> None:
    send(cast.lakeside, feeds.event(kind, happened="2027-05-21T06:59:00Z"))
    assert last_days(cast.lakeside) == ("2027-05-20", "2027-05-04")


@pytest.mark.parametrize("kind", ["facts_test", "facts_progress"])
def test_work_on_facts_moves_the_last_day_of_facts(cast: Cast, kind: str) -> None:
    send(cast.lakeside, feeds.event(kind, happened="2027-05-21T06:59:00Z"))
    assert last_days(cast.lakeside) == ("2027-05-04", "2027-05-20")


def test_an_earlier_day_leaves_the_last_one(cast: Cast) -> None:
    send(cast.lakeside, feeds.event("usage"), feeds.event("facts_test", 2, happened="2027-03-03T10:00:00Z"))
    assert last_days(cast.lakeside) == ("2027-05-04", "2027-05-04")


def test_a_pathway_counts_for_the_day_that_it_is_assigned_for(cast: Cast) -> None:
    send(cast.lakeside, feeds.event("pathway", assigned_on="2027-06-01"))
    assert last_days(cast.lakeside) == ("2027-06-01", "2027-05-04")


def test_a_full_count_keeps_batches_out_before_it_reads(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        services.recount(cast.lakeside.pk)
    first = next(query["sql"] for query in queries if query["sql"].startswith("SELECT"))
    assert '"districts_districtcounts"' in first
    assert first.endswith("FOR UPDATE")
