"""The models of `resets`, one module a concept."""

from resets.models.certificates import Certificate
from resets.models.records import Hold, LedgerEntry, ResetEvent, SeasonEvent
from resets.models.resets import Reset, ResetQuerySet, SchoolReset
from resets.models.seasons import Night, Season, Tick
from resets.models.states import EXPECTED_HOLDS, WORKING, Answer, HeldFor, Status

__all__ = [
    "EXPECTED_HOLDS",
    "WORKING",
    "Answer",
    "Certificate",
    "HeldFor",
    "Hold",
    "LedgerEntry",
    "Night",
    "Reset",
    "ResetEvent",
    "ResetQuerySet",
    "SchoolReset",
    "Season",
    "SeasonEvent",
    "Status",
    "Tick",
]
