"""What goes wrong on the way to a district's roster, in a sentence that the district's people can act on."""

from datetime import datetime

from django.utils.translation import gettext as _


class SourceError(Exception):
    """A source did not give a roster. `can_retry`: whether the same may work by itself a little later.

    The sentence names the place and the cure, never a secret and never a student.
    """

    def __init__(self, sentence: str, can_retry: bool) -> None:
        self.sentence, self.can_retry = sentence, can_retry
        super().__init__(sentence)


class NothingNew(Exception):
    """A source was asked for changes and has none. `reaches`: up to when that holds, UTC."""

    def __init__(self, reaches: datetime) -> None:
        self.reaches = reaches
        super().__init__(_("The source has no changes since it was last asked."))
