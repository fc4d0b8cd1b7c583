"""What an export is held against before it proves anything, and what is said of one that does not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from districts import moments
from districts.activity.counters import NAMES
from districts.models import (
    Avatar,
    BenchmarkResult,
    DailyUsage,
    District,
    FactsProgress,
    FactsTest,
    LearningEnvironment,
    LessonResult,
    PointsEntry,
    Product,
)
from districts.quantities import numbers
from exports.models import ExportFile
from resetportal import clock

State = ExportFile.State
A_DAY = timedelta(days=1)
WORK: dict[str, Sequence[type[Any]]] = {
    Product.IMAGINE_MATH: (LessonResult, BenchmarkResult, PointsEntry, Avatar),
    Product.MATH_FACTS: (FactsTest, FactsProgress),
}


@dataclass(frozen=True)
class Case:
    """One product of one district with its exports, newest first. `is_counted`: students may be counted in the shard.

    The district has its gate and its numbers with it. `advises`: sentences say what helps, while something does.
    """

    district: District
    product: str
    files: Sequence[Any]
    today: date
    is_counted: bool
    advises: bool = True

    @property
    def best(self) -> Any:
        """The export that proves it, or comes nearest to it, the newest of several; None where none was made."""
        made = (file for file in self.files if file.made_at is not None)
        return min(made, key=lambda file: [flaw.is_in(self, file) for flaw in FLAWS], default=None)

    @property
    def is_being_made(self) -> bool:
        mine = (file for file in self.files if file.is_whole and not file.is_last)
        return any(file.state in (State.WAITING, State.MAKING) for file in mine)

    @property
    def accounts(self) -> int:
        return self.district.counts.accounts

    @property
    def last_on(self) -> date | None:
        """The last day of which there is anything, in the district's zone."""
        day: date | None = getattr(self.district.counts, f"{NAMES[Product(self.product)]}_last_on")
        return day

    @property
    def version(self) -> int:
        return int(getattr(self.district.counts, f"{NAMES[Product(self.product)]}_version"))

    @property
    def provable_from(self) -> date:
        """The first day on which an export holds everything that is known today: previous days only are in one."""
        return max(self.today, self.last_on + A_DAY) if self.last_on else self.today

    def proven(self) -> str:
        """What the best export proves, in a sentence."""
        held = ngettext(
            "The one made on {day} holds its student through {through}, and was downloaded.",
            "The one made on {day} holds all {number} students through {through}, and was downloaded.",
            self.accounts,
        ).format(day=self.made(self.best), number=numbers(self.accounts), through=self.say(self.best.through))
        return f"{held} {self._until()}".rstrip()

    def _until(self) -> str:
        """For how long that stays so: what students do later is in no export of today."""
        reset_on = self.district.gate.pauses_on
        if not self.advises or not reset_on or reset_on - self.today <= A_DAY:
            return ""
        return _("What students do later is not in it: the last day for another is {say}.").format(
            say=self.say(reset_on - A_DAY)
        )

    def unmade(self) -> str:
        """That there is none, and what helps."""
        if not self.advises:
            return _("No export was made.")
        if self.is_being_made:
            return _("No export is made yet: one is being made now.")
        return _("No export is made yet. {cure}").format(cure=self.cure())

    def cure(self) -> str:
        """What helps: another export, from the day on which it would prove something, or a last export."""
        if not self.advises:
            return ""
        day, reset_on, is_another = self.provable_from, self.district.gate.pauses_on, self.best is not None
        if day <= self.today:
            if self.is_being_made:
                return _("Another is being made now.")
            return _("Make another.") if is_another else _("Make one.")
        if reset_on and self.today < reset_on <= day:
            said = _("One could prove it from {day} only, and the reset is on {reset_on}: choose a last export.")
            if is_another:
                said = _(
                    "Another could prove it from {day} only, and the reset is on {reset_on}: choose a last export."
                )
            return said.format(day=self.say(day), reset_on=self.say(reset_on))
        said = _("Make another from {day}.") if is_another else _("Make one from {day}.")
        return said.format(day=self.say(day))

    def made(self, file: Any) -> str:
        """The day on which a file was made, in the district's zone, in words."""
        return self.say(clock.local_date(self.district.zone, file.made_at))

    def say(self, day: date | None) -> str:
        """A day in words; its year only where it is another than today's."""
        if day is None:
            return ""
        return moments.day_in_words(day, weekday=True, year=day.year != self.today.year)


class Flaw(NamedTuple):
    """Why an export proves nothing: `word` for a list, whether a file has it, and the sentence with its cure."""

    word: str
    is_in: Callable[[Case, Any], bool]
    sentence: Callable[[Case, Any], str]

    def why(self, case: Case, file: Any) -> str:
        """The sentence, with its cure while one is asked for."""
        return self.sentence(case, file).rstrip()


def _is_partial(_: Case, file: Any) -> bool:
    return not file.is_whole


def _partial(case: Case, file: Any) -> str:
    if file.learning_environment:
        of = _("students of {label}").format(label=LearningEnvironment(file.learning_environment).label)
    else:
        since, until = case.say(file.since), case.say(file.through)
        of = (
            _("work from {since} through {until}").format(since=since, until=until)
            if since
            else _("work through {until}").format(until=until)
        )
    only = _("The one made on {file} is only of {of}.").format(file=case.made(file), of=of)
    cure = _("Make one of all students and the whole year.")
    return f"{only} {cure}" if case.advises else only


def _is_too_early(case: Case, file: Any) -> bool:
    return case.last_on is not None and (file.through is None or file.through < case.last_on)


def _too_early(case: Case, file: Any) -> str:
    students = students_after(case, file.through) if case.is_counted else None
    said = ngettext(
        "{number} student has worked since the one made on {day} (it goes through {through}). {cure}",
        "{number} students have worked since the one made on {day} (it goes through {through}). {cure}",
        students or 0,
    )
    if students is None:
        said = _("Students have worked since the one made on {day} (it goes through {through}). {cure}")
    elif not students:
        said = _("A pathway was assigned since the one made on {day} (it goes through {through}). {cure}")
    told = {"day": case.made(file), "through": case.say(file.through), "cure": case.cure()}
    return said.format(number=numbers(students), **told)


def _is_outdated(case: Case, file: Any) -> bool:
    return bool(file.version != case.version)


def _outdated(case: Case, file: Any) -> str:
    return _("Work of earlier days has arrived since the one made on {file}. {cure}").format(
        file=case.made(file), cure=case.cure()
    )


def _misses_students(case: Case, file: Any) -> bool:
    return bool(file.rows != case.accounts)


def _students(case: Case, file: Any) -> str:
    more = case.accounts - file.rows
    if more < 0:
        said = ngettext(
            "The one made on {day} has {number} student more than there are. {cure}",
            "The one made on {day} has {number} students more than there are. {cure}",
            -more,
        )
    else:
        said = ngettext(
            "{number} student was added since the one made on {day}. {cure}",
            "{number} students were added since the one made on {day}. {cure}",
            more,
        )
    return said.format(day=case.made(file), number=numbers(abs(more)), cure=case.cure())


def _is_left(_: Case, file: Any) -> bool:
    return not file.is_downloaded


def _left(case: Case, file: Any) -> str:
    if file.state == State.READY:
        said = _("Made on {file}, not downloaded yet: somebody of the district downloads it.")
        return (said if case.advises else _("Made on {file}, not downloaded.")).format(file=case.made(file))
    return _("Made on {file}, and gone without a download. {cure}").format(file=case.made(file), cure=case.cure())


FLAWS = (
    Flaw(gettext_noop("Not whole"), _is_partial, _partial),
    Flaw(gettext_noop("Out of date"), _is_too_early, _too_early),
    Flaw(gettext_noop("Out of date"), _is_outdated, _outdated),
    Flaw(gettext_noop("Students added"), _misses_students, _students),
    Flaw(gettext_noop("Not downloaded"), _is_left, _left),  # the last: an export without another flaw only waits
)
"""The gravest first."""


def students_after(case: Case, day: date | None) -> int:
    """How many students worked after a day, by the district's clock; all who worked, where no day is given."""
    use = DailyUsage.objects.of(case.district.pk).filter(product=case.product)
    work = [kind.objects.of(case.district.pk) for kind in WORK[case.product]]
    if day is not None:
        ends = datetime.combine(day + A_DAY, time(), ZoneInfo(case.district.zone))
        use, work = use.filter(day__gt=day), [rows.filter(happened__gte=ends) for rows in work]
    ids: list[Any] = [rows.order_by().values_list("student_id", flat=True) for rows in (use, *work)]
    return int(ids[0].union(*ids[1:]).count())
