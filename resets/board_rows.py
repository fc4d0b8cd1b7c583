"""The rows of My districts as its templates take them: numbers, chips, groups, and each row's next step."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from districts import quantities
from resets import answers, board_order, permitted, policy, proof_words, risks, run_days
from resets.board import Entry
from resets.board_order import FILTERS, NUMBERED, SORTS
from resets.models import Status
from resets.risks import Risk

Pair = tuple[str, str]

TITLES = {
    board_order.AT_RISK: (
        gettext_noop("At risk"),
        gettext_noop("Goes wrong unless somebody acts. Each run starts in its district’s own time zone"),
    ),
    board_order.HELD: (gettext_noop("Held"), gettext_noop("Stopped for a person, with the reason on its page")),
    board_order.RUNNING: (gettext_noop("Running or due"), gettext_noop("Its hour has come")),
    board_order.EARLIER: (gettext_noop("Before the default"), ""),
    board_order.LATER: (gettext_noop("After the default"), ""),
    board_order.WAITING: (
        gettext_noop("Waiting for rostering"),
        gettext_noop("Reset; syncs stay paused until rostering is complete"),
    ),
    board_order.OVER: (gettext_noop("Over"), gettext_noop("Reset, and syncs are on again")),
    board_order.DATELESS: (
        gettext_noop("No reset date"),
        gettext_noop("Came after the season opened, or holds no student data"),
    ),
}


def _not_answered(silent: int) -> str:
    said = ngettext("{number} has not: its date stands", "{number} have not: their date stands", silent)
    return said.format(number=quantities.numbers(silent))


def numbers(entries: Sequence[Entry], here: str) -> list[dict[str, Any]]:
    """The season in numbers, each a filter: of those with a date in it; at risk and waiting, of an earlier one too."""
    dated = [entry for entry in entries if entry.is_of_season]
    reset = [entry for entry in entries if entry.is_reset]
    silent = sum(entry.is_silent for entry in dated)
    shown = (
        ("at-risk", _("At risk"), entries, _("Goes wrong unless you act")),
        (
            "answered",
            _("Answered"),
            dated,
            _not_answered(silent) if silent else _("Nobody is waited for"),
        ),
        ("default", _("On the default"), dated, _("No date of their own")),
        ("reset", _("Reset"), dated, _("Counted again: no student data is left")),
        ("waiting", _("Waiting for rostering"), reset, _("Syncs paused since their reset")),
    )
    return [_number(key, label, of, detail, here) for key, label, of, detail in shown]


def _number(key: str, label: str, of: Sequence[Entry], detail: str, here: str) -> dict[str, Any]:
    value = sum(board_order.KEYS[key].holds(entry) for entry in of)
    return {
        "label": label,
        "value": value,
        "of": len(of),
        "detail": detail if value or key != "at-risk" else _("Every date stands clear"),
        "url": f"?show={key}",
        "here": key == here,
        "at_risk": key == "at-risk" and value > 0,
    }


def chips(entries: Sequence[Entry], here: str, asked: QueryDict) -> list[dict[str, Any]]:
    """The filters that hold something, those that always stand, and the chosen one."""
    found = [(each, sum(each.holds(entry) for entry in entries)) for each in FILTERS]
    return [
        {"label": _(each.label), "count": count, "url": address(asked, show=each.key), "here": each.key == here}
        for each, count in found
        if each.stays or each.key == here or (count and each.key not in NUMBERED)
    ]


def sorts(here: str, asked: QueryDict) -> list[dict[str, Any]]:
    """The orders of the list, each an address."""
    return [
        {"label": _(each.label), "url": address(asked, sort=key), "here": key == here.removeprefix("-")}
        for key, each in SORTS.items()
    ]


HEADS = (
    ("name", gettext_noop("District and site code")),
    ("schools", gettext_noop("Schools")),
    ("students", gettext_noop("Students")),
    ("date", gettext_noop("Reset date")),
    ("session", gettext_noop("Session ends")),
    ("rostering", gettext_noop("Rostering starts")),
    ("answer", gettext_noop("Answer")),
    ("", gettext_noop("Export proof")),
    ("", gettext_noop("Syncs")),
    ("", gettext_noop("Next step")),
)
NUMBERS = {"schools", "students"}


def heads(here: str, asked: QueryDict) -> list[dict[str, Any]]:
    """The heads of the columns; one that sorts is an address, and pressed again turns the order round."""
    return [
        {"label": _(label), "is_number": key in NUMBERS} | (_head(key, here, asked) if key else {})
        for key, label in HEADS
    ]


def _head(key: str, here: str, asked: QueryDict) -> dict[str, Any]:
    if key != here.removeprefix("-"):
        return {"url": address(asked, sort=key), "sort": ""}
    is_turned = here.startswith("-")
    falls = SORTS[key].falls is not is_turned
    url = address(asked, sort=key if is_turned else f"-{key}")
    return {"url": url, "sort": "descending" if falls else "ascending"}


def address(asked: QueryDict, **changed: str) -> str:
    """The address of this list with other filters; a page's number is left behind."""
    query = asked.copy()
    query.pop("page", None)
    query.pop("d", None)
    for key, value in changed.items():
        query[key] = value
        if not value:
            del query[key]
    return f"?{query.urlencode()}"


def groups(page: Iterable[Entry], chosen: Iterable[Entry], *, sort: str, role: str) -> list[dict[str, Any]]:
    """The page's rows, under their stage's title where that is the order. `chosen`: the list through all its pages."""
    if sort:
        return [{"title": "", "rows": [row(entry, role) for entry in page]}]
    counts: dict[Any, int] = {}
    for entry in chosen:
        counts[_group_of(entry)] = counts.get(_group_of(entry), 0) + 1
    return [
        _titled(stage, day, counts[(stage, day)], [row(entry, role) for entry in some])
        for (stage, day), some in groupby(page, key=_group_of)
    ]


def _group_of(entry: Entry) -> tuple[int, date | None]:
    stage = board_order.stage_of(entry)
    return stage, entry.day if stage == board_order.DEFAULT else None


def _titled(stage: int, day: date | None, count: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    title, note = map(_, TITLES[stage]) if day is None else (policy.spoken(day), _("The default day"))
    return {"title": title, "note": note, "count": count, "rows": rows}


def row(entry: Entry, role: str) -> dict[str, Any]:
    """One district as `components/district_table.html` takes it."""
    why, counts = entry.risks(), entry.district.counts
    broken = {risk.rule for risk in why}
    return {
        "pk": entry.district.pk,
        "name": entry.district.name,
        "site_code": entry.district.site_code,
        "url": reverse("resets:district", args=[entry.district.site_code]),
        "schools": counts.schools,
        "students": counts.students,
        "day": entry.day,
        "run": run_days.of(entry.reset, entry.district.zone).run_words(entry.year) if entry.reset else "",
        "chosen": not entry.is_on_default,
        "earlier": str(entry.earlier or ""),
        "session_ends": entry.session_ends,
        "session_at_risk": "W6" in broken,
        "rostering_starts": entry.calendar.rostering_starts,
        "rostering_at_risk": "W3" in broken,
        "answer": answers.answer_of(entry.reset),
        "export": proof_words.state(entry),
        "syncs": entry.syncs,
        "next": next_step(entry, why, role),
        "reasons": [risk.sentence for risk in why],
    }


def next_step(entry: Entry, why: Sequence[Risk], role: str) -> Pair | None:
    """The one thing to do next, as words and an address; None where there is nothing for this role to do."""
    return next((step for step in _steps(entry, why, role)), None)


def _steps(entry: Entry, why: Sequence[Risk], role: str) -> Iterator[Pair]:
    reset, code = entry.reset, entry.district.site_code
    if reset and entry.status == Status.HELD:
        yield _("See why it is held"), reverse("resets:reset", args=[reset.pk])
    if reset and entry.is_running:
        yield _("Watch"), reverse("resets:reset", args=[reset.pk])
    if role not in permitted.WHO["choose"]:
        return
    yield from _waited_for(entry)
    if reset and entry.is_waiting and reset.data_ready_at and not permitted.obstacle_to("rostering_complete", reset):
        yield _("Rostering is complete"), reverse("resets:rosters", args=[code])
    yield from ((risk.cure, _where(entry, risk)) for risk in why if risk.cure)
    if reset and entry.is_waiting and not permitted.obstacle_to("rostering_complete", reset):
        yield _("Rostering is complete"), reverse("resets:district", args=[code])
    if reset and reset.is_editable:
        yield from _missing_before_the_reset(entry)
    if entry.has_roster_on_hold:
        yield _("Look at the roster"), reverse("resets:rosters", args=[code])
    if reset is None and entry.rules and entry.district.counts.students:
        yield _("Choose a date"), reverse("resets:choose", args=[code])


def _waited_for(entry: Entry) -> Iterator[Pair]:
    """What the district waits for: an answer to its request while one counts, to its question whenever it was asked."""
    reset, code = entry.reset, entry.district.site_code
    if reset and entry.wants:
        choose = reverse("resets:choose", args=[code])
        yield _("Answer {person}").format(person=reset.answered_by), f"{choose}?day={entry.wants.isoformat()}"
    if entry.question:
        yield _("Answer {person}").format(person=entry.question.asked_by), reverse("resets:district", args=[code])


def _missing_before_the_reset(entry: Entry) -> Iterator[Pair]:
    dates = reverse("resets:dates", args=[entry.district.site_code])
    if entry.is_unread:
        yield _("Add a contact"), reverse("resets:district", args=[entry.district.site_code])
    if entry.calendar.sessions_unknown:
        yield _("Enter the session dates"), dates
    if entry.calendar.rostering_starts is None:
        yield _("Enter the rostering start"), dates
    if proof_words.state(entry)[0] == "wait":
        yield risks.cure_of_proof(entry), reverse("resets:exports", args=[entry.district.site_code])


PLACES = {
    risks.BREAKS_RULE: "resets:dates",
    risks.DATES_MISSING: "resets:dates",
    risks.NO_PROOF: "resets:exports",
    risks.SYNC_STUCK: "resets:rosters",
    risks.NOT_RESET: "resets:district",
    risks.NOT_ROSTERED: "resets:district",
    risks.HELD: "resets:district",
    risks.NOT_ANSWERED: "resets:answer",
    risks.EARLIER: "resets:district",
}


def _where(entry: Entry, risk: Risk) -> str:
    """The page on which a risk is cured."""
    code = [entry.district.site_code]
    if risk.nearest:
        return f"{reverse('resets:choose', args=code)}?day={risk.nearest.isoformat()}"
    return reverse(PLACES[risk.key], args=code)
