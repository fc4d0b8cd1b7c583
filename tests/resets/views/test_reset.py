"""The page of one reset."""

import pytest
import time_machine
from django.test import Client

from districts.models import Educator
from resetportal import clock
from resets import engine, holds, services
from resets.models import Reset, Season, Status
from tests.people import Cast
from tests.resets.views.reading import text, words


def step(reset: Reset, times: int = 1) -> Reset:
    for _ in range(times):
        engine.advance(reset.pk, worker="w1", at=clock.now())
    reset.refresh_from_db()
    return reset


def page(client: Client, cast: Cast, reset: Reset) -> str:
    return words(client, cast.carmen, reset.get_absolute_url())


def poll(client: Client, reset: Reset, seen: str) -> tuple[int, str]:
    answer = client.get(f"/resets/{reset.pk}/progress/", {"seen": seen}, headers={"HX-Request": "true"})
    return answer.status_code, text(answer.content)


def test_a_scheduled_reset_says_when_it_runs_and_what_it_does(client: Client, cast: Cast, reset: Reset) -> None:
    said = page(client, cast, reset)
    assert "Wed, July 28, 2027, 1:00 AM PDT" in said
    assert "2 schools together. 3 student accounts, 2 classrooms and all academic data are deleted." in said
    assert "They pause on Wed, July 28, 2027, 12:00 AM PDT, until rostering is complete." in said


def test_a_chosen_date_says_who_set_it(client: Client, cast: Cast, reset: Reset) -> None:
    services.schedule(reset=reset, to=reset.date.replace(day=26), by=cast.carmen, at=clock.now(), reason="Asked.")
    assert "Mon, July 26, 2027 in Pacific time, set by Carmen Ortiz" in page(client, cast, reset)


@pytest.mark.usefixtures("night")
def test_a_due_reset_says_that_it_is_about_to_begin(client: Client, cast: Cast, reset: Reset) -> None:
    assert "Due since 1:00 AM PDT. Its hour has come" in page(client, cast, reset)


@pytest.mark.usefixtures("night")
def test_a_run_that_counts_can_still_be_stopped(client: Client, cast: Cast, reset: Reset) -> None:
    said = page(client, cast, step(reset))
    assert "Resetting Lakeside Unified" in said
    assert "Nothing is deleted yet, so it can still be stopped." in said
    assert "0 of 3 counted. The list of schools is frozen." in said


@pytest.mark.usefixtures("night")
def test_a_run_whose_data_is_gone_says_so(client: Client, cast: Cast, reset: Reset) -> None:
    said = page(client, cast, step(reset, 3))
    assert "It can no longer be stopped, since the data is gone." in said
    assert "0 of 3 counted again" in said
    assert "Stop the reset" not in said


@pytest.mark.usefixtures("night")
def test_a_completed_reset_shows_what_was_counted_before_and_after(client: Client, cast: Cast, reset: Reset) -> None:
    said = page(client, cast, step(reset, 4))
    assert "Lakeside Unified is reset" in said
    assert "27 rows were deleted, an independent count found 0 left" in said
    assert "School 1 1 1 13 0 Verified" in said
    assert "Students without a school 1 0 1 0 Verified" in said


@pytest.mark.usefixtures("night")
def test_a_completed_reset_shows_what_is_kept(client: Client, cast: Cast, reset: Reset) -> None:
    said = page(client, cast, step(reset, 4))
    assert "Educator accounts 2 Unchanged" in said
    assert "Schools and district 3 Unchanged" in said


@pytest.mark.usefixtures("night")
def test_syncs_stay_paused_until_rostering_is_complete(client: Client, cast: Cast, reset: Reset) -> None:
    said = page(client, cast, step(reset, 4))
    assert "Paused Since Wed, July 28, 2027, 12:00 AM PDT, until rostering is complete." in said
    services.declare_rostering_complete(reset=reset, by=cast.carmen, at=clock.now())
    assert "On again since Wed, July 28, 2027, 1:05 AM PDT, by Carmen Ortiz." in page(client, cast, reset)


@pytest.mark.usefixtures("night")
def test_a_season_may_turn_syncs_on_with_the_reset(client: Client, cast: Cast, reset: Reset, season: Season) -> None:
    season.policy = season.policy | {"resumes_on": "reset_complete"}
    season.save()
    said = page(client, cast, step(reset, 4))
    assert "On again since" in said
    assert "Rostering is complete" not in said.partition("What happened")[0]


@pytest.mark.usefixtures("night")
def test_a_held_reset_says_why_and_what_to_do(client: Client, cast: Cast, reset: Reset) -> None:
    holds.place(district=cast.lakeside, by=cast.dana, at=clock.now(), reason="A request to inspect is open.")
    said = page(client, cast, step(reset))
    assert "Held since Wed, July 28, 2027, 1:05 AM PDT" in said
    assert "A request to inspect is open. Nothing was deleted." in said
    assert "end the hold on the district’s page; then choose the date again." in said


@pytest.mark.usefixtures("night")
def test_a_held_reset_does_not_say_that_it_runs_by_itself(client: Client, cast: Cast, reset: Reset) -> None:
    assert "by itself: nobody needs to be here" in page(client, cast, reset)
    services.stop(reset=reset, by=cast.carmen, at=clock.now(), reason="The district called.")
    said = words(client, cast.dana, reset.get_absolute_url())
    assert "Once a person lets it go on, not before Wed, July 28, 2027, 1:00 AM PDT." in said
    assert "nobody needs to be here" not in said
    assert "What to do:" not in said


@pytest.mark.usefixtures("night")
def test_a_failed_verification_names_what_is_missing(client: Client, cast: Cast, reset: Reset) -> None:
    step(reset, 3)
    Educator.objects.filter(district=cast.lakeside, sourced_id="t1").delete()
    said = page(client, cast, step(reset))
    assert "Educator accounts 2 1 missing" in said
    assert "Schools and district 3 Still there" in said


@pytest.mark.usefixtures("night")
def test_it_tells_what_happened_newest_first(client: Client, cast: Cast, reset: Reset) -> None:
    said = page(client, cast, step(reset, 4)).partition("What happened")[2]
    events = ["The reset is completed.", "Counted again", "27 rows of 2 schools were deleted", "The run began."]
    places = [said.index(event) for event in events]
    assert places == sorted(places)
    assert "Wed, July 28, 2027, 1:05:00 AM PDT" in said


@pytest.mark.usefixtures("night")
def test_no_student_is_named_on_it(client: Client, cast: Cast, reset: Reset) -> None:
    for times in (0, 1, 1, 1, 1):
        assert "Canary" not in page(client, cast, step(reset, times))


def test_the_district_admin_sees_it_and_can_do_nothing(client: Client, cast: Cast, reset: Reset) -> None:
    said = words(client, cast.dana, reset.get_absolute_url())
    assert "What will happen" in said
    assert "Stop the reset" not in said
    assert "Change date" not in said


def test_another_districts_reset_is_missing(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.omar)
    other, missing = client.get(reset.get_absolute_url()), client.get("/resets/99999999/")
    assert (other.status_code, missing.status_code) == (404, 404)
    assert text(other.content) == text(missing.content)


@pytest.mark.usefixtures("night")
def test_it_looks_again_every_two_seconds_while_a_run_is_on(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.carmen)
    step(reset)
    assert 'hx-trigger="every 2s"' in client.get(reset.get_absolute_url()).content.decode()
    status, said = poll(client, reset, "counting")
    assert status == 200
    assert "Resetting Lakeside Unified" in said


@pytest.mark.usefixtures("night")
def test_it_stops_looking_when_the_run_has_ended(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.carmen)
    status, said = poll(client, step(reset, 4), "verifying")
    assert status == 286
    assert "Lakeside Unified: Completed." in said
    assert "every 2s" not in client.get(reset.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("night")
def test_it_says_a_phase_aloud_once(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.carmen)
    step(reset)
    assert "Lakeside Unified: Counting." in poll(client, reset, "scheduled")[1]
    assert "Lakeside Unified: Counting." not in poll(client, reset, "counting")[1]


@pytest.mark.usefixtures("night")
def test_nothing_is_sent_while_a_due_reset_waits(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.carmen)
    assert poll(client, reset, "scheduled") == (204, "")


def test_a_reset_that_is_far_off_is_not_looked_at_again(
    client: Client, cast: Cast, reset: Reset, june: time_machine.Traveller
) -> None:
    client.force_login(cast.carmen)
    assert "hx-trigger" not in client.get(reset.get_absolute_url()).content.decode()
    june.move_to("2027-07-28T07:55:00Z")
    client.force_login(cast.carmen)
    assert 'hx-trigger="every 2s"' in client.get(reset.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("night")
@pytest.mark.parametrize("steps", [0, 3, 4])
def test_it_asks_a_constant_number_of_questions(
    client: Client, cast: Cast, reset: Reset, django_assert_max_num_queries: object, steps: int
) -> None:
    client.force_login(cast.carmen)
    step(reset, steps)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        client.get(reset.get_absolute_url())


@pytest.mark.usefixtures("night")
def test_a_held_reset_without_an_owner_is_shown_too(client: Client, cast: Cast, reset: Reset) -> None:
    cast.lakeside.csm = None
    cast.lakeside.save()
    services.stop(reset=reset, by=cast.maya, at=clock.now(), reason="The district called.")
    assert Reset.objects.get(pk=reset.pk).status == Status.HELD
    assert "Maya Lindqvist stopped it" in words(client, cast.dana, reset.get_absolute_url())
