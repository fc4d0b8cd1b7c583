"""An SFTP server where a district's SIS puts its rosters. The server proves itself by its key before we say a word."""

import posixpath
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import paramiko
from django.utils.translation import gettext as _

from districts.models import RosterSource
from districts.roster import archive
from districts.sources import days
from districts.sources.connecting import connected
from districts.sources.errors import SourceError
from districts.sources.fetched import Fetched
from resetportal import clock

MOST_FILES = 10_000
QUIET = timedelta(seconds=30)  # younger than this, a file may still be growing
LONGEST = 900  # seconds that one download may take
REQUESTS = 64  # blocks asked for ahead; bounds the memory of a download


@dataclass(frozen=True)
class Seen:
    """A zip as the server lists it: its name, size in bytes, and last change as the server's seconds since 1970."""

    name: str
    size: int
    changed: int

    @property
    def as_of(self) -> datetime:
        return datetime.fromtimestamp(self.changed, UTC)


def fetch(source: RosterSource, folder: Path, *, at: datetime) -> Fetched:
    """Downloads the newest zip: by the day in its name where every zip has one, else by its last change.

    A file that is still growing is left for a retry. Raises SourceError.
    """
    with _opened(source) as sftp:
        seen = _newest(_zips(sftp, source), source, at)
        if seen is None:
            raise SourceError(
                _("No roster has come: {source} holds no zip.").format(source=_place(source)), can_retry=False
            )
        _is_quiet(seen, source, at)
        path = folder / "roster.zip"
        _download(sftp, seen, source, path)
        return Fetched(path, seen.name, as_of=seen.as_of)


def look(source: RosterSource, *, at: datetime) -> str:
    """Signs in, lists the folder and says what is there. Raises SourceError."""
    with _opened(source) as sftp:
        zips = _zips(sftp, source)
    seen = _newest(zips, source, at)
    if seen is None:
        return _("{address} answers. {source} holds no zip yet.").format(address=source.address, source=_place(source))
    count = "one zip" if len(zips) == 1 else f"{len(zips):,} zips"
    return _("{address} answers. It holds {count}; the newest is {name}, of {as_of:%B} {day}.").format(
        address=source.address, count=count, name=seen.name, as_of=seen.as_of, day=seen.as_of.day
    )


@contextmanager
def _opened(source: RosterSource) -> Iterator[paramiko.SFTPClient]:
    """The server's files. What goes wrong on the way becomes a SourceError."""
    with connected(source) as transport:
        try:
            with closing(_client(transport)) as sftp:
                yield sftp
        except FileNotFoundError:
            sentence = _("There is no {source}. Write the folder as the district's people see it.").format(
                source=_place(source)
            )
            raise SourceError(sentence, can_retry=False) from None
        except PermissionError:
            sentence = _("The user may not read {source}. Ask the district to allow it.").format(source=_place(source))
            raise SourceError(sentence, can_retry=False) from None
        except (paramiko.SSHException, EOFError, OSError) as error:
            sentence = _("{address} stopped answering while files were read ({name}).").format(
                address=source.address, name=type(error).__name__
            )
            raise SourceError(sentence, can_retry=True) from None


def _client(transport: paramiko.Transport) -> paramiko.SFTPClient:
    sftp = paramiko.SFTPClient.from_transport(transport)
    if sftp is None:
        raise EOFError
    channel = sftp.get_channel()
    if channel is not None:
        channel.settimeout(30)
    return sftp


def _zips(sftp: paramiko.SFTPClient, source: RosterSource) -> list[Seen]:
    """The zips of the folder. Hidden ones and those under another name until they are complete are not looked at."""
    found: list[Seen] = []
    for number, entry in enumerate(sftp.listdir_iter(source.folder or ".")):
        if number >= MOST_FILES:
            sentence = _("{source} holds more than {most_files:,} files. Give rosters a folder of their own.").format(
                source=_place(source), most_files=MOST_FILES
            )
            raise SourceError(sentence, can_retry=False)
        if _is_zip(entry):
            found.append(Seen(entry.filename, entry.st_size or 0, entry.st_mtime or 0))
    return found


def _is_zip(entry: paramiko.SFTPAttributes) -> bool:
    name = entry.filename
    is_file = entry.st_mode is None or stat.S_ISREG(entry.st_mode)
    return is_file and name.lower().endswith(".zip") and not name.startswith(".") and "/" not in name


def _newest(zips: list[Seen], source: RosterSource, at: datetime) -> Seen | None:
    if zips and all(days.day_in(seen.name) for seen in zips):
        name = days.newest((seen.name for seen in zips), clock.local_date(source.district.zone, at))
        return next((seen for seen in zips if seen.name == name), None)
    return max(zips, key=lambda seen: (seen.changed, seen.name), default=None)


def _is_quiet(seen: Seen, source: RosterSource, at: datetime) -> None:
    if timedelta() <= at - seen.as_of < QUIET:
        raise _growing(seen, source)
    if seen.size > archive.ZIPPED_BYTES:
        most = archive.ZIPPED_BYTES // 1_000_000
        raise SourceError(
            _("{name} has more than {most} MB. Send a roster's files only.").format(name=seen.name, most=most),
            can_retry=False,
        )


def _growing(seen: Seen, source: RosterSource) -> SourceError:
    return SourceError(
        _("{name} in {source} is still being written.").format(name=seen.name, source=_place(source)), can_retry=True
    )


def _download(sftp: paramiko.SFTPClient, seen: Seen, source: RosterSource, path: Path) -> None:
    """Brings a zip that has not changed meanwhile. Never more than was announced, never longer than LONGEST."""
    remote, end = posixpath.join(source.folder or ".", seen.name), monotonic() + LONGEST

    def watch(so_far: int, announced: int) -> None:
        if so_far > seen.size:
            raise _growing(seen, source)
        if monotonic() > end:
            raise SourceError(
                _("{address} is too slow: {name} did not come.").format(address=source.address, name=seen.name),
                can_retry=True,
            )

    with path.open("xb") as file:
        path.chmod(0o600)
        size = sftp.getfo(remote, file, callback=watch, max_concurrent_prefetch_requests=REQUESTS)
    now = sftp.stat(remote)
    if size != seen.size or (now.st_size, now.st_mtime) != (seen.size, seen.changed):
        raise _growing(seen, source)


def _place(source: RosterSource) -> str:
    return f"folder {source.folder or '/'} on {source.address}"
