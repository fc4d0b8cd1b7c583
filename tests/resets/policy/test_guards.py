"""Who may set a date (W9), one school alone (W7), a started run (W10), the new year's roster (W11)."""

from dataclasses import replace
from datetime import date

import pytest

from resets.policy import Finding, Level, already_started, may_set, new_year, one_school
from resets.policy.guards import first_year

from .calendars import HARBOR_POINT, POLICY, WORKDAYS, day


def met(on: date | None, school_year: str | None = None) -> Finding | None:
    return new_year(on, school_year, policy=POLICY, calendar=HARBOR_POINT)


@pytest.mark.parametrize("role", ["csm", "csm_lead"])
def test_a_csm_or_a_lead_in_her_place_sets_the_date(role: str) -> None:
    assert may_set(role, policy=POLICY) is None


def test_a_district_admin_is_sent_to_her_csm() -> None:
    found = may_set("district_admin", policy=POLICY, csm="Carmen Ortiz")
    assert found is not None
    assert (found.rule, found.level) == ("W9", Level.REFUSE)
    assert found.sentence == ("A different date goes through the CSM: ask Carmen Ortiz, or a CSM lead in her place.")
    assert found.gist == found.sentence


def test_without_a_name_the_district_admin_is_sent_to_the_districts_csm() -> None:
    found = may_set("district_admin", policy=POLICY)
    assert found is not None
    assert "ask the district's CSM, or" in found.sentence


def test_a_policy_may_let_the_district_admin_set_the_date() -> None:
    assert may_set("district_admin", policy=WORKDAYS) is None


def test_an_engineer_sets_no_date() -> None:
    assert may_set("engineer", policy=WORKDAYS) is not None


def test_one_school_is_never_reset_alone() -> None:
    found = one_school()
    assert (found.rule, found.level, found.gist) == ("W7", Level.REFUSE, found.sentence)
    assert found.sentence == (
        "All resets occur at the district level: a district's schools are reset together, never one alone."
    )


def test_a_reset_that_has_started_keeps_its_date() -> None:
    found = already_started()
    assert (found.rule, found.level, found.gist) == ("W10", Level.REFUSE, found.sentence)
    assert found.sentence == "The reset has started. Its date can no longer be changed."


def test_a_roster_applied_before_rostering_starts_is_the_old_years() -> None:
    assert met(day(8, 1)) is None
    assert met(day(8, 1), "2026-27") is None


def test_a_roster_applied_on_the_start_of_rostering_is_held() -> None:
    found = met(day(8, 2))
    assert found is not None
    assert (found.rule, found.level) == ("W11", Level.REFUSE)
    assert found.sentence == (
        "The roster of Mon, August 2 comes on or after the start of rostering, Mon, August 2. "
        "A reset never deletes the new year's students: a person decides."
    )
    assert found.dates == (("roster applied", day(8, 2)), ("rostering starts", day(8, 2)))
    assert found.gist == "A reset never deletes the new year's students: a person decides."


def test_a_roster_of_the_next_school_year_is_held_whenever_it_comes() -> None:
    found = met(day(6, 1), "2027-28")
    assert found is not None
    assert found.sentence.startswith("The roster is of 2027-28, and this reset ends 2026-27. A reset never")
    assert found.dates == (("roster applied", day(6, 1)),)
    unapplied = met(None, "2027-2028")
    assert unapplied is not None
    assert unapplied.dates == ()


def test_a_roster_of_an_earlier_school_year_is_not_the_new_years() -> None:
    assert met(day(6, 1), "2025-26") is None


def test_without_a_roster_or_a_start_of_rostering_nothing_is_held() -> None:
    assert met(None) is None
    unknown = replace(HARBOR_POINT, rostering_starts=None)
    assert new_year(day(8, 20), None, policy=POLICY, calendar=unknown) is None


def test_a_school_year_is_read_in_both_spellings() -> None:
    assert first_year("2026-27") == first_year("2026-2027") == 2026
    assert first_year("1999-00") == 1999


@pytest.mark.parametrize("text", ["", "2026", "2026-28", "2026-7", "next", "2026-27 ", "x2026-27"])
def test_a_school_year_that_is_none_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no school year: write one such as 2026-27\.$"):
        first_year(text)
