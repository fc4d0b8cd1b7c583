"""Why a district is at risk: each reason once, from the day on which it is one, and never a day too long."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from districts.models import District, DistrictCounts, RosterFile, RosterSource, RosterSync, SchoolYear
from exports.models import ExportFile
from exports.proof import Proof
from resets import board, gates, holds, risks
from resets.board import Entry
from resets.models import Answer, Hold, Reset, Season, Status
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.crowds import fail, put

DEFAULT = date(2027, 7, 28)
RESUMED = datetime(2027, 8, 9, 16, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("reset")


def noon(month: int, day: int) -> datetime:
    """Noon of a day in Los Angeles."""
    return datetime(2027, month, day, 19, tzinfo=UTC)


def entry(at: datetime = JUNE_1) -> Entry:
    return board.entries(District.objects.filter(site_code="0620810"), Season.objects.get(), at=at)[0]


def keys(at: datetime = JUNE_1) -> list[str]:
    """Its risks; the cheap question, the dear one and the list agree on them."""
    found = entry(at)
    told = [risk.key for risk in found.risks()]
    assert list(dict.fromkeys(told)) == list(risks.keys(found))
    assert found.is_at_risk is bool(told)
    assert all(risk.sentence.endswith(".") and risk.cure and "%" not in risk.sentence for risk in found.risks())
    return told


def said(at: datetime = JUNE_1) -> str:
    return " ".join(risk.sentence for risk in entry(at).risks())


def dates(**fields: object) -> None:
    SchoolYear.objects.filter(district__site_code="0620810").update(**fields)


def prove() -> None:
    """Nothing is to be proven any more: it holds no student."""
    DistrictCounts.objects.update(accounts=0)


def done(reset: Reset, at: datetime | None = None) -> None:
    """Its reset is completed; with `at`, syncs were turned on again then."""
    put([reset], Status.COMPLETED)
    gates.shut(reset.district_id)
    if at:
        gates.resume(reset.district_id, at=at, by="Carmen Ortiz")


def sync(reset: Reset, outcome: RosterSync.Outcome, at: datetime) -> None:
    RosterSync.objects.create(
        district_id=reset.district_id, finished_at=at, finished_by="night", local_day=at.date(), outcome=outcome
    )


class TestItsDate:
    def test_a_date_that_stands_clear_is_no_risk(self) -> None:
        assert keys() == []

    def test_a_default_that_falls_into_a_session_is_one_with_the_nearest_day(self) -> None:
        dates(has_summer_session=True, summer_ends_on=date(2027, 7, 30))
        assert keys() == ["breaks-rule"]
        (risk,) = entry().risks()
        assert (risk.rule, risk.nearest, risk.cure) == ("W6", date(2027, 7, 31), "Set Sat, July 31")
        assert risk.gist.startswith("Summer session ends Fri, July 30")

    def test_rostering_that_starts_before_the_reset_is_one_for_a_chosen_date_too(self, reset: Reset) -> None:
        dates(rostering_starts_on=DEFAULT)
        Reset.objects.filter(pk=reset.pk).update(is_default=False)
        assert keys() == ["breaks-rule"]
        assert entry().clashes() == entry().risks()

    def test_a_chosen_date_in_a_session_had_its_reason(self, reset: Reset) -> None:
        dates(has_summer_session=True, summer_ends_on=date(2027, 7, 30))
        Reset.objects.filter(pk=reset.pk).update(is_default=False)
        assert keys() == []

    def test_after_its_reset_its_date_is_no_risk_any_more(self, reset: Reset) -> None:
        dates(rostering_starts_on=DEFAULT)
        put([reset], Status.DESTROYING)
        assert keys() == []


class TestAResetThatWasKeptFromItsDay:
    """Held in July; rostering begins on August 9, school on August 18; an export proves it."""

    @pytest.fixture(autouse=True)
    def held(self, reset: Reset) -> None:
        prove()
        fail([reset])

    def test_it_would_delete_the_new_years_students_from_the_start_of_rostering_on(self) -> None:
        assert "breaks-rule" not in keys(noon(8, 3))
        assert "breaks-rule" in keys(noon(8, 9))
        assert said(noon(8, 10)).startswith(
            "Rostering started Mon, August 9: students of the new year would be deleted with the old year's."
        )

    def test_it_is_at_risk_two_weeks_before_school(self) -> None:
        assert keys(noon(8, 3)) == []
        assert keys(noon(8, 4)) == ["not-reset"]
        assert said(noon(8, 4)) == (
            "Not reset yet: it was to be Wed, July 28, and school starts Wed, August 18, in 14 days."
        )
        assert said(noon(8, 19)).endswith(
            "Not reset yet: it was to be Wed, July 28, and school started Wed, August 18, 1 day ago."
        )

    def test_before_its_day_it_is_so_only_while_it_is_held(self, reset: Reset) -> None:
        dates(first_day_on=date(2027, 8, 2), rostering_starts_on=date(2027, 7, 29))
        assert keys(noon(7, 20)) == ["not-reset"]
        assert "Not reset yet, and held: its day is Wed, July 28, and school starts Mon, August 2" in said(noon(7, 20))
        Reset.objects.filter(pk=reset.pk).update(
            status="scheduled", held_from="", held_for="", held_why="", held_at=None, held_by=None
        )
        assert keys(noon(7, 20)) == []

    def test_no_sentence_says_that_it_is_on_a_day_that_is_past(self, reset: Reset) -> None:
        Reset.objects.filter(pk=reset.pk).update(answer=Answer.ASKS, asked_for=date(2027, 7, 20))
        DistrictCounts.objects.update(accounts=3)
        told = said(noon(8, 3))
        assert "has no answer; its reset was to be Wed, July 28, 6 days ago, and has not run." in told
        assert "No export proves yet that nothing is lost; the reset was to be Wed, July 28, 6 days ago" in told
        assert "reset is " not in told


class TestMissingDates:
    @pytest.fixture(autouse=True)
    def nothing_to_prove(self, reset: Reset) -> None:
        prove()

    def test_a_missing_rostering_start_is_a_risk_from_30_days_before_the_reset(self) -> None:
        dates(rostering_starts_on=None)
        assert keys(noon(6, 27)) == []
        assert keys(noon(6, 28)) == ["dates-missing"]
        assert said(noon(6, 28)) == (
            "The rostering start is missing: one on Wed, July 28 or earlier would bring new students into the reset. "
            "A risk since Mon, June 28."
        )

    def test_the_day_is_that_of_its_zone(self) -> None:
        dates(rostering_starts_on=None)
        assert keys(datetime(2027, 6, 28, 6, 59, tzinfo=UTC)) == []
        assert keys(datetime(2027, 6, 28, 7, tzinfo=UTC)) == ["dates-missing"]

    def test_a_missing_end_of_the_school_year_is_one(self) -> None:
        dates(ends_on=None)
        assert "The end of the school year is missing: one on Wed, July 28 or later" in said(noon(7, 1))

    def test_so_is_a_summer_session_that_nobody_told_of(self) -> None:
        dates(has_summer_session=None)
        assert "The end of the summer session, or that there is none, is missing" in said(noon(7, 1))

    def test_but_not_for_a_chosen_date_whose_reason_was_given(self, reset: Reset) -> None:
        dates(ends_on=None)
        Reset.objects.filter(pk=reset.pk).update(is_default=False)
        assert keys(noon(7, 1)) == []

    def test_both_are_told(self) -> None:
        dates(ends_on=None, rostering_starts_on=None)
        assert keys(noon(7, 1)) == ["dates-missing", "dates-missing"]

    def test_a_missing_first_day_of_school_is_one_while_it_waits_for_rostering(self, reset: Reset) -> None:
        dates(first_day_on=None)
        done(reset)
        assert keys(noon(8, 26)) == []
        assert keys(noon(8, 27)) == ["dates-missing"]
        assert "The first day of school is missing" in said(noon(8, 27))


class TestProof:
    def test_none_is_a_risk_from_14_days_before_the_reset(self) -> None:
        assert keys(noon(7, 13)) == []
        assert keys(noon(7, 14)) == ["no-proof"]
        assert "and the reset is Wed, July 28, in 14 days." in said(noon(7, 14))
        assert "in 1 day." in said(noon(7, 27))

    def test_on_the_day_itself_it_says_today(self) -> None:
        assert "the reset is today, Wed, July 28." in said(datetime(2027, 7, 28, 7, 30, tzinfo=UTC))

    def test_a_season_that_asks_for_it_says_that_the_reset_is_held(self) -> None:
        season = Season.objects.get()
        Season.objects.update(policy=season.policy | {"requires_export_proof": True})
        assert "without one, the reset is held Wed, July 28, in 14 days." in said(noon(7, 14))

    @pytest.mark.parametrize(
        ("words", "cure"),
        [
            (["Not downloaded"], "Ask them to download it"),
            (["Out of date"], "Ask for its export"),
            (["Not downloaded", "Out of date"], "Ask for its export"),
        ],
    )
    def test_an_export_that_is_there_is_not_asked_for_again(self, words: list[str], cure: str) -> None:
        proofs = tuple(Proof("imagine_math", False, "Why.", None, word=word) for word in words)
        (risk,) = dataclasses.replace(entry(noon(7, 20)), proofs=proofs).risks()
        assert risk.cure == cure

    def test_a_last_export_that_was_chosen_does(self, reset: Reset) -> None:
        Reset.objects.filter(pk=reset.pk).update(last_export_chosen_at=JUNE_1, last_export_chosen_by="Dana")
        assert keys(noon(7, 20)) == []
        assert not ExportFile.objects.exists()


class TestHolds:
    @pytest.fixture(autouse=True)
    def nothing_to_prove(self, reset: Reset) -> None:
        prove()

    def hold(self, cast: Cast, ends_on: date | None) -> None:
        holds.place(
            district=cast.lakeside, by=cast.carmen, at=JUNE_1, reason="A request to inspect is open.", ends_on=ends_on
        )

    def test_an_open_one_is_a_risk_with_its_reason(self, cast: Cast) -> None:
        self.hold(cast, date(2027, 8, 6))
        assert keys() == ["held"]
        assert said() == "A records hold until Fri, August 6 stops the reset: A request to inspect is open."

    def test_past_its_end_it_stops_the_reset_all_the_same(self, cast: Cast) -> None:
        self.hold(cast, date(2027, 6, 30))
        assert said(noon(6, 30)).startswith("A records hold until Wed, June 30")
        assert said(noon(7, 1)).startswith("A records hold should have ended Wed, June 30 and still stops the reset")

    def test_without_an_end_it_says_so(self, cast: Cast) -> None:
        self.hold(cast, None)
        assert said().startswith("A records hold without an end date is open")

    def test_an_ended_one_is_none(self, cast: Cast) -> None:
        self.hold(cast, None)
        holds.end(held=Hold.objects.get(), by=cast.carmen, at=JUNE_1)
        assert keys() == []

    def test_without_a_reset_it_stops_none(self, cast: Cast) -> None:
        Reset.objects.all().delete()
        self.hold(cast, None)
        assert keys() == []
        assert entry().hold is not None

    def test_after_the_reset_it_stops_nothing(self, cast: Cast, reset: Reset) -> None:
        self.hold(cast, None)
        put([reset], Status.COMPLETED)
        assert keys(noon(7, 28)) == []


class TestRequests:
    def asks(self, reset: Reset, day: date) -> None:
        Reset.objects.filter(pk=reset.pk).update(answer=Answer.ASKS, asked_for=day)

    def test_one_without_an_answer_is_a_risk_two_weeks_before_it(self, reset: Reset) -> None:
        self.asks(reset, date(2027, 7, 20))
        assert keys(noon(7, 5)) == []
        assert keys(noon(7, 6)) == ["not-answered"]
        assert said(noon(7, 6)) == (
            "The district asked for Tue, July 20 and has no answer: its reset is Wed, July 28, in 22 days."
        )

    def test_one_for_a_later_day_is_a_risk_two_weeks_before_the_reset(self, reset: Reset) -> None:
        prove()
        self.asks(reset, date(2027, 8, 2))
        assert (keys(noon(7, 13)), keys(noon(7, 14))) == ([], ["not-answered"])

    def test_none_is_one_once_it_was_answered_or_the_reset_has_begun(self, reset: Reset) -> None:
        self.asks(reset, date(2027, 7, 20))
        put([reset], Status.COUNTING)
        assert "not-answered" not in keys(noon(7, 28))
        Reset.objects.filter(pk=reset.pk).update(status=Status.SCHEDULED, answer=Answer.TOLD, asked_for=None)
        assert "not-answered" not in keys(noon(7, 28))


class TestRostering:
    def test_a_district_without_it_is_at_risk_14_days_before_school(self, reset: Reset) -> None:
        done(reset)
        assert keys(noon(8, 3)) == []
        assert keys(noon(8, 4)) == ["not-rostered"]
        assert "school starts Wed, August 18, in 14 days." in said(noon(8, 4))

    def test_and_more_so_afterwards(self, reset: Reset) -> None:
        done(reset)
        assert "school started Wed, August 18, 1 day ago." in said(noon(8, 19))

    def test_once_syncs_are_on_again_it_is_not(self, reset: Reset) -> None:
        done(reset, RESUMED)
        assert keys(RESUMED) == []


class TestFirstSync:
    def test_none_within_two_days_is_a_risk(self, reset: Reset) -> None:
        done(reset, RESUMED)
        assert keys(RESUMED + timedelta(days=2)) == []
        assert keys(RESUMED + timedelta(days=2, minutes=1)) == ["sync-stuck"]
        assert "no roster has come since." in said(RESUMED + timedelta(days=3))

    def test_one_that_was_applied_is_none(self, reset: Reset) -> None:
        done(reset, RESUMED)
        sync(reset, RosterSync.Outcome.APPLIED, RESUMED + timedelta(hours=9))
        sync(reset, RosterSync.Outcome.REFUSED, RESUMED + timedelta(hours=33))
        assert keys(RESUMED + timedelta(days=3)) == []

    def test_one_from_before_does_not_count(self, reset: Reset) -> None:
        done(reset, RESUMED)
        sync(reset, RosterSync.Outcome.APPLIED, RESUMED - timedelta(hours=1))
        assert keys(RESUMED + timedelta(days=3)) == ["sync-stuck"]

    @pytest.mark.parametrize(
        ("outcome", "words"),
        [
            (RosterSync.Outcome.REFUSED, "the first roster was refused."),
            (RosterSync.Outcome.UNREACHED, "the source of its rosters is not reached."),
            (RosterSync.Outcome.ON_HOLD, "no roster was applied since."),
        ],
    )
    def test_one_that_failed_is_a_risk_at_once(self, reset: Reset, outcome: RosterSync.Outcome, words: str) -> None:
        done(reset, RESUMED)
        sync(reset, outcome, RESUMED + timedelta(hours=9))
        assert said(RESUMED + timedelta(hours=10)) == f"Rostering is complete since Mon, August 9, and {words}"
        assert keys(RESUMED + timedelta(hours=10)) == ["sync-stuck"]

    def test_a_rehearsal_is_no_failure(self, reset: Reset) -> None:
        done(reset, RESUMED)
        sync(reset, RosterSync.Outcome.REHEARSED, RESUMED + timedelta(hours=9))
        assert keys(RESUMED + timedelta(hours=10)) == []

    def test_one_on_hold_waits_for_a_person(self, reset: Reset) -> None:
        done(reset, RESUMED)
        RosterFile.objects.create(
            district_id=reset.district_id,
            state=RosterFile.State.ON_HOLD,
            stored="x",
            source_name="x.zip",
            digest="x",
            size=1,
            received_at=RESUMED,
            received_by="night",
        )
        assert "the first roster is on hold until a person has looked." in said(RESUMED + timedelta(hours=1))


def test_without_a_season_nothing_is_at_risk(cast: Cast) -> None:
    (found,) = board.entries(District.objects.filter(pk=cast.lakeside.pk), None, at=JUNE_1)
    assert (found.risks(), found.is_at_risk) == ((), False)


def test_the_worst_comes_first(cast: Cast) -> None:
    dates(rostering_starts_on=DEFAULT, ends_on=None)
    assert keys(noon(7, 20)) == ["breaks-rule", "dates-missing", "no-proof"]


def test_a_hundred_are_asked_without_a_query(django_assert_num_queries: object) -> None:
    found = board.entries(District.objects.all(), Season.objects.get(), at=noon(7, 20))
    with django_assert_num_queries(0):  # type: ignore[operator]  # a fixture
        assert [each.is_at_risk for each in found] == [True, True]
        assert all(each.risks() for each in found)
    assert {each.reset.answer for each in found if each.reset} == {Answer.NONE}
    assert RosterSource.objects.count() == 2
