"""What the page of a district's rosters shows: the rosters that wait for a person, and the nights, in words."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext_lazy

from districts import disposition, gate, holding, incoming, rostering
from districts.models import District, RosterFile, RosterSync
from districts.moments import clock_time, moment, stamp
from districts.quantities import numbers
from resetportal import clock
from resets.policy import spoken

Outcome, State = RosterSync.Outcome, RosterFile.State
ON_A_PAGE = 25
SHAPES = {
    Outcome.APPLIED: "done",
    Outcome.UNCHANGED: "quiet",
    Outcome.REFUSED: "refused",
    Outcome.PAUSED: "held",
    Outcome.ON_HOLD: "held",
    Outcome.REHEARSED: "quiet",
    Outcome.UNREACHED: "refused",
}
TITLES = {
    State.WAITING: ("now", gettext_noop("Being read"), gettext_noop("A roster is being read")),
    State.REHEARSED: ("quiet", gettext_noop("Rehearsed"), gettext_noop("A roster was rehearsed")),
    State.ON_HOLD: ("held", gettext_noop("On hold"), gettext_noop("A roster is on hold")),
}
KINDS = ("school", "educator", "educatorrole", "student", "classroom", "classroomteacher", "enrollment")
LEAVES = {"student": "deactivated", "educator": "deactivated"}


def waiting(district: District, *, role: str) -> list[dict[str, Any]]:
    """The rosters that are not at their end, each as one card; three queries, and the guard's for each."""
    files = list(RosterFile.objects.filter(district=district, state__in=RosterFile.OPEN))
    read: dict[int | None, RosterSync] = {}
    for sync in RosterSync.objects.filter(file__in=files).order_by("finished_at", "id"):
        read[sync.file_id] = sync
    return [card(file, read.get(file.pk), district, role) for file in files]


def card(file: RosterFile, sync: RosterSync | None, district: District, role: str) -> dict[str, Any]:
    """One roster that waits: `reasons` to look first, `rows` of counts by kind, `obstacle` to applying it."""
    kind, word, title = TITLES[State(file.state)]
    is_read = sync is not None and file.state != State.WAITING
    return {
        "file": file,
        "kind": kind,
        "word": _(word),
        "title": _(title),
        "is_waiting": file.state == State.WAITING,
        "came": f"{file.received_by}, {moment(file.received_at, district.zone)}",
        "size": size(file.size),
        "sync": sync if is_read else None,
        "reasons": list(sync.concerns) if sync and is_read else [],
        "rows": counts(sync) if sync and is_read else [],
        "obstacle": obstacle(file) if is_read else "",
        "may_decide": role in DECIDE and is_read,
        "steps": steps(file) if file.state == State.WAITING else [],
    }


def steps(file: RosterFile) -> list[dict[str, str]]:
    """How far a roster that is being read has come, as `components/checklist.html` takes it."""
    last = _("Nothing changes.") if file.wish == RosterFile.Wish.REHEARSE else _("Applied whole, or not at all.")
    return [
        {
            "kind": "done",
            "title": _("It has come"),
            "text": _("{size}, kept until it is applied or discarded.").format(size=size(file.size)),
        },
        {"kind": "now", "title": _("Read and compared"), "text": _("Every row, with what the district holds.")},
        {
            "kind": "next",
            "title": _("Decided"),
            "text": _("{last} What speaks against it is shown here.").format(last=last),
        },
    ]


DECIDE = ("csm", "csm_lead", "district_admin")


def approved(file: RosterFile) -> str:
    """Who let a roster with reasons against it be applied, and why."""
    return (
        _("{approved_by} approved it: {why}").format(approved_by=file.approved_by, why=file.why)
        if file.approved_at
        else ""
    )


def obstacle(file: RosterFile) -> str:
    """Why a roster cannot be applied now, whoever wishes it: the pause, or W11; "" when it can."""
    try:
        return rostering.too_early(file)
    except gate.Paused as paused:
        return _("{paused} It can be applied after that.").format(paused=paused)


def counts(sync: RosterSync) -> list[dict[str, Any]]:
    """A reading's counts by kind in the order of KINDS: label, added, changed, removed, unchanged."""
    return [{"label": words_of(kind), **sync.counts[kind]} for kind in sorted(sync.counts, key=place_of)]


def place_of(kind: str) -> int:
    """Where a kind stands in the order of KINDS; one that is not among them comes last."""
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def words_of(kind: str) -> str:
    """A kind of rows as a heading: `Student accounts`."""
    said = disposition.words_of(kind)
    return said[:1].upper() + said[1:]


def would(sync: RosterSync | None) -> list[tuple[str, str]]:
    """What applying a rehearsed or held roster does, as sentences by icon."""
    if sync is None:
        return []
    said = []
    for kind in sorted(sync.counts, key=place_of):
        parts = _parts(kind, sync.counts[kind])
        if parts:
            said.append(
                (
                    "trash" if sync.counts[kind].get("removed") else "sync",
                    _("{kind}: {what}.").format(kind=words_of(kind), what=parts),
                )
            )
    return said or [("sync", _("Nothing in the district changes."))]


def _parts(kind: str, found: dict[str, int]) -> str:
    how = (("added", "added"), ("changed", "changed"), ("removed", LEAVES.get(kind, "removed")))
    return ", ".join(
        _PARTS[word].format(count=found[key], number=numbers(found[key])) for key, word in how if found.get(key)
    )


_PARTS = {
    "added": ngettext_lazy("{number} added", "{number} added", "count"),
    "changed": ngettext_lazy("{number} changed", "{number} changed", "count"),
    "removed": ngettext_lazy("{number} removed", "{number} removed", "count"),
    "deactivated": ngettext_lazy("{number} deactivated", "{number} deactivated", "count"),
}


def size(number: int) -> str:
    """A file's size as people say it."""
    return f"{number / 1_000_000:,.1f} MB" if number >= 1_000_000 else f"{max(1, round(number / 1000)):,} KB"


def chips(district: District, here: str) -> list[dict[str, Any]]:
    """Filters of the nights by outcome, with their counts."""
    rows = RosterSync.objects.filter(district=district).order_by().values_list("outcome").annotate(Count("pk"))
    found = dict(rows)
    shown = [(outcome, found.get(outcome, 0)) for outcome in Outcome.values if found.get(outcome) or outcome == here]
    every = {"label": _("All"), "count": sum(found.values()), "url": "?#nights", "here": not here}
    return [every, *(_chip(outcome, count, here) for outcome, count in shown)]


def _chip(outcome: str, count: int, here: str) -> dict[str, Any]:
    label = str(Outcome(outcome).label)
    return {"label": label, "count": count, "url": f"?outcome={outcome}#nights", "here": outcome == here}


def nights(district: District, *, outcome: str, page: str | None) -> Any:
    """One page of the district's readings, newest first: Django's Page, with `rows` as the table takes them."""
    rows = RosterSync.objects.filter(district=district).select_related("file")
    if outcome:
        rows = rows.filter(outcome=outcome)
    found = Paginator(rows, ON_A_PAGE).get_page(page)
    return found, [night(sync, district) for sync in found]


def night(sync: RosterSync, district: District) -> dict[str, Any]:
    """One reading as a row: when, how it ended, and what it did or why it did nothing."""
    return {
        "day": spoken(clock.local_date(district.zone, sync.finished_at)),
        "time": clock_time(sync.finished_at, district.zone),
        "read_at": stamp(sync.finished_at, district.zone),
        "by": sync.finished_by,
        "kind": SHAPES[Outcome(sync.outcome)],
        "word": sync.get_outcome_display(),
        "did": did(sync),
        "message": "" if sync.outcome == Outcome.APPLIED else sync.message,
        "approved": approved(sync.file) if sync.file and sync.outcome == Outcome.APPLIED else "",
        "school_year": sync.school_year,
        "source": sync.source_name,
        "mode": sync.get_mode_display() if sync.mode else "",
        "warnings": sync.warnings,
    }


def did(sync: RosterSync) -> list[str]:
    """What a reading did, or would have done, kind by kind; kinds that stayed as they were are left out."""
    said = ((words_of(kind), _parts(kind, sync.counts[kind])) for kind in KINDS if kind in sync.counts)
    return [_("{kind}: {what}").format(kind=label, what=parts) for label, parts in said if parts]


def at_hand(files: Iterable[RosterFile], district: District) -> RosterFile | None:
    """The roster whose list of changes is shown: one that waits for a person, else the last that was applied."""
    last = RosterFile.objects.filter(district=district, state=State.APPLIED).first()
    candidates = [file for file in files if file.state != State.WAITING]
    return next((file for file in [*candidates, *([last] if last else [])] if _is_listed(file)), None)


def _is_listed(file: RosterFile) -> bool:
    return incoming.changes_path(file).exists()


def needs_reason(file: RosterFile) -> bool:
    """Whether a person who applies this roster must say why."""
    return bool(holding.concerns_of(file))


def is_reading(files: Iterable[dict[str, Any]]) -> bool:
    """Whether the page has to look again by itself."""
    return any(each["is_waiting"] for each in files)
