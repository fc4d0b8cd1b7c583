"""The files of a roster, from a folder or from a zip that nobody vouches for. Nothing is ever extracted."""

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from districts.roster.problems import Place, RosterRefused, Warnings

MANIFEST = "manifest.csv"
ENTRIES = 1_000
DIRECTORY_BYTES = 1_000_000
ZIPPED_BYTES = 200_000_000
BYTES = 500_000_000  # of all files that are read; a district of 500,000 students has about 250 million
RATIO = 100  # CSV is packed to a tenth, a bomb to a thousandth
RATIO_FROM = 10_000_000
END = b"PK\x05\x06"
END_SIZE = 22
COMMENT_LIMIT = 65_535


class Archive:
    """A roster's files by name. `digest` is of its bytes: equal digests are equal rosters."""

    digest: str

    def __init__(self, names: frozenset[str], warnings: Warnings) -> None:
        self.names, self.warnings = names, warnings

    def open(self, name: str) -> IO[bytes]:
        """A file's bytes as a stream. Raises RosterRefused when the file is not there."""
        raise NotImplementedError


class Folder(Archive):
    """A roster that lies unpacked in a folder."""

    def __init__(self, root: Path, warnings: Warnings) -> None:
        files = [path for path in root.iterdir() if path.is_file() and not path.is_symlink()]
        super().__init__(frozenset(path.name for path in files), warnings)
        self.root, self.digest = root, digest_of(*sorted(path for path in files if path.suffix == ".csv"))

    def open(self, name: str) -> IO[bytes]:
        return (self.root / name).open("rb")


class Zip(Archive):
    """A roster in a zip, read entry by entry."""

    def __init__(self, path: Path, zipped: zipfile.ZipFile, warnings: Warnings) -> None:
        self.zipped, self.prefix = zipped, _prefix(path, zipped, warnings)
        inside = (name.removeprefix(self.prefix) for name in zipped.namelist() if name.startswith(self.prefix))
        super().__init__(frozenset(name for name in inside if name and "/" not in name), warnings)
        self.digest = digest_of(path)

    def open(self, name: str) -> IO[bytes]:
        return self.zipped.open(self.prefix + name)


@contextmanager
def opened(path: Path, warnings: Warnings) -> Iterator[Archive]:
    """The archive at `path`, a folder or a zip. Raises RosterRefused for one that is not safe to read."""
    place = Place(path.name)
    if path.is_dir():
        yield Folder(_nested(path, warnings), warnings)
        return
    if not path.is_file():
        raise RosterRefused(place, "There is no such file or folder.", "Check the path.")
    _check_directory(path)
    try:
        with zipfile.ZipFile(path) as zipped:
            _check_entries(path, zipped)
            yield Zip(path, zipped, warnings)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError):
        raise RosterRefused(place, "The zip is damaged.", "Make or send it again.") from None


def digest_of(*paths: Path) -> str:
    """SHA-256, in hexadecimal, over the names and bytes of files (one file: of its bytes alone)."""
    total = hashlib.sha256()
    for path in paths:
        if len(paths) > 1:
            total.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                total.update(block)
    return total.hexdigest()


def _nested(root: Path, warnings: Warnings) -> Path:
    """The folder itself, or its only folder with a manifest."""
    if (root / MANIFEST).exists():
        return root
    inner = [path for path in root.iterdir() if (path / MANIFEST).is_file() and not path.is_symlink()]
    if len(inner) != 1:
        return root
    warnings.add(Place(root.name), "The files lie in a folder of their own; OneRoster wants them at the top.")
    return inner[0]


def _check_directory(path: Path) -> None:
    """Looks at the zip's table of contents before anything reads it: its size is the first bomb."""
    end = _end_record(path)
    entries, size = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if path.stat().st_size > ZIPPED_BYTES or entries > ENTRIES or size > DIRECTORY_BYTES:
        raise RosterRefused(
            Place(path.name),
            f"The zip has more than {ENTRIES:,} files or {ZIPPED_BYTES // 1_000_000} MB.",
            "Send a roster's files only.",
        )


def _end_record(path: Path) -> bytes:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - END_SIZE - COMMENT_LIMIT - 20))
        tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_SIZE:
        raise RosterRefused(Place(path.name), "This is not a zip.", "Send a zip or a folder of CSV files.")
    if b"PK\x06\x07" in tail[max(0, at - 20) : at]:
        raise RosterRefused(Place(path.name), "The zip is of the kind for huge files.", "Send an ordinary zip.")
    return tail[at:]


def _check_entries(path: Path, zipped: zipfile.ZipFile) -> None:
    entries, seen = zipped.infolist(), set()
    for entry in entries:
        reason = _danger(entry) or ("holds a name twice" if entry.filename.lower() in seen else "")
        if reason:
            raise RosterRefused(Place(path.name), f"The zip {reason}.", "Make it again, of the roster's files alone.")
        seen.add(entry.filename.lower())
    if sum(entry.file_size for entry in entries) > BYTES:
        raise RosterRefused(
            Place(path.name), f"The zip unpacks to more than {BYTES // 1_000_000} MB.", "Send a roster's files only."
        )
    _check_overlap(path, entries)


def _danger(entry: zipfile.ZipInfo) -> str:
    """What makes one entry unsafe, or nothing."""
    name = entry.orig_filename.replace("\\", "/")
    if name.startswith("/") or ":" in name or ".." in name.split("/") or "\0" in name:
        return "holds a file that wants to lie outside of it"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "holds a link"
    if entry.flag_bits & 0x1:
        return "is encrypted"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in a way that is not read here"
    if entry.file_size > RATIO_FROM and entry.file_size > RATIO * max(1, entry.compress_size):
        return f"unpacks to more than {RATIO} times its size"
    return ""


def _check_overlap(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """No two entries share bytes: one small block, listed many times, is a bomb."""
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise RosterRefused(Place(path.name), "Files in the zip overlap.", "Make it again, with another program.")
        end = entry.header_offset + 30 + len(entry.orig_filename) + entry.compress_size


def _prefix(path: Path, zipped: zipfile.ZipFile, warnings: Warnings) -> str:
    """The folder inside the zip in which the manifest lies, "" for the top."""
    names = [name for name in zipped.namelist() if not name.startswith("__MACOSX/")]
    if len(names) < len(zipped.namelist()):
        warnings.add(Place(path.name), "What a Mac adds to a zip (__MACOSX) was not looked at.")
    if MANIFEST in names:
        return ""
    found = [name.removesuffix(MANIFEST) for name in names if name.endswith("/" + MANIFEST) and name.count("/") == 1]
    if len(found) > 1:
        raise RosterRefused(Place(path.name), "The zip holds several rosters.", "Send one zip for each.")
    if found:
        warnings.add(Place(path.name), "The files lie in a folder of their own; OneRoster wants them at the top.")
    return found[0] if found else ""
