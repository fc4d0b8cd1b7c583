"""Wishes of Dana, Lakeside's admin, in June 2027, and what is left of their files."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings

from exports import files, making
from exports.models import ExportFile
from tests.people import Cast

JUNE_1 = datetime(2027, 6, 1, 16, tzinfo=UTC)
Ask = Callable[..., ExportFile]


@pytest.fixture
def june() -> Iterator[time_machine.Traveller]:
    """It is June 1, 2027."""
    with time_machine.travel(JUNE_1, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ask(cast: Cast, june: time_machine.Traveller) -> Ask:
    """Dana asks for a Student Data Export of Imagine Math, or for what a test says."""

    def asked(**wish: Any) -> ExportFile:
        usual: dict[str, Any] = {
            "kind": ExportFile.Kind.STUDENT_DATA,
            "product": "imagine_math",
            "format": "xlsx",
            "hours": 24,
        }
        usual |= {"district": cast.lakeside, "by": cast.dana, "at": JUNE_1, "school_year": "2026-27"}
        return files.ask(**usual | wish)

    return asked


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a maker of `tests.exports.makers` in the place of both."""

    def put(name: str) -> None:
        monkeypatch.setattr(making, "MAKERS", dict.fromkeys(making.MAKERS, f"tests.exports.makers.{name}"))

    put("small")
    return put


@pytest.fixture
def made(ask: Ask, maker: Callable[[str], None]) -> Callable[..., ExportFile]:
    """A file that was asked for and made."""

    def make(**wish: Any) -> ExportFile:
        file = ask(**wish)
        making.make(file.pk, worker="a worker")
        return fresh(file)

    return make


def fresh(file: ExportFile) -> ExportFile:
    return ExportFile.objects.select_related("district").get(pk=file.pk)


def on_disk() -> list[Path]:
    """Every file in the folder of exports."""
    return [each for each in Path(settings.EXPORT_FILES).rglob("*") if each.is_file()]
