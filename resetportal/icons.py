"""Drawings of the icons and which shape and colour each state wears."""

from typing import Final

from django.utils.translation import gettext_noop

# A 16 by 16 field, stroked in the colour of the text; `fill` only where a part is solid.
_RING = '<circle cx="8" cy="8" r="5.9"/>'

DRAWINGS: Final[dict[str, str]] = {
    "triangle": '<path d="M8 2.5 14.1 13.2H1.9Z"/><path d="M8 6.6v3.1M8 11.4v.05"/>',
    "clock": f'{_RING}<path d="M8 4.8V8l2.1 1.4"/>',
    "speech": '<path d="M2.5 3.3h11v7.6H7.1l-2.6 2.5v-2.5h-2Z"/>',
    "pen": '<path d="m2.9 13.1.7-3 6.9-6.9 2.3 2.3-6.9 6.9Z"/>',
    "tick-circle": f'{_RING}<path d="m5.4 8.2 1.9 1.9 3.4-3.8"/>',
    "tick": '<path d="m3.3 8.5 3.1 3.1 6.3-6.9"/>',
    "cross": '<path d="m4 4 8 8M12 4l-8 8"/>',
    "bars": f'{_RING}<path d="M6.4 5.9v4.2M9.6 5.9v4.2"/>',
    "pause": '<path d="M5.8 4.8v6.4M10.2 4.8v6.4"/>',
    "now": f'{_RING}<circle cx="8" cy="8" r="2.5" fill="currentColor" stroke="none"/>',
    "dashed": '<circle cx="8" cy="8" r="5.9" stroke-dasharray="2.7 1.934"/>',
    "info": f'{_RING}<path d="M8 7.4v3.5M8 5.2v.05"/>',
    "ring": '<circle cx="8" cy="8" r="3.7"/>',
    "dot": '<circle cx="8" cy="8" r="4.4" fill="currentColor" stroke="none"/>',
    "search": '<circle cx="7" cy="7" r="4.6"/><path d="m10.5 10.5 3.2 3.2"/>',
    "calendar": '<rect x="2.4" y="3.5" width="11.2" height="10" rx="1.6"/>'
    '<path d="M2.4 6.9h11.2M5.3 1.9v3M10.7 1.9v3"/>',
    "trash": '<path d="M2.7 4.3h10.6M6 4.1V2.5h4v1.6M4.2 4.5l.5 9h6.6l.5-9M6.8 7v4M9.2 7v4"/>',
    "archive": '<rect x="1.9" y="2.7" width="12.2" height="3.3" rx=".8"/><path d="M2.9 6v7.3h10.2V6M6.3 8.8h3.4"/>',
    "sync": '<path d="M13.2 6.4A5.5 5.5 0 0 0 3.4 5.1M2.8 9.6a5.5 5.5 0 0 0 9.8 1.3"/>'
    '<path d="M3.2 2.3v3h3M12.8 13.7v-3h-3"/>',
    "mail": '<rect x="2" y="3.3" width="12" height="9.4" rx="1.4"/><path d="m2.4 4.7 5.6 4.2 5.6-4.2"/>',
    "download": '<path d="M8 2.3v7.6M4.7 6.8 8 10.1l3.3-3.3M2.6 13.5h10.8"/>',
    "printer": '<path d="M4.6 6V2.5h6.8V6M4.6 11.4H2.4V6h11.2v5.4h-2.2"/><path d="M4.6 9.3h6.8v4.2H4.6Z"/>',
    "swap": '<path d="M2.4 5.2h10.8M10.5 2.6l2.7 2.6M13.6 10.8H2.8M5.5 13.4l-2.7-2.6"/>',
    "arrow": '<path d="M2.6 8H13M9.2 4.2 13 8l-3.8 3.8"/>',
    "diamond": '<path d="M8 2.6 13.4 8 8 13.4 2.6 8z"/>',
    "down": '<path d="M3.5 5.9 8 10.4l4.5-4.5"/>',
    "right": '<path d="M5.9 3.5 10.4 8l-4.5 4.5"/>',
    "menu": '<path d="M2.3 4.3h11.4M2.3 8h11.4M2.3 11.7h11.4"/>',
    "flag": '<path d="M3.6 14V2.6h8.6L10 5.4l2.2 2.8H3.6"/>',
    "theme": f'{_RING}<path d="M8 2.1a5.9 5.9 0 0 1 0 11.8Z" fill="currentColor" stroke="none"/>',
}

# kind of state -> (shape, tone). A tone is a colour token; "quiet" is grey and asks for nothing.
STATES: Final[dict[str, tuple[str, str]]] = {
    "risk": ("triangle", "stop"),
    "wait": ("clock", "wait"),
    "reason": ("pen", "wait"),
    "asks": ("speech", "wait"),
    "done": ("tick-circle", "done"),
    "allowed": ("tick", "done"),
    "held": ("bars", "hold"),
    "now": ("now", "now"),
    "next": ("dashed", "quiet"),
    "refused": ("cross", "quiet"),
    "quiet": ("", "quiet"),
}

# kind of state -> how it is read aloud where only its shape is drawn
KIND_WORDS: Final[dict[str, str]] = {
    "risk": gettext_noop("at risk"),
    "wait": gettext_noop("to do"),
    "reason": gettext_noop("wants a reason"),
    "asks": gettext_noop("asked"),
    "done": gettext_noop("done"),
    "allowed": gettext_noop("allowed"),
    "held": gettext_noop("held"),
    "now": gettext_noop("in progress"),
    "next": gettext_noop("not yet"),
    "refused": gettext_noop("refused"),
    "quiet": gettext_noop("nothing to do"),
}

# verdict of the date adviser -> (kind of state, word)
VERDICTS: Final[dict[str, tuple[str, str]]] = {
    "recommended": ("allowed", gettext_noop("Recommended")),
    "allowed": ("allowed", gettext_noop("Allowed")),
    "acknowledge": ("reason", gettext_noop("Allowed with a reason")),
    "refused": ("refused", gettext_noop("Refused")),
}

# status of a reset -> (kind of state, word)
RESETS: Final[dict[str, tuple[str, str]]] = {
    "scheduled": ("next", gettext_noop("Scheduled")),
    "counting": ("now", gettext_noop("Counting")),
    "destroying": ("now", gettext_noop("Destroying")),
    "verifying": ("now", gettext_noop("Verifying")),
    "completed": ("done", gettext_noop("Completed")),
    "held": ("held", gettext_noop("Held")),
}

NOTES: Final[dict[str, str]] = {
    "stop": "triangle",
    "wait": "clock",
    "done": "tick-circle",
    "hold": "bars",
    "now": "now",
    "info": "info",
}
