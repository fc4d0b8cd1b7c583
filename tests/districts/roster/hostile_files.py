"""Good zips whose files are not what OneRoster allows: encodings, line ends, headers, quotes, sizes, ids."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from tests.districts.roster.files import GOOD, GOOD_1_2, RosterFiles, all_quoted, crlf

Make = Callable[[Path], object]
Change = Callable[[str], str | bytes]

good, newer = RosterFiles(), RosterFiles(dict(GOOD_1_2))
READ = ("academicSessions.csv", "orgs.csv", "classes.csv", "users.csv", "enrollments.csv")
USERS = GOOD["users.csv"]
HEADER = USERS.split("\n", 1)[0]


def users(content: str | bytes) -> Make:
    return lambda path: good.holding("users.csv", content).zip(path)


def manifest(old: str, new: str) -> Make:
    return lambda path: good.replacing("manifest.csv", old, new).zip(path)


def replaced(file: str, old: str, new: str) -> Make:
    return lambda path: good.replacing(file, old, new).zip(path)


def newer_with(file: str, old: str, new: str) -> Make:
    return lambda path: newer.replacing(file, old, new).zip(path)


def each_file(name: str, change: Change) -> dict[str, Make]:
    """One archive for each file that is read, with that file changed."""

    def made(file: str) -> Make:
        return lambda path: good.holding(file, change(GOOD[file])).zip(path)

    return {f"{name}, {file}": made(file) for file in READ}


def without_header(text: str) -> str:
    return text.split("\n", 1)[1]


def in_capitals(text: str) -> str:
    header, rows = text.split("\n", 1)
    return f"{header.upper()}\n{rows}"


def repeated(text: str) -> str:
    return "\n".join(f"{line},{line.split(',')[0]}" for line in text.splitlines()) + "\n"


def shuffled(text: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(row[::-1] for row in csv.reader(io.StringIO(text)))
    return out.getvalue()


def wider(text: str) -> str:
    header, rows = text.rstrip("\n").split("\n", 1)
    more = "".join(f",metadata.{number}" for number in range(100))
    return "\n".join([header + more, *(row + ",=1+1" * 100 for row in rows.split("\n"))])


def header_twice(text: str) -> str:
    header, rows = text.split("\n", 1)
    return f"{header}\n{header}\n{rows}"


def cut_in_a_row(text: str) -> str:
    return text[: text.rstrip("\n").rindex(",") - 6]


def many_orgs(circle: bool) -> Make:
    """Fifty thousand orgs, each below the next, and users in each of the lowest."""

    def make(path: Path) -> None:
        above = [f"o{n},,,Org,department,,o{n + 1}" for n in range(50_000)]
        last = f"o50000,,,Org,department,,{'o0' if circle else 'd'}"
        people = [f"x{n},,,true,o{n},aide,x,,X,Y,,,,,,,," for n in range(5_000)]
        good.adding("orgs.csv", *above, last).adding("users.csv", *people).zip(path)

    return make


CODES = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "cp037", "utf-8-sig-twice")


def coded(code: str) -> bytes:
    text = USERS.replace("Ann", "Zoë")
    if code == "utf-8-sig-twice":
        return b"\xef\xbb\xbf" * 2 + text.encode()
    return text.encode(code)


REFUSED: dict[str, Make] = {
    **{f"in {code}": users(coded(code)) for code in CODES},
    "in shift-jis": users(USERS.replace("Ann", "山田").encode("shift-jis")),
    "in gb18030": users(USERS.replace("Ann", "李").encode("gb18030")),
    "half a surrogate pair": users(USERS.replace("Ann", "\ud83c").encode("utf-8", "surrogatepass")),
    "both halves of one": users(USERS.replace("Ann", "\ud83c\udf3b").encode("utf-8", "surrogatepass")),
    "an overlong slash": users(USERS.encode().replace(b"Ann", b"\xc0\xaf")),
    "five bytes for a letter": users(USERS.encode().replace(b"Ann", b"\xf8\x88\x80\x80\x80")),
    "a letter cut off at the end": users(USERS.encode() + b"\xc3"),
    "NUL in a name": users(USERS.replace("Ann", "A\0n")),
    "NUL alone": users("\0"),
    "a megabyte of NUL": users(bytes(1_000_000)),
    "CR for line ends": users(USERS.replace("\n", "\r")),
    "CR in a name": users(USERS.replace("Ann", "A\rn")),
    "mixed line ends": users(crlf(USERS).replace("\r\ns2", "\ns2")),
    "double CR": users(USERS.replace("\n", "\r\r\n")),
    "a blank line between rows": users(USERS.replace("\ns2", "\n\ns2")),
    "two blank lines at the end": users(USERS + "\n\n"),
    "blank lines before the header": users("\n" + USERS),
    **each_file("no header", without_header),
    **each_file("header in capitals", in_capitals),
    **each_file("a column renamed", lambda text: text.replace("sourcedId", "sourced_id", 1)),
    **each_file("a column twice", repeated),
    **each_file("no rows", lambda text: text.split("\n", 1)[0] + "\n"),
    **each_file("nothing", lambda text: ""),
    **each_file("cut in a row", cut_in_a_row),
    **each_file("a quote that is not closed", lambda text: text.replace("\n", '\n"', 1)),
    **each_file("a row twice", lambda text: text + text.splitlines()[1] + "\n"),
    **each_file("a blank id", lambda text: text + "," * text.split("\n", 1)[0].count(",") + "\n"),
    **each_file("some rows with a status", lambda text: text.replace(",,,", ",active,2027-04-05,", 1)),
    "the header twice": users(header_twice(USERS)),
    "a line break in a name": users(USERS.replace("Ann", '"An\nn"')),
    "text after a quote": users(USERS.replace("Ann", '"An"n')),
    "semicolons": users(USERS.replace(",", ";")),
    "tabs": users(USERS.replace(",", "\t")),
    "a field of ten megabytes": users(USERS.replace("Ann", "A" * 10_000_000)),
    "a quoted field of ten megabytes": users(USERS.replace("Ann", f'"{"A" * 10_000_000}"')),
    "five million commas": users(USERS + "," * 5_000_000),
    "ninety thousand commas": users(USERS + "," * 90_000 + "\n"),
    "ninety thousand quotes": users(USERS + '"' * 90_001 + "\n"),
    "a million quotes": users(USERS + '"' * 1_000_001),
    "quotes and commas": users(USERS + '"","' * 24_000 + "\n"),
    "quotes inside quotes": users(USERS.replace("Ann", '"' + '""' * 40_000 + '"')),
    "a hundred thousand rows of quotes": users(USERS + '""""\n' * 100_000),
    "a header of ten megabytes": users("sourcedId," * 1_000_000),
    "a header of many columns": users(HEADER + "".join(f",{n}" for n in range(15_000)) + "\n"),
    "a header of many columns, one twice": users(",".join(f"{n}" for n in range(15_000)) + ",7\n"),
    "a name of 301 letters": users(USERS.replace("Ann", "A" * 301)),
    "an id of 256 letters": users(USERS.replace("s2,,,", "s" * 256 + ",,,")),
    "an id of ninety thousand letters": users(USERS.replace("s2,,,", "s" * 90_000 + ",,,")),
    "a mail address of 255 letters": users(USERS.replace("ada@", "a" * 250 + "@")),
    "too few values": users(USERS + "s9,,,true,north,student\n"),
    "too many values": users(USERS.replace("Ann,Canary", "Ann,Canary,,,,")),
    "no student": users(USERS.replace(",student,", ",aide,")),
    "everybody to be deleted": users(USERS.replace(",,,true", ",tobedeleted,2027-04-05,true")),
    "an unknown role": users(USERS.replace("student", "pupil")),
    "a role that is code": users(USERS.replace("student", "<script>")),
    "yes for true": users(USERS.replace("true", "yes")),
    "a program for users": users(b"MZ" + bytes(range(256)) * 100),
    "a zip for users": lambda path: good.holding("users.csv", good.zip(path).read_bytes()).zip(path),
    "a page for users": users("<!doctype html>\n<p>Signed out</p>\n"),
    "JSON for users": users('{"users": []}\n'),
    "no manifest": lambda path: good.lacking("manifest.csv").zip(path),
    "a listed file missing": lambda path: good.lacking("users.csv").zip(path),
    "a manifest without rows": lambda path: good.holding("manifest.csv", "propertyName,value\n").zip(path),
    "a manifest of nothing": lambda path: good.holding("manifest.csv", "").zip(path),
    "a manifest of NUL": lambda path: good.holding("manifest.csv", bytes(1000)).zip(path),
    "a property twice": lambda path: good.adding("manifest.csv", "file.users,delta").zip(path),
    "a million properties": lambda path: good.adding("manifest.csv", *(f"x{n},1" for n in range(1_000_000))).zip(path),
    "version 1.0": manifest("version,1.1", "version,1.0"),
    "version 2.0": manifest("version,1.1", "version,2.0"),
    "version 1.1 and a blank": manifest("version,1.1", "version,1.1 "),
    "version 1.2 without roles": manifest("version,1.1", "version,1.2"),
    "no version": manifest("oneroster.version,1.1\n", ""),
    "a mode that is none": manifest("users,bulk", "users,everything"),
    "a mode in capitals": manifest("users,bulk", "users,BULK"),
    "users absent": manifest("users,bulk", "users,absent"),
    "a full file called changes": manifest("users,bulk", "users,delta"),
    "all full files called changes": manifest("bulk", "delta"),
    "an org that is its own parent": replaced("orgs.csv", "001,d", "001,north"),
    "a circle of orgs": replaced("orgs.csv", "0620810,", "0620810,math"),
    "a circle of fifty thousand orgs": many_orgs(circle=True),
    "a day that is none": replaced("academicSessions.csv", "2027-01-04", "2027-02-30"),
    "a day of the week": replaced("academicSessions.csv", "2027-01-04", "2027-W01-1"),
    "a day in digits of another script": replaced("academicSessions.csv", "2027-01-04", "２０２７-01-04"),
    "a day of the year 10000": replaced("academicSessions.csv", "2027-01-04", "10000-01-04"),
    "a school year in words": replaced("academicSessions.csv", "y,2027", "y,2026-27"),
    "an unknown kind of org": replaced("orgs.csv", ",department,", ",house,"),
    "a role in 1.2 that is none": newer_with("roles.csv", "primary,teacher", "primary,boss"),
    "roles full and users not": newer_with("manifest.csv", "users,bulk", "users,delta"),
    "roles in UTF-16": lambda path: newer.holding("roles.csv", GOOD_1_2["roles.csv"].encode("utf-16")).zip(path),
}
HARMLESS: dict[str, Make] = {
    **each_file("columns in another order", shuffled),
    **each_file("all quoted", all_quoted),
    **each_file("CRLF", crlf),
    **each_file("no line break at the end", lambda text: text.rstrip("\n")),
    **each_file("a byte order mark", lambda text: "\ufeff" + text),
    **each_file("a blank line at the end", lambda text: text + "\n"),
    "a hundred columns more": users(wider(USERS)),
    "in a folder": lambda path: good.zip(path, "export/"),
}
EITHER: dict[str, Make] = {"fifty thousand orgs, one above the other": many_orgs(circle=False)}
