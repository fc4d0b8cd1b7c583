"""What people do to resets: each verb is one transaction with its history, told who and when. Refusals are raised."""

from copy import copy
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from districts import moments, notices
from districts.models import Notice
from resets import answers, gates, history, last_export, permitted, policy, telling
from resets.calendars import calendar_of
from resets.models import Answer, HeldFor, Hold, Reset, Status
from resets.policy import Finding, Judgement
from resets.preconditions import Obstacle
from resets.transitions import forget_run, freeze_schools, hold, unhold


class Refused(Exception):
    """A rule forbids it. `findings` name the rule, the dates that collided and the nearest day that would do."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        super().__init__(" ".join(f"{finding.sentence} ({finding.rule})" for finding in findings))


class NotPossible(Exception):
    """The reset is not in a state in which this can be done; the message says what can."""


class Stale(Exception):
    """Somebody changed the reset since the form was opened; nothing was overwritten."""


class ReasonMissing(Exception):
    """A rule asks for a reason, and none was given."""

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement
        super().__init__(_("Say why: {sentence}").format(sentence=judgement.sentence))


@transaction.atomic
def schedule(*, reset: Reset, to: date, by: Any, at: datetime, reason: str = "", version: int | None = None) -> Reset:
    """Sets the date of a reset (W1 to W6, W9, W10). `by` is a person; `version` the one her form was opened with.

    It agrees with a district that asked for this day. Any other day is none that it has answered for (W8).
    Raises Refused, ReasonMissing, Stale.
    """
    reset = _locked(reset)
    _may_set(reset, by)
    _has_not_begun(reset)
    _fresh(reset, version)
    _no_open_hold(reset)
    _judged(reset, to, by, at, reason)
    before = copy(reset)
    _put(reset, to, by=by, at=at, reason=reason, is_default=False)
    answers.take_a_date(reset, before, by=by, at=at)
    reset.save()
    history.record("date_set", reset=reset, by=by, at=at, of=before.date, to=to, reason=reason)
    telling.of_date(reset=reset, before=before, by=by, at=at)
    return reset


@transaction.atomic
def keep_default(*, reset: Reset, by: Any, at: datetime, day: date | None = None, version: int | None = None) -> Reset:
    """Records the answer *keep July 28*: the date and its mark stay as they are (W9).

    `day` and `version`: what the person read. Raises Refused, NotPossible, Stale.
    """
    reset = _locked(reset)
    _has_not_begun(reset)
    if reset.status == Status.HELD:
        raise NotPossible(_("The reset is held: its date is chosen again first, so there is none to keep yet."))
    _is_still_on(reset, day)
    _fresh(reset, version)
    if not reset.is_default:
        raise NotPossible(
            _("Its date, {date}, was chosen: there is no default to keep.").format(date=policy.spoken(reset.date))
        )
    if obstacle := permitted.obstacle_to_keeping(reset, of_vendor=permitted.is_vendors(by, reset.district)):
        raise NotPossible(obstacle)
    reset.asked_for, reset.asked_why = None, ""
    reset.version += 1  # a form that was opened before it has not seen this answer
    answers.take(reset, Answer.KEEPS, by=by, at=at)
    reset.save()
    history.record("kept_default", reset=reset, by=by, at=at, to=reset.date)
    return reset


@transaction.atomic
def ask_for(*, reset: Reset, day: date, by: Any, at: datetime, reason: str = "", version: int | None = None) -> Reset:
    """A district admin asks for another day; the date changes once the CSM agrees (W9).

    Raises Refused, Stale, NotPossible for the day that it has. For a held reset that day is asked for as any other.
    """
    reset = _locked(reset)
    _has_not_begun(reset)
    _fresh(reset, version)
    if answers.is_its_day(reset, day):
        raise NotPossible(answers.has_it(day))
    judgement = _judge(reset, day, at)
    if judgement.refused:
        raise Refused(*judgement.findings)
    reset.asked_for, reset.asked_why = day, reason
    reset.version += 1
    answers.take(reset, Answer.ASKS, by=by, at=at)
    reset.save()
    history.record("asked", reset=reset, by=by, at=at, to=day, reason=reason)
    return reset


@transaction.atomic
def choose_last_export(*, reset: Reset, by: Any, at: datetime) -> Reset:
    """A district admin has the run make a last export, once the writers are shut out and before anything is deleted.

    Raises NotPossible once the run has begun.
    """
    reset = _locked(reset)
    _possible("last_export", reset)
    if reset.last_export_chosen_at is None:
        _choose(reset, at, str(by))
        history.record("last_export_chosen", reset=reset, by=by, at=at)
    return reset


@transaction.atomic
def drop_last_export(*, reset: Reset, by: Any, at: datetime) -> Reset:
    """Takes that back: then no file outlives the reset. Raises NotPossible once the run has begun."""
    reset = _locked(reset)
    _possible("last_export", reset)
    if reset.last_export_chosen_at is not None:
        _choose(reset, None, None)
        last_export.drop(reset, by=str(by), at=at, why=_("{by} wants no last export.").format(by=by))
        history.record("last_export_dropped", reset=reset, by=by, at=at)
    return reset


def _choose(reset: Reset, at: datetime | None, by: str | None) -> None:
    reset.last_export_chosen_at, reset.last_export_chosen_by = at, by
    reset.save(update_fields=["last_export_chosen_at", "last_export_chosen_by"])


@transaction.atomic
def stop(*, reset: Reset, by: Any, at: datetime, reason: str) -> Reset:
    """Stops a reset before anything is deleted; it waits for a person. Raises NotPossible, ReasonMissing."""
    reset = _locked(reset)
    _possible("stop", reset)
    said(reason)
    why = _("{by} stopped it: {reason} Nothing was deleted.").format(by=by, reason=reason)
    hold(reset, Obstacle(HeldFor.STOPPED, why, _("Retry it, or choose another date.")), by=str(by), at=at)
    return reset


@transaction.atomic
def retry(*, reset: Reset, by: Any, at: datetime, reason: str) -> Reset:
    """Lets a held run go on: before the data was deleted from counting, after it to verifying only.

    All preconditions are asked again. Raises NotPossible, ReasonMissing.
    """
    reset = _locked(reset)
    _possible("retry", reset)
    said(reason)
    _go_on(reset)
    history.record("retried", reset=reset, by=by, at=at, reason=reason)
    return reset


@transaction.atomic
def release(*, reset: Reset, by: Any, at: datetime, reason: str) -> Reset:
    """Releases a run held for a roster of the new year (W11): its students are deleted with the old year's.

    The page asks for the password first. Raises NotPossible, ReasonMissing.
    """
    reset = _locked(reset)
    _possible("release", reset)
    said(reason)
    reset.new_year_released_at, reset.new_year_released_by = at, str(by)
    reset.save(update_fields=["new_year_released_at", "new_year_released_by"])
    _go_on(reset)
    history.record("released", reset=reset, by=by, at=at, reason=reason)
    return reset


@transaction.atomic
def say_data_is_ready(*, reset: Reset, by: Any, at: datetime) -> Reset:
    """A district admin asks for the syncs: its new data is ready. Its CSM is told, who declares rostering complete.

    Raises NotPossible before the reset is completed, and once it was said or declared.
    """
    reset = _locked(reset)
    _possible("data_ready", reset)
    reset.data_ready_at, reset.data_ready_by = at, str(by)
    reset.save(update_fields=["data_ready_at", "data_ready_by"])
    history.record("data_ready", reset=reset, by=by, at=at)
    said = {
        "about": reset.season.school_year,
        "text": _("{by} said so on {at}.").format(by=by, at=moments.moment(at, reset.district.zone)),
    }
    notices.give(reset.district, Notice.Kind.DATA_READY, **said, at=at)
    return reset


@transaction.atomic
def declare_rostering_complete(*, reset: Reset, by: Any, at: datetime) -> Reset:
    """Turns the district's syncs on again (I6); only after its reset is completed. Raises NotPossible."""
    reset = _locked(reset)
    _possible("rostering_complete", reset)
    reset.rostering_completed_at, reset.rostering_completed_by = at, str(by)
    reset.save(update_fields=["rostering_completed_at", "rostering_completed_by"])
    gates.resume(reset.district_id, at=at, by=str(by))
    history.record("resumed", reset=reset, by=by, at=at)
    return reset


def _locked(reset: Reset) -> Reset:
    """The row that promotion locks too, so that a change either happened before the run or is refused."""
    return Reset.objects.select_for_update(of=("self",)).select_related("season", "district__gate").get(pk=reset.pk)


def _judge(reset: Reset, to: date, at: datetime, role: str = "csm") -> Judgement:
    calendar = calendar_of(reset.district, reset.season.school_year)
    return policy.judge(to, policy=reset.season.rules, calendar=calendar, now=at, role=role)


def _judged(reset: Reset, to: date, by: Any, at: datetime, reason: str) -> None:
    judgement = _judge(reset, to, at, by.role)
    if judgement.refused:
        raise Refused(*judgement.findings)
    if judgement.needs_reason and not reason.strip():
        raise ReasonMissing(judgement)


def _may_set(reset: Reset, by: Any) -> None:
    csm = reset.district.csm
    finding = policy.may_set(by.role, policy=reset.season.rules, csm=str(csm) if csm else _("a CSM lead"))
    if finding:
        raise Refused(finding)


def _fresh(reset: Reset, version: int | None) -> None:
    if version is not None and version != reset.version:
        if reset.answered_at and reset.answered_at > reset.date_set_at:
            raise Stale(_("{answered_by} answered meanwhile. Look again.").format(answered_by=reset.answered_by))
        raise Stale(
            _("{date_set_by} set it to {date} meanwhile. Look again.").format(
                date_set_by=reset.date_set_by, date=policy.spoken(reset.date)
            )
        )


def _has_not_begun(reset: Reset) -> None:
    if not reset.is_editable:
        raise Refused(policy.already_started())


def _is_still_on(reset: Reset, day: date | None) -> None:
    """Whoever answers for a day answers for that day alone."""
    if day is not None and day != reset.date:
        moved = _("The date was changed meanwhile: it is {date} now. Look again.")
        raise Stale(moved.format(date=policy.spoken(reset.date)))


def _no_open_hold(reset: Reset) -> None:
    if reset.held_for == HeldFor.RECORDS and Hold.objects.filter(district=reset.district_id, ended_at=None).exists():
        raise NotPossible(permitted.ON_HOLD)


def _put(reset: Reset, to: date, *, by: Any, at: datetime, reason: str, is_default: bool) -> None:
    if reset.status == Status.HELD:
        unhold(reset, Status.SCHEDULED)
    forget_run(reset)
    reset.date, reset.is_default, reset.reason = to, is_default, reason
    reset.date_set_at, reset.date_set_by = at, str(by)
    reset.due_from = policy.starts_at(to, calendar_of(reset.district, reset.season.school_year))
    reset.version += 1
    gates.pause_from(reset.district_id, to)


def said(reason: str) -> None:
    """Refuses a change that nobody gives a reason for."""
    if not reason.strip():
        raise NotPossible(_("Say why: it is kept in the history."))


def _possible(verb: str, reset: Reset) -> None:
    if obstacle := permitted.obstacle_to(verb, reset):
        raise NotPossible(obstacle)


def _go_on(reset: Reset) -> None:
    if reset.is_destroyed:
        return unhold(reset, Status.VERIFYING)
    if reset.held_from == Status.SCHEDULED:
        return unhold(reset, Status.SCHEDULED)
    freeze_schools(reset)
    return unhold(reset, Status.COUNTING)
