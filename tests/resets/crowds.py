"""Many resets on one night, without the tables that a run would need: for what counts rows of resets."""

from datetime import UTC, date, datetime
from typing import Any

from districts.models import District, Gate
from resets.models import HeldFor, Reset, Season, Status

NIGHT = date(2027, 7, 28)
SET_AT = datetime(2027, 6, 1, 16, tzinfo=UTC)
DUE = datetime(2027, 7, 28, 8, tzinfo=UTC)
AN_HOUR_IN = datetime(2027, 7, 28, 9, tzinfo=UTC)


def make_crowd(season: Season, number: int, *, day: date = NIGHT, due_from: datetime = DUE, **more: Any) -> list[Reset]:
    """So many districts with a reset on `day`; `more` are fields of the districts."""
    first = District.objects.count()
    districts = District.objects.bulk_create(
        District(name=f"District {first + n}", site_code=f"9{first + n:06}", zone="America/Los_Angeles", **more)
        for n in range(number)
    )
    Gate.objects.bulk_create(Gate(district=district, pauses_on=day) for district in districts)
    return Reset.objects.bulk_create(
        Reset(season=season, district=district, date=day, due_from=due_from, date_set_at=SET_AT, date_set_by="Maya")
        for district in districts
    )


def put(resets: list[Reset], status: Status, at: datetime = AN_HOUR_IN, **fields: Any) -> None:
    """Moves resets to a state as the engine would leave it, with what the database asks of that state."""
    stems = {Status.COMPLETED: ("started", "counted", "destroyed", "verified", "completed"), Status.HELD: ("held",)}
    for stem in stems.get(status, ("started",)):
        fields = {f"{stem}_at": at, f"{stem}_by": "the nightly run (w1)"} | fields
    Reset.objects.filter(pk__in=[reset.pk for reset in resets]).update(status=status, **fields)


def fail(resets: list[Reset], held_for: HeldFor = HeldFor.COUNTS, at: datetime = AN_HOUR_IN) -> None:
    """Has resets held, for a reason that spends the night's error budget unless another is given."""
    why = {"held_why": "It did not add up.", "held_cure": "Find out why.", "held_from": Status.COUNTING}
    put(resets, Status.HELD, at, held_for=held_for, **why)
