"""One roster of the sample as a OneRoster 1.1 CSV zip: the same bytes for the same arguments."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from districts.roster.years import ending_of
from districts.sample.children import CLASS_SIZE, GRADES, Child, SampleSchool, school_of
from districts.sample.places import chance
from districts.sample.words import FAMILY, GIVEN

CODES = ("PK", "KG", *(f"{grade:02}" for grade in range(1, 13)))
COLUMNS = {
    "academicSessions": "title,type,startDate,endDate,parentSourcedId,schoolYear",
    "orgs": "name,type,identifier,parentSourcedId",
    "courses": "schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes",
    "classes": "title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,"
    "subjectCodes,periods",
    "users": "enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,"
    "phone,agentSourcedIds,grades,password",
    "enrollments": "classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
}
ABSENT = (*("categories", "classResources", "courseResources", "demographics", "lineItems", "resources", "results"),)

OLD_ACCOUNT = 0.04  # of the staff have one besides, under a former address

Rows = list[Sequence[str]]


class SampleRoster:
    """The files of one district and school year, as rows."""

    def __init__(self, site_code: str, name: str, school_year: str, seed: int) -> None:
        self.district, self.ending = f"{site_code}-district", ending_of(school_year)
        self.site_code, self.seed = site_code, seed
        self.files: dict[str, Rows] = {file: [] for file in COLUMNS}
        self.files["orgs"].append([self.district, name, "district", site_code, ""])
        self.staff: list[str] = []
        self._add_sessions()

    def fill(self, schools: list[SampleSchool], children: list[Child]) -> None:
        """Adds schools, their classes and everybody in them."""
        self._add_educator("admin", "administrator", self.district)
        for school in schools:
            self.files["orgs"].append([school.sourced_id, school.name, "school", school.sourced_id[-3:], self.district])
            self._add_educator(f"{school.sourced_id}-principal", "administrator", school.sourced_id)
        rooms: dict[tuple[str, int], list[Child]] = {}
        for child in children:
            own = school_of(child, schools)
            self._add_student(child, own.sourced_id if own else self.district)
            if own:
                rooms.setdefault((own.sourced_id, child.grade), []).append(child)
        for (school_id, grade), members in sorted(rooms.items()):
            for number in range(0, len(members), CLASS_SIZE):
                self._add_class(school_id, grade, number // CLASS_SIZE, members[number : number + CLASS_SIZE])

    def write(self, path: Path) -> None:
        """Writes the zip, without a time stamp in it."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
            _put(zipped, "manifest.csv", "propertyName,value", self._manifest())
            for file, columns in COLUMNS.items():
                head = f"sourcedId,status,dateLastModified,{columns}"
                _put(zipped, f"{file}.csv", head, ([row[0], "", "", *row[1:]] for row in self.files[file]))

    def _manifest(self) -> Rows:
        return [
            ["manifest.version", "1.0"],
            ["oneroster.version", "1.1"],
            *([f"file.{file}", "bulk"] for file in COLUMNS),
            *([f"file.{file}", "absent"] for file in ABSENT),
            ["source.systemName", "Sample"],
            ["source.systemCode", "SAMPLE"],
        ]

    def _add_sessions(self) -> None:
        year, first, last = f"sy-{self.ending}", f"{self.ending - 1}-08-16", f"{self.ending}-07-31"
        ending = str(self.ending)
        self.files["academicSessions"] += [
            [year, f"School year {self.ending - 1}-{self.ending % 100:02}", "schoolYear", first, last, "", ending],
            [f"{year}-1", "Fall", "term", first, f"{self.ending - 1}-12-18", year, ending],
            [f"{year}-2", "Spring", "term", f"{self.ending}-01-05", last, year, ending],
        ]
        self.files["courses"] += [
            [f"math-{code}", year, f"Math {code}", f"M{code}", code, self.district, "Mathematics", ""] for code in CODES
        ]

    def _add_educator(self, key: str, role: str, org: str) -> str:
        """A member of staff; the key names the post, so whoever holds it keeps it from year to year."""
        rng = chance(self.seed, self.site_code, key)
        name = [rng.choice(GIVEN), rng.choice(FAMILY)]
        user = f"T-{key}"
        self._add_account(user, role, org, name, f"{key.lower()}@{self.site_code}.example")
        if rng.random() < OLD_ACCOUNT:
            self._add_account(f"{user}-old", role, org, name, f"{key.lower()}@old.{self.site_code}.example")
        return user

    def _add_account(self, user: str, role: str, org: str, name: list[str], mail: str) -> None:
        self.staff.append(user)
        row = [user, "true", org, role, user.lower(), "", *name, "", user, mail, "", "", "", "", ""]
        self.files["users"].append(row)

    def _add_student(self, child: Child, org: str) -> None:
        user = f"s{child.sourced_id}"
        relative = f"G-{child.sourced_id}" if child.seat % 10 == 0 else ""
        name = [child.first_name, child.last_name]
        number, code = child.sourced_id[1:], CODES[child.grade]
        self.files["users"].append(
            [child.sourced_id, "true", org, "student", user, "", *name, "", number, "", "", "", relative, code, ""]
        )
        if relative:
            self.files["users"].append(
                [
                    *(relative, "true", org, "guardian", f"g{child.sourced_id}", "", "A", child.last_name),
                    *("", "", "", "", "", child.sourced_id, "", ""),
                ]
            )

    def _add_class(self, school: str, grade: int, section: int, members: list[Child]) -> None:
        letter = chr(ord("A") + section % 26)
        key, code = f"{school}-{CODES[grade]}{letter}{section // 26 or ''}", CODES[grade]
        room = f"{self.ending}-{key}"
        title = f"Math {GRADES[grade]}-{letter}"
        terms = f"sy-{self.ending}-1,sy-{self.ending}-2"
        self.files["classes"].append(
            [
                *(room, title, code, f"math-{code}", f"M{code}{letter}", "scheduled"),
                *("", school, terms, "Mathematics", "", "1"),
            ]
        )
        teacher = self._add_educator(key, "teacher", school)
        people = [(teacher, "teacher", "true"), *((child.sourced_id, "student", "") for child in members)]
        self.files["enrollments"] += [
            [f"{room}-{user}", room, school, user, role, primary, "", ""] for user, role, primary in people
        ]


def _put(zipped: zipfile.ZipFile, name: str, head: str, rows: Iterable[Sequence[str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head.split(","))
    writer.writerows(rows)
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    zipped.writestr(entry, text.getvalue().encode())
