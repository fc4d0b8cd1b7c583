"""Rosters that came: zips under ROSTER_FILES, each with a row, until they end. The row stays and names nobody.

A roster ends when it is applied, refused, discarded or voided, or after seven days. Its list of changes lies beside
it until the next sync or reset.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from districts.models import District, Gate, RosterFile
from districts.roster import archive
from districts.roster.problems import Place, RosterRefused

State = RosterFile.State
LASTS = timedelta(days=7)
EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest day that a zip can say: equal folders make equal zips


def receive(
    *,
    district: District,
    content: Path | IO[bytes],
    name: str,
    by: str,
    at: datetime,
    wish: str = RosterFile.Wish.APPLY,
    as_of: datetime | None = None,
    reaches: datetime | None = None,
    generation: int | None = None,
) -> RosterFile:
    """Keeps a copy of a roster (a zip, a folder of CSV files, or an open file) that waits to be read.

    `generation`: the gate's number of resets when its fetching began; without it, as it is now.

    Raises RosterRefused for one that is larger than a roster can be, and OSError when the disk is full; nothing is
    left behind then.
    """
    stored = f"d{district.pk}/{uuid4().hex}.zip"
    kept = _root() / stored
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        _copy(content, kept, name)
        return RosterFile.objects.create(
            district=district,
            wish=wish,
            stored=stored,
            source_name=name[:255],
            digest=digest_of(content if isinstance(content, Path) else kept),
            size=kept.stat().st_size,
            as_of=as_of,
            reaches=reaches,
            received_at=at,
            received_by=str(by)[:200],
            generation=_resets(district.pk) if generation is None else generation,
        )
    except BaseException:
        kept.unlink(missing_ok=True)
        raise


def digest_of(path: Path) -> str:
    """SHA-256 of a zip, or over the CSV files of a folder; equal digests are equal rosters."""
    return archive.digest_of(*sorted(path.glob("*.csv"))) if path.is_dir() else archive.digest_of(path)


def path(file: RosterFile) -> Path:
    """Where a roster's zip lies, while it is open."""
    return _root() / file.stored


def changes_path(file: RosterFile) -> Path:
    """Where the list of changes of a roster's last reading lies, if it is still there."""
    return path(file).with_suffix(".changes")


@contextmanager
def desk(district_id: int) -> Iterator[Path]:
    """An empty folder among a district's files for the time of a fetch; removed with all that is in it."""
    _folder(district_id).mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fetching-", dir=_folder(district_id), ignore_cleanup_errors=True) as path:
        yield Path(path)


def end(file: RosterFile, state: str, *, by: str, at: datetime, why: str = "") -> None:
    """Ends an open roster; its zip leaves the disk with the commit, its list of changes unless it was applied."""
    file.state, file.ended_at, file.ended_by = state, at, str(by)[:200]
    file.why = why or file.why
    file.save(update_fields=["state", "ended_at", "ended_by", "why"])
    transaction.on_commit(lambda: _unlink(path(file), *([] if state == State.APPLIED else [changes_path(file)])))


def void(district_id: int, *, by: str, at: datetime) -> int:
    """Ends every roster of a district that is not applied yet, whichever year it is of; answers how many.

    Called by a reset in its own transaction. Zips leave the disk with the commit.
    """
    return _void(_open(district_id), by=by, at=at, why=_("The district was reset."))


def supersede(file: RosterFile, *, by: str, at: datetime, why: str) -> int:
    """Ends the rosters that wait for a person when a newer one takes their place; answers how many.

    One that a worker is to read stays, and is judged anew: whoever approved it approved other changes.
    """
    RosterFile.objects.filter(district=file.district_id, state=State.WAITING).exclude(pk=file.pk).update(
        approved_at=None, approved_by=None
    )
    waiting = _open(file.district_id).exclude(pk=file.pk).exclude(state=State.WAITING)
    return _void(waiting, by=by, at=at, why=why)


def _open(district_id: int) -> QuerySet[RosterFile]:
    return RosterFile.objects.select_for_update().filter(district=district_id, state__in=RosterFile.OPEN)


def _void(files: QuerySet[RosterFile], *, by: str, at: datetime, why: str) -> int:
    ended = list(files)
    for file in ended:
        end(file, State.VOIDED, by=by, at=at, why=why)
    return len(ended)


def forget_changes(district_id: int, *, but: RosterFile | None = None) -> None:
    """Removes the lists of changes of a district's rosters that ended: they last until the next sync."""
    open_ones = RosterFile.objects.filter(district=district_id, state__in=RosterFile.OPEN)
    kept = {changes_path(file) for file in open_ones} | ({changes_path(but)} if but else set())
    _unlink(*(each for each in _folder(district_id).glob("*.changes") if each not in kept))


def remove(district_id: int) -> None:
    """Removes the files of a district's rosters from the disk, after a reset; those that came since it stay.

    What is being fetched loses its folder, so that nothing more of it can be written.
    """
    for desk in _folder(district_id).glob("fetching-*"):
        shutil.rmtree(desk, ignore_errors=True)
    _unlink(*_of_closed_years(district_id))


def found(district_id: int) -> list[str]:
    """Files of a district's rosters that a reset must not leave on the disk, as stored."""
    return sorted(str(each.relative_to(_root())) for each in _of_closed_years(district_id))


def _of_closed_years(district_id: int) -> list[Path]:
    """Every file of a district but those of open rosters that came since its last reset."""
    resets = _resets(district_id)
    open_ones = RosterFile.objects.filter(district=district_id, state__in=RosterFile.OPEN, generation=resets)
    kept = {each for file in open_ones for each in (path(file), changes_path(file))}
    return [each for each in _folder(district_id).rglob("*") if each.is_file() and each not in kept]


def still_waits(file: RosterFile) -> bool:
    """Whether a roster still waits to be read, locked until the transaction ends: a reset may have voided it."""
    rows = RosterFile.objects.select_for_update().filter(pk=file.pk, state=State.WAITING)
    return rows.values_list("pk", flat=True).first() is not None


def drop(file: RosterFile, *, by: str, at: datetime) -> None:
    """Ends a roster that could not be read now and is fetched again, as far as the database can."""
    _unlink(path(file), changes_path(file))
    with suppress(DatabaseError), transaction.atomic():
        end(file, State.VOIDED, by=by, at=at, why=_("The database was busy. It is fetched again."))


def _resets(district_id: int) -> int:
    return Gate.objects.values_list("resets", flat=True).get(pk=district_id)


def sweep(*, at: datetime) -> int:
    """Ends rosters after seven days and removes what no open roster needs; answers how many ended.

    A file that is younger than an hour is left alone: it may be one that is just being received.
    """
    old = RosterFile.objects.filter(state__in=RosterFile.OPEN, received_at__lt=at - LASTS)
    for file in old:
        end(file, State.EXPIRED, by="the sweep", at=at, why=_("Seven days passed."))
    opened = RosterFile.objects.filter(state__in=RosterFile.OPEN).values_list("stored", flat=True)
    applied = RosterFile.objects.filter(state=State.APPLIED, ended_at__gte=at - LASTS).values_list("stored", flat=True)
    needed = {*opened, *(_changes(stored) for stored in (*opened, *applied))}
    _unlink(*(each for each in _old_files() if str(each.relative_to(_root())) not in needed))
    return len(old)


def _changes(stored: str) -> str:
    return str(Path(stored).with_suffix(".changes"))


def _old_files() -> Iterable[Path]:
    """Files that nobody can be writing any more, by the clock of the disk."""
    files = [each for each in _root().rglob("*") if each.is_file()]
    newest = max((each.stat().st_mtime for each in [*files, _touched()]), default=0.0)
    return [each for each in files if each.stat().st_mtime < newest - 3600]


def _touched() -> Path:
    mark = _root() / "sweep"
    mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark.touch()
    return mark


def _copy(content: Path | IO[bytes], to: Path, name: str) -> None:
    if isinstance(content, Path) and content.is_dir():
        return _pack(content, to)
    with to.open("xb") as copy:
        to.chmod(0o600)
        if isinstance(content, Path):
            with content.open("rb") as original:
                _pour(original, copy, name)
        else:
            _pour(content, copy, name)
    return None


def _pour(original: IO[bytes], copy: IO[bytes], name: str) -> None:
    size = 0
    while block := original.read(1 << 20):
        size += len(block)
        if size > archive.ZIPPED_BYTES:
            most = archive.ZIPPED_BYTES // 1_000_000
            raise RosterRefused(
                Place(name), _("It has more than {most} MB.").format(most=most), _("Send a roster's files only.")
            )
        copy.write(block)


def _pack(folder: Path, to: Path) -> None:
    with zipfile.ZipFile(to, "x", zipfile.ZIP_DEFLATED) as zipped:
        to.chmod(0o600)
        for each in sorted(folder.rglob("*")):
            if each.suffix in (".csv", ".json") and each.is_file() and not each.is_symlink():
                zipped.writestr(zipfile.ZipInfo(str(each.relative_to(folder)), EPOCH), each.read_bytes())


def _unlink(*paths: Path) -> None:
    for each in paths:
        with suppress(OSError):
            each.unlink(missing_ok=True)


def _folder(district_id: int) -> Path:
    return _root() / f"d{district_id}"


def _root() -> Path:
    return Path(settings.ROSTER_FILES)
