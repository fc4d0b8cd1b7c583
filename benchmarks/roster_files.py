"""A roster of any size as a OneRoster CSV zip, the same bytes for the same arguments."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

FIRST = "sourcedId,status,dateLastModified"
HEADERS = {
    "academicSessions": "title,type,startDate,endDate,parentSourcedId,schoolYear",
    "orgs": "name,type,identifier,parentSourcedId",
    "classes": "title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,"
    "subjectCodes,periods",
    "users": "enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,"
    "phone,agentSourcedIds,grades,password",
    "enrollments": "classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
}
A_SCHOOL, A_CLASS, CLASSES = 500, 25, 3  # students of a school and of a class, classes of a student
Rows = Iterable[Sequence[object]]


def write(path: Path, *, students: int, renamed: int = -1) -> Path:
    """A roster of so many students, a teacher for each nineteen and three classes each; `renamed`: one row differs."""
    files = {
        "academicSessions": [["y", "", "", "Year", "schoolYear", "2026-08-17", "2027-06-11", "", 2027]],
        "orgs": _orgs(students),
        "classes": _classes(students),
        "users": _users(students, renamed),
        "enrollments": _enrollments(students),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
        manifest = [
            ["manifest.version", "1.0"],
            ["oneroster.version", "1.1"],
            *([f"file.{name}", "bulk"] for name in files),
        ]
        _put(zipped, "manifest.csv", "propertyName,value", manifest)
        for name, rows in files.items():
            _put(zipped, f"{name}.csv", f"{FIRST},{HEADERS[name]}", rows)
    return path


def _put(zipped: zipfile.ZipFile, name: str, header: str, rows: Rows) -> None:
    text = io.StringIO(newline="")
    text.write(header + "\n")
    csv.writer(text, lineterminator="\n").writerows(rows)
    zipped.writestr(zipfile.ZipInfo(name), text.getvalue(), zipfile.ZIP_DEFLATED, 1)


def _orgs(students: int) -> Rows:
    yield ["d", "", "", "District", "district", "0699990", ""]
    for number in range(-(-students // A_SCHOOL)):
        yield [f"school-{number}", "", "", f"School {number}", "school", number, "d"]


def _classes(students: int) -> Rows:
    for number in range(-(-students // A_CLASS) * CLASSES):
        school = number // CLASSES * A_CLASS // A_SCHOOL
        yield [
            f"class-{number:06}",
            "",
            "",
            f"Math {number}",
            "05",
            "m",
            number,
            "scheduled",
            "",
            f"school-{school}",
        ] + [""] * 4


def _users(students: int, renamed: int) -> Rows:
    for number in range(students // 19):
        school = number * 19 // A_SCHOOL
        yield _user(f"teacher-{number:06}", school, "teacher", f"Teacher{number}", "")
    for number in range(students):
        name = "Renamed" if number == renamed else f"Child{number}"
        yield _user(f"student-{number:07}", number // A_SCHOOL, "student", name, f"{number % 12 + 1:02}")


def _user(key: str, school: int, role: str, name: str, grade: str) -> Sequence[object]:
    named = [key, "", "", "true", f"school-{school}", role, key, "", name, "Of The Benchmark", "", key[-7:]]
    return [*named, f"{key}@example.org", "", "", "", grade, ""]


def _enrollments(students: int) -> Rows:
    for number in range(-(-students // A_CLASS) * CLASSES):
        teacher, school = number % max(1, students // 19), number // CLASSES * A_CLASS // A_SCHOOL
        yield [
            f"t-{number:07}",
            "",
            "",
            f"class-{number:06}",
            f"school-{school}",
            f"teacher-{teacher:06}",
            "teacher",
            "true",
            "",
            "",
        ]
    for number in range(students):
        for each in range(CLASSES):
            room, school = number // A_CLASS * CLASSES + each, number // A_SCHOOL
            key = f"e-{number:07}-{each}"
            yield [key, "", "", f"class-{room:06}", f"school-{school}", f"student-{number:07}", "student", "", "", ""]
