"""A certificate that no run issued, for tests of who may see one: a signed text with a row of every kind."""

from datetime import UTC, datetime
from typing import Any

from districts import disposition, shards
from resets import certificate, certificate_text, signing
from resets.models import Certificate, Reset

AT = datetime(2027, 7, 28, 8, 1, 8, tzinfo=UTC)
MOMENT = {"utc": "2027-07-28T08:01:08Z", "words": "Wed, July 28, 2027, 1:01:08 AM PDT", "by": "the nightly run (w1)"}


def make_certificate(reset: Reset, number: str = "RP-2027-0417") -> Certificate:
    """The certificate of a reset, whatever its state."""
    text = certificate_text.canonical(document(reset, number))
    signature, key = signing.sign(text.encode())
    digest = certificate.digest_of(text.encode())
    signed = {"text": text, "digest": digest, "signature": signature, "key": key}
    return Certificate.objects.create(reset=reset, number=number, issued_at=AT, issued_by="w1", **signed)


def document(reset: Reset, number: str) -> dict[str, Any]:
    district, rows = reset.district, dict.fromkeys(shards.KINDS, 1200)
    none = dict.fromkeys(shards.KINDS, 0)
    school = {"name": "School 1", "is_school": True, "before": rows, "deleted": rows, "left": none}
    kinds = [{"kind": kind, "row": disposition.of(kind).row, "words": kind} for kind in shards.KINDS]
    return {
        "format": 1,
        "title": certificate_text.TITLE,
        "number": number,
        "check_at": f"http://127.0.0.1:8000/certificates/{number}/",
        "issued": MOMENT,
        "district": {"name": district.name, "site_code": district.site_code, "zone": district.zone},
        "school_year": "2026-27",
        "products": ["Imagine Math"],
        "date": {"day": "2027-07-28", "words": "Wed, July 28, 2027", "default": True},
        "asked": {"by": "", "how": "nobody answered: it is the season’s default"},
        "approved": {"by": "Maya Lindqvist", "how": "the season’s default", "at": MOMENT},
        "ran": dict.fromkeys(("started", "counted", "destroyed", "verified", "completed"), MOMENT),
        "trouble": [],
        "counted": {
            "how": certificate_text.HOW,
            "kinds": kinds,
            "schools": [school],
            "before": rows,
            "deleted": rows,
            "left": none,
        },
        "kept": [],
        "exports": {"products": [], "last_export": {"words": ""}, "files": {"words": ""}},
        "not_covered": [],
        "not_media": certificate_text.NOT_MEDIA,
    }
