"""The rules of a reset date in a CSM's words: what stands behind the `W4` beside a sentence."""

from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop


class Told(NamedTuple):
    """A rule: its id, what it asks for, and what the portal does about it."""

    id: str
    title: str
    does: str


_RULES: Final = {
    "W1": (
        gettext_noop("Any day of the season"),
        gettext_noop(
            "The season’s policy says from which day on a date may be chosen, and until when. A day outside, and a "
            "weekend or a holiday where the policy leaves them out, is refused, or needs a reason where it says so."
        ),
    ),
    "W2": (
        gettext_noop("Without another date, the default"),
        gettext_noop(
            "Every district that holds student data gets the season’s default when the season opens. A district that "
            "comes later is reset only if its CSM gives it a date."
        ),
    ),
    "W3": (
        gettext_noop("Before rostering for the new year"),
        gettext_noop(
            "A day on or after the start of rostering is refused. While that start is not known, every day needs a "
            "reason, and the district is at risk."
        ),
    ),
    "W4": (
        gettext_noop("A session that ends after the default"),
        gettext_noop(
            "A day after the default is refused unless a session ends on or after the default, or a records hold lay "
            "over it. The day after the later end is recommended. That day and the next need no reason, a later one "
            "does."
        ),
    ),
    "W5": (
        gettext_noop("Sessions that are over before the default"),
        gettext_noop("The default can stay. An earlier day can be chosen without a reason."),
    ),
    "W6": (
        gettext_noop("Work in progress"),
        gettext_noop(
            "A day on or before the end of the school year or of the summer session needs a reason: students would "
            "lose work that they are in the middle of. A default that does so puts the district at risk."
        ),
    ),
    "W7": (
        gettext_noop("The whole district at once"),
        gettext_noop("All schools of a district are reset together. One school alone cannot be reset."),
    ),
    "W8": (
        gettext_noop("No answer means the default"),
        gettext_noop(
            "The default runs without an answer. Where it breaks another rule, the district is at the top of the list."
        ),
    ),
    "W9": (
        gettext_noop("Another date goes through the CSM"),
        gettext_noop(
            "The district’s CSM or a CSM lead sets it; the district asks for it. A default that the policy moves later "
            "moves only for districts that have not answered, and only after a look at what would move."
        ),
    ),
    "W10": (
        gettext_noop("Nothing in the past"),
        gettext_noop(
            "A day that is over, or too near, is refused. Once a reset has started, its date cannot be changed."
        ),
    ),
    "W11": (
        gettext_noop("The new year’s students stay"),
        gettext_noop(
            "From the start of rostering on, rosters wait until the reset is completed. A reset that would find "
            "students of the new year is held until a person has looked, and is released with a password."
        ),
    ),
}


def title(key: str) -> str:
    """What one rule is about; nothing for an id that is none."""
    return _(_RULES[key][0]) if key in _RULES else ""


def told() -> list[Told]:
    """Every rule in the reader's language, in order."""
    return [Told(key, _(title), _(does)) for key, (title, does) in _RULES.items()]
