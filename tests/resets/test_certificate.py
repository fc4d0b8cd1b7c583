"""The certificate of a reset: what it says, held against the run that it tells of."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import translation
from pytest_django import Settings

from districts import shards
from districts.models import District, Educator, Product, School
from exports import proof
from exports.models import Download, ExportFile
from resetportal import clock
from resets import (
    certificate,
    certificate_files,
    certificate_page,
    certificate_text,
    counting,
    engine,
    history,
    holds,
    services,
    signing,
    steps,
)
from resets.models import Certificate, HeldFor, Reset, ResetEvent, SchoolReset, Status
from tests.people import Cast, make_student

pytestmark = pytest.mark.usefixtures("night")

Document = dict[str, Any]
MADE = datetime(2027, 7, 26, 15, tzinfo=UTC)
DIGEST = "ab" * 32


def run(reset: Reset) -> Certificate:
    engine.run(reset.pk, worker="w1")
    reset.refresh_from_db()
    assert reset.status == Status.COMPLETED, reset.held_why + reset.last_error
    return Certificate.objects.get(reset=reset)


def step(reset: Reset, times: int = 1) -> Reset:
    for _ in range(times):
        Reset.objects.filter(pk=reset.pk).update(claimed_until=None)
        engine.advance(reset.pk, worker="w1", at=clock.now())
    reset.refresh_from_db()
    return reset


def read(reset: Reset) -> Document:
    found: Document = json.loads(run(reset).text)
    return found


def test_it_is_in_english_whatever_language_completes_the_reset(reset: Reset) -> None:
    with translation.override("de"):
        said = run(reset).text
    assert "Wed, July 28, 2027" in said


@pytest.fixture
def issued(reset: Reset) -> Certificate:
    return run(reset)


@pytest.fixture
def said(issued: Certificate) -> Document:
    found: Document = json.loads(issued.text)
    return found


def export(district: District, **fields: Any) -> ExportFile:
    """A Student Data Export of Imagine Math that was made on July 26 and is gone since the reset."""
    ended = {"state": "ended", "ended_at": clock.now(), "ended_by": "the reset", "why": "The reset began."}
    made = {"made_at": MADE, "made_by": "w1", "digest": DIGEST, "rows": 3, "through": date(2027, 7, 25)}
    plain = {"kind": "student_data", "format": "xlsx", "product": Product.IMAGINE_MATH, "school_year": "2026-27"}
    asked = {"asked_at": MADE, "asked_by": "Dana Whitfield"}
    return ExportFile.objects.create(district=district, **plain | asked | made | ended | fields)


def test_a_reset_completes_with_its_certificate(issued: Certificate, reset: Reset) -> None:
    assert (issued.number, issued.issued_at, issued.issued_by) == (
        "RP-2027-0001",
        reset.completed_at,
        "the nightly run (w1)",
    )
    assert issued.digest == certificate.digest_of(issued.text.encode())
    assert signing.is_ours(issued.text.encode(), issued.signature, issued.key)


def test_a_run_without_its_certificate_does_not_complete(reset: Reset, settings: Settings) -> None:
    good, settings.CERTIFICATE_KEYS = settings.CERTIFICATE_KEYS, ["broken"]
    step(reset, 5)
    assert (reset.status, reset.last_error, reset.completed_at) == (Status.VERIFYING, "BadKey", None)
    assert {part.rows_left for part in reset.schools.all()} == {None}
    assert not ResetEvent.objects.filter(kind__in=("verified", "completed")).exists()
    settings.CERTIFICATE_KEYS = good
    assert step(reset).status == Status.COMPLETED


def test_numbers_follow_each_other_within_the_season(reset: Reset, cast: Cast, night: time_machine.Traveller) -> None:
    other = Reset.objects.get(district=cast.quarry)
    assert [run(each).number for each in (other, reset)] == ["RP-2027-0001", "RP-2027-0002"]


def test_two_that_complete_at_once_wait_for_each_other(reset: Reset, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number is handed out under a lock that lasts until the reset is completed, or is not."""
    held: list[tuple[object, ...]] = []
    query = "SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND classid = %s"

    def look(point: str) -> None:
        if point == "verify.before_commit":
            with connection.cursor() as cursor:
                cursor.execute(query, [certificate.NUMBERS])
                held.extend(cursor.fetchall())

    monkeypatch.setattr(steps, "failpoint", look)
    run(reset)
    assert held == [("ExclusiveLock",)]


def test_it_says_whose_data_it_was(said: Document) -> None:
    assert said["district"] == {
        "name": "Lakeside Unified",
        "site_code": "0620810",
        "zone": "America/Los_Angeles",
    }
    assert said["school_year"] == "2026-27"
    assert said["products"] == ["Imagine Math", "Imagine Math Facts"]
    assert [school["name"] for school in said["counted"]["schools"]] == [
        "School 1",
        "School 2",
        "Students without a school",
    ]
    assert [school["is_school"] for school in said["counted"]["schools"]] == [True, True, False]


def test_its_counts_are_those_of_the_schools(said: Document, reset: Reset) -> None:
    parts = SchoolReset.objects.filter(reset=reset)
    counted = said["counted"]
    assert [school["before"] for school in counted["schools"]] == [part.before for part in parts]
    assert [school["deleted"] for school in counted["schools"]] == [part.acted for part in parts]
    assert [school["left"] for school in counted["schools"]] == [part.left for part in parts]
    assert counted["before"] == counted["deleted"] == counting.by_kind({part.pk: part.before for part in parts})
    assert counted["left"] == dict.fromkeys(shards.KINDS, 0)
    assert {each["kind"] for each in counted["kinds"]} == set(shards.KINDS)


def test_its_counts_are_those_that_were_there(reset: Reset) -> None:
    there = shards.count(reset.district_id)
    assert read(reset)["counted"]["deleted"] == there


def test_it_says_what_ran_and_when(reset: Reset, night: time_machine.Traveller) -> None:
    night.shift(timedelta(minutes=1))
    step(reset, 2)
    night.shift(timedelta(minutes=1, seconds=7))
    step(reset)
    night.shift(timedelta(seconds=12))
    ran = read(reset)["ran"]
    assert ran["started"] == {
        "utc": "2027-07-28T08:06:00Z",
        "words": "Wed, July 28, 2027, 1:06:00 AM PDT",
        "by": "the nightly run (w1)",
    }
    assert (ran["counted"]["utc"], ran["destroyed"]["utc"]) == ("2027-07-28T08:06:00Z", "2027-07-28T08:07:07Z")
    assert ran["verified"]["utc"] == ran["completed"]["utc"] == "2027-07-28T08:07:19Z"


def test_nobody_answered(said: Document) -> None:
    assert said["asked"] == {"by": "", "how": "nobody answered: it is the season’s default"}
    assert said["date"] == {"day": "2027-07-28", "words": "Wed, July 28, 2027", "default": True}
    assert (said["approved"]["by"], said["approved"]["how"]) == (
        "Maya Lindqvist",
        "the season’s default: Wed, July 28, 2027",
    )
    assert said["approved"]["at"]["words"] == "Tue, June 1, 2027, 9:00:00 AM PDT"


def test_somebody_kept_the_default(reset: Reset, cast: Cast, night: time_machine.Traveller) -> None:
    night.move_to("2027-06-03T16:00:00Z")
    services.keep_default(reset=reset, by=cast.dana, at=clock.now())
    night.move_to("2027-07-28T08:05:00Z")
    asked = read(reset)["asked"]
    assert (asked["by"], asked["how"]) == ("Dana Whitfield", "kept the season’s default")
    assert asked["at"]["words"] == "Thu, June 3, 2027, 9:00:00 AM PDT"


def ask_and_set(reset: Reset, cast: Cast, night: time_machine.Traveller, *, asked: date, to: date) -> Document:
    night.move_to("2027-06-03T16:00:00Z")
    services.ask_for(reset=reset, day=asked, by=cast.dana, at=clock.now(), reason="Noor Canary-Whitcombe moves.")
    night.move_to("2027-06-04T16:00:00Z")
    services.schedule(reset=reset, to=to, by=cast.carmen, at=clock.now(), reason="Noor Canary-Whitcombe moves.")
    night.move_to(f"{to}T08:05:00Z")
    return read(reset)


def test_somebody_asked_and_somebody_else_set_the_date(reset: Reset, cast: Cast, night: time_machine.Traveller) -> None:
    said = ask_and_set(reset, cast, night, asked=date(2027, 7, 26), to=date(2027, 7, 26))
    assert (said["asked"]["by"], said["asked"]["how"]) == ("Dana Whitfield", "asked for Mon, July 26, 2027")
    assert said["asked"]["at"]["words"] == "Thu, June 3, 2027, 9:00:00 AM PDT"
    assert (said["approved"]["by"], said["approved"]["how"]) == ("Carmen Ortiz", "chosen: Mon, July 26, 2027")
    assert said["approved"]["at"]["words"] == "Fri, June 4, 2027, 9:00:00 AM PDT"


def test_a_wish_for_another_day_is_not_who_asked_for_this_one(
    reset: Reset, cast: Cast, night: time_machine.Traveller
) -> None:
    said = ask_and_set(reset, cast, night, asked=date(2027, 7, 20), to=date(2027, 7, 26))
    assert (said["asked"]["by"], said["asked"]["how"]) == (
        "Dana Whitfield",
        "asked for Tue, July 20, 2027; Mon, July 26, 2027 was set instead",
    )


def test_a_wish_that_nobody_answered_is_told(reset: Reset, cast: Cast, night: time_machine.Traveller) -> None:
    night.move_to("2027-06-03T16:00:00Z")
    services.ask_for(reset=reset, day=date(2027, 7, 20), by=cast.dana, at=clock.now())
    night.move_to("2027-07-28T08:05:00Z")
    assert read(reset)["asked"]["how"] == (
        "asked for Tue, July 20, 2027; nobody answered, so the default, Wed, July 28, 2027, stood"
    )


def test_a_run_without_trouble_tells_none(said: Document) -> None:
    assert said["trouble"] == []


def test_a_hold_and_its_retry_are_told_without_their_reasons(reset: Reset, cast: Cast) -> None:
    step(reset, 2)
    make_student(cast.lakeside, None, "late")
    step(reset)
    services.retry(reset=reset, by=cast.ellis, at=clock.now(), reason="Noor Canary-Whitcombe was added by a script.")
    trouble = read(reset)["trouble"]
    assert [(each["what"], each["by"]) for each in trouble] == [
        ("The run was held: the counts did not add up.", "the nightly run (w1)"),
        ("Ellis Park had the run tried again.", "Ellis Park"),
    ]
    assert trouble[0]["words"] == "Wed, July 28, 2027, 1:05:00 AM PDT"


def test_a_stop_a_records_hold_and_a_release_are_told(reset: Reset, cast: Cast) -> None:
    at = {"at": clock.now()}
    services.stop(reset=reset, by=cast.carmen, reason="Noor Canary-Whitcombe’s parents called.", **at)
    placed = holds.place(district=cast.lakeside, by=cast.dana, reason="Noor Canary-Whitcombe.", **at)
    holds.end(held=placed, by=cast.ellis, reason="The request is closed.", **at)
    services.retry(reset=reset, by=cast.carmen, reason="Settled.", **at)
    reset.refresh_from_db()
    history.record("released", reset=reset, by=cast.maya, reason="Carmen spoke with Dana.", **at)
    assert [each["what"] for each in read(reset)["trouble"]] == [
        "The run was held: stopped by a person.",
        "Dana Whitfield put the district on a records hold.",
        "Ellis Park ended the records hold.",
        "Carmen Ortiz had the run tried again.",
        "Maya Lindqvist released the run, although a roster of the new year had come before it.",
    ]


def test_a_hold_of_before_its_kind_was_noted_is_told(reset: Reset) -> None:
    history.record("held", reset=reset, by="w1", at=clock.now(), why="Noor Canary-Whitcombe.")
    assert read(reset)["trouble"][0]["what"] == "The run was held: a person had to look."


@pytest.mark.parametrize("point", ["count.before_commit", "destroy.before_commit", "verify.before_commit"])
def test_a_step_that_failed_is_told(reset: Reset, settings: Settings, point: str) -> None:
    settings.FAILPOINTS = f"{point}=raise"
    step(reset, 5)
    settings.FAILPOINTS = ""
    Reset.objects.filter(pk=reset.pk).update(claimed_until=None)
    names = {"count": "Counting", "destroy": "Deleting", "verify": "Counting again"}
    trouble = read(reset)["trouble"]
    assert trouble[0]["what"].startswith(f"{names[point.partition('.')[0]]} was tried again, attempt 2.")


def test_a_worker_that_died_is_told(reset: Reset) -> None:
    step(reset)
    Reset.objects.filter(pk=reset.pk).update(attempts=F("attempts") + 1, claimed_until="2001-01-01T00:00:00Z")
    assert [each["what"] for each in read(reset)["trouble"]] == [
        "Counting was tried again, attempt 2. The one before ended by the end of its worker."
    ]


def test_a_wait_for_a_lock_is_no_failure(reset: Reset) -> None:
    step(reset)
    Reset.objects.filter(pk=reset.pk).update(attempts=1, waiting_since=clock.now())
    assert read(reset)["trouble"] == []


def test_it_says_what_is_kept_and_counts_it_again(reset: Reset, cast: Cast) -> None:
    step(reset, 3)
    Educator.objects.create(district=cast.lakeside, sourced_id="new", first_name="New", last_name="Person")
    kept = {each["kind"]: (each["before"], each["after"]) for each in read(reset)["kept"]}
    assert kept == {kind: (len(ids), len(ids)) for kind, ids in reset.kept.items()}
    assert kept["educator"] == (2, 2)


def test_what_is_missing_of_what_is_kept_would_show(reset: Reset, cast: Cast) -> None:
    """A run that misses something is held; the certificate counts for itself all the same."""
    run(reset)
    Educator.objects.filter(district=cast.lakeside, sourced_id="t1").delete()
    kept = certificate_text.written(reset, number="RP-2027-0009", at=clock.now(), by="w1")["kept"]
    assert (kept[0]["before"], kept[0]["after"]) == (2, 1)


def test_without_an_export_it_says_so(said: Document) -> None:
    products = said["exports"]["products"]
    assert [(each["product"], each["newest"], each["words"]) for each in products] == [
        ("Imagine Math", None, certificate_files.NONE_MADE),
        ("Imagine Math Facts", None, certificate_files.NONE_MADE),
    ]
    assert said["exports"]["last_export"] == {"chosen": False, "words": "No last export was chosen."}
    assert said["exports"]["files"] == {"left": 0, "words": "No file of the district outlived the reset."}


def test_it_tells_an_export_by_its_digest_rows_and_who_has_it(reset: Reset, cast: Cast) -> None:
    file = export(cast.lakeside)
    export(cast.lakeside, generation=7, digest="00" * 32, made_at=MADE + timedelta(days=1))
    Download.objects.create(
        file=file, downloaded_at=MADE + timedelta(hours=1), downloaded_by="Dana Whitfield", digest=DIGEST
    )
    first = read(reset)["exports"]["products"][0]
    assert (first["made"], first["words"]) == (1, "")
    newest = first["newest"]
    assert (newest["digest"], newest["rows"], newest["through"]) == (DIGEST, 3, "2027-07-25")
    assert (newest["whole"], newest["last_export"], newest["made"]["by"]) == (True, False, "w1")
    assert newest["made"]["words"] == "Mon, July 26, 2027, 8:00:00 AM PDT"
    assert [(each["by"], each["words"]) for each in newest["downloads"]] == [
        ("Dana Whitfield", "Mon, July 26, 2027, 9:00:00 AM PDT")
    ]


def test_of_several_exports_it_tells_the_newest(reset: Reset, cast: Cast) -> None:
    export(cast.lakeside, digest="11" * 32)
    export(cast.lakeside, made_at=MADE + timedelta(hours=3), digest="22" * 32)
    export(cast.quarry, made_at=MADE + timedelta(hours=9), digest="33" * 32)
    export(cast.lakeside, product=Product.MATH_FACTS, digest="44" * 32)
    math, facts = read(reset)["exports"]["products"]
    assert (math["made"], math["newest"]["digest"]) == (2, "22" * 32)
    assert (facts["made"], facts["newest"]["digest"]) == (1, "44" * 32)


def test_the_digest_stands_beside_its_own_proof(reset: Reset, cast: Cast) -> None:
    whole = export(cast.lakeside)
    Download.objects.create(
        file=whole, downloaded_at=MADE + timedelta(hours=1), downloaded_by="Dana Whitfield", digest=DIGEST
    )
    export(cast.lakeside, since=date(2027, 7, 1), digest="22" * 32, made_at=MADE + timedelta(hours=3))
    math = read(reset)["exports"]["products"][0]
    assert (math["newest"]["digest"], math["proof"]["proven"]) == (DIGEST, True)


def test_it_says_what_the_exports_proved_when_the_data_was_deleted(reset: Reset) -> None:
    found = proof.of(reset.district, at=clock.now(), advises=False)
    before = {each.name: (each.is_proven, each.sentence) for each in found}
    told = {each["product"]: each["proof"] for each in read(reset)["exports"]["products"]}
    assert {name: (each["proven"], each["words"]) for name, each in told.items()} == before
    assert len(before) == 2


def test_it_advises_nothing_about_what_is_deleted(reset: Reset) -> None:
    told = [each["proof"]["words"] for each in read(reset)["exports"]["products"]]
    assert told == ["No export was made."] * 2


def test_a_proven_export_is_told_as_proven(reset: Reset, cast: Cast) -> None:
    counts = reset.district.counts
    seen = {"version": counts.math_version, "generation": reset.district.gate.resets, "as_of": MADE}
    file = export(cast.lakeside, rows=counts.accounts, **seen)
    Download.objects.create(file=file, downloaded_at=MADE, downloaded_by="Dana", person=cast.dana, digest=DIGEST)
    assert read(reset)["exports"]["products"][0]["proof"]["proven"]


def test_a_product_that_is_not_used_any_more_is_told_by_its_work(reset: Reset, cast: Cast) -> None:
    export(cast.lakeside, product=Product.MATH_FACTS)
    District.objects.filter(pk=cast.lakeside.pk).update(uses_math_facts=False)
    assert [each["product"] for each in read(reset)["exports"]["products"]] == ["Imagine Math", "Imagine Math Facts"]


def test_a_last_export_is_told_with_its_end(reset: Reset, cast: Cast, night: time_machine.Traveller) -> None:
    night.move_to("2027-07-26T16:00:00Z")
    services.choose_last_export(reset=reset, by=cast.dana, at=clock.now())
    night.move_to("2027-07-28T08:05:00Z")
    issued = run(reset)
    told = json.loads(issued.text)["exports"]
    assert told["last_export"]["words"] == "Dana Whitfield chose a last export."
    assert told["last_export"]["at"]["words"] == "Mon, July 26, 2027, 9:00:00 AM PDT"
    assert told["files"]["words"] == (
        "2 files of the district are kept for its own people alone until Sat, July 31, 2027, 1:05:00 AM PDT, "
        "and then removed."
    )
    files = {str(file.get_product_display()): file for file in ExportFile.objects.filter(is_last=True)}
    for each in told["products"]:
        newest, file = each["newest"], files[each["product"]]
        assert (newest["last_export"], newest["digest"], newest["rows"]) == (True, file.digest, 3)
    page = certificate_page.of(issued)["exports"]
    assert page[0]["lines"][1] == "Nobody had downloaded it when this was written."


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (35, "are kept for 35 days. The last of them expires on Wed, September 1, 2027."),
        (1, "are kept for 1 day. The last of them expires on Thu, July 29, 2027."),
    ],
)
def test_it_says_when_the_last_backup_expires(reset: Reset, settings: Settings, days: int, words: str) -> None:
    settings.BACKUP_DAYS = days
    covered = {each["what"]: each["words"] for each in read(reset)["not_covered"]}
    assert covered["Backups"].endswith(words)
    assert list(covered) == [
        "Backups",
        "Downloaded files and printed reports",
        "The district’s SIS",
        "Operating logs",
    ]


def test_it_claims_nothing_about_media(issued: Certificate) -> None:
    assert "NIST SP 800-88 is about media, and deleting rows is not sanitization of a medium" in issued.text
    for claim in ("purge", "FERPA", "COPPA", "compliant", "unrecoverable", "tamper", "certified"):
        assert claim not in issued.text


def test_it_names_no_student(reset: Reset, cast: Cast, night: time_machine.Traveller) -> None:
    ask_and_set(reset, cast, night, asked=date(2027, 7, 26), to=date(2027, 7, 26))
    text = Certificate.objects.get(reset=reset).text
    assert "Canary" not in text
    assert "Noor" not in text


def test_its_text_is_canonical(issued: Certificate) -> None:
    assert certificate_text.canonical(json.loads(issued.text)) == issued.text
    assert ": " not in issued.text.split('"words"')[0]


@pytest.mark.parametrize("value", [1.5, date(2027, 7, 28), object()])
def test_no_text_holds_what_could_be_written_two_ways(value: object) -> None:
    with pytest.raises(TypeError):
        certificate_text.canonical({"value": value})


def test_names_in_every_script_are_signed_as_they_are(reset: Reset, cast: Cast) -> None:
    School.objects.filter(district=cast.lakeside, sourced_id="s1").update(name="École “Ōtāhuhu” №1 学校")
    assert '"École “Ōtāhuhu” №1 学校"' in run(reset).text


@pytest.mark.parametrize("change", ["UPDATE {} SET digest = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_keeps_certificates_as_they_are(issued: Certificate, change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="is only ever added to"), transaction.atomic():
            cursor.execute(change.format("resets_certificate"))


def test_a_season_that_resumes_at_the_reset_has_certificates_too(reset: Reset) -> None:
    reset.season.policy = reset.season.policy | {"resumes_on": "reset_complete"}
    reset.season.save()
    assert run(reset).number == "RP-2027-0001"


def test_a_held_reset_has_no_certificate(reset: Reset, cast: Cast) -> None:
    holds.place(district=cast.lakeside, by=cast.dana, at=clock.now(), reason="A request to inspect is open.")
    step(reset)
    assert reset.held_for == HeldFor.RECORDS
    assert not Certificate.objects.exists()
