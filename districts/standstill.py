"""Why no reset runs in a district although its syncs pause: `resets` knows, and lends its answer at the start.

Asked when a message is sent, so that no mail says of a district that stands still that its data is reset.
"""

from collections.abc import Callable

Why = Callable[[int], str]


def _no_resets(district_id: int) -> str:
    return ""


_why: list[Why] = [_no_resets]


def lend(why: Why) -> None:
    """Has districts asked about by `why`: a sentence for the id of a district that stands still, nothing for others."""
    _why[:] = [why]


def why(district_id: int) -> str:
    """Why no reset runs in a district as things are, in a sentence; nothing if one may."""
    return _why[0](district_id)
