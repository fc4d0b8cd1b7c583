"""The four steps of a run, each of which commits what it did: begin, count, destroy, verify.

Locks are taken in the order district, reset, night, school resets, leaves by name; each step asks again whether the
run is still its own. A step returns True when the next may follow at once.
"""

from collections.abc import Callable
from datetime import datetime
from time import monotonic

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from districts import incoming, shards, year_counts
from districts.models import DistrictCounts, RosterSource, RosterSync
from districts.quantities import numbers
from exports import files
from resetportal import clock
from resets import (
    certificate,
    certificate_files,
    claims,
    counting,
    gates,
    history,
    last_export,
    ledger,
    nights,
    preconditions,
)
from resets.claims import Claim, LostClaim
from resets.failpoints import failpoint
from resets.models import HeldFor, LedgerEntry, Reset, SchoolReset, Status
from resets.preconditions import Obstacle
from resets.transitions import freeze_schools, hold, move


class KeptChanged(Exception):
    """Something that is kept changed while the destroying transaction ran; it is rolled back and tried again."""


def begin(claim: Claim, at: datetime) -> bool:
    """scheduled -> counting: waits for writers in flight, asks every precondition, freezes the schools."""
    with claims.owned(claim) as reset:
        if reset.due_from > at:
            raise LostClaim  # its date was moved after the claim was taken
        if not nights.may_begin(reset):
            claims.release(claim)
            return False
        if found := preconditions.obstacles(reset):
            hold(reset, found[0], by=claim.by, at=at)
            return False
        gates.shut(reset.district_id)
        freeze_schools(reset)
        move(reset, Status.COUNTING, started_at=at, started_by=claim.by)
        history.record("started", reset=reset, by=claim.by, at=at)
        failpoint("begin.before_commit")
    failpoint("begin.after_commit")
    return True


def count(claim: Claim, at: datetime) -> bool:
    """counting -> destroying: one grouped query a kind counts all schools; no writer can write meanwhile."""
    school_ids = _schools(claim.reset_id)
    counts = counting.by_school(claim.district_id, school_ids)
    failpoint("count.after_query")
    with claims.kept(claim), last_export.made(claim, counts) as finished:
        failpoint("count.after_export")
        is_counted = _record_counts(claim, counts, finished, at)
    failpoint("count.after_commit")
    return is_counted


def destroy(claim: Claim, at: datetime) -> bool:
    """destroying -> verifying, in one transaction: every school at once or none (W7)."""
    with claims.owned(claim) as reset:
        if found := preconditions.obstacles(reset):
            hold(reset, found[0], by=claim.by, at=at)
            return False
        shards.lock(reset.district_id)
        rows = shards.count(reset.district_id)
        if obstacle := _counts_changed(reset, rows) or last_export.missing(reset, rows):
            hold(reset, obstacle, by=claim.by, at=at)
            return False
        _destroy(reset, rows, by=claim.by, at=_now(at))
        failpoint("destroy.before_commit")
    failpoint("destroy.after_commit")
    return True


def verify(claim: Claim, at: datetime) -> bool:
    """verifying -> completed: an independent count must be zero and everything kept must be there."""
    rows = shards.count(claim.district_id)
    left = counting.by_school(claim.district_id, _schools(claim.reset_id))
    failpoint("verify.after_count")
    ledger.append(LedgerEntry.objects.get(reset=claim.reset_id))
    failpoint("ledger.after_append")
    incoming.remove(claim.district_id)
    files.remove(claim.district_id)
    if files.found(claim.district_id) and claim.attempt < settings.MAX_ATTEMPTS:
        raise files.StillThere  # a worker that was at work a moment ago; the last attempt says so instead
    failpoint("files.after_removal")
    with claims.owned(claim) as reset:
        if obstacle := _does_not_add_up(reset, rows):
            hold(reset, obstacle, by=claim.by, at=at)
            return False
        _complete(reset, left, by=claim.by, at=_now(at))
        failpoint("verify.before_commit")
    failpoint("verify.after_commit")
    return False


STEPS: dict[str, Callable[[Claim, datetime], bool]] = {
    Status.SCHEDULED: begin,
    Status.COUNTING: count,
    Status.DESTROYING: destroy,
    Status.VERIFYING: verify,
}


def _record_counts(claim: Claim, counts: counting.Counts, finished: last_export.Finished, at: datetime) -> bool:
    with claims.owned(claim) as reset:
        at = _now(at)
        if obstacle := last_export.publish(reset, finished, by=claim.by, at=at):
            hold(reset, obstacle, by=claim.by, at=at)
            return False
        parts = list(reset.schools.all())
        for part in parts:
            part.before = counts[part.school_id]
            part.rows_before = sum(part.before.values())
            part.step = SchoolReset.Step.COUNTED
        SchoolReset.objects.bulk_update(parts, ["before", "rows_before", "step"])
        move(reset, Status.DESTROYING, counted_at=at, counted_by=claim.by)
        rows = sum(part.rows_before for part in parts)
        history.record("counted", reset=reset, by=claim.by, at=at, rows=rows, schools=len(parts) - 1)
        failpoint("count.before_commit")
    return True


def _destroy(reset: Reset, rows: dict[str, int], *, by: str, at: datetime) -> None:
    kept, checksums = counting.kept(reset.district), counting.checksums(reset.district)
    proofs = certificate_files.proofs(reset, at=at)
    failpoint("destroy.before_truncate")
    year_counts.keep(reset.district_id, reset.season.school_year)
    begun = monotonic()
    shards.destroy(reset.district_id)
    seconds = monotonic() - begun
    if counting.checksums(reset.district) != checksums:
        raise KeptChanged
    reset.destroyed_at, reset.destroyed_by = at, by
    ledger.enter(reset, rows)
    parts = _mark_reset(reset)
    _forget(reset, by=by, at=at)
    move(reset, Status.VERIFYING, kept=kept, destroying_seconds=seconds, destroyed_at=at, destroyed_by=by)
    total = sum(rows.values())
    said = {"rows": total, "schools": len(parts) - 1, "proof": proofs}
    history.record("destroyed", reset=reset, by=by, at=at, **said)


def _mark_reset(reset: Reset) -> list[SchoolReset]:
    """Every school is reset at once; its rows are those counted before, since the sums agree and nobody could write."""
    parts = list(reset.schools.all())
    for part in parts:
        part.acted = part.before
        part.step = SchoolReset.Step.RESET
    SchoolReset.objects.bulk_update(parts, ["acted", "step"])
    return parts


def _forget(reset: Reset, *, by: str, at: datetime) -> None:
    """What outside the shard speaks of the old year: the district's files, rosters that were not applied, the last
    one's digest, how far the source was read, the numbers, the gate's count."""
    incoming.void(reset.district_id, by=by, at=at)
    files.void(reset.district_id, keeps_last=reset.last_export_chosen_at is not None, by=by, at=at)
    files.keep_on(reset.district_id, hours=reset.season.rules.last_export_hours, at=at)
    source = RosterSource.objects.filter(pk=reset.district_id)
    source.update(changed_from=None, claim=F("claim") + 1, claimed_until=None)  # whoever reads a roster has lost it
    RosterSync.objects.filter(district=reset.district_id).update(digest="")
    DistrictCounts.objects.filter(pk=reset.district_id).update(
        students=0,
        accounts=0,
        active_students=0,
        classrooms=0,
        minutes=0,
        lessons=0,
        last_activity_on=None,
        math_last_on=None,
        facts_last_on=None,
    )
    number, year = reset.district.gate.resets + 1, reset.season.school_year
    gates.count_reset(reset.district_id, resets=number, closed_year=year, at=at, by=by)


def _complete(reset: Reset, left: counting.Counts, *, by: str, at: datetime) -> None:
    parts = list(reset.schools.all())
    for part in parts:
        part.left = left[part.school_id]
        part.rows_left = sum(part.left.values())
        part.step = SchoolReset.Step.VERIFIED
    SchoolReset.objects.bulk_update(parts, ["left", "rows_left", "step"])
    move(reset, Status.COMPLETED, verified_at=at, verified_by=by, completed_at=at, completed_by=by)
    history.record("verified", reset=reset, by=by, at=at)
    history.record("completed", reset=reset, by=by, at=at)
    certificate.issue(reset, at=at, by=by)
    last_export.tell(reset, at=at)
    if reset.season.rules.resumes_on == "reset_complete":
        gates.resume(reset.district_id, at=at, by=by)
        history.record("resumed_by_policy", reset=reset, by=by, at=at)


def _counts_changed(reset: Reset, rows: dict[str, int]) -> Obstacle | None:
    """The schools' counts against all rows of every leaf, under the lock: a difference means that somebody wrote."""
    before = counting.by_kind({part.school_id: part.before for part in reset.schools.all()})
    changed = counting.differences(before, rows)
    if not changed:
        return None
    kind, first, second = changed[0]
    why = f"The count of {history.words_of(kind)} changed between two reads: {first:,} and {second:,}."
    return Obstacle(HeldFor.COUNTS, f"{why} Nothing was deleted.", "Find the writer, then retry.")


def _does_not_add_up(reset: Reset, rows: dict[str, int]) -> Obstacle | None:
    left, lacking = _("{what}: {number} left"), _("{what}: {number} missing of what is kept")
    problems = [
        left.format(what=history.words_of(kind), number=numbers(rows[kind])) for kind in sorted(rows) if rows[kind]
    ]
    missing = counting.lost(reset.kept, counting.kept(reset.district))
    problems += [lacking.format(what=kind, number=numbers(number)) for kind, number in missing.items()]
    if rosters := incoming.found(reset.district_id):
        problems.append(_("roster files: {number} left on the disk").format(number=numbers(len(rosters))))
    if exports := files.found(reset.district_id):
        problems.append(_("export files: {number} left in the storage").format(number=numbers(len(exports))))
    if not problems:
        return None
    why = _("The reset ran, but does not add up. {problems}.").format(problems="; ".join(problems).capitalize())
    return Obstacle(HeldFor.VERIFICATION, why, _("An engineer finds out why, then has it verified again."))


def _now(at: datetime) -> datetime:
    """When a step is recorded: at its end, not when it was claimed. The demo may run for a time that lies ahead."""
    return max(at, clock.now())


def _schools(reset_id: int) -> list[int]:
    rows = SchoolReset.objects.filter(reset=reset_id, school__isnull=False)
    return [pk for pk in rows.values_list("school", flat=True) if pk]
