"""A district's numbers, added to batch by batch, are those that a full count of its leaf finds."""

from datetime import UTC, datetime
from typing import Any

from django.forms.models import model_to_dict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from districts import services
from districts.activity.events import event
from districts.activity.importing import Taken, import_events
from districts.models import DailyUsage, District, DistrictCounts, Gate
from tests.districts.activity import feeds
from tests.people import Cast

STUDENTS = ("student-1", "student-2", "no-school", "nobody")
MINUTES = st.sampled_from((0, 0, 1, 30))
USAGE = st.builds(
    lambda number, **changes: feeds.event("usage", number, **changes),
    st.integers(1, 12),  # few ids, so that events come again, also with another's student or minutes
    student=st.sampled_from(STUDENTS),
    day=st.dates(datetime(2027, 1, 1, tzinfo=UTC).date(), datetime(2027, 8, 1, tzinfo=UTC).date()).map(str),
    school_minutes=MINUTES,
    home_minutes=MINUTES,
)
LESSON = st.builds(
    lambda number, student: feeds.event("lesson", number, student=student),
    st.integers(1, 8),
    st.sampled_from(STUDENTS),
)
BATCHES = st.lists(st.lists(USAGE | LESSON, min_size=1, max_size=12), min_size=1, max_size=4)


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
