"""`manage.py verify_certificate`: a certificate is checked without the portal's database."""

import base64
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from resets import signing

TEXT = '{"number":"RP-2027-0417"}'


@pytest.fixture
def document(tmp_path: Path) -> Path:
    signature, key = signing.sign(TEXT.encode())
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps({"text": TEXT, "signature": signature, "key": key}))
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key.pem"
    path.write_text(signing.listed()[0].pem)
    return path


def test_it_finds_a_genuine_one(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_certificate", document)
    assert capsys.readouterr().out.startswith("RP-2027-0417 is genuine. SHA-256 of its text: ")


def test_it_needs_no_more_than_a_public_key(document: Path, key: Path, settings: Settings) -> None:
    settings.CERTIFICATE_KEYS = [base64.urlsafe_b64encode(b"x" * 32).decode()]
    with pytest.raises(CommandError, match="this copy was changed"):
        call_command("verify_certificate", document)
    call_command("verify_certificate", document, key=key)


def test_it_finds_a_changed_one(document: Path, key: Path) -> None:
    document.write_text(document.read_text().replace("0417", "0418"))
    for options in ({}, {"key": key}):
        with pytest.raises(CommandError, match="this copy was changed"):
            call_command("verify_certificate", document, **options)


def test_it_says_what_it_cannot_read(document: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("verify_certificate", tmp_path / "nothing.json")
    with pytest.raises(CommandError, match="not an Ed25519 public key"):
        call_command("verify_certificate", document, key=document)
    document.write_text("{}")
    with pytest.raises(CommandError, match="not the signed document"):
        call_command("verify_certificate", document)
