"""A certificate as a PDF: set from the signed text, with the signed document attached, the same bytes each time."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from exports import letters
from exports.typesetting import CannotPrint, Typesetter
from resets import certificate_check, certificate_page
from resets.models import Certificate

TEMPLATE: Final = Path(__file__).parent / "typst" / "certificate.typ"
VERBATIM: Final = {"check_at", "check_words", "code", "digest", "keys_at"}
"""Facts that are printed letter by letter, and are ASCII."""


def of(issued: Certificate) -> bytes:
    """Tagged PDF/UA-1. It is not kept anywhere: nothing but the text decides what it holds."""
    with TemporaryDirectory() as desk:
        setter = Typesetter(TEMPLATE, Path(desk))
        setter.options["timestamp"] = int(issued.issued_at.timestamp())
        while True:
            try:
                return setter.pdf(inputs(issued))
            except CannotPrint as refused:
                if not letters.forbid(refused.text):
                    raise


def inputs(issued: Certificate) -> dict[str, str]:
    """What the template takes: the facts as they can be printed, and the document as it was signed."""
    facts = _printable(certificate_page.of(issued))
    return {"facts": json.dumps(facts, ensure_ascii=False), "document": certificate_check.as_json(issued)}


def _printable(value: Any) -> Any:
    """The same facts, with a letter that no font has as its number: it is never printed blank."""
    if isinstance(value, dict):
        return {key: each if key in VERBATIM else _printable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_printable(each) for each in value]
    return letters.printable(value).text if isinstance(value, str) else value
