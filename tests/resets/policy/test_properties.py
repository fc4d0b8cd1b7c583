"""What holds for every policy, calendar, day and time, not only for those that we thought of."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from resets.policy import (
    Advice,
    Calendar,
    Level,
    Policy,
    RecordsHold,
    Row,
    Verdict,
    advise,
    default_for,
    is_at_risk,
    judge,
    moves,
    opening,
    risks,
    starts_at,
)
from resets.seasons import load, starting_policy

from .test_times import ZONES

# A whole year of judgements at once is dear, and finds as much.
SELDOM = settings(max_examples=20, deadline=None)
USUAL = settings(deadline=None)
YEARS = st.integers(2023, 2053)
POLICIES = st.builds(
    lambda name, year, after, lead: replace(load(name).moved_to(year), after_default=after, lead_days=lead),
    st.sampled_from(["2023", "2024-shaped"]),
    YEARS,
    st.sampled_from(["session_only", "earliest_day", "free"]),
    st.integers(0, 2),
)


@st.composite
def calendars(draw: st.DrawFn, year: int) -> Calendar:
    """Calendars of that year; any date may be missing, and any may collide with any other."""
    days = st.none() | st.dates(date(year, 5, 1), date(year, 12, 31))
    return Calendar(
        zone=draw(st.sampled_from(ZONES)),
        run_hour=draw(st.integers(0, 23)),
        school_year_ends=draw(days),
        has_summer_session=draw(st.none() | st.booleans()),
        summer_session_ends=draw(days),
        rostering_starts=draw(days),
        last_reset_on=draw(st.none() | st.dates(date(year - 3, 1, 1), date(year - 1, 12, 31))),
        first_day=draw(days),
        rostering=draw(st.sampled_from(["", "automated", "assisted"])),
        other_resets=draw(
            st.just(())
            | st.tuples(st.tuples(st.just("Imagine Español"), st.dates(date(year, 5, 1), date(year, 12, 31))))
        ),
        holds=draw(st.just(()) | st.tuples(st.builds(RecordsHold, st.dates(), days, st.booleans()))),
    )


@st.composite
def asked(draw: st.DrawFn) -> tuple[Policy, Calendar, datetime]:
    """A policy, a calendar of its year, and a time at which the season is ahead, on or over."""
    policy = draw(POLICIES)
    minutes = draw(st.integers(0, 305 * 24 * 60))
    now = datetime(policy.year, 3, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    return policy, draw(calendars(policy.year)), now


def days_of(policy: Policy) -> st.SearchStrategy[date]:
    return st.dates(date(policy.year, 5, 1), date(policy.year, 12, 31)) | st.dates()


def whole_year(case: tuple[Policy, Calendar, datetime]) -> Advice:
    policy, calendar, now = case
    first, last = date(policy.year, 1, 1), date(policy.year, 12, 31)
    return advise(policy=policy, calendar=calendar, now=now, first=first, last=last)


@SELDOM
@given(asked())
def test_the_nearest_day_is_itself_one_that_would_do(case: tuple[Policy, Calendar, datetime]) -> None:
    days = {each.day: each for each in whole_year(case).days}
    for finding in (finding for each in days.values() for finding in each.findings):
        if finding.nearest is not None:
            near = days[finding.nearest]
            assert not near.refused
            assert finding.level != Level.ACKNOWLEDGE or not near.needs_reason


@SELDOM
@given(asked())
def test_of_the_days_that_would_do_none_lies_nearer(case: tuple[Policy, Calendar, datetime]) -> None:
    days = whole_year(case).days
    would_do = [each.day for each in days if not each.refused]
    for each in days:
        if each.refused:
            # min takes the first of equals, and the days stand in order: the earlier of two.
            assert each.nearest == min(would_do, key=lambda day: abs(day - each.day), default=None)


@USUAL
@given(asked(), st.data())
def test_a_day_that_is_not_refused_can_be_saved(case: tuple[Policy, Calendar, datetime], data: st.DataObject) -> None:
    policy, calendar, now = case
    day = data.draw(days_of(policy))
    found = judge(day, policy=policy, calendar=calendar, now=now)
    if not found.refused:
        assert day.year == policy.year
        assert starts_at(day, calendar) > now
        assert calendar.rostering_starts is None or day < calendar.rostering_starts
        assert policy.runs_on(day)
        assert (day - now.astimezone(ZoneInfo(calendar.zone)).date()).days >= policy.lead_days
        assert found.needs_reason or policy.first_date <= day <= policy.closes_on
    if not found.refused and not found.needs_reason:
        assert calendar.missing == ()
        assert all(day > end for _, end in calendar.session_ends)


@USUAL
@given(asked(), st.data())
def test_a_records_hold_refuses_nothing_and_opens_no_day_without_a_reason(
    case: tuple[Policy, Calendar, datetime], data: st.DataObject
) -> None:
    policy, calendar, now = case
    day = data.draw(days_of(policy))
    found, bare = (
        judge(day, policy=policy, calendar=each, now=now) for each in (calendar, replace(calendar, holds=()))
    )
    assert bare.refused or found.verdict == bare.verdict or Verdict.RECOMMENDED in (found.verdict, bare.verdict)
    if bare.refused and not found.refused:
        assert found.needs_reason
        assert {each.rule for each in bare.findings if each.level == Level.REFUSE} == {"W4"}
        assert calendar.rostering_starts is None or day < calendar.rostering_starts


@USUAL
@given(asked(), st.data())
def test_every_judgement_explains_itself(case: tuple[Policy, Calendar, datetime], data: st.DataObject) -> None:
    policy, calendar, now = case
    day = data.draw(days_of(policy))
    found = judge(day, policy=policy, calendar=calendar, now=now)
    order = [list(Level)[::-1].index(each.level) for each in found.findings]
    assert order == sorted(order)
    assert found.refused == any(each.level == Level.REFUSE for each in found.findings)
    assert found.sentence.endswith(".")
    assert all(each.sentence and each.gist and each.dates[0] == ("reset", day) for each in found.findings)
    if found.refused or found.needs_reason:
        assert found.nearest == found.findings[0].nearest


@USUAL
@given(asked(), st.data())
def test_advice_blocks_nothing(case: tuple[Policy, Calendar, datetime], data: st.DataObject) -> None:
    policy, calendar, now = case
    day = data.draw(days_of(policy))
    found = judge(day, policy=policy, calendar=calendar, now=now)
    bare = judge(day, policy=policy, calendar=replace(calendar, first_day=None, other_resets=()), now=now)
    assert replace(found, warnings=(), others=()) == bare
    assert not (found.refused and (found.warnings or found.others))
    for each in found.warnings:
        if each.nearest:
            near = judge(each.nearest, policy=policy, calendar=calendar, now=now)
            assert near.verdict in (Verdict.ALLOWED, Verdict.RECOMMENDED)
            assert near.warnings == ()


@SELDOM
@given(asked())
def test_the_words_of_the_adviser_say_what_its_grid_says(case: tuple[Policy, Calendar, datetime]) -> None:
    policy, calendar, now = case
    advice = advise(policy=policy, calendar=calendar, now=now)
    for each in advice.days:
        (*covering,) = (one for one in advice.ranges if one.first <= each.day <= one.last)
        assert not policy.runs_on(each.day) or [one.verdict for one in covering] == [each.verdict]
    assert [each.verdict for each in advice.days].count(Verdict.RECOMMENDED) <= 1


@SELDOM
@given(asked())
def test_the_recommended_day_is_never_refused(case: tuple[Policy, Calendar, datetime]) -> None:
    policy, calendar, now = case
    advice = advise(policy=policy, calendar=calendar, now=now)
    for day in (advice.recommended, advice.export_day):
        assert day is None or not judge(day, policy=policy, calendar=calendar, now=now).refused
    if advice.recommended and advice.export_day:
        assert advice.recommended <= advice.export_day
        assert all((advice.export_day - end).days > 1 for _, end in calendar.session_ends)


@SELDOM
@given(asked())
def test_where_no_day_is_left_there_is_a_remedy(case: tuple[Policy, Calendar, datetime]) -> None:
    whole = whole_year(case)
    assert bool(whole.remedies) or not all_refused(whole)
    if any(each.verdict in (Verdict.ALLOWED, Verdict.RECOMMENDED) for each in whole.days):
        assert whole.remedies == ()


def all_refused(advice: Advice) -> bool:
    return all(each.refused for each in advice.days)


@USUAL
@given(asked())
def test_a_default_is_never_in_the_past(case: tuple[Policy, Calendar, datetime]) -> None:
    policy, calendar, now = case
    day = default_for(policy=policy, calendar=calendar, now=now)
    if day is not None:
        assert starts_at(day, calendar) > now
        assert day in policy.default_dates


@USUAL
@given(asked())
def test_a_season_that_opens_gives_every_district_its_default(case: tuple[Policy, Calendar, datetime]) -> None:
    policy, calendar, now = case
    if not opening(policy, now=now, zones=[calendar.zone]):
        assert default_for(policy=policy, calendar=calendar, now=now) is not None


@USUAL
@given(asked(), st.booleans(), st.data())
def test_the_list_and_the_reasons_agree_on_who_is_at_risk(
    case: tuple[Policy, Calendar, datetime], is_default: bool, data: st.DataObject
) -> None:
    policy, calendar, now = case
    day = data.draw(st.sampled_from(policy.default_dates) | days_of(policy))
    found = risks(day, is_default, policy=policy, calendar=calendar, now=now)
    assert bool(found) == is_at_risk(day, is_default, calendar=calendar)
    for each in found:
        if each.nearest is not None:
            near = judge(each.nearest, policy=policy, calendar=calendar, now=now)
            assert not near.refused
            assert not risks(each.nearest, each.rule == "W6", policy=policy, calendar=calendar, now=now)


@USUAL
@given(asked(), st.booleans(), st.booleans(), st.data())
def test_nothing_moves_but_an_unanswered_default_and_never_into_the_past(
    case: tuple[Policy, Calendar, datetime], is_default: bool, answered: bool, data: st.DataObject
) -> None:
    policy, calendar, now = case
    later = min(policy.default_dates[-1] + timedelta(days=7), policy.closes_on)
    assume(policy.runs_on(later))
    after = replace(policy, default_dates=(later,))
    row = Row("one", data.draw(days_of(policy)), is_default, answered, calendar)
    (move,) = moves(policy, after, [row], now=now)
    assert move.moves or move.after == row.day
    if move.moves:
        assert is_default
        assert not answered
        assert move.after is not None
        assert starts_at(move.after, calendar) > now


@USUAL
@given(st.sampled_from(["2023", "2024-shaped"]), st.integers(2000, 2999))
def test_a_policy_moves_to_any_year_and_stays_one_that_can_be(name: str, year: int) -> None:
    moved = load(name).moved_to(year)
    assert Policy.from_data(moved.to_data()) == moved
    assert all(moved.runs_on(day) for day in moved.default_dates)


@USUAL
@given(st.dates(), st.sampled_from(ZONES))
def test_any_date_that_a_date_can_hold_is_judged(day: date, zone: str) -> None:
    calendar = Calendar(zone, school_year_ends=day, has_summer_session=False, rostering_starts=day)
    policy = starting_policy(2027)
    for now in (datetime(2027, 6, 1, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC), datetime(1, 1, 3, tzinfo=UTC)):
        found = judge(day, policy=policy, calendar=calendar, now=now)
        assert found.refused
        assert risks(day, True, policy=policy, calendar=calendar, now=now)
