"""A letter of the season's sequence, edited, stopped or let go for all; the season's history tells who did it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from resets import history, letters
from resets.models import Letter, LetterStep, SeasonEvent
from resets.services import NotPossible, Stale

EDITABLE = frozenset({"name", "subject", "body", "waits_for", "days", "audience", "asks"})
EVENTS = ("letter_edited", "letter_stopped", "letter_resumed")


@transaction.atomic
def edit_step(*, step: LetterStep, by: Any, at: datetime, version: int | None = None, **changes: Any) -> LetterStep:
    """Changes a letter of the sequence for all to whom it has not gone. `version`: the one that her form showed.

    Raises Unknown, NotPossible, and Stale if somebody else changed it meanwhile.
    """
    if unknown := changes.keys() - EDITABLE:
        raise TypeError(f"A step has no {', '.join(sorted(unknown))} to edit.")
    step = _locked(step)
    if version is not None and version != step.version:
        raise Stale(_("%(by)s changed this letter meanwhile.") % {"by": step.changed_by})
    before = {name: getattr(step, name) for name, value in changes.items() if getattr(step, name) != value}
    for name, value in changes.items():
        setattr(step, name, value)
    step.version += 1
    letters.check_words(step.subject, step.body)
    step.changed_at, step.changed_by = at, str(by)
    step.save()
    if before:
        _record("letter_edited", step, by, at, before=before)
    _give_new_words(step)
    return step


def _give_new_words(step: LetterStep) -> None:
    """To its letters that wait and were not edited."""
    waiting = Letter.objects.filter(step=step, sent_at=None, stopped_at=None, edited_at=None)
    locked = list(waiting.select_for_update().values_list("pk", flat=True))  # first, so that none begins meanwhile
    Letter.objects.filter(pk__in=locked, edited_at=None, deliveries=None).update(**letters.words_of(step))


@transaction.atomic
def stop_step(*, step: LetterStep, by: Any, at: datetime) -> None:
    """Stops a letter for every district to whom it has not gone. Raises NotPossible if it is stopped."""
    step = _locked(step)
    if step.stopped_at:
        raise NotPossible(_("%(by)s stopped this letter for everybody.") % {"by": step.stopped_by})
    step.stopped_at, step.stopped_by = at, str(by)
    step.save(update_fields=["stopped_at", "stopped_by"])
    _record("letter_stopped", step, by, at)


@transaction.atomic
def resume_step(*, step: LetterStep, by: Any, at: datetime) -> None:
    """Lets a letter of the sequence go again, from now on. Raises NotPossible if it is not stopped."""
    step = _locked(step)
    if step.stopped_at is None:
        raise NotPossible(_("It is not stopped."))
    step.stopped_at, step.stopped_by = None, None
    step.save(update_fields=["stopped_at", "stopped_by"])
    _record("letter_resumed", step, by, at)


def events(step: LetterStep) -> list[SeasonEvent]:
    """What people did to a letter of the sequence, the latest first."""
    return list(SeasonEvent.objects.filter(season=step.season_id, kind__in=EVENTS, detail__number=step.number))


def _locked(step: LetterStep) -> LetterStep:
    return LetterStep.objects.select_for_update(of=("self",)).select_related("season").get(pk=step.pk)


def _record(kind: str, step: LetterStep, by: Any, at: datetime, **detail: Any) -> None:
    history.record_season(kind, season=step.season, by=by, at=at, number=step.number, letter=step.name, **detail)
