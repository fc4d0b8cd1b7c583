"""What a reset does with every model of the project: the article's table, as code.

A model that is missing here fails a test; a model that names what it is not fails too.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop


class Action(StrEnum):
    """`deleted`: rows of the district go. `unassigned`: kept, nobody is assigned to it any more.
    `retained`: kept unchanged. `system`: not a district's data."""

    DELETED = "deleted"
    UNASSIGNED = "unassigned"
    RETAINED = "retained"
    SYSTEM = "system"


@dataclass(frozen=True)
class Disposition:
    """`row`: the line of the article's table; `words`: the kind, as a CSM says it, in the plural. Both in English, as
    certificates have them; a page asks the catalogue."""

    action: Action
    row: str
    words: str


def _deleted(row: str, words: str) -> Disposition:
    return Disposition(Action.DELETED, row, words)


def _retained(row: str, words: str) -> Disposition:
    return Disposition(Action.RETAINED, row, words)


def _system(*, caption: str) -> Disposition:
    return Disposition(Action.SYSTEM, "", caption)


ACCOUNTS, POINTS = gettext_noop("Student accounts"), gettext_noop("THINK Points and tokens")
AVATARS, ASSESSMENT = gettext_noop("Avatars"), gettext_noop("Assessment data")
PROGRESS, PATHWAYS = gettext_noop("Progress data"), gettext_noop("Pathway data")
USAGE, CLASSROOMS = gettext_noop("Usage data"), gettext_noop("Classrooms")
EDUCATORS, ORGANISATIONS = gettext_noop("Educator accounts"), gettext_noop("Schools and district")

DISPOSITIONS: dict[str, Disposition] = {
    "districts.Student": _deleted(ACCOUNTS, gettext_noop("student accounts")),
    "districts.PointsEntry": _deleted(POINTS, gettext_noop("point and token entries")),
    "districts.PointsBalance": _deleted(POINTS, gettext_noop("point and token balances")),
    "districts.Avatar": _deleted(AVATARS, gettext_noop("avatars")),
    "districts.BenchmarkResult": _deleted(ASSESSMENT, gettext_noop("benchmark results")),
    "districts.FactsTest": _deleted(ASSESSMENT, gettext_noop("Math Facts tests")),
    "districts.LessonResult": _deleted(PROGRESS, gettext_noop("lesson results")),
    "districts.FactsProgress": _deleted(PROGRESS, gettext_noop("facts practiced")),
    "districts.PathwayAssignment": _deleted(PATHWAYS, gettext_noop("pathway assignments")),
    "districts.DailyUsage": _deleted(USAGE, gettext_noop("days of use")),
    "districts.Classroom": _deleted(CLASSROOMS, gettext_noop("classrooms")),
    "districts.ClassroomTeacher": _deleted(CLASSROOMS, gettext_noop("teachers of classrooms")),
    "districts.Enrollment": _deleted(CLASSROOMS, gettext_noop("students in classrooms")),
    "districts.Pathway": Disposition(
        Action.UNASSIGNED, gettext_noop("Pathway definitions"), gettext_noop("pathway definitions")
    ),
    "districts.Educator": _retained(EDUCATORS, gettext_noop("educator accounts")),
    "districts.EducatorRole": _retained(EDUCATORS, gettext_noop("memberships and roles")),
    "districts.School": _retained(ORGANISATIONS, gettext_noop("schools")),
    "districts.District": _retained(ORGANISATIONS, gettext_noop("districts")),
    "districts.SchoolYear": _retained(ORGANISATIONS, gettext_noop("school year dates")),
    "districts.DistrictCounts": _system(caption="numbers of a district"),
    "districts.Gate": _system(caption="the pause"),
    "districts.RosterSource": _system(caption="where rosters come from"),
    "districts.RosterFile": _system(caption="rosters that came, until they end"),
    "districts.RosterSync": _system(caption="nights of roster syncs, as counts"),
    "districts.YearCount": _system(caption="numbers of a closed year"),
    "districts.Contact": _system(caption="contacts of a district, kept"),
    "districts.OtherReset": _system(caption="dates of other products"),
    "districts.Notice": _system(caption="mail to a district, without names"),
    "exports.ExportFile": _system(caption="files that a district keeps, until they end"),
    "exports.Download": _system(caption="downloads, without names of students"),
    "resets.Season": _system(caption="seasons"),
    "resets.Reset": _system(caption="resets"),
    "resets.SchoolReset": _system(caption="schools of a reset"),
    "resets.ResetEvent": _system(caption="history"),
    "resets.SeasonEvent": _system(caption="history of seasons"),
    "resets.Hold": _system(caption="records holds"),
    "resets.LetterStep": _system(caption="the season's letters"),
    "resets.Letter": _system(caption="letters to a district, without names of students"),
    "resets.Delivery": _system(caption="to whom letters went"),
    "resets.Question": _system(caption="questions of a district"),
    "resets.DistrictNote": _system(caption="notes on a district"),
    "resets.SavedView": _system(caption="saved views of a list"),
    "resets.Receipt": _system(caption="receipts of what was done to many"),
    "resets.Night": _system(caption="nights"),
    "resets.Certificate": _system(caption="certificates"),
    "resets.LedgerEntry": _system(caption="ledger"),
    "resets.Tick": _system(caption="the scheduler's mark"),
    "resetportal.User": _system(caption="people who sign in"),
    "resetportal.DemoClock": _system(caption="the demo's clock"),
}


def of(kind: str) -> Disposition:
    """The disposition of a kind as counts name it: `student` is districts.Student."""
    return _BY_KIND[kind]


_BY_KIND = {
    label.partition(".")[2].lower(): each for label, each in DISPOSITIONS.items() if label.startswith("districts.")
}


def words_of(kind: str) -> str:
    """A kind in a CSM's words, in the reader's language; one that no model knows by the name of its table."""
    return _(_BY_KIND[kind].words) if kind in _BY_KIND else _("rows of {kind}").format(kind=kind)
