"""When a district's night comes: its hour and minute in its own zone, as a moment in UTC."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from districts.models import RosterSource

AT_MOST = timedelta(days=2)  # how far ahead a night can lie; further, somebody turned the demo's clock back


def next_night(*, zone: str, hour: int, minute: int, after: datetime) -> datetime:
    """The first moment after `after`, in UTC, at which clocks in `zone` say hour:minute.

    An hour that a spring night lacks comes as much later; of one that an autumn night has twice, the first is meant.
    """
    today = after.astimezone(ZoneInfo(zone)).date()
    for day in (today + timedelta(days=ahead) for ahead in range(3)):
        night = datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)
        if night > after:
            return night
    raise AssertionError("A day has a night.")


def after(source: RosterSource, at: datetime) -> datetime:
    """A district's first night after the aware moment `at`."""
    hour, minute = source.sync_hour, source.sync_minute
    return next_night(zone=source.district.zone, hour=hour, minute=minute, after=at)


def schedule(source: RosterSource, *, at: datetime) -> None:
    """Says from when a district is fetched next: its coming night; never, where rosters come by upload.

    To be called when the way, the hour or the zone changes.
    """
    source.due_from, source.attempts = (after(source, at) if source.is_fetched else None), 0
    source.save(update_fields=["due_from", "attempts"])


def put_right(*, at: datetime) -> None:
    """Gives a night to fetched districts that have none, or one that cannot be."""
    wrong = Q(due_from=None) | Q(due_from__gt=at + AT_MOST)
    for source in RosterSource.objects.filter(wrong).exclude(kind=RosterSource.Kind.UPLOAD).select_related("district"):
        schedule(source, at=at)
