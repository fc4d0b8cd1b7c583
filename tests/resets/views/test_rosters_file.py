"""The spreadsheet of a district's roster readings."""

from io import BytesIO

import openpyxl
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.models import RosterSync
from resets.models import Reset
from tests.people import Cast
from tests.resets.conftest import JUNE_1

PAGE = "/districts/0620810/rosters/"


def read_one(cast: Cast, outcome: str) -> None:
    RosterSync.objects.create(
        district=cast.lakeside, outcome=outcome, finished_at=JUNE_1, finished_by="a worker", local_day=JUNE_1.date()
    )


def test_the_spreadsheet_holds_the_readings_of_the_filter(client: Client, cast: Cast, reset: Reset) -> None:
    for outcome in ("refused", "unchanged"):
        read_one(cast, outcome)
    client.force_login(cast.carmen)
    assert "rosters/list.xlsx?outcome=refused" in client.get(PAGE, {"outcome": "refused"}).content.decode()
    book = openpyxl.load_workbook(BytesIO(client.get(f"{PAGE}list.xlsx", {"outcome": "refused"}).content))
    header, *rows = book["Rosters"].values
    assert header[:2] == ("When", "Outcome")
    assert [row[1] for row in rows] == ["Refused"]


def test_the_spreadsheet_takes_as_many_queries_however_many_readings(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.carmen)
    queries = []
    for number in (1, 9):
        for _ in range(number):
            read_one(cast, "refused")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{PAGE}list.xlsx")
        queries.append(len(asked))
    assert queries[0] == queries[1]
