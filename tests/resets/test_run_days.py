"""A reset of July 28 that ran on July 29: every page tells both days, or the day of the deed."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from resets import certificate_page, engine, run_days, services
from resets.models import Certificate, Reset, Status
from tests.people import Cast
from tests.resets.crowds import NIGHT, put
from tests.resets.views.reading import words

NEXT_MORNING = datetime(2027, 7, 29, 16, 14, tzinfo=UTC)  # 9:14 AM of July 29 in Los Angeles
BOTH = "planned for Wed, July 28, 2027, run on Thu, July 29, 2027"


@pytest.fixture(autouse=True)
def long_sessions(settings: Settings) -> None:
    """Whoever signs in during the night is there in August."""
    settings.SESSION_COOKIE_AGE = 200 * 24 * 3600


@pytest.fixture
def late(night: time_machine.Traveller, reset: Reset, cast: Cast) -> Reset:
    """Stopped in the night, tried again the next morning, and completed then."""
    services.stop(reset=reset, by=cast.carmen, at=datetime.now(UTC), reason="A school asked.")
    night.move_to(NEXT_MORNING)
    services.retry(reset=reset, by=cast.carmen, at=NEXT_MORNING, reason="Settled.")
    engine.run(reset.pk, worker="w1")
    reset.refresh_from_db()
    assert reset.status == Status.COMPLETED
    return reset


def cell(client: Client, page: str, column: str) -> Any:
    answer = client.get(page)
    heads, *rows = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
    place = list(heads).index(column)
    return next(row[place] for row in rows if "Lakeside Unified" in row)


def test_one_that_ran_on_its_day_has_one_day(reset: Reset) -> None:
    put([reset], Status.COMPLETED, datetime(2027, 7, 29, 6, 59, tzinfo=UTC))  # 11:59 PM in Los Angeles
    reset.refresh_from_db()
    assert run_days.of(reset).words(2027) == "Wed, July 28"
    assert (run_days.of(reset).run_words(), run_days.of(reset).planned_words()) == ("", "")


def test_it_is_the_deletion_that_is_late_or_not(reset: Reset) -> None:
    before_midnight = datetime(2027, 7, 29, 6, 59, tzinfo=UTC)
    put([reset], Status.COMPLETED, before_midnight + timedelta(minutes=5), destroyed_at=before_midnight)
    reset.refresh_from_db()
    assert not run_days.of(reset).is_late


def test_one_that_has_not_run_keeps_the_day_of_the_plan(reset: Reset) -> None:
    assert run_days.of(reset) == (NIGHT, None)
    assert run_days.of(reset).words(2027) == "Wed, July 28"


def test_the_districts_page_and_the_resets_page_tell_both_days(client: Client, cast: Cast, late: Reset) -> None:
    assert f"Reset {BOTH} , 9:14 AM PDT" in words(client, cast.carmen, "/districts/0620810/")
    assert f"{BOTH} in Pacific time" in words(client, cast.carmen, f"/resets/{late.pk}/")


def test_the_time_line_has_its_mark_at_the_day_of_the_deed(client: Client, cast: Cast, late: Reset) -> None:
    client.force_login(cast.carmen)
    mark = client.get("/districts/0620810/").context["line"]["reset"]
    assert mark == {
        "at": date(2027, 7, 29),
        "label": "Reset, Thu, July 29",
        "detail": "completed, planned for Wed, July 28",
    }


def test_the_admins_page_says_the_day_of_the_deed_first(client: Client, cast: Cast, late: Reset) -> None:
    said = words(client, cast.dana, "/districts/0620810/")
    assert "Your student data was reset on Thu, July 29. It was planned for Wed, July 28." in said


def test_the_list_and_the_calendar_say_it_beside_the_planned_day(client: Client, cast: Cast, late: Reset) -> None:
    assert "run on Thu, July 29" in words(client, cast.carmen, "/districts/")
    assert "run on Thu, July 29" in words(client, cast.carmen, "/season/", day="2027-07-28")


def test_after_the_reset_stands_the_day_of_the_deed(client: Client, cast: Cast, late: Reset) -> None:
    assert "Thu, July 29 planned for Wed, July 28" in words(client, cast.carmen, "/season/after/")


def test_the_spreadsheets_have_both_days(client: Client, cast: Cast, late: Reset) -> None:
    client.force_login(cast.carmen)
    assert cell(client, "/season/download/", "Reset date").date() == NIGHT
    assert cell(client, "/season/download/", "Run on").date() == date(2027, 7, 29)
    after = [cell(client, "/season/after/download/", column).date() for column in ("Planned for", "Run on")]
    assert after == [NIGHT, date(2027, 7, 29)]


def test_the_summary_counts_it_as_late(client: Client, cast: Cast, late: Reset) -> None:
    client.force_login(cast.maya)
    found = {row["name"]: row["late"] for row in client.get("/season/summary/").context["rows"]}
    assert found["Carmen Ortiz"] == 1


def test_the_certificate_tells_both_days(late: Reset) -> None:
    facts = certificate_page.of(Certificate.objects.get(reset=late))
    (ran,) = [each["lines"] for each in facts["people"] if each["label"] == "Ran"]
    assert "Planned for Wed, July 28, 2027, run on Thu, July 29, 2027" in ran
