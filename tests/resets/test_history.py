"""The history: told in sentences, and only ever added to."""

import json
from datetime import UTC, datetime
from string import Formatter

import pytest
from django.db import IntegrityError, connection, transaction

from resets import engine, history
from resets.models import LedgerEntry, Reset, ResetEvent
from tests.people import Cast

AT = datetime(2027, 7, 28, 8, 5, tzinfo=UTC)
SAMPLES = {
    "of": "2027-07-28",
    "to": "2027-08-03",
    "rows": 826_528,
    "kept": 612,
    "files": "Imagine Math (612 students)",
    "hours": 72,
    "step": "Counting",
    "attempt": 2,
    "error": "a worker that ended",
    "deactivated": 23,
    "schools": "12 schools",
    "why": "A records hold is open. Nothing was deleted.",
    "changes": "rostering starts Mon, August 9, 2027",
    "former": "Carmen Ortiz",
    "csm": "Omar Haddad",
    "name": "Luis Park",
    "writer": "Maya Lindqvist",
    "subject": "One week until the reset of Lakeside Unified",
}


def detail_of(kind: str) -> dict[str, object]:
    names = {name for _, name, _, _ in Formatter().parse(history.SENTENCES[kind]) if name}
    return {name: SAMPLES[name] for name in names - {"by"}}


@pytest.mark.parametrize("kind", history.SENTENCES)
def test_every_kind_of_event_reads_as_a_sentence(reset: Reset, kind: str) -> None:
    event = history.record(kind, reset=reset, by="Carmen Ortiz", at=AT, **detail_of(kind))
    said = history.sentence(event)
    assert not said[0].islower()
    assert said.endswith(".")
    assert not any(sign in said for sign in ("{", "}", "  ", " .", " ,", "2027-"))


def test_it_says_who_and_both_dates(reset: Reset, cast: Cast) -> None:
    event = history.record("date_set", reset=reset, by=cast.carmen, at=AT, of="2027-07-28", to="2027-08-03")
    assert history.sentence(event) == ("Carmen Ortiz moved the reset from Wed, July 28, 2027 to Tue, August 3, 2027.")


def test_it_says_numbers_with_separators(reset: Reset) -> None:
    event = history.record("destroyed", reset=reset, by="the nightly run", at=AT, rows=826_528, schools="12 schools")
    assert history.sentence(event) == "826,528 rows of 12 schools were deleted in one transaction."
    event.detail |= {"schools": 1}  # a number now; words in rows of before
    assert history.sentence(event) == "826,528 rows of 1 school were deleted in one transaction."


def test_it_quotes_the_reason(reset: Reset) -> None:
    told = history.record("retried", reset=reset, by="Carmen Ortiz", at=AT, reason="The district called.")
    silent = history.record("started", reset=reset, by="the nightly run", at=AT)
    assert (history.quote(told), history.quote(silent)) == ("The district called.", "")


def test_it_refuses_a_kind_that_has_no_sentence(reset: Reset) -> None:
    with pytest.raises(KeyError, match="gossip"):
        history.record("gossip", reset=reset, by="Carmen Ortiz", at=AT)


def test_it_outlives_a_renamed_district(reset: Reset, cast: Cast) -> None:
    event = history.record("started", reset=reset, by="the nightly run", at=AT)
    cast.lakeside.name = "Lakeside and Hill"
    cast.lakeside.save()
    event.refresh_from_db()
    assert event.district_name == "Lakeside Unified"


@pytest.mark.usefixtures("night")
def test_it_never_names_a_student(reset: Reset) -> None:
    engine.run(reset.pk, worker="w1")
    rows = list(ResetEvent.objects.values()) + list(LedgerEntry.objects.values())
    assert rows
    assert "Canary-Whitcombe" not in json.dumps(rows, default=str)


@pytest.mark.usefixtures("night")
@pytest.mark.parametrize("table", ["resets_resetevent", "resets_ledgerentry"])
@pytest.mark.parametrize("change", ["UPDATE {} SET reset_id = reset_id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_what_happened(reset: Reset, table: str, change: str) -> None:
    engine.run(reset.pk, worker="w1")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or TRUNCATE is refused for another reason
        with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic():
            cursor.execute(change.format(table))
