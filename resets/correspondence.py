"""Sends the letters that are due: planned as rows, claimed before they are sent, never two of the same.

A row keeps its words with fields until its first claim fills them in, so that a letter that waited tells what is so.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from districts import notices
from districts.models import District, SchoolYear
from resets import (
    bounces,
    history,
    letter_days,
    letter_fields,
    letter_mail,
    letter_planning,
    letter_readers,
    letters,
    replies,
)
from resets.letter_truth import NotNow, Off, date_of, makes_room, waits_again
from resets.models import Delivery, Letter, LetterStep, Reset
from resets.opening import seasons_looked_after

log = logging.getLogger(__name__)

BY = "the portal"
BATCH = 200
SENDING = 7_202_701  # an advisory lock of one number; those of districts are pairs
WaitsFor = LetterStep.WaitsFor
Words = tuple[str, str]  # subject and body, with their fields


def tick(*, at: datetime) -> int:
    """Plans what has come due in the seasons' sequences, then sends; answers how many letters went."""
    for season in seasons_looked_after(completed_after=at - letter_days.DONE):
        letters.ensure_sequence(season=season, by=BY, at=at)
        for step in season.letter_steps.filter(stopped_at=None):
            letter_planning.plan(step, season, by=BY, at=at)
    return send(at=at)


def send(*, at: datetime) -> int:
    """Sends what waits and is not in its district's quiet hours; stops when the mail server does not answer.

    One worker at a time: what another has claimed, and may have to give back, is not looked at meanwhile.
    """
    with _alone() as is_alone:
        return _send_all(at) if is_alone else 0


@contextmanager
def _alone() -> Iterator[bool]:
    """The lock of whoever sends, until it is done; a worker that dies lets go of it with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SENDING])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SENDING])


def _send_all(at: datetime) -> int:
    sent = 0
    for letter in _waiting(at):
        try:
            sent += _send(letter, at)
        except (letter_mail.NoServer, letter_mail.Unsure) as error:
            log.warning("No letters are sent: the mail server does not answer (%r).", error)
            break
    return sent


def _waiting(at: datetime) -> QuerySet[Letter]:
    """Of districts at work now; their zones are few, so the database leaves the sleeping ones out."""
    zones = District.objects.order_by().values_list("zone", flat=True).distinct()
    awake = [zone for zone in zones if not letter_days.is_quiet(zone, at)]
    rows = Letter.objects.filter(sent_at=None, stopped_at=None, due_from__lte=at, district__zone__in=awake)
    rows = rows.filter(Q(step=None) | Q(step__stopped_at=None))
    rows = rows.select_related("district__gate", "district__csm", "district__counts", "season", "step", "writer")
    years = Prefetch("district__school_years", SchoolYear.objects.all())
    return rows.prefetch_related(years, "district__holds").order_by("due_from", "pk")[:BATCH]


def _send(letter: Letter, at: datetime) -> bool:
    """One letter to everybody whom it is for; an address that does not take it now keeps it from no other.

    Raises NoServer, Unsure; whatever was not taken is tried again.
    """
    words, deliveries = _begin(letter, at)
    is_refused = False
    for delivery in deliveries:
        if delivery.sent_at or _claim(delivery, letter, at):
            try:
                _hand_over(delivery, letter, at)
            except letter_mail.Later:
                is_refused = _give_back(delivery)
            except letter_mail.NoServer:
                _give_back(delivery)
                _wait(letter, words, at, longer=is_refused)
                raise
    if is_refused:
        _wait(letter, words, at, longer=True)
    return _finish(letter, at)


@transaction.atomic
def _begin(letter: Letter, at: datetime) -> tuple[Words, list[Delivery]]:
    """Fills a letter in, writes down to whom it goes and claims the first of them: at once, or not at all.

    Answers its words with fields, and who is to get it: nobody now, or those whom an ended worker left over.
    """
    waiting = Letter.objects.select_for_update(of=("self",)).filter(pk=letter.pk, sent_at=None, stopped_at=None)
    mine = waiting.filter(due_from__lte=at).select_related("step", "district__csm").first()
    if mine is None or (mine.step and mine.step.stopped_at):
        return ("", ""), []
    letter.step, letter.district.csm = mine.step, mine.district.csm  # stopped or given to another since, perhaps
    words = letter.subject, letter.body = mine.subject, mine.body  # edited, perhaps, since the batch was read
    reset = _reset_of(letter)
    try:
        if makes_room(letter, reset) or waits_again(letter, reset, at):
            return words, []
        left_over = list(letter.deliveries.all())
        if left_over:
            return words, [each for each in left_over if not (each.sent_at or each.bounced_at)]
        return words, _address(letter, reset, at)
    except NotNow:
        Letter.objects.filter(pk=letter.pk).update(due_from=at + letter_planning.AGAIN)  # so that others go before it
        return words, []
    except (Off, letter_fields.Unknown) as off:
        _stop(letter, reset, str(off), at)
        return words, []


def _reset_of(letter: Letter) -> Reset | None:
    reset = Reset.objects.filter(season=letter.season, district=letter.district).first()
    if reset:
        reset.district, reset.season = letter.district, letter.season
    return reset


def _address(letter: Letter, reset: Reset | None, at: datetime) -> list[Delivery]:
    people = letter_readers.of(letter.district)
    if not people:
        raise NotNow(letter_readers.NOBODY)
    district, season, csm = letter.district, letter.season, letter.district.csm
    for part in ("subject", "body"):
        words = getattr(letter, part)
        filled = letter_fields.fill(words, district=district, season=season, reset=reset, csm=csm, at=at)
        setattr(letter, part, filled)
    letter.subject = letter_mail.one_line(letter.subject)
    letter.for_date, letter.asks = date_of(letter, reset), letter.asks and replies.can_be_given(reset)
    letter.save(update_fields=["subject", "body", "for_date", "asks"])
    claimed = {"sent_at": at, "sent_by": letter_mail.sender(letter)}
    first, *others = people
    rows = [Delivery(letter=letter, **first, **claimed), *(Delivery(letter=letter, **one) for one in others)]
    return Delivery.objects.bulk_create(rows)


def _claim(delivery: Delivery, letter: Letter, at: datetime) -> bool:
    """Whoever crashes after it has written, rather than write twice."""
    mine = Delivery.objects.filter(pk=delivery.pk, sent_at=None, bounced_at=None)
    return bool(mine.update(sent_at=at, sent_by=letter_mail.sender(letter)))


def _hand_over(delivery: Delivery, letter: Letter, at: datetime) -> None:
    """Raises NotTaken, Unsure. A letter that may have arrived keeps its claim: it is never sent a second time."""
    try:
        letter_mail.send(delivery, letter)
        _note_told(letter, delivery, at)
    except letter_mail.Refused as refused:
        bounces.note(delivery=delivery, why=str(refused), at=at)
    except letter_mail.Unsure:
        why = _("The connection ended while it was sent: whether it arrived is not known.")
        Delivery.objects.filter(pk=delivery.pk).update(bounced_at=at, bounced_by=BY, bounced_why=why)
        raise


def _give_back(delivery: Delivery) -> bool:
    """Takes a claim back, since the mail server did not take the mail."""
    return bool(Delivery.objects.filter(pk=delivery.pk).update(sent_at=None, sent_by=None))


@transaction.atomic
def _wait(letter: Letter, words: Words, at: datetime, *, longer: bool) -> None:
    """Has a letter wait for those who have not got it. One that nobody got waits as it was, its fields unfilled.

    `longer`: an address refused it, so that it waits longer each time.
    """
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if letter.deliveries.exclude(sent_at=None).exists():
        pass  # whoever has it has these words: the others get the same
    elif letter.step_id and letter.for_date and Letter.objects.filter(letter.that_waits).exists():
        letter.delete()  # it waits for the date that there is by now
        return
    else:
        letter.deliveries.all().delete()
        letter.subject, letter.body = words
        letter.for_date = None if letter.step_id else letter.for_date
    if longer:
        letter.due_from = at + timedelta(minutes=2 ** min(letter.attempts, 6))
        letter.attempts += 1
    letter.save(update_fields=["subject", "body", "for_date", "due_from", "attempts"])


@transaction.atomic
def _finish(letter: Letter, at: datetime) -> bool:
    """Notes that a letter has gone, once everybody has it; answers whether that is new."""
    waiting = Letter.objects.select_for_update().filter(pk=letter.pk, sent_at=None, stopped_at=None)
    if not waiting.exists():
        return False
    rows = list(letter.deliveries.all())
    if not rows or any(not (row.sent_at or row.bounced_at) for row in rows):
        return False
    _note_sent(letter, rows, at)
    return True


def _note_sent(letter: Letter, rows: list[Delivery], at: datetime) -> None:
    by = letter_mail.sender(letter)
    Letter.objects.filter(pk=letter.pk).update(sent_at=at, sent_by=by)
    reset, names = _reset_of(letter), ", ".join(row.name for row in rows if row.sent_at)
    if reset is None:
        return
    if letter.step_id or letter.about:
        history.record("letter_sent", reset=reset, by=by, at=at, subject=letter.subject, to=names)
    else:
        about = {"subject": letter.subject, "writer": letter.written_by, "to": names}
        history.record("letter_by_hand", reset=reset, by=by, at=at, **about)


def _note_told(letter: Letter, delivery: Delivery, at: datetime) -> None:
    """Whoever has the letter of the day before does not hear the same from the portal."""
    if bounces.tells_of_the_pause(letter) and letter.for_date:
        by = letter_mail.sender(letter)
        notices.told_otherwise(letter.district, letter.for_date, to=[delivery.address], by=by, at=at)


def _stop(letter: Letter, reset: Reset | None, why: str, at: datetime) -> None:
    """Keeps a letter from going any further; whom it did not reach any more is noted beside the address."""
    left = letter.deliveries.filter(sent_at=None, bounced_at=None)
    left.update(bounced_at=at, bounced_by=BY, bounced_why=(_("Not sent: %(why)s") % {"why": why})[:200])
    rows = list(letter.deliveries.all())
    if rows:
        _note_sent(letter, rows, at)
        return
    stopped = {"stopped_at": at, "stopped_by": BY, "stopped_why": why[:200]}
    Letter.objects.filter(pk=letter.pk).update(for_date=date_of(letter, reset), **stopped)
    if reset:
        subject = letter.step.name if letter.step else letter.subject
        history.record("letter_stopped", reset=reset, by=BY, at=at, subject=subject, why=why)
