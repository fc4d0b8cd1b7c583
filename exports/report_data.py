"""The pages of Student Progress reports: one a student and pathway, and one a student for Math Facts.

A lesson counts once, however often it was attempted, and is passed when one attempt passed. Minutes are of all
pathways of a learning environment together, since the platform tells them by day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from districts.gate import spoken
from districts.models import District, LearningEnvironment, Pathway, Product
from exports import report_facts
from exports import report_sections as parts
from exports.report_pages import Kind, Page, Section
from exports.report_reading import Attempt, Learner, Read, Use, read
from resetportal import clock

ENVIRONMENTS = {Kind.THREE_PLUS: LearningEnvironment.THREE_PLUS, Kind.PREK_2: LearningEnvironment.PREK_2}
REPORTS = {
    Kind.THREE_PLUS: "Imagine Math 3+",
    Kind.PREK_2: "Imagine Math PreK-2",
    Kind.FACTS: "Imagine Math Facts",
}
GRADES = {"PK": "Pre-K", "K": "Kindergarten", "": "Grade not given"}


def through_of(district: District, *, at: datetime, until: date | None = None) -> date:
    """The last day of a report: the day before `at` in the district's zone, or `until` where that is earlier."""
    yesterday = clock.local_date(district.zone, at) - timedelta(days=1)
    return min(yesterday, until or yesterday)


def pages_of(
    district: District,
    *,
    student_ids: Sequence[int],
    school_year: str,
    at: datetime,
    until: date | None = None,
    product: str = "",
    pathway_id: int | None = None,
) -> list[Page]:
    """The pages of these students, in this order; none of those who are gone. As many queries for all as for one.

    `product`: "" is all that a student used. A student who did nothing has a page that says so, unless only one
    `pathway_id` is asked for.
    """
    found = read(district, student_ids, through=through_of(district, at=at, until=until))
    pages = []
    for learner in found.learners:
        pages += _Author(found, learner, school_year).pages(product, pathway_id)
    return pages


@dataclass(frozen=True)
class _Author:
    """Writes the pages of one student."""

    read: Read
    learner: Learner
    school_year: str

    def pages(self, product: str, pathway_id: int | None) -> list[Page]:
        if pathway_id is not None:
            return [page for page in self._math() if page.pathway_id == pathway_id]
        if product:
            return [self._facts()] if product == Product.MATH_FACTS else self._math() or [self._without_pathway()]
        facts = [self._facts()] if report_facts.is_used(self.learner) else []
        pages = self._math() + facts
        if self.read.district.uses_imagine_math and len(pages) == len(facts):
            return [self._without_pathway(), *facts]
        return pages or [self._facts()]

    def _math(self) -> list[Page]:
        """PreK-2 has one page; 3+ has one a pathway, and one for lessons of none."""
        younger, older = (self._pathways(each) for each in (Kind.PREK_2, Kind.THREE_PLUS))
        pages = [self._younger(younger)] if younger else []
        pages += [self._older(pathway, len(older) > 1) for pathway in older]
        astray = any(each.pathway_id is None for each in self.learner.attempts)
        return [*pages, self._without_pathway()] if astray and not (younger and self._is_younger) else pages

    def _pathways(self, kind: Kind) -> list[Pathway]:
        """Those of one learning environment, the newest first."""
        found = [self.read.pathways[pk] for pk in self.learner.pathway_ids()]
        return [each for each in found if each.learning_environment == ENVIRONMENTS[kind]]

    @property
    def _is_younger(self) -> bool:
        return self.learner.student.learning_environment == LearningEnvironment.PREK_2

    def _older(self, pathway: Pathway, is_shared: bool) -> Page:
        attempts = [each for each in self.learner.attempts if each.pathway_id == pathway.pk]
        return self._math_page(Kind.THREE_PLUS, pathway, attempts, self._notes(pathway), is_shared)

    def _younger(self, pathways: list[Pathway]) -> Page:
        """Exactly one pathway, the newest. Lessons of those before it are on the same page, or they would be lost."""
        known = {pathway.pk for pathway in pathways}
        attempts = [
            each
            for each in self.learner.attempts
            if each.pathway_id in known or (each.pathway_id is None and self._is_younger)
        ]
        notes = self._notes(pathways[0])
        if len(pathways) > 1:
            names = ", ".join(pathway.name for pathway in pathways[1:])
            notes.append(f"Lessons of the pathways before it are on this page too: {names}.")
        return self._math_page(Kind.PREK_2, pathways[0], attempts, notes)

    def _without_pathway(self) -> Page:
        kind = Kind.PREK_2 if self._is_younger else Kind.THREE_PLUS
        attempts = [each for each in self.learner.attempts if each.pathway_id is None]
        is_shared = bool(self.learner.assigned)
        note = "These lessons belong to no pathway." if attempts else "No pathway is assigned."
        return self._math_page(kind, None, attempts, [note], is_shared)

    def _notes(self, pathway: Pathway) -> list[str]:
        if pathway.pk in {each.pathway_id for each in self.learner.assigned}:
            return []
        return ["This pathway is not assigned; lessons of it were attempted all the same."]

    def _math_page(
        self,
        kind: Kind,
        pathway: Pathway | None,
        attempts: list[Attempt],
        notes: list[str],
        is_shared: bool = False,
    ) -> Page:
        lessons = parts.lessons_of(attempts, self.read)
        taken = parts.newest(self.learner.benchmarks, lambda each: each.number)
        usage = self._usage(kind)
        time = parts.math_time(usage, is_shared=is_shared)
        sections: tuple[Section, ...]
        if kind == Kind.PREK_2:
            week = parts.a_week(usage, attempts, self.read)
            sections = (week, time, parts.totals(lessons, attempts), parts.pass_rates(lessons))
        else:
            since = parts.since_benchmark(usage, attempts, taken, self.read)
            sections = (time, parts.performance(lessons, pathway), since)
        return replace(
            self._blank(kind, pathway, notes),
            sections=sections,
            benchmarks=parts.benchmarks_of(taken, self.read),
            benchmark_sentence=parts.growth(taken),
            lessons=tuple(lessons),
            lessons_sentence="" if lessons else f"No lesson{' of this pathway' if pathway else ''} was attempted.",
        )

    def _facts(self) -> Page:
        content = report_facts.content(self.learner, self.read)
        return replace(
            self._blank(Kind.FACTS, None, list(content.notes)),
            sections=content.sections,
            tests=content.tests,
            tests_sentence=content.tests_sentence,
            grids=content.grids,
            grids_sentence=content.grids_sentence,
        )

    def _usage(self, kind: Kind) -> list[Use]:
        """Days of Imagine Math in this environment; a day that names none counts for the student's, else for any."""
        wanted = {ENVIRONMENTS[kind], ""}
        used = [each for each in self.learner.usage if each.product == Product.IMAGINE_MATH]
        return [each for each in used if each.environment in wanted]

    def _blank(self, kind: Kind, pathway: Pathway | None, notes: list[str]) -> Page:
        """A page with its head alone."""
        student, school = self.learner.student, self.learner.student.school_id
        gone = ["This account is deactivated: the student left the roster."] if student.is_deactivated else []
        return Page(
            kind=kind,
            report=REPORTS[kind],
            student_id=student.id,
            pathway_id=pathway.pk if pathway else None,
            pathway=pathway.name if pathway else "",
            student=f"{student.first_name} {student.last_name}".strip() or "Name not given",
            listed_as=", ".join(filter(None, (student.last_name, student.first_name))) or "Name not given",
            grade=GRADES.get(student.grade_level, f"Grade {student.grade_level}"),
            school=self.read.schools.get(school, "No school") if school else "No school",
            rooms=tuple(self.learner.rooms),
            district=self.read.district.name,
            school_year=self.school_year,
            through=self.read.through,
            through_words=spoken(self.read.through),
            notes=(*gone, *notes),
            sections=(),
        )
