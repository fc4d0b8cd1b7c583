"""Certificates: issued in the transaction that completes a reset, so that no reset completes without one."""

import base64
import hashlib
import hmac
import re
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils import translation

from resets import certificate_text, signing
from resets.models import Certificate, Reset, Season

NUMBERS: Final = 0x5E5EA  # the first key of the advisory lock that hands out numbers; the second is the season's id
NUMBER: Final = re.compile(r"RP-\d{4}-\d{4,6}", re.ASCII)
LETTERS: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
ALIKE: Final = str.maketrans("OIL", "011")


def issue(reset: Reset, *, at: datetime, by: str) -> Certificate:
    """The certificate of a reset that has just been verified; the caller's transaction completes the reset."""
    number = _next_number(reset.season)
    with translation.override(settings.LANGUAGE_CODE):  # one text for whoever checks it, whoever completes the reset
        text = certificate_text.canonical(certificate_text.written(reset, number=number, at=at, by=by))
    signature, key = signing.sign(text.encode())
    return Certificate.objects.create(
        reset=reset,
        number=number,
        text=text,
        digest=digest_of(text.encode()),
        signature=signature,
        key=key,
        issued_at=at,
        issued_by=by,
    )


def digest_of(text: bytes) -> str:
    """The SHA-256 of a certificate's text, in hexadecimal."""
    return hashlib.sha256(text).hexdigest()


def code_of(digest: str) -> str:
    """A digest short enough to be typed from paper: its first 80 bits, without letters that look alike."""
    letters = base64.b32encode(bytes.fromhex(digest)[:10]).decode().translate(LETTERS)
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def find(number: str, digest: str) -> Certificate | None:
    """The certificate of this number, if this is its digest or its code: a number alone finds nothing."""
    if not NUMBER.fullmatch(number):
        return None
    found = Certificate.objects.filter(number=number).first()
    return found if found and _is_its(found.digest, digest) else None


def _is_its(digest: str, given: str) -> bool:
    bare = re.sub(r"[^0-9A-Za-z]", "", given[:200])
    typed, code = bare.upper().translate(ALIKE), code_of(digest).replace("-", "")
    return hmac.compare_digest(digest.encode(), bare.lower().encode()) or hmac.compare_digest(
        code.encode(), typed.encode()
    )


def _next_number(season: Season) -> str:
    """Numbers follow each other within a season: whoever completes next waits for this transaction's end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBERS, season.pk])
    issued = Certificate.objects.filter(reset__season=season).count()
    return f"RP-{int(season.school_year[:4]) + 1}-{issued + 1:04}"
