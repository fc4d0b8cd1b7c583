"""What the pages of a district's files show: which are being made, ready and gone, and what is proven, in words."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from districts.models import Classroom, District, Student
from districts.moments import moment
from districts.quantities import counted, numbers
from exports.models import ExportFile
from exports.proof import Proof
from resetportal import clock
from resets import permitted
from resets.models import Reset
from resets.policy import spoken
from resets.rosters_page import size

Kind, State, Format = ExportFile.Kind, ExportFile.State, ExportFile.Format
ON_A_PAGE = 20
STATES = {
    State.WAITING: ("now", gettext_noop("Waiting")),
    State.MAKING: ("now", gettext_noop("Being made")),
    State.READY: ("done", gettext_noop("Ready")),
    State.FAILED: ("risk", gettext_noop("Not made")),
    State.ENDED: ("quiet", gettext_noop("Gone")),
}
UNITS = {Kind.STUDENT_DATA: "row", Kind.PROGRESS: "page"}
NEVER_DOWNLOADED = gettext_noop("Nobody downloaded it")


def last_day(district: District, *, at: datetime) -> date:
    """The newest day that an export may hold: yesterday in the district's zone, since today is not over."""
    return clock.local_date(district.zone, at) - timedelta(days=1)


def of(district: District, *kinds: str) -> QuerySet[ExportFile]:
    """A district's files of these kinds with what their lines say, newest first; of every kind when none is named."""
    rows = ExportFile.objects.of(district).select_related("school").prefetch_related("downloads")
    return rows.filter(kind__in=kinds) if kinds else rows


def board(files: QuerySet[ExportFile], district: District, *, role: str, page: str | None = None) -> dict[str, Any]:
    """The files in two parts: `here`, on their way or there, and a page of those that are `gone` or were not made."""
    here = lines(files.open(), district, role)  # type: ignore[attr-defined]
    gone: Page[ExportFile] = Paginator(files.exclude(state__in=ExportFile.OPEN), ON_A_PAGE).get_page(page)
    fresh = (line["file"].pk for line in here if line["address"] and not line["file"].downloads.all())
    return {
        "here": here,
        "to_take": next(fresh, None),
        "gone_page": gone,
        "gone": lines(gone.object_list, district, role),
        "is_making": any(line["is_making"] for line in here),
        "is_any": bool(here or gone.object_list),
    }


def lines(files: Any, district: District, role: str) -> list[dict[str, Any]]:
    """Files as lines of a list. Names of students and classrooms are looked up for the district's own admin alone."""
    rows, is_own = list(files), role == "district_admin"
    names = names_of(rows, district) if is_own else {}
    return [line(file, district, names, is_own) for file in rows]


def line(file: ExportFile, district: District, names: dict[tuple[str, int], str], is_own: bool) -> dict[str, Any]:
    """One file in words; `address` where this person may download it."""
    kind, word = STATES[State(file.state)]
    is_ready, is_making = file.state == State.READY, file.state in (State.WAITING, State.MAKING)
    code = [district.site_code, file.pk]
    return {
        "file": file,
        "kind": kind,
        "word": _(word),
        "of": of_what(file),
        "whose": whose(file, names),
        "about": about(file),
        "made": made(file, district.zone),
        "lasts": _lasts(file, district.zone) if is_ready else "",
        "taken": downloads(file, district.zone, is_own),
        "is_making": is_making,
        "is_ready": is_ready,
        "so_far": so_far(file) if is_making else "",
        "address": reverse("resets:export_download", args=code) if is_ready and is_own else "",
    }


def of_what(file: ExportFile) -> str:
    """What kind of file it is, as its line begins: `Imagine Math`, `Student Progress reports`."""
    if file.kind == Kind.PROGRESS:
        return file.get_kind_display()
    product = file.get_product_display()
    return _("{product}, last export").format(product=product) if file.is_last else product


def about(file: ExportFile) -> str:
    """What was asked for, in a line: `Whole year, PreK-2 and 3+, Excel (XLSX)`."""
    if file.kind == Kind.PROGRESS:
        return file.get_format_display()
    parts = [days(file), _environment(file), file.get_format_display()]
    return " · ".join(part for part in parts if part)


def days(file: ExportFile) -> str:
    """The days that an export holds, as far as they are known."""
    if file.through and file.since and file.through < file.since:
        return _("No day")
    last = file.through or file.until
    said = _DAYS[bool(file.since), bool(last)]
    since, until = spoken(file.since) if file.since else "", spoken(last) if last else ""
    return _(said).format(since=since, until=until, school_year=file.school_year)


_DAYS = {
    (True, True): gettext_noop("From {since} through {until}"),
    (True, False): gettext_noop("From {since}"),
    (False, True): gettext_noop("School year {school_year} through {until}"),
    (False, False): gettext_noop("School year {school_year}"),
}
"""By whether the first and the last day are known."""


def _environment(file: ExportFile) -> str:
    shown = file.get_learning_environment_display()
    return _("{environment} only").format(environment=shown) if file.learning_environment else ""


def whose(file: ExportFile, names: dict[tuple[str, int], str]) -> str:
    """Whose reports a file holds: the district's, a school's, a classroom's, a student's; named as `names` has it."""
    if file.kind == Kind.STUDENT_DATA:
        return ""
    for what, key in (("student", file.student_id), ("classroom", file.classroom_id)):
        if key:
            return names.get((what, key), _("One student") if what == "student" else _("One classroom"))
    return str(file.school) if file.school else _("All schools")


def names_of(files: list[ExportFile], district: District) -> dict[tuple[str, int], str]:
    """Names of the students and classrooms of these files, as far as they are still there; at most two queries."""
    found: dict[tuple[str, int], str] = {}
    now = [file for file in files if file.kind == Kind.PROGRESS and file.generation == district.gate.resets]
    if pupils := {file.student_id for file in now if file.student_id}:
        for student in Student.objects.filter(district_id=district.pk, id__in=pupils):
            found["student", student.id] = f"{student.first_name} {student.last_name}"
    if rooms := {file.classroom_id for file in now if file.classroom_id}:
        for room in Classroom.objects.filter(district_id=district.pk, id__in=rooms):
            found["classroom", room.id] = room.name
    return found


def made(file: ExportFile, zone: str) -> str:
    """Who asked for a file and when; of one that is there how much is in it."""
    asked = _("Asked for by {person}, {when}").format(person=file.asked_by, when=moment(file.asked_at, zone))
    if not file.made_at:
        return asked
    held = f"{counted(file.rows, UNITS[Kind(file.kind)])}, {size(file.size)}"
    by = _("Made by the run itself") if file.is_last else asked
    return f"{held} · {by}"


def _lasts(file: ExportFile, zone: str) -> str:
    if file.lasts_until is None:
        return ""
    until = moment(file.lasts_until, zone)
    return (
        _("Here until {until}.").format(until=until)
        if file.is_last
        else _("Here until {until}, or until the reset if that comes first.").format(until=until)
    )


def downloads(file: ExportFile, zone: str, is_own: bool) -> str:
    """Who took it away last; for the vendor only whether somebody did."""
    taken = list(file.downloads.all())
    if not file.made_at:
        return ""
    if not taken:
        return _(NEVER_DOWNLOADED)
    when, before = moment(taken[0].downloaded_at, zone), len(taken) - 1
    if not is_own:
        return _("Downloaded, {when}").format(when=when)
    said = _("Downloaded by {person}, {when}")
    if before:
        said = ngettext(
            "Downloaded by {person}, {when} and {number} time before",
            "Downloaded by {person}, {when} and {number} times before",
            before,
        )
    return said.format(person=taken[0].downloaded_by, when=when, number=numbers(before))


def so_far(file: ExportFile) -> str:
    """How many students of a file are done: never more than is known."""
    if file.total:
        return _("{number} of {students}").format(number=numbers(file.done), students=counted(file.total, "student"))
    if file.state == State.WAITING:
        return _("It begins as soon as a worker is free.")
    if not file.done:
        return _("The district’s data is being read.")
    return _("{students} so far").format(students=counted(file.done, "student"))


def proven(proofs: list[Proof]) -> list[dict[str, str]]:
    """What is proven by product, as `components/checklist.html` takes it."""
    return [{"kind": _kind_of(proof), "title": proof.name, "text": proof.sentence, "end": ""} for proof in proofs]


def _kind_of(proof: Proof) -> str:
    if proof.is_proven:
        return "done"
    return "next" if proof.is_last_chosen else "wait"


def reset_of(district: District) -> Reset | None:
    """The district's newest reset, before which its files are made."""
    reset = Reset.objects.filter(district=district).select_related("season").order_by("-season__school_year").first()
    if reset is not None:
        reset.district = district
    return reset


def last_export(reset: Reset | None) -> dict[str, Any] | None:
    """Whether a last export was chosen, as long as it can be; None when it is too late."""
    if reset is None or permitted.obstacle_to("last_export", reset):
        return None
    hours = reset.season.rules.last_export_hours
    chosen = ""
    if reset.last_export_chosen_at:
        chosen = _("{last_export_chosen_by} chose it {last_export_chosen_at}.").format(
            last_export_chosen_by=reset.last_export_chosen_by,
            last_export_chosen_at=moment(reset.last_export_chosen_at, reset.district.zone),
        )
    return {"hours": hours, "is_chosen": bool(chosen), "chosen": chosen, "day": spoken(reset.date)}
