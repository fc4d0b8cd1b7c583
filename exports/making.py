"""Making files: one worker takes a wish, makes it on a desk of its own, and publishes it, or says why not.

Told by rows, as everything: a lease by the database's clock and a number that fences off whoever had it before.
"""

import errno
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import OperationalError, connection, models, transaction
from django.db.models import F, Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from districts import leases, notices
from districts.models import Notice
from exports import files, reading
from exports.files import DATABASE_NOW, Lost
from exports.made import Made, Progress
from exports.models import ExportFile
from resetportal import clock

log = logging.getLogger(__name__)

State, Kind = ExportFile.State, ExportFile.Kind
LEASE = timedelta(seconds=3 * settings.LEASE_SECONDS)  # how long a worker that went silent keeps a file from others
ATTEMPTS = 3
PLACES = (0x5E5E9, 0)  # the advisory lock under which places are counted and taken
EVERY = 1.0  # seconds between two notes of how far it is
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

MAKERS: dict[str, str] = {
    Kind.STUDENT_DATA: "exports.student_data.make",
    Kind.PROGRESS: "exports.progress_reports.make",
}


def waiting() -> list[int]:
    """Ids of files that need a worker now, as many as may be made at once: the oldest wish first."""
    places = max(0, settings.EXPORTS_AT_ONCE - ExportFile.objects.filter(_taken()).count())
    return list(_wanting().order_by("asked_at", "pk").values_list("pk", flat=True)[:places])


def make(file_id: int, *, worker: str) -> None:
    """Makes one file, if it still waits and there is a place; otherwise the tick finds it again."""
    file = take(file_id)
    if file is None:
        return
    if file.attempts > ATTEMPTS:
        _give_up(
            file,
            worker,
            _("It was begun {attempts} times and never finished. Tell your vendor’s support.").format(
                attempts=ATTEMPTS
            ),
        )
        return
    with leases.kept(lambda: _renew(file), lease=LEASE):
        _make(file, worker)


@transaction.atomic
def take(file_id: int) -> ExportFile | None:
    """This wish for this worker, or None: it does not wait, another has it, or all places are taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", PLACES)
    if ExportFile.objects.filter(_taken()).count() >= settings.EXPORTS_AT_ONCE:
        return None
    rows = _wanting().filter(pk=file_id)
    file = rows.select_related("district", "school").select_for_update(skip_locked=True, of=("self",)).first()
    if file is None:
        return None
    file.state, file.claim, file.attempts = State.MAKING, file.claim + 1, file.attempts + 1
    ExportFile.objects.filter(pk=file.pk).update(
        state=file.state, claim=file.claim, attempts=file.attempts, claimed_until=DATABASE_NOW + LEASE, done=0
    )
    return file


@contextmanager
def on_desk(file: ExportFile, progress: Progress) -> Iterator[Made]:
    """Makes a file on a desk of its own, which lasts as long as the block, whatever happens in it."""
    desk = files.desk_of(file)
    try:
        yield import_string(MAKERS[file.kind])(file, desk=desk, progress=progress)
    finally:
        shutil.rmtree(desk, ignore_errors=True)


def is_full(error: OSError) -> bool:
    """Whether an error says that there is no room left."""
    return error.errno in NO_ROOM


def _make(file: ExportFile, worker: str) -> None:
    try:
        with on_desk(file, _Progress(file)) as made:
            _publish(file, made, worker)
    except Lost:
        log.info("export %s is another worker's now", file.pk)
    except reading.Interrupted as interrupted:
        _give_up(file, worker, str(interrupted))
    except OperationalError as error:
        _again(file, error)
    except OSError as error:
        _out_of_room(file, worker) if is_full(error) else _failed(file, worker, error)
    except Exception as error:
        _failed(file, worker, error)


def _publish(file: ExportFile, made: Made, worker: str) -> None:
    at = clock.now()
    with transaction.atomic():
        files.publish(file, made, by=worker, at=at)
        notices.give(file.district, Notice.Kind.EXPORT_READY, about=str(file.pk), text=files.told(file), at=at)


def _out_of_room(file: ExportFile, worker: str) -> None:
    _give_up(file, worker, _("There was no room left for it, and nothing of it was kept. Make it again later."))


def _give_up(file: ExportFile, worker: str, why: str) -> None:
    at = clock.now()
    with transaction.atomic():
        if files.fail(file, by=worker, at=at, why=why):
            notices.give(file.district, Notice.Kind.EXPORT_FAILED, about=str(file.pk), text=why, at=at)


def _failed(file: ExportFile, worker: str, error: Exception) -> None:
    """An attempt that raised. Only the error's kind is kept: its text may hold a row's values."""
    kind = type(error).__name__
    if not _mine(file).exists():  # a reset ended it and cleared its desk, or another worker has it
        log.info("export %s was ended meanwhile: %s", file.pk, kind)
        return
    log.error("export %s failed: %s", file.pk, kind)
    if file.attempts >= ATTEMPTS:
        _give_up(file, worker, _("It could not be made ({kind}). Tell your vendor’s support.").format(kind=kind))
    else:
        _let_go(file)


def _again(file: ExportFile, error: OperationalError) -> None:
    """The database was busy, or a lock was not granted: the tick finds the wish again. That is no attempt."""
    log.warning("export %s waits: %s", file.pk, type(error).__name__)
    ExportFile.objects.filter(pk=file.pk, claim=file.claim).update(attempts=F("attempts") - 1)
    _let_go(file)


def _let_go(file: ExportFile) -> None:
    _mine(file).update(state=State.WAITING, claimed_until=None)


def _renew(file: ExportFile) -> None:
    _mine(file).update(claimed_until=DATABASE_NOW + LEASE)


def _mine(file: ExportFile) -> models.QuerySet[ExportFile]:
    return ExportFile.objects.filter(pk=file.pk, claim=file.claim, state=State.MAKING)


def _wanting() -> models.QuerySet[ExportFile]:
    """Wishes that nobody works on; those of the run are its own."""
    is_free = Q(state=State.WAITING) | Q(state=State.MAKING) & ~Q(claimed_until__gt=DATABASE_NOW)
    return ExportFile.objects.filter(is_free, is_last=False)


def _taken() -> Q:
    """Of files: a worker makes it now. The run's own do not count, since the run has its own worker."""
    return Q(state=State.MAKING, claimed_until__gt=DATABASE_NOW, is_last=False)


class _Progress:
    """Notes how far a file is, once a second, and stops the work when it is not this worker's any more."""

    def __init__(self, file: ExportFile) -> None:
        self.file = file
        self.noted = 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self.noted < EVERY:
            return
        self.noted = time.monotonic()
        if not _mine(self.file).update(done=done, total=total):
            raise Lost
        reading.ask(self.file.district_id, generation=self.file.generation)
