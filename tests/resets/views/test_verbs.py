"""What a person does to a reset from its page."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from districts.models import Gate, SchoolYear
from resetportal import clock
from resets import engine, services
from resets.models import Reset, ResetEvent, Status
from tests.people import PASSWORD, Cast
from tests.resets.test_services_run import new_year_came
from tests.resets.views.reading import text, words

NAMED = {"name": "Lakeside Unified", "reason": "Carmen spoke with Dana."}


def address(reset: Reset, verb: str) -> str:
    return f"/resets/{reset.pk}/{verb}/"


def post(client: Client, reset: Reset, verb: str, **data: str) -> tuple[int, str]:
    answer = client.post(address(reset, verb), data, follow=True)
    return answer.status_code, text(answer.content)


def status(reset: Reset) -> str:
    reset.refresh_from_db()
    return str(reset.status)


@pytest.fixture
def carmen(client: Client, cast: Cast, reset: Reset) -> Client:
    """Carmen's browser."""
    client.force_login(cast.carmen)
    return client


def test_a_stop_asks_for_the_name_and_a_reason(client: Client, cast: Cast, reset: Reset) -> None:
    said = words(client, cast.carmen, address(reset, "stop"))
    assert "Stop the reset of Lakeside Unified It is due on Wed, July 28, 2027, 1:00 AM PDT." in said
    assert "Type the district’s name to stop it Lakeside Unified" in said


def test_a_stopped_reset_says_so_on_its_page(carmen: Client, reset: Reset) -> None:
    code, said = post(carmen, reset, "stop", **NAMED)
    assert (code, status(reset)) == (200, Status.HELD)
    assert "The reset of Lakeside Unified is stopped. Nothing was deleted." in said
    assert "Carmen Ortiz stopped it: Carmen spoke with Dana." in said


@pytest.mark.parametrize("name", ["lakeside unified", "Lakeside", "Quarry Hill"])
def test_another_name_stops_nothing(carmen: Client, reset: Reset, name: str) -> None:
    code, said = post(carmen, reset, "stop", name=name, reason="Carmen spoke with Dana.")
    assert (code, status(reset)) == (422, Status.SCHEDULED)
    assert "That is not the district’s name." in said
    assert "Carmen spoke with Dana." in said


@pytest.mark.parametrize("reason", ["", "   ", "a\x00b"])
def test_nothing_is_stopped_without_a_reason(carmen: Client, reset: Reset, reason: str) -> None:
    code, _ = post(carmen, reset, "stop", name="Lakeside Unified", reason=reason)
    assert (code, status(reset)) == (422, Status.SCHEDULED)


@pytest.mark.usefixtures("night")
def test_a_stop_that_comes_too_late_says_so(carmen: Client, reset: Reset) -> None:
    engine.run(reset.pk, worker="w1")
    _, said = post(carmen, reset, "stop", **NAMED)
    assert "The data is deleted already." in said
    assert status(reset) == Status.COMPLETED


def test_a_retried_reset_goes_back_to_its_date(carmen: Client, cast: Cast, reset: Reset) -> None:
    services.stop(reset=reset, by=cast.carmen, at=clock.now(), reason="The district called.")
    assert "It goes back to its date, Wed, July 28, 2027, 1:00 AM PDT." in words(
        carmen, cast.carmen, address(reset, "retry")
    )
    _, said = post(carmen, reset, "retry", reason="It was a mistake.")
    assert status(reset) == Status.SCHEDULED
    assert "Carmen Ortiz had the run tried again. “It was a mistake.”" in said


def test_a_retry_wants_a_reason(carmen: Client, cast: Cast, reset: Reset) -> None:
    services.stop(reset=reset, by=cast.carmen, at=clock.now(), reason="The district called.")
    code, said = post(carmen, reset, "retry")
    assert (code, status(reset)) == (422, Status.HELD)
    assert "Say why: it is kept in the history." in said


def test_what_is_not_held_is_not_retried(carmen: Client, reset: Reset) -> None:
    _, said = post(carmen, reset, "retry", reason="To be sure.")
    assert "It is not held: it is scheduled." in said
    assert not ResetEvent.objects.filter(reset_id=reset.pk, kind="retried").exists()


@pytest.mark.usefixtures("night")
def test_an_engineer_may_retry(client: Client, cast: Cast, reset: Reset) -> None:
    services.stop(reset=reset, by=cast.carmen, at=clock.now(), reason="The district called.")
    client.force_login(cast.ellis)
    post(client, reset, "retry", reason="It was a mistake.")
    assert status(reset) == Status.SCHEDULED


@pytest.mark.usefixtures("night")
def test_a_release_shows_what_it_would_delete(client: Client, cast: Cast, reset: Reset) -> None:
    new_year_came(reset)
    said = words(client, cast.carmen, address(reset, "release"))
    assert "Student accounts 3 Classrooms 2 Teachers of classrooms 2" in said
    assert "Educator accounts 2" in said
    assert "New-year accounts come back with the next full roster; their work does not." in said


@pytest.mark.usefixtures("night")
def test_a_release_asks_for_the_password_again(carmen: Client, reset: Reset) -> None:
    new_year_came(reset)
    code, said = post(carmen, reset, "release", **NAMED)
    assert (code, status(reset)) == (200, Status.HELD)
    assert "Your password again" in said


@pytest.mark.usefixtures("night")
def test_the_right_password_releases(carmen: Client, reset: Reset) -> None:
    new_year_came(reset)
    asked = carmen.post(address(reset, "release"), NAMED)
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    carmen.post(asked.headers["Location"], {"password": PASSWORD})
    assert status(reset) == Status.SCHEDULED
    assert reset.new_year_released_by == "Carmen Ortiz"
    engine.run(reset.pk, worker="w1")
    assert status(reset) == Status.COMPLETED


@pytest.mark.usefixtures("night")
def test_a_wrong_password_releases_nothing(carmen: Client, reset: Reset) -> None:
    new_year_came(reset)
    asked = carmen.post(address(reset, "release"), NAMED)
    carmen.post(asked.headers["Location"], {"password": "guessed"})
    assert status(reset) == Status.HELD


@pytest.mark.usefixtures("night")
def test_a_password_given_at_sign_in_does_not_count(client: Client, cast: Cast, reset: Reset) -> None:
    new_year_came(reset)
    client.post("/accounts/login/", {"login": cast.carmen.email, "password": PASSWORD})
    post(client, reset, "release", **NAMED)
    assert status(reset) == Status.HELD


@pytest.mark.usefixtures("night")
def test_another_name_is_not_even_asked_for_its_password(carmen: Client, reset: Reset) -> None:
    new_year_came(reset)
    code, said = post(carmen, reset, "release", name="Lakeside", reason="Let it go.")
    assert code == 422
    assert "That is not the district’s name." in said


@pytest.mark.usefixtures("night")
def test_an_engineer_does_not_release(client: Client, cast: Cast, reset: Reset) -> None:
    new_year_came(reset)
    client.force_login(cast.ellis)
    code, said = post(client, reset, "release", **NAMED)
    assert (code, status(reset)) == (403, Status.HELD)
    assert "(W11)" in said


@pytest.mark.usefixtures("night")
def test_rostering_complete_turns_the_syncs_on(carmen: Client, reset: Reset) -> None:
    engine.run(reset.pk, worker="w1")
    _, said = post(carmen, reset, "rostering-complete")
    assert "Rostering of Lakeside Unified is complete. Syncs are on again." in said
    assert Gate.objects.get(pk=reset.district_id).resumed_by == "Carmen Ortiz"


def ask_first(client: Client, reset: Reset) -> str:
    return text(client.get(f"/resets/{reset.pk}/rostering-complete/?next=/season/after/", follow=True).content)


@pytest.mark.usefixtures("night")
def test_what_follows_is_told_before_the_syncs_are_turned_on(carmen: Client, reset: Reset, cast: Cast) -> None:
    engine.run(reset.pk, worker="w1")
    said = ask_first(carmen, reset)
    assert "The roster is fetched at once" in said or "uploaded" in said
    assert "The next full roster makes a completely new account for each student" in said
    assert "work that was done in them does not come back (W11)." in said
    assert "Lakeside Unified has not said that its data is ready." in said
    assert (
        'name="next" value="/season/after/"'
        in carmen.get(f"/resets/{reset.pk}/rostering-complete/?next=/season/after/").content.decode()
    )
    assert Gate.objects.get(pk=reset.district_id).resumed_at is None
    services.say_data_is_ready(reset=reset, by=cast.dana, at=clock.now())
    said = ask_first(carmen, reset)
    assert "Dana Whitfield said that the data is ready, Wed, July 28, 2027" in said
    assert "has not said" not in said


@pytest.mark.usefixtures("night")
def test_rostering_that_has_not_started_is_a_doubt(carmen: Client, reset: Reset) -> None:
    year, _ = SchoolYear.objects.get_or_create(district=reset.district, name="2026-27")
    SchoolYear.objects.filter(pk=year.pk).update(rostering_starts_on=date(2027, 8, 9))
    engine.run(reset.pk, worker="w1")
    assert "Rostering starts Mon, August 9, 2027 only: a roster of before" in ask_first(carmen, reset)
    SchoolYear.objects.filter(pk=year.pk).update(rostering_starts_on=date(2027, 7, 28))
    assert "Rostering starts" not in ask_first(carmen, reset)


def test_nothing_is_told_where_it_cannot_be_said(carmen: Client, reset: Reset) -> None:
    assert "Rostering can be declared complete only after the reset is completed." in ask_first(carmen, reset)


def test_rostering_is_not_complete_before_the_reset(carmen: Client, reset: Reset) -> None:
    _, said = post(carmen, reset, "rostering-complete")
    assert "Rostering can be declared complete only after the reset is completed." in said
    assert Gate.objects.get(pk=reset.district_id).resumed_at is None


@pytest.mark.usefixtures("night")
def test_a_double_click_says_who_was_first(carmen: Client, reset: Reset) -> None:
    engine.run(reset.pk, worker="w1")
    post(carmen, reset, "rostering-complete")
    assert "Carmen Ortiz has declared it already." in post(carmen, reset, "rostering-complete")[1]
    assert ResetEvent.objects.filter(reset_id=reset.pk, kind="resumed").count() == 1


@pytest.mark.usefixtures("night")
@pytest.mark.parametrize(
    ("given", "reached"),
    [
        ("/districts/0620810/", "/districts/0620810/"),
        ("https://elsewhere.example/", None),
        ("//elsewhere.example", None),
    ],
)
def test_it_goes_back_only_to_a_page_of_the_portal(
    carmen: Client, reset: Reset, given: str, reached: str | None
) -> None:
    engine.run(reset.pk, worker="w1")
    answer = carmen.post(address(reset, "rostering-complete"), {"next": given})
    assert answer.headers["Location"] == (reached or reset.get_absolute_url())


@pytest.mark.parametrize("verb", ["stop", "retry", "release", "rostering-complete"])
def test_the_district_admin_is_told_whom_to_ask(client: Client, cast: Cast, reset: Reset, verb: str) -> None:
    client.force_login(cast.dana)
    code, said = post(client, reset, verb, **NAMED)
    assert (code, status(reset)) == (403, Status.SCHEDULED)
    assert "CSM" in said


@pytest.mark.usefixtures("night")
def test_a_password_is_asked_for_again_after_five_minutes(
    carmen: Client, cast: Cast, reset: Reset, june: time_machine.Traveller
) -> None:
    new_year_came(reset)
    asked = carmen.post(address(reset, "release"), {"name": "Lakeside Unified", "reason": "First."})
    carmen.post(asked.headers["Location"], {"password": PASSWORD})
    services.stop(reset=reset, by=cast.maya, at=clock.now(), reason="Wait.")
    Reset.objects.filter(pk=reset.pk).update(held_for="new_year", new_year_released_at=None, new_year_released_by=None)
    june.move_to(clock.now() + timedelta(minutes=6))
    assert carmen.post(address(reset, "release"), NAMED).headers["Location"].startswith("/accounts/reauthenticate/")
    assert status(reset) == Status.HELD
