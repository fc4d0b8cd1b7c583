"""OneRoster CSV into records: what is harmless is accepted by name, all else refused with its place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from districts.roster import archive, oneroster
from districts.roster.problems import RosterRefused, Warnings
from districts.roster.records import EducatorRole, Roster
from tests.districts.roster.files import FIRST, GOOD, RosterFiles, all_quoted, crlf

good = RosterFiles()
FILES = tuple(GOOD)


def read(files: RosterFiles, tmp_path: Path) -> tuple[Roster, str]:
    """The records and the warnings of a roster read from a zip."""
    warnings = Warnings()
    with archive.opened(files.zip(tmp_path / "roster.zip"), warnings) as source:
        roster = oneroster.read(source, warnings)
    return roster, "\n".join(warnings.sentences())


def refusal(files: RosterFiles, tmp_path: Path) -> str:
    with pytest.raises(RosterRefused) as refused:
        read(files, tmp_path)
    return str(refused.value)


def test_it_reads_everybody_who_is_kept(tmp_path: Path) -> None:
    roster, _ = read(good, tmp_path)
    assert [student.sourced_id for student in roster.students] == ["s1", "s2", "s3"]
    assert [educator.sourced_id for educator in roster.educators] == ["a1", "e1", "e2"]
    assert roster.relatives == 1


def test_it_reads_a_student_in_the_products_words(tmp_path: Path) -> None:
    ann = read(good, tmp_path)[0].students[0]
    assert ann == ("s1", "north", "Ann", "Canary", "ann", "00017", "3", "three_plus", True)


def test_nothing_of_relatives_telephones_and_passwords_is_read(tmp_path: Path) -> None:
    roster, warnings = read(good, tmp_path)
    for unwanted in ("Pam", "Secret1", "555-0100"):
        assert unwanted not in repr(roster) + warnings


def test_the_primary_school_is_the_first_org_that_is_a_school(tmp_path: Path) -> None:
    assert read(good, tmp_path)[0].students[1].school == "south"


def test_a_student_of_no_school_learns_where_the_class_meets(tmp_path: Path) -> None:
    assert read(good, tmp_path)[0].students[2].school == "north"


def test_a_department_belongs_to_the_school_above_it(tmp_path: Path) -> None:
    files = good.replacing("users.csv", "s1,,,true,north", "s1,,,true,math")
    assert read(files, tmp_path)[0].students[0].school == "south"


def test_an_educator_has_a_role_in_each_school_or_in_the_district(tmp_path: Path) -> None:
    assert read(good, tmp_path)[0].roles == [
        EducatorRole("a1", "", "administrator"),
        EducatorRole("e1", "north", "teacher"),
        EducatorRole("e2", "south", "teacher"),
        EducatorRole("e2", "north", "teacher"),
    ]


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        (lambda files: files.holding("users.csv", "\ufeff" + GOOD["users.csv"]), "users.csv: A byte order mark"),
        (lambda files: files.holding("users.csv", all_quoted(GOOD["users.csv"])), ""),
        (lambda files: files.holding("users.csv", crlf(GOOD["users.csv"])), ""),
        (lambda files: files.holding("users.csv", GOOD["users.csv"].rstrip("\n")), ""),
        (lambda files: files.adding("users.csv", ""), "users.csv: The last line is blank. (line 9)"),
        (lambda files: files.replacing("classes.csv", "scheduled", "Scheduled"), "column classType: “scheduled” is"),
        (lambda files: files.replacing("users.csv", "e1,,,true", "e1,,,TRUE"), "column enabledUser: true and false"),
        (lambda files: files.replacing("users.csv", "KG", "K"), ""),
        (lambda files: files.replacing("users.csv", ",03,", ",3,"), ""),
        (lambda files: files.replacing("users.csv", ",03,", ",UG,"), "column grades: A grade other than PK, K"),
        (lambda files: files.replacing("orgs.csv", "001,d", "001,"), ""),
        (lambda files: files.replacing("orgs.csv", "001,d", "001,gone"), "parentSourcedId: The parent is not in"),
        (lambda files: files.replacing("classes.csv", ",m,M3A", ",gone,M3A"), ""),
        (
            lambda files: files.replacing("manifest.csv", "file.courses,bulk", "file.courses,absent"),
            "manifest.csv: It says that there is no courses.csv",
        ),
        (lambda files: files.replacing("orgs.csv", ",,,", ",active,2027-04-05,"), "orgs.csv: It is a full file by"),
        (
            lambda files: files.replacing("enrollments.csv", "n4,,,c2,south,s2,student", "n4,,,c2,south,e1,student"),
            "role",
        ),
        (
            lambda files: files.replacing("enrollments.csv", "n4,,,c2,south,s2", "n4,,,c1,north,s1"),
            "in the class already",
        ),
    ],
)
def test_it_accepts_what_is_harmless(
    change: Callable[[RosterFiles], RosterFiles], warning: str, tmp_path: Path
) -> None:
    roster, warnings = read(change(good), tmp_path)
    assert warning in warnings
    assert len(roster.students) == 3


def test_extension_columns_are_not_read(tmp_path: Path) -> None:
    lines = GOOD["users.csv"].splitlines()
    wider = [f"{lines[0]},metadata.x,ext_a", *(f"{line},Canary,Canary" for line in lines[1:])]
    roster, _ = read(good.holding("users.csv", "\n".join(wider) + "\n"), tmp_path)
    assert roster == read(good, tmp_path)[0]


def test_rows_to_be_deleted_are_left_out_with_their_enrollments(tmp_path: Path) -> None:
    set_throughout = GOOD["users.csv"].replace(",,,true", ",active,,true").replace("s1,active", "s1,tobedeleted")
    roster, warnings = read(good.holding("users.csv", set_throughout), tmp_path)
    assert [student.sourced_id for student in roster.students] == ["s2", "s3"]
    assert "s1" not in [enrollment.student for enrollment in roster.enrollments]
    assert "users.csv, column status: Rows to be deleted, or inactive, were left out. (line 5)" in warnings


def test_a_user_who_is_not_enabled_is_not_active(tmp_path: Path) -> None:
    files = good.replacing("users.csv", "s1,,,true", "s1,,,false")
    assert not read(files, tmp_path)[0].students[0].is_active


def test_an_org_that_classes_meet_in_is_a_school_where_there_is_none(tmp_path: Path) -> None:
    files = good.holding(
        "orgs.csv", f"{FIRST}name,type,identifier,parentSourcedId\nd,,,D,district,,\nnorth,,,N,department,,\n"
    )
    files = files.holding("users.csv", GOOD["users.csv"].replace("south", "north"))
    files = files.holding("classes.csv", GOOD["classes.csv"].replace("south", "north"))
    roster, warnings = read(files, tmp_path)
    assert [school.sourced_id for school in roster.schools] == ["north"]
    assert "It is taken for a school" in warnings


def test_a_nested_folder_is_accepted_with_a_warning(tmp_path: Path) -> None:
    warnings = Warnings()
    with archive.opened(good.zip(tmp_path / "nested.zip", "export/"), warnings) as source:
        assert len(oneroster.read(source, warnings).students) == 3
    assert "a folder of their own" in warnings.sentences()[0]


@pytest.mark.parametrize("inner", ["", "export"])
def test_a_folder_is_as_good_as_a_zip(inner: str, tmp_path: Path) -> None:
    good.folder(tmp_path / "roster" / inner)
    warnings = Warnings()
    with archive.opened(tmp_path / "roster", warnings) as source:
        assert len(oneroster.read(source, warnings).students) == 3


Change = Callable[[RosterFiles], RosterFiles]
REFUSED: dict[str, tuple[Change, str]] = {
    "no manifest": (lambda f: f.lacking("manifest.csv"), "manifest.csv: It is missing. OneRoster 1.0 has none"),
    "another version": (
        lambda f: f.replacing("manifest.csv", "version,1.1", "version,1.0"),
        "manifest.csv, line 3, column value: The oneroster.version is neither 1.1 nor 1.2.",
    ),
    "a mode that is none": (
        lambda f: f.replacing("manifest.csv", "file.users,bulk", "file.users,whole"),
        "line 8, column value: file.users is none of absent, bulk, delta",
    ),
    "a property twice": (lambda f: f.adding("manifest.csv", "file.users,bulk"), "manifest.csv, line 11: A property"),
    "users not listed": (
        lambda f: f.replacing("manifest.csv", "file.users,bulk\n", ""),
        "manifest.csv: It does not list users.csv",
    ),
    "a listed file missing": (lambda f: f.lacking("users.csv"), "manifest.csv, line 8: It lists users.csv"),
    "a header missing": (
        lambda f: f.holding("users.csv", GOOD["users.csv"].split("\n", 1)[1]),
        "users.csv, line 1, column sourcedId: The header row is missing",
    ),
    "a header renamed": (
        lambda f: f.replacing("users.csv", ",grades,", ",grade,"),
        "users.csv, line 1, column grades: The column is missing. “grade” is there instead.",
    ),
    "a header in another case": (
        lambda f: f.replacing("users.csv", ",email,", ",EMAIL,"),
        "users.csv, line 1, column email: The column is missing. “EMAIL” is there",
    ),
    "a header twice": (
        lambda f: f.replacing("users.csv", ",sms,", ",email,"),
        "users.csv, line 1, column number 14: A column's name stands twice.",
    ),
    "no rows": (
        lambda f: f.holding("users.csv", GOOD["users.csv"].split("\n", 1)[0] + "\n"),
        "users.csv: There are no rows under the header.",
    ),
    "an empty file": (lambda f: f.holding("users.csv", ""), "users.csv, line 1, column sourcedId: The header row"),
    "no student": (lambda f: f.holding("users.csv", GOOD["users.csv"].replace(",student,", ",aide,")), "no student"),
    "too few values": (
        lambda f: f.adding("users.csv", "s9,,,true,north,student"),
        "users.csv, line 9: The row has 6 values and the header 18.",
    ),
    "an unclosed quote": (
        lambda f: f.replacing("users.csv", "Ann", '"Ann'),
        "users.csv, line 5, column givenName: A quotation mark is not closed",
    ),
    "a quote inside a value": (
        lambda f: f.replacing("users.csv", "Ann", '"An"n'),
        "users.csv, line 5, column givenName: A quotation mark is not closed on its line, or stands where none may",
    ),
    "a line break inside a value": (
        lambda f: f.replacing("users.csv", "Ann", '"An\nn"'),
        "users.csv, line 5, column givenName: A quotation mark is not closed",
    ),
    "NUL": (lambda f: f.replacing("users.csv", "Ann", "A\0n"), "users.csv, line 5: Byte 31 of the line is NUL."),
    "cp1252": (
        lambda f: f.holding("users.csv", GOOD["users.csv"].replace("Ann", "Zoë").encode("cp1252")),
        "users.csv, line 5: Byte 32 of the line is not UTF-8.",
    ),
    "UTF-16": (
        lambda f: f.holding("users.csv", GOOD["users.csv"].encode("utf-16")),
        "users.csv, line 1: Byte 1 of the line is not UTF-8.",
    ),
    "half a surrogate pair": (
        lambda f: f.holding("users.csv", GOOD["users.csv"].replace("Ann", "\ud800").encode("utf-8", "surrogatepass")),
        "users.csv, line 5: Byte 30 of the line is not UTF-8.",
    ),
    "mixed line ends": (
        lambda f: f.holding("users.csv", crlf(GOOD["users.csv"]).replace("\r\ns2", "\ns2")),
        "users.csv, line 5: Line ends are mixed",
    ),
    "old line ends": (
        lambda f: f.holding("users.csv", GOOD["users.csv"].replace("\n", "\r")),
        f"users.csv, line 1: Byte {len(GOOD['users.csv'].splitlines()[0]) + 1} of the line is a carriage return.",
    ),
    "a blank line between rows": (
        lambda f: f.replacing("users.csv", "\ns2", "\n\ns2"),
        "users.csv, line 6: A blank line stands between rows.",
    ),
    "a huge field": (
        lambda f: f.replacing("users.csv", "Ann", "A" * 10_000_000),
        "users.csv, line 5: The line has more than 100,000 bytes.",
    ),
    "a name too long": (
        lambda f: f.replacing("users.csv", "Ann", "A" * 301),
        "users.csv, line 5, column givenName: The value has 301 characters. Shorten it to 300.",
    ),
    "a mix of full and changes": (
        lambda f: f.replacing("users.csv", "s2,,,", "s2,active,2027-04-05,"),
        "users.csv, line 6, column status: Rows with a status and rows without are mixed",
    ),
    "an id twice": (
        lambda f: f.replacing("users.csv", "s2,,,", "s1,,,"),
        "users.csv, line 6, column sourcedId: The sourcedId stands in line 5 too.",
    ),
    "a blank id": (lambda f: f.replacing("users.csv", "s2,,,", ",,,"), "users.csv, line 6, column sourcedId: The sou"),
    "a day that is not ISO": (
        lambda f: f.replacing("academicSessions.csv", "2027-01-04", "1/04/2027"),
        "academicSessions.csv, line 3, column startDate: This is not a date.",
    ),
    "a week date": (
        lambda f: f.replacing("academicSessions.csv", "2027-01-04", "2027-W01-1"),
        "academicSessions.csv, line 3, column startDate: This is not a date.",
    ),
    "a year that is none": (
        lambda f: f.replacing("academicSessions.csv", "y,2027", "y,26-27"),
        "academicSessions.csv, line 3, column schoolYear: This is not a year.",
    ),
    "an unknown role": (
        lambda f: f.replacing("users.csv", "true,d,administrator", "true,d,principal"),
        "users.csv, line 2, column role: The word is none of OneRoster 1.1's.",
    ),
    "an unknown boolean": (
        lambda f: f.replacing("users.csv", "e1,,,true", "e1,,,yes"),
        "users.csv, line 3, column enabledUser: This is neither true nor false.",
    ),
    "a circle of orgs": (
        lambda f: f.replacing("orgs.csv", "0620810,", "0620810,math"),
        "orgs.csv, line 2, column parentSourcedId: The organization is its own parent",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses_what_is_not_harmless(name: str, tmp_path: Path) -> None:
    change, expected = REFUSED[name]
    said = refusal(change(good), tmp_path)
    assert expected in said
    assert "Canary" not in said


STRAYS: dict[str, tuple[Change, str]] = {
    "an enrollment of nobody": (
        lambda f: f.replacing("enrollments.csv", "south,s2", "south,s99"),
        "enrollments.csv, line 5, column userSourcedId: It refers to a row that users.csv does not have, as do 1 of 5",
    ),
    "an enrollment in no class": (
        lambda f: f.replacing("enrollments.csv", "n4,,,c2", "n4,,,c9"),
        "enrollments.csv, line 5, column classSourcedId: It refers to a row that classes.csv does not have",
    ),
    "a class in no school": (
        lambda f: f.replacing("classes.csv", "homeroom,,south", "homeroom,,west"),
        "classes.csv, line 3, column schoolSourcedId: It refers to a row that orgs.csv does not have",
    ),
}


@pytest.mark.parametrize("name", STRAYS)
def test_more_strays_than_one_in_a_hundred_need_a_person(name: str, tmp_path: Path) -> None:
    change, expected = STRAYS[name]
    (concern,) = read(change(good), tmp_path)[0].concerns
    assert expected in concern
    assert "of the same export." in concern


def test_a_few_strays_are_skipped_and_listed_by_row(tmp_path: Path) -> None:
    files = good.with_students(200).replacing("enrollments.csv", "south,s2", "south,s99")
    roster, warnings = read(files, tmp_path)
    assert (
        "enrollments.csv, column userSourcedId: The user is not in users.csv; the row was skipped. (line 5)" in warnings
    )
    assert (len(roster.enrollments), roster.concerns) == (202, [])


def test_one_warning_gathers_a_thousand_rows(tmp_path: Path) -> None:
    files = good.with_students(1000)
    files = files.holding("users.csv", str(files.files["users.csv"]).replace(",true,", ",True,"))
    _, warnings = read(files, tmp_path)
    assert "(1,006 lines: 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, …)" in warnings


def test_no_warning_holds_a_name(tmp_path: Path) -> None:
    files = good.replacing("users.csv", ",03,", ",Canary,")
    assert "Canary" not in read(files, tmp_path)[1]


@pytest.mark.parametrize(
    "name", ["O'Brien", "Null", "<script>", "李", "محمد", "Zoe\u0308", "Zo\u00eb", "🌻", "=1+1", "N" * 300]
)
def test_names_come_as_they_are(name: str, tmp_path: Path) -> None:
    roster, _ = read(good.replacing("users.csv", "Ann", name), tmp_path)
    assert roster.students[0].first_name == name
