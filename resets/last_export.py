"""The last export: made by the run itself for a district that chose it, after the count and before anything is deleted.

Writers are shut out then, so it holds the year to its end. It is checked against the run's own count, and is the one
file that outlives the reset, for the district alone.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from districts import notices
from districts.models import District, Notice, Product
from exports import files, making
from exports.files import DATABASE_NOW
from exports.made import Made
from exports.models import ExportFile
from exports.proof import products
from resetportal import clock
from resets import counting, history
from resets.claims import Claim
from resets.models import HeldFor, Reset
from resets.preconditions import Obstacle

State = ExportFile.State
LEASE = timedelta(hours=3)  # its desk is not swept meanwhile; the run's own lease tells who works on it
AGAIN = "Retry it, or have the district take back its last export."
Finished = list[tuple[ExportFile, Made]] | Obstacle


@contextmanager
def made(claim: Claim, counts: counting.Counts) -> Iterator[Finished]:
    """A file a product on a desk, still unpublished, for a run whose district chose it; else nothing.

    An obstacle, when it cannot be written or does not hold as many students as the run counted.
    """
    reset = Reset.objects.select_related("season", "district__gate").get(pk=claim.reset_id)
    _end_former(reset, by=claim.by)
    if reset.last_export_chosen_at is None:
        yield []
        return
    with ExitStack() as desks:
        yield _make(reset, counting.by_kind(counts)["student"], desks, by=claim.by)


def publish(reset: Reset, finished: Finished, *, by: str, at: datetime) -> Obstacle | None:
    """Gives the district its files, in the transaction that records the count; answers what stands in the way."""
    if isinstance(finished, Obstacle):
        return finished
    for file, each in finished:
        files.publish(file, each, by=by, at=at, is_run=True)
    if finished:
        said = ", ".join(f"{Product(file.product).label} ({each.rows:,} students)" for file, each in finished)
        history.record(
            "last_export_made", reset=reset, by=by, at=at, files=said, hours=reset.season.rules.last_export_hours
        )
    return None


def missing(reset: Reset, rows: dict[str, int]) -> Obstacle | None:
    """Asked in the destroying transaction: every file that was chosen is there, with a row a student."""
    if reset.last_export_chosen_at is None:
        return None
    ready = ExportFile.objects.of(reset.district).ready().filter(is_last=True, generation=reset.district.gate.resets)
    there = {file.product for file in ready if file.rows == rows["student"] and files.is_there(file)}
    absent = [Product(product).label for product in products(reset.district) if product not in there]
    if not absent:
        return None
    why = f"The last export of {' and '.join(map(str, absent))} is not there any more. Nothing was deleted."
    return Obstacle(HeldFor.EXPORT, why, AGAIN)


def tell(reset: Reset, *, at: datetime) -> None:
    """Has the district's people hear that their last export is there; in the transaction that completes the reset."""
    for file in waiting(reset.district):
        notices.give(reset.district, Notice.Kind.EXPORT_READY, about=str(file.pk), text=files.told(file), at=at)


def waiting(district: District) -> list[ExportFile]:
    """The files of a last export that can be downloaded now."""
    ready = ExportFile.objects.of(district).ready().filter(is_last=True)
    return list(ready.select_related("district").order_by("product"))


def _make(reset: Reset, students: int, desks: ExitStack, *, by: str) -> Finished:
    finished: list[tuple[ExportFile, Made]] = []
    for product in products(reset.district):
        file = _wish(reset, product)
        try:
            each = desks.enter_context(making.on_desk(file, _nobody_waits))
        except BaseException as error:
            if isinstance(error, OSError) and making.is_full(error):
                return _unwritten(file, by=by)
            files.fail(file, by=by, at=clock.now(), why=_("It failed; the run tries again."))
            raise
        if each.rows != students:
            return _differs(file, each.rows, students, by=by)
        finished.append((file, each))
    return finished


def _wish(reset: Reset, product: str) -> ExportFile:
    """A row that is the run's own: no other worker takes it up."""
    return ExportFile.objects.create(
        district=reset.district,
        kind=ExportFile.Kind.STUDENT_DATA,
        format=ExportFile.Format.XLSX,
        product=product,
        state=State.MAKING,
        is_last=True,
        school_year=reset.season.school_year,
        hours=reset.season.rules.last_export_hours,
        generation=reset.district.gate.resets,
        asked_at=reset.last_export_chosen_at or clock.now(),
        asked_by=reset.last_export_chosen_by or "",
        claim=1,
        claimed_until=DATABASE_NOW + LEASE,
    )


def drop(reset: Reset, *, by: str, at: datetime, why: str) -> None:
    """Ends what a try of this run made, or began to make."""
    for file in ExportFile.objects.of(reset.district).open().filter(is_last=True):
        files.end(file, by=by, at=at, why=why)


def _end_former(reset: Reset, *, by: str) -> None:
    drop(reset, by=by, at=clock.now(), why=_("The run began anew."))


def _unwritten(file: ExportFile, *, by: str) -> Obstacle:
    why = _("The last export could not be written: there was no room left on the disk. Nothing was deleted.")
    files.fail(file, by=by, at=clock.now(), why=why)
    return Obstacle(HeldFor.EXPORT, why, AGAIN)


def _differs(file: ExportFile, rows: int, students: int, *, by: str) -> Obstacle:
    why = _("The last export has {rows:,} students, and the run counted {students:,}. Nothing was deleted.").format(
        rows=rows, students=students
    )
    files.fail(file, by=by, at=clock.now(), why=why)
    return Obstacle(HeldFor.COUNTS, why, _("Find the writer, then retry."))


def _nobody_waits(done: int, total: int) -> None:
    """A run shows its own progress."""
