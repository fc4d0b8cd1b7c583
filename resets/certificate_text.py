"""What a certificate says, as the text that is signed: canonical JSON with every moment in UTC and in words.

It is written once, from rows, in the transaction that completes the reset; page and PDF show this text and nothing
else. It holds names of staff, of the district and of its schools, and never a reason in free text, where somebody may
have named a student.
"""

import json
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from districts import disposition, shards
from resetportal import clock
from resets import certificate_date, certificate_files, counting, run_days
from resets.certificate_run import moment, ran, trouble
from resets.models import Reset, SchoolReset
from resets.policy import spoken

FORMAT: Final = 1
TITLE: Final = "Certificate of data reset"
KINDS: Final = tuple(
    kind for kind in (label.partition(".")[2].lower() for label in disposition.DISPOSITIONS) if kind in shards.KINDS
)
WHY_KEPT: Final = {
    "educator": "Educators carry over to the new school year.",
    "educatorrole": "Educators keep their schools and roles.",
    "district": "Organizations are kept.",
    "school": "Organizations are kept.",
    "pathway": "Definitions are kept, custom ones too; no student is assigned any more.",
}
HOW: Final = (
    "Rows were counted by school before. Under the lock that shut writers out they were counted once more, table by "
    "table, and were deleted only because both counts agreed. After the deletion both counts were made again."
)
NOT_MEDIA: Final = (
    "This certificate is about rows of a database. It does not say that a disk or any other medium was sanitized: "
    "NIST SP 800-88 is about media, and deleting rows is not sanitization of a medium."
)


def canonical(document: dict[str, Any]) -> str:
    """The one way to write a document: keys sorted, no spaces, letters as they are, whole numbers only."""
    _only_plain(document)
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def written(reset: Reset, *, number: str, at: datetime, by: str) -> dict[str, Any]:
    """The document of a reset whose schools are verified. `at`: the moment of its completion."""
    district, parts = reset.district, list(reset.schools.all())
    story = certificate_date.of(reset)
    return {
        "format": FORMAT,
        "title": TITLE,
        "number": number,
        "check_at": settings.BASE_URL + reverse("resets:check_certificate", args=[number]),
        "issued": {**moment(at, district.zone), "by": by},
        "district": {"name": district.name, "site_code": district.site_code, "zone": district.zone},
        "school_year": reset.season.school_year,
        "products": district.products,
        "date": _date(reset),
        "asked": certificate_date.asked(story),
        "approved": certificate_date.approved(story),
        "ran": ran(reset),
        "trouble": trouble(reset),
        "counted": _counted(parts),
        "kept": _kept(reset),
        "exports": certificate_files.told(reset, at=at),
        "not_covered": not_covered(reset),
        "not_media": NOT_MEDIA,
    }


def _date(reset: Reset) -> dict[str, Any]:
    """The day it was planned for; of a late run the day on which it ran too."""
    days = run_days.of(reset)
    ran = {"ran": days.day.isoformat()} if days.is_late else {}
    return {"day": reset.date.isoformat(), "words": days.words(), "default": reset.is_default, **ran}


def _counted(parts: list[SchoolReset]) -> dict[str, Any]:
    """By school and kind: rows counted before, deleted, and left by the count after."""
    return {
        "how": HOW,
        "kinds": [
            {"kind": kind, "row": disposition.of(kind).row, "words": disposition.of(kind).words} for kind in KINDS
        ],
        "schools": [
            {"name": part.name, "is_school": part.school_id is not None}
            | {"before": part.before, "deleted": part.acted, "left": part.left}
            for part in parts
        ],
        "before": _sums([part.before for part in parts]),
        "deleted": _sums([part.acted for part in parts]),
        "left": _sums([part.left for part in parts]),
    }


def _kind(kind: str) -> dict[str, str]:
    found = disposition.of(kind)
    return {"kind": kind, "row": found.row, "words": found.words}


def _sums(counts: list[dict[str, int]]) -> dict[str, int]:
    return {kind: sum(of_school[kind] for of_school in counts) for kind in KINDS}


def _kept(reset: Reset) -> list[dict[str, Any]]:
    """By kind: how many were there at the deletion, and how many of the same are there now."""
    now = counting.kept(reset.district)
    return [
        {
            "kind": kind,
            "words": disposition.of(kind).words,
            "why": why,
            "before": len(reset.kept[kind]),
            "after": len(set(reset.kept[kind]) & set(now[kind])),
        }
        for kind, why in WHY_KEPT.items()
    ]


def not_covered(reset: Reset) -> list[dict[str, str]]:
    """What the reset did not touch, each with its subject."""
    return [
        {"what": "Backups", "words": _backups(reset)},
        {"what": "Downloaded files and printed reports", "words": "are the district’s own, wherever people keep them."},
        {"what": "The district’s SIS", "words": "and the roster files that it holds."},
        {"what": "Operating logs", "words": "hold numbers and kinds of errors, and no student’s name."},
    ]


def _backups(reset: Reset) -> str:
    """The newest backup with the data in it is made at the deletion at the latest."""
    if reset.destroyed_at is None:
        raise ValueError("nothing was deleted")
    zone, days = reset.district.zone, settings.BACKUP_DAYS
    last = clock.local_date(zone, reset.destroyed_at + timedelta(days=days))
    kept = "1 day" if days == 1 else f"{days} days"
    return (
        f"of the database and its write-ahead log, made before the deletion, are kept for {kept}. "
        f"The last of them expires on {spoken(last)}."
    )


def _only_plain(value: object) -> None:
    """Refuses what JSON could write in two ways. Raises TypeError."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            _only_plain(each)
    elif value is not None and not isinstance(value, str | int):
        raise TypeError(f"{type(value).__name__} has no place in a certificate")
