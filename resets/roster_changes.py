"""The list of what a roster changes, as its page shows it: with names for the district's own admin alone."""

from collections import Counter
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from districts import incoming
from districts.models import RosterFile
from districts.roster import changes
from resets.rosters_page import KINDS, LEAVES, place_of, words_of

ACTIONS = ("added", "changed", "removed")
SUMS = 200  # rows of the summed list on the page, those of most changes
WHAT = {
    "first_name": gettext_noop("first name"),
    "last_name": gettext_noop("last name"),
    "middle_name": gettext_noop("middle name"),
    "grade_level": gettext_noop("grade"),
    "school_id": gettext_noop("school"),
    "is_deactivated": gettext_noop("active again"),
    "deactivated_at": gettext_noop("active again"),
    "left_roster_on": gettext_noop("in the roster or not"),
    "email": gettext_noop("email address"),
    "username": gettext_noop("user name"),
}


def read(file: RosterFile, asked: QueryDict, *, with_names: bool) -> dict[str, Any]:
    """One page of a roster's list. In the address: `kind`, `action`, `changes` (the page's number)."""
    kind = _known(asked.get("kind"), KINDS)
    action = _known(asked.get("action"), ACTIONS)
    path = incoming.changes_path(file)
    page = _page(asked.get("changes"))
    listed = changes.read(path, kind=kind, action=action, page=page)
    context: dict[str, Any] = {
        "of": file,
        "kind": kind,
        "action": action,
        "kinds": _chips(_sum(listed.totals, 0), KINDS, "kind", kind, action),
        "actions": _chips(_sum(listed.totals, 1, kind), ACTIONS, "action", action, kind),
        "found": listed.found,
        "is_any": bool(listed.totals),
        "with_names": with_names,
    }
    pages = listed.pages
    if with_names:
        context["rows"] = [_row(each) | {"label": each.label, "sourced_id": each.sourced_id} for each in listed.rows]
    else:
        sums = _sums(changes.summed(path, kind=kind, action=action))
        pages = max(1, -(-len(sums) // changes.PAGE))
        context["sums"] = sums[(page - 1) * changes.PAGE : page * changes.PAGE]
    query = f"kind={kind}&action={action}"
    return context | {
        "page": page,
        "pages": pages,
        "before": f"?{query}&changes={page - 1}#changes" if page > 1 else "",
        "after": f"?{query}&changes={page + 1}#changes" if page < pages else "",
    }


def _row(change: changes.Change | changes.Same) -> dict[str, Any]:
    return {
        "kind": words_of(change.kind),
        "action": _(_HOW[how(change.kind, change.action)]),
        "school": change.school or _("No school"),
        "what": ", ".join(_(WHAT.get(column, column.replace("_", " "))) for column in change.what),
    }


def _sums(found: Counter[changes.Same]) -> list[dict[str, Any]]:
    """The most frequent changes, kind by kind; rows are told apart by everything but whom they are about."""
    order = sorted(found.most_common(SUMS), key=lambda each: (place_of(each[0].kind), each[0].action, -each[1]))
    return [_row(same) | {"number": number} for same, number in order]


def how(kind: str, action: str) -> str:
    """What happens to a row: users who leave a roster are deactivated, other rows removed."""
    return LEAVES.get(kind, "removed") if action == "removed" else action


_HOW = {
    "added": gettext_noop("added"),
    "changed": gettext_noop("changed"),
    "removed": gettext_noop("removed"),
    "deactivated": gettext_noop("deactivated"),
}
_CHIPS = {"added": gettext_noop("Added"), "changed": gettext_noop("Changed"), "removed": gettext_noop("Removed")}


def _sum(totals: Counter[tuple[str, str]], place: int, kind: str = "") -> dict[str, int]:
    found: dict[str, int] = {}
    for key, number in totals.items():
        if kind in ("", key[0]):
            found[key[place]] = found.get(key[place], 0) + number
    return found


def _chips(found: dict[str, int], keys: tuple[str, ...], name: str, here: str, other: str) -> list[dict[str, Any]]:
    every = [("", _("All"), sum(found.values()))]
    some = [(key, words_of(key) if name == "kind" else _(_CHIPS[key]), found[key]) for key in keys if key in found]
    pair = ("kind={}&action={}", "kind={1}&action={0}")[name == "action"]
    return [
        {"label": label, "count": number, "url": f"?{pair.format(key, other)}#changes", "here": key == here}
        for key, label, number in [*every, *some]
    ]


def _known(value: str | None, keys: tuple[str, ...]) -> str:
    return value if value in keys else ""


def _page(value: str | None) -> int:
    return min(int(value), 1_000_000) if value and value.isascii() and value.isdigit() and int(value) else 1
