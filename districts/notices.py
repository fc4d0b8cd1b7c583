"""What is said to a district by mail: given once as a row, whatever is restarted, and delivered by a tick.

Of the pause a district hears on the day before it, unless a letter of the season tells it first, on its day, and when
syncs are on again. Whom that letter did not reach hears it from the portal: a notice knows who was told already. A
message that has lost its truth meanwhile, since the date was moved or the portal was away, is not sent.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from districts import gate, letters
from districts.models import District, Gate, Notice, RosterFile
from resetportal import clock

log = logging.getLogger(__name__)

BY = "the portal's mail"
FORENOON = 10  # by then a letter of the season has said that the pause is tomorrow, or nobody has
MORNING = 8  # nobody's telephone rings at midnight; local hour from which the pause is spoken of
LATE = timedelta(days=2)  # older news is no news: a portal that was away says no more of it
BATCH = 200
ATTEMPTS = 10
Kind = Notice.Kind


def give(district: District, kind: str, *, about: str, text: str = "", at: datetime) -> Notice:
    """Has a district's people told something once. `about` makes it one of its kind; `text` names no student."""
    notice, _ = Notice.objects.get_or_create(
        district=district, kind=kind, about=about, defaults={"text": text, "due_from": at}
    )
    return notice


@transaction.atomic
def told_otherwise(district: District, day: date, *, to: Iterable[str], by: str, at: datetime) -> None:
    """Notes whom somebody has told of tomorrow's pause, so that they do not hear the same twice; the others do."""
    kind, about = Kind.PAUSE_TOMORROW, day.isoformat()
    give(district, kind, about=about, at=max(at, _forenoon(district, day)))
    notice = Notice.objects.select_for_update(of=("self",)).get(district=district, kind=kind, about=about)
    notice.told |= {address.lower(): by for address in to}
    if notice.sent_at is None and not letters.recipients(notice):
        notice.sent_at, notice.sent_by = at, by
    notice.save(update_fields=["told", "sent_at", "sent_by"])


@transaction.atomic
def not_told(district: District, day: date, *, address: str, at: datetime) -> None:
    """Notes that a letter about tomorrow's pause came back, so that the portal tells whoever did not get it."""
    rows = Notice.objects.select_for_update(of=("self",)).filter(district=district, kind=Kind.PAUSE_TOMORROW)
    notice = rows.filter(about=day.isoformat()).first()
    if notice is None or notice.told.get(address.lower(), BY) == BY:
        return
    del notice.told[address.lower()]
    notice.sent_at, notice.sent_by, notice.due_from = None, None, max(at, _forenoon(district, day))
    notice.save(update_fields=["told", "sent_at", "sent_by", "due_from"])


def _forenoon(district: District, day: date) -> datetime:
    """Until when the letter of the day before a pause has time to be first."""
    return datetime.combine(day - timedelta(days=1), time(FORENOON), ZoneInfo(district.zone))


def tell(*, at: datetime) -> int:
    """Gives what is due of pauses and resumptions, and sends what waits; answers how many messages were sent."""
    news = [Notice(district=district, kind=kind, about=about, due_from=at) for district, kind, about in _news(at)]
    Notice.objects.bulk_create(news, ignore_conflicts=True)  # one statement, on a night that thousands share too
    waiting = Notice.objects.filter(sent_at=None, due_from__lte=at, attempts__lt=ATTEMPTS).order_by("due_from", "pk")
    return _send(waiting.select_related("district__gate", "district__csm")[:BATCH], at)


def _send(waiting: Iterable[Notice], at: datetime) -> int:
    """Sends until a batch is done, or until the mail server does not answer: the rest waits for the next tick."""
    sent = 0
    for notice in waiting:
        try:
            sent += _deliver(notice, at)
        except OSError as error:
            if not isinstance(error, SMTPResponseException | SMTPRecipientsRefused):
                break
    return sent


def _news(at: datetime) -> Iterator[tuple[District, str, str]]:
    near = (at.date() - LATE, at.date() + LATE)
    gates = Gate.objects.filter(Q(pauses_on__range=near) | Q(resumed_at__range=(at - LATE, at)))
    for each in gates.select_related("district"):
        if each.resumed_at is not None:
            if each.resumed_at >= at - LATE:
                yield each.district, Kind.RESUMED, f"reset {each.resets}"
        elif each.pauses_on and _hour(each, at) >= MORNING:
            yield from _of_the_pause(each, each.pauses_on, at)


def _of_the_pause(each: Gate, day: date, at: datetime) -> Iterator[tuple[District, str, str]]:
    today = clock.local_date(each.district.zone, at)
    if day == today + timedelta(days=1) and _hour(each, at) >= FORENOON:
        yield each.district, Kind.PAUSE_TOMORROW, day.isoformat()
    elif day <= today <= day + LATE:
        yield each.district, Kind.PAUSED, day.isoformat()


def _hour(each: Gate, at: datetime) -> int:
    return at.astimezone(ZoneInfo(each.district.zone)).hour


def _deliver(notice: Notice, at: datetime) -> bool:
    """Sends one message, claimed first: whoever crashes in between has said it, rather than say it twice.

    Raises OSError for one that could not be sent; it is tried again later, each time after twice as long.
    """
    if not _is_true(notice, at):
        notice.delete()
        return False
    mine = Notice.objects.filter(pk=notice.pk, sent_at=None, attempts=notice.attempts)
    if not mine.update(sent_at=at, sent_by=BY):
        return False
    notice.refresh_from_db(fields=["told"])  # somebody may have told some of them since the batch was read
    try:
        return _tell_others(notice)
    except OSError as error:  # what SMTP raises, SMTPException included; its text may hold addresses
        log.warning("The message %s could not be sent: %s", notice.pk, type(error).__name__)
        wait = timedelta(minutes=2**notice.attempts)
        again = {"sent_at": None, "sent_by": None, "attempts": notice.attempts + 1, "due_from": at + wait}
        Notice.objects.filter(pk=notice.pk).update(**again)
        raise


def _tell_others(notice: Notice) -> bool:
    """Sends a message to whom it is for and notes that they have heard it. Raises OSError."""
    people = letters.recipients(notice)
    sent = letters.send(notice) > 0
    if notice.kind == Kind.PAUSE_TOMORROW:
        heard = notice.told | {address.lower(): BY for address in people}
        Notice.objects.filter(pk=notice.pk).update(told=heard)
    return sent


def _is_true(notice: Notice, at: datetime) -> bool:
    """Whether a message is still so: its date was not moved, tomorrow is tomorrow, the roster is still on hold."""
    each = notice.district.gate
    if notice.kind == Kind.PAUSE_TOMORROW:
        return f"{each.pauses_on}" == notice.about and not gate.is_paused(each, at=at)
    if notice.kind == Kind.PAUSED:
        return f"{each.pauses_on}" == notice.about and gate.is_paused(each, at=at)
    if notice.kind == Kind.RESUMED:
        return each.resumed_at is not None and notice.about == f"reset {each.resets}"
    if notice.kind == Kind.ROSTER_ON_HOLD and notice.about.isdigit():
        return RosterFile.objects.filter(pk=notice.about, state=RosterFile.State.ON_HOLD).exists()
    return True
