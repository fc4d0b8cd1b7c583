"""Educators: what speaks for a look at one, and what a person decides, in her own district alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from districts import educators
from districts.educators import Twin
from districts.models import District, DistrictCounts, Educator, EducatorRole
from tests.people import Cast

AT = datetime(2027, 6, 22, 17, tzinfo=UTC)
TODAY = date(2027, 6, 22)
YEAR = "2026-27"


@pytest.fixture
def lakeside(cast: Cast) -> District:
    """Its two educators, t1 and t2, signed in yesterday."""
    Educator.objects.filter(district=cast.lakeside).update(last_sign_in_on=TODAY - timedelta(days=1))
    return cast.lakeside


def add(district: District, key: str, name: str = "Tia Teach", school: str = "s1", **fields: Any) -> Educator:
    """Somebody who signed in lately, at a school, or at "" in the district."""
    first, _, last = name.partition(" ")
    fields = {"last_sign_in_on": TODAY, "first_name": first, "last_name": last} | fields
    made = Educator.objects.create(district=district, sourced_id=key, **fields)
    at = district.schools.get(sourced_id=school) if school else None
    EducatorRole.objects.create(educator=made, school=at, role="teacher")
    return made


def known(district: District) -> educators.Evidence:
    return educators.evidence(district, YEAR, at=AT)


def to_look(district: District) -> set[str]:
    """Whom the question finds, which is what the same question about each of them answers."""
    seen = known(district)
    rows = Educator.objects.filter(district=district)
    found = set(rows.filter(seen.to_look).values_list("sourced_id", flat=True))
    assert found == {each.sourced_id for each in rows if seen.needs_a_look(each)}
    return found


def test_nothing_speaks_against_who_is_in_the_roster_and_signs_in(lakeside: District) -> None:
    assert to_look(lakeside) == set()


def test_who_left_the_roster_needs_a_look(lakeside: District) -> None:
    add(lakeside, "left", left_roster_on=TODAY)
    assert to_look(lakeside) == {"left"}


@pytest.mark.parametrize(("days", "found"), [(180, set()), (181, {"idle"})])
def test_who_has_not_signed_in_for_half_a_year_needs_a_look(lakeside: District, days: int, found: set[str]) -> None:
    add(lakeside, "idle", last_sign_in_on=TODAY - timedelta(days=days))
    assert to_look(lakeside) == found


@pytest.mark.parametrize(("days", "found"), [(None, {"never"}), (31, {"never"}), (30, set())])
def test_who_never_signed_in_needs_a_look_unless_the_account_is_new(
    lakeside: District, days: int | None, found: set[str]
) -> None:
    joined = None if days is None else TODAY - timedelta(days=days)
    add(lakeside, "never", last_sign_in_on=None, joined_on=joined)
    assert to_look(lakeside) == found


def test_where_the_platform_tells_no_sign_in_their_lack_says_nothing(lakeside: District) -> None:
    Educator.objects.filter(district=lakeside).update(last_sign_in_on=None)
    assert to_look(lakeside) == set()


SAME = [
    ("Zoë Strauß", "ZOË  STRAUSS"),
    ("Ann Ｌee", "ann lee"),
    ("Zoe\u0308 Lee", "Zoë Lee"),
    ("محمد علي", "محمد علي"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_name_at_one_school_is_one_person_twice(lakeside: District, one: str, other: str) -> None:
    first, second = add(lakeside, "a", one), add(lakeside, "b", other)
    assert educators.twins(lakeside.pk) == {
        first.pk: (Twin(second.pk, "name"),),
        second.pk: (Twin(first.pk, "name"),),
    }
    assert to_look(lakeside) == {"a", "b"}


def test_the_same_name_at_two_schools_is_two_people(lakeside: District) -> None:
    add(lakeside, "a")
    add(lakeside, "b", school="s2")
    add(lakeside, "c", school="")
    assert to_look(lakeside) == set()


@pytest.mark.parametrize(
    "other", [{"email": "Tia.Teach@old.example"}, {"username": "tia.teach"}, {"username": "TIA.TEACH@b.example"}]
)
def test_the_same_user_name_under_two_addresses_is_one_person_twice(lakeside: District, other: dict[str, str]) -> None:
    add(lakeside, "a", email="tia.teach@new.example")
    add(lakeside, "b", "Tia Married", "s2", **other)
    assert to_look(lakeside) == {"a", "b"}


def test_no_address_at_all_is_not_the_same_address(lakeside: District) -> None:
    add(lakeside, "a", "Ann Lee")
    add(lakeside, "b", "Bea Lee", email="@lakeside.example")
    assert to_look(lakeside) == set()


def test_what_more_than_five_accounts_share_is_a_common_mailbox(lakeside: District) -> None:
    for number in range(6):
        add(lakeside, f"o{number}", f"Ann{number} Lee", email="office@lakeside.example")
    assert to_look(lakeside) == set()


def test_who_is_left_of_a_pair_needs_no_look(lakeside: District) -> None:
    add(lakeside, "a")
    add(lakeside, "b", deactivated_at=AT, deactivated_by="Dana")
    assert to_look(lakeside) == set()


def test_a_twin_in_another_district_is_none(lakeside: District, cast: Cast) -> None:
    add(lakeside, "a", email="tia@a.example")
    add(cast.quarry, "a", email="tia@a.example")
    assert to_look(lakeside) == set()


def keep(district: District, *keys: str, year: str = YEAR, who: str = "Dana Whitfield") -> int:
    return educators.keep(district=district, ids=ids(*keys), school_year=year, by=who, at=AT)


def deactivate(district: District, *keys: str) -> int:
    return educators.deactivate(district=district, ids=ids(*keys), school_year=YEAR, by="Dana Whitfield", at=AT)


def reactivate(district: District, *keys: str) -> int:
    return educators.reactivate(district=district, ids=ids(*keys), school_year=YEAR, by="Dana Whitfield", at=AT)


def ids(*keys: str) -> list[int]:
    return list(Educator.objects.filter(sourced_id__in=keys).values_list("pk", flat=True))


def get(district: District, key: str) -> Educator:
    return Educator.objects.get(district=district, sourced_id=key)


def test_whom_a_person_keeps_needs_no_look_until_the_next_school_year(lakeside: District) -> None:
    add(lakeside, "left", left_roster_on=TODAY)
    assert keep(lakeside, "left") == 1
    kept = get(lakeside, "left")
    assert (kept.kept_at, kept.kept_by) == (AT, "Dana Whitfield")
    assert to_look(lakeside) == set()
    Educator.objects.filter(pk=kept.pk).update(review_year="2025-26")
    assert to_look(lakeside) == {"left"}
    assert keep(lakeside, "left") == 1


def test_a_deactivated_account_stays_with_who_and_when(lakeside: District) -> None:
    assert deactivate(lakeside, "t1") == 1
    gone = get(lakeside, "t1")
    assert (gone.deactivated_at, gone.deactivated_by, gone.kept_at) == (AT, "Dana Whitfield", None)
    assert DistrictCounts.objects.get(pk=lakeside.pk).educators == 1


def test_who_was_kept_can_be_deactivated_and_the_other_way_round(lakeside: District) -> None:
    keep(lakeside, "t1")
    assert deactivate(lakeside, "t1") == 1
    assert get(lakeside, "t1").kept_by is None
    assert keep(lakeside, "t1") == 1
    assert get(lakeside, "t1").deactivated_by is None


def test_a_deactivation_is_taken_back(lakeside: District) -> None:
    deactivate(lakeside, "t1")
    assert reactivate(lakeside, "t1", "t2") == 1
    assert (get(lakeside, "t1").kept_by, get(lakeside, "t2").kept_by) == ("Dana Whitfield", None)
    assert DistrictCounts.objects.get(pk=lakeside.pk).educators == 2


@pytest.mark.parametrize("verb", [keep, deactivate])
def test_twice_changes_nothing_and_keeps_who_was_first(lakeside: District, verb: Any) -> None:
    verb(lakeside, "t1")
    Educator.objects.filter(kept_by__isnull=False).update(kept_by="the first")
    Educator.objects.filter(deactivated_by__isnull=False).update(deactivated_by="the first")
    assert verb(lakeside, "t1") == 0
    first = get(lakeside, "t1")
    assert "the first" in (first.kept_by, first.deactivated_by)


@pytest.mark.parametrize("verb", [keep, deactivate, reactivate])
def test_educators_of_another_district_are_out_of_reach(lakeside: District, cast: Cast, verb: Any) -> None:
    gone: dict[str, Any] = {"deactivated_at": AT, "deactivated_by": "Quinn"} if verb is reactivate else {}
    add(cast.quarry, "theirs", **gone)
    before = Educator.objects.values().get(sourced_id="theirs")
    assert verb(lakeside, "theirs") == 0
    assert Educator.objects.values().get(sourced_id="theirs") == before


def test_the_database_refuses_somebody_who_is_kept_and_deactivated(lakeside: District) -> None:
    with pytest.raises(IntegrityError, match="an_educator_is_kept_or_deactivated"):
        add(lakeside, "both", kept_at=AT, kept_by="x", deactivated_at=AT, deactivated_by="x")


def test_a_review_is_told_in_numbers(lakeside: District) -> None:
    add(lakeside, "left", "A B", left_roster_on=TODAY)
    add(lakeside, "idle", "C D", last_sign_in_on=None)
    add(lakeside, "lost", "E F", left_roster_on=TODAY, deactivated_at=AT, deactivated_by="the nightly roster sync")
    keep(lakeside, "left")
    deactivate(lakeside, "t1")
    done = educators.reviewed(lakeside, YEAR, at=AT)
    assert done == educators.Reviewed(active=3, kept=1, deactivated=1, off=2, to_look=1, last_at=AT)
    assert educators.reviewed(lakeside, "2027-28", at=AT)[1:] == (0, 0, 2, 2, None)


def test_those_who_left_come_first_then_twins_then_who_does_not_sign_in(lakeside: District) -> None:
    add(lakeside, "idle", "A A", last_sign_in_on=None)
    add(lakeside, "twin", "B B")
    add(lakeside, "twin2", "B B")
    add(lakeside, "left", "C C", left_roster_on=TODAY, last_sign_in_on=None)
    ranked = known(lakeside).ranked(Educator.objects.filter(district=lakeside))
    assert [each.sourced_id for each in ranked] == ["left", "twin", "twin2", "idle", "t1", "t2"]


def test_the_evidence_of_many_takes_as_many_queries_as_that_of_few(lakeside: District) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            educators.reviewed(lakeside, YEAR, at=AT)
        return len(caught)

    few = queries()
    for number in range(50):
        add(lakeside, f"m{number}", f"Ann{number % 20} Lee")
    assert queries() == few == 3
