"""Where the pages say whether an export proves that nothing is lost: the list, a district, the preview, the admin's."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from districts.models import District, DistrictCounts
from resets import engine
from resets.models import Reset, Season
from tests.exports.test_proof import FACTS, MATH, NOW, an_export
from tests.people import Cast
from tests.resets.views.reading import words

LIST, PAGE = "/districts/", "/districts/0620810/"
WHOLE = "The one made on Mon, July 26 holds all 3 students through Sun, July 25, and was downloaded." + (
    " What students do later is not in it: the last day for another is Tue, July 27."
)


@pytest.fixture
def july(june: time_machine.Traveller, reset: Reset) -> time_machine.Traveller:
    """It is Mon, July 26, two days before the reset."""
    june.move_to(NOW)
    return june


@pytest.fixture
def carmen(client: Client, cast: Cast, july: time_machine.Traveller) -> Client:
    client.force_login(cast.carmen)
    return client


def column(client: Client) -> Any:
    """Lakeside's state in the column *Export proof*."""
    rows = [row for group in client.get(LIST).context["groups"] for row in group["rows"]]
    return next(row["export"] for row in rows if row["name"] == "Lakeside Unified")


def line(client: Client) -> dict[str, Any]:
    """The line of the checklist."""
    return next(item for item in client.get(PAGE).context["items"] if item["title"] == "Export proven")


def both(district: District, **fields: Any) -> None:
    an_export(district, **fields)
    an_export(district, product=FACTS, **fields)


def test_the_list_tells_who_has_none(carmen: Client, cast: Cast) -> None:
    assert column(carmen) == ("wait", "None yet")
    assert "Export proof" in words(carmen, cast.carmen, LIST)


def test_long_before_the_reset_none_is_owed(carmen: Client, july: time_machine.Traveller) -> None:
    july.move_to(datetime(2027, 6, 27, 19, tzinfo=UTC))
    assert column(carmen) == ("next", "None yet")
    july.move_to(datetime(2027, 6, 28, 19, tzinfo=UTC))
    assert column(carmen) == ("wait", "None yet")


def test_the_list_tells_what_the_product_without_proof_lacks(carmen: Client, cast: Cast) -> None:
    an_export(cast.lakeside)
    an_export(cast.lakeside, product=FACTS, is_downloaded=False)
    assert column(carmen) == ("wait", "Not downloaded")


def test_the_list_tells_what_is_being_made(carmen: Client, cast: Cast) -> None:
    an_export(cast.lakeside, state="waiting", made_at=None, made_by=None, is_downloaded=False)
    assert column(carmen) == ("now", "Being made")


def test_the_list_tells_who_has_proof_of_all(carmen: Client, cast: Cast) -> None:
    both(cast.lakeside)
    assert column(carmen) == ("done", "Proven")


def test_the_list_tells_who_leaves_it_to_the_run(carmen: Client, cast: Cast) -> None:
    an_export(cast.lakeside)
    Reset.objects.update(last_export_chosen_at=NOW, last_export_chosen_by="Dana Whitfield")
    assert column(carmen) == ("done", "Last export")


def test_a_district_without_students_needs_none(carmen: Client, cast: Cast) -> None:
    DistrictCounts.objects.filter(pk=cast.lakeside.pk).update(accounts=0)
    assert column(carmen) == ("quiet", "Not needed")
    assert line(carmen)["text"] == "The district holds no student, so there is nothing to prove."


def test_after_the_reset_nobody_asks_for_it(carmen: Client, reset: Reset, july: time_machine.Traveller) -> None:
    july.move_to(datetime(2027, 7, 28, 8, 5, tzinfo=UTC))
    engine.run(reset.pk, worker="w1")
    assert column(carmen) == ("quiet", "Reset")
    assert line(carmen)["text"] == "Not asked for after the reset."
    assert "proofs" not in carmen.get(f"{PAGE}preview/").context


def test_the_list_can_be_of_those_without_proof(carmen: Client, cast: Cast) -> None:
    shown = carmen.get(LIST, {"show": "no-proof"}).context
    assert shown["page"].object_list[0].district.pk == cast.lakeside.pk
    both(cast.lakeside)
    assert not carmen.get(LIST, {"show": "no-proof"}).context["page"].object_list


def test_the_checklist_tells_what_is_lacking_and_links_to_the_exports(carmen: Client) -> None:
    found = line(carmen)
    assert (found["kind"], found["text"]) == ("wait", "No export is made yet. Make one.")
    assert found["end_url"] == f"{PAGE}exports/"


def test_the_checklist_tells_each_product_where_they_differ(carmen: Client, cast: Cast) -> None:
    an_export(cast.lakeside)
    assert line(carmen)["text"] == f"Imagine Math: {WHOLE} Imagine Math Facts: No export is made yet. Make one."


def test_the_checklist_ticks_what_is_proven(carmen: Client, cast: Cast) -> None:
    both(cast.lakeside)
    assert (line(carmen)["kind"], line(carmen)["text"]) == ("done", WHOLE)


def test_where_the_season_asks_for_it_the_checklist_says_so(carmen: Client, season: Season) -> None:
    assert "asks for it" not in line(carmen)["text"]
    Season.objects.update(policy=season.policy | {"requires_export_proof": True})
    assert line(carmen)["text"].endswith("This season asks for it: without it the reset is held.")


def test_the_preview_says_it_of_each_product_with_the_number_of_students(carmen: Client, cast: Cast) -> None:
    an_export(cast.lakeside, through=date(2027, 5, 3))
    an_export(cast.lakeside, product=FACTS)
    said = words(carmen, cast.carmen, f"{PAGE}preview/")
    assert "Imagine Math: not proven. 2 students have worked since the one made on Mon, July 26 (it goes" in said
    assert f"Imagine Math Facts: nothing would be lost. {WHOLE}" in said


def test_the_admin_has_a_step_for_it_until_it_is_proven(client: Client, cast: Cast, july: object) -> None:
    said = words(client, cast.dana, PAGE)
    assert "One spreadsheet, a row a student. No export is made yet. Make one." in said
    both(cast.lakeside)
    step = next(each for each in client.get(PAGE).context["steps"] if each["title"].startswith("Download"))
    assert step["is_done"]
    assert step["text"].endswith(WHOLE)


def test_the_product_that_was_exported_is_told_from_the_one_that_was_not(carmen: Client, cast: Cast) -> None:
    an_export(cast.lakeside, product=MATH)
    assert column(carmen) == ("wait", "None yet")
