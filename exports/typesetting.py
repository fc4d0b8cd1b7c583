"""Sets PDFs with Typst: tagged for people who listen (PDF/UA-1), with pinned fonts, from data that is never markup."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from exports import letters

UNPRINTABLE = re.compile(r"PDF/UA-1 error: the text contains|PDF/UA-1 error: the text .* could not be displayed", re.S)
QUOTED = re.compile(r'`"(.*?)"`', re.S)
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


class CannotPrint(Exception):
    """A letter that should have been printable is not; `letters.forbid` knows it now, so the same data can be set
    again from its beginning."""


class Typesetter:
    """Sets documents of one template. `desk`: a folder of its own, in which it lays the fonts out."""

    def __init__(self, template: Path, desk: Path) -> None:
        self.template = template.read_bytes()
        folder = desk / "fonts"
        folder.mkdir(exist_ok=True)
        for file in letters.files():
            (folder / file.name).symlink_to(file)
        fonts = typst.Fonts(include_embedded_fonts=False, font_paths=[str(folder)])
        self.options: dict[str, Any] = {"root": str(desk), "font_paths": fonts}

    def pdf(self, inputs: Mapping[str, str]) -> bytes:
        """One document. Raises CannotPrint."""
        try:
            made: Any = typst.compile(self.template, sys_inputs=dict(inputs), pdf_standards="ua-1", **self.options)
        except typst.TypstError as error:
            _note_letters(error)
            raise
        return bytes(made)

    def pictures(self, inputs: Mapping[str, str], *, ppi: int = 110) -> list[bytes]:
        """The same document as a PNG a page, to be looked at."""
        made: Any = typst.compile(self.template, sys_inputs=dict(inputs), format="png", ppi=ppi, **self.options)
        return made if isinstance(made, list) else [made]


def _note_letters(error: typst.TypstError) -> None:
    """Raises CannotPrint for a text that no font could show. Its message, which holds the text, goes no further."""
    text = str(error)
    if not UNPRINTABLE.search(text):
        return
    quoted = QUOTED.search(text)
    shown = ESCAPED.sub(lambda each: chr(int(each[1], 16)), quoted[1]) if quoted else ""
    if letters.forbid(shown):
        raise CannotPrint from None
