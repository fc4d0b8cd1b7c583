"""The page of a district's educators: who needs a look and why, and what its own admin does about it."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.models import District, Educator, EducatorRole
from districts.roster import sync
from districts.roster.records import Educator as EducatorRow
from districts.roster.records import Roster
from districts.roster.records import Student as StudentRow
from resets import history
from resets.models import Reset, ResetEvent
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.views import reading

PAGE = "/districts/0620810/educators/"
DECIDE = f"{PAGE}decide/"
TODAY = date(2027, 6, 1)


@pytest.fixture
def lakeside(cast: Cast, reset: Reset) -> District:
    """Lakeside, whose two educators t1 and t2 signed in yesterday."""
    Educator.objects.filter(district=cast.lakeside).update(last_sign_in_on=TODAY - timedelta(days=1))
    return cast.lakeside


@pytest.fixture
def dana(client: Client, cast: Cast, lakeside: District) -> Client:
    client.force_login(cast.dana)
    return client


@pytest.fixture
def carmen(client: Client, cast: Cast, lakeside: District) -> Client:
    client.force_login(cast.carmen)
    return client


def text(page: Any) -> str:
    return reading.text(page.content)


def add(district: District, key: str, name: str = "Ida Idle", **fields: Any) -> Educator:
    """Somebody at School 1 who never signed in."""
    first, _, last = name.partition(" ")
    fields = {"first_name": first, "last_name": last, "email": f"{key}@lakeside.example"} | fields
    made = Educator.objects.create(district=district, sourced_id=key, **fields)
    EducatorRole.objects.create(educator=made, school=district.schools.first(), role="siteAdministrator")
    return made


def get(key: str) -> Educator:
    return Educator.objects.get(sourced_id=key)


def send(client: Client, verb: str, *who: Educator, **more: str) -> Any:
    """The verb with what is chosen."""
    return client.post(DECIDE, {"verb": verb, "educator": [each.pk for each in who], **more})


def confirm(client: Client, verb: str, *who: Educator) -> Any:
    ids = ",".join(str(each.pk) for each in who)
    return client.post(DECIDE, {"verb": verb, "ids": ids, "confirmed": "1"}, follow=True)


def test_it_says_who_needs_a_look_and_why(dana: Client, lakeside: District) -> None:
    add(lakeside, "left", "Lee Left", left_roster_on=date(2027, 4, 5), last_sign_in_on=TODAY)
    add(lakeside, "idle", last_sign_in_on=date(2026, 11, 1))
    add(lakeside, "one", "Tia Twin", last_sign_in_on=TODAY)
    add(lakeside, "two", "TIA  TWIN", last_sign_in_on=TODAY)
    said = text(dana.get(PAGE))
    assert "4 of 6 need a look" in said
    assert "Not in the newest roster: left out on Mon, April 5, 2027." in said
    assert "Not signed in since Sun, November 1, 2026, 212 days ago." in said
    assert "There twice: TIA TWIN (two@lakeside.example) has the same name at the same school, and " in said
    assert "signed in last on Tue, June 1, 2027." in said
    assert "School 1 Site administrator" in said
    assert "Toni" not in said


def test_nobody_to_look_at_says_what_to_do_next(dana: Client) -> None:
    said = text(dana.get(PAGE))
    assert "Nobody needs a look" in said
    assert "Show all educators" in said


def test_without_sign_ins_it_says_that_they_are_not_looked_at(dana: Client) -> None:
    Educator.objects.update(last_sign_in_on=None)
    assert "The learning platform has told of no sign-in" in text(dana.get(PAGE))


def test_each_list_has_an_address_and_a_count(dana: Client, lakeside: District) -> None:
    add(lakeside, "idle")
    add(lakeside, "off", "Otto Off", deactivated_at=JUNE_1, deactivated_by="Dana Whitfield", review_year="2026-27")
    add(lakeside, "kept", "Kim Kept", kept_at=JUNE_1, kept_by="Dana Whitfield", review_year="2026-27")
    assert "Needs a look 1 All 5 Deactivated 1 Kept 1" in text(dana.get(PAGE))
    for show, name, others in (("look", "Ida", "Otto"), ("deactivated", "Otto", "Kim"), ("kept", "Kim", "Ida")):
        said = text(dana.get(f"{PAGE}?show={show}"))
        assert name in said
        assert others not in said
    assert "Dana Whitfield kept the account on Tue, June 1, 2027." in text(dana.get(f"{PAGE}?show=kept"))
    assert "Still in the newest roster" in text(dana.get(f"{PAGE}?show=deactivated"))


@pytest.mark.parametrize("asked", ["idle@", "da Idle", "school 1", "IDLE"])
def test_words_find_names_addresses_and_schools(dana: Client, lakeside: District, asked: str) -> None:
    add(lakeside, "idle")
    assert "Ida Idle" in text(dana.get(PAGE, {"show": "all", "q": asked}))
    assert "Ida Idle" not in text(dana.get(PAGE, {"show": "all", "q": f"{asked}x"}))


@pytest.mark.parametrize("asked", ["show=nobody", "page=x", "page=999", "q=%00", "q=%27%25%5C", f"q={'a' * 500}"])
def test_an_odd_address_is_answered(dana: Client, asked: str) -> None:
    assert dana.get(f"{PAGE}?{asked}").status_code == 200


def test_long_lists_have_pages(dana: Client, lakeside: District) -> None:
    for number in range(60):
        add(lakeside, f"m{number}", f"Max{number} Muster{number:02}")
    first, second = text(dana.get(PAGE)), text(dana.get(f"{PAGE}?page=2"))
    assert "1 to 50 of 60 educators" in first
    assert ("Muster49" in first, "Muster50" in first, "Muster50" in second) == (True, False, True)


def test_one_is_decided_about_at_once_and_the_list_stays_where_it_was(dana: Client, lakeside: District) -> None:
    idle = add(lakeside, "idle")
    answer = dana.post(DECIDE, {"deactivate": idle.pk, "show": "all", "q": "ida", "page": "2"})
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?show=all&q=ida&page=2")
    assert (get("idle").deactivated_at, get("idle").deactivated_by) == (JUNE_1, "Dana Whitfield")
    assert "1 educator is deactivated." in text(dana.get(PAGE))


def test_a_keep_and_a_reactivation_are_one_press_each(dana: Client, lakeside: District) -> None:
    idle = add(lakeside, "idle")
    dana.post(DECIDE, {"keep": idle.pk})
    assert (get("idle").kept_by, get("idle").review_year) == ("Dana Whitfield", "2026-27")
    dana.post(DECIDE, {"deactivate": idle.pk})
    dana.post(DECIDE, {"reactivate": idle.pk})
    assert (get("idle").deactivated_at, get("idle").kept_by) == (None, "Dana Whitfield")


def test_many_are_shown_first_and_nothing_is_saved(dana: Client, lakeside: District) -> None:
    who = [add(lakeside, "a", "Ann One"), add(lakeside, "b", "Ben Two")]
    gone = add(lakeside, "c", "Cy Three", deactivated_at=JUNE_1, deactivated_by="Dana Whitfield")
    said = text(send(dana, "deactivate", *who, gone))
    assert "Deactivate 2 educators?" in said
    assert "2 would change. 1 is deactivated already and stays as it is. Nothing has been saved." in said
    assert "Ann One" in said
    assert "Cy Three" not in said
    assert not Educator.objects.filter(sourced_id__in="ab", deactivated_at__isnull=False).exists()


def test_a_preview_warns_when_every_account_of_a_person_is_chosen(dana: Client, lakeside: District) -> None:
    one, two = add(lakeside, "one", "Tia Twin"), add(lakeside, "two", "Tia Twin")
    warning = "Of 1 person who seems to be there twice, every account is chosen."
    assert warning in text(send(dana, "deactivate", one, two))
    assert warning not in text(send(dana, "deactivate", one, get_t1(lakeside)))
    assert warning not in text(send(dana, "keep", one, two))


def test_confirmed_it_does_what_was_shown(dana: Client, lakeside: District) -> None:
    who = [add(lakeside, "a", "Ann One"), add(lakeside, "b", "Ben Two")]
    said = text(confirm(dana, "deactivate", *who))
    assert "2 educators are deactivated. Reactivate them under Deactivated." in said
    assert Educator.objects.filter(deactivated_by="Dana Whitfield").count() == 2


def test_sent_twice_it_is_done_once(dana: Client, lakeside: District) -> None:
    who = [add(lakeside, "a", "Ann One"), add(lakeside, "b", "Ben Two")]
    confirm(dana, "deactivate", *who)
    assert "Nothing changed: that was done already." in text(confirm(dana, "deactivate", *who))
    assert ResetEvent.objects.filter(kind="educators_reviewed").count() == 1


def test_all_of_a_list_are_those_of_its_filter_and_words(dana: Client, lakeside: District) -> None:
    for number in range(55):
        add(lakeside, f"m{number}", f"Max{number} Muster")
    add(lakeside, "other", "Olga Other")
    said = send(dana, "keep", show="look", q="muster", all="1")
    assert "Keep 55 educators?" in text(said)
    assert "And 5 more." in text(said)


def test_the_history_tells_of_many_and_of_the_last_in_numbers(dana: Client, lakeside: District) -> None:
    a, b, c = (add(lakeside, key, f"{key} {key}") for key in ("ann", "ben", "cy"))
    dana.post(DECIDE, {"keep": a.pk})
    assert not ResetEvent.objects.filter(kind="educators_reviewed").exists()
    dana.post(DECIDE, {"keep": b.pk})
    dana.post(DECIDE, {"deactivate": c.pk})
    event = ResetEvent.objects.get(kind="educators_reviewed")
    assert history.sentence(event) == "Dana Whitfield reviewed the educators: 2 kept, 1 deactivated."
    confirm(dana, "deactivate", a, b)
    assert ResetEvent.objects.filter(kind="educators_reviewed").count() == 2


def test_without_a_reset_there_is_no_history_to_tell(dana: Client, lakeside: District) -> None:
    Reset.objects.all().delete()
    idle = add(lakeside, "idle")
    dana.post(DECIDE, {"keep": idle.pk})
    assert get("idle").kept_by == "Dana Whitfield"


@pytest.mark.parametrize("verb", ["keep", "deactivate", "reactivate"])
def test_educators_of_another_district_are_out_of_reach(dana: Client, cast: Cast, verb: str) -> None:
    off: dict[str, Any] = {"deactivated_at": JUNE_1, "deactivated_by": "Quinn"} if verb == "reactivate" else {}
    theirs = add(cast.quarry, "theirs", **off)
    before = Educator.objects.values().get(pk=theirs.pk)
    assert dana.post(DECIDE, {verb: theirs.pk}).status_code == 302
    confirm(dana, verb, theirs)
    send(dana, verb, theirs, get_t1(cast.lakeside))
    assert Educator.objects.values().get(pk=theirs.pk) == before


def get_t1(district: District) -> Educator:
    return Educator.objects.get(district=district, sourced_id="t1")


def test_a_preview_names_nobody_of_another_district(dana: Client, cast: Cast) -> None:
    theirs = add(cast.quarry, "theirs", "Quill Quarry")
    said = text(send(dana, "deactivate", theirs, get_t1(cast.lakeside)))
    assert "Deactivate 1 educator?" in said
    assert "Quill" not in said


def test_a_csm_looks_on(carmen: Client, lakeside: District) -> None:
    idle = add(lakeside, "idle")
    page = carmen.get(PAGE)
    assert "Ida Idle" in text(page)
    assert b"<button" not in page.content.split(b'id="educators"')[1].split(b"</table>")[0]
    assert carmen.post(DECIDE, {"deactivate": idle.pk}).status_code == 403
    assert get("idle").deactivated_at is None


def test_looking_changes_nothing(dana: Client, lakeside: District) -> None:
    idle = add(lakeside, "idle")
    before = list(Educator.objects.values())
    assert dana.get(DECIDE, {"deactivate": idle.pk}).status_code == 405
    dana.get(PAGE, {"deactivate": idle.pk})
    assert list(Educator.objects.values()) == before


@pytest.mark.parametrize(
    "data",
    [{}, {"verb": "keep"}, {"verb": "erase", "educator": "1"}, {"keep": "1; DROP"}, {"keep": "9" * 30}, {"verb": ""}],
)
def test_what_names_nobody_changes_nobody(dana: Client, data: dict[str, str]) -> None:
    before = list(Educator.objects.values())
    assert dana.post(DECIDE, data).status_code == 302
    assert list(Educator.objects.values()) == before


def test_a_deactivation_outlives_the_next_nightly_sync(dana: Client, lakeside: District) -> None:
    idle = add(lakeside, "idle")
    dana.post(DECIDE, {"deactivate": idle.pk})
    rows = [EducatorRow(e.sourced_id, e.first_name, e.last_name, "", e.email, True) for e in Educator.objects.all()]
    students = [StudentRow("s9", "", "Ann", "Canary", "ann", "1", "3", "three_plus", True)]
    sync.apply(Roster(educators=rows, students=students), district_id=lakeside.pk, by="the nightly sync", at=JUNE_1)
    assert get("idle").deactivated_by == "Dana Whitfield"


HOSTILE = "<script>alert(1)</script> \u202egnip\u202c"


def test_names_are_escaped_and_set_in_their_own_direction(dana: Client, lakeside: District) -> None:
    add(lakeside, "one", HOSTILE)
    add(lakeside, "two", HOSTILE, email="<b>@lakeside.example")
    add(lakeside, "rtl", "محمد علي")
    for page in (dana.get(PAGE), send(dana, "keep", get("one"), get("two"))):
        said = page.content.decode()
        assert "<script>alert" not in said
        assert "<b>@" not in said
        assert '<span class="who" dir="auto">&lt;script&gt;' in said
        assert "<bdi>&lt;script&gt;" in said


def test_it_takes_as_many_queries_for_300_educators_as_for_10(dana: Client, lakeside: District) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert dana.get(f"{PAGE}?show=all").status_code == 200
        return len(caught)

    def fill(start: int, end: int) -> None:
        for number in range(start, end):
            add(lakeside, f"m{number}", f"Max{number % (end - 3)} Muster")

    fill(0, 10)
    few = queries()
    fill(10, 300)
    assert queries() == few <= 14


def test_the_district_pages_checklist_tells_of_the_review(carmen: Client, lakeside: District) -> None:
    add(lakeside, "idle")
    assert "Educators reviewed : to do 1 of 3 to look at." in text(carmen.get("/districts/0620810/"))


def test_the_admins_steps_lead_to_the_review_and_tell_what_came_of_it(dana: Client, lakeside: District) -> None:
    idle = add(lakeside, "idle")
    home = "/districts/0620810/"
    assert "1 of 3 needs a look" in text(dana.get(home))
    dana.post(DECIDE, {"deactivate": idle.pk})
    assert "2 kept, 1 deactivated on June 1. Educator accounts stay." in text(dana.get(home))


def test_the_spreadsheet_holds_the_educators_whom_the_filter_finds(dana: Client, lakeside: District) -> None:
    add(lakeside, "t9", "Ida Idle", joined_on=TODAY - timedelta(days=900))
    add(lakeside, "t8", "Otto Other")
    assert "educators/list.xlsx?show=all&amp;q=ida" in dana.get(PAGE, {"show": "all", "q": "ida"}).content.decode()
    book = openpyxl.load_workbook(BytesIO(dana.get(f"{PAGE}list.xlsx", {"show": "all", "q": "ida"}).content))
    header, *rows = book["Educators"].values
    assert header[:4] == ("Name", "Address", "Schools", "Roles")
    assert [row[:4] for row in rows] == [("Ida Idle", "t9@lakeside.example", "School 1", "Site administrator")]
    assert ("Words", "ida") in list(book["About"].values)


def test_the_spreadsheet_takes_as_many_queries_however_many_educators(dana: Client, lakeside: District) -> None:
    queries = []
    for start in (0, 10):
        for number in range(start, start + 1 + start):
            add(lakeside, f"x{number}", f"Ida Number{number}")
        with CaptureQueriesContext(connection) as asked:
            dana.get(f"{PAGE}list.xlsx", {"show": "all"})
        queries.append(len(asked))
    assert queries[0] == queries[1]
