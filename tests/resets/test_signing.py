"""Signatures of certificates: a changed byte anywhere is found, and a key may be changed."""

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from resets import certificate, certificate_check, signing
from resets.certificate_check import Verdict

TEXT = json.dumps({"format": 1, "number": "RP-2027-0001", "who": "École"}, ensure_ascii=False).encode()


def seed(letter: str) -> str:
    return base64.urlsafe_b64encode(letter.encode() * 32).decode()


@pytest.fixture(autouse=True)
def key(settings: Settings) -> None:
    settings.CERTIFICATE_KEYS = [seed("a")]


def signed() -> dict[str, str]:
    signature, key = signing.sign(TEXT)
    return {"text": TEXT.decode(), "signature": signature, "key": key}


def judged(document: dict[str, str]) -> Verdict:
    return certificate_check.by_document(json.dumps(document).encode())


def test_what_was_signed_is_genuine() -> None:
    verdict = judged(signed())
    assert (verdict.kind, verdict.document) == ("genuine", json.loads(TEXT))
    assert verdict.digest == certificate.digest_of(TEXT)


@pytest.mark.parametrize("position", range(len(TEXT)))
def test_a_changed_byte_of_the_text_is_found(position: int) -> None:
    signature, key = signing.sign(TEXT)
    for change in (1, 128, 255):
        changed = bytearray(TEXT)
        changed[position] ^= change
        assert not signing.is_ours(bytes(changed), signature, key)
        assert certificate.digest_of(bytes(changed)) != certificate.digest_of(TEXT)


@pytest.mark.parametrize("position", range(64))
def test_a_changed_byte_of_the_signature_is_found(position: int) -> None:
    signature, key = signing.sign(TEXT)
    changed = bytearray(base64.b64decode(signature))
    changed[position] ^= 1
    assert not signing.is_ours(TEXT, base64.b64encode(changed).decode(), key)


@pytest.mark.parametrize("more", ["!", "\n", " ", "é"])
def test_a_byte_more_in_the_signature_is_found(more: str) -> None:
    signature, key = signing.sign(TEXT)
    assert not signing.is_ours(TEXT, signature[:10] + more + signature[10:], key)


@given(st.binary(max_size=200), st.text(max_size=120))
def test_nothing_else_is_a_signature(text: bytes, signature: str) -> None:
    key = signing.listed()[0].id
    assert not signing.is_ours(text, signature, key)


@given(st.binary(max_size=300))
def test_no_upload_makes_it_fail(content: bytes) -> None:
    assert certificate_check.by_document(content).kind == "unread"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b'{"text": 1, "signature": "", "key": ""}',
        b'{"text": "a", "signature": 1, "key": ""}',
        b'{"text": "a", "signature": ""}',
        b'{"text": "\\ud800", "signature": "", "key": ""}',
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b"9" * 10_000,
    ],
)
def test_what_is_no_document_is_told_so(content: bytes) -> None:
    assert certificate_check.by_document(content).words == certificate_check.NO_DOCUMENT


@pytest.mark.parametrize("field", ["text", "signature", "key"])
def test_a_changed_document_is_told_as_such(field: str) -> None:
    verdict = judged(signed() | {field: signed()[field].replace("A", "B").replace("1", "2").replace("0", "3")})
    assert (verdict.kind, verdict.words) == ("changed", certificate_check.CHANGED)


def test_a_rotated_key_still_verifies(settings: Settings) -> None:
    old = signed()
    settings.CERTIFICATE_KEYS = [seed("b"), seed("a")]
    assert judged(old).kind == "genuine"
    assert signed()["key"] != old["key"]
    assert [(each.id == old["key"], each.signs) for each in signing.listed()] == [(False, True), (True, False)]


def test_a_removed_key_verifies_nothing_any_more(settings: Settings) -> None:
    old = signed()
    settings.CERTIFICATE_KEYS = [seed("b")]
    assert judged(old).kind == "changed"


def test_another_portals_key_verifies_nothing_here(settings: Settings) -> None:
    settings.CERTIFICATE_KEYS = [seed("c")]
    foreign = signed() | {"public_key": signing.listed()[0].pem}
    settings.CERTIFICATE_KEYS = [seed("a")]
    assert judged(foreign).kind == "changed"
    assert judged(foreign | {"key": signing.listed()[0].id}).kind == "changed"


@pytest.mark.parametrize("bad", ["", "broken", "é" * 43, seed("a")[:-4], base64.urlsafe_b64encode(b"a" * 31).decode()])
def test_a_bad_key_is_refused_without_showing_it(settings: Settings, bad: str) -> None:
    settings.CERTIFICATE_KEYS = [seed("a"), bad]
    with pytest.raises(signing.BadKey) as refused:
        signing.listed()
    assert not bad or bad not in str(refused.value)


def test_without_a_key_nothing_is_signed(settings: Settings) -> None:
    settings.CERTIFICATE_KEYS = []
    with pytest.raises(signing.BadKey):
        signing.sign(TEXT)


def test_spaces_after_commas_are_no_part_of_a_key(settings: Settings) -> None:
    settings.CERTIFICATE_KEYS = f"{seed('b')}, {seed('a')} ".split(",")
    assert len(signing.listed()) == 2


def test_only_an_ed25519_key_is_read() -> None:
    other = generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for given_key in (b"", b"-----BEGIN PUBLIC KEY-----", other):
        with pytest.raises(signing.BadKey):
            signing.read_public(given_key)
    assert signing.id_of(signing.read_public(signing.listed()[0].pem.encode())) == signing.listed()[0].id


@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl on the PATH")
@pytest.mark.parametrize("is_changed", [False, True])
def test_openssl_alone_can_check_it(tmp_path: Path, is_changed: bool) -> None:
    """The command of /certificates/keys/ and docs/certificates.md, with nothing of ours."""
    signature, _ = signing.sign(TEXT)
    (tmp_path / "text").write_bytes(TEXT[:-1] + b" " if is_changed else TEXT)
    (tmp_path / "signature").write_bytes(base64.b64decode(signature))
    (tmp_path / "key.pem").write_text(signing.listed()[0].pem)
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in text -sigfile signature"
    ended = subprocess.run(command.split(), cwd=tmp_path, env=os.environ, capture_output=True, timeout=20)
    assert (ended.returncode == 0) is not is_changed
    assert (b"Signature Verified Successfully" in ended.stdout) is not is_changed


@pytest.mark.parametrize(("field", "value"), [("digest", "0" * 64), ("public_key", "-----BEGIN PUBLIC KEY-----")])
def test_what_stands_beside_the_text_has_to_belong_to_it(field: str, value: str) -> None:
    assert judged(signed() | {field: value}).words == certificate_check.BESIDE
