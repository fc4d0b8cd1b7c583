"""The page of a district's exports: who asks, who downloads, who only sees that a file exists, and what it says."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from districts.models import District, DistrictCounts, Gate, Student
from exports.models import Download, ExportFile
from resets import waking
from resets.models import Reset, ResetEvent
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.views.district_files import CONTENT, NAME, ended, ready, reports, taken, wish
from tests.resets.views.reading import text, words

PAGE = "/districts/0620810/exports/"
GOOD = {"product": "imagine_math", "learning_environment": "", "range": "year", "format": "xlsx"}
State = ExportFile.State


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """The files for which a worker was woken; nobody is."""
    files: list[tuple[Any, ...]] = []
    monkeypatch.setattr(waking, "_send", lambda *args: files.append(args))
    return files


@pytest.fixture
def dana(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.dana)
    return client


@pytest.fixture
def carmen(client: Client, cast: Cast, reset: Reset) -> Client:
    client.force_login(cast.carmen)
    return client


def address(file: ExportFile) -> str:
    return f"{PAGE}{file.pk}/download/"


def ask(client: Client, **more: str) -> Any:
    return client.post(f"{PAGE}ask/", GOOD | more)


def test_what_is_asked_for_waits_for_a_worker_that_is_woken(
    dana: Client, cast: Cast, woken: list[tuple[Any, ...]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert ask(dana).status_code == 302
    file = ExportFile.objects.get()
    assert (file.state, file.kind, file.product, file.format) == (State.WAITING, "student_data", "imagine_math", "xlsx")
    assert (file.asked_by, file.asker, file.school_year, file.hours) == ("Dana Whitfield", cast.dana, "2026-27", 24)
    assert file.is_whole
    assert woken == [(file.pk, "exports.tasks.make")]


def test_a_double_press_is_one_file(dana: Client) -> None:
    ask(dana)
    ask(dana)
    assert ExportFile.objects.count() == 1


def test_the_page_says_up_to_which_day_it_goes_and_that_today_is_not_in_it(dana: Client, cast: Cast) -> None:
    said = words(dana, cast.dana, PAGE)
    assert "a row for each of 3 student accounts, through Mon, May 31, 2027. Today is not in it." in said
    assert "The whole year so far, through Mon, May 31, 2027" in said
    assert "It lasts 24 hours, or until the reset if that comes first." in said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"since": "2027-06-01"}, "An export holds previous days only. The last one is Mon, May 31, 2027."),
        ({"until": "2027-06-01"}, "An export holds previous days only. The last one is Mon, May 31, 2027."),
        ({"since": "2027-05-10", "until": "2027-05-09"}, "The last day must be Mon, May 10, 2027, the first day, or"),
        ({}, "Say the first day, the last day, or both."),
        ({"since": "2027-02-30"}, "Enter a valid date."),
    ],
    ids=["from today", "to today", "backwards", "no day", "no such day"],
)
def test_days_that_no_export_can_hold_are_refused_under_their_field(
    dana: Client, days: dict[str, str], said: str
) -> None:
    answer = ask(dana, range="custom", **days)
    assert answer.status_code == 422
    assert said in text(answer.content)
    assert not ExportFile.objects.exists()


def test_some_days_of_the_year_can_be_asked_for(dana: Client) -> None:
    ask(dana, range="custom", since="2027-05-01", until="2027-05-31", format="csv")
    file = ExportFile.objects.get()
    assert (file.since, file.until, file.format) == (date(2027, 5, 1), date(2027, 5, 31), "csv")


def test_days_are_left_out_where_the_whole_year_is_asked_for(dana: Client) -> None:
    ask(dana, range="year", since="2027-05-01", until="2027-05-31")
    assert ExportFile.objects.get().is_whole


def test_math_facts_has_no_learning_environment(dana: Client) -> None:
    ask(dana, product="math_facts", learning_environment="prek_2")
    assert (ExportFile.objects.get().product, ExportFile.objects.get().learning_environment) == ("math_facts", "")


def test_a_product_that_the_district_has_not_is_refused(dana: Client, cast: Cast) -> None:
    District.objects.filter(pk=cast.lakeside.pk).update(uses_math_facts=False)
    DistrictCounts.objects.filter(pk=cast.lakeside.pk).update(facts_last_on=None)
    assert ask(dana, product="math_facts").status_code == 422
    assert not ExportFile.objects.exists()


def test_a_csm_asks_on_the_districts_behalf(carmen: Client, cast: Cast) -> None:
    said = text(carmen.post(f"{PAGE}ask/", GOOD, follow=True).content)
    assert "The admins of Lakeside Unified get a mail with the link when it is ready." in said
    assert ExportFile.objects.get().asked_by == "Carmen Ortiz"


def test_nothing_is_asked_for_once_the_run_has_begun(dana: Client, cast: Cast) -> None:
    Gate.objects.filter(pk=cast.lakeside.pk).update(is_shut=True)
    answer = dana.post(f"{PAGE}ask/", GOOD, follow=True)
    assert "The reset of Lakeside Unified has begun or is over" in text(answer.content)
    assert not ExportFile.objects.exists()
    assert "Make the export" not in words(dana, cast.dana, PAGE)


def test_it_looks_again_while_a_file_is_made_and_no_longer(dana: Client, cast: Cast) -> None:
    file = wish(cast.lakeside, state="making", done=12_400, total=60_000)
    assert b'hx-trigger="every 2s"' in dana.get(PAGE).content
    answer = dana.get(f"{PAGE}board/")
    assert answer.status_code == 200
    assert "12,400 of 60,000 students" in text(answer.content)
    ended(file)
    answer = dana.get(f"{PAGE}board/", headers={"HX-Request": "true"})
    assert answer.status_code == 286
    assert b"every 2s" not in answer.content
    assert "The export is at its end." in text(answer.content)


def test_a_file_that_is_counted_nowhere_yet_shows_no_number(dana: Client, cast: Cast) -> None:
    wish(cast.lakeside, state="making")
    assert "The district’s data is being read." in words(dana, cast.dana, PAGE)


def test_a_file_that_is_ready_says_what_it_is(dana: Client, cast: Cast) -> None:
    file = ready(cast.lakeside)
    said = words(dana, cast.dana, PAGE)
    for words_of_it in (
        "School year 2026-27 through Mon, May 31, 2027",
        "3 rows, 1 KB",
        "Here until Wed, June 2, 2027, 8:00 AM PDT, or until the reset if that comes first.",
        "Nobody downloaded it.",
        file.digest,
        NAME,
    ):
        assert words_of_it in said


def test_the_districts_admin_downloads_and_it_is_recorded(dana: Client, cast: Cast) -> None:
    file = ready(cast.lakeside)
    answer = dana.get(address(file))
    assert b"".join(answer) == CONTENT
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{NAME}"'
    download = Download.objects.get()
    assert (download.downloaded_by, download.person, download.digest) == ("Dana Whitfield", cast.dana, file.digest)
    assert download.downloaded_at == JUNE_1
    assert "Downloaded by Dana Whitfield, Tue, June 1, 2027, 9:00 AM PDT" in words(dana, cast.dana, PAGE)


def test_a_name_of_other_letters_is_sent_as_utf_8(dana: Client, cast: Cast) -> None:
    answer = dana.get(address(ready(cast.lakeside, name='São José "2" - Ñandú.csv')))
    assert answer.headers["Content-Disposition"].startswith(
        "attachment; filename*=utf-8''S%C3%A3o%20Jos%C3%A9%20%222%22"
    )
    answer.close()


def test_a_head_takes_nothing_away_and_records_nothing(dana: Client, cast: Cast) -> None:
    file = ready(cast.lakeside)
    assert dana.head(address(file)).status_code == 200
    assert not Download.objects.exists()
    ended(file)
    assert dana.head(address(file)).status_code == 410
    assert dana.head(address(ready(cast.lakeside, lasts_until=JUNE_1))).status_code == 410


@pytest.mark.parametrize("who", ["carmen", "maya", "ellis"])
def test_nobody_of_the_vendor_downloads(client: Client, cast: Cast, reset: Reset, who: str) -> None:
    client.force_login(getattr(cast, who))
    answer = client.get(address(ready(cast.lakeside)))
    assert answer.status_code == 403
    assert "a file is downloaded by the district’s own admin alone" in text(answer.content)
    assert not Download.objects.exists()


@pytest.mark.parametrize("path", [PAGE, "/districts/3609930/exports/"])
def test_another_districts_file_is_not_found(dana: Client, cast: Cast, path: str) -> None:
    file = ready(cast.quarry)
    assert dana.get(f"{path}{file.pk}/download/").status_code == 404
    assert dana.get(f"{path}{file.pk}/").status_code == 404
    assert not Download.objects.exists()


def test_a_file_that_is_gone_says_why_and_what_to_do(dana: Client, cast: Cast) -> None:
    file = ended(ready(cast.lakeside), "It was there for 24 hours, which are over.")
    answer = dana.get(address(file))
    assert answer.status_code == 410
    said = text(answer.content)
    assert "This file is gone" in said
    assert "It was there for 24 hours, which are over." in said
    assert "Make it again" in said
    assert not Download.objects.exists()


def test_a_file_whose_hours_are_over_is_gone_before_the_sweep_comes(dana: Client, cast: Cast) -> None:
    answer = dana.get(address(ready(cast.lakeside, lasts_until=JUNE_1 - timedelta(minutes=1))))
    assert answer.status_code == 410
    assert not Download.objects.exists()


def test_after_the_reset_nobody_is_told_to_make_it_again(dana: Client, cast: Cast) -> None:
    file = ended(ready(cast.lakeside))
    Gate.objects.filter(pk=cast.lakeside.pk).update(is_shut=True)
    said = text(dana.get(address(file)).content)
    assert "so it cannot be made again" in said
    assert "Make it again" not in said


def test_a_file_that_is_not_as_it_was_made_is_not_handed_out(dana: Client, cast: Cast) -> None:
    file = ready(cast.lakeside)
    storages["exports"].delete(file.stored)
    answer = dana.get(address(file))
    assert answer.status_code == 410
    assert "It cannot be read now." in text(answer.content)


def test_what_is_gone_or_was_not_made_stands_below_with_its_reason(dana: Client, cast: Cast) -> None:
    ended(ready(cast.lakeside))
    wish(cast.lakeside, state="failed", ended_at=JUNE_1, ended_by="a worker", why="There was no room left for it.")
    said = words(dana, cast.dana, PAGE)
    assert "Gone The district was reset." in said
    assert "Not made There was no room left for it." in said


def test_the_vendor_sees_that_a_file_exists_and_not_what_is_in_it(client: Client, cast: Cast, reset: Reset) -> None:
    file = ready(cast.lakeside)
    taken(file, cast.dana)
    said = words(client, cast.carmen, PAGE)
    assert "3 rows, 1 KB" in said
    assert "Downloaded, Tue, June 1, 2027, 8:00 AM PDT." in said
    for hidden in (NAME, file.digest, address(file)):
        assert hidden not in client.get(PAGE).content.decode()


def test_the_vendor_sees_that_reports_exist_and_of_no_student(client: Client, cast: Cast, reset: Reset) -> None:
    student = Student.objects.filter(district_id=cast.lakeside.pk)[0]
    reports(cast.lakeside, student_id=student.id, format="pdf")
    said = words(client, cast.carmen, PAGE)
    assert "Student Progress reports, One student" in said
    assert "Canary" not in said


def test_reports_stand_on_a_page_of_their_own_for_the_district(dana: Client, cast: Cast) -> None:
    file = reports(cast.lakeside)
    assert address(file) not in dana.get(PAGE).content.decode()
    assert dana.get(f"{PAGE}{file.pk}/").headers["Location"] == "/districts/0620810/reports/#files"
    assert dana.get(f"{PAGE}{ready(cast.quarry).pk}/").status_code == 404


def test_the_mails_link_leads_to_the_page_and_downloads_nothing(dana: Client, cast: Cast) -> None:
    answer = dana.get(f"{PAGE}{ready(cast.lakeside).pk}/", follow=True)
    assert answer.redirect_chain == [(f"{PAGE}#files", 302)]
    assert not Download.objects.exists()


def test_a_last_export_is_chosen_and_taken_back(dana: Client, cast: Cast, reset: Reset) -> None:
    assert "Kept for your district alone for 72 hours" in words(dana, cast.dana, PAGE)
    said = text(dana.post(f"{PAGE}last/", {"choose": "1"}, follow=True).content)
    assert "A last export is made on Wed, July 28, 2027, by the run itself." in said
    assert "Dana Whitfield chose it Tue, June 1, 2027" in said
    dana.post(f"{PAGE}last/", {"drop": "1"})
    reset.refresh_from_db()
    assert reset.last_export_chosen_at is None
    assert ResetEvent.objects.filter(kind="last_export_dropped").count() == 1


def test_a_last_export_outlives_the_reset_and_says_for_how_long(dana: Client, cast: Cast) -> None:
    file = ready(cast.lakeside, is_last=True)
    Gate.objects.filter(pk=cast.lakeside.pk).update(is_shut=True)
    said = words(dana, cast.dana, PAGE)
    assert "Imagine Math, last export Ready" in said
    assert "3 rows, 1 KB · Made by the run itself Here until Wed, June 2, 2027, 8:00 AM PDT. Nobody" in said
    assert address(file) in dana.get(PAGE).content.decode()


def test_after_a_completed_reset_a_file_is_of_the_year_after_it(dana: Client, cast: Cast, reset: Reset) -> None:
    Reset.objects.filter(pk=reset.pk).update(completed_at=JUNE_1, completed_by="the run")
    ask(dana)
    assert ExportFile.objects.get().school_year == "2027-28"


def test_a_last_export_is_the_districts_own_choice(carmen: Client, cast: Cast, reset: Reset) -> None:
    assert carmen.post(f"{PAGE}last/", {"choose": "1"}).status_code == 403
    assert "Choose a last export" not in words(carmen, cast.carmen, PAGE)


def test_a_last_export_is_not_chosen_once_the_run_has_begun(dana: Client, cast: Cast, reset: Reset) -> None:
    Reset.objects.filter(pk=reset.pk).update(status="counting")
    dana.post(f"{PAGE}last/", {"choose": "1"})
    reset.refresh_from_db()
    assert reset.last_export_chosen_at is None
    assert "A last export" not in words(dana, cast.dana, PAGE)


def test_odd_names_are_shown_as_words(dana: Client, cast: Cast) -> None:
    ready(cast.lakeside, name="<script>alert(1)</script>.csv")
    content = dana.get(PAGE).content.decode()
    assert "<script>alert(1)" not in content
    assert '<p dir="auto">&lt;script&gt;alert(1)&lt;/script&gt;.csv</p>' in content


@pytest.mark.parametrize("address", ["ask/", "last/"])
def test_every_post_wants_its_token(cast: Cast, reset: Reset, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.dana)
    assert client.post(f"{PAGE}{address}").status_code == 403


def test_more_files_are_no_more_queries(
    dana: Client, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(15):
        taken(ready(cast.lakeside), cast.dana)
        ended(ready(cast.lakeside), f"Reason {number}.")
    with django_assert_max_num_queries(26):
        dana.get(PAGE)


def test_a_download_is_no_address_that_can_be_guessed_without_signing_in(client: Client, cast: Cast) -> None:
    answer = client.get(address(ready(cast.lakeside)))
    assert answer.headers["Location"].startswith(reverse("account_login"))
