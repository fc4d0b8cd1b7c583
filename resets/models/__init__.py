"""The models of `resets`, one module a concept."""

from resets.models.certificates import Certificate
from resets.models.desk import DistrictNote, Receipt, SavedView
from resets.models.letters import Delivery, Letter, LetterStep, Question
from resets.models.records import Hold, LedgerEntry, ResetEvent, SeasonEvent
from resets.models.resets import Reset, ResetQuerySet, SchoolReset
from resets.models.seasons import Night, Season, Tick
from resets.models.states import EXPECTED_HOLDS, WORKING, Answer, HeldFor, Status

__all__ = [
    "EXPECTED_HOLDS",
    "WORKING",
    "Answer",
    "Certificate",
    "Delivery",
    "DistrictNote",
    "HeldFor",
    "Hold",
    "LedgerEntry",
    "Letter",
    "LetterStep",
    "Night",
    "Question",
    "Receipt",
    "Reset",
    "ResetEvent",
    "ResetQuerySet",
    "SavedView",
    "SchoolReset",
    "Season",
    "SeasonEvent",
    "Status",
    "Tick",
]
