"""A certificate as a PDF: set from the signed text, with the signed document attached, the same bytes each time."""

import json
from pathlib import Path
from typing import Final

import typst
from font_source_sans_pro import font_directory

from resets import certificate_check, certificate_page
from resets.models import Certificate

TEMPLATE: Final = Path(__file__).parent / "typst" / "certificate.typ"


def of(issued: Certificate) -> bytes:
    """Tagged PDF/UA-1. It is not kept anywhere: nothing but the text decides what it holds."""
    inputs = {
        "facts": json.dumps(certificate_page.of(issued), ensure_ascii=False),
        "document": certificate_check.as_json(issued),
    }
    made = typst.compile(
        str(TEMPLATE),
        format="pdf",
        sys_inputs=inputs,
        font_paths=[font_directory],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(issued.issued_at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("a certificate is one file")
    return made
