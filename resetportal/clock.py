"""The only place that asks what time it is. The demo's clock can be moved; a real one cannot."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings


class ClockCannotMove(RuntimeError):
    """Somebody asked to move a clock that is not the demo's."""


def now() -> datetime:
    """This moment, aware and in UTC; in the demo, moved by the demo's offset."""
    real = datetime.now(UTC)
    return real + offset() if settings.DEMO else real


def local_date(zone: str, at: datetime) -> date:
    """The calendar date at the aware moment `at` in an IANA `zone` such as "America/Adak"."""
    return at.astimezone(ZoneInfo(zone)).date()


def offset() -> timedelta:
    """How far the demo's clock is ahead of the real one; nothing outside the demo."""
    if not settings.DEMO:
        return timedelta()
    seconds = _clocks().objects.filter(id=1).values_list("offset_seconds", flat=True).first()
    return timedelta(seconds=seconds or 0)


def move_to(at: datetime) -> None:
    """Set the demo's clock to the aware moment `at`, for web, worker and beat alike.

    Raises ClockCannotMove outside the demo.
    """
    if not settings.DEMO:
        raise ClockCannotMove("Only the demo's clock can be moved. Start the portal with DEMO=True.")
    ahead = at - datetime.now(UTC)
    _clocks().objects.update_or_create(id=1, defaults={"offset_seconds": round(ahead.total_seconds())})


def _clocks() -> Any:
    return apps.get_model("resetportal", "DemoClock")
