"""Sends the letters that are due: planned as rows, claimed before they are sent, never two of the same."""

import logging
import smtplib
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import formataddr
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.template.loader import render_to_string

from districts.models import District, SchoolYear
from resets import history, letter_days, letter_fields, letters, replies
from resets.models import Delivery, Hold, Letter, LetterStep, Reset, Season
from resets.opening import season_now

log = logging.getLogger(__name__)

BY = "the portal"
LATE = timedelta(days=3)  # older news is no news: a portal that was away does not send it any more
BATCH, ATTEMPTS = 200, 10
WaitsFor = LetterStep.WaitsFor


def tick(*, at: datetime) -> int:
    """Plans what has come due in the season's sequence, then sends; answers how many letters went."""
    season = season_now()
    if season:
        letters.ensure_sequence(season=season, by=BY, at=at)
        for step in season.letter_steps.filter(stopped_at=None):
            _plan(step, season, at)
    return send(at=at)


def _plan(step: LetterStep, season: Season, at: datetime) -> None:
    """Makes the rows of one step that have come due, in one statement; those made before are brought to their day."""
    due = [reset for reset in _near(step, season, at) if _is_due(step, reset, season, at)]
    fields = {**letters.words_of(step), "season": season, "due_from": at, "written_at": at, "written_by": BY}
    Letter.objects.bulk_create(
        (Letter(district=reset.district, step=step, **fields) for reset in due), ignore_conflicts=True
    )
    moved = Letter.objects.filter(step=step, district__in=[reset.district_id for reset in due], attempts=0)
    moved.filter(sent_at=None, stopped_at=None, due_from__gt=at).update(due_from=at)


def _near(step: LetterStep, season: Season, at: datetime) -> Iterable[Reset]:
    """Resets for which a step may be due about now, of districts to which it has neither gone nor been stopped."""
    gone = Letter.objects.filter(step=step, district=OuterRef("district")).exclude(sent_at=None, stopped_at=None)
    rows = season.resets.filter(~Exists(gone)).select_related("district")
    held = Hold.objects.filter(district=OuterRef("district"), ended_at=None)
    rows = rows.annotate(is_on_hold=Exists(held))
    around = (at - timedelta(days=step.days) - 2 * LATE, at - timedelta(days=step.days) + 2 * LATE)
    if step.waits_for == WaitsFor.COMPLETED:
        return rows.filter(completed_at__range=around)
    if step.waits_for == WaitsFor.OPENING:
        is_near = season.opened_at is not None and around[0] <= season.opened_at <= around[1]
        return rows if is_near else rows.none()
    return rows.filter(date__range=(around[0].date(), around[1].date()))


def _is_due(step: LetterStep, reset: Any, season: Season, at: datetime) -> bool:
    day, zone = letter_days.day_of(step, reset, season), reset.district.zone
    if day is None or letters.obstacle(step, reset, is_on_hold=reset.is_on_hold):
        return False
    begins = letter_days.due_from(day, zone)
    if step.days < 0 and step.waits_for in (WaitsFor.RESET, WaitsFor.DEFAULT):
        local = at.astimezone(ZoneInfo(zone)).date()
        return begins <= at <= begins + LATE and local < reset.date
    return begins <= at <= begins + LATE


def send(*, at: datetime) -> int:
    """Sends what waits and is not in its district's quiet hours; stops when the mail server does not answer."""
    years = Prefetch("district__school_years", SchoolYear.objects.all())
    waiting = Letter.objects.filter(sent_at=None, stopped_at=None, due_from__lte=at, attempts__lt=ATTEMPTS)
    rows = waiting.select_related("district__gate", "district__csm", "district__counts", "season", "step")
    sent = 0
    for letter in _open(rows.prefetch_related(years).order_by("due_from", "pk"), at):
        try:
            sent += _send(letter, at)
        except OSError as error:
            if not isinstance(error, smtplib.SMTPResponseException):
                break
    return sent


def _open(rows: QuerySet[Letter], at: datetime) -> QuerySet[Letter]:
    """Those of districts at work now; the zones are few, so the database leaves the sleeping ones out."""
    zones = District.objects.order_by().values_list("zone", flat=True).distinct()
    awake = [zone for zone in zones if not letter_days.is_quiet(zone, at)]
    return rows.filter(district__zone__in=awake)[:BATCH]


def _send(letter: Letter, at: datetime) -> bool:
    """One letter to everybody whom it is for. Raises OSError for mail that could not be sent; it is tried again."""
    reset = Reset.objects.filter(season=letter.season, district=letter.district).first()
    if reset:
        reset.district, reset.season = letter.district, letter.season
    if why := _no_longer(letter, reset):
        _stop(letter, reset, why, at)
        return False
    if not _addressed(letter, reset, at):
        return False
    try:
        for delivery in letter.deliveries.filter(sent_at=None):
            _deliver(delivery, letter, at)
    except OSError as error:  # what SMTP raises, SMTPException included; its text may hold addresses
        log.warning("The letter %s could not be sent: %s", letter.pk, type(error).__name__)
        wait = timedelta(minutes=2**letter.attempts)
        Letter.objects.filter(pk=letter.pk).update(attempts=letter.attempts + 1, due_from=at + wait)
        raise
    return _done(letter, reset, at)


def _no_longer(letter: Letter, reset: Reset | None) -> str:
    """Why a letter that stands is not sent after all: answered, moved or held meanwhile."""
    if letter.step is None or letter.deliveries.exists():
        return ""
    if reset is None:
        return "The district has no reset any more."
    held = Hold.objects.filter(district=letter.district, ended_at=None).exists()
    return letters.obstacle(letter.step, reset, is_on_hold=held)


def _stop(letter: Letter, reset: Reset | None, why: str, at: datetime) -> None:
    done = Letter.objects.filter(pk=letter.pk, sent_at=None, stopped_at=None)
    if done.update(stopped_at=at, stopped_by=BY, stopped_why=why) and reset:
        history.record("letter_stopped", reset=reset, by=BY, at=at, subject=_name(letter), why=why)


def _name(letter: Letter) -> str:
    return letter.step.name if letter.step else letter.subject


@transaction.atomic
def _addressed(letter: Letter, reset: Reset | None, at: datetime) -> bool:
    """Fills the fields in and writes down to whom it goes, once; a letter with nobody to go to is stopped."""
    mine = Letter.objects.select_for_update().filter(pk=letter.pk, sent_at=None, stopped_at=None).first()
    if mine is None:
        return False
    if letter.deliveries.exists():
        return True
    people = _people(letter.district)
    if not people:
        _stop(letter, reset, "Nobody in the district gets letters. Add a contact on its page.", at)
        return False
    about: dict[str, Any] = {
        "district": letter.district,
        "season": letter.season,
        "reset": reset,
        "csm": letter.district.csm,
    }
    letter.subject = letter_fields.fill(mine.subject, **about, at=at)[:200]
    letter.body = letter_fields.fill(mine.body, **about, at=at)
    Letter.objects.filter(pk=letter.pk).update(subject=letter.subject, body=letter.body)
    Delivery.objects.bulk_create(Delivery(letter=letter, **person) for person in people)
    return True


def _people(district: District) -> list[dict[str, Any]]:
    """The district's admins who can sign in, and its contacts that get letters; an address once."""
    people = {admin.email: {"person": admin, "name": admin.name, "address": admin.email} for admin in _admins(district)}
    for contact in district.contacts.filter(gets_letters=True):
        people.setdefault(contact.email.lower(), {"name": contact.name, "address": contact.email})
    return list(people.values())


def _admins(district: District) -> Iterable[Any]:
    return district.admins.filter(is_active=True)


def _deliver(delivery: Delivery, letter: Letter, at: datetime) -> None:
    """Sends to one person, claimed first: whoever crashes in between has written, rather than write twice."""
    mine = Delivery.objects.filter(pk=delivery.pk, sent_at=None)
    if not mine.update(sent_at=at, sent_by=_sender(letter)):
        return
    try:
        _mail(delivery, letter).send()
    except smtplib.SMTPRecipientsRefused:
        note_bounce(delivery=delivery, why="The mail server refused the address.", at=at)
    except OSError:
        Delivery.objects.filter(pk=delivery.pk).update(sent_at=None, sent_by=None)
        raise


def _mail(delivery: Delivery, letter: Letter) -> EmailMultiAlternatives:
    csm, host = letter.district.csm, urlsplit(settings.BASE_URL).hostname
    context = {
        "letter": letter,
        "district": letter.district,
        "name": delivery.name,
        "paragraphs": letter.body.split("\n\n"),
        "csm": csm,
        "reply_link": replies.link(delivery) if letter.asks else "",
    }
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=render_to_string("emails/letter.txt", context),
        from_email=formataddr((_sender(letter), settings.DEFAULT_FROM_EMAIL)),
        reply_to=[csm.email] if csm else [],
        to=[formataddr((delivery.name, delivery.address))],
        headers={
            "Message-ID": message_id(delivery),
            "References": f"<district-{letter.district_id}@{host}>",
            "In-Reply-To": f"<district-{letter.district_id}@{host}>",
        },
    )
    mail.attach_alternative(render_to_string("emails/letter.html", context), "text/html")
    return mail


def message_id(delivery: Delivery) -> str:
    """What a bounce names."""
    return f"<letter-{delivery.pk}@{urlsplit(settings.BASE_URL).hostname}>"


def _sender(letter: Letter) -> str:
    return str(letter.district.csm or "Reset Portal")


def _done(letter: Letter, reset: Reset | None, at: datetime) -> bool:
    """Notes that a letter has gone, once everybody has it."""
    mine = Letter.objects.filter(pk=letter.pk, sent_at=None, stopped_at=None)
    if letter.deliveries.filter(sent_at=None).exists() or not mine.update(sent_at=at, sent_by=_sender(letter)):
        return False
    if reset:
        names = ", ".join(letter.deliveries.values_list("name", flat=True))
        history.record("letter_sent", reset=reset, by=_sender(letter), at=at, subject=letter.subject, to=names)
    return True


@transaction.atomic
def note_bounce(*, delivery: Delivery, why: str, at: datetime) -> bool:
    """Notes that a letter did not reach somebody, once."""
    mine = Delivery.objects.filter(pk=delivery.pk, bounced_at=None)
    if not mine.update(bounced_at=at, bounced_by="the mail server", bounced_why=why[:200]):
        return False
    letter = delivery.letter
    reset = Reset.objects.filter(season=letter.season, district=letter.district).select_related("district").first()
    if reset:
        about = {"subject": letter.subject, "to": delivery.name}
        history.record("letter_bounced", reset=reset, by="the mail server", at=at, **about)
    return True
