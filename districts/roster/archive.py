"""The files of a roster, from a folder or from a zip that nobody vouches for. Nothing is ever extracted."""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from districts.roster import zips
from districts.roster.problems import Place, RosterRefused, Warnings
from districts.roster.zips import ZIPPED_BYTES as ZIPPED_BYTES

MANIFEST = "manifest.csv"
BUFFER = 1 << 16
# What the reader of zips says of damage besides its own word for it: numbers that lead nowhere, names that are no text.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class Archive:
    """A roster's files by name. `digest` is of its bytes: equal digests are equal rosters.

    No more than `zips.BYTES` are read of all files together, whatever sizes they claim.
    """

    digest: str

    def __init__(self, name: str, names: frozenset[str], warnings: Warnings) -> None:
        self.name, self.names, self.warnings = name, names, warnings
        self.left = zips.BYTES
        self.streams: list[IO[bytes]] = []

    def open(self, name: str) -> IO[bytes]:
        """A file's bytes as a stream. Raises RosterRefused, then or while it is read, when it is damaged or huge."""
        with undamaged(self.name):
            stream = io.BufferedReader(_Metered(self, self._raw(name)), BUFFER)
        self.streams.append(stream)
        return stream

    def close(self) -> None:
        """Closes what a reader that stopped half-way left open."""
        for stream in self.streams:
            stream.close()

    def spend(self, count: int) -> None:
        """Counts bytes that were read. Raises RosterRefused when there are too many."""
        self.left -= count
        if self.left < 0:
            raise zips.too_large(self.name)

    def _raw(self, name: str) -> IO[bytes]:
        raise NotImplementedError


class _Metered(io.RawIOBase):
    """A stream whose every byte is counted while it is read, and whose damage is told as a refusal."""

    def __init__(self, archive: Archive, raw: IO[bytes]) -> None:
        super().__init__()
        self.archive, self.raw = archive, raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with undamaged(self.archive.name):
            data = self.raw.read(len(buffer))
        self.archive.spend(len(data))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self.raw.close()
        super().close()


class Folder(Archive):
    """A roster that lies unpacked in a folder."""

    def __init__(self, root: Path, warnings: Warnings) -> None:
        files = [path for path in root.iterdir() if path.is_file() and not path.is_symlink()]
        super().__init__(root.name, frozenset(path.name for path in files), warnings)
        self.root, self.digest = root, digest_of(*sorted(path for path in files if path.suffix == ".csv"))

    def _raw(self, name: str) -> IO[bytes]:
        return (self.root / name).open("rb")


class Zip(Archive):
    """A roster in a zip, read entry by entry."""

    def __init__(self, path: Path, zipped: zipfile.ZipFile, warnings: Warnings) -> None:
        self.zipped, self.prefix = zipped, _prefix(path, zipped, warnings)
        inside = (name.removeprefix(self.prefix) for name in zipped.namelist() if name.startswith(self.prefix))
        super().__init__(path.name, frozenset(name for name in inside if name and "/" not in name), warnings)
        self.digest = digest_of(path)

    def _raw(self, name: str) -> IO[bytes]:
        return self.zipped.open(self.prefix + name)


@contextmanager
def opened(path: Path, warnings: Warnings) -> Iterator[Archive]:
    """The archive at `path`, a folder or a zip. Raises RosterRefused for one that is not safe to read."""
    if path.is_dir():
        with closing(Folder(_nested(path, warnings), warnings)) as folder:
            yield folder
        return
    if not path.is_file():
        raise RosterRefused(Place(path.name), _("There is no such file or folder."), _("Check the path."))
    zips.check_directory(path)
    with undamaged(path.name):
        zipped = zipfile.ZipFile(path)
    with zipped:
        zips.check_entries(path, zipped)
        with closing(Zip(path, zipped, warnings)) as archive:
            yield archive


@contextmanager
def undamaged(name: str) -> Iterator[None]:
    """Tells a zip's damage as a refusal."""
    try:
        yield
    except DAMAGE:
        raise RosterRefused(Place(name), _("The zip is damaged."), _("Make or send it again.")) from None


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
    warnings.add(Place(root.name), _("The files lie in a folder of their own; OneRoster wants them at the top."))
    return inner[0]


def _prefix(path: Path, zipped: zipfile.ZipFile, warnings: Warnings) -> str:
    """The folder inside the zip in which the manifest lies, "" for the top."""
    names = [name for name in zipped.namelist() if not name.startswith("__MACOSX/")]
    if len(names) < len(zipped.namelist()):
        warnings.add(Place(path.name), _("What a Mac adds to a zip (__MACOSX) was not looked at."))
    if MANIFEST in names:
        return ""
    found = [name.removesuffix(MANIFEST) for name in names if name.endswith("/" + MANIFEST) and name.count("/") == 1]
    if len(found) > 1:
        raise RosterRefused(Place(path.name), _("The zip holds several rosters."), _("Send one zip for each."))
    if found:
        warnings.add(Place(path.name), _("The files lie in a folder of their own; OneRoster wants them at the top."))
    return found[0] if found else ""
