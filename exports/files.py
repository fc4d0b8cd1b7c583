"""A district's files from the wish to the end: asked for, published, handed out, ended, swept.

A file is published in a transaction of its own under the district's lock, which a run that has begun refuses; it ends
with the reset or after its hours. Only the row stays, which names nobody.
"""

import hashlib
import logging
import re
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.utils.translation import gettext as _

from districts import gate, moments, shards
from districts.models import District, Gate, School
from exports import reading
from exports.made import Made
from exports.models import Download, ExportFile

log = logging.getLogger(__name__)

State, Kind = ExportFile.State, ExportFile.Kind
FOLDER, CONTENT = re.compile(r"d\d+"), re.compile(r"d\d+/(?P<file>\d+)-[0-9a-f]+")
DESK = re.compile(r"d\d+-(?P<file>\d+)-(?P<claim>\d+)")
MOST_OPEN = 20  # files of one district at a time: a disk has an end
DATABASE_NOW = models.Func(function="clock_timestamp", output_field=models.DateTimeField())


class NotNow(Exception):
    """Nothing can be made for this district now; the message says why and what to do."""


class Gone(Exception):
    """The file cannot be had any more; the message says why."""


class StillThere(Exception):
    """Files of a district are left after its reset: they are removed once more."""


class Lost(Exception):
    """Another worker has taken this work over: whoever sees this stops and publishes nothing."""


@transaction.atomic
def ask(
    *,
    district: District,
    kind: str,
    by: Any,
    at: datetime,
    school_year: str,
    hours: int,
    format: str,  # noqa: A002 (the field's name)
    product: str = "",
    learning_environment: str = "",
    since: Any = None,
    until: Any = None,
    school: School | None = None,
    classroom_id: int | None = None,
    student_id: int | None = None,
    pathway_id: int | None = None,
) -> ExportFile:
    """A file that waits to be made; the same wish while it waits is one. `by`: a person.

    Raises NotNow once a run has begun, and when the district has too many files already.
    """
    row = Gate.objects.select_for_update().get(pk=district.pk)
    if row.is_shut:
        raise NotNow(
            _("The reset of {district} has begun or is over, so there is nothing to make a file of.").format(
                district=district
            )
        )
    wish = {
        "district": district,
        "kind": kind,
        "format": format,
        "product": product,
        "learning_environment": learning_environment,
        "since": since,
        "until": until,
        "school": school,
        "classroom_id": classroom_id,
        "student_id": student_id,
        "pathway_id": pathway_id,
        "school_year": school_year,
        "generation": row.resets,
    }
    same = ExportFile.objects.filter(**wish, state__in=(State.WAITING, State.MAKING)).first()
    if same is not None:
        return same
    if ExportFile.objects.of(district).open().count() >= MOST_OPEN:
        raise NotNow(
            _("{district} has {most_open} files already. The oldest of them end by themselves; ask again then.").format(
                district=district, most_open=MOST_OPEN
            )
        )
    return ExportFile.objects.create(**wish, hours=hours, asked_at=at, asked_by=str(by)[:200], asker=by)


def publish(file: ExportFile, made: Made, *, by: str, at: datetime, is_run: bool = False) -> ExportFile:
    """Puts a finished file where its district can have it, in one transaction under the district's lock.

    Raises Interrupted once a run has begun (unless `is_run`: the run itself publishes), and Lost when another worker
    has taken it over; then nothing is left in the storage.
    """
    stored = f"{_folder(file.district_id)}/{file.pk}-{uuid4().hex}"
    digest, size = digest_of(made.path), made.path.stat().st_size
    try:
        with transaction.atomic():
            shards.limit_lock_waits()
            gate.lock(file.district_id, shared=True)
            reading.ask(file.district_id, generation=file.generation, is_run=is_run)
            _mine(file)
            _save(stored, made.path)
            _describe(file, made)
            file.state, file.stored, file.digest, file.size = State.READY, stored, digest, size
            file.made_at, file.made_by, file.lasts_until = at, by[:200], at + timedelta(hours=file.hours)
            file.claimed_until = None
            file.save()
    except BaseException:
        _delete(stored)
        raise
    return file


def hand_out(file: ExportFile, *, person: Any, at: datetime) -> IO[bytes]:
    """A ready file's content, for a person of its district; the download is recorded. The caller closes it.

    Raises Gone, also for a file that is not as it was made, which ends then; PermissionDenied for anybody else.
    """
    if person.district_id != file.district_id:
        raise PermissionDenied(_("A file is for the people of its district alone."))
    content = _opened(file, at=at)
    with transaction.atomic():
        row = ExportFile.objects.select_for_update().get(pk=file.pk)
        if row.state != State.READY:
            content.close()
            raise Gone(because(row))
        Download.objects.create(
            file=file, downloaded_at=at, downloaded_by=str(person)[:200], person=person, digest=file.digest
        )
    return content


def told(file: ExportFile) -> str:
    """What a message says of a ready file: what it is, and on a second line until when it is there. Names nobody."""
    what = f"{file.get_kind_display()} of {file.get_product_display()}" if file.product else file.get_kind_display()
    through = f", through {gate.spoken(file.through)}" if file.through else ""
    until = moments.moment(file.lasts_until, file.district.zone) if file.lasts_until else ""
    return f"{'Last export: ' if file.is_last else ''}{what}{through}\n{until}"


def because(file: ExportFile) -> str:
    """Why a file cannot be had, as a sentence."""
    return file.why or _("It is not made yet.")


def keep_on(district_id: int, *, hours: int, at: datetime) -> None:
    """A last export outlives its reset by so many hours."""
    last = ExportFile.objects.filter(district=district_id, is_last=True).ready()
    last.update(hours=hours, lasts_until=at + timedelta(hours=hours))


def end(file: ExportFile, *, by: str, at: datetime, why: str) -> None:
    """Ends a file; its content leaves the storage with the commit. `why`: a sentence without any name."""
    _end(ExportFile.objects.filter(pk=file.pk), State.ENDED, by=by, at=at, why=why)


def fail(file: ExportFile, *, by: str, at: datetime, why: str) -> bool:
    """Gives up on a file that is being made; False when it was not this worker's any more."""
    return _end(_claimed(file), State.FAILED, by=by, at=at, why=why) == 1


def void(district_id: int, *, keeps_last: bool, by: str, at: datetime) -> int:
    """Ends every file of a district in the transaction of its reset; answers how many.

    `keeps_last`: but for a last export that is ready, which the district has chosen.
    """
    open_ones = ExportFile.objects.filter(district=district_id, state__in=ExportFile.OPEN)
    ended = open_ones.exclude(is_last=True, state=State.READY) if keeps_last else open_ones
    return _end(ended, State.ENDED, by=by, at=at, why=_("The district was reset."))


def remove(district_id: int) -> None:
    """Removes from the disk and the storage what no ready file of a district needs, after a reset."""
    for desk in _desks(district_id):
        shutil.rmtree(desk, ignore_errors=True)
    _delete(*_needless(_folder(district_id)))


def found(district_id: int) -> list[str]:
    """What a reset must not leave: files of the district in the storage and on desks, but for its last export."""
    return [*_needless(_folder(district_id)), *(desk.name for desk in _desks(district_id))]


def sweep(*, at: datetime) -> int:
    """Ends files whose hours are over and removes what crashes left; answers how many ended."""
    ended = 0
    for file in ExportFile.objects.ready().filter(lasts_until__lte=at):
        why = _("It was there for {hours:,} hours, which are over.").format(hours=file.hours)
        ended += _end(ExportFile.objects.filter(pk=file.pk), State.ENDED, by="the sweep", at=at, why=why)
    _sweep_desks()
    for folder in filter(FOLDER.fullmatch, _listed("")[0]):
        _sweep_contents(folder)
    return ended


def desk_of(file: ExportFile) -> Path:
    """An empty private folder for the making of a file; the sweep knows it by its name.

    Raises Lost when the file was ended, or another worker has it.
    """
    if not _claimed(file).exists():
        raise Lost
    desk = _making() / f"{_folder(file.district_id)}-{file.pk}-{file.claim}"
    shutil.rmtree(desk, ignore_errors=True)
    desk.mkdir(mode=0o700, parents=True)
    return desk


def is_there(file: ExportFile) -> bool:
    """Whether the content of a ready file lies in the storage, whole as far as its size says.

    A storage that does not answer raises what it raises.
    """
    kept = _storage()
    return file.state == State.READY and kept.exists(file.stored) and kept.size(file.stored) == file.size


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _opened(file: ExportFile, *, at: datetime) -> IO[bytes]:
    if file.state != State.READY:
        raise Gone(because(file))
    if file.lasts_until is not None and file.lasts_until <= at:
        raise Gone(_("It was there for {hours:,} hours, which are over.").format(hours=file.hours))
    try:
        content: IO[bytes] = _storage().open(file.stored)
    except FileNotFoundError:  # perhaps a folder that is not mounted: nothing is given up for that
        raise Gone(_("It cannot be read now. Try again; if it stays so, tell your vendor’s support.")) from None
    if hashlib.file_digest(content, "sha256").hexdigest() == file.digest:  # type: ignore[arg-type]
        content.seek(0)
        return content
    content.close()
    why = _("It is not as it was made, so it is not handed out.")
    if not file.is_last:
        end(file, by="the portal", at=at, why=_("{why} Make it again.").format(why=why))
    raise Gone(why)


def _mine(file: ExportFile) -> None:
    """Holds the row; raises Lost when another worker has it, or somebody ended it."""
    if not _claimed(file).select_for_update().exists():
        raise Lost


def _claimed(file: ExportFile) -> models.QuerySet[ExportFile]:
    return ExportFile.objects.filter(pk=file.pk, claim=file.claim, state=State.MAKING)


def _describe(file: ExportFile, made: Made) -> None:
    file.name, file.rows, file.through = made.name[:255], made.rows, made.through
    file.version, file.as_of = made.version, made.as_of
    file.done = file.total = made.rows


def _end(files: models.QuerySet[ExportFile], state: str, *, by: str, at: datetime, why: str) -> int:
    with transaction.atomic():
        ended = list(files.select_for_update())
        keys = [file.pk for file in ended if file.is_open]
        ExportFile.objects.filter(pk__in=keys).update(
            state=state, ended_at=at, ended_by=by[:200], why=why, claimed_until=None
        )
        contents = [file.stored for file in ended if file.stored]
        transaction.on_commit(lambda: _delete(*contents))
    return len(keys)


def _sweep_desks() -> None:
    """Desks at which nobody works. What is there is listed before it is asked who needs it: a claim comes first."""
    desks = {desk: match for desk in _desks() if (match := DESK.fullmatch(desk.name))}
    working = set(ExportFile.objects.filter(state=State.MAKING).values_list("pk", "claim"))
    for desk, match in desks.items():
        if (int(match["file"]), int(match["claim"])) not in working:
            shutil.rmtree(desk, ignore_errors=True)


def _sweep_contents(folder: str) -> None:
    """Contents that no ready file needs. Whoever publishes one holds its row, so that one is left for the next time."""
    for stored in _needless(folder):
        match = CONTENT.fullmatch(stored)
        if match is None:
            continue
        rows = ExportFile.objects.filter(pk=match["file"])
        with transaction.atomic():
            row = rows.select_for_update(skip_locked=True).first()
            if row is None and rows.exists():
                continue
            if row is None or row.state != State.READY or row.stored != stored:
                _delete(stored)


def _needless(folder: str) -> list[str]:
    """Contents in a district's folder that no ready file names; listed before it is asked."""
    _, names = _listed(folder)
    listed = {f"{folder}/{name}" for name in names}
    return sorted(listed - set(ExportFile.objects.ready().filter(stored__in=listed).values_list("stored", flat=True)))


def _desks(district_id: int | None = None) -> Iterable[Path]:
    mine = "d*" if district_id is None else f"{_folder(district_id)}-*"
    return sorted(_making().glob(mine))


def _save(stored: str, path: Path) -> None:
    with path.open("rb") as content:
        saved = _storage().save(stored, File(content))
    if saved != stored:
        _delete(saved)
        raise OSError(_("The storage of exports keeps a file under another name: {saved}.").format(saved=saved))


def _delete(*stored: str) -> None:
    """As far as the storage can: a reset asks what is left, and the sweep tries again."""
    for each in stored:
        try:
            _storage().delete(each)
        except Exception as error:
            log.warning("%s could not be removed from the storage: %s", each, type(error).__name__)


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return _storage().listdir(folder)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return [], []


def _folder(district_id: int) -> str:
    return f"d{district_id}"


def _making() -> Path:
    return Path(settings.EXPORT_FILES) / "making"


def _storage() -> Storage:
    return storages["exports"]
