"""What stands on a progress report, held against what its student did."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.models import Student
from exports.report_pages import Kind, Mark
from tests.exports.reports import JUNE_1, Pupil, figures, page_of, pages_of, sentence
from tests.people import Cast


def test_math_time_is_told_in_all_at_school_and_at_home(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside).assigned("g4").used("2027-03-01", 50, 15).used("2027-03-02", 40)
    shown = figures(page_of(pupil.student), "Math time")
    assert shown == {
        "math time": "1 h 45 min",
        "school time": "1 h 30 min",
        "home time": "15 min",
        "days with use": "2",
    }


def test_time_of_the_other_product_or_environment_does_not_count(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside).assigned("g4").used("2027-03-01", 50)
    pupil.used("2027-03-01", 7, product="math_facts").used("2027-03-02", 9, learning_environment="prek_2")
    page, _ = pages_of(pupil.student)
    assert figures(page, "Math time")["math time"] == "50 min"


def test_a_lesson_counts_once_and_is_passed_when_one_attempt_passed(cast: Cast) -> None:
    pupil = (
        Pupil(cast.lakeside)
        .assigned("g4")
        .lesson("a", passed=False)
        .lesson("a", "2027-03-02")
        .lesson("b", passed=False)
    )
    page = page_of(pupil.lesson("c", level="below_grade").student)
    shown = figures(page, "Performance")
    assert shown["on-grade lessons passed"] == "1"
    assert shown["below-grade lessons passed"] == "1"
    assert shown["passed of this pathway's lessons"] == "2 of 100"
    assert [(each.code, each.attempts, each.is_passed) for each in page.lessons] == [
        ("a", 2, True),
        ("b", 1, False),
        ("c", 1, True),
    ]


def test_lessons_stand_with_title_day_and_time_the_last_one_first(cast: Cast) -> None:
    pupil = (
        Pupil(cast.lakeside)
        .assigned("g4")
        .lesson("a", "2027-01-05")
        .lesson("b", "2027-05-04", title="Slope", minutes=70)
    )
    lessons = page_of(pupil.student).lessons
    assert [each.name for each in lessons] == ["Slope", "a"]
    assert (lessons[0].day, lessons[0].minutes, lessons[0].level) == ("Tue, May 4, 2027", "1 h 10 min", "On grade")


def test_use_since_the_last_benchmark_begins_the_day_after_it(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside).assigned("g4").benchmark(1, "300Q", "2026-09-10").benchmark(2, "350Q", "2027-02-10")
    pupil.used("2027-02-10", 20).used("2027-02-11", 25).lesson("a", "2027-02-09").lesson(
        "b", "2027-02-11", passed=False
    )
    page = page_of(pupil.student)
    shown = figures(page, "Use since")
    assert shown == {"math time": "25 min", "lessons attempted": "1", "lessons passed": "0"}
    assert sentence(page, "Use since") == "Since benchmark 2, Wed, February 10, 2027."


def test_a_benchmark_in_progress_is_shown_and_ends_no_span(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside).assigned("g4").benchmark(1, "", "2027-02-10", status="in_progress")
    page = page_of(pupil.student)
    assert sentence(page, "Use since") == "No benchmark is completed."
    assert [(each.state, each.measure) for each in page.benchmarks] == [("In progress", None)]


def test_measures_below_zero_count_as_such(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside).assigned("g4").benchmark(2, "25Q", "2027-02-10").benchmark(1, "EM50Q", "2026-09-10")
    page = page_of(pupil.student)
    assert [(each.number, each.quantile, each.measure) for each in page.benchmarks] == [
        (1, "EM50Q", -50),
        (2, "25Q", 25),
    ]
    assert page.benchmark_sentence == "Benchmark 2 is 75Q higher than benchmark 1."


def test_of_a_benchmark_taken_twice_the_newest_stands(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside).assigned("g4").benchmark(1, "90Q", "2026-10-10").benchmark(1, "10Q", "2026-09-10")
    assert [each.quantile for each in page_of(pupil.student).benchmarks] == ["90Q"]


def test_each_pathway_of_a_student_has_a_page_of_its_own(cast: Cast) -> None:
    pupil = (
        Pupil(cast.lakeside)
        .assigned("g4")
        .assigned("geometry", date(2027, 1, 7))
        .lesson("a")
        .lesson("b", pathway="geometry")
    )
    newer, older = pages_of(pupil.student)
    assert [(each.pathway, each.lessons[0].code) for each in (newer, older)] == [("Geometry", "b"), ("Grade 4", "a")]


def test_time_that_pathways_share_is_told_as_shared(cast: Cast) -> None:
    alone = Pupil(cast.lakeside).assigned("g4").used("2027-03-01", 5)
    several = Pupil(cast.lakeside).assigned("g4").assigned("g5").used("2027-03-01", 5)
    told = [sentence(page, "Math time") for page in pages_of(alone.student, several.student)]
    assert told == ["", "Of all pathways together.", "Of all pathways together."]


def test_one_pathway_alone_can_be_asked_for(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside).assigned("g4").assigned("geometry").fact("7x8")
    wanted = [page for page in pages_of(pupil.student) if page.pathway == "Geometry"]
    assert pages_of(pupil.student, pathway_id=wanted[0].pathway_id) == wanted


def test_a_younger_student_has_one_page_with_the_newest_pathway_and_all_lessons(cast: Cast) -> None:
    pupil = (
        Pupil(cast.lakeside, grade_level="1", learning_environment="prek_2")
        .assigned("k")
        .assigned("g1", date(2027, 1, 7))
    )
    page = page_of(pupil.lesson("a", pathway="k").lesson("b", pathway="g1").student)
    assert (page.kind, page.pathway, len(page.lessons)) == (Kind.PREK_2, "Grade 1", 2)
    assert page.notes == ("Lessons of the pathways before it are on this page too: Grade K.",)


def test_an_average_week_is_one_of_the_weeks_with_use(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside, grade_level="1", learning_environment="prek_2").assigned("g1")
    pupil.used("2027-03-01", 40).used("2027-03-05", 10).used("2027-03-08", 20)
    page = page_of(
        pupil.lesson("a", "2027-03-02", pathway="g1").lesson("b", "2027-03-22", pathway="g1", passed=False).student
    )
    assert figures(page, "An average week") == {
        "lesson attempts a week": "0.7",
        "lessons passed a week": "0.3",
        "math time a week": "23 min",
    }
    assert sentence(page, "An average week") == "Of the 3 weeks with use."


def test_pass_rates_are_of_on_grade_and_prerequisite_lessons(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside, grade_level="1", learning_environment="prek_2").assigned("g1")
    for code, passed in (("a", True), ("b", True), ("c", False)):
        pupil.lesson(code, pathway="g1", passed=passed)
    shown = figures(page_of(pupil.student), "Pass rates")
    assert shown == {"of on-grade lessons passed": "66%", "of prerequisite lessons passed": "–"}


def test_a_student_with_a_pathway_and_no_use_has_a_page_that_says_so(cast: Cast) -> None:
    page = page_of(Pupil(cast.lakeside).assigned("g4").student)
    assert (page.pathway, page.lessons_sentence) == ("Grade 4", "No lesson of this pathway was attempted.")
    assert (sentence(page, "Math time"), page.benchmark_sentence) == ("No time on problems.", "No benchmark was begun.")


def test_a_student_without_pathway_has_a_page_that_says_so(cast: Cast) -> None:
    page = page_of(Pupil(cast.lakeside).student)
    assert (page.pathway, page.notes, page.school) == ("", ("No pathway is assigned.",), "No school")


def test_lessons_of_no_pathway_have_a_page_of_their_own(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside).assigned("g4").lesson("stray", pathway=None)
    assigned, astray = pages_of(pupil.student)
    assert (assigned.lessons, [each.code for each in astray.lessons]) == ((), ["stray"])
    assert astray.notes == ("These lessons belong to no pathway.",)


def test_a_pathway_worked_on_without_assignment_is_shown_as_that(cast: Cast) -> None:
    page = page_of(Pupil(cast.lakeside).lesson("a").student)
    assert page.notes == ("This pathway is not assigned; lessons of it were attempted all the same.",)


def test_a_deactivated_account_is_shown_as_that(cast: Cast) -> None:
    page = page_of(Pupil(cast.lakeside, is_deactivated=True).assigned("g4").student)
    assert page.notes == ("This account is deactivated: the student left the roster.",)


def test_today_is_not_in_it(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside).assigned("g4").used("2027-05-31", 10).used("2027-06-01", 5)
    pupil.lesson("last", happened="2027-06-01T06:59:59Z").lesson("today", happened="2027-06-01T07:00Z")
    page = page_of(pupil.student)
    assert (page.through, page.through_words) == (date(2027, 5, 31), "Mon, May 31, 2027")
    assert figures(page, "Math time")["math time"] == "10 min"
    assert [each.code for each in page.lessons] == ["last"]


def test_an_earlier_last_day_can_be_asked_for(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside).assigned("g4").used("2027-03-01", 10).used("2027-03-02", 5)
    page = page_of(pupil.student, until=date(2027, 3, 1))
    assert figures(page, "Math time")["math time"] == "10 min"


def test_facts_stand_in_a_grid_of_their_operation(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside).fact("7x8").fact("3 × 4", passed=False).fact("13x2")
    [page] = pages_of(pupil.student, product="math_facts")
    [grid] = page.grids
    assert (grid.marks[7][8], grid.marks[3][4], grid.marks[8][7]) == (Mark.PASSED, Mark.TRIED, Mark.NEW)
    assert (grid.passed, grid.tried, grid.others_passed) == (("7x8", "13x2"), ("3 × 4",), ("13x2",))


@pytest.mark.parametrize(
    ("operation", "fact", "cell"),
    [
        ("addition", "12+5", (12, 5)),
        ("subtraction", "15-7", (7, 8)),
        ("subtraction", "15−7", (7, 8)),
        ("division", "56÷7", (7, 8)),
        ("division", "0/4", (4, 0)),
        ("multiplication", "7*8", (7, 8)),
    ],
)
def test_a_fact_of_each_operation_has_its_place(cast: Cast, operation: str, fact: str, cell: tuple[int, int]) -> None:
    [page] = pages_of(Pupil(cast.lakeside).fact(fact, operation=operation).student, product="math_facts")
    [grid] = page.grids
    row, column = cell
    assert grid.marks[row][column] == Mark.PASSED


@pytest.mark.parametrize("fact", ["7÷2", "4÷0", "#panic()", "7x8", "999÷1"])
def test_a_fact_without_a_place_is_named(cast: Cast, fact: str) -> None:
    [page] = pages_of(Pupil(cast.lakeside).fact(fact, operation="division").student, product="math_facts")
    [grid] = page.grids
    assert (grid.marks, grid.others_passed) == ((), (fact,))


def test_tests_stand_by_operation_the_newest_of_each(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside).test("post", 88, day="2027-05-01").test("pre", 40, day="2026-09-02")
    pupil.test("pre", 35, day="2026-09-01").test("pre", 12, "addition")
    [page] = pages_of(pupil.student, product="math_facts")
    assert [(each.operation, each.kind, each.score) for each in page.tests] == [
        ("Addition", "Pre-test", 12),
        ("Multiplication", "Pre-test", 40),
        ("Multiplication", "Post-test", 88),
    ]


def test_facts_practiced_today_are_told_as_left_out(cast: Cast) -> None:
    pupil = Pupil(cast.lakeside).fact("7x8", day="2027-06-01").fact("2x2")
    [page] = pages_of(pupil.student, product="math_facts")
    assert page.grids[0].passed == ("2x2",)
    assert page.notes == ("1 fact was practiced after Mon, May 31, 2027 and left out here.",)


def test_math_facts_have_a_page_where_they_were_used_or_asked_for(cast: Cast) -> None:
    idle, busy = Pupil(cast.lakeside).assigned("g4"), Pupil(cast.lakeside).assigned("g4").fact("7x8")
    kinds = [page.kind for page in pages_of(idle.student, busy.student)]
    assert kinds == [Kind.THREE_PLUS, Kind.THREE_PLUS, Kind.FACTS]
    assert page_of(idle.student, product="math_facts").notes == ("Math Facts was not used.",)
    assert page_of(busy.student, product="imagine_math").kind == Kind.THREE_PLUS


def test_a_page_says_where_its_student_belongs(cast: Cast) -> None:
    student = Student.objects.of(cast.lakeside).get(sourced_id="student-1")
    page, facts = pages_of(student)
    assert (page.student, page.grade, page.school) == ("Noor Canary-Whitcombe", "Grade 4", "School 1")
    assert [(room.name, room.teachers) for room in page.rooms] == [("Room 1", ("Toni Teacher 1",))]
    assert (facts.report, facts.district, facts.school_year) == ("Imagine Math Facts", "Lakeside Unified", "2026-27")


def test_another_districts_students_are_nobody(cast: Cast) -> None:
    stranger = Pupil(cast.quarry).assigned("g4")
    mine = Pupil(cast.lakeside).assigned("g4")
    stranger.student.district_id = cast.lakeside.pk
    assert len(pages_of(mine.student, stranger.student)) == 1


def test_many_students_take_as_many_queries_as_one(cast: Cast) -> None:
    pupils = [Pupil(cast.lakeside).assigned("g4").lesson("a").fact("7x8").student for _ in range(5)]
    counts = []
    for some in (pupils[:1], pupils):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert pages_of(*some)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_last_day_is_told_by_the_districts_own_clock(cast: Cast) -> None:
    """16:00 UTC on June 1 is the morning of that day in Los Angeles; at 03:00 UTC it is still May 31 there."""
    early = JUNE_1.replace(hour=3)
    assert page_of(Pupil(cast.lakeside).assigned("g4").student, at=early).through == date(2027, 5, 30)
