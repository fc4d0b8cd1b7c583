"""Whether a letter that has come due is still so: its day, the date that it speaks of, what has happened meanwhile."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from resets import letter_days, letter_readers, letters, telling
from resets.models import Hold, Letter, LetterStep, Reset


class Off(Exception):
    """A letter does not go: the message says why."""


class NotNow(Exception):
    """A letter waits, as long as it is news: the message says for what."""


def makes_room(letter: Letter, reset: Reset | None) -> bool:
    """Removes a letter that waits for a date for which its step has gone: the date was moved away and back again.

    Words that somebody edited are kept. Raises Off for those.
    """
    if letter.for_date or not _is_settled(letter, reset):
        return False
    if letter.edited_at:
        raise Off(_("This letter has gone for the same date already."))
    Letter.objects.filter(pk=letter.pk).delete()
    return True


def _is_settled(letter: Letter, reset: Reset | None) -> bool:
    """Whether another letter of its step has gone to the district, or was stopped, for the date of the reset."""
    if letter.step is None or reset is None:
        return False
    others = Letter.objects.filter(letters.settled(reset.date), step=letter.step, district=letter.district)
    return others.exclude(pk=letter.pk).exists()


def date_of(letter: Letter, reset: Reset | None) -> date | None:
    """The reset date for which a letter of the sequence is settled; None for one that goes once, whatever the date.

    One of no step keeps its own: what tells of a date that was set tells of that date, however late it goes.
    """
    if letter.step is None:
        return letter.for_date
    if reset is None or not letter.step.counts_from_the_date:
        return None
    return None if _is_settled(letter, reset) else reset.date


def waits_again(letter: Letter, reset: Reset | None, at: datetime) -> bool:
    """Whether a letter's day was moved away, so that it waits for it.

    Raises Off for one that has lost its truth, NotNow for one that may go once something else is over.
    """
    window = _window(letter, letter.step, reset) if letter.step else _of_no_step(letter, reset)
    passing = _passing(letter, reset)
    if at >= window.ends:
        raise Off(passing or _late(letter))
    if passing:
        raise NotNow(passing)
    if at >= window.begins:
        if _has_old_words(letter, reset):
            raise Off(_("Its day was moved."))
        return False
    if letter.deliveries.exists():
        raise Off(_("Its day was moved."))
    Letter.objects.filter(pk=letter.pk).update(due_from=window.begins)
    return True


def _passing(letter: Letter, reset: Reset | None) -> str:
    """Why a letter of the sequence does not go at the moment, though it may within its days."""
    if letter.step is None or reset is None:
        return ""
    return letters.passing_obstacle(letter.step, reset, is_on_hold=_is_on_hold(letter))


def _late(letter: Letter) -> str:
    if not letter_readers.of(letter.district):
        return str(letter_readers.NOBODY)
    return _("It could not be sent in time: three working days after its day it is no news any more.")


def _has_old_words(letter: Letter, reset: Reset | None) -> bool:
    """Whether the date was moved since a letter was filled in, so that whoever is left over would read the old one."""
    first = letter.deliveries.exclude(sent_at=None).order_by("sent_at").first()
    if first is None or first.sent_at is None or letter.step is None or reset is None:
        return False
    return first.sent_at < reset.date_set_at or letter.for_date not in (None, reset.date)


def _of_no_step(letter: Letter, reset: Reset | None) -> letter_days.Window:
    """When a letter by hand may go, or one that tells what was set. Raises Off for one that is not so any more."""
    if letter.about and (why := telling.obstacle(letter, reset, is_on_hold=_is_on_hold(letter))):
        raise Off(why)
    return letter_days.of_a_letter_by_hand(letter.district.zone, letter.resumed_at or letter.written_at)


def _is_on_hold(letter: Letter) -> bool:
    return Hold.objects.filter(district=letter.district, ended_at=None).exists()


def _window(letter: Letter, step: LetterStep, reset: Reset | None) -> letter_days.Window:
    """When a letter of the sequence may go, by its reset as it is now. Raises Off where it may not."""
    if reset is None:
        raise Off(_("The district has no reset any more."))
    if why := letters.obstacle(step, reset, is_on_hold=False):
        raise Off(why)
    window = letter_days.window(step, reset, letter.season)
    if window is None:
        raise Off(_("What it waits for has not come."))
    return window
