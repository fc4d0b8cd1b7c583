"""The spreadsheet of a district's export files: what became of each, and no student in it."""

from io import BytesIO
from typing import Any

import openpyxl
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.models import Student
from resetportal.models import User
from resets.models import Reset
from tests.people import Cast
from tests.resets.views.district_files import ended, ready, reports, taken

PAGE = "/districts/0620810/exports/"


def book(client: Client, person: User) -> Any:
    client.force_login(person)
    return openpyxl.load_workbook(BytesIO(client.get(f"{PAGE}list.xlsx").content))


def lines(client: Client, person: User) -> list[dict[str, Any]]:
    header, *rows = book(client, person)["Exports"].values
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_it_tells_what_became_of_each_file(client: Client, cast: Cast, reset: Reset) -> None:
    taken(ended(ready(cast.lakeside)), cast.dana)
    (line,) = lines(client, cast.dana)
    assert line["File"] == "Imagine Math"
    assert (line["State"], line["Why"]) == ("Gone", "The district was reset.")
    assert (line["Rows"], line["Downloads"], line["Last download by"]) == (3, 1, "Dana Whitfield")
    assert len(line["SHA-256"]) == 64


def test_the_vendor_does_not_learn_who_took_it(client: Client, cast: Cast, reset: Reset) -> None:
    taken(ready(cast.lakeside), cast.dana)
    (line,) = lines(client, cast.carmen)
    assert (line["Downloads"], line["Last download by"], line["SHA-256"]) == (1, None, None)


def test_the_admin_s_list_leaves_reports_to_their_own_page(client: Client, cast: Cast, reset: Reset) -> None:
    reports(cast.lakeside)
    assert lines(client, cast.dana) == []
    assert len(lines(client, cast.carmen)) == 1


def test_no_student_is_in_it(client: Client, cast: Cast, reset: Reset) -> None:
    student = Student.objects.filter(district_id=cast.lakeside.pk).first()
    assert student
    ready(cast.lakeside, student_id=student.id, name=f"{student.first_name} {student.last_name}.pdf")
    cells = [str(cell) for sheet in book(client, cast.dana) for row in sheet.values for cell in row]
    assert not [cell for cell in cells if student.last_name in cell or student.first_name in cell]


def test_what_is_proven_stands_on_the_sheet_about_it(client: Client, cast: Cast, reset: Reset) -> None:
    ready(cast.lakeside)
    about = [cell for row in book(client, cast.dana).worksheets[-1].values for cell in row]
    assert "Imagine Math" in about


def test_the_page_leads_to_it_once_there_is_a_file(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.dana)
    assert "exports/list.xlsx" not in client.get(PAGE).text
    ready(cast.lakeside)
    assert "exports/list.xlsx" in client.get(PAGE).text


def test_it_takes_as_many_queries_however_many_files(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.carmen)
    queries = []
    for number in (1, 5):
        for _ in range(number):
            ready(cast.lakeside)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{PAGE}list.xlsx")
        queries.append(len(asked))
    assert queries[0] == queries[1]
