"""A season's life: opened with a default for every district, and changed after a preview."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import District, SchoolYear
from resets import gates, history, letters, policy, telling
from resets.calendars import calendar_of
from resets.models import Answer, Reset, Season, Status
from resets.policy import Move, Policy, PolicyError
from resets.policy_words import differences
from resets.services import NotPossible, ReasonMissing, Refused, Stale

EARLIER = gettext_lazy("Its reset of an earlier season is not over: finish that first, then give it a date.")


class AlreadyOpen(Exception):
    """The season is open; its defaults change only by `change_policy`, after a preview."""


def season_now() -> Season | None:
    """The season whose resets are looked after now: the newest that was opened. None before the first."""
    return Season.objects.filter(opened_at__isnull=False).order_by("-school_year").first()


def reset_now(district: District) -> Reset | None:
    """What a district's pages are about: its reset of the season now, or one of an earlier season that is not over."""
    season = season_now()
    if season is None:
        return None
    rows = Reset.objects.filter(district=district).select_related("season")
    return rows.filter(season=season).first() or rows.unfinished_before(season).first()


def season_of(district: District) -> Season | None:
    """The season that a district's pages are about: that of `reset_now`, else the one looked after now."""
    reset = reset_now(district)
    return reset.season if reset else season_now()


def seasons_looked_after(*, completed_after: datetime) -> list[Season]:
    """That one, and earlier ones that still have something to tell: a reset to come, or one completed lately."""
    newest = season_now()
    unfinished = Reset.objects.exclude(status=Status.COMPLETED)
    lately = Reset.objects.filter(completed_at__gte=completed_after)
    rows = Season.objects.filter(opened_at__isnull=False).order_by("school_year")
    told = Q(pk=newest.pk if newest else None) | Exists(unfinished.filter(season=OuterRef("pk")))
    return list(rows.filter(told | Exists(lately.filter(season=OuterRef("pk")))))


@transaction.atomic
def draft_season(*, policy: Policy, by: Any, at: datetime, source: str) -> Season:
    """A season that can be looked at and changed before it opens. `source`: the rules that it starts from, in words.

    Raises AlreadyOpen for a season that is open; a draft of the same year is replaced.
    """
    season = Season.objects.select_for_update().filter(school_year=policy.school_year).first()
    if season and season.opened_at:
        raise AlreadyOpen(_("{opened_by} opened {season} already.").format(opened_by=season.opened_by, season=season))
    season = season or Season(school_year=policy.school_year)
    season.policy = policy.to_data()
    season.save()
    history.record_season("drafted", season=season, by=by, at=at, source=source)
    return season


def districts_of_season(season: Season) -> list[District]:
    """Districts that hold student data and wait for no earlier reset, with what the rules read, in three queries."""
    years = SchoolYear.objects.filter(name=season.school_year)
    rows = District.objects.filter(_free_for(season), counts__accounts__gt=0).select_related("gate", "counts", "csm")
    return list(rows.prefetch_related(Prefetch("school_years", years), "holds"))


def left_out(season: Season) -> list[District]:
    """Districts with student data, or just reset, that get no default since an earlier reset of theirs is not over."""
    return list(District.objects.exclude(_free_for(season)).exclude(pk__in=season.resets.values("district")))


def waiting_among(districts: Iterable[District], season: Season) -> tuple[list[District], list[District]]:
    """Of those left out, whoever waits for rostering with its syncs paused; then the others: held, or not run yet."""
    rows = Reset.objects.unfinished_before(season).exclude(status=Status.COMPLETED)
    unrun = set(rows.values_list("district_id", flat=True))
    all_of_them = list(districts)
    return [each for each in all_of_them if each.pk not in unrun], [each for each in all_of_them if each.pk in unrun]


def not_free(season: Season, ids: Iterable[int]) -> frozenset[int]:
    """Those of some districts that can get no date in a season yet (EARLIER)."""
    return frozenset(District.objects.exclude(_free_for(season)).filter(pk__in=ids).values_list("pk", flat=True))


def _free_for(season: Season) -> Q:
    """Neither held in an earlier season nor waiting for rostering after it: a gate serves one reset at a time."""
    unfinished = Reset.objects.exclude(season=season).exclude(status=Status.COMPLETED).values("district")
    waiting = Q(gate__pauses_on__isnull=False, gate__resumed_at=None)
    own = Q(pk__in=season.resets.values("district"))
    return ~Q(pk__in=unfinished) & (~waiting | own)


@transaction.atomic
def open_season(*, season: Season, by: Any, at: datetime) -> list[Reset]:
    """Gives every district that holds student data its default (W2). Raises Refused, AlreadyOpen, NotPossible.

    A default for which it is too late in a district's own zone is not stored; such a district is left out.
    """
    season = Season.objects.select_for_update().get(pk=season.pk)
    if season.opened_at:
        raise AlreadyOpen(_("{opened_by} opened {season} already.").format(opened_by=season.opened_by, season=season))
    districts = districts_of_season(season)
    findings = policy.opening(season.rules, now=at, zones={district.zone for district in districts})
    if findings:
        raise Refused(*findings)
    if not districts and left_out(season):
        raise NotPossible(_("No district is free for it: the resets of an earlier season are not over."))
    season.opened_at, season.opened_by = at, str(by)
    season.save(update_fields=["opened_at", "opened_by"])
    resets = _add(districts, season, by=by, at=at)
    history.record_season("opened", season=season, by=by, at=at, districts=len(resets))
    letters.ensure_sequence(season=season, by=by, at=at)
    return resets


@transaction.atomic
def add_district(*, season: Season, district: District, to: date, by: Any, at: datetime, reason: str = "") -> Reset:
    """Gives a district that came after the opening a date of its own (W2).

    Raises Refused, ReasonMissing, NotPossible while an earlier reset is not over, Stale if it has a date by now.
    """
    season = Season.objects.select_for_update().get(pk=season.pk)
    _may_be_added(season, district)
    judgement = policy.judge(
        to, policy=season.rules, calendar=calendar_of(district, season.school_year), now=at, role=by.role
    )
    finding = policy.may_set(by.role, policy=season.rules, csm=str(district.csm or _("a CSM lead")))
    if finding or judgement.refused:
        raise Refused(*([finding] if finding else judgement.findings))
    if judgement.needs_reason and not reason.strip():
        raise ReasonMissing(judgement)
    reset = _unsaved(season, district, to, by=by, at=at)
    reset.is_default, reset.reason, reset.added_at, reset.added_by = False, reason, at, str(by)
    reset.save(force_insert=True)
    gates.pause_from(district.pk, to)
    history.record("added", reset=reset, by=by, at=at, to=to, reason=reason)
    return reset


def _may_be_added(season: Season, district: District) -> None:
    there = season.resets.filter(district=district).first()
    if there:
        raise Stale(
            _("{date_set_by} set it to {date} meanwhile. Look again.").format(
                date_set_by=there.date_set_by, date=policy.spoken(there.date)
            )
        )
    if not season.opened_at:
        raise NotPossible(_("The season of {season} is not open yet.").format(season=season))
    if not District.objects.filter(_free_for(season), pk=district.pk).exists():
        raise NotPossible(EARLIER)


def standing(season: Season) -> list[tuple[policy.Row, District]]:
    """A season's districts with their dates as they stand; a draft's districts have none yet."""
    if season.opened_at:
        resets = _resets(season)
        return list(zip(rows_of(resets, season), (reset.district for reset in resets), strict=True))
    return [
        (policy.Row(district.pk, None, False, False, calendar_of(district, season.school_year)), district)
        for district in districts_of_season(season)
    ]


@transaction.atomic
def change_policy(
    *, season: Season, after: Policy, by: Any, at: datetime, seen: Policy | None = None
) -> tuple[Move, ...]:
    """Changes a season's policy; once it is open, unanswered defaults move with it, and nothing else (W9).

    `seen`: the policy that the form was opened with. Raises Stale if it is another by now, PolicyError for
    the policy of another year.
    """
    season = Season.objects.select_for_update().get(pk=season.pk)
    if after.school_year != season.school_year:
        raise PolicyError(
            (("school_year", _("must stay {season}: another year is another season.").format(season=season)),)
        )
    if seen is not None and seen != season.rules:
        raise Stale(_("Somebody changed the rules meanwhile. Look again."))
    return _changed(season, after, by=by, at=at)


def _changed(season: Season, after: Policy, *, by: Any, at: datetime) -> tuple[Move, ...]:
    changes = differences(season.rules, after)
    if not changes:
        return ()
    resets = {reset.pk: reset for reset in _resets(season, lock=True)} if season.opened_at else {}
    planned = policy.moves(season.rules, after, rows_of(resets.values(), season), now=at)
    season.policy = after.to_data()
    season.save(update_fields=["policy"])
    moved = []
    for move in planned:
        if move.moves and move.after and isinstance(move.key, int):
            _move_default(resets[move.key], move.after, by=by, at=at)
            moved.append(resets[move.key])
    telling.of_defaults(resets=moved, by=by, at=at)
    history.record_season("changed", season=season, by=by, at=at, changes=changes, moved=len(moved))
    return planned


def rows_of(resets: Iterable[Reset], season: Season) -> list[policy.Row]:
    """Resets in the form in which the rules compare policies."""
    return [
        policy.Row(
            key=reset.pk,
            day=reset.date,
            is_default=reset.is_default,
            answered=reset.answer != Answer.NONE,
            calendar=calendar_of(reset.district, season.school_year),
        )
        for reset in resets
    ]


def _resets(season: Season, *, lock: bool = False) -> list[Reset]:
    years = SchoolYear.objects.filter(name=season.school_year)
    rows = season.resets.filter(status=Status.SCHEDULED).select_related("district__gate")
    rows = rows.prefetch_related(Prefetch("district__school_years", years), "district__holds").order_by("pk")
    return list(rows.select_for_update(of=("self",)) if lock else rows)


def _add(districts: list[District], season: Season, *, by: Any, at: datetime) -> list[Reset]:
    resets = []
    for district in districts:
        calendar = calendar_of(district, season.school_year)
        day = policy.default_for(policy=season.rules, calendar=calendar, now=at)
        if day:
            resets.append(_unsaved(season, district, day, by=by, at=at))
    Reset.objects.bulk_create(resets)
    for day in {reset.date for reset in resets}:
        gates.pause_all_from([reset.district_id for reset in resets if reset.date == day], day)
    history.record_many("opened", resets, by=by, at=at)
    return resets


def _unsaved(season: Season, district: District, day: date, *, by: Any, at: datetime) -> Reset:
    calendar = calendar_of(district, season.school_year)
    return Reset(
        season=season,
        district=district,
        date=day,
        due_from=policy.starts_at(day, calendar),
        date_set_at=at,
        date_set_by=str(by),
    )


def _move_default(reset: Reset, to: date, *, by: Any, at: datetime) -> None:
    before = reset.date
    reset.date, reset.date_set_at, reset.date_set_by = to, at, str(by)
    reset.due_from = policy.starts_at(to, calendar_of(reset.district, reset.season.school_year))
    reset.version += 1
    reset.claim, reset.claimed_until = reset.claim + 1, None
    reset.save(update_fields=["date", "date_set_at", "date_set_by", "due_from", "version", "claim", "claimed_until"])
    gates.pause_from(reset.district_id, to)
    history.record("default_moved", reset=reset, by=by, at=at, of=before, to=to)
