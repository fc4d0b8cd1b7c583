"""The date adviser's month grid: judged days laid out in weeks that begin on Sunday."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, Protocol

from django.utils.dates import WEEKDAYS as WEEKDAYS_WHOLE
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resetportal import icons, words

WEEKDAYS: Final = (
    (gettext_lazy("Su"), WEEKDAYS_WHOLE[6]), (gettext_lazy("Mo"), WEEKDAYS_WHOLE[0]),
    (gettext_lazy("Tu"), WEEKDAYS_WHOLE[1]), (gettext_lazy("We"), WEEKDAYS_WHOLE[2]),
    (gettext_lazy("Th"), WEEKDAYS_WHOLE[3]), (gettext_lazy("Fr"), WEEKDAYS_WHOLE[4]),
    (gettext_lazy("Sa"), WEEKDAYS_WHOLE[5]),
)  # fmt: skip
_WEEKS: Final = calendar.Calendar(firstweekday=calendar.SUNDAY)


class Judged(Protocol):
    """A day with its verdict, as `resets.policy.judge` gives it."""

    @property
    def day(self) -> date: ...
    @property
    def verdict(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def nearest(self) -> date | None: ...


@dataclass(frozen=True)
class Label:
    """A word on the lower edge of a day: `today` in blue, `best` in green, others in ink."""

    word: str
    tone: str


@dataclass(frozen=True)
class Cell:
    """A day of the grid; `marks` say what else it is. `judged` is None where the adviser said nothing about it."""

    day: date
    judged: Judged | None
    chosen: bool
    past: bool
    labels: tuple[Label, ...]
    marks: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The class of the cell: past, chosen, or its verdict."""
        if self.chosen:
            return "chosen"
        return "past" if self.past else str(self.judged.verdict) if self.judged else "past"

    @property
    def icon(self) -> str:
        """The shape of the verdict, empty for a day gone by."""
        if self.judged is None or self.past:
            return ""
        return icons.STATES[icons.VERDICTS[str(self.judged.verdict)][0]][0]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why a day that the rules allow is advised against."""
        return tuple(one.sentence for one in getattr(self.judged, "warnings", ()))

    @property
    def others(self) -> tuple[str, ...]:
        """How the day lies to those of the vendor's other products."""
        return tuple(one.sentence for one in getattr(self.judged, "others", ()))

    @property
    def is_start(self) -> bool:
        """Whether the keyboard starts here when no day is chosen: the recommended day."""
        return self.judged is not None and str(self.judged.verdict) == "recommended"

    @property
    def tells_nearest(self) -> bool:
        """Whether the nearest day must be said beside the sentence, which may say it already."""
        near = self.judged.nearest if self.judged else None
        return near is not None and near != self.day and words.spoken_day(near) not in self.judged_sentence

    @property
    def judged_sentence(self) -> str:
        return self.judged.sentence if self.judged else ""

    @property
    def name(self) -> str:
        """What the button is called when read aloud: the day, its verdict and its labels."""
        word = _(icons.VERDICTS[str(self.judged.verdict)][1]) if self.judged else ""
        against = [_("advised against")] if self.warnings else []
        marks = [label.word for label in self.labels] + ([_("your choice")] if self.chosen else [])
        return ", ".join([words.spoken(self.day), word, *against, *marks, *self.marks])


@dataclass(frozen=True)
class Month:
    """A month of the grid; a week has seven places, None where the day is of another month."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]


def months(
    days: Iterable[Judged],
    *,
    today: date,
    chosen: date | None,
    labels: Mapping[date, str] | None = None,
    marks: Mapping[date, Sequence[str]] | None = None,
) -> list[Month]:
    """Lay judged days out by month.

    `labels` adds a word to a day, such as `default` or `rostering`; `marks` tells what else a day is, such as a
    holiday by its name.
    """
    judged = {one.day: one for one in days}
    firsts = [first for first, _days in groupby(sorted(judged), key=lambda day: day.replace(day=1))]

    def cell(day: date) -> Cell:
        one = judged.get(day)
        words_on_it, more = _labels(day, one, today, labels or {}), tuple((marks or {}).get(day, ()))
        return Cell(day, one, day == chosen, day < today, words_on_it, more)

    return [Month(first, _weeks(first, cell)) for first in firsts]


def _weeks(first: date, cell: "CellMaker") -> tuple[tuple[Cell | None, ...], ...]:
    weeks: Sequence[Sequence[date]] = _WEEKS.monthdatescalendar(first.year, first.month)
    return tuple(tuple(cell(day) if day.month == first.month else None for day in week) for week in weeks)


def _labels(day: date, one: Judged | None, today: date, labels: Mapping[date, str]) -> tuple[Label, ...]:
    found = [Label(_("today"), "now")] if day == today else []
    if day in labels:
        found.append(Label(labels[day], "ink"))
    elif one is not None and str(one.verdict) == "recommended":
        found.append(Label(_("best"), "done"))
    return tuple(found)


class CellMaker(Protocol):
    """Makes the cell of a day."""

    def __call__(self, day: date, /) -> Cell: ...
