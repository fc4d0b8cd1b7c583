"""Which PDFs a wish for progress reports makes, of whom, and what each is called."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import models

from districts.models import Enrollment, School, Student
from exports.models import ExportFile
from exports.report_pages import Room
from exports.report_reading import rooms_of

NO_TEACHER, NO_CLASSROOM, NO_SCHOOL = "No teacher", "No classroom", "No school"
RESERVED = re.compile(r'[<>:"/\\|?*]')
LONGEST = 100  # bytes of one part of a name; systems take 255 for a file


@dataclass(frozen=True)
class Document:
    """One PDF: its place in the zip, what it is of in two lines, and its students in order."""

    path: str
    of: str
    teacher: str
    student_ids: tuple[int, ...]


class Pupil(NamedTuple):
    id: int
    school: str
    last_name: str
    first_name: str


def plan(wanted: ExportFile) -> list[Document]:
    """The documents of a wish; at least one, which may be of nobody. Five queries."""
    pupils, rooms = _pupils(wanted), _rooms(wanted)
    if wanted.format == ExportFile.Format.PDF:
        return [Document("", scope(wanted), "", _in_order(pupils, rooms))]
    return _unique(_by_room(wanted, pupils, rooms)) or [Document("No students.pdf", scope(wanted), "", ())]


def scope(wanted: ExportFile) -> str:
    """What a wish is of, in words that name no student and no classroom, since they outlive both."""
    if wanted.student_id:
        return "One student"
    if wanted.classroom_id:
        return "One classroom"
    return wanted.school.name if wanted.school else "All schools"


def safe(name: str) -> str:
    """A name that every system takes as part of a path, as near to its own as that allows."""
    shown = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in name)
    shown = " ".join(RESERVED.sub(" ", unicodedata.normalize("NFC", shown)).split()).strip(". ")
    cut = shown.encode()[:LONGEST].decode(errors="ignore").rstrip(". ")
    return cut or "Without a name"


def _pupils(wanted: ExportFile) -> dict[int, Pupil]:
    """The students of a wish, by school and name."""
    found = Student.objects.of(wanted.district)
    if wanted.student_id:
        found = found.filter(id=wanted.student_id)
    if wanted.school_id:
        found = found.filter(school_id=wanted.school_id)
    if wanted.classroom_id:
        found = found.filter(id__in=list(_members(wanted).values_list("student_id", flat=True)))
    schools = dict(School.objects.filter(district_id=wanted.district_id).values_list("pk", "name"))
    rows = found.order_by().values_list("id", "school_id", "last_name", "first_name")
    pupils = [Pupil(pk, schools.get(school, NO_SCHOOL), last, first) for pk, school, last, first in rows]
    pupils.sort(key=lambda each: (each.school == NO_SCHOOL, each.school, *_folded(each), each.id))
    return {pupil.id: pupil for pupil in pupils}


def _folded(pupil: Pupil) -> tuple[str, str]:
    return pupil.last_name.casefold(), pupil.first_name.casefold()


def _members(wanted: ExportFile) -> models.QuerySet[Enrollment]:
    members = Enrollment.objects.of(wanted.district)
    return members.filter(classroom_id=wanted.classroom_id) if wanted.classroom_id else members


def _rooms(wanted: ExportFile) -> list[tuple[Room, list[int]]]:
    """Classrooms by name, with the ids of their students; of one classroom's wish only that."""
    by_room = defaultdict(list)
    for room, student in _members(wanted).order_by().values_list("classroom_id", "student_id"):
        by_room[room].append(student)
    rooms = rooms_of(wanted.district, by_room)
    ordered = sorted(rooms.values(), key=lambda room: (room.name.casefold(), room.id))
    return [(room, by_room[room.id]) for room in ordered]


def _in_order(pupils: dict[int, Pupil], rooms: Sequence[tuple[Room, list[int]]]) -> tuple[int, ...]:
    """Each student once: by school, by the first of their classrooms, then by name."""
    first: dict[int, int] = {}
    for place, (_, students) in enumerate(rooms):
        for student in students:
            first.setdefault(student, place)
    places = {pk: place for place, pk in enumerate(pupils)}
    schools = {name: place for place, name in enumerate(dict.fromkeys(each.school for each in pupils.values()))}
    last = len(rooms)
    return tuple(sorted(pupils, key=lambda pk: (schools[pupils[pk].school], first.get(pk, last), places[pk])))


def _by_room(wanted: ExportFile, pupils: dict[int, Pupil], rooms: Sequence[tuple[Room, list[int]]]) -> list[Document]:
    """One document a classroom, and one a school for students without any. Who is in two classrooms is in both."""
    has_folders = not (wanted.school_id or wanted.classroom_id or wanted.student_id)
    places = {pk: place for place, pk in enumerate(pupils)}
    documents, placed = [], set()
    for room, members in rooms:
        inside = set(members) & pupils.keys()
        placed |= inside
        if inside:
            ids = tuple(sorted(inside, key=places.__getitem__))
            documents.append(_room_document(room, ids, pupils, has_folders))
    return documents + _without_room([each for each in pupils.values() if each.id not in placed], has_folders)


def _room_document(room: Room, ids: tuple[int, ...], pupils: dict[int, Pupil], has_folders: bool) -> Document:
    teacher = room.teachers[0] if room.teachers else NO_TEACHER
    folder = f"{safe(pupils[ids[0]].school)}/" if has_folders else ""
    said = " and ".join(room.teachers) or "No teacher is assigned"
    return Document(f"{folder}{safe(teacher)} - {safe(room.name)}.pdf", room.name, said, ids)


def _without_room(pupils: Iterable[Pupil], has_folders: bool) -> list[Document]:
    by_school = defaultdict(list)
    for pupil in pupils:
        by_school[pupil.school].append(pupil.id)
    return [
        Document(
            f"{safe(school) + '/' if has_folders else ''}{NO_CLASSROOM} - {safe(school)}.pdf",
            f"{school}: students without a classroom",
            "No teacher: no classroom is assigned",
            tuple(ids),
        )
        for school, ids in by_school.items()
    ]


def _unique(documents: Iterable[Document]) -> list[Document]:
    """The same documents under names of which no two differ in case alone."""
    taken: set[str] = set()
    found = []
    for document in documents:
        stem, path, number = document.path.removesuffix(".pdf"), document.path, 1
        while path.casefold() in taken:
            number += 1
            path = f"{stem} ({number}).pdf"
        taken.add(path.casefold())
        found.append(Document(path, document.of, document.teacher, document.student_ids))
    return found
