"""What the pages say of a district's exports: a word for a list, a line of the checklist, a step of the admin."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from exports.proof import BEING_MADE, Proof
from resets.board import Entry
from resets.models import Reset

SOON = timedelta(days=30)  # an export made long before the reset will prove nothing, so none is owed until then


def state(entry: Entry) -> tuple[str, str]:
    """A list's column as a kind of state and a word: of two products, the one that lacks something."""
    if entry.reset and entry.reset.is_destroyed:
        return "quiet", _("Reset")
    if not entry.proofs:
        return "quiet", _("Not needed")
    lacking = entry.unproven
    if not lacking:
        return "done", next((proof.label for proof in entry.proofs if not proof.is_proven), _("Proven"))
    return _kind(entry, lacking[0]), lacking[0].label


def line(entry: Entry, reset: Reset) -> dict[str, Any]:
    """The checklist's line, as `components/checklist.html` takes it."""
    end = {"end": _("See the exports"), "end_url": reverse("resets:exports", args=[entry.district.site_code])}
    if reset.is_destroyed:
        return {"kind": "quiet", "text": _("Not asked for after the reset."), **end}
    if not entry.proofs:
        return {"kind": "quiet", "text": _("The district holds no student, so there is nothing to prove.")}
    if not entry.unproven:
        return {"kind": "done", "text": said(entry.proofs), **end}
    text = said(entry.proofs)
    if reset.season.rules.requires_export_proof:
        text = _("{proofs} This season asks for it: without it the reset is held.").format(proofs=text)
    return {"kind": _kind(entry, entry.unproven[0]), "text": text, **end}


def step(entry: Entry) -> dict[str, Any] | None:
    """The admin's step, as `components/steps.html` takes it; None where there is nobody to export."""
    if not entry.proofs:
        return None
    return {
        "title": _("Download your Student Data Export"),
        "text": _("One spreadsheet, a row a student. {proofs}").format(proofs=said(entry.proofs)),
        "url": reverse("resets:exports", args=[entry.district.site_code]),
        "submit": _("See your exports") if entry.unproven == () else _("Go to exports"),
        "is_done": not entry.unproven and not _goes_on(entry),
    }


def _goes_on(entry: Entry) -> bool:
    """Whether a session goes on after the last day of an export: it proves enough for now alone."""
    ends = [end for _, end in entry.calendar.session_ends]
    through = [proof.file.through for proof in entry.proofs if proof.is_proven and proof.file and proof.file.through]
    return bool(ends and through) and min(through) < max(ends)


def notes(proofs: Iterable[Proof]) -> list[tuple[str, str, str]]:
    """A note a product for a page that tells what is deleted: its kind, title and text."""
    found = []
    for proof in proofs:
        kind = "done" if proof.is_proven else "info" if proof.is_last_chosen else "wait"
        titles = {
            "done": _("{product}: nothing would be lost."),
            "info": _("{product}: a last export is chosen."),
            "wait": _("{product}: not proven."),
        }
        found.append((kind, titles[kind].format(product=proof.name), proof.sentence))
    return found


def said(proofs: tuple[Proof, ...]) -> str:
    """The sentences of all products, each named where there are several; once where they say the same."""
    if len({proof.sentence for proof in proofs}) == 1:
        return proofs[0].sentence
    return " ".join(f"{proof.name}: {proof.sentence}" for proof in proofs)


def _kind(entry: Entry, proof: Proof) -> str:
    if proof.word == BEING_MADE:
        return "now"
    if proof.file is None and entry.day and entry.day - entry.at.date() > SOON:
        return "next"
    return "wait"
