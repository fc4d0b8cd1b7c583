"""Names that a font prints in part: a report is made of each, and no other name is printed otherwise afterwards."""

import errno

import pytest

from districts.models import Student
from exports import letters, making, typesetting
from exports.models import ExportFile
from tests.exports.conftest import Ask, fresh
from tests.people import Cast

pytestmark = pytest.mark.django_db

A_LONG_WORD = "District No. 12 of Alameda, Lincoln Elementary School"


@pytest.mark.parametrize(
    "name",
    ["1\ufe0f\u20e3 Ann", "\u38f8\u20e9", "山山\u20e9", "山\u0301", "n山\u0301", "Ꞌ\u20dd", "\u1780\u1780\u20dd"],
    ids=ascii,
)
def test_a_report_is_made_and_others_are_printed_as_before(ask: Ask, cast: Cast, name: str) -> None:
    before = letters.printable(A_LONG_WORD)
    first = Student.objects.of(cast.lakeside).order_by("id")[0]
    Student.objects.of(cast.lakeside).filter(id=first.id).update(first_name=name)
    file = ask(kind=ExportFile.Kind.PROGRESS, format="pdf", product="")
    making.make(file.pk, worker="a worker")
    assert (fresh(file).state, fresh(file).why) == (ExportFile.State.READY, "")
    assert letters.printable(A_LONG_WORD) == before


def test_marks_are_named_with_the_letter_that_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "_machine", tuple)
    letters.printable.cache_clear()
    assert letters.printable("n山\u0301").text == "n[U+5C71][U+0301]"
    letters.printable.cache_clear()


def test_a_letter_of_ascii_is_never_forbidden() -> None:
    assert not letters.forbid("1]")
    assert letters.printable("12] é").text == "12] é"


def test_a_full_disk_while_pages_are_set_is_said_and_no_child_is_left(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    children: list[typesetting.Child] = []
    checked = typesetting.Child.check

    def check(child: typesetting.Child) -> None:
        children.append(child)
        checked(child)
        raise OSError(errno.ENOSPC, "A document could not be written.")

    monkeypatch.setattr(typesetting.Child, "check", check)
    file = ask(kind=ExportFile.Kind.PROGRESS, format="pdf", product="")
    making.make(file.pk, worker="a worker")
    assert fresh(file).state == ExportFile.State.FAILED
    assert "no room left" in fresh(file).why
    assert all(child.is_done() for child in children)
