"""The pages of what is done to many districts: which are chosen, what a preview shows, what a receipt tells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from districts.models import District
from exports.columns import ID, NUMBER, TEXT, Column
from resets import board, board_order, bulk, letter_fields
from resets.board import Entry
from resets.bulk import Line, Outcome
from resets.bulk_letters import Write
from resets.models import Receipt, Season

Kind = Receipt.Kind
AS_BOXES = 500  # refused districts of a receipt with a box each: a form with many more fields is not read
KINDS_OF_STATE = {
    Outcome.CHANGES: ("allowed", gettext_noop("Would change")),
    Outcome.REASON: ("reason", gettext_noop("Needs a reason")),
    Outcome.SAME: ("quiet", gettext_noop("No change")),
    Outcome.REFUSED: ("refused", gettext_noop("Refused")),
    Outcome.DONE: ("done", gettext_noop("Done")),
    Outcome.WAITING: ("wait", gettext_noop("Not known")),
}
LIST_PARAMETERS = ("show", "q", "sort", "page")


@dataclass(frozen=True)
class Chosen:
    """The districts that a request is about. `versions`: what their preview showed, None before there is one."""

    entries: list[Entry]
    versions: dict[int, int] | None

    @classmethod
    def of(cls, sent: QueryDict, user: Any, season: Season, *, at: datetime) -> Self:
        """What is not among the person's own districts is not there. Constant number of queries.

        `chosen`: ids with versions, of a preview; `all` with a list's `show` and `q`; else `d`, site codes.
        """
        mine = District.objects.visible_to(user)
        if "chosen" in sent:
            versions = _versions(sent.get("chosen", ""))
            return cls(board.entries(mine.filter(pk__in=versions), season, at=at), versions)
        if "all" in sent:
            return cls(_of_list(sent, board.entries(mine, season, at=at)), None)
        codes = [code for code in sent.getlist("d") if "\x00" not in code]
        return cls(board.entries(mine.filter(site_code__in=codes), season, at=at), None)


def _of_list(sent: QueryDict, entries: list[Entry]) -> list[Entry]:
    """All that a list shows, through all its pages."""
    show = sent.get("show", "")
    found = board_order.search(entries, sent.get("q", ""))
    return board_order.arranged(found, show=show if show in board_order.KEYS else "", sort="name")


def _versions(text: str) -> dict[int, int]:
    """`12:3 14:1` as ids and versions; what is not so is not there."""
    pairs = (pair.partition(":") for pair in text.split())
    return {int(key): int(version) for key, _colon, version in pairs if _is_number(key) and _is_number(version)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def carried(lines: Iterable[Line]) -> str:
    """What `Chosen.of` reads again: the districts with the versions that this preview shows."""
    return " ".join(f"{line.district.pk}:{line.version}" for line in lines)


def carried_entries(entries: Iterable[Entry]) -> str:
    """The same before there is a preview."""
    return " ".join(f"{entry.district.pk}:0" for entry in entries)


def list_address(sent: QueryDict, entries: Sequence[Entry]) -> str:
    """Back to the list as it was, with as many of the chosen ticked as an address can name."""
    query = QueryDict(mutable=True)
    for name in LIST_PARAMETERS:
        if sent.get(name):
            query[name] = sent.get(name, "")
    if len(entries) <= 100:
        query.setlist("d", [entry.district.site_code for entry in entries])
    address = reverse("resets:districts")
    return f"{address}?{query.urlencode()}" if query else address


def preview(lines: Sequence[Line]) -> dict[str, Any]:
    """The numbers and rows of a preview; needs_reason: of how many a rule asks why."""
    would = [line for line in lines if line.would_change]
    kept = [line for line in lines if not line.would_change]
    return {
        "rows": [_row(line) for line in lines],
        "would": len(would),
        "kept": len(kept),
        "refused": sum(line.outcome == Outcome.REFUSED for line in lines),
        "students": sum(line.district.counts.students for line in would),
        "needs_reason": sum(line.outcome == Outcome.REASON for line in lines),
    }


def _row(line: Line) -> dict[str, Any]:
    kind, word = KINDS_OF_STATE[line.outcome]
    return {
        "name": line.district.name,
        "site_code": line.district.site_code,
        "url": reverse("resets:district", args=[line.district.site_code]),
        "kind": kind,
        "word": _(word),
        "change": line.change,
        "sentence": line.sentence,
        "rules": line.rules,
    }


def sample(wish: Write, entries: Sequence[Entry], wanted: str, *, at: datetime) -> dict[str, Any] | None:
    """The letter as one of those that get it reads it: `wanted` by its site code, else the first; None for nobody."""
    read = [each for each in entries if wish.readers.get(each.district.pk)]
    if not read:
        return None
    entry = next((each for each in read if each.district.site_code == wanted), read[0])
    reset = entry.reset if entry.is_of_season else None
    about: dict[str, Any] = {"district": entry.district, "reset": reset, "season": wish.season}
    about |= {"csm": entry.district.csm, "at": at}
    return {
        "district": entry.district,
        "read_by": [each.district for each in read],
        "subject": letter_fields.fill(wish.subject, **about),
        "paragraphs": letter_fields.fill(wish.body, **about).replace("\r\n", "\n").split("\n\n"),
    }


def receipt_context(receipt: Receipt) -> dict[str, Any]:
    """A receipt's numbers and rows, what was done first."""
    rows = [_receipt_row(line) for line in receipt.lines]
    rows.sort(key=lambda row: (row["outcome"] != Outcome.DONE, row["outcome"], row["name"]))
    done = [row for row in rows if row["outcome"] == Outcome.DONE]
    kept = [row for row in rows if row["stays"]]
    return {
        "receipt": receipt,
        "title": title(receipt, len(done)),
        "rows": rows,
        "done": len(done),
        "refused": sum(row["outcome"] == Outcome.REFUSED for row in rows),
        "same": sum(row["outcome"] == Outcome.SAME for row in rows),
        "waiting": sum(row["outcome"] == Outcome.WAITING for row in rows),
        "students": sum(row["students"] for row in done),
        "kept": len(kept),
        "has_boxes": 0 < len(kept) <= AS_BOXES,
    }


def _receipt_row(line: dict[str, Any]) -> dict[str, Any]:
    kind, word = KINDS_OF_STATE[Outcome(line["outcome"])]
    stays = line["outcome"] in (Outcome.REFUSED, Outcome.WAITING) and bool(line["site_code"])
    url = reverse("resets:district", args=[line["site_code"]]) if line["site_code"] else ""
    return {**line, "kind": kind, "word": _(word), "stays": stays, "url": url}


def title(receipt: Receipt, done: int) -> str:
    """What was done, such as `Fri, July 30, 2027 set for 3 districts`."""
    said = {
        Receipt.Kind.DATE: ngettext(
            "%(what)s set for %(count)d district", "%(what)s set for %(count)d districts", done
        ),
        Receipt.Kind.LETTER: ngettext("“%(what)s” to %(count)d district", "“%(what)s” to %(count)d districts", done),
        Receipt.Kind.CSM: ngettext(
            "%(count)d district given to %(what)s", "%(count)d districts given to %(what)s", done
        ),
    }
    is_letter = receipt.kind == Receipt.Kind.LETTER
    what = letter_fields.in_short(receipt.what) if is_letter else receipt.what
    return said[Kind(receipt.kind)] % {"what": what, "count": done}


def columns() -> tuple[Column, ...]:
    """What the spreadsheet's columns are, in the reader's language."""
    return (
        Column(_("Site code"), ID, _("The district's site code.")),
        Column(_("District"), TEXT, _("Its name."), 32),
        Column(_("Students"), NUMBER, _("Student accounts, as counted then.")),
        Column(_("What became of it"), TEXT, _("Done, no change, or refused."), 18),
        Column(_("In words"), TEXT, _("What was done, or why not."), 100),
    )


def sheet(receipt: Receipt) -> list[tuple[Any, ...]]:
    """A receipt's rows as its workbook has them, in the order of `columns`."""
    rows = receipt_context(receipt)["rows"]
    return [(row["site_code"], row["name"], row["students"], row["word"], row["sentence"]) for row in rows]


def token_of(text: str) -> UUID | None:
    """The token of a form; None for one that is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def too_many(entries: Sequence[Entry]) -> str:
    """Why so many are not done at once."""
    if len(entries) <= bulk.MOST:
        return ""
    said = _("%(count)s districts are chosen. Choose at most %(most)s at once: filter the list first.")
    return said % {"count": f"{len(entries):,}", "most": f"{bulk.MOST:,}"}
