"""`manage.py verify_certificate FILE [--key PEM]`: whether a certificate is genuine, without asking what was issued."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from resets import certificate, certificate_check, signing


class Command(BaseCommand):
    help = "Checks the signature of a certificate's signed document, certificate.json. Needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="certificate.json, as it was downloaded or attached to the PDF")
        parser.add_argument("--key", type=Path, help="a public key in PEM; without it, those of CERTIFICATE_KEYS")

    def handle(self, **options: Any) -> None:
        signed = certificate_check.read_signed(_read(options["file"]))
        if signed is None:
            raise CommandError(certificate_check.NO_DOCUMENT)
        if not _is_genuine(*signed, options["key"]):
            raise CommandError(certificate_check.CHANGED)
        number = json.loads(signed[0])["number"]
        self.stdout.write(f"{number} is genuine. SHA-256 of its text: {certificate.digest_of(signed[0])}")


def _is_genuine(text: bytes, signature: str, key: str, file: Path | None) -> bool:
    try:
        if file is None:
            return signing.is_ours(text, signature, key)
        return signing.is_signed(text, signature, signing.read_public(_read(file)))
    except signing.BadKey as bad:
        raise CommandError(str(bad)) from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
