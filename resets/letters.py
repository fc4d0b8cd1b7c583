"""Letters as people deal with them: the sequence in one district, one edited, stopped, or written by hand."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from districts.models import District
from districts.moments import moment
from resets import history, letter_days, letter_fields
from resets.letter_sequence import STARTING, Start
from resets.models import Answer, Hold, Letter, LetterStep, Reset, Season, Status
from resets.services import NotPossible, Stale

WaitsFor, Audience = LetterStep.WaitsFor, LetterStep.Audience


class Planned(NamedTuple):
    """One step for one district: `day` in its zone (None: what it waits for has no day), the row if there is one,
    why it does not go, or nothing, and what it waits for, though it may still go."""

    step: LetterStep
    day: date | None
    letter: Letter | None
    stops: str = ""
    waits: str = ""


def ensure_sequence(*, season: Season, by: Any, at: datetime) -> None:
    """Gives a season the letters that it starts with, if it has none."""
    if season.letter_steps.exists():
        return
    with translation.override(settings.LANGUAGE_CODE):  # in which mails go, whoever opens the season
        rows = [
            LetterStep(season=season, number=number, changed_at=at, changed_by=str(by), **_said_now(start))
            for number, start in enumerate(STARTING, start=1)
        ]
    LetterStep.objects.bulk_create(rows, ignore_conflicts=True)  # two ticks at once make it once


def _said_now(start: Start) -> dict[str, Any]:
    words = {part: _(getattr(start, part)) for part in ("name", "subject", "body")}
    return start._asdict() | words


def obstacle(step: LetterStep, reset: Reset, *, is_on_hold: bool) -> str:
    """Why a letter of the sequence does not go to a district now; nothing if it does."""
    why = _why_not(step, reset, is_on_hold)
    return _(why) % {"by": step.stopped_by} if why else ""


def is_kept_back(step: LetterStep, reset: Reset, *, is_on_hold: bool) -> bool:
    """Whether there is an obstacle, for lists of thousands: no word is looked up in a catalogue."""
    return bool(_why_not(step, reset, is_on_hold))


def passing_obstacle(step: LetterStep, reset: Reset, *, is_on_hold: bool) -> str:
    """Why it waits for something that may be over while it is still news; nothing if it waits for nothing."""
    why = _why_not_yet(step, reset, is_on_hold)
    return _(why) if why else ""


def _why_not(step: LetterStep, reset: Reset, is_on_hold: bool) -> str:
    if step.stopped_at:
        return gettext_noop("%(by)s stopped this letter for everybody.")
    if step.audience == Audience.SILENT and reset.answer != Answer.NONE:
        return gettext_noop("The district has answered.")
    if step.audience == Audience.SILENT and not reset.is_default:
        return gettext_noop("Its date was chosen.")
    if step.waits_for == WaitsFor.COMPLETED:
        return ""
    if step.waits_for == WaitsFor.DEFAULT and not reset.is_default:
        return gettext_noop("Its date was chosen.")
    if reset.status not in (Status.SCHEDULED, Status.HELD):
        return gettext_noop("Its reset has begun.")
    return _why_not_yet(step, reset, is_on_hold)


def _why_not_yet(step: LetterStep, reset: Reset, is_on_hold: bool) -> str:
    if step.waits_for == WaitsFor.COMPLETED:
        return ""
    if is_on_hold:
        return gettext_noop("The district is on a records hold.")
    return gettext_noop("Its reset is held.") if reset.status == Status.HELD else ""


def settled(day: date | OuterRef) -> Q:
    """Letters of steps that are not sent again for a reset date: they have gone for it, or been stopped.

    One that a person stopped is stopped whatever the date; one that counts from no reset date goes once.
    """
    of_no_date = Q(for_date=None) | ~Q(step__waits_for__in=(WaitsFor.DEFAULT, WaitsFor.RESET))
    return Q(for_date=day) | of_no_date & ~Q(sent_at=None, stopped_at=None)


def of_now(rows: Iterable[Letter], reset: Reset) -> dict[int, Letter]:
    """By step, what counts for a reset's date as it is: a letter that has gone or was stopped, else one that waits."""
    found: dict[int, Letter] = {}
    for letter in sorted(rows, key=lambda one: one.for_date is not None):
        step = letter.step
        if step and (letter.for_date in (None, reset.date) or not step.counts_from_the_date):
            found[step.pk] = letter
    return found


def planned(*, season: Season, district: District, at: datetime) -> list[Planned]:
    """The whole sequence as it stands for one district, in four queries."""
    reset = season.resets.select_related("district").filter(district=district).first()
    if reset is None:
        return []
    rows = of_now(Letter.objects.filter(district=district, step__season=season).select_related("step"), reset)
    holds = list(Hold.objects.filter(district=district))
    return [_planned(step, reset, season, rows.get(step.pk), holds, at) for step in season.letter_steps.all()]


def _planned(
    step: LetterStep, reset: Reset, season: Season, letter: Letter | None, holds: list[Hold], at: datetime
) -> Planned:
    day, window = letter_days.day_of(step, reset, season), letter_days.window(step, reset, season)
    if letter and (letter.stopped_at or letter.sent_at):
        return Planned(step, day, letter, stops=letter.stopped_why)
    if window is not None and at >= window.ends:
        return Planned(step, day, letter, stops=_missed(window, holds))
    known = {"is_on_hold": any(held.ended_at is None for held in holds)}
    why, passing = obstacle(step, reset, **known), passing_obstacle(step, reset, **known)
    if window is None or not why or why != passing:
        return Planned(step, day, letter, stops=why)
    until = _("It goes after all if that is over before %(end)s.") % {"end": moment(window.ends, reset.district.zone)}
    return Planned(step, day, letter, waits=f"{why} {until}")


def _missed(window: letter_days.Window, holds: Iterable[Hold]) -> str:
    """Why a letter whose days are over has not gone, as far as that is known."""
    if any(held.placed_at < window.ends and (held.ended_at or window.ends) > window.begins for held in holds):
        return _("The district was on a records hold in its days, so it was not sent.")
    return _("Its day is over, and it was not sent.")


@transaction.atomic
def write(
    *,
    district: District,
    season: Season,
    subject: str,
    body: str,
    asks: bool,
    by: Any,
    at: datetime,
    token: UUID,
) -> Letter:
    """A letter by hand: it goes at the next working hour of the district. Raises Unknown, NotPossible.

    `token` is its form's: the same form sent twice is one letter.
    """
    check_words(subject, body)
    letter, is_new = Letter.objects.get_or_create(
        district=district,
        token=token,
        defaults={
            "season": season,
            "subject": subject,
            "body": body,
            "asks": asks,
            "due_from": letter_days.next_open(district.zone, at),
            "written_at": at,
            "written_by": str(by),
            "writer_id": getattr(by, "pk", None),
        },
    )
    if not is_new and not letter.deliveries.exists() and (letter.subject, letter.body) != (subject, body):
        raise NotPossible(_("This letter was written already, with other words. Edit it on the district’s page."))
    return letter


@transaction.atomic
def edit(*, letter: Letter, subject: str, body: str, by: Any, at: datetime, version: str = "") -> Letter:
    """Other words for a letter that has not gone. `version`: the one that her form showed (`version_of`).

    Raises Unknown, NotPossible, and Stale if it has other words by now.
    """
    check_words(subject, body)
    letter = _locked(letter)
    if version and version != version_of(letter):
        raise Stale(_("%(by)s changed this letter meanwhile.") % {"by": changed_by(letter)})
    letter.subject, letter.body, letter.edited_at, letter.edited_by = subject, body, at, str(by)
    letter.save(update_fields=["subject", "body", "edited_at", "edited_by"])
    return letter


def version_of(letter: Letter) -> str:
    """Names the words of a letter, in its row or still its step's: whoever wrote others, they have another name."""
    return sha256(f"{letter.subject}\0{letter.body}".encode()).hexdigest()[:16]


def changed_by(letter: Letter) -> str:
    """Whose words a letter that waits has: whoever edited it, else whoever wrote them for all."""
    return letter.edited_by or (letter.step and letter.step.changed_by) or letter.written_by


@transaction.atomic
def stop(*, letter: Letter, why: str, by: Any, at: datetime) -> Letter:
    """Keeps a letter from going. Raises NotPossible."""
    letter = _locked(letter)
    letter.stopped_at, letter.stopped_by = at, str(by)
    letter.stopped_why = (why.strip() or _("%(by)s stopped it.") % {"by": by})[:200]
    letter.save(update_fields=["stopped_at", "stopped_by", "stopped_why"])
    reset = Reset.objects.select_related("district").filter(season=letter.season, district=letter.district).first()
    if reset:
        name = letter.step.name if letter.step else letter.subject
        history.record("letter_stopped", reset=reset, by=by, at=at, subject=name, why=letter.stopped_why)
    return letter


@transaction.atomic
def resume(*, letter: Letter, by: Any, at: datetime) -> Letter:
    """Lets a stopped letter go after all; one of the sequence whose day is long over is not sent any more.

    Raises NotPossible.
    """
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if letter.stopped_at is None:
        raise NotPossible(_("It is not stopped."))
    if letter.for_date and letter.step_id and Letter.objects.filter(letter.that_waits).exists():
        raise NotPossible(_("Another one waits by now, for the date as it is."))
    letter.stopped_at, letter.stopped_by, letter.stopped_why = None, None, ""
    letter.for_date = None if letter.step_id else letter.for_date
    letter.resumed_at, letter.resumed_by = at, str(by)
    letter.save(update_fields=["stopped_at", "stopped_by", "stopped_why", "for_date", "resumed_at", "resumed_by"])
    return letter


@transaction.atomic
def take_up(*, step: LetterStep, reset: Reset, season: Season, by: Any, at: datetime) -> Letter:
    """The row of a step for one district, made before its day so that it can be edited or stopped."""
    day = letter_days.day_of(step, reset, season)
    if day is None:
        raise NotPossible(_("What this letter waits for has no day yet."))
    defaults = {**words_of(step), "season": season, "due_from": letter_days.due_from(day, reset.district.zone)}
    defaults |= {"written_at": at, "written_by": str(by)}
    gone = Letter.objects.filter(settled(reset.date), step=step, district=reset.district).exclude(for_date=None)
    if gone.exists():
        raise NotPossible(_("It has gone, or was stopped, for this date already."))
    letter, _made = Letter.objects.get_or_create(district=reset.district, step=step, for_date=None, defaults=defaults)
    return letter


def words_of(step: LetterStep) -> Mapping[str, Any]:
    """What a step's letters begin with, fields unfilled."""
    return {"subject": step.subject, "body": step.body, "asks": step.asks}


def check_words(subject: str, body: str) -> None:
    """Raises Unknown, NotPossible for what is no letter."""
    if not subject.strip() or not body.strip():
        raise NotPossible(_("A letter needs a subject and words."))
    if "\n" in subject or "\r" in subject:
        raise NotPossible(_("A subject is one line."))
    letter_fields.check(subject)
    letter_fields.check(body)


def _locked(letter: Letter) -> Letter:
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if letter.sent_at:
        raise NotPossible(_("It has gone already."))
    if letter.stopped_at:
        raise NotPossible(_("It is stopped: %(why)s") % {"why": letter.stopped_why})
    if letter.deliveries.exists():
        raise NotPossible(_("It is on its way: to some people it has gone already."))
    return letter
