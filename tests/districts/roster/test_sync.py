"""A roster against what the district holds: every row is counted once, and listed as it is counted."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from districts.models import District, Educator, Student
from districts.roster import changes, sync
from districts.roster.merging import Changes
from districts.roster.records import Educator as EducatorRow
from districts.roster.records import Roster
from districts.roster.records import School as SchoolRow
from districts.roster.records import Student as StudentRow
from districts.services import create_district

AT = datetime(2027, 4, 5, 9, tzinfo=UTC)
LATER = datetime(2027, 4, 6, 9, tzinfo=UTC)


def tom(first_name: str = "Tom", *, is_active: bool = True) -> EducatorRow:
    return EducatorRow("e1", first_name, "Teach", "tea", "tom@lakeside.example", is_active)


def ann(school: str = "north", *, is_active: bool = True) -> StudentRow:
    return StudentRow("s1", school, "Ann", "Canary", "ann", "00017", "3", "three_plus", is_active)


def roster(*, educators: tuple[EducatorRow, ...] = (tom(),), students: tuple[StudentRow, ...] = (ann(),)) -> Roster:
    schools = [SchoolRow("north", "North Elementary", "001"), SchoolRow("south", "South High", "002")]
    return Roster(schools=schools, educators=list(educators), students=list(students))


@pytest.fixture
def district(db: None) -> District:
    district = create_district(name="Fresh Unified", site_code="0699990")
    sync.apply(roster(), district_id=district.pk, by="the nightly roster sync", at=AT)
    return district


@pytest.fixture
def apply(district: District) -> Any:
    """Applies a roster later, and answers what it did to one kind and how that is listed."""

    def apply(kind: str, said: Roster) -> tuple[Changes, Counter[str]]:
        counts = sync.apply(said, district_id=district.pk, by="the nightly roster sync", at=LATER)
        return counts[kind], Counter(action for action, _ in listed(kind))

    return apply


def listed(kind: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT action, what FROM roster_change WHERE kind = %s", [kind])
        return list(cursor.fetchall())


def test_an_educator_who_is_not_in_it_is_removed_once(apply: Any) -> None:
    assert apply("educator", roster(educators=())) == (Changes(removed=1), Counter(removed=1))


def test_an_educator_whom_it_disables_under_a_new_name_is_removed_once(apply: Any) -> None:
    done = apply("educator", roster(educators=(tom("Thomas", is_active=False),)))
    assert done == (Changes(removed=1), Counter(removed=1))


def test_an_educator_who_was_deactivated_before_is_unchanged(apply: Any, district: District) -> None:
    apply("educator", roster(educators=(tom(is_active=False),)))
    assert apply("educator", roster(educators=(tom(is_active=False),))) == (Changes(unchanged=1), Counter())
    assert apply("educator", roster(educators=())) == (Changes(), Counter())


def test_an_educator_who_comes_back_under_a_new_name_is_changed_once(apply: Any, district: District) -> None:
    apply("educator", roster(educators=()))
    assert apply("educator", roster(educators=(tom("Thomas"),))) == (Changes(changed=1), Counter(changed=1))
    assert listed("educator") == [("changed", "first_name,deactivated_at,left_roster_on")]
    back = Educator.objects.get(district=district)
    assert (back.first_name, back.deactivated_at, back.deactivated_by) == ("Thomas", None, None)


def test_an_educator_who_comes_disabled_is_added_and_deactivated(apply: Any, district: District) -> None:
    new = EducatorRow("e2", "Tia", "Teach", "tia", "", is_active=False)
    done = apply("educator", roster(educators=(tom(), new)))
    assert done == (Changes(added=1, unchanged=1), Counter(added=1))
    tia = Educator.objects.get(district=district, sourced_id="e2")
    assert (tia.deactivated_at, tia.deactivated_by) == (LATER, "the nightly roster sync")


def test_a_deactivation_says_since_when_whatever_comes_after(apply: Any, district: District) -> None:
    apply("educator", roster(educators=(tom(is_active=False),)))
    sync.apply(roster(educators=(tom("Thomas", is_active=False),)), district_id=district.pk, by="x", at=AT)
    still = Educator.objects.get(district=district)
    assert (still.first_name, still.deactivated_at, still.deactivated_by) == (
        "Thomas",
        LATER,
        "the nightly roster sync",
    )


def test_a_student_who_comes_back_is_changed(apply: Any, district: District) -> None:
    other = ann()._replace(sourced_id="s2")
    assert apply("student", roster(students=(other,)))[0] == Changes(added=1, removed=1)
    assert apply("student", roster(students=(ann(), other)))[0] == Changes(changed=1, unchanged=1)
    assert not Student.objects.of(district).get(sourced_id="s1").is_deactivated
    assert listed("student") == [("changed", "is_deactivated")]


def test_a_transfer_is_one_change_of_school(apply: Any) -> None:
    assert apply("student", roster(students=(ann("south"),))) == (Changes(changed=1), Counter(changed=1))
    assert listed("student") == [("changed", "school_id")]


def test_a_student_who_leaves_counts_at_the_school_where_she_was(apply: Any, district: District) -> None:
    apply("student", roster(students=(ann("south", is_active=False),)))
    assert changes.removed_by_school() == {district.schools.get(sourced_id="north").pk: 1}


def test_a_school_that_is_not_in_it_stays(apply: Any, district: District) -> None:
    alone = Roster(schools=[SchoolRow("north", "North Academy", "001")], students=[ann()])
    assert apply("school", alone)[0] == Changes(changed=1)
    assert set(district.schools.values_list("name", flat=True)) == {"North Academy", "South High"}


def test_a_first_roster_lists_no_student(db: None) -> None:
    district = create_district(name="New Unified", site_code="0699991")
    counts = sync.apply(roster(), district_id=district.pk, by="the nightly roster sync", at=AT)
    assert (counts["student"], listed("student")) == (Changes(added=1), [])


@pytest.fixture
def list_of_changes(apply: Any, tmp_path: Path) -> Path:
    apply("student", roster(students=(ann("south"),)))
    return tmp_path / "list.changes"


def test_a_list_is_its_owners_alone(list_of_changes: Path) -> None:
    changes.write(list_of_changes)
    assert list_of_changes.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in list_of_changes.parent.iterdir()] == ["list.changes"]


def test_a_list_that_cannot_be_written_leaves_the_one_before_it(
    list_of_changes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list_of_changes.write_text("the one before\n")
    monkeypatch.setattr(changes, "_COPY", "COPY (SELECT 1 / 0) TO STDOUT")
    with pytest.raises(Exception, match="division"), transaction.atomic():
        changes.write(list_of_changes)
    assert list_of_changes.read_text() == "the one before\n"
    assert len(list(list_of_changes.parent.iterdir())) == 1


def test_nothing_of_it_is_ever_sampled_for_the_planner(apply: Any) -> None:
    apply("student", roster(students=(ann("south"),)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'pg_temp.roster_change'::regclass"
            " AND attnum > 0 AND attstattarget IS DISTINCT FROM 0"
        )
        assert cursor.fetchall() == [("school_id",)]


def decide(district: District, **fields: Any) -> None:
    """What a person decided about Tom since the last roster."""
    Educator.objects.filter(district=district).update(**fields)


def standing(district: District) -> tuple[Any, ...]:
    return Educator.objects.filter(district=district).values_list("deactivated_by", "kept_by", "left_roster_on").get()


OFF = {"deactivated_at": AT, "deactivated_by": "Dana Whitfield", "review_year": "2026-27"}
ON = {"deactivated_at": None, "deactivated_by": None}
KEPT = {**ON, "kept_at": AT, "kept_by": "Dana Whitfield", "review_year": "2026-27"}
NEXT_DAY = LATER.date()


def test_the_next_roster_does_not_take_back_whom_a_person_deactivated(apply: Any, district: District) -> None:
    decide(district, **OFF)
    assert apply("educator", roster())[0] == Changes(unchanged=1)
    assert standing(district) == ("Dana Whitfield", None, None)


def test_changes_do_not_take_back_whom_a_person_deactivated(apply: Any, district: District) -> None:
    decide(district, **OFF)
    said = Roster(students=[ann("south")], partial=frozenset({"educator", "role"}))
    assert apply("educator", said)[0] == Changes(unchanged=1)
    assert standing(district) == ("Dana Whitfield", None, None)


@pytest.mark.parametrize("left_out", [(), (tom(is_active=False),)], ids=["missing", "disabled"])
def test_the_next_roster_does_not_deactivate_again_whom_a_person_kept(
    apply: Any, district: District, left_out: tuple[EducatorRow, ...]
) -> None:
    apply("educator", roster(educators=left_out))
    decide(district, **KEPT)
    assert apply("educator", roster(educators=left_out))[0].removed == 0
    assert standing(district) == (None, "Dana Whitfield", NEXT_DAY)


@pytest.mark.parametrize("left_out", [(), (tom(is_active=False),)], ids=["missing", "disabled"])
def test_a_roster_that_newly_leaves_somebody_out_outweighs_that_he_was_kept(
    apply: Any, district: District, left_out: tuple[EducatorRow, ...]
) -> None:
    decide(district, **KEPT)
    assert apply("educator", roster(educators=left_out))[0].removed == 1
    assert standing(district) == ("the nightly roster sync", None, NEXT_DAY)
    assert Educator.objects.get(district=district).review_year == ""


@pytest.mark.parametrize("left_out", [(), (tom(is_active=False),)], ids=["missing", "disabled"])
def test_whom_a_person_deactivated_comes_back_once_a_roster_newly_has_him(
    apply: Any, district: District, left_out: tuple[EducatorRow, ...]
) -> None:
    decide(district, **OFF)
    assert apply("educator", roster(educators=left_out))[0].removed == 0
    assert standing(district) == ("Dana Whitfield", None, NEXT_DAY)
    apply("educator", roster())
    assert standing(district) == (None, None, None)
    assert Educator.objects.get(district=district).review_year == ""


def test_a_keep_stands_when_the_roster_has_him_again(apply: Any, district: District) -> None:
    apply("educator", roster(educators=()))
    decide(district, **KEPT)
    apply("educator", roster())
    assert standing(district) == (None, "Dana Whitfield", None)


def test_an_educator_joins_and_leaves_on_days_of_the_district(db: None) -> None:
    district = create_district(name="New Unified", site_code="0699992", zone="America/Los_Angeles")
    evening = datetime(2027, 4, 6, 3, tzinfo=UTC)
    tia = EducatorRow("e2", "Tia", "Teach", "tia", "", is_active=True)
    for educators in ((tom(),), (tom(), tia), (tom("Thomas"),)):
        sync.apply(roster(educators=educators), district_id=district.pk, by="x", at=evening)
    days = dict(Educator.objects.filter(district=district).values_list("first_name", "joined_on"))
    assert days == {"Thomas": None, "Tia": AT.date()}
    assert Educator.objects.get(first_name="Tia", district=district).left_roster_on == AT.date()
