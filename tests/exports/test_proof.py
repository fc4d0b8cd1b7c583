"""An export proves that nothing will be lost, or says in a sentence why not and what helps."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F

from districts import services
from districts.activity.events import event
from districts.activity.importing import import_events
from districts.models import District, DistrictCounts, Gate, LearningEnvironment
from exports import proof
from exports.models import Download, ExportFile
from exports.proof import Proof
from tests.districts.activity import feeds
from tests.people import Cast, make_student

NOW = datetime(2027, 7, 26, 19, tzinfo=UTC)  # noon on Mon, July 26 in Los Angeles
TODAY = date(2027, 7, 26)
SINCE = "since the one made on Mon, July 26"
MATH, FACTS = "imagine_math", "math_facts"


def an_export(district: District, *, is_downloaded: bool = True, **fields: Any) -> ExportFile:
    """A whole export of Imagine Math that was made this morning, as it would be: up to date, with all students."""
    counts = DistrictCounts.objects.get(pk=district.pk)
    product = fields.get("product", MATH)
    usual: dict[str, Any] = {
        "kind": "student_data",
        "format": "xlsx",
        "product": MATH,
        "state": "ready",
        "school_year": "2026-27",
        "asked_at": NOW,
        "made_at": NOW,
        "made_by": "a worker",
        "lasts_until": NOW + timedelta(days=1),
        "through": TODAY - timedelta(days=1),
        "rows": counts.accounts,
        "version": counts.math_version if product == MATH else counts.facts_version,
        "stored": "d1/1",
        "digest": "ab" * 32,
    }
    file = ExportFile.objects.create(district=district, **usual | fields)
    if is_downloaded:
        Download.objects.create(file=file, downloaded_at=NOW, downloaded_by="Dana Whitfield", digest=file.digest)
    return file


def proof_of(district: District, product: str = MATH, **options: Any) -> Proof:
    return next(each for each in proof.of(district, at=NOW, **options) if each.product == product)


def listed(district: District) -> Proof:
    return proof.of_many([district], at=NOW)[district.pk][0]


def send(district: District, *raw: dict[str, Any]) -> None:
    import_events(district=district, events=enumerate(map(event, raw)))


@pytest.fixture
def lakeside(cast: Cast) -> District:
    """Lakeside, whose reset comes on Wed, July 28."""
    Gate.objects.filter(pk=cast.lakeside.pk).update(pauses_on=date(2027, 7, 28))
    return cast.lakeside


def test_a_whole_export_that_was_downloaded_and_that_nothing_came_after_proves_it(lakeside: District) -> None:
    file = an_export(lakeside)
    said = "The one made on Mon, July 26 holds all 3 students through Sun, July 25, and was downloaded."
    said += " What students do later is not in it: the last day for another is Tue, July 27."
    assert proof_of(lakeside) == Proof(MATH, True, said, file, word="Proven")


@pytest.mark.parametrize(
    ("flaw", "fact"),
    [
        (
            {"since": date(2027, 6, 1)},
            "The one made on Mon, July 26 is only of work from Tue, June 1 through Sun, July 25.",
        ),
        ({"through": date(2027, 7, 20)}, "1 student has worked since the one made on Mon, July 26 (it goes through"),
        ({"rows": 0}, "students were added since the one made on Mon, July 26."),
        ({"is_downloaded": False}, "Made on Mon, July 26, not downloaded."),
    ],
    ids=["partial", "early", "students", "left"],
)
def test_for_a_certificate_it_tells_the_fact_and_no_cure(lakeside: District, flaw: dict[str, Any], fact: str) -> None:
    send(lakeside, feeds.event("usage", 1, day="2027-07-21"))
    an_export(lakeside, **flaw)
    (found, *_) = proof.of(lakeside, at=NOW, advises=False)
    assert fact in found.sentence
    assert "Make" not in found.sentence
    assert not found.sentence.endswith(" ")


def test_each_product_needs_an_export_of_its_own(lakeside: District) -> None:
    an_export(lakeside)
    assert [(each.name, each.is_proven) for each in proof.of(lakeside, at=NOW)] == [
        ("Imagine Math", True),
        ("Imagine Math Facts", False),
    ]


def test_without_one_it_says_so(lakeside: District) -> None:
    assert proof_of(lakeside) == Proof(MATH, False, "No export is made yet. Make one.", None, word="None yet")


def test_one_that_is_being_made_is_told(lakeside: District) -> None:
    an_export(lakeside, state="making", made_at=None, made_by=None, is_downloaded=False)
    found = proof_of(lakeside)
    assert (found.sentence, found.word) == ("No export is made yet: one is being made now.", "Being made")


def test_one_that_could_not_be_made_is_none(lakeside: District) -> None:
    failed: dict[str, Any] = {
        "state": "failed",
        "made_at": None,
        "made_by": None,
        "ended_at": NOW,
        "ended_by": "x",
        "why": "No room.",
    }
    an_export(lakeside, **failed)
    assert proof_of(lakeside).sentence == "No export is made yet. Make one."


@pytest.mark.parametrize(
    ("range_", "of"),
    [
        ({"since": date(2027, 6, 1)}, "work from Tue, June 1 through Sun, July 25"),
        ({"until": date(2027, 7, 25)}, "work through Sun, July 25"),
        ({"learning_environment": LearningEnvironment.PREK_2}, "students of PreK-2"),
    ],
)
def test_one_of_a_part_proves_nothing(lakeside: District, range_: dict[str, Any], of: str) -> None:
    an_export(lakeside, **range_)
    assert proof_of(lakeside).sentence == (
        f"The one made on Mon, July 26 is only of {of}. Make one of all students and the whole year."
    )


def test_one_that_nobody_downloaded_proves_nothing(lakeside: District) -> None:
    an_export(lakeside, is_downloaded=False)
    assert proof_of(lakeside).sentence == (
        "Made on Mon, July 26, not downloaded yet: somebody of the district downloads it."
    )


def test_one_that_is_gone_without_a_download_has_to_be_made_again(lakeside: District) -> None:
    gone: dict[str, Any] = {"state": "ended", "ended_at": NOW, "ended_by": "the sweep", "why": "Its hours are over."}
    an_export(lakeside, is_downloaded=False, **gone)
    assert proof_of(lakeside).sentence == "Made on Mon, July 26, and gone without a download. Make another."


def test_its_proof_outlives_the_file(lakeside: District) -> None:
    an_export(lakeside, state="ended", ended_at=NOW, ended_by="the sweep", why="Its hours are over.")
    assert proof_of(lakeside).is_proven


def test_what_was_downloaded_is_what_was_made(lakeside: District) -> None:
    file = an_export(lakeside)
    Download.objects.update(digest="cd" * 32)
    assert not proof_of(lakeside).is_proven
    Download.objects.create(file=file, downloaded_at=NOW, downloaded_by="Dana", digest=file.digest)
    assert proof_of(lakeside).is_proven


def test_work_of_a_later_day_is_told_with_the_number_of_students(lakeside: District) -> None:
    an_export(lakeside, through=date(2027, 7, 20))
    send(
        lakeside,
        feeds.event("usage", 1, day="2027-07-21"),
        feeds.event("lesson", 2, student="student-2", happened="2027-07-25T12:00:00Z"),
        feeds.event("points", 3, student="student-2", happened="2027-07-25T12:00:00Z"),
    )
    found = proof_of(lakeside)
    assert found.sentence == f"2 students have worked {SINCE} (it goes through Tue, July 20). Make another."
    assert found.word == "Out of date"


def test_in_a_list_it_is_told_from_kept_numbers(lakeside: District) -> None:
    an_export(lakeside, through=date(2027, 7, 20))
    send(lakeside, feeds.event("usage", 1, day="2027-07-21"))
    assert listed(lakeside).sentence == (
        "Students have worked since the one made on Mon, July 26 (it goes through Tue, July 20). Make another."
    )


@pytest.mark.parametrize("kind", ["lesson", "benchmark", "points", "avatar"])
def test_work_without_minutes_is_work(lakeside: District, kind: str) -> None:
    send(lakeside, feeds.event(kind, happened="2027-07-21T07:00:00Z"))  # the first moment of July 21 in Los Angeles
    an_export(lakeside, through=date(2027, 7, 20))
    assert proof_of(lakeside).sentence.startswith(
        "1 student has worked since the one made on Mon, July 26 (it goes through Tue, July 20)."
    )


@pytest.mark.parametrize("kind", ["facts_test", "facts_progress"])
def test_work_on_facts_is_of_their_own_export(lakeside: District, kind: str) -> None:
    an_export(lakeside)
    an_export(lakeside, product=FACTS)
    send(lakeside, feeds.event(kind, happened="2027-07-26T12:00:00Z"))
    assert proof_of(lakeside).is_proven
    assert proof_of(lakeside, FACTS).sentence.startswith(
        "1 student has worked since the one made on Mon, July 26 (it goes through Sun, July 25)."
    )


def test_a_pathway_of_a_later_day_is_told(lakeside: District) -> None:
    an_export(lakeside, through=date(2027, 7, 20))
    send(lakeside, feeds.event("pathway", assigned_on="2027-07-21"))
    assert proof_of(lakeside).sentence == (
        "A pathway was assigned since the one made on Mon, July 26 (it goes through Tue, July 20). Make another."
    )


def test_work_of_today_is_in_an_export_of_tomorrow(lakeside: District) -> None:
    Gate.objects.filter(pk=lakeside.pk).update(pauses_on=date(2027, 7, 31))
    send(lakeside, feeds.event("usage", day="2027-07-26"))
    an_export(lakeside)
    assert proof_of(lakeside).sentence == (
        f"1 student has worked {SINCE} (it goes through Sun, July 25). Make another from Tue, July 27."
    )


def test_without_any_export_it_names_the_day_from_which_one_would_do(lakeside: District) -> None:
    send(lakeside, feeds.event("usage", day="2027-07-26"))
    assert proof_of(lakeside).sentence == "No export is made yet. Make one from Tue, July 27."


def test_where_the_reset_comes_first_the_last_export_helps(lakeside: District) -> None:
    Gate.objects.filter(pk=lakeside.pk).update(pauses_on=date(2027, 7, 27))
    send(lakeside, feeds.event("usage", day="2027-07-26"))
    assert proof_of(lakeside).sentence == (
        "No export is made yet. One could prove it from Tue, July 27 only, and the reset is on Tue, July 27:"
        " choose a last export."
    )


def test_another_that_is_being_made_is_the_cure(lakeside: District) -> None:
    an_export(lakeside, through=date(2027, 7, 20))
    send(lakeside, feeds.event("usage", day="2027-07-21"))
    an_export(lakeside, state="waiting", made_at=None, made_by=None, is_downloaded=False)
    assert proof_of(lakeside).sentence.endswith("(it goes through Tue, July 20). Another is being made now.")


def test_work_of_earlier_days_that_arrived_later_is_told(lakeside: District) -> None:
    an_export(lakeside)
    send(lakeside, feeds.event("usage", day="2027-03-02"))
    assert proof_of(lakeside).sentence == (
        "Work of earlier days has arrived since the one made on Mon, July 26. Make another."
    )


def test_a_batch_that_brought_nothing_new_leaves_the_proof(lakeside: District) -> None:
    send(lakeside, feeds.event("usage"))
    an_export(lakeside)
    send(lakeside, feeds.event("usage"))
    assert proof_of(lakeside).is_proven


@pytest.mark.parametrize(("more", "said"), [(1, "1 student was"), (12, "12 students were")])
def test_students_who_were_added_are_told(lakeside: District, more: int, said: str) -> None:
    an_export(lakeside)
    DistrictCounts.objects.filter(pk=lakeside.pk).update(accounts=F("accounts") + more)
    found = proof_of(lakeside)
    assert found.sentence == f"{said} added since the one made on Mon, July 26. Make another."
    assert found.word == "Students added"


def test_an_export_with_students_too_many_proves_nothing(lakeside: District) -> None:
    an_export(lakeside, rows=5)
    assert proof_of(lakeside).sentence == (
        "The one made on Mon, July 26 has 2 students more than there are. Make another."
    )


def test_an_export_of_a_closed_year_is_none(lakeside: District) -> None:
    an_export(lakeside)
    Gate.objects.filter(pk=lakeside.pk).update(resets=1)
    assert proof_of(lakeside).sentence == "No export is made yet. Make one."


def test_reports_are_no_exports(lakeside: District) -> None:
    an_export(lakeside, kind="progress", format="pdf")
    assert proof_of(lakeside).file is None


def test_exports_of_others_prove_nothing_here(lakeside: District, cast: Cast) -> None:
    an_export(cast.quarry)
    assert proof_of(lakeside).file is None


def test_a_newer_one_that_proves_nothing_does_not_hide_one_that_does(lakeside: District) -> None:
    proves = an_export(lakeside)
    later = NOW + timedelta(hours=1)
    an_export(lakeside, made_at=later, is_downloaded=False)
    an_export(lakeside, made_at=later, learning_environment=LearningEnvironment.PREK_2)
    assert proof_of(lakeside).file == proves


def test_of_several_the_newest_that_comes_nearest_is_told(lakeside: District) -> None:
    an_export(lakeside, made_at=NOW - timedelta(days=3), is_downloaded=False)
    newest = an_export(lakeside, is_downloaded=False)
    an_export(lakeside, rows=1, made_at=NOW + timedelta(hours=1))
    assert proof_of(lakeside).file == newest


def test_a_last_export_is_as_good_and_told_as_such(lakeside: District) -> None:
    found = proof_of(lakeside, last_chosen=True)
    assert (found.is_proven, found.is_last_chosen, found.is_satisfied, found.word) == (False, True, True, "Last export")
    assert found.sentence == (
        "The run makes a last export itself, once nobody can write any more and before it deletes anything."
    )


def test_what_is_proven_already_is_told_before_the_last_export(lakeside: District) -> None:
    an_export(lakeside)
    assert proof_of(lakeside, last_chosen=True).word == "Proven"


def test_in_a_list_only_those_who_chose_it_have_a_last_export(lakeside: District, cast: Cast) -> None:
    found = proof.of_many([lakeside, cast.quarry], at=NOW, last_chosen={cast.quarry.pk})
    assert [found[each.pk][0].is_satisfied for each in (lakeside, cast.quarry)] == [False, True]


def test_a_district_without_students_needs_none(lakeside: District) -> None:
    DistrictCounts.objects.filter(pk=lakeside.pk).update(accounts=0)
    assert proof.of(lakeside, at=NOW) == []


def test_a_product_that_is_not_used_needs_none_unless_there_is_work_of_it(lakeside: District) -> None:
    District.objects.filter(pk=lakeside.pk).update(uses_math_facts=False)
    assert [each.product for each in proof.of(lakeside, at=NOW)] == [MATH, FACTS]
    DistrictCounts.objects.filter(pk=lakeside.pk).update(facts_last_on=None)
    assert [each.product for each in proof.of(lakeside, at=NOW)] == [MATH]


def test_a_student_who_came_is_counted_by_the_roster_itself(lakeside: District) -> None:
    an_export(lakeside)
    make_student(lakeside, None, "new")
    services.recount(lakeside.pk)
    assert proof_of(lakeside).word == "Students added"


@pytest.mark.parametrize("number", [10, 100])
def test_a_list_asks_two_questions_however_long_it_is(
    lakeside: District, django_assert_num_queries: Any, number: int
) -> None:
    crowd = District.objects.bulk_create(District(name=f"District {n}", site_code=f"9{n:06}") for n in range(number))
    Gate.objects.bulk_create(Gate(district=district) for district in crowd)
    DistrictCounts.objects.bulk_create(DistrictCounts(district=district, accounts=3) for district in crowd)
    for district in crowd:
        an_export(district)
    with django_assert_num_queries(2):
        found = proof.of_many(crowd, at=NOW)
    assert all(found[district.pk][0].is_proven for district in crowd)
