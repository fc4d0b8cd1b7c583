"""A list of a page as a spreadsheet to download: of districts and staff, never of students."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from districts.moments import moment
from exports.columns import Column
from exports.writers import write_list

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(
    filename: str,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    about: Iterable[tuple[str, object]],
    by: Any,
    at: datetime,
) -> HttpResponse:
    """The list as an answer that a browser saves. `name`: of its sheet; `about`: what was asked for."""
    facts = [
        *about,
        (_("Downloaded"), moment(at, "UTC")),
        (_("By"), str(by)),
        (_("Students"), _("No student is in this file.")),
        ("", ""),
    ]
    facts += [(_("Column"), _("What it holds")), *((column.name, column.meaning) for column in columns)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        write_list(path, name, columns, rows, about=facts)
        content = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=XLSX, headers=headers)
