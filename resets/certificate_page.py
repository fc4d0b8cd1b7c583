"""A certificate's text as page and PDF lay it out: words and numbers, drawn from the signed text alone."""

import json
import re
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from districts import disposition
from resets import certificate
from resets.models import Certificate

Document = dict[str, Any]

COLUMNS: Final = (
    ("Student accounts", (disposition.ACCOUNTS,)),
    ("Classrooms, members", (disposition.CLASSROOMS,)),
    ("Assessment", (disposition.ASSESSMENT,)),
    ("Progress, pathway", (disposition.PROGRESS, disposition.PATHWAYS)),
    ("Usage", (disposition.USAGE,)),
    ("Points, avatars", (disposition.POINTS, disposition.AVATARS)),
)


def of(issued: Certificate) -> Document:
    """The facts of a certificate, as its page and its PDF show them."""
    return facts(json.loads(issued.text), issued.digest)


def facts(document: Document, digest: str) -> Document:
    """Strings, numbers and lists only: Typst reads them too."""
    counted = document["counted"]
    return {
        "number": document["number"],
        "title": document["title"],
        "district": document["district"]["name"],
        "site_code": document["district"]["site_code"],
        "school_year": document["school_year"],
        "products": ", ".join(document["products"]),
        "check_at": document["check_at"],
        "check_words": document["check_at"].partition("://")[2],
        "keys_at": document["check_at"].replace(f"{document['number']}/", "keys/"),
        "code": certificate.code_of(digest),
        "digest": digest,
        "digest_in_groups": in_groups(digest),
        "rows": sum(counted["deleted"].values()),
        "left": sum(counted["left"].values()),
        "schools_in_words": _schools(counted),
        "deleted_at": document["ran"]["destroyed"]["words"],
        "verified_at": _time(document["ran"]["verified"]),
        "issued": document["issued"]["words"],
        "people": people(document),
        "trouble": [{"words": each["words"], "when": each["words_at"]} for each in _trouble(document)],
        "columns": [label for label, _ in COLUMNS],
        "schools": [_school(school, counted["kinds"]) for school in counted["schools"]],
        "before": _columns(counted["before"], counted["kinds"]),
        "after": _columns(counted["left"], counted["kinds"]),
        "kinds": [_kind(each, counted) for each in counted["kinds"]],
        "how": counted["how"],
        "kept": document["kept"],
        "exports": exports(document),
        "not_covered": document["not_covered"],
        "not_media": document["not_media"],
    }


def people(document: Document) -> list[dict[str, Any]]:
    """Who asked, who set the date, what ran, what went wrong: a label and its lines, the first one bold."""
    asked, approved, ran = document["asked"], document["approved"], document["ran"]
    trouble = len(document["trouble"])
    told = (
        ["None", _("Every step at its first attempt")]
        if not trouble
        else [_("{trouble:,}, told below").format(trouble=trouble)]
    )
    return [
        {"label": _("Asked for by"), "lines": [*_asked(asked), *_at(asked)]},
        {"label": _("Date set by"), "lines": [approved["by"], approved["how"], *_at(approved)]},
        {"label": _("Ran"), "lines": [_span(ran), *_late(document), f"by {ran['started']['by']}"]},
        {"label": _("Failures, holds, retries"), "lines": told},
    ]


def exports(document: Document) -> list[dict[str, Any]]:
    """Each product's newest export as lines of words; then the last export and what is left in the portal."""
    told = [{"what": each["product"], "lines": _export(each)} for each in document["exports"]["products"]]
    last, files = document["exports"]["last_export"], document["exports"]["files"]
    return [*told, {"what": _("After the reset"), "lines": [f"{last['words']} {files['words']}"]}]


def in_groups(digest: str) -> str:
    """A digest that the eye can follow and a line can break."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def _export(each: Document) -> list[str]:
    proof = [_("When the data was deleted: {value}").format(value=each["proof"]["words"])] if each["proof"] else []
    file = each["newest"]
    if file is None:
        return [each["words"], *proof]
    what = _("Last export, made by the run") if file["last_export"] else _("The export that counts")
    through = f", through {file['through_words']}" if file["through_words"] else ""
    made = _("{what}: {value:,} rows{through}, made {value2}.").format(
        what=what, value=file["rows"], through=through, value2=file["made"]["words"]
    )
    return [made, _downloads(file["downloads"]), *proof, f"SHA-256 {in_groups(file['digest'])}"]


def _downloads(downloads: list[Document]) -> str:
    if not downloads:
        return _("Nobody had downloaded it when this was written.")
    return _("Downloaded by ") + "; ".join(f"{each['by']}, {each['words']}" for each in downloads) + "."


def _asked(asked: Document) -> list[str]:
    if asked["by"]:
        return [asked["by"], asked["how"]]
    what, _, why = asked["how"].partition(": ")
    return [what.capitalize(), why]


def _at(who: Document) -> list[str]:
    return [_unbroken(who["at"]["words"])] if "at" in who else []


def _span(ran: Document) -> str:
    begun, ended = ran["started"]["words"], ran["completed"]["words"]
    is_one_day = begun.rpartition(", ")[0] == ended.rpartition(", ")[0]
    words = f"{_bare(ran['started'])} to {_time(ran['completed'])}" if is_one_day else f"{begun} to {ended}"
    return _unbroken(words)


def _late(document: Document) -> list[str]:
    """Both days of a run that was late, as the certificate's date has them."""
    words = str(document["date"]["words"])
    return [words[0].upper() + words[1:]] if "ran" in document["date"] else []


def _time(moment: Document) -> str:
    """The time of day of a moment in words: the part after its date."""
    return str(moment["words"].rpartition(", ")[2])


def _unbroken(words: str) -> str:
    """Words in which no line ends between a time and its zone."""
    return re.sub(r" (?=[AP]M)|(?<=[AP]M) (?!to)", "\u00a0", words)


def _bare(moment: Document) -> str:
    """The same without its zone, where the zone stands close by."""
    return _time(moment).rsplit(" ", 1)[0]


def _trouble(document: Document) -> list[Document]:
    return [{"words": each["what"], "words_at": f"{each['words']}, by {each['by']}"} for each in document["trouble"]]


def _schools(counted: Document) -> str:
    number = sum(school["is_school"] for school in counted["schools"])
    return "1 school" if number == 1 else f"{number:,} schools"


def _school(school: Document, kinds: list[Document]) -> Document:
    left = sum(school["left"].values())
    return {"name": school["name"], "numbers": _columns(school["deleted"], kinds), "left": left}


def _columns(counts: dict[str, int], kinds: list[Document]) -> list[int]:
    """Counts by kind as the table's columns; a kind of a row that no column names fails rather than be left out."""
    sums = [sum(counts[kind["kind"]] for kind in kinds if kind["row"] in rows) for _, rows in COLUMNS]
    if sum(sums) != sum(counts.values()):
        raise ValueError(gettext("a kind of rows has no column"))
    return sums


def _kind(kind: Document, counted: Document) -> Document:
    numbers = {when: counted[when][kind["kind"]] for when in ("before", "deleted", "left")}
    return {"words": kind["words"], **numbers}
