"""A season's life: drafted, opened with a default for every district (W2), changed after a preview (W9)."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from districts.models import District, DistrictCounts, Gate, SchoolYear
from resets import history, opening, policy, seasons, services
from resets.models import Reset, ResetEvent, Season, SeasonEvent, Status
from resets.policy import PolicyError
from tests.people import Cast, make_district
from tests.resets.conftest import JUNE_1

JULY_28 = date(2027, 7, 28)
RULES = seasons.starting_policy(2027)


def with_default(day: date) -> policy.Policy:
    return policy.Policy.from_data(RULES.to_data() | {"default_dates": [day.isoformat()]})


def draft(cast: Cast, rules: policy.Policy = RULES) -> Season:
    return opening.draft_season(policy=rules, by=cast.maya, at=JUNE_1, source="the rules of 2023")


def open_it(season: Season, cast: Cast, at: datetime = JUNE_1) -> list[Reset]:
    return opening.open_season(season=season, by=cast.maya, at=at)


def test_a_district_with_students_gets_the_default(season: Season, cast: Cast) -> None:
    reset = season.resets.get(district=cast.lakeside)
    assert (reset.date, reset.is_default, reset.status) == (JULY_28, True, Status.SCHEDULED)


def test_the_run_is_due_at_the_districts_own_hour(season: Season) -> None:
    due = dict(season.resets.values_list("district__name", "due_from"))
    assert due["Lakeside Unified"] == datetime(2027, 7, 28, 8, tzinfo=UTC)
    assert due["Quarry Hill"] == datetime(2027, 7, 28, 5, tzinfo=UTC)


def test_a_district_without_students_gets_no_date(cast: Cast) -> None:
    DistrictCounts.objects.filter(pk=cast.quarry.pk).update(students=0, accounts=0)
    assert [reset.district for reset in open_it(draft(cast), cast)] == [cast.lakeside]


def test_every_gate_pauses_on_the_default(season: Season) -> None:
    assert set(Gate.objects.values_list("pauses_on", flat=True)) == {JULY_28}


def test_the_opening_stands_in_every_history(season: Season) -> None:
    event = ResetEvent.objects.get(district_name="Lakeside Unified")
    assert history.sentence(event) == "The season opened. The reset is on Wed, July 28, 2027, the default."


def test_the_opening_stands_in_the_seasons_own_history(season: Season) -> None:
    event = season.events.get(kind="opened")
    assert history.season_sentence(event) == "Maya Lindqvist opened the season. Districts that got their default: 2."


def test_it_refuses_to_open_with_a_default_13_days_ahead(cast: Cast) -> None:
    season = draft(cast)
    with pytest.raises(services.Refused, match=r"13 days ahead.*\(W2\)"):
        open_it(season, cast, at=datetime(2027, 7, 15, 12, tzinfo=UTC))
    assert not Reset.objects.exists()


def test_it_opens_with_a_default_14_days_ahead(cast: Cast) -> None:
    assert len(open_it(draft(cast), cast, at=datetime(2027, 7, 14, 12, tzinfo=UTC))) == 2


def test_it_counts_the_days_where_the_date_is_furthest_ahead(cast: Cast) -> None:
    District.objects.filter(pk=cast.quarry.pk).update(zone="Pacific/Guam")
    season = draft(cast)
    with pytest.raises(services.Refused, match="W2"):  # July 14 in New York, July 15 in Guam already
        open_it(season, cast, at=datetime(2027, 7, 14, 20, tzinfo=UTC))


def test_a_season_opens_once(season: Season, cast: Cast) -> None:
    with pytest.raises(opening.AlreadyOpen, match="Maya Lindqvist"):
        open_it(season, cast)


def test_no_date_is_stored_in_the_past(cast: Cast) -> None:
    opened = open_it(draft(cast), cast)
    assert all(reset.due_from > reset.date_set_at for reset in opened)
    with pytest.raises(DatabaseError), transaction.atomic():
        Reset.objects.update(date_set_at=datetime(2027, 8, 1, tzinfo=UTC))


def test_a_season_that_is_open_cannot_be_drafted_again(season: Season, cast: Cast) -> None:
    with pytest.raises(opening.AlreadyOpen):
        draft(cast)


def test_a_draft_of_the_same_year_is_replaced(cast: Cast) -> None:
    first, second = draft(cast), draft(cast, with_default(date(2027, 7, 20)))
    assert first.pk == second.pk
    assert second.rules.default_dates == (date(2027, 7, 20),)


def test_the_newest_open_season_is_the_one_looked_after(season: Season, cast: Cast) -> None:
    draft(cast, RULES.moved_to(2028))
    assert opening.season_now() == season


def test_a_district_whose_reset_is_not_over_is_left_out_of_the_next_season(season: Season, cast: Cast) -> None:
    season.resets.filter(district=cast.quarry).update(
        status=Status.COMPLETED, destroyed_at=JUNE_1, destroyed_by="w", verified_at=JUNE_1, verified_by="w"
    )
    Gate.objects.filter(pk=cast.quarry.pk).update(resumed_at=JUNE_1, resumed_by="Omar Haddad")
    following = draft(cast, RULES.moved_to(2028))
    assert opening.left_out(following) == [cast.lakeside]
    opened = open_it(following, cast, at=datetime(2028, 5, 1, tzinfo=UTC))
    assert [reset.district for reset in opened] == [cast.quarry]


def test_a_season_that_no_district_is_free_for_does_not_open(season: Season, cast: Cast) -> None:
    following = draft(cast, RULES.moved_to(2028))
    with pytest.raises(services.NotPossible, match="an earlier season are not over"):
        open_it(following, cast, at=datetime(2028, 5, 1, tzinfo=UTC))
    assert opening.season_now() == season


def test_a_district_that_waits_for_rostering_stays_paused_when_the_next_season_opens(cast: Cast) -> None:
    Gate.objects.filter(pk=cast.lakeside.pk).update(pauses_on=date(2026, 7, 28), is_shut=True)
    assert [reset.district for reset in open_it(draft(cast), cast)] == [cast.quarry]
    assert Gate.objects.get(pk=cast.lakeside.pk).is_shut


def test_an_unanswered_default_moves_with_the_policy(season: Season, cast: Cast) -> None:
    opening.change_policy(season=season, after=with_default(date(2027, 7, 20)), by=cast.maya, at=JUNE_1)
    reset = season.resets.get(district=cast.lakeside)
    assert (reset.date, reset.is_default, reset.version) == (date(2027, 7, 20), True, 2)
    assert reset.due_from == datetime(2027, 7, 20, 8, tzinfo=UTC)
    assert Gate.objects.get(pk=cast.lakeside.pk).pauses_on == date(2027, 7, 20)


def test_a_chosen_date_stays_when_the_default_moves(reset: Reset, season: Season, cast: Cast) -> None:
    services.schedule(reset=reset, to=date(2027, 7, 6), by=cast.carmen, at=JUNE_1)
    opening.change_policy(season=season, after=with_default(date(2027, 7, 20)), by=cast.maya, at=JUNE_1)
    reset.refresh_from_db()
    assert reset.date == date(2027, 7, 6)


def test_a_default_that_the_district_keeps_stays(reset: Reset, season: Season, cast: Cast) -> None:
    services.keep_default(reset=reset, by=cast.dana, at=JUNE_1)
    opening.change_policy(season=season, after=with_default(date(2027, 7, 20)), by=cast.maya, at=JUNE_1)
    reset.refresh_from_db()
    assert reset.date == JULY_28


def test_no_default_moves_into_the_past(season: Season, cast: Cast) -> None:
    late = datetime(2027, 7, 21, 12, tzinfo=UTC)
    planned = opening.change_policy(season=season, after=with_default(date(2027, 7, 20)), by=cast.maya, at=late)
    assert not any(move.moves for move in planned)
    assert set(season.resets.values_list("date", flat=True)) == {JULY_28}


def test_a_change_says_what_it_was_before(season: Season, cast: Cast) -> None:
    opening.change_policy(season=season, after=with_default(date(2027, 7, 20)), by=cast.maya, at=JUNE_1)
    assert history.season_sentence(season.events.get(kind="changed")) == (
        "Maya Lindqvist changed the rules: Default dates from Wed, July 28, 2027 to Tue, July 20, 2027. "
        "Resets that moved: 2."
    )


def test_a_change_of_nothing_leaves_no_trace(season: Season, cast: Cast) -> None:
    assert opening.change_policy(season=season, after=season.rules, by=cast.maya, at=JUNE_1) == ()
    assert not SeasonEvent.objects.filter(kind="changed").exists()


def test_a_change_over_somebody_elses_change_is_refused(season: Season, cast: Cast) -> None:
    opening.change_policy(season=season, after=with_default(date(2027, 7, 20)), by=cast.maya, at=JUNE_1)
    with pytest.raises(services.Stale):
        opening.change_policy(
            season=season, after=with_default(date(2027, 7, 21)), by=cast.ellis, at=JUNE_1, seen=RULES
        )


def test_a_season_keeps_its_year(season: Season, cast: Cast) -> None:
    with pytest.raises(PolicyError, match="school_year"):
        opening.change_policy(season=season, after=RULES.moved_to(2028), by=cast.maya, at=JUNE_1)


def test_the_seasons_history_is_only_added_to(season: Season) -> None:
    for forbidden in (lambda: SeasonEvent.objects.update(by="Nobody"), SeasonEvent.objects.all().delete):
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            forbidden()


@pytest.fixture
def without_lakeside(season: Season, cast: Cast) -> Season:
    """An open season in which Lakeside has no date, as if it had come later."""
    season.resets.filter(district=cast.lakeside).delete()
    Gate.objects.filter(pk=cast.lakeside.pk).update(pauses_on=None)
    return season


def test_a_district_that_comes_later_gets_a_date_of_its_own(without_lakeside: Season, cast: Cast) -> None:
    reset = opening.add_district(
        season=without_lakeside, district=cast.lakeside, to=date(2027, 7, 6), by=cast.carmen, at=JUNE_1
    )
    assert (reset.date, reset.is_default) == (date(2027, 7, 6), False)
    assert Gate.objects.get(pk=cast.lakeside.pk).pauses_on == date(2027, 7, 6)


def test_a_late_districts_date_is_judged_like_any_other(without_lakeside: Season, cast: Cast) -> None:
    with pytest.raises(services.Refused, match="W1"):
        opening.add_district(
            season=without_lakeside, district=cast.lakeside, to=date(2027, 6, 18), by=cast.carmen, at=JUNE_1
        )


def test_a_late_districts_date_needs_its_reason(without_lakeside: Season, cast: Cast) -> None:
    SchoolYear.objects.filter(district=cast.lakeside).update(rostering_starts_on=None)
    with pytest.raises(services.ReasonMissing):
        opening.add_district(
            season=without_lakeside, district=cast.lakeside, to=date(2027, 7, 6), by=cast.carmen, at=JUNE_1
        )


def test_a_district_is_added_once(season: Season, cast: Cast) -> None:
    with pytest.raises(services.Stale):
        opening.add_district(season=season, district=cast.lakeside, to=date(2027, 7, 6), by=cast.carmen, at=JUNE_1)


def test_a_district_whose_gate_is_still_shut_is_not_added(without_lakeside: Season, cast: Cast) -> None:
    Gate.objects.filter(pk=cast.lakeside.pk).update(pauses_on=date(2026, 7, 28), is_shut=True)
    with pytest.raises(services.NotPossible, match="earlier season"):
        opening.add_district(
            season=without_lakeside, district=cast.lakeside, to=date(2027, 7, 6), by=cast.carmen, at=JUNE_1
        )


def test_a_district_admin_adds_nothing_unless_the_policy_says_so(without_lakeside: Season, cast: Cast) -> None:
    with pytest.raises(services.Refused, match="W9"):
        opening.add_district(
            season=without_lakeside, district=cast.lakeside, to=date(2027, 7, 6), by=cast.dana, at=JUNE_1
        )


def test_opening_asks_as_many_questions_for_two_districts_as_for_four(cast: Cast) -> None:
    season = draft(cast)
    with transaction.atomic():
        with CaptureQueriesContext(connection) as for_two:
            open_it(season, cast)
        transaction.set_rollback(True)
    make_district("Elm Park", "0100001", csm=cast.omar)
    make_district("Oak Bay", "0100002", csm=cast.omar)
    with CaptureQueriesContext(connection) as for_four:
        assert len(open_it(season, cast)) == 4
    assert len(for_four) == len(for_two)
