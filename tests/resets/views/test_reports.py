"""Progress reports: who may see students, what is asked for, what counts as downloaded, and a report in the browser."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.models import (
    BenchmarkResult,
    Classroom,
    Enrollment,
    FactsProgress,
    Gate,
    Pathway,
    PathwayAssignment,
    School,
    Student,
)
from exports import printed
from exports.models import ExportFile
from resets import waking
from resets.models import Reset
from tests.people import Cast, make_student
from tests.resets.views.district_files import ended, reports, taken, wish
from tests.resets.views.reading import text, words

PAGE = "/districts/0620810/reports/"
HOSTILE = "<script>alert(1)</script> & \u202eevil"


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """The files for which a worker was woken; nobody is."""
    files: list[tuple[Any, ...]] = []
    monkeypatch.setattr(waking, "_send", lambda *args: files.append(args))
    return files


@pytest.fixture
def dana(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.dana)
    return client


@pytest.fixture
def school(cast: Cast) -> School:
    """School 1 of Lakeside: one classroom, one student in it."""
    return School.objects.get(district=cast.lakeside, sourced_id="s1")


@pytest.fixture
def room(cast: Cast) -> Classroom:
    return Classroom.objects.get(district_id=cast.lakeside.pk, sourced_id="c1")


@pytest.fixture
def noor(cast: Cast) -> Student:
    """A student of School 1, in Room 1, with a pathway, benchmarks and facts."""
    return Student.objects.get(district_id=cast.lakeside.pk, sourced_id="student-1")


def add_students(cast: Cast, school: School, room: Classroom, numbers: range) -> None:
    """More students of a school and classroom, each with two pathways."""
    grades = list(Pathway.objects.filter(district=None)[:2])
    key = {"district_id": cast.lakeside.pk}
    for place in numbers:
        student = make_student(cast.lakeside, school, f"more-{place}")
        Enrollment.objects.create(**key, classroom_id=room.id, student_id=student.id)
        for grade in grades:
            event = {"event_id": UUID(int=10_000 + 10 * place + grade.pk), "assigned_on": date(2026, 9, 1)}
            PathwayAssignment.objects.create(**key, student_id=student.id, pathway=grade, **event)


@pytest.mark.parametrize("who", ["carmen", "maya", "ellis"])
@pytest.mark.parametrize("address", ["", "board/", "?school=1", "students/1/"])
def test_nobody_of_the_vendor_sees_a_student(client: Client, cast: Cast, reset: Reset, who: str, address: str) -> None:
    client.force_login(getattr(cast, who))
    answer = client.get(f"{PAGE}{address}")
    assert answer.status_code == 403
    assert "for the district’s own admin alone" in text(answer.content)
    assert "Canary" not in answer.content.decode()


def test_the_page_counts_students_by_pathway_and_school(dana: Client, cast: Cast) -> None:
    said = words(dana, cast.dana, PAGE)
    assert "Grade 4 2" in said
    assert "Imagine Math Facts 2" in said
    assert "School 1 1 1 Not yet" in said
    assert "Without a school 0 1 Not yet" in said
    assert "0 of 2 schools with students downloaded" in said
    assert "through Mon, May 31, 2027" in said


def test_a_school_shows_its_classrooms_and_their_teachers(dana: Client, cast: Cast, school: School) -> None:
    said = words(dana, cast.dana, f"{PAGE}?school={school.pk}")
    assert "Room 1 Toni Teacher 1 1 Not yet" in said
    assert "Room 2" not in said
    assert "Canary-Whitcombe, Noor" in words(dana, cast.dana, f"{PAGE}?school={school.pk}&list=students")


def test_a_classroom_shows_its_students(dana: Client, cast: Cast, room: Classroom, noor: Student) -> None:
    content = dana.get(f"{PAGE}?classroom={room.id}").content.decode()
    assert re.findall(r"reports/students/(\d+)/", content) == [str(noor.id)]
    assert "Grade 4" in content


def test_students_without_a_school_are_found(dana: Client, cast: Cast) -> None:
    said = words(dana, cast.dana, f"{PAGE}?school=none")
    assert "Students without a school" in said
    assert "Canary-Whitcombe, Noor" in said
    assert "Make the" not in said


@pytest.mark.parametrize(
    "asked",
    ["school=0", "classroom=0", "school=x", "classroom=9e9", f"school={10**30}", f"school={'9' * 5000}", "school=%00"],
)
def test_what_is_not_there_is_not_found(dana: Client, asked: str) -> None:
    assert dana.get(f"{PAGE}?{asked}").status_code == 404


def test_another_districts_school_classroom_and_student_are_not_found(dana: Client, cast: Cast) -> None:
    key = {"district_id": cast.quarry.pk}
    room, student = Classroom.objects.filter(**key)[0], Student.objects.filter(**key)[0]
    assert dana.get(f"{PAGE}?school={cast.quarry.schools.all()[0].pk}").status_code == 404
    if not Classroom.objects.filter(district_id=cast.lakeside.pk, id=room.id).exists():
        assert dana.get(f"{PAGE}?classroom={room.id}").status_code == 404
    if not Student.objects.filter(district_id=cast.lakeside.pk, id=student.id).exists():
        assert dana.get(f"{PAGE}students/{student.id}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "number"),
    [("noor", 3), ("CANARY noor", 3), ("whit", 3), ("zebra", 0), ("noor zebra", 0), ("%", 0), ("a\x00b'--", 0)],
)
def test_students_are_found_by_each_word_of_a_name(dana: Client, query: str, number: int) -> None:
    answer = dana.post(f"{PAGE}find/", {"q": query})
    assert len(set(re.findall(r"reports/students/(\d+)/", answer.content.decode()))) == number
    assert ("Nobody is found" in answer.content.decode()) is (number == 0)


def test_a_name_that_is_looked_for_stands_in_no_address(dana: Client) -> None:
    content = dana.post(f"{PAGE}find/", {"q": "Canary"}).content.decode()
    assert not re.search(r'(href|action|hx-get)="[^"]*Canary', content)
    assert dana.get(f"{PAGE}find/", {"q": "Canary"}).status_code == 405


@pytest.mark.parametrize(
    ("what", "wanted", "kept"),
    [("", "zip", "zip"), ("school", "pdf", "pdf"), ("room", "zip", "pdf"), ("noor", "zip", "pdf")],
)
def test_reports_are_asked_for_of_anything(
    dana: Client,
    what: str,
    wanted: str,
    kept: str,
    school: School,
    room: Classroom,
    noor: Student,
) -> None:
    named = {"": {}, "school": {"school": school.pk}, "room": {"classroom": room.id}, "noor": {"student": noor.id}}[
        what
    ]
    assert dana.post(f"{PAGE}ask/", {"format": wanted, **named}).status_code == 302
    file = ExportFile.objects.get()
    assert (file.kind, file.format, file.product) == ("progress", kept, "")
    expected = (school.pk if what == "school" else None, room.id if what == "room" else None)
    assert (file.school_id, file.classroom_id, file.student_id) == (*expected, noor.id if what == "noor" else None)


def test_a_double_press_is_one_file(dana: Client, school: School) -> None:
    for _ in range(2):
        dana.post(f"{PAGE}ask/", {"format": "zip", "school": school.pk})
    assert ExportFile.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"format": "xlsx"}, {}, {"format": "pdf", "school": "x"}, {"format": "pdf", "student": 0}]
)
def test_what_cannot_be_made_is_not_asked_for(dana: Client, wrong: dict[str, str]) -> None:
    dana.post(f"{PAGE}ask/", wrong)
    assert not ExportFile.objects.exists()


def test_another_districts_school_is_not_printed(dana: Client, cast: Cast) -> None:
    school = cast.quarry.schools.all()[0]
    answer = dana.post(f"{PAGE}ask/", {"format": "pdf", "school": school.pk}, follow=True)
    assert "It is not there any more. Choose again." in text(answer.content)
    assert not ExportFile.objects.exists()


def test_nothing_is_printed_once_the_run_has_begun(dana: Client, cast: Cast, noor: Student) -> None:
    Gate.objects.filter(pk=cast.lakeside.pk).update(is_shut=True)
    assert "Make the zip" not in words(dana, cast.dana, PAGE)
    answer = dana.post(f"{PAGE}ask/", {"format": "zip"}, follow=True)
    assert "has begun or is over" in text(answer.content)
    assert not ExportFile.objects.exists()
    answer = dana.get(f"{PAGE}students/{noor.id}/", follow=True)
    assert "there are no reports to read any more" in text(answer.content)
    assert "Canary" not in answer.content.decode()


def test_a_file_names_its_student_to_the_district(dana: Client, cast: Cast, noor: Student) -> None:
    reports(cast.lakeside, student_id=noor.id, format="pdf")
    assert "Student Progress reports, Noor Canary-Whitcombe" in words(dana, cast.dana, PAGE)


def test_a_file_of_an_earlier_year_names_nobody(dana: Client, cast: Cast, noor: Student) -> None:
    ended(reports(cast.lakeside, student_id=noor.id, format="pdf", generation=7))
    said = words(dana, cast.dana, PAGE)
    assert "Student Progress reports, One student" in said


def test_an_export_does_not_stand_among_reports(dana: Client, cast: Cast) -> None:
    wish(cast.lakeside)
    assert "Your files" not in words(dana, cast.dana, PAGE)


def test_it_looks_again_while_reports_are_made_and_no_longer(dana: Client, cast: Cast) -> None:
    file = reports(cast.lakeside, state="making", made_at=None, made_by=None, lasts_until=None, done=40, total=412)
    assert b'hx-trigger="every 2s"' in dana.get(PAGE).content
    answer = dana.get(f"{PAGE}board/")
    assert answer.status_code == 200
    assert "40 of 412 students" in text(answer.content)
    ended(file)
    assert dana.get(f"{PAGE}board/").status_code == 286


def test_a_downloaded_school_is_printed_though_its_file_is_gone(
    dana: Client, cast: Cast, school: School, room: Classroom, noor: Student
) -> None:
    file = reports(cast.lakeside, school=school)
    assert "0 of 2 schools with students downloaded" in words(dana, cast.dana, PAGE)
    taken(file, cast.dana)
    ended(file, "It was there for 24 hours, which are over.")
    said = words(dana, cast.dana, PAGE)
    assert "1 of 2 schools with students downloaded" in said
    assert "School 1 1 1 Downloaded Tue, June 1, 2027" in said
    found = printed.of(cast.lakeside)
    assert found.of_classroom(room.id, school.pk)
    assert found.of_student(noor.id, school.pk)
    assert not found.of_school(None)


@pytest.mark.parametrize(
    "part",
    [{"generation": 7}, {"pathway_id": 4}, {"product": "math_facts"}],
    ids=["last year's", "a pathway", "a product"],
)
def test_a_part_of_the_reports_is_not_all_of_them(cast: Cast, reset: Reset, part: dict[str, Any]) -> None:
    taken(reports(cast.lakeside, **part), cast.dana)
    assert printed.of(cast.lakeside) == printed.Printed()


def test_a_classroom_counts_for_its_students_and_not_for_its_school(
    cast: Cast, reset: Reset, school: School, room: Classroom, noor: Student
) -> None:
    taken(reports(cast.lakeside, classroom_id=room.id, format="pdf"), cast.dana)
    found = printed.of(cast.lakeside)
    assert found.of_classroom(room.id, school.pk)
    assert found.of_student(noor.id, school.pk, [room.id])
    assert not found.of_student(noor.id, school.pk)
    assert not found.of_school(school.pk)


def test_a_file_of_the_district_counts_for_everybody(cast: Cast, reset: Reset) -> None:
    taken(reports(cast.lakeside), cast.dana)
    found = printed.of(cast.lakeside)
    assert found.of_school(None)
    assert found.of_student(1, None)


def test_a_report_shows_each_pathway_on_its_own(dana: Client, cast: Cast, noor: Student) -> None:
    BenchmarkResult.objects.create(
        district_id=noor.district_id, student_id=noor.id, event_id=UUID(int=900), number=2, quantile="725Q",
        performance_level="On grade", status="completed", happened="2027-05-10T17:00:00Z",
    )  # fmt: skip
    answer = dana.get(f"{PAGE}students/{noor.id}/")
    said = text(answer.content)
    assert answer.content.count(b'<article class="card report"') == 2  # Grade 4, and Math Facts
    for shown in (
        "Noor Canary-Whitcombe",
        "Grade 4",
        "Room 1, Toni Teacher 1",
        "EM50Q",
        "725Q",
        "2026-27, through Mon,",
    ):
        assert shown in said
    assert answer.content.count(b't-measure"') == 2
    assert answer.headers["Cache-Control"] == "no-store"


def test_facts_are_told_by_shape_and_word(dana: Client, cast: Cast, noor: Student) -> None:
    FactsProgress.objects.create(
        district_id=noor.district_id, student_id=noor.id, event_id=UUID(int=901), operation="multiplication",
        fact="3x4", passed=False, happened="2027-05-10T17:00:00Z",
    )  # fmt: skip
    content = dana.get(f"{PAGE}students/{noor.id}/").content.decode()
    assert content.count('<td class="is-passed">') == 1
    assert content.count('<td class="is-tried">') == 1
    assert "1 fact passed, 1 tried and not yet passed" in text(content.encode())


@pytest.mark.parametrize("key", [0, 10**18, 10**30])
def test_a_student_who_is_not_there_is_not_found(dana: Client, key: int) -> None:
    assert dana.get(f"{PAGE}students/{key}/").status_code == 404


def test_odd_names_are_shown_as_words(dana: Client, cast: Cast, noor: Student, room: Classroom) -> None:
    Student.objects.filter(district_id=noor.district_id, id=noor.id).update(first_name=HOSTILE, last_name=HOSTILE)
    Classroom.objects.filter(district_id=noor.district_id, id=room.id).update(name=HOSTILE)
    taken(reports(cast.lakeside, student_id=noor.id, format="pdf"), cast.dana)
    addresses = ("", f"?classroom={room.id}", f"?school={room.school_id}", f"students/{noor.id}/")
    for address in addresses:
        content = dana.get(f"{PAGE}{address}").content.decode()
        assert "<script>alert" not in content
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; \u202eevil" in content
    listed = dana.get(f"{PAGE}?classroom={room.id}").content.decode()
    assert re.search(r'<a dir="auto"[^>]*>&lt;script&gt;', listed)
    content = dana.post(f"{PAGE}find/", {"q": "<script>"}).content.decode()
    assert "<bdi>&lt;script&gt;</bdi>" in content
    assert "<script>alert" not in content


@pytest.mark.parametrize("address", ["ask/", "find/"])
def test_every_post_wants_its_token(cast: Cast, reset: Reset, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.dana)
    assert client.post(f"{PAGE}{address}").status_code == 403


def test_more_students_are_no_more_queries(dana: Client, cast: Cast, school: School, room: Classroom) -> None:
    pages = ("", f"?school={school.pk}", f"?school={school.pk}&list=students", f"?classroom={room.id}")
    taken(reports(cast.lakeside, student_id=1, format="pdf"), cast.dana)
    add_students(cast, school, room, range(10))
    few = [queries(dana, page) for page in pages]
    add_students(cast, school, room, range(10, 200))
    for number in range(5):
        taken(reports(cast.lakeside, student_id=number, format="pdf"), cast.dana)
    many = [queries(dana, page) for page in pages]
    assert many == few
    content = dana.get(f"{PAGE}?classroom={room.id}").content
    assert "1 to 50 of 201 students" in text(content)
    assert f"classroom={room.id}&amp;page=2" in content.decode()


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{PAGE}{page}")
    return len(asked)


def test_the_home_page_and_the_checklist_tell_what_is_printed(
    client: Client, cast: Cast, reset: Reset, school: School
) -> None:
    home = "/districts/0620810/"
    assert "None of 2 schools has done it yet. Teachers cannot print" in words(client, cast.dana, home)
    taken(reports(cast.lakeside, school=school), cast.dana)
    assert "1 of 2 schools have done it. Teachers cannot print them after the reset." in words(client, cast.dana, home)
    assert "Reports printed : not yet 1 of 2 schools have done it." in words(client, cast.carmen, home)
    taken(reports(cast.lakeside), cast.dana)
    assert "Print Student Progress reports Done 2 of 2 schools have done it." in words(client, cast.dana, home)
    assert "Reports printed : done The district downloaded those of 2 schools." in words(client, cast.carmen, home)
