"""The drop folder: once a night each district's newest roster is fetched from its folder and imported.

What is due is told by rows, so that a missed minute, a second beat or a lost message changes nothing.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import DatabaseError, OperationalError, connection

from districts.models import Gate, RosterSource, RosterSync
from districts.rostering import import_roster
from resetportal import clock

log = logging.getLogger(__name__)

BY = "the nightly roster sync"
EVERY_DISTRICT = 0
CLAIMS = 0x5E5E8  # the first key of the locks by which one process at a time syncs a district
NAMED_BY_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})\.zip")


def sync_due(*, at: datetime) -> list[RosterSync]:
    """Syncs every district whose hour has come, or whose syncs were turned on again since its last one.

    `at`: this moment, aware. A district that fails in an unforeseen way does not keep the others from theirs.
    """
    with _claimed(EVERY_DISTRICT) as is_mine:
        return _sync_each(at) if is_mine else []


def _sync_each(at: datetime) -> list[RosterSync]:
    """One batch at a time, so that rosters never take the last free worker from a reset."""
    sources = RosterSource.objects.filter(kind=RosterSource.Kind.FOLDER).select_related("district__gate").order_by("pk")
    done = (_sync_if_due(source, at) for source in sources if is_due(source, at=at))
    return [sync for sync in done if sync]


def sync_one(source: RosterSource, *, at: datetime, by: str = BY) -> RosterSync:
    """Imports the newest roster of a district's folder whose day has come in the district's zone."""
    path = newest(Path(source.folder), clock.local_date(source.district.zone, at))
    if path is None:
        return _refused(source, at, by, "No roster has come: the folder has no YYYY-MM-DD.zip of today or earlier.")
    try:
        return import_roster(district=source.district, path=path, by=by, at=at).sync
    except OperationalError:
        raise
    except Exception as error:
        log.error("The roster of district %s could not be imported: %s", source.pk, type(error).__name__)
        return _refused(source, at, by, f"The import stopped in a way that nobody foresaw ({type(error).__name__}).")


def is_due(source: RosterSource, *, at: datetime) -> bool:
    """Whether a district is to be synced now: once a local day from its hour on, and once after syncs are on again."""
    nightly = RosterSync.objects.filter(district=source.district, finished_by=BY)
    resumed_at = Gate.objects.values_list("resumed_at", flat=True).get(pk=source.pk)
    if resumed_at and resumed_at <= at and not nightly.filter(finished_at__gte=resumed_at).exists():
        return True
    local = at.astimezone(ZoneInfo(source.district.zone))
    return local.hour >= source.sync_hour and not nightly.filter(local_day__gte=local.date()).exists()


def newest(folder: Path, today: date) -> Path | None:
    """The zip of the latest day up to `today`, None if there is none."""
    try:
        named = {day: path for path in folder.iterdir() if (day := _day(path)) and day <= today and path.is_file()}
    except OSError:
        return None
    return named[max(named)] if named else None


def _day(path: Path) -> date | None:
    named = NAMED_BY_DAY.fullmatch(path.name)
    try:
        return date.fromisoformat(named.group(1)) if named else None
    except ValueError:
        return None


def _sync_if_due(source: RosterSource, at: datetime) -> RosterSync | None:
    """One district's turn, unless another process has it; asked once more whether it is due, under the claim."""
    with _claimed(source.pk) as is_mine:
        if not (is_mine and is_due(source, at=at)):
            return None
        try:
            return sync_one(source, at=at)
        except OperationalError as error:
            log.warning("The database was busy; district %s is synced next minute: %s", source.pk, error)
            return None


@contextmanager
def _claimed(district_id: int) -> Iterator[bool]:
    """Whether this process may sync the district; the claim ends with the block, or with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [CLAIMS, district_id])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [CLAIMS, district_id])


def _refused(source: RosterSource, at: datetime, by: str, message: str) -> RosterSync:
    return RosterSync.objects.create(
        district=source.district,
        finished_at=at,
        finished_by=by,
        local_day=clock.local_date(source.district.zone, at),
        outcome=RosterSync.Outcome.REFUSED,
        generation=Gate.objects.values_list("resets", flat=True).get(pk=source.pk),
        message=message,
    )
