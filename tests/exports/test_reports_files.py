"""Progress reports as files: read back with another library than the one that made them."""

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from districts.models import Classroom, ClassroomTeacher, District, Educator, Enrollment, Gate, School, Student
from exports import letters, making, progress_reports, report_binding, report_plan, report_press, typesetting
from exports.made import Made
from exports.models import ExportFile
from exports.reading import Interrupted
from tests.exports.conftest import Ask, fresh, on_disk
from tests.exports.reports import Pupil, make
from tests.people import Cast

Reports = Callable[..., Made]

HOSTILE = (
    "#panic() *x* _y_",
    "$1+1$ @ref <label> `raw`",
    "<script>alert(1)</script>",
    "a) /ID(U1x1y1) 3 0 R",
    "((( 5 0 R",
    "\\) endobj endstream",
    '"; DROP TABLE',
    "[[[ ]] // = Heading",
    "Null True",
    "Zoe\u0308 Bru\u0308nner",
    "Keihanaikukauakahihuliheekahaunaele" * 8,
)


@pytest.fixture
def reports(ask: Ask, tmp_path: Path) -> Reports:
    """Makes the reports that a test wishes for."""

    def made(**wish: Any) -> Made:
        return make(ask(**{"kind": "progress", "product": "", "format": "pdf"} | wish), tmp_path)

    return made


def room(
    district: District, name: str, *students: Student, teacher: str = "", school: School | None = None
) -> Classroom:
    """A classroom with these students, and a teacher where one is named."""
    key = {"district_id": district.pk}
    made: Classroom = Classroom.objects.create(**key, sourced_id=uuid4().hex, name=name, school=school)
    for student in students:
        Enrollment.objects.create(**key, classroom_id=made.id, student_id=student.id)
    if teacher:
        person, _ = Educator.objects.get_or_create(
            district=district, sourced_id=teacher, defaults={"first_name": "Ari", "last_name": teacher}
        )
        ClassroomTeacher.objects.create(**key, classroom_id=made.id, educator=person, is_primary=True)
    return made


def texts(made: Made) -> list[str]:
    """The text of each page, in one line, without invisible letters."""
    pages = PdfReader(made.path).pages
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in pages]


def inside(made: Made) -> dict[str, PdfReader]:
    """The PDFs of a zip by their names."""
    with zipfile.ZipFile(made.path) as archive:
        return {name: PdfReader(BytesIO(archive.read(name))) for name in archive.namelist()}


def test_a_districts_reports_are_one_pdf_with_a_cover_and_a_page_each(cast: Cast, reports: Reports) -> None:
    made = reports()
    cover, *pages = texts(made)
    assert (made.rows, len(pages)) == (5, 5)
    assert "Students 3 Reports 5" in cover
    assert all("Noor Canary-Whitcombe" in page for page in pages)


def test_what_a_student_did_is_found_back(cast: Cast, reports: Reports) -> None:
    pupil = Pupil(cast.lakeside).assigned("g4").used("2027-03-01", 50, 15).benchmark(1, "EM50Q", "2026-09-10")
    pupil.benchmark(2, "725Q", "2027-02-10", performance_level="Met").lesson("g4-07", title="Slope")
    [page] = texts(reports(student_id=pupil.student.id))
    for said in ("Ada Okafor", "1 h 5 min", "EM50Q", "725Q", "Met", "Slope", "Mon, March 1, 2027", "Pathway Grade 4"):
        assert said in page


def test_math_facts_are_found_back(cast: Cast, reports: Reports) -> None:
    pupil = Pupil(cast.lakeside).test("pre", 41).test("post", 89).fact("7x8").fact("6x9", passed=False)
    [page] = texts(reports(student_id=pupil.student.id, product="math_facts"))
    for said in ("Imagine Math Facts", "41", "89", "1 passed, 1 practiced", "To practice: 6x9."):
        assert said in page


def test_each_pathway_is_printed_on_a_page_of_its_own(cast: Cast, reports: Reports) -> None:
    pupil = Pupil(cast.lakeside).assigned("g4").assigned("geometry")
    pages = texts(reports(student_id=pupil.student.id))
    assert [("Pathway Geometry" in page, "Pathway Grade 4" in page) for page in pages] == [(True, False), (False, True)]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_with_odd_characters_comes_out_equal(cast: Cast, reports: Reports, name: str) -> None:
    pupil = Pupil(cast.lakeside, first_name=name, last_name="Sz").assigned("g4").lesson("x", title=name[:200])
    room(cast.lakeside, name[:255], pupil.student, teacher=name[:255])
    [page] = texts(reports(student_id=pupil.student.id))
    assert name.replace(" ", "") in page.replace(" ", "")


def test_letters_that_no_font_has_are_named_on_the_page_and_counted_on_the_cover(
    cast: Cast, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "_machine", tuple)
    letters.printable.cache_clear()
    pupil = Pupil(cast.lakeside, first_name="山", last_name="田").assigned("g4")
    room(cast.lakeside, "Room 9", pupil.student, Pupil(cast.lakeside).student)
    made = reports(classroom_id=Classroom.objects.of(cast.lakeside).get(name="Room 9").id)
    cover, *pages = texts(made)
    [page] = [page for page in pages if "[U+5C71]" in page]
    assert "[U+5C71] [U+7530]" in page
    assert "2 letters of this page" in page
    assert "2 letters of this file, which stand as numbers in brackets: U+5C71, U+7530." in cover


def test_a_letter_that_proves_unprintable_costs_no_report(
    cast: Cast, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A font that claims a letter which Typst cannot find in it: the page is set again with its number."""
    monkeypatch.setattr(letters, "_FORBIDDEN", set())
    monkeypatch.setattr(letters, "_machine", lambda: (frozenset({0x5C71}),))
    letters.printable.cache_clear()
    pupil = Pupil(cast.lakeside, first_name="山").assigned("g4")
    [page] = texts(reports(student_id=pupil.student.id))
    assert "[U+5C71]" in page
    letters.printable.cache_clear()


@pytest.mark.parametrize("parts", [1, 4])
def test_a_pdf_is_tagged_and_says_its_language_and_title(
    cast: Cast, reports: Reports, monkeypatch: pytest.MonkeyPatch, parts: int
) -> None:
    monkeypatch.setattr(report_press, "SLICE", 100 if parts == 1 else 1)
    made = reports()
    reader = PdfReader(made.path, strict=True)
    root: Any = reader.trailer["/Root"]
    assert (bool(root["/MarkInfo"]["/Marked"]), root["/Lang"]) == (True, "en-US")
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    assert reader.metadata is not None
    assert reader.metadata.title == "Student Progress reports: All schools, 2026-27"
    assert _tags(root["/StructTreeRoot"]) >= {"/Document", "/H1", "/H2", "/Table", "/TH", "/TD"}


def _tags(tree: Any) -> set[str]:
    """Kinds of all tags, each of which knows the one above it."""
    found, waiting = set(), [(tree["/K"], tree)]
    while waiting:
        kids, above = waiting.pop()
        for kid in kids if isinstance(kids, list) else [kids]:
            each = kid.get_object()
            if isinstance(each, DictionaryObject) and "/S" in each:
                assert each["/P"].get_object() == above.get_object()
                found.add(str(each["/S"]))
                waiting.append((each.get("/K", []), each))
    return found


def test_a_drawing_is_told_in_words(cast: Cast, reports: Reports) -> None:
    pupil = Pupil(cast.lakeside).assigned("g4").benchmark(1, "EM50Q", "2026-09-10").benchmark(2, "725Q", "2027-02-10")
    data = reports(student_id=pupil.student.id).path.read_bytes()
    assert b"/Alt(Quantile measures: benchmark 1 EM50Q, benchmark 2 725Q.)" in data


def test_parts_joined_say_what_one_document_would(
    cast: Cast, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in HOSTILE:
        Pupil(cast.lakeside, first_name=name, last_name="Sz").assigned("g4").lesson("x", title=name[:200])
    whole = reports()
    monkeypatch.setattr(report_press, "SLICE", 2)
    joined = reports()
    assert texts(joined) == texts(whole)
    whole_names, joined_names = (_bookmarks(made) for made in (whole, joined))
    assert sorted(whole_names) == sorted(joined_names)


def _bookmarks(made: Made) -> list[str]:
    outline: list[Any] = PdfReader(made.path).outline
    return [str(each.title) for each in outline]


def test_every_page_of_a_joined_pdf_finds_its_own_tags(
    cast: Cast, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_press, "SLICE", 1)
    reader = PdfReader(reports().path, strict=True)
    tree: Any = reader.trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
    nums = tree["/ParentTree"]["/Nums"]
    above = dict(zip(nums[::2], nums[1::2], strict=True))
    for page in reader.pages:
        tags = above[page["/StructParents"]].get_object()
        pages = {
            each.get_object().get("/Pg").get_object().indirect_reference for each in tags if "/Pg" in each.get_object()
        }
        assert pages == {page.indirect_reference}


def test_a_long_list_is_cut_and_says_so_on_one_page(cast: Cast, reports: Reports) -> None:
    pupil = Pupil(cast.lakeside).assigned("g4")
    for number in range(60):
        pupil.lesson(f"g4-{number:02}", title="Adding and subtracting fractions with unlike denominators")
    for number, quantile in enumerate(("EM50Q", "300Q", "725Q"), 1):
        pupil.benchmark(
            number, quantile, f"2027-0{number}-10", performance_level="Exceeded", grade_level_result="Grade 4"
        )
    [page] = texts(reports(student_id=pupil.student.id))
    assert "60 lessons" in page
    assert "more, attempted before these" in page


def test_a_younger_students_long_list_fits_on_one_page(cast: Cast, reports: Reports) -> None:
    pupil = Pupil(cast.lakeside, grade_level="1", learning_environment="prek_2").assigned("g1").used("2027-03-01", 20)
    for number in range(60):
        pupil.lesson(f"g1-{number:02}", pathway="g1", title="Adding within 20")
    assert len(texts(reports(student_id=pupil.student.id))) == 1


def test_the_longest_name_leaves_one_page(cast: Cast, reports: Reports) -> None:
    pupil = Pupil(cast.lakeside, first_name="Kalani" * 50, last_name="Keihan" * 50, is_deactivated=True).assigned("g4")
    for number in range(60):
        pupil.lesson(f"g4-{number:02}")
    [page] = texts(reports(student_id=pupil.student.id))
    assert f"{'Kalani' * 50} {'Keihan' * 50}".replace(" ", "") in page.replace(" ", "")


def test_all_four_operations_fit_on_one_page(cast: Cast, reports: Reports) -> None:
    pupil = Pupil(cast.lakeside).used("2027-03-01", 20, product="math_facts")
    for operation, sign in (("addition", "+"), ("subtraction", "-"), ("multiplication", "x"), ("division", "÷")):
        pupil.test("pre", 40, operation).test("post", 80, operation)
        for number in range(2, 13):
            pupil.fact(f"{number}{sign}1", operation=operation).fact(
                f"9{sign}{number}", passed=False, operation=operation
            )
    assert len(texts(reports(student_id=pupil.student.id, product="math_facts"))) == 1


def test_a_page_that_overflows_counts_its_pages(cast: Cast, reports: Reports, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exports.report_printing.LINES", {"three_plus": 60})
    pupil = Pupil(cast.lakeside).assigned("g4")
    for number in range(60):
        pupil.lesson(f"g4-{number:02}")
    first, second = texts(reports(student_id=pupil.student.id))
    assert ("Page 1 of 2 of this student" in first, "Page 2 of 2 of this student" in second) == (True, True)


def test_a_zip_has_a_pdf_a_classroom_by_school_and_teacher(cast: Cast, reports: Reports) -> None:
    assert list(inside(reports(format="zip"))) == [
        "School 1/Toni Teacher 1 - Room 1.pdf",
        "School 2/Toni Teacher 2 - Room 2.pdf",
        "No school/No classroom - No school.pdf",
    ]


def test_a_student_of_two_classrooms_is_in_both_and_once_in_one_pdf(cast: Cast, reports: Reports) -> None:
    school = School.objects.get(district=cast.lakeside, name="School 1")
    pupil = Pupil(cast.lakeside, first_name="Twofold", school=school).assigned("g4")
    room(cast.lakeside, "Room A", pupil.student, school=school)
    room(cast.lakeside, "Room B", pupil.student, teacher="Adeyemi", school=school)
    found = inside(reports(format="zip", school=school))
    assert [name for name, pdf in found.items() if "Twofold" in pdf.pages[-1].extract_text()] == [
        "No teacher - Room A.pdf",
        "Ari Adeyemi - Room B.pdf",
    ]
    assert sum("Twofold" in page for page in texts(reports(school=school))) == 1


def test_names_in_a_zip_are_safe_and_differ(cast: Cast, reports: Reports) -> None:
    school = School.objects.create(district=cast.lakeside, sourced_id="odd", name="../..\\C:")
    students = [Pupil(cast.lakeside, school=school).assigned("g4").student for _ in range(4)]
    for student, name in zip(students, ("../Room?", "..\\room*", "ROOM", "山" * 200), strict=True):
        room(cast.lakeside, name, student, school=school)
    names = list(inside(reports(format="zip")))
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        folder, _, file = name.partition("/")
        assert not set(name.replace("/", "", 1)) & set('<>:"/\\|?*\n')
        assert (folder.strip(". "), len(file.encode()) < 255) == (folder, True)


def test_a_school_without_students_still_gets_a_file_that_says_so(cast: Cast, reports: Reports) -> None:
    empty = School.objects.create(district=cast.lakeside, sourced_id="e", name="Empty School")
    for found in (
        texts(reports(school=empty)),
        [p.extract_text() for p in inside(reports(school=empty, format="zip"))["No students.pdf"].pages],
    ):
        [cover] = found
        assert "Students 0" in " ".join(cover.split())


def test_another_districts_classroom_is_of_nobody(cast: Cast, reports: Reports) -> None:
    theirs = room(cast.quarry, "Room 1", Pupil(cast.quarry).student)
    assert reports(classroom_id=theirs.id).rows == 0


def test_the_files_name_names_no_student_and_no_classroom(cast: Cast, reports: Reports) -> None:
    pupil = Pupil(cast.lakeside, first_name="Unmistakable").assigned("g4").student
    place = room(cast.lakeside, "Room Unmistakable", pupil)
    names = [reports(**wish).name for wish in ({"student_id": pupil.id}, {"classroom_id": place.id, "format": "zip"})]
    assert names == [
        "Lakeside Unified - Student Progress reports - One student - 2026-27 through 2027-05-31.pdf",
        "Lakeside Unified - Student Progress reports - One classroom - 2026-27 through 2027-05-31.zip",
    ]


def test_a_reset_that_begins_meanwhile_stops_it_and_leaves_nothing(
    cast: Cast, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = ask(kind="progress", product="", format="pdf")
    planned = report_plan.plan

    def shut(wanted: ExportFile) -> list[report_plan.Document]:
        found = planned(wanted)
        Gate.objects.filter(pk=cast.lakeside.pk).update(resets=7)
        return found

    monkeypatch.setattr(report_plan, "plan", shut)
    making.make(wanted.pk, worker="a worker")
    ended = fresh(wanted)
    assert (ended.state, "reset began" in ended.why, on_disk()) == ("failed", True, [])


def test_children_end_with_the_work(cast: Cast, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_press, "SLICE", 1)
    begun: list[typesetting.Child] = []
    start = typesetting.Child.__init__

    def noted(self: typesetting.Child, *given: Any) -> None:
        start(self, *given)
        begun.append(self)

    def lost(done: int, total: int) -> None:
        if len(begun) == 2:
            raise Interrupted

    monkeypatch.setattr(typesetting.Child, "__init__", noted)
    with pytest.raises(Interrupted):
        progress_reports.make(ask(kind="progress", product="", format="pdf"), desk=tmp_path, progress=lost)
    assert [child.process.poll() is not None for child in begun] == [True, True]


def test_a_full_disk_is_told_as_that(cast: Cast, ask: Ask, tmp_path: Path) -> None:
    """The child says which fault of the system it met, and nothing else."""
    child = typesetting.Child(report_press.TEMPLATE, tmp_path, 1, {"no-such-folder/a.pdf": _no_pages()})
    with pytest.raises(OSError, match="could not be written") as caught:
        child.check()
    assert caught.value.errno == 2


def test_what_typst_says_of_an_error_goes_no_further(tmp_path: Path) -> None:
    data = json.dumps({"title": "Canary-Whitcombe", "district": "x", "cover": None, "pages": [{}]})
    with pytest.raises(typesetting.NotSet) as caught:
        typesetting.Child(report_press.TEMPLATE, tmp_path, 1, {"a.pdf": data}).check()
    assert str(caught.value) == ""


def _no_pages() -> str:
    cover = {"title": "T", "district": "D", "of": "O", "rows": [], "notes": []}
    return json.dumps({"title": "T", "district": "D", "cover": cover, "pages": []})


def test_progress_goes_to_the_last_student(cast: Cast, ask: Ask, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    wanted = ask(kind="progress", product="", format="zip")
    progress_reports.make(wanted, desk=tmp_path, progress=lambda done, total: told.append((done, total)))
    assert told[-1][1] == 3
    assert report_binding.TITLE == "Student Progress reports"
