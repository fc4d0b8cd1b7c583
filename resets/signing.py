"""Signing certificates and checking them: Ed25519, so that anybody with the public key can check one offline.

The first of CERTIFICATE_KEYS signs, all of them verify: a certificate stays valid for as long as its key is listed.
"""

import base64
import hashlib
from binascii import Error as NotBase64
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from django.conf import settings

SEED_BYTES = 32


class BadKey(Exception):
    """What stands where a key should is none; the message never shows it."""


@dataclass(frozen=True)
class Key:
    """A public key: `id` is a short hash of it, `pem` what OpenSSL reads; `signs`: it signs what is issued now."""

    id: str
    pem: str
    signs: bool


def sign(text: bytes) -> tuple[str, str]:
    """The signature of a text in base64, and the id of the key that made it. Raises BadKey."""
    key = _private()[0]
    return base64.b64encode(key.sign(text)).decode(), id_of(key.public_key())


def is_ours(text: bytes, signature: str, key: str) -> bool:
    """Whether a key of this portal, the one named, signed exactly this text. Raises BadKey for a bad setting."""
    public = next((each for each in _public() if id_of(each) == key), None)
    return public is not None and is_signed(text, signature, public)


def is_signed(text: bytes, signature: str, public: Ed25519PublicKey) -> bool:
    """Whether `public` verifies a signature in base64. Whatever is no signature verifies nothing."""
    try:
        public.verify(base64.b64decode(signature, validate=True), text)
    except (InvalidSignature, NotBase64, ValueError):
        return False
    return True


def listed() -> list[Key]:
    """The public keys: the one in use first, former ones after it. Raises BadKey."""
    return [Key(id_of(each), pem(each), number == 0) for number, each in enumerate(_public())]


def id_of(public: Ed25519PublicKey) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the key's 32 bytes."""
    return hashlib.sha256(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def pem(public: Ed25519PublicKey) -> str:
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def read_public(given: bytes) -> Ed25519PublicKey:
    """A public key from PEM. Raises BadKey."""
    try:
        found = load_pem_public_key(given)
    except ValueError:
        found = None
    if not isinstance(found, Ed25519PublicKey):
        raise BadKey("It is not an Ed25519 public key in PEM.")
    return found


def _public() -> list[Ed25519PublicKey]:
    return [key.public_key() for key in _private()]


def _private() -> list[Ed25519PrivateKey]:
    if not settings.CERTIFICATE_KEYS:
        raise BadKey("CERTIFICATE_KEYS is empty.")
    return [_key(seed.strip()) for seed in settings.CERTIFICATE_KEYS]


def _key(seed: str) -> Ed25519PrivateKey:
    try:
        raw = base64.b64decode(seed, altchars=b"-_", validate=True)
    except ValueError:
        raise BadKey("One of CERTIFICATE_KEYS is not base64.") from None
    if len(raw) != SEED_BYTES:
        raise BadKey(f"One of CERTIFICATE_KEYS is not {SEED_BYTES} bytes.")
    return Ed25519PrivateKey.from_private_bytes(raw)
