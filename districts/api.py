"""`POST /api/v1/activity/`: batches of the learning platform's events. docs/activity-feed.md tells it to people."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DataError
from django.shortcuts import get_object_or_404
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from districts import gate
from districts.activity import batch
from districts.activity.events import Event, Malformed
from districts.activity.importing import Taken, import_events
from districts.activity.sending import CappedJSON, IsPlatform, PlatformToken, Rate
from districts.models import District
from districts.problems import Problem

OUT_OF_RANGE = "SQLSTATE 22003"  # all that districts.copying.scrubbed leaves of such an error
AGAIN = "Nothing was stored. Send the same batch again"


class Activity(APIView):
    """Up to 10,000 events of one district: all are checked, then all are stored that may be, each once."""

    authentication_classes = [PlatformToken, SessionAuthentication]
    permission_classes = [IsPlatform]
    throttle_classes = [Rate]
    parser_classes = [CappedJSON]

    def post(self, request: Request) -> Response:
        with _told():
            sent = batch.opened(request.data)
            district = get_object_or_404(District, site_code=sent.district)
            gate.ask(district.pk)
            events = batch.checked(sent.events)
            taken = import_events(district=district, events=enumerate(events))
        return Response(_answer(district, events, taken))


@contextmanager
def _told() -> Iterator[None]:
    """What stops a batch, as problems that a program can tell apart."""
    try:
        yield
    except Malformed as wrong:
        raise _malformed(wrong) from None
    except batch.TooMany as many:
        raise Problem(413, "too-many", "Too many events", str(many)) from None
    except gate.Paused as paused:
        raise Problem(
            409,
            "paused",
            "Paused",
            f"{paused} {AGAIN} then.",
            since=paused.since and paused.since.isoformat(),
            until="rostering is complete",
        ) from None
    except gate.Outdated:
        raise Problem(409, "outdated", "Reset meanwhile", f"The district was reset meanwhile. {AGAIN}.") from None
    except DataError as error:
        if OUT_OF_RANGE not in str(error):
            raise
        detail = "Amounts of points add up to more than a balance can hold. Nothing was stored. Correct the amounts."
        raise Problem(400, "balance", "A balance is too large", detail) from None


def _malformed(wrong: Malformed) -> Problem:
    where = "" if wrong.place is None else f"Event {wrong.place:,}, "
    place = {} if wrong.place is None else {"index": wrong.place}
    detail = f"{where}field {wrong.field}: {wrong.sentence} Nothing was stored."
    return Problem(400, "malformed", "The batch is malformed", detail, field=wrong.field, **place)


def _answer(district: District, events: list[Event], taken: Taken) -> dict[str, Any]:
    """Numbers of a batch that was taken, and its events that were not stored, by index and reason."""
    return {
        "district": district.site_code,
        "events": taken.events,
        "stored": taken.new,
        "unchanged": taken.events - sum(taken.new.values()) - taken.refused,
        "closed_year": _listed(events, taken.closed),
        "unknown_student": _listed(events, taken.strangers),
    }


def _listed(events: list[Event], places: list[int]) -> dict[str, Any]:
    listed = [{"index": place, "event_id": events[place].event_id} for place in places]
    return {"count": len(places), "events": listed}
