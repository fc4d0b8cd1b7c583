"""Why a run may not start, or not go on to destroy. One guard: the pages show it, the services and the run stop on it.

Asked when the run begins and again in the destroying transaction, because months and minutes pass.
"""

from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext as _

from districts import shards
from districts.models import RosterSync
from exports import proof
from resetportal import clock
from resets import policy
from resets.calendars import calendar_of
from resets.models import HeldFor, Hold, Reset


@dataclass(frozen=True)
class Obstacle:
    """Why a reset is held (`why`, a sentence) and what a person can do about it (`cure`)."""

    held_for: HeldFor
    why: str
    cure: str


def obstacles(reset: Reset) -> list[Obstacle]:
    """Everything that forbids this run now, the gravest first; empty when it may go on."""
    guards = (broken_shard, records_hold, new_year_roster, missing_proof)
    return [found for guard in guards if (found := guard(reset))]


def broken_shard(reset: Reset) -> Obstacle | None:
    """A district whose leaves are not all there cannot be counted, so it cannot be destroyed."""
    if not shards.missing([reset.district_id]):
        return None
    return Obstacle(
        HeldFor.SHARD,
        _("A table of the district's student data is missing. Nothing was deleted."),
        _("An engineer runs manage.py repair_shards, then retries the reset."),
    )


def records_hold(reset: Reset) -> Obstacle | None:
    """34 CFR 99.10(e): nothing is destroyed while a request to inspect is open."""
    hold = Hold.objects.filter(district=reset.district_id, ended_at=None).first()
    if hold is None:
        return None
    since = clock.local_date(reset.district.zone, hold.placed_at)
    return Obstacle(
        HeldFor.RECORDS,
        _("A records hold is open since {since}: {reason} Nothing was deleted.").format(
            since=policy.spoken(since), reason=_sentence(hold.why)
        ),
        _("When the request is closed, end the hold on the district’s page; then choose the date again."),
    )


def _sentence(words: str) -> str:
    """A person's words with a stop at their end."""
    return words if words.rstrip().endswith((".", "!", "?")) else f"{words.rstrip()}."


def new_year_roster(reset: Reset) -> Obstacle | None:
    """W11: a roster of the new year came before the reset, so the reset would delete its students."""
    if reset.new_year_released_at:
        return None
    newest = RosterSync.objects.filter(
        district=reset.district_id,
        outcome=RosterSync.Outcome.APPLIED,
        generation=reset.district.gate.resets,
    ).aggregate(day=Max("local_day"), year=Max("school_year"))
    finding = newest["day"] and policy.new_year(
        newest["day"],
        newest["year"] or None,
        policy=reset.season.rules,
        calendar=calendar_of(reset.district, reset.season.school_year),
    )
    if not finding:
        return None
    return Obstacle(
        HeldFor.NEW_YEAR,
        _("{sentence} Nothing was deleted.").format(sentence=finding.sentence),
        _("Release it with your password: new-year accounts come back with the next full roster, their work does not."),
    )


def missing_proof(reset: Reset) -> Obstacle | None:
    """A season may ask that every product's export proves that nothing is lost; a chosen last export is as good.

    A district that holds no student has nothing to prove.
    """
    if not reset.season.rules.requires_export_proof:
        return None
    is_chosen = reset.last_export_chosen_at is not None
    proofs = proof.of(reset.district, at=clock.now(), last_chosen=is_chosen)
    lacking = [f"{each.name}: {each.sentence}" for each in proofs if not each.is_satisfied]
    if not lacking:
        return None
    return Obstacle(
        HeldFor.EXPORT,
        _("This season asks for proof that nothing is lost. {lacking} Nothing was deleted.").format(
            lacking=" ".join(lacking)
        ),
        _("Ask the district for its export, or to choose a last export; once it has, retry the reset."),
    )
