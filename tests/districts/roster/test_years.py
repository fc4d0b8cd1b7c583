"""Which school year a roster is of, and whether its district may have it now (W11)."""

from datetime import date

import pytest

from districts.roster.records import Session
from districts.roster.years import Standing, ahead, behind, early, ending_of, name_of, told

JUNE, DECEMBER = date(2027, 6, 11), date(2026, 12, 18)


def standing(**changes: object) -> Standing:
    usual = {
        "today": date(2027, 7, 1),
        "closing": "2026-27",
        "rostering_starts": date(2027, 8, 9),
        "is_pending": True,
        "closed": "",
        "closed_on": None,
    }
    return Standing(**(usual | changes))  # type: ignore[arg-type]


def test_a_school_year_is_named_by_both_of_its_years() -> None:
    assert (name_of(2027), name_of(2100), ending_of("2026-27")) == ("2026-27", "2099-00", 2027)


def test_the_session_of_the_school_year_says_it() -> None:
    sessions = [Session("term", None, DECEMBER, 2020), Session("schoolYear", None, JUNE, 2027)]
    assert told(sessions).name == "2026-27"


def test_the_latest_school_year_counts() -> None:
    assert told([Session("schoolYear", None, None, 2027), Session("schoolYear", None, None, 2026)]).name == "2026-27"


def test_the_latest_term_says_it_when_no_school_year_does() -> None:
    assert told([Session("term", None, DECEMBER, None), Session("term", None, JUNE, None)]).name == "2026-27"


@pytest.mark.parametrize(("day", "year"), [(date(2027, 7, 31), "2026-27"), (date(2027, 8, 1), "2027-28")])
def test_a_last_day_in_august_is_of_the_next_year(day: date, year: str) -> None:
    assert told([Session("schoolYear", None, day, None)]).name == year


def test_it_cannot_be_told_without_sessions() -> None:
    assert told([]).name == told([Session("schoolYear", None, None, None)]).name == ""


def test_a_school_year_whose_days_lie_is_believed_with_a_doubt() -> None:
    doubtful = told([Session("schoolYear", date(2022, 10, 2), date(2022, 12, 24), 2023)])
    assert doubtful.name == "2022-23"
    assert "its days are of another" in "".join(doubtful.doubts)


def test_a_fall_term_of_the_year_does_not_lie() -> None:
    assert told([Session("term", None, DECEMBER, 2027)]).doubts == ()


def test_w11_holds_any_roster_once_rostering_started() -> None:
    assert early(standing(today=date(2027, 8, 8))) == ""
    assert early(standing(today=date(2027, 8, 9))).startswith("W11: rostering")


def test_w11_lets_rosters_in_when_no_reset_is_to_come() -> None:
    assert early(standing(today=date(2027, 9, 1), is_pending=False)) == ""


def test_w11_knows_no_start_that_nobody_told() -> None:
    assert early(standing(today=date(2027, 9, 1), rostering_starts=None)) == ""


def test_w11_holds_a_roster_of_the_next_year() -> None:
    assert ahead("2027-28", standing()).startswith("W11: this roster is of 2027-28")
    assert ahead("2026-27", standing()) == ahead("2025-26", standing()) == ahead("", standing()) == ""


def test_a_district_without_a_year_takes_any() -> None:
    assert ahead("2031-32", standing(closing="")) == ""


def test_after_a_reset_the_closed_year_does_not_come_back() -> None:
    reason, cure = behind("2026-27", standing(closed="2026-27", closed_on=date(2027, 7, 28))) or ("", "")
    assert reason == "This roster is of 2026-27, which was reset on Wed, July 28, 2027."
    assert cure == "Send the roster of 2027-28."


def test_after_a_reset_an_older_year_does_not_come_either() -> None:
    reason, _ = behind("2024-25", standing(closed="2026-27")) or ("", "")
    assert reason == "This roster is of 2024-25, which is before 2026-27, which was reset."


def test_after_a_reset_a_roster_must_say_its_year() -> None:
    _, cure = behind("", standing(closed="2026-27")) or ("", "")
    assert "row of type schoolYear" in cure


def test_after_a_reset_the_next_year_is_welcome() -> None:
    assert behind("2027-28", standing(closed="2026-27")) is None
