"""Small rosters built in tests: a good one, and every quirk and fault as a change to it."""

import csv
import io
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

FIRST = "sourcedId,status,dateLastModified,"
GOOD = {
    "manifest.csv": """propertyName,value
manifest.version,1.0
oneroster.version,1.1
file.academicSessions,bulk
file.orgs,bulk
file.courses,bulk
file.classes,bulk
file.users,bulk
file.enrollments,bulk
file.demographics,absent
""",
    "academicSessions.csv": f"""{FIRST}title,type,startDate,endDate,parentSourcedId,schoolYear
y,,,Year,schoolYear,2026-08-17,2027-06-11,,2027
t,,,Spring,term,2027-01-04,2027-06-11,y,2027
""",
    "orgs.csv": f"""{FIRST}name,type,identifier,parentSourcedId
d,,,Lakeside,district,0620810,
north,,,North Elementary,school,001,d
south,,,South High,school,002,d
math,,,Mathematics,department,,south
""",
    "courses.csv": f"""{FIRST}schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes
m,,,y,Math,M,,d,,
""",
    "classes.csv": f"""{FIRST}title,grades,courseSourcedId,classCode,classType,location,\
schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods
c1,,,Math 3-A,"03,04",m,M3A,scheduled,,north,t,,,
c2,,,Math 9-A,09,m,M9A,homeroom,,south,t,,,
""",
    "users.csv": f"""{FIRST}enabledUser,orgSourcedIds,role,username,userIds,\
givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password
a1,,,true,d,administrator,adm,,Ada,Chief,,A1,ada@lakeside.example,,,,,
e1,,,true,north,teacher,tea,,Tom,Teach,,E1,tom@lakeside.example,,,,,
e2,,,true,"south,north",teacher,tee,,Tia,Teach,,E2,,,,,,
s1,,,true,north,student,ann,,Ann,Canary,Q,00017,,,555-0100,p1,03,Secret1
s2,,,true,"d,south",student,ben,,Ben,Canary,,00018,,,,,09,
s3,,,true,d,student,cy,,Cy,Canary,,00019,,,,,KG,
p1,,,true,north,guardian,pam,,Pam,Canary,,,,,,s1,,
""",
    "enrollments.csv": f"""{FIRST}classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate
n1,,,c1,north,e1,teacher,true,,
n2,,,c2,south,e2,teacher,true,,
n3,,,c1,north,s1,student,,,
n4,,,c2,south,s2,student,,,
n5,,,c1,north,s3,student,,,
""",
}

MODIFIED = "2027-04-05T10:00:00.000Z"
GOOD_1_2 = {
    **GOOD,
    "manifest.csv": GOOD["manifest.csv"].replace("version,1.1", "version,1.2") + "file.roles,bulk\n",
    "users.csv": f"""{FIRST}enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,\
agentSourcedIds,grades,password,userMasterIdentifier,resourceSourcedIds,preferredGivenName,preferredMiddleName,\
preferredFamilyName,primaryOrgSourcedId,pronouns
a1,,,true,adm,,Ada,Chief,,A1,ada@lakeside.example,,,,,,,,,,,d,
e1,,,true,tea,,Tom,Teach,,E1,tom@lakeside.example,,,,,,,,,,,north,
e2,,,true,tee,,Tia,Teach,,E2,,,,,,,,,,,,south,
s1,,,true,ann,,Ann,Canary,Q,00017,,,555-0100,p1,03,Secret1,,,Annie,,,north,she
s2,,,true,ben,,Ben,Canary,,00018,,,,,09,,,,,,,south,
s3,,,true,cy,,Cy,Canary,,00019,,,,,KG,,,,,,,,
p1,,,true,pam,,Pam,Canary,,,,,,,,,,,,,,,
""",
    "roles.csv": f"""{FIRST}userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId
r1,,,a1,primary,districtAdministrator,,,d,
r2,,,e1,primary,teacher,,,north,
r3,,,e2,secondary,teacher,,,north,
r4,,,e2,primary,teacher,,,south,
r5,,,s1,primary,student,,,north,
r6,,,s2,primary,student,,,south,
r7,,,s3,primary,student,,,d,
r8,,,p1,primary,guardian,,,north,
""",
}


@dataclass(frozen=True)
class RosterFiles:
    """Files by name, as text or as bytes; each method answers a changed copy."""

    files: dict[str, str | bytes] = field(default_factory=lambda: dict(GOOD))

    def replacing(self, file: str, old: str, new: str) -> Self:
        text = self.files[file]
        assert isinstance(text, str)
        assert old in text
        return self.holding(file, text.replace(old, new))

    def holding(self, file: str, content: str | bytes) -> Self:
        return replace(self, files={**self.files, file: content})

    def adding(self, file: str, *rows: str) -> Self:
        return self.holding(file, str(self.files[file]) + "".join(f"{row}\n" for row in rows))

    def lacking(self, file: str) -> Self:
        return replace(self, files={name: content for name, content in self.files.items() if name != file})

    def of_year(self, ending: int) -> Self:
        text = str(self.files["academicSessions.csv"])
        moved = text.replace("2027", "E").replace("2026", str(ending - 1)).replace("E", str(ending))
        return self.holding("academicSessions.csv", moved)

    def with_students(self, count: int) -> Self:
        """So many more students, each in class c1: enough for one stray to be less than one in a hundred."""
        users = [f"x{n},,,true,north,student,x{n},,Kim,Canary,,,,,,,3," for n in range(count)]
        rows = [f"nx{n},,,c1,north,x{n},student,,," for n in range(count)]
        return self.adding("users.csv", *users).adding("enrollments.csv", *rows)

    def changes(self, **rows: list[str]) -> Self:
        """A roster of changes: of each file named only these rows, which have no status yet or have theirs."""
        kept = {f"{name}.csv": _changed(str(self.files[f"{name}.csv"]), listed) for name, listed in rows.items()}
        version = "1.2" if "roles.csv" in self.files else "1.1"
        modes = "".join(f"file.{name},delta\n" for name in rows)
        return replace(
            self, files={"manifest.csv": f"propertyName,value\noneroster.version,{version}\n{modes}", **kept}
        )

    def folder(self, path: Path) -> Path:
        path.mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            (path / name).write_bytes(_bytes(content))
        return path

    def zip(self, path: Path, prefix: str = "") -> Path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
            for name, content in self.files.items():
                zipped.writestr(zipfile.ZipInfo(prefix + name), _bytes(content))
        return path


def _changed(text: str, rows: list[str]) -> str:
    """The header, and the rows with what a row of changes has: `active` and its time where both are blank."""
    dated = (row.replace(",,,", f",active,{MODIFIED},", 1) if ",,," in row[:40] else row for row in rows)
    return "\n".join([text.split("\n", 1)[0], *dated]) + "\n"


def gone(key: str, rest: str = "") -> str:
    """A row of changes that deletes."""
    return f"{key},tobedeleted,{MODIFIED},{rest}"


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def all_quoted(text: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(csv.reader(io.StringIO(text)))
    return out.getvalue()


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
