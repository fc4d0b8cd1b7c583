"""Whether a copy of a certificate is the one that was issued: by its digest or code, or by the signed document itself.

Numbers follow each other, so anybody can guess one. A number alone finds nothing, and a number that was never given
out answers like a digest that is not its own.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from resets import certificate, certificate_text, signing
from resets.models import Certificate

LARGEST: Final = 4 << 20  # bytes of an uploaded document; one of 500 schools has about 600,000
NOT_THE_SAME: Final = gettext_noop(
    "No certificate {number} has this code or digest. This copy was changed after it was issued, or the number, the "
    "code or the digest was copied wrongly."
)
CHANGED: Final = gettext_noop(
    "The document’s text and its signature do not belong together, or another key signed it: this copy was changed "
    "after it was issued, or this portal never issued it."
)
BESIDE: Final = gettext_noop(
    "The document’s text is signed by this portal, but the digest or the public key beside it was changed. Use the "
    "copy that the portal gives out."
)
NO_DOCUMENT: Final = gettext_noop(
    "This is not the signed document of a certificate. Use certificate.json, which is attached to the PDF too."
)
TOO_LARGE: Final = gettext_noop("The file is larger than {megabytes} MB: no certificate is.")


@dataclass(frozen=True)
class Verdict:
    """`kind`: genuine, changed, or unread: there was nothing to judge. `document`: what a genuine one says."""

    kind: str
    words: str = ""
    document: dict[str, Any] | None = None
    digest: str = ""


def too_large() -> Verdict:
    """What is said of a document that is not read at all."""
    return Verdict("unread", _(TOO_LARGE).format(megabytes=LARGEST >> 20))


def by_digest(number: str, digest: str) -> Verdict:
    """Judges a digest, or the code that stands on paper, against the number that it came with."""
    found = certificate.find(number, digest)
    if found is None:
        return Verdict("changed", _(NOT_THE_SAME).format(number=number[:20]))
    return _genuine(found)


def by_document(content: bytes) -> Verdict:
    """Judges a signed document by its signature, so without asking what was issued.

    What it carries beside its text, its digest and the key, has to belong to it too. The number is the text's own.
    """
    signed = read_signed(content)
    if signed is None:
        return Verdict("unread", _(NO_DOCUMENT))
    text, signature, key = signed
    if not signing.is_ours(text, signature, key):
        return Verdict("changed", _(CHANGED))
    document = _certificate_in(text)
    if document is None:
        return Verdict("unread", _(NO_DOCUMENT))
    if not _is_whole(content, text):
        return Verdict("changed", _(BESIDE))
    return Verdict("genuine", document=document, digest=certificate.digest_of(text))


def _is_whole(content: bytes, text: bytes) -> bool:
    """Whether the digest and the public key that stand in a document, if any, are those of its text and of our key."""
    found = json.loads(content)
    pems = [key.pem for key in signing.listed() if key.id == found["key"]]
    is_digest = found.get("digest", "") in ("", certificate.digest_of(text))
    return is_digest and found.get("public_key", "") in ("", *pems)


def _certificate_in(text: bytes) -> dict[str, Any] | None:
    """What a signed text says, if it is a certificate of a format that is known here."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    is_one = isinstance(found, dict) and found.get("format") == certificate_text.FORMAT
    return found if is_one else None


def read_signed(content: bytes) -> tuple[bytes, str, str] | None:
    """Text, signature and key id of a signed document; None for anything else."""
    try:
        found = json.loads(content)
        parts = (found["text"].encode(), found["signature"], found["key"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return parts if all(isinstance(part, str) for part in parts[1:]) else None


def signed_document(issued: Certificate) -> dict[str, str]:
    """A certificate as one can check it without the portal: its text, the signature, and the key that verifies it."""
    public = next((key.pem for key in signing.listed() if key.id == issued.key), "")
    return {
        "text": issued.text,
        "digest": issued.digest,
        "signature": issued.signature,
        "key": issued.key,
        "public_key": public,
    }


def as_json(issued: Certificate) -> str:
    """The signed document as the file certificate.json; the same bytes each time."""
    return json.dumps(signed_document(issued), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _genuine(issued: Certificate) -> Verdict:
    """The row is held against its own signature too: a row that somebody changed is no certificate."""
    if not signing.is_ours(issued.text.encode(), issued.signature, issued.key):
        return Verdict("changed", _(CHANGED))
    return Verdict("genuine", document=json.loads(issued.text), digest=issued.digest)
