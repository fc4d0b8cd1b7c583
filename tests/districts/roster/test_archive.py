"""Zips that nobody vouches for: never extracted, refused within seconds and little memory."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import monotonic

import pytest

from districts.roster import archive, oneroster, zips
from districts.roster.problems import RosterRefused, Warnings
from tests.districts.roster.files import GOOD, RosterFiles

good = RosterFiles()
MEGABYTES_300 = 300_000  # kilobytes


def read(path: Path) -> int:
    warnings = Warnings()
    with archive.opened(path, warnings) as source:
        return len(oneroster.read(source, warnings).students)


def adding(path: Path, name: str, content: bytes, **attributes: object) -> Path:
    """A good roster's zip with one more entry."""
    good.zip(path)
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    for attribute, value in attributes.items():
        setattr(entry, attribute, value)
    with zipfile.ZipFile(path, "a") as zipped:
        zipped.writestr(entry, content)
    return path


def patched(path: Path, signature: bytes, offset: int, value: bytes, name: str = "users.csv") -> Path:
    """A good zip with some bytes of one entry's record changed; the record is found by its name."""
    data = bytearray(good.zip(path).read_bytes())
    size = {b"PK\x01\x02": 46, b"PK\x03\x04": 30}[signature]
    at = next(at for at in _all(data, signature) if data[at + size :].startswith(name.encode()))
    data[at + offset : at + offset + len(value)] = value
    path.write_bytes(data)
    return path


def _all(data: bytes | bytearray, signature: bytes) -> list[int]:
    found, at = [], data.find(signature)
    while at >= 0:
        found.append(at)
        at = data.find(signature, at + 1)
    return found


def many(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as zipped:
        for number in range(65_000):
            zipped.writestr(f"{number}.csv", b"")
    return path


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped, zipped.open("users.csv", "w") as file:
        for _ in range(400):
            file.write(b"\0" * 1_000_000)
    return path


def blank_lines(path: Path) -> Path:
    """Below the limits of ratio and size: each line is blank, so that a reader could go round for minutes."""
    return RosterFiles().holding("users.csv", GOOD["users.csv"] + "\n" * 9_000_000).zip(path)


def overlap(path: Path) -> Path:
    """One block of data, listed under two names."""
    good.zip(path)
    data = bytearray(path.read_bytes())
    records = _all(data, b"PK\x01\x02")
    data[records[1] + 42 : records[1] + 46] = data[records[0] + 42 : records[0] + 46]
    path.write_bytes(data)
    return path


def lying_count(path: Path) -> Path:
    """The table of contents says that it is small; what stands before it is not."""
    data = bytearray(many(path).read_bytes())
    end = data.rfind(b"PK\x05\x06")
    data[end + 8 : end + 12] = struct.pack("<HH", 1, 1)
    path.write_bytes(data)
    return path


def nested(path: Path) -> Path:
    inner = io.BytesIO(bomb(path).read_bytes())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("users.zip", inner.getvalue())
    return path


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a bomb by ratio": (bomb, "unpacks to more than 100 times its size"),
    "nesting": (nested, "manifest.csv: It is missing"),
    "blank lines": (blank_lines, "A blank line stands between rows"),
    "65,000 entries": (many, "more than 1,000 files"),
    "a lying number of entries": (lying_count, "more than 1,000 files"),
    "overlap": (overlap, "Files in the zip overlap"),
    "traversal": (lambda path: adding(path, "../users.csv", b"x"), "wants to lie outside"),
    "traversal inside": (lambda path: adding(path, "a/../../users.csv", b"x"), "wants to lie outside"),
    "traversal by backslash": (lambda path: adding(path, "..\\users.csv", b"x"), "wants to lie outside"),
    "an absolute name": (lambda path: adding(path, "/etc/passwd", b"x"), "wants to lie outside"),
    "a drive": (lambda path: adding(path, "C:users.csv", b"x"), "wants to lie outside"),
    "a link": (lambda path: adding(path, "link", b"/etc/passwd", external_attr=0o120777 << 16), "holds a link"),
    "a name in two cases": (lambda path: adding(path, "Users.csv", b"x"), "holds a name twice"),
    "encryption": (lambda path: patched(path, b"PK\x01\x02", 8, b"\x01\x00"), "is encrypted"),
    "another packing": (lambda path: patched(path, b"PK\x01\x02", 10, b"\x0e\x00"), "packed in a way"),
    "a size too small": (lambda path: patched(path, b"PK\x01\x02", 24, b"\x10\x00\x00\x00"), "damaged"),
    "a size too large": (lambda path: patched(path, b"PK\x01\x02", 24, b"\xff\xff\xff\x7f"), "unpacks to more than"),
    "a wrong checksum": (lambda path: patched(path, b"PK\x01\x02", 16, b"\0\0\0\0"), "damaged"),
    "a wrong offset": (lambda path: patched(path, b"PK\x01\x02", 42, b"\xff\xff\xff\x7f"), "damaged"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", HOSTILE)
def test_it_refuses_a_hostile_zip_quickly(name: str, tmp_path: Path) -> None:
    make, expected = HOSTILE[name]
    path = make(tmp_path / "roster.zip")
    before, started = getrusage(RUSAGE_SELF).ru_maxrss, monotonic()
    with pytest.raises(RosterRefused) as refused:
        read(path)
    assert expected in str(refused.value)
    assert monotonic() - started < 5
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < MEGABYTES_300


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_it_refuses_a_name_that_stands_twice(tmp_path: Path) -> None:
    with pytest.raises(RosterRefused, match="holds a name twice"):
        read(adding(tmp_path / "roster.zip", "users.csv", b"x"))


@pytest.mark.parametrize("cut", [1, 30, 1000])
def test_it_refuses_a_truncated_zip(cut: int, tmp_path: Path) -> None:
    path = good.zip(tmp_path / "roster.zip")
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(RosterRefused, match=r"not a zip|damaged"):
        read(path)


def test_it_refuses_what_is_not_a_zip(tmp_path: Path) -> None:
    (tmp_path / "roster.zip").write_bytes(b"sourcedId,status\n")
    with pytest.raises(RosterRefused, match="This is not a zip"):
        read(tmp_path / "roster.zip")


def test_it_refuses_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RosterRefused, match="no such file"):
        read(tmp_path / "missing.zip")


def test_it_refuses_two_rosters_in_one_zip(tmp_path: Path) -> None:
    path = good.zip(tmp_path / "roster.zip", "a/")
    with zipfile.ZipFile(path, "a") as zipped:
        zipped.writestr("b/manifest.csv", "x")
    with pytest.raises(RosterRefused, match="several rosters"):
        read(path)


def test_what_a_mac_adds_is_not_looked_at(tmp_path: Path) -> None:
    assert read(adding(tmp_path / "roster.zip", "__MACOSX/._users.csv", b"\0\0")) == 3


def test_files_that_the_manifest_does_not_list_are_not_looked_at(tmp_path: Path) -> None:
    assert read(adding(tmp_path / "roster.zip", "readme.txt", b"\0\xff")) == 3


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    folder = good.folder(tmp_path / "roster")
    (folder / "users.csv").rename(tmp_path / "users.csv")
    (folder / "users.csv").symlink_to(tmp_path / "users.csv")
    with pytest.raises(RosterRefused, match=r"It lists users.csv, which is not there"):
        read(folder)


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_bytes_are_counted_while_they_are_read(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = good.folder(tmp_path / "roster") if form == "folder" else good.zip(tmp_path / "roster.zip")
    monkeypatch.setattr(zips, "check_entries", lambda path, zipped: None)
    monkeypatch.setattr(zips, "BYTES", 1_000)
    with pytest.raises(RosterRefused, match="unpacks to more than"):
        read(path)


def test_nothing_is_written_beside_a_zip(tmp_path: Path) -> None:
    read(good.zip(tmp_path / "roster.zip"))
    assert [path.name for path in tmp_path.iterdir()] == ["roster.zip"]


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    one, same = good.zip(tmp_path / "one.zip"), good.zip(tmp_path / "same.zip")
    other = good.of_year(2028).zip(tmp_path / "other.zip")
    assert archive.digest_of(one) == archive.digest_of(same) != archive.digest_of(other)
