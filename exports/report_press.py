"""Reads students in slices and has them set by child processes, one a core, in the order of their documents."""

import os
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from districts.gate import spoken
from exports import letters, reading, report_data, report_printing
from exports.made import Progress
from exports.models import ExportFile
from exports.report_binding import TITLE, Binder, Count
from exports.report_pages import Page
from exports.report_plan import Document
from exports.report_printing import Printed
from exports.typesetting import CannotPrint, Child, NotSet, Typesetter

__all__ = ["TITLE", "Press"]

TEMPLATE = Path(__file__).parent / "typst" / "report.typ"
SLICE = 60  # students read and set at once: a child takes some 2 MiB a page
CORES = os.cpu_count() or 1  # children beside the one that is waited for
LOOK = 0.02  # seconds between two looks at the children


@dataclass(frozen=True)
class Part:
    """Some students of one document. `path`: where its PDF will be."""

    number: int  # of the document
    student_ids: tuple[int, ...]
    path: str
    is_whole: bool
    is_last: bool


@dataclass
class Sheaf:
    """Parts that are set together, what is on their pages, and how much of it."""

    parts: list[Part]
    pages: dict[int, list[Page]]
    counts: list[Count] = field(default_factory=list)
    child: Child | None = None


class Press:
    """Makes all documents of a wish. `through` is the last day in them, `reports` how many pages there are."""

    def __init__(
        self, wanted: ExportFile, documents: Sequence[Document], at: datetime, desk: Path, progress: Progress
    ) -> None:
        self.wanted, self.documents, self.at, self.desk, self.progress = wanted, documents, at, desk, progress
        self.through = report_data.through_of(wanted.district, at=at, until=wanted.until)
        self.binder = Binder(wanted, desk, Typesetter(TEMPLATE, desk), spoken(self.through))
        self.counts = [Count() for _ in documents]
        self.running: deque[Sheaf] = deque()
        self.done = self.begun = 0
        self.total = sum(len(document.student_ids) for document in documents)

    @property
    def reports(self) -> int:
        return sum(count.reports for count in self.counts)

    def run(self) -> Path:
        """The finished file. Reads the next slice while children set the ones before it."""
        for parts in self._slices():
            while len(self.running) > CORES:
                self._finish()
            self._begin(self._read(parts))
            self.progress(self.done, self.total)
        while self.running:
            self._finish()
        self.binder.close()
        return self.binder.path

    def stop(self) -> None:
        """Ends the children that still run, and lets go of what is open."""
        try:
            for sheaf in self.running:
                if sheaf.child:
                    sheaf.child.stop()
        finally:
            self.binder.close()

    def _slices(self) -> Iterator[list[Part]]:
        """The parts of all documents, in groups of about as many students."""
        group: list[Part] = []
        for part in self._parts():
            if group and sum(len(each.student_ids) for each in (*group, part)) > SLICE:
                yield group
                group = []
            group.append(part)
        if group:
            yield group

    def _parts(self) -> Iterator[Part]:
        for number, document in enumerate(self.documents):
            ids = document.student_ids
            starts = range(0, max(1, len(ids)), SLICE)
            for start in starts:
                path = f"{number}-{start}.pdf"
                yield Part(number, ids[start : start + SLICE], path, len(starts) == 1, start == starts[-1])

    def _read(self, parts: list[Part]) -> Sheaf:
        """Reads the students of some parts, each once."""
        ids = list(dict.fromkeys(pk for part in parts for pk in part.student_ids))
        with reading.whole(self.wanted.district_id, generation=self.wanted.generation):
            pages = report_data.pages_of(
                self.wanted.district,
                student_ids=ids,
                school_year=self.wanted.school_year,
                at=self.at,
                until=self.wanted.until,
                product=self.wanted.product,
                pathway_id=self.wanted.pathway_id,
            )
        by_student: dict[int, list[Page]] = {}
        for page in pages:
            by_student.setdefault(page.student_id, []).append(page)
        return Sheaf(parts, by_student)

    def _begin(self, sheaf: Sheaf) -> None:
        """Gives parts to a child."""
        jobs, sheaf.counts = {}, []
        for part in sheaf.parts:
            printed = [report_printing.printed(page) for pk in part.student_ids for page in sheaf.pages.get(pk, ())]
            missing = sum((each.missing for each in printed), Counter[str]())
            sheaf.counts.append(Count(len(printed), missing))
            jobs[part.path] = self._job(part, printed, sheaf.counts[-1])
        self.begun += 1
        sheaf.child = Child(TEMPLATE, self.desk, self.begun, jobs)
        self.running.append(sheaf)

    def _job(self, part: Part, printed: list[Printed], count: Count) -> str:
        """What the template takes for a part, with a cover where the part is a document of several students."""
        document = self.documents[part.number]
        has_cover = part.is_whole and (len(document.student_ids) != 1 or not printed)
        cover = self.binder.cover(document, count) if has_cover else None
        return self.binder.data(document, cover, [each.data for each in printed])

    def _finish(self) -> None:
        """Waits for the first of the children, and binds what it set."""
        sheaf = self.running[0]
        if sheaf.child is None:
            return
        while not sheaf.child.is_done():
            self.progress(self.done, self.total)
            time.sleep(LOOK)
        try:
            sheaf.child.check()
        except CannotPrint as error:
            self._again(sheaf, error)
            return
        self.running.popleft()
        for part, count in zip(sheaf.parts, sheaf.counts, strict=True):
            self._bind(part, count)

    def _again(self, sheaf: Sheaf, error: CannotPrint) -> None:
        """Sets parts once more, with numbers in the place of letters that could not be printed after all."""
        if not letters.forbid(error.text):
            raise NotSet from None
        self.running.popleft()
        self._begin(sheaf)
        self.running.rotate(1)

    def _bind(self, part: Part, new: Count) -> None:
        count = self.counts[part.number]
        count.reports += new.reports
        count.missing += new.missing
        whole, last = part.is_whole, part.is_last
        self.binder.take(self.documents[part.number], self.desk / part.path, count, is_whole=whole, is_last=last)
        self.done += len(part.student_ids)
