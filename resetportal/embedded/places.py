"""Where the embedded servers keep their data and sockets, who they run as, and who may start them."""

import fcntl
import hashlib
import os
import pwd
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_SOCKET_FOLDER = 80  # a socket's whole path has 107 bytes on Linux and 103 on macOS


class EmbeddedError(RuntimeError):
    """An embedded server cannot run here; the message says what to do."""


class Owner(NamedTuple):
    """The system user that a server runs as."""

    uid: int
    gid: int


def owner() -> Owner:
    """Who PostgreSQL runs as: the person who calls, or `nobody` in root's place, as it refuses to be root."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    nobody = pwd.getpwnam("nobody")
    return Owner(nobody.pw_uid, nobody.pw_gid)


@cache
def home() -> Path:
    """The folder of all local state: RESETPORTAL_HOME, else `.local` beside the code.

    Root's servers run as another user, who must be able to reach their data. The folders above are never
    opened for that: where they are private, the data lies under /var/tmp.
    """
    given = os.environ.get("RESETPORTAL_HOME")
    folder = Path(given).resolve() if given else ROOT / ".local"
    if os.geteuid() == 0 and not reachable(folder.parent):
        if given:
            raise EmbeddedError(
                f"{folder} is in a private folder, where root's PostgreSQL (user nobody) cannot go. "
                "Set RESETPORTAL_HOME to a folder that every user may enter, such as /var/tmp/portal."
            )
        folder = Path("/var/tmp") / f"reset-portal-{_digest(ROOT)}"  # noqa: S108
    return own_folder(folder, 0o755)


def run_folder(instance: str) -> Path:
    """The folder of the instance's sockets.

    In the system's temporary folder when the usual path is too long.
    """
    folder = home() / instance / "run"
    if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
        folder = Path(tempfile.gettempdir()) / f"reset-portal-{_digest(folder)}"
    return folder


def reachable(folder: Path) -> bool:
    """Whether every user may enter `folder`, as far as it exists, through every folder above it."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in (folder, *folder.parents) if place.exists())


def own_folder(folder: Path, mode: int, belongs_to: Owner | None = None) -> Path:
    """Make `folder` with `mode` where it is missing; refuses one that somebody else made."""
    user = belongs_to or Owner(os.geteuid(), os.getegid())
    try:
        folder.mkdir(parents=True, mode=mode)
    except FileExistsError:
        if folder.is_symlink() or folder.stat().st_uid != user.uid:
            raise EmbeddedError(f"{folder} belongs to somebody else. Remove it, or set RESETPORTAL_HOME.") from None
    else:
        folder.chmod(mode)
        os.chown(folder, user.uid, user.gid)
    return folder


def known() -> list[str]:
    """The names of all instances that this checkout has ever started."""
    return sorted(lock.stem for lock in home().glob("*.lock"))


@contextmanager
def locked(instance: str) -> Iterator[None]:
    """Hold the instance for this process. The lock ends with its process, so a crash leaves none behind."""
    with (home() / f"{instance}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        own_folder(home() / instance, 0o755)
        yield


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
