"""Binds what was set: parts into documents, documents into a zip."""

import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exports import joining, report_printing
from exports.models import ExportFile
from exports.report_plan import Document, scope
from exports.typesetting import Typesetter

TITLE = "Student Progress reports"
EFFORT = 3  # of the zip: most of a page is tags, which pack well with little


@dataclass
class Count:
    """What a document turned out to hold."""

    reports: int = 0
    missing: Counter[str] = field(default_factory=Counter)


class Binder:
    """Takes the parts of documents in order. `through`: the last day in words."""

    def __init__(self, wanted: ExportFile, desk: Path, setter: Typesetter, through: str) -> None:
        self.wanted, self.desk, self.setter, self.through = wanted, desk, setter, through
        self.path = desk / f"reports.{wanted.format}"
        self.zip = zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED, compresslevel=EFFORT) if self._is_zip else None
        self.joined: joining.Joined | None = None
        self.bound = desk / "bound.pdf"

    @property
    def _is_zip(self) -> bool:
        return self.wanted.format == ExportFile.Format.ZIP

    def take(self, document: Document, part: Path, count: Count, *, is_whole: bool, is_last: bool) -> None:
        """The next part of a document; `is_whole`: it is the document."""
        if is_whole:
            self._deliver(document, part)
            return
        if self.joined is None:
            self.file = self.bound.open("wb")
            self.joined = joining.Joined(self.file)
        self.joined.add(part.read_bytes())
        part.unlink()
        if is_last:
            self._bind(document, count)

    def close(self) -> None:
        """Ends the zip, and lets go of what is open."""
        if self.zip is not None:
            self.zip.close()
        if self.joined is not None:
            self.file.close()

    def cover(self, document: Document, count: Count) -> dict[str, Any]:
        """What a document of several students says of itself on its first page."""
        wanted = self.wanted
        rows = [
            ("District", wanted.district.name),
            *([("Teacher", document.teacher)] if document.teacher else []),
            ("School year", wanted.school_year),
            ("Through", self.through),
            ("Students", f"{len(document.student_ids):,}"),
            ("Reports", f"{count.reports:,}"),
        ]
        note = "Each report is of one student and one pathway, or of one student in Math Facts."
        notes = list(filter(None, (note, report_printing.letters_sentence(count.missing, "file"))))
        of = document.of if self._is_zip else scope(wanted)
        return {"title": TITLE, "district": wanted.district.name, "of": of, "rows": rows, "notes": notes}

    def data(self, document: Document, cover: dict[str, Any] | None, pages: list[dict[str, Any]]) -> str:
        """What the template takes."""
        title = f"{TITLE}: {document.of}, {self.wanted.school_year}"
        return report_printing.to_json(title, self.wanted.district.name, cover, pages)

    def _bind(self, document: Document, count: Count) -> None:
        if self.joined is None:
            return
        cover = self.setter.pdf({"data": self.data(document, self.cover(document, count), [])})
        self.joined.add(cover, is_front=True)
        self.joined.end()
        self.file.close()
        self.joined = None
        self._deliver(document, self.bound)

    def _deliver(self, document: Document, path: Path) -> None:
        if self.zip is None:
            path.rename(self.path)
        else:
            self.zip.write(path, document.path)
            path.unlink()
