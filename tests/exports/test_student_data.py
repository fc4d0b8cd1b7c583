"""A Student Data Export holds every account of a district, and what it did on previous days; nothing else."""

import csv
import traceback
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
import time_machine
from django.db import DatabaseError, connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from openpyxl.utils.escape import unescape

from districts import shards
from districts.models import (
    BenchmarkResult,
    Classroom,
    DailyUsage,
    District,
    DistrictCounts,
    Enrollment,
    FactsProgress,
    FactsTest,
    Gate,
    LessonResult,
    Pathway,
    PathwayAssignment,
    PointsEntry,
    School,
    Student,
)
from exports import reading, student_data, student_rows, student_sql, writers
from exports.made import Made
from tests.exports.conftest import JUNE_1, Ask
from tests.people import Cast, make_student

Row = dict[str, Any]
Export = Callable[..., tuple[Made, list[Row]]]

IMAGINE_MATH = [
    *("first_name", "last_name", "username", "student_information_number", "alt_student_information_number"),
    *("grade_level", "is_active", "is_ell", "is_iep", "learning_environment", "school", "classrooms", "district"),
    *("benchmark_1_date", "benchmark_1_quantile", "benchmark_1_performance_level"),
    *("benchmark_1_grade_level_result", "benchmark_1_minutes", "benchmark_1_status"),
    *("benchmark_2_date", "benchmark_2_quantile", "benchmark_2_performance_level"),
    *("benchmark_2_grade_level_result", "benchmark_2_minutes", "benchmark_2_status"),
    *("benchmark_3_date", "benchmark_3_quantile", "benchmark_3_performance_level"),
    *("benchmark_3_grade_level_result", "benchmark_3_minutes", "benchmark_3_status"),
    *("benchmark_growth", "pathways", "total_math_minutes", "school_math_minutes", "home_math_minutes"),
    *("lessons_attempted", "lessons_passed", "on_grade_pass_rate", "think_points_earned", "think_points_to_spend"),
    *("tokens", "last_active_on"),
]


def rows_of(path: Path, sheet: str = "Students") -> list[Row]:
    header, *rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def about_of(made: Made) -> Row:
    return {row[0]: row[1] for row in openpyxl.load_workbook(made.path)["About"].iter_rows(values_only=True)}


def quietly(done: int, total: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def export(ask: Ask, tmp_path: Path) -> Export:
    """Makes what a test wishes, and reads its students back."""

    def exported(*, is_last: bool = False, most_rows: int = 1000, **wish: Any) -> tuple[Made, list[Row]]:
        wanted = ask(**wish)
        wanted.is_last = is_last
        desk = tmp_path / uuid4().hex
        desk.mkdir()
        made = student_data.make(wanted, desk=desk, progress=quietly, most_rows=most_rows)
        return made, rows_of(made.path) if wanted.format == "xlsx" else []

    return exported


@pytest.fixture
def zoe(cast: Cast) -> Student:
    """A student of Lakeside who did nothing yet."""
    school = School.objects.get(district=cast.lakeside, sourced_id="s1")
    zoe = make_student(cast.lakeside, school, "zoe")
    Student.objects.filter(district_id=cast.lakeside.pk, id=zoe.id).update(
        first_name="Zoe", learning_environment="three_plus", student_information_number="000120", is_iep=True
    )
    return zoe


def event(student: Student) -> dict[str, Any]:
    return {"district_id": student.district_id, "student_id": student.id, "event_id": uuid4()}


def use(student: Student, day: str, *, school: int = 0, home: int = 0, product: str = "imagine_math") -> None:
    DailyUsage.objects.create(**event(student), day=day, product=product, school_minutes=school, home_minutes=home)


def lesson(student: Student, code: str, day: str, *, passed: bool = True, level: str = "on_grade") -> None:
    LessonResult.objects.create(**event(student), lesson=code, level=level, passed=passed, happened=f"{day}T18:00:00Z")


def benchmark(student: Student, number: int, day: str, quantile: str, status: str = "completed") -> None:
    BenchmarkResult.objects.create(
        **event(student), number=number, quantile=quantile, status=status, happened=f"{day}T18:00:00Z", minutes=31
    )


def points(student: Student, amount: int, day: str, currency: str = "think_points") -> None:
    PointsEntry.objects.create(**event(student), currency=currency, amount=amount, happened=f"{day}T18:00:00Z")


def of(name: str, rows: list[Row]) -> Row:
    [row] = [row for row in rows if row["first_name"] == name]
    return row


def test_imagine_math_has_its_columns_in_order(export: Export) -> None:
    _, rows = export()
    assert list(rows[0]) == IMAGINE_MATH
    assert (IMAGINE_MATH[13], IMAGINE_MATH[31]) == ("benchmark_1_date", "benchmark_growth")


def test_math_facts_has_its_columns_in_order(export: Export) -> None:
    _, rows = export(product="math_facts")
    assert list(rows[0])[:9] == [*IMAGINE_MATH[:5], "is_active", "is_ell", "is_iep", "district"]
    assert {"multiplication_pre_test_score", "multiplication_post_test_completed_on", "facts_passed"} <= set(rows[0])


def test_every_account_has_one_row_deactivated_ones_too(export: Export, zoe: Student, cast: Cast) -> None:
    Student.objects.filter(district_id=zoe.district_id, id=zoe.id).update(is_deactivated=True)
    made, rows = export()
    assert made.rows == len(rows) == Student.objects.filter(district_id=cast.lakeside.pk).count() == 4
    about = about_of(made)
    assert (about["Students"], about["Of them deactivated"]) == (4, 1)


def test_what_the_roster_says_stands_as_it_came(export: Export, zoe: Student) -> None:
    room = Classroom.objects.create(
        district_id=zoe.district_id, sourced_id="x", name="Algebra", school_id=zoe.school_id
    )
    Enrollment.objects.create(district_id=zoe.district_id, classroom_id=room.id, student_id=zoe.id)
    row = of("Zoe", export()[1])
    assert row["student_information_number"] == "000120"
    assert (row["is_active"], row["is_ell"], row["is_iep"]) == ("False", "False", "True")
    assert (row["learning_environment"], row["school"], row["classrooms"]) == ("3+", "School 1", "Algebra")
    assert (row["district"], row["grade_level"], row["alt_student_information_number"]) == (
        "Lakeside Unified",
        "4",
        None,
    )


def test_a_student_without_anything_has_zeros_and_no_dates(export: Export, zoe: Student) -> None:
    row = of("Zoe", export()[1])
    assert [row[name] for name in ("total_math_minutes", "lessons_attempted", "think_points_earned", "tokens")] == [
        0
    ] * 4
    assert {row[name] for name in IMAGINE_MATH[13:32]} == {None}
    assert (row["on_grade_pass_rate"], row["last_active_on"], row["pathways"]) == (None, None, None)


def test_math_time_is_of_this_product_alone(export: Export, zoe: Student) -> None:
    use(zoe, "2027-05-03", school=20, home=5)
    use(zoe, "2027-05-04", home=7)
    use(zoe, "2027-05-05", school=50, product="math_facts")
    row = of("Zoe", export()[1])
    assert (row["total_math_minutes"], row["school_math_minutes"], row["home_math_minutes"]) == (32, 20, 12)
    assert (row["is_active"], row["last_active_on"]) == ("True", datetime(2027, 5, 4))  # noqa: DTZ001 (a day of Excel's)


def test_a_day_without_a_minute_is_no_use(export: Export, zoe: Student) -> None:
    use(zoe, "2027-05-03")
    row = of("Zoe", export()[1])
    assert (row["is_active"], row["last_active_on"]) == ("False", None)


def test_lessons_are_counted_once_however_often_they_were_tried(export: Export, zoe: Student) -> None:
    lesson(zoe, "g4-1", "2027-05-01", passed=False)
    lesson(zoe, "g4-1", "2027-05-02")
    lesson(zoe, "g4-2", "2027-05-02", passed=False)
    lesson(zoe, "g3-9", "2027-05-02", level="below_grade")
    row = of("Zoe", export()[1])
    assert (row["lessons_attempted"], row["lessons_passed"], row["on_grade_pass_rate"]) == (3, 2, 0.5)


def test_of_several_results_of_a_benchmark_the_completed_one_counts(export: Export, zoe: Student) -> None:
    benchmark(zoe, 1, "2026-09-10", "EM50Q")
    benchmark(zoe, 1, "2026-09-12", "", "in_progress")
    benchmark(zoe, 3, "2027-05-10", "725Q")
    row = of("Zoe", export()[1])
    assert (row["benchmark_1_quantile"], row["benchmark_1_status"]) == ("EM50Q", "Completed")
    assert row["benchmark_1_date"] == datetime(2026, 9, 10)  # noqa: DTZ001
    assert (row["benchmark_2_status"], row["benchmark_3_minutes"], row["benchmark_growth"]) == (None, 31, 775)


def test_growth_needs_two_completed_benchmarks(export: Export, zoe: Student) -> None:
    benchmark(zoe, 1, "2026-09-10", "500Q")
    benchmark(zoe, 2, "2027-02-10", "600Q", "in_progress")
    assert of("Zoe", export()[1])["benchmark_growth"] is None


def test_points_are_earned_in_the_range_and_left_at_its_end(export: Export, zoe: Student) -> None:
    points(zoe, 100, "2026-10-01")
    points(zoe, 40, "2027-05-01")
    points(zoe, -30, "2027-05-02")
    points(zoe, 9, "2027-05-02", "tokens")
    row = of("Zoe", export(since=date(2027, 5, 1))[1])
    assert (row["think_points_earned"], row["think_points_to_spend"], row["tokens"]) == (40, 110, 9)


def test_pathways_are_named_once_in_the_order_of_assignment(export: Export, zoe: Student) -> None:
    for code, day in (("g5", "2026-10-01"), ("g4", "2026-09-01"), ("g5", "2026-11-01")):
        pathway = Pathway.objects.get(code=code, district=None)
        PathwayAssignment.objects.create(**event(zoe), pathway=pathway, assigned_on=day)
    names = [Pathway.objects.get(code=code, district=None).name for code in ("g4", "g5")]
    assert of("Zoe", export()[1])["pathways"] == "; ".join(names)


def test_facts_and_tests_are_told_by_operation(export: Export, zoe: Student) -> None:
    at = {"happened": "2027-05-04T18:00:00Z"}
    for kind, score in (("pre", 40), ("post", 90)):
        FactsTest.objects.create(**event(zoe), **at, kind=kind, operation="division", score=score)
    FactsTest.objects.create(**event(zoe), kind="pre", operation="division", score=55, happened="2027-05-03T18:00:00Z")
    for fact, operation, passed in (("8/2", "division", True), ("1+1", "Mixed facts", False)):
        FactsProgress.objects.create(**event(zoe), **at, fact=fact, operation=operation, passed=passed)
    use(zoe, "2027-05-04", school=3, product="math_facts")
    row = of("Zoe", export(product="math_facts")[1])
    assert (row["division_pre_test_score"], row["division_post_test_score"]) == (40, 90)
    assert row["division_post_test_completed_on"] == datetime(2027, 5, 4)  # noqa: DTZ001
    assert (row["facts_encountered"], row["facts_passed"], row["division_facts_passed"]) == (2, 1, 1)
    assert (row["mixed_facts_facts_encountered"], row["addition_pre_test_score"]) == (1, None)
    assert (row["is_active"], row["total_facts_minutes"]) == ("True", 3)


def test_two_spellings_of_an_operation_share_their_columns(export: Export, zoe: Student) -> None:
    for word, day in (("Division", 4), ("division", 3)):
        FactsTest.objects.create(
            **event(zoe), kind="pre", operation=word, score=day, happened=f"2027-05-0{day}T18:00:00Z"
        )
    assert of("Zoe", export(product="math_facts")[1])["division_pre_test_score"] == 4


def test_it_goes_up_to_yesterday_and_not_a_minute_further(export: Export, zoe: Student) -> None:
    use(zoe, "2027-05-31", school=1)
    use(zoe, "2027-06-01", school=10)
    LessonResult.objects.create(
        **event(zoe), lesson="a", level="on_grade", passed=True, happened=datetime(2027, 6, 1, 6, 59, 59, tzinfo=UTC)
    )
    LessonResult.objects.create(
        **event(zoe), lesson="b", level="on_grade", passed=True, happened=datetime(2027, 6, 1, 7, tzinfo=UTC)
    )
    made, rows = export()
    assert made.through == date(2027, 5, 31)
    assert (of("Zoe", rows)["total_math_minutes"], of("Zoe", rows)["lessons_passed"]) == (1, 1)


@pytest.mark.parametrize(("hour", "through"), [(6, date(2027, 6, 29)), (7, date(2027, 6, 30))])
def test_yesterday_is_the_districts(export: Export, june: time_machine.Traveller, hour: int, through: date) -> None:
    june.move_to(datetime(2027, 7, 1, hour, tzinfo=UTC))
    assert export()[0].through == through


def test_the_current_day_cannot_be_asked_for(export: Export) -> None:
    assert export(until=date(2027, 6, 1))[0].through == date(2027, 5, 31)


def test_a_range_counts_its_own_days_alone(export: Export, zoe: Student) -> None:
    for day in ("2027-04-30", "2027-05-01", "2027-05-31"):
        use(zoe, day, school=10)
        lesson(zoe, day, day)
        benchmark(zoe, 1, day, f"{int(day[8:])}Q")
    made, rows = export(since=date(2027, 5, 1), until=date(2027, 5, 30))
    row = of("Zoe", rows)
    assert (row["total_math_minutes"], row["lessons_attempted"], row["benchmark_1_quantile"]) == (10, 1, "1Q")
    assert made.through == date(2027, 5, 30)


def test_a_last_export_is_of_a_shut_gate_and_holds_the_current_day(
    ask: Ask, zoe: Student, cast: Cast, tmp_path: Path
) -> None:
    use(zoe, "2027-06-01", school=10)
    wanted = ask()
    wanted.is_last = True
    Gate.objects.filter(pk=cast.lakeside.pk).update(is_shut=True)
    made = student_data.make(wanted, desk=tmp_path, progress=quietly)
    assert made.through == date(2027, 6, 1)
    assert of("Zoe", rows_of(made.path))["total_math_minutes"] == 10


def test_any_other_export_stops_when_the_gate_is_shut(ask: Ask, cast: Cast, tmp_path: Path) -> None:
    wanted = ask()
    Gate.objects.filter(pk=cast.lakeside.pk).update(is_shut=True)
    with pytest.raises(reading.Interrupted):
        student_data.make(wanted, desk=tmp_path, progress=quietly)
    assert not list(tmp_path.iterdir())


def test_a_learning_environment_is_of_its_students_alone(export: Export, zoe: Student) -> None:
    made, rows = export(learning_environment="three_plus")
    assert (made.rows, [row["first_name"] for row in rows]) == (1, ["Zoe"])
    assert "Imagine Math 3+ -" in made.name


def test_it_tells_the_version_that_it_read(export: Export, cast: Cast) -> None:
    DistrictCounts.objects.filter(pk=cast.lakeside.pk).update(math_version=7, facts_version=5)
    made, _ = export()
    assert (made.version, made.as_of) == (7, JUNE_1)
    assert export(product="math_facts")[0].version == 5


def test_no_student_of_another_district_is_in_it(export: Export, cast: Cast) -> None:
    stranger = make_student(cast.quarry, None, "stranger")
    Student.objects.filter(district_id=cast.quarry.pk, id=stranger.id).update(first_name="Stranger")
    assert "Stranger" not in {row["first_name"] for row in export()[1]}


def test_a_district_without_students_gets_a_header(export: Export, cast: Cast) -> None:
    shards.destroy(cast.lakeside.pk)
    made, rows = export()
    header = next(openpyxl.load_workbook(made.path)["Students"].iter_rows(values_only=True))
    assert (made.rows, rows, list(header)) == (0, [], IMAGINE_MATH)


def test_it_asks_the_same_number_of_questions_for_any_number_of_students(export: Export, cast: Cast) -> None:
    with CaptureQueriesContext(connection) as few:
        export()
    for number in range(30):
        use(make_student(cast.lakeside, None, f"more-{number}"), "2027-05-03", school=1)
    with CaptureQueriesContext(connection) as many:
        export(until=date(2027, 5, 30))
    assert len(few) == len(many)


def test_rows_that_do_not_fit_go_on_in_a_next_sheet(export: Export, cast: Cast) -> None:
    for number in range(4):
        make_student(cast.lakeside, None, f"more-{number}")
    made, first = export(most_rows=4)
    book = openpyxl.load_workbook(made.path)
    assert book.sheetnames == ["Students", "Students 2", "Students 3", "About"]
    rows = [row for name in book.sheetnames[:3] for row in rows_of(made.path, name)]
    assert (len(first), len(rows), made.rows) == (3, 7, 7)
    assert about_of(made)["Sheets"].startswith("Students, Students 2, Students 3: a sheet holds no more")


def test_about_tells_what_it_is_of(export: Export) -> None:
    made, _ = export(since=date(2027, 5, 1), learning_environment="prek_2")
    told = about_of(made)
    assert (told["District"], told["Site code"], told["School year"]) == ("Lakeside Unified", "0620810", "2026-27")
    assert (told["Product"], told["Learning environment"]) == ("Imagine Math", "PreK-2")
    assert told["Range"] == "Sat, May 1, 2027 to Mon, May 31, 2027, local days of America/Los_Angeles"
    assert told["Goes up to"].startswith("Mon, May 31, 2027. It holds previous days only")
    assert told["Read"] == "Tue, June 1, 2027, 9:00 AM PDT"
    assert "Sheets" not in told


@pytest.mark.parametrize("product", ["imagine_math", "math_facts"])
def test_about_explains_every_column(export: Export, product: str) -> None:
    made, rows = export(product=product)
    told = about_of(made)
    assert all(told[column].endswith(".") for column in rows[0])


def test_a_person_finds_it_by_its_name(export: Export) -> None:
    made, _ = export()
    assert made.name == "Lakeside Unified - Imagine Math - Student Data Export 2026-27 through 2027-05-31.xlsx"
    made, _ = export(since=date(2027, 1, 1), product="math_facts", format="csv")
    assert made.name.endswith("Imagine Math Facts - Student Data Export 2026-27 from 2027-01-01 through 2027-05-31.csv")


@pytest.mark.parametrize(
    ("called", "written"),
    [('a/b\\c:d*e?f"g<h>i|j', "a b c d e f g h i j"), ("\u202egnp.exe\n", "gnp.exe"), ("../..", "0620810")],
)
def test_a_name_has_no_letter_that_a_machine_refuses(export: Export, cast: Cast, called: str, written: str) -> None:
    District.objects.filter(pk=cast.lakeside.pk).update(name=called)
    cast.lakeside.refresh_from_db()
    assert export()[0].name.startswith(f"{written} - Imagine Math")


def test_progress_is_told_and_may_stop_it(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            raise ZeroDivisionError

    monkeypatch.setattr(student_data, "EVERY", 1)
    with pytest.raises(ZeroDivisionError):
        student_data.make(ask(), desk=tmp_path, progress=stop)
    assert told == [(0, 3), (1, 3), (2, 3)]
    assert not list(tmp_path.iterdir())


def test_an_error_of_the_database_says_no_name(export: Export, zoe: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(student_sql._WHO, "first_name", "st.first_name::int")
    with pytest.raises(DatabaseError, match="22P02") as failed:
        export()
    assert "Zoe" not in "".join(traceback.format_exception(failed.value))


def test_it_stops_when_the_district_was_reset_since_it_was_asked_for(ask: Ask, cast: Cast, tmp_path: Path) -> None:
    wanted = ask()
    Gate.objects.filter(pk=cast.lakeside.pk).update(resets=F("resets") + 1)
    with pytest.raises(reading.Interrupted):
        student_data.make(wanted, desk=tmp_path, progress=quietly)


def test_the_districts_numbers_are_locked_before_it_is_read(export: Export) -> None:
    with CaptureQueriesContext(connection) as asked:
        export()
    assert any("districts_districtcounts" in each["sql"] and "FOR UPDATE" in each["sql"] for each in asked)


def test_a_list_longer_than_a_cell_is_cut_and_breaks_no_file(export: Export, zoe: Student) -> None:
    key = {"district_id": zoe.district_id}
    for number in range(150):
        room = Classroom.objects.create(**key, sourced_id=f"x{number}", name=f"{number:03}{'😀' * 250}")
        Enrollment.objects.create(**key, classroom_id=room.id, student_id=zoe.id)
    names = of("Zoe", export()[1])["classrooms"]
    assert (len(names), names[:4]) == (student_rows.LONGEST, "000😀")


def test_operations_without_end_do_not_make_columns_without_end(export: Export, zoe: Student) -> None:
    for number in range(30):
        at = {"happened": "2027-05-04T18:00:00Z", "passed": True, "fact": "1"}
        FactsProgress.objects.create(**event(zoe), **at, operation=f"operation {number:02}")
    row = of("Zoe", export(product="math_facts")[1])
    assert len([name for name in row if name.endswith("_pre_test_score")]) == 4 + student_rows.MOST_OPERATIONS
    assert row["facts_encountered"] == 30


@pytest.mark.parametrize("called", ["O'Hare {100%} \\\\", "=1+1", "%s; DROP TABLE districts_district"])
def test_a_district_may_be_called_anything(export: Export, cast: Cast, called: str) -> None:
    District.objects.filter(pk=cast.lakeside.pk).update(name=called)
    cast.lakeside.refresh_from_db()
    made, rows = export()
    assert {row["district"] for row in rows} == {called}
    assert about_of(made)["District"] == called


@pytest.mark.parametrize("letters", ["\x01", "_x0041_", " Zoe ", "\r\n", '"', "\\.", "\t=1", "زوي", "😀", "'"])
def test_a_name_comes_through_the_database_as_it_is(export: Export, zoe: Student, letters: str) -> None:
    Student.objects.filter(district_id=zoe.district_id, id=zoe.id).update(last_name=letters)
    assert letters in [unescape(row["last_name"]) for row in export()[1]]
    made, _ = export(format="csv")
    with made.path.open(encoding="utf-8-sig", newline="") as file:
        assert letters in [writers.plain(row["last_name"]) for row in csv.DictReader(file)]


def test_no_kind_of_data_of_the_current_day_is_in_it(export: Export, zoe: Student) -> None:
    at = {"happened": "2027-06-01T08:00:00Z"}
    pathway = Pathway.objects.get(code="g4", district=None)
    before = (of("Zoe", export()[1]), of("Zoe", export(product="math_facts")[1]))
    for currency in ("think_points", "tokens"):
        points(zoe, 50, "2027-06-01", currency)
    for product in ("imagine_math", "math_facts"):
        use(zoe, "2027-06-01", home=9, product=product)
    benchmark(zoe, 1, "2027-06-01", "500Q")
    lesson(zoe, "g4-1", "2027-06-01")
    PathwayAssignment.objects.create(**event(zoe), pathway=pathway, assigned_on="2027-06-01")
    FactsTest.objects.create(**event(zoe), **at, kind="pre", operation="division", score=40)
    FactsProgress.objects.create(**event(zoe), **at, operation="division", fact="8/2", passed=True)
    until = date(2027, 6, 1)
    assert (of("Zoe", export(until=until)[1]), of("Zoe", export(until=until, product="math_facts")[1])) == before
